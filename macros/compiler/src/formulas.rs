//! The network as formulas of LaTeX, a line for each statement, from the syntax tree: as the user wrote it,
//! without what the library's layers consist of.
//!
//! A line has four fields, separated by tabs: the left side, the relation, the right side, and for which
//! iterations it holds. A line `# \mathrm{Block}(x)` begins the formulas of a network within the network; the
//! last one, `?`, lists the layers, activations and losses whose definitions the runtime knows.

mod expression;
mod function;
mod layer;
mod repeated;
mod symbol;

use crate::ast::{self, Expr, ExprKind, Loss, Network, Statement, path_text};
use expression::PRODUCT;
use std::collections::{BTreeSet, HashMap};
use symbol::{Symbol, upright};

/// Returns the formulas of a network, which may apply others.
#[must_use]
pub fn formulas(network: &Network, others: &[Network]) -> String {
    let (mut text, mut kinds) = (String::new(), BTreeSet::new());
    let (mut done, mut index) = (vec![network], 0);
    while index < done.len() {
        let network = done[index];
        let mut writer = Writer::new(network, others);
        if index > 0 {
            let inputs = network.inputs.iter().map(|input| Symbol::of(&input.name.to_string()));
            let inputs: Vec<String> = inputs.map(|symbol| symbol.to_string()).collect();
            let name = upright(&network.name.to_string());
            text.push_str(&format!("# {name}({})\n", inputs.join(", ")));
        }
        // the loss of a network within another plays no part
        writer.network(index == 0);
        for [left, relation, right, condition] in &writer.lines {
            text.push_str(&format!("{left}\t{relation}\t{right}\t{condition}\n"));
        }
        kinds.extend(writer.kinds);
        for name in writer.applied {
            let found = others.iter().find(|other| other.name == name);
            done.extend(found.filter(|found| !done.iter().any(|done| done.name == found.name)));
        }
        index += 1;
    }
    let kinds: Vec<String> = kinds.into_iter().collect();
    if !kinds.is_empty() {
        text.push_str(&format!("? {}\n", kinds.join(" ")));
    }
    text
}

/// The meaning of a name.
#[derive(Clone)]
enum Name {
    Value(Symbol),
    /// A layer, or a network within the network, as it was declared.
    Layer {
        expr: Expr,
        label: Symbol,
    },
}

struct Writer<'a> {
    network: &'a Network,
    others: &'a [Network],
    lines: Vec<[String; 4]>,
    names: HashMap<String, Name>,
    /// The number of assignments to each symbol so far.
    versions: HashMap<String, usize>,
    /// The loops around, from the outermost.
    loops: Vec<repeated::Index>,
    kinds: BTreeSet<String>,
    /// The networks that are applied.
    applied: Vec<String>,
    /// The number of loop-carried values of each name, by the depth of their loop.
    carried: HashMap<(String, usize), usize>,
    /// The number of layers without a name.
    layers: usize,
    /// The number of values without a name.
    values: usize,
}

impl<'a> Writer<'a> {
    fn new(network: &'a Network, others: &'a [Network]) -> Self {
        Self {
            network,
            others,
            lines: Vec::new(),
            names: HashMap::new(),
            versions: HashMap::new(),
            loops: Vec::new(),
            carried: HashMap::new(),
            kinds: BTreeSet::new(),
            applied: Vec::new(),
            layers: 0,
            values: 0,
        }
    }

    fn network(&mut self, with_loss: bool) {
        for input in &self.network.inputs {
            let symbol = self.new_symbol(&input.name.to_string());
            if let Some((element, shape)) = &input.kind {
                self.shape(&symbol, *element, &shape.sizes);
            }
        }
        self.statements(&self.network.body.statements);
        let Some(result) = &self.network.body.result else { return };
        let outputs = self.result(result);
        if let (Some(loss), true) = (&self.network.loss, with_loss) {
            self.loss(loss, &outputs);
        }
    }

    /// Adds the line that tells where a value is from: `x \in \mathbb{R}^{28 \times 28}`.
    fn shape(&mut self, symbol: &Symbol, element: ast::Element, sizes: &[Expr]) {
        let sizes: Vec<String> = sizes
            .iter()
            .map(|size| match &size.kind {
                ExprKind::Dynamic { name, .. } => Symbol::of(&name.to_string()).to_string(),
                _ => self.expr(size).within(PRODUCT),
            })
            .collect();
        let set = match element {
            ast::Element::Real => "\\mathbb{R}",
            ast::Element::Index => "\\mathbb{N}",
        };
        let power = match sizes.is_empty() {
            true => String::new(),
            false => format!("^{{{}}}", sizes.join(" \\times ")),
        };
        self.line(&symbol.to_string(), "\\in", &format!("{set}{power}"));
    }

