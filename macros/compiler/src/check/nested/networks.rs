//! The networks of one `network!`, which may contain each other, but not themselves.

mod cycles;
mod mentions;

pub use mentions::paths;

use crate::ast::Network;
use crate::case::snake_case;
use crate::check::check_among;
use crate::ir::function::UserFn;
use crate::library::{Described, Description};
use crate::program::{Constant, Label, Program};
use crate::report::{Place, Report};
use crate::reserved::private_path;
use mentions::{mentioned, position};
use proc_macro2::TokenStream;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// The maximum nesting depth of networks, so that no input exhausts the stack.
const DEEPEST: usize = 32;

/// All networks of one macro call.
pub struct Networks<'a> {
    all: &'a [Network],
    /// The networks that each network mentions, with the places.
    children: Vec<Vec<(usize, Place)>>,
    /// The nesting depth of each network, up to [`DEEPEST`] + 1.
    heights: Vec<usize>,
    /// `true` for each network without errors, `false` with errors or while it is checked.
    sound: RefCell<HashMap<usize, bool>>,
    /// The names in generated code of the user's constants.
    constants: RefCell<BTreeMap<String, String>>,
    /// The descriptions of layers that were used, by name.
    descriptions: RefCell<HashMap<&'static str, Rc<Description>>>,
    /// What is the user's in networks in error.
    mentioned: RefCell<Mentioned>,
}

/// What networks in error mention of the user's, which the compiler looks for beside the errors.
#[derive(Default)]
struct Mentioned {
    constants: Vec<Constant>,
    activations: Vec<TokenStream>,
    /// By the name of the network that calls them.
    functions: HashMap<String, Vec<UserFn>>,
}

impl<'a> Networks<'a> {
    /// Collects the networks of one macro call.
    #[must_use]
    pub fn new(all: &'a [Network]) -> Self {
        let children: Vec<_> = all.iter().map(|network| mentioned(network, all)).collect();
        let mut heights = vec![0; all.len()];
        for _ in 0..=DEEPEST {
            let above = |children: &Vec<(usize, Place)>| {
                let highest = children.iter().map(|(child, _)| heights[*child] + 1).max();
                highest.unwrap_or(0).min(DEEPEST + 1)
            };
            heights = children.iter().map(above).collect();
        }
        Self {
            all,
            children,
            heights,
            sound: RefCell::default(),
            constants: RefCell::default(),
            descriptions: RefCell::default(),
            mentioned: RefCell::default(),
        }
    }

    /// Returns the description of a layer, which is parsed once.
    ///
    /// # Panics
    /// If the description is malformed.
    #[must_use]
    pub fn description(&self, described: &Described) -> Rc<Description> {
        let mut known = self.descriptions.borrow_mut();
        let parse = || match Description::parse(described.source) {
            Ok(description) => Rc::new(description),
            Err(error) => panic!("the description of `{}`: {error}", described.name),
        };
        Rc::clone(known.entry(described.name).or_insert_with(parse))
    }

    /// Returns the network that a path names, with its index.
    #[must_use]
    pub fn find(&self, path: &syn::Path) -> Option<(usize, &'a Network)> {
        let index = position(self.all, path)?;
        Some((index, &self.all[index]))
    }

    /// Returns the network with this index.
    #[must_use]
    pub fn get(&self, index: usize) -> &'a Network {
        &self.all[index]
    }

    /// Returns the index of a network.
    #[must_use]
    pub fn index(&self, network: &Network) -> Option<usize> {
        self.all.iter().position(|other| std::ptr::eq(other, network))
    }

    /// Returns the name in generated code of a user's constant. It begins with the name of the
    /// first network, which is unique in its module.
    #[must_use]
    pub fn name_of_constant(&self, text: &str) -> String {
        let mut constants = self.constants.borrow_mut();
        if let Some(name) = constants.get(text) {
            return name.clone();
        }
        let owner = self.all.first().map_or_else(String::new, |first| first.name.to_string());
        let owner = snake_case(owner.trim_start_matches("r#"));
        let path = text.replace("r#", "").replace("::", "_");
        let wish = format!("__{}_{}", owner, path.trim_start_matches('_')).to_uppercase();
        let mut name = wish.clone();
        while constants.values().any(|other| *other == name) {
            name.push('_');
        }
        constants.insert(text.to_owned(), name.clone());
        name
    }

    /// Returns the names of all networks.
    pub fn names(&self) -> impl Iterator<Item = String> + use<'a> {
        self.all.iter().map(|network| network.name.to_string())
    }

    /// Returns the names of the networks that others contain.
    #[must_use]
    pub fn contained(&self) -> HashSet<String> {
        let children = self.children.iter().flatten();
        children.map(|(child, _)| self.all[*child].name.to_string()).collect()
    }

    /// Records whether a network is free of errors.
    pub fn note(&self, index: usize, sound: bool) {
        self.sound.borrow_mut().insert(index, sound);
    }

    /// Returns true if a network has no errors. Errors found here are reported when the network is
    /// checked itself.
    #[must_use]
    pub fn is_sound(&self, index: usize) -> bool {
        let known = self.sound.borrow().get(&index).copied();
        known.unwrap_or_else(|| {
            // marked first, so that a network which contains itself is not checked endlessly
            self.note(index, false);
            let sound = check_among(&self.all[index], self, &mut Report::default()).is_some();
            self.note(index, sound);
            sound
        })
    }

    /// Records the constants, activations and functions that a network in error mentions; `own` are its
    /// generic parameters.
    pub fn note_mentioned(&self, network: &Network, program: &Program, own: &HashSet<String>) {
        let mut mentioned = self.mentioned.borrow_mut();
        let is_network = |constant: &&Constant| {
            let path = constant.path.to_string();
            self.names().any(|name| path == name)
        };
        let constants = program.constants.iter().filter(|constant| !is_network(constant));
        mentioned.constants.extend(constants.cloned());
        mentioned.functions.insert(network.name.to_string(), program.own.clone());
        // the default activation of a described layer is none of the user's
        let private = private_path().to_string();
        let is_of_user = |text: &str| !own.contains(text) && !text.starts_with(&private);
        let labels = program.rows.iter().flat_map(|row| &row.layer);
        mentioned.activations.extend(labels.filter_map(|label| match label {
            Label::Activation(it) if is_of_user(&it.text) => Some(it.path.clone()),
            _ => None,
        }));
    }

    /// Returns the recorded constants, and the activations, each once.
    #[must_use]
    pub fn mentioned(&self) -> (Vec<Constant>, Vec<TokenStream>) {
        let mentioned = self.mentioned.borrow();
        let (constants, mut activations) =
            (mentioned.constants.clone(), mentioned.activations.clone());
        let mut known = HashSet::new();
        activations.retain(|path| known.insert(path.to_string()));
        (constants, activations)
    }

    /// Returns the recorded functions of a network.
    #[must_use]
    pub fn functions(&self, network: &Network) -> Vec<UserFn> {
        let mentioned = self.mentioned.borrow();
        mentioned.functions.get(&network.name.to_string()).cloned().unwrap_or_default()
    }

    /// Returns the number of inputs of a network.
    pub fn inputs(&self, name: &str) -> Option<usize> {
        let network = self.all.iter().find(|network| network.name == name)?;
        Some(network.inputs.len())
    }
}
