//! The names that an expression sees.

use super::Checker;
use super::external::ExternalLayer;
use super::function::State;
use super::layer::Layer;
use super::nested::{Frame, Nested};
use crate::ir::Value;
use crate::report::Place;
use crate::size::Size;
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

/// The meaning of a name in scope.
#[derive(Clone)]
pub(super) enum Binding {
    Value(Value),
    Layer(Rc<RefCell<Layer>>),
    Network(Rc<RefCell<Nested>>),
    /// An external layer.
    External(Rc<RefCell<ExternalLayer>>),
    /// A const parameter.
    Size(Size),
    /// A run-time size; in an inlined network, the size that the outer one has for it.
    Length(Size),
    /// An activation parameter, with the activation that it is bound to.
    Activation(syn::Path),
    /// The axes of a described layer's input that have no name, `..`.
    Axes(Vec<Size>),
    /// A name whose declaration was in error.
    Unknown,
}

/// The names that an expression sees, as a map from each to its meaning, and the `let` that it is
/// in.
#[derive(Clone, Default)]
pub(super) struct Scope {
    bindings: HashMap<String, Binding>,
    /// The names bound by `let`; `true` for `let mut`.
    pub lets: HashMap<String, bool>,
    /// The names bound to states, by their index in [`Modules::states`].
    pub states: HashMap<String, usize>,
    /// The stored name of the current `let`, for one layer in it.
    pub stored_name: Option<syn::LitStr>,
    /// `true` if layers that are declared here are frozen.
    pub frozen: bool,
}

impl From<HashMap<String, Binding>> for Scope {
    fn from(bindings: HashMap<String, Binding>) -> Self {
        Self { bindings, ..Self::default() }
    }
}

impl Deref for Scope {
    type Target = HashMap<String, Binding>;
    fn deref(&self) -> &Self::Target {
        &self.bindings
    }
}

impl DerefMut for Scope {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.bindings
    }
}

/// The layers and networks that the network declares, for the checks at its end, and their names.
#[derive(Default)]
pub(super) struct Modules {
    /// The stored names of layers, networks and loops, with the places that determine them.
    pub stored_names: HashMap<String, Place>,
    pub layers: Vec<Rc<RefCell<Layer>>>,
    pub nested: Vec<Rc<RefCell<Nested>>>,
    pub externals: Vec<Rc<RefCell<ExternalLayer>>>,
    pub states: Vec<State>,
    /// Number of layers with random numbers of their own.
    pub random_sites: u64,
}

impl Checker<'_> {
    /// Checks something in another scope, and returns to the current one.
    pub(super) fn enter_scope<R>(
        &mut self,
        scope: Scope,
        inside: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let outside = std::mem::replace(&mut self.scope, scope);
        let result = inside(self);
        self.scope = outside;
        result
    }

    /// Checks the body of a network in its own scope and frame. Returns the frame as well.
    pub(super) fn enter_network<R>(
        &mut self,
        scope: Scope,
        frame: Frame,
        inside: impl FnOnce(&mut Self) -> R,
    ) -> (R, Frame) {
        let outside = std::mem::replace(&mut self.frame, frame);
        let read = std::mem::take(&mut self.read);
        let result = self.enter_scope(scope, inside);
        self.read = read;
        (result, std::mem::replace(&mut self.frame, outside))
    }
}
