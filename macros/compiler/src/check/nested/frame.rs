//! The body that is being checked: what its names begin with, and what it makes.

use super::Nested;
use crate::check::external::ForeignLayer;
use crate::check::layer::Layer;
use crate::check::repeated::LoopNames;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::loops::Region;
use crate::report::Place;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// What a body makes that has parameters.
#[derive(Clone)]
pub enum Member {
    /// A layer.
    Layer(Rc<RefCell<Layer>>),
    /// A layer from elsewhere.
    External(Rc<RefCell<ForeignLayer>>),
    /// A network.
    Network(Rc<RefCell<Nested>>),
    /// A bare parameter.
    Parameter(Value),
}

/// The network whose body is being checked, where that is put into another.
#[derive(Default)]
pub struct Frame {
    /// How deep it is: 0 for the outermost.
    pub depth: usize,
    /// What precedes the names of its layers: `encoder.`.
    pub prefix: String,
    /// What it is called in messages: ``in `Encoder`: ``.
    pub context: String,
    /// Whether it is frozen as a whole.
    pub frozen: bool,
    /// Where the outermost network applies what this is in.
    pub place: Option<Place>,
    /// What gives the outermost network that this is in its name.
    pub named: Option<Place>,
    /// The loops around what is being checked, for names.
    pub loops: LoopNames,
    /// The loop whose iterations have parameters of their own for it, and that in which it is applied.
    pub regions: [Option<Region>; 2],
    /// What its body has made.
    pub members: Vec<Member>,
    /// What its body made when it was applied before, to be used again.
    pub made: VecDeque<Member>,
}

impl Checker<'_> {
    /// The loop whose iterations have parameters of their own for a layer that is made now: a network
    /// from outside of a loop shares its parameters among the iterations.
    pub(in crate::check) fn region_of_parameters(
        &mut self,
        place: Place,
    ) -> Result<Option<Region>> {
        let (here, [declared, applied]) = (self.program.graph.depth(), self.frame.regions);
        if declared == applied {
            return Ok(here);
        }
        if here == applied {
            return Ok(declared);
        }
        self.error(
            place,
            "a network with a loop of its own is declared in the loop that applies it",
        )
    }

    /// A layer or network that the body made when it was applied before.
    pub(in crate::check) fn made_before(&mut self) -> Option<Rc<RefCell<Layer>>> {
        let Some(Member::Layer(made)) = self.frame.made.pop_front() else { return None };
        self.frame.members.push(Member::Layer(Rc::clone(&made)));
        Some(made)
    }

    /// A layer from elsewhere that the body made when it was applied before.
    pub(in crate::check) fn external_made_before(&mut self) -> Option<Rc<RefCell<ForeignLayer>>> {
        let Some(Member::External(made)) = self.frame.made.pop_front() else { return None };
        self.frame.members.push(Member::External(Rc::clone(&made)));
        Some(made)
    }

    /// A parameter that the body made when it was applied before.
    pub(in crate::check) fn parameter_made_before(&mut self) -> Option<Value> {
        let Some(Member::Parameter(made)) = self.frame.made.pop_front() else { return None };
        self.frame.members.push(Member::Parameter(made));
        Some(made)
    }

    /// Remembers what the body that is being checked makes.
    pub(in crate::check) fn remember_member(&mut self, member: Member) {
        self.frame.members.push(member);
    }

    /// Remembers a layer of the body that is being checked.
    pub(in crate::check) fn remember(&mut self, layer: &Rc<RefCell<Layer>>) {
        self.frame.members.push(Member::Layer(Rc::clone(layer)));
        self.layers.push(Rc::clone(layer));
    }
}