    fn line(&mut self, left: &str, relation: &str, right: &str) {
        let conditions: Vec<String> = self.loops.iter().map(repeated::Index::condition).collect();
        let line = [left, relation, right, &conditions.join(",\\ ")];
        self.lines.push(line.map(str::to_owned));
    }

    /// Returns a new symbol for a name, which stands for it from now on: with a prime where the name had a
    /// value before.
    fn new_symbol(&mut self, name: &str) -> Symbol {
        let mut symbol = Symbol::of(name);
        let version = self.versions.entry(name.to_owned()).or_default();
        symbol.primes = *version;
        *version += 1;
        for index in &self.loops {
            index.mark(&mut symbol);
        }
        self.names.insert(name.to_owned(), Name::Value(symbol.clone()));
        symbol
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            match statement {
                Statement::Let(statement) => self.let_statement(statement),
                Statement::Assign(statement) => {
                    let right = self.expr(&statement.value).text;
                    let left = statement.names.iter().map(|name| self.assigned(&name.to_string()));
                    let left: Vec<Symbol> = left.collect();
                    self.line(&tuple(&left), "=", &right);
                }
                Statement::For(repeated) => {
                    self.repeated(repeated);
                }
                Statement::When(_) => {}
            }
        }
    }

    fn let_statement(&mut self, statement: &ast::Let) {
        let names: Vec<String> = statement.names.iter().map(ToString::to_string).collect();
        if let ([name], true) = (&names[..], self.is_layer(&statement.value)) {
            let mut label = Symbol::of(name);
            self.mark_by_iteration(&mut label);
            let expr = statement.value.clone();
            self.names.insert(name.clone(), Name::Layer { expr, label });
            return;
        }
        if let (ExprKind::Call { callee, arguments }, [name]) = (&statement.value.kind, &names[..])
            && (callee.is_ident("param") || callee.is_ident("state"))
        {
            let symbol = self.new_symbol(name);
            if let Some(ExprKind::List(sizes)) = arguments.first().map(|first| &first.value().kind)
            {
                self.shape(&symbol, ast::Element::Real, &sizes.clone());
            }
            return;
        }
        let right = self.expr(&statement.value).text;
        let left: Vec<Symbol> = names.iter().map(|name| self.new_symbol(name)).collect();
        self.line(&tuple(&left), "=", &right);
    }

    /// Adds the outputs, and returns their symbols.
    fn result(&mut self, result: &Expr) -> Vec<Symbol> {
        let parts: Vec<&Expr> = match &result.kind {
            ExprKind::Tuple(items) => items.iter().collect(),
            _ => vec![result],
        };
        let mut outputs = Vec::new();
        let count = self.network.outputs.len();
        for part in &parts {
            if let ExprKind::Path(path) = &part.kind
                && let Some(Name::Value(symbol)) = self.names.get(&path_text(path))
            {
                outputs.push(symbol.clone());
                continue;
            }
            let right = self.expr(part).text;
            let left: Vec<Symbol> = match parts.len() {
                // several values of one expression
                1 if count > 1 => (1..=count).map(|k| self.new_symbol(&format!("y_{k}"))).collect(),
                1 => vec![self.new_symbol("y")],
                _ => vec![self.new_symbol(&format!("y_{}", outputs.len() + 1))],
            };
            self.line(&tuple(&left), "=", &right);
            outputs.extend(left);
        }
        outputs
    }

    fn loss(&mut self, loss: &Loss, outputs: &[Symbol]) {
        let right = match loss {
            Loss::Named { name, .. } => {
                let name = name.to_string();
                self.kinds.insert(name.clone());
                let output = outputs.first().map_or_else(String::new, ToString::to_string);
                format!("{}({output}, {})", function::operator(&name), upright("target"))
            }
            Loss::Custom { inputs, statements, value } => {
                for (input, output) in inputs.iter().zip(outputs) {
                    let name = input.name.to_string();
                    self.names.insert(name, Name::Value(output.clone()));
                }
                for input in &inputs[outputs.len().min(inputs.len())..] {
                    if let Some((element, shape)) = &input.kind {
                        let symbol = self.new_symbol(&input.name.to_string());
                        self.shape(&symbol, *element, &shape.sizes);
                    }
                }
                self.statements(statements);
                self.expr(value).text
            }
        };
        self.line("\\mathcal{L}", "=", &right);
    }
}

/// Returns one symbol, or several in parentheses.
fn tuple(symbols: &[Symbol]) -> String {
    let texts: Vec<String> = symbols.iter().map(ToString::to_string).collect();
    match &texts[..] {
        [only] => only.clone(),
        texts => format!("({})", texts.join(", ")),
    }
}

#[cfg(test)]
mod tests;
