//! The context of the body that is being checked: the prefix of its names, and the layers that it
//! declares.

use super::Nested;
use crate::check::external::ExternalLayer;
use crate::check::layer::Layer;
use crate::check::repeated::LoopNames;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::loops::Region;
use crate::report::Place;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

/// A member of a body that has parameters.
#[derive(Clone)]
pub enum Member {
    /// A layer.
    Layer(Rc<RefCell<Layer>>),
    /// An external layer.
    External(Rc<RefCell<ExternalLayer>>),
    /// A network.
    Network(Rc<RefCell<Nested>>),
    /// A parameter without a layer.
    Parameter(Value),
}

/// The context of the network that is being inlined; the default is that of the outermost network.
#[derive(Default)]
pub struct Frame {
    /// The nesting depth: 0 for the outermost network.
    pub depth: usize,
    /// `true` for the description of a layer or function.
    pub described: bool,
    /// The prefix of the names of its layers: `encoder.`.
    pub prefix: String,
    /// The prefix of error messages: ``in `Encoder`: ``.
    pub context: String,
    /// `true` if all of it is frozen.
    pub frozen: bool,
    /// The place in the outermost network at which this one, or the one that contains it, is
    /// applied.
    pub place: Option<Place>,
    /// The place that determines the name of the outermost of the nested networks.
    pub named: Option<Place>,
    /// The surrounding loops in the same body, for names.
    pub loops: LoopNames,
    /// The loop in which each iteration has its own parameters for this network, and the loop in
    /// which it is applied.
    pub regions: [Option<Region>; 2],
    /// The members that its body has declared so far.
    pub members: Vec<Member>,
    /// The members of an earlier application that are still to be reused, in order.
    pub reusable: VecDeque<Member>,
}

impl Checker<'_> {
    /// Returns the loop in which each iteration has its own parameters for a layer that is declared
    /// now. A network that was declared outside of the loop shares its parameters among the
    /// iterations.
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

    /// Takes the layer that the body declared at this point in an earlier application, if any.
    pub(in crate::check) fn reused_layer(&mut self) -> Option<Rc<RefCell<Layer>>> {
        let Some(Member::Layer(reused)) = self.frame.reusable.pop_front() else { return None };
        self.frame.members.push(Member::Layer(Rc::clone(&reused)));
        Some(reused)
    }

    /// Takes the external layer that the body declared at this point in an earlier application, if
    /// any.
    pub(in crate::check) fn reused_external(&mut self) -> Option<Rc<RefCell<ExternalLayer>>> {
        let Some(Member::External(reused)) = self.frame.reusable.pop_front() else { return None };
        self.frame.members.push(Member::External(Rc::clone(&reused)));
        Some(reused)
    }

    /// Takes the parameter that the body declared at this point in an earlier application, if any.
    pub(in crate::check) fn reused_parameter(&mut self) -> Option<Value> {
        let Some(Member::Parameter(reused)) = self.frame.reusable.pop_front() else { return None };
        self.frame.members.push(Member::Parameter(reused));
        Some(reused)
    }

    /// Records a member of the body, for later applications.
    pub(in crate::check) fn remember_member(&mut self, member: Member) {
        self.frame.members.push(member);
    }

    /// Records a layer of the body, for later applications and for the check that it is applied.
    pub(in crate::check) fn remember(&mut self, layer: &Rc<RefCell<Layer>>) {
        self.frame.members.push(Member::Layer(Rc::clone(layer)));
        self.modules.layers.push(Rc::clone(layer));
    }
}
