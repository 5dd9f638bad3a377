//! The runtime side of compiled networks: the traits that `network!` implements, tiles, workspaces, training
//! and streams.

mod compiled;
mod cost;
mod feed;
mod gradients;
mod input_gradients;
mod inspect;
mod itself;
mod measures;
mod memory;
mod outputs;
mod part;
mod share;
mod slot;
mod state;
mod stream;
mod supervised;
mod tile;
mod train;
mod trainable;
mod workspace;

pub use compiled::Network;
pub use cost::Cost;
pub(crate) use feed::{Batch, Inputs, samples};
pub use gradients::Gradients;
pub use input_gradients::{InputGradients, VectorJacobian};
pub use inspect::{Inspect, InspectTraining, locate};
pub use itself::{Differentiable, Learner, Streamable};
pub use measures::Measures;
pub use memory::Mode;
pub use outputs::Outputs;
pub(crate) use part::{
    Group, broadcast_optimizer, broadcast_state, divided_backward, divided_forward,
    divided_measure, gradients as part_gradients, loss as part_loss, measure as part_measure,
    step as part_step,
};
pub use slot::{Slot, place_of_iteration, scalars, slot_len, slots, states, workspace_len};
pub use state::State;
pub use stream::{BLOCK_STEPS, SavedStream, StepOutput, Stream, Streaming};
pub use supervised::Supervised;
pub use tile::Tile;
pub(crate) use train::{assign_states, backward};
pub use trainable::Trainable;
pub use workspace::Workspace;
