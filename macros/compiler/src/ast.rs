//! What was written, as a tree that keeps the place of every piece.

use crate::report::Place;
use proc_macro2::Ident;
use std::fmt;

/// Everything in one macro call.
#[derive(Default)]
pub struct File {
    /// `crate = path;`: where the runtime is, if not at `::monograd`.
    pub runtime: Option<syn::Path>,
    /// The networks, in order.
    pub networks: Vec<Network>,
}

/// One network.
pub struct Network {
    /// Documentation comments and other attributes of the type.
    pub attributes: Vec<syn::Attribute>,
    /// Who may name the type.
    pub visibility: syn::Visibility,
    /// The type's name.
    pub name: Ident,
    /// What is chosen where the type is named.
    pub generics: Vec<Generic>,
    /// What goes in.
    pub inputs: Vec<Input>,
    /// The declared shapes of what comes out.
    pub outputs: Vec<Shape>,
    /// What is computed.
    pub body: Body,
    /// What training minimises.
    pub loss: Option<Loss>,
    /// What is measured beside it.
    pub metrics: Vec<Metric>,
    /// `#[streaming]`: it has to have a streaming form.
    pub streaming: Option<Place>,
    /// Whether all of it could be parsed.
    pub complete: bool,
}

/// A generic parameter of a network.
pub enum Generic {
    /// `A: Activation = Gelu`.
    Activation {
        /// `A`.
        name: Ident,
        /// `Gelu`.
        default: Option<syn::Path>,
    },
    /// `const H: usize = 64`.
    Size {
        /// `H`.
        name: Ident,
        /// `64`.
        default: Option<Expr>,
    },
}

impl Generic {
    /// The parameter's name.
    #[must_use]
    pub fn name(&self) -> &Ident {
        match self {
            Self::Activation { name, .. } | Self::Size { name, .. } => name,
        }
    }
}

/// `x: [64]` or `tokens: u32[8]`: an input of a network or of a loss.
#[derive(Clone)]
pub struct Input {
    /// Its name.
    pub name: Ident,
    /// What its elements are; `None` where nothing was written (the first arguments of a loss).
    pub kind: Option<(Element, Shape)>,
}

/// What a tensor holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// Real numbers.
    Real,
    /// Class or token numbers, `u32`.
    Index,
}

/// `[3, 4 * D]`.
#[derive(Clone)]
pub struct Shape {
    /// Its sizes.
    pub sizes: Vec<Expr>,
    /// Where it stands.
    pub place: Place,
}

/// Statements and a result.
#[derive(Clone)]
pub struct Body {
    /// What is named on the way.
    pub statements: Vec<Statement>,
    /// The last expression.
    pub result: Option<Expr>,
    /// The closing brace.
    pub end: Place,
}

/// What stands before the result of a body.
#[derive(Clone)]
pub enum Statement {
    /// `let h = x >> Linear(H);`
    Let(Let),
    /// `h = h + x;`: a new value for what `let mut` named.
    Assign {
        /// `h`.
        name: Ident,
        /// The value.
        value: Expr,
    },
    /// `for _ in 0..LAYERS { .. }`
    For(Box<For>),
}

impl Statement {
    /// The expressions in it, outside of loops.
    pub fn values(&self) -> Vec<&Expr> {
        match self {
            Self::Let(Let { value, .. }) | Self::Assign { value, .. } => vec![value],
            Self::For(repeated) => repeated.values(),
        }
    }
}

/// A loop: over numbers, each turn with parameters of its own, or along the leading axis of values.
#[derive(Clone)]
pub struct For {
    /// `#[name = "..."]`: what precedes the names of its parameters.
    pub stored_name: Option<syn::LitStr>,
    /// `#[checkpoint]`: nothing but what goes from turn to turn is kept for the backward pass.
    pub checkpoint: bool,
    /// `#[truncate(16)]`: gradients go back through so many turns at most.
    pub truncate: Option<Expr>,
    /// What is named in each turn; `_` for nothing.
    pub names: Vec<Ident>,
    /// What it goes over.
    pub over: Over,
    /// What is done in each turn.
    pub body: Body,
    /// From `for` to what it goes over.
    pub place: Place,
}

impl For {
    /// The expressions in it.
    pub fn values(&self) -> Vec<&Expr> {
        let over = match &self.over {
            Over::Range(_, end) => vec![end],
            Over::Values { values, .. } => values.iter().collect(),
        };
        let body = self.body.statements.iter().flat_map(Statement::values);
        over.into_iter().chain(body).chain(&self.body.result).collect()
    }

    /// Its first line, as it is written.
    #[must_use]
    pub fn head(&self) -> String {
        let names = match &self.names[..] {
            [name] => name.to_string(),
            names => format!("({})", Separated(names)),
        };
        match &self.over {
            Over::Range(start, end) => format!("for {names} in {start}..{end}"),
            Over::Values { values, reversed } => {
                let values = match &values[..] {
                    [value] => value.to_string(),
                    values => format!("({})", Separated(values)),
                };
                match reversed {
                    true => format!("for {names} in rev({values})"),
                    false => format!("for {names} in {values}"),
                }
            }
        }
    }
}

/// What a loop goes over.
#[derive(Clone)]
pub enum Over {
    /// `0..LAYERS`.
    Range(Expr, Expr),
    /// `x`, `(x, mask)`, `rev(x)`.
    Values {
        /// The values, whose leading axes are equally long.
        values: Vec<Expr>,
        /// Whether from the last to the first.
        reversed: bool,
    },
}

/// `let h = x >> Linear(H);` or `let (mean, log_var) = x >> Encoder;`
#[derive(Clone)]
pub struct Let {
    /// `#[name = "..."]`.
    pub stored_name: Option<syn::LitStr>,
    /// `#[frozen]`.
    pub frozen: bool,
    /// The names that are `mut`, so that other values can be assigned to them.
    pub mutable: Vec<Ident>,
    /// What is named: one name, or those of a tuple.
    pub names: Vec<Ident>,
    /// What it is.
    pub value: Expr,
}

impl Let {
    /// The name or names as they are written.
    #[must_use]
    pub fn pattern(&self) -> String {
        match &self.names[..] {
            [name] => name.to_string(),
            names => format!("({})", Separated(names)),
        }
    }
}

/// `loss ...`.
pub enum Loss {
    /// `loss cross_entropy(label_smoothing = 0.1)`: the outputs against targets of their own kind.
    Named {
        /// `cross_entropy`.
        name: Ident,
        /// Its options.
        options: Vec<Argument>,
    },
    /// `loss |y, target: [10]| expression`, or statements in braces and then an expression.
    Custom {
        /// The outputs by name, then inner values, then the targets with their shapes.
        inputs: Vec<Input>,
        /// What is named on the way.
        statements: Vec<Statement>,
        /// One number a sample.
        value: Expr,
    },
}

/// `metric accuracy |y, target| accuracy(y, target)`.
pub struct Metric {
    /// `accuracy`.
    pub name: Ident,
    /// How it is measured: alone, the metric of this name; else as a loss is written.
    pub value: Loss,
}

/// An expression and where it stands.
#[derive(Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub place: Place,
}

/// The forms of expressions.
#[derive(Clone)]
pub enum ExprKind {
    /// `h`, `H`, `Gelu`, `my::Snake`.
    Path(syn::Path),
    /// `2`, `0.5`.
    Number(f64),
    /// `Linear(H, bias = false)`.
    Call {
        /// `Linear`.
        callee: syn::Path,
        /// What stands in the parentheses.
        arguments: Vec<Argument>,
    },
    /// `x >> layer`.
    Chain(Box<Expr>, Box<Expr>),
    /// `a + b`.
    Binary {
        /// The operator.
        operator: Operator,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// `-a`.
    Negate(Box<Expr>),
    /// `x[a..b, 3]`.
    Index(Box<Expr>, Vec<Selection>),
    /// `fc.weight`: a parameter.
    Member(Box<Expr>, Ident),
    /// `(a, b)`.
    Tuple(Vec<Expr>),
    /// `[2, 4]`.
    List(Vec<Expr>),
    /// `true`, `false`.
    Bool(bool),
    /// `for x_t in x { ..; h }`: the results of all turns.
    For(Box<For>),
    /// `dyn T`, `dyn T <= 256`.
    Dynamic {
        /// `T`.
        name: Ident,
        /// `256`.
        bound: Option<Box<Expr>>,
    },
    /// What could not be parsed; the report says why.
    Unknown,
}

/// What is taken of one axis.
#[derive(Clone)]
pub enum Selection {
    /// `a..b`, with either end left out at will.
    Range {
        /// The first index.
        start: Option<Expr>,
        /// The index after the last.
        end: Option<Expr>,
        /// `(a..b).step_by(2)`: from one index to the next.
        step: Option<Box<Expr>>,
        /// `(a..b).rev()`: the last first.
        reversed: bool,
        /// The dots.
        place: Place,
    },
    /// `i`: one index; the axis goes.
    At(Expr),
}

/// An argument of a call.
#[derive(Clone)]
pub enum Argument {
    /// By position.
    Positional(Expr),
    /// `bias = false`.
    Option {
        /// `bias`.
        name: Ident,
        /// `false`.
        value: Expr,
    },
}

/// The operators between values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

impl Operator {
    /// As it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Equal => "==",
            Self::Unequal => "!=",
        }
    }

    /// How strongly it binds, as in Rust: a comparison by 0, `>>` by 1.
    #[must_use]
    pub fn strength(self) -> u8 {
        match self {
            Self::Above
            | Self::AtLeast
            | Self::Below
            | Self::AtMost
            | Self::Equal
            | Self::Unequal => 0,
            Self::Add | Self::Subtract => 2,
            Self::Multiply | Self::Divide => 3,
        }
    }
}

/// A path as it is written.
#[must_use]
pub fn path_text(path: &syn::Path) -> String {
    let mut bare = path.clone();
    if let Some(last) = bare.segments.last_mut() {
        last.arguments = syn::PathArguments::None;
    }
    let text = quote::quote!(#bare).to_string().replace(' ', "");
    match crate::parse::generic_arguments(path) {
        Ok(arguments) if !arguments.is_empty() => {
            let arguments: Vec<String> = arguments.iter().map(generic_text).collect();
            format!("{text}::<{}>", arguments.join(", "))
        }
        _ => text,
    }
}

/// A generic argument as it is written.
fn generic_text(argument: &Expr) -> String {
    match argument.kind {
        ExprKind::Path(_) | ExprKind::Number(_) => argument.to_string(),
        _ => format!("{{ {argument} }}"),
    }
}

struct Separated<'a, T>(&'a [T]);

impl<T: fmt::Display> fmt::Display for Separated<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, item) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{item}")?;
        }
        Ok(())
    }
}

impl Expr {
    fn strength(&self) -> u8 {
        match &self.kind {
            ExprKind::Chain(..) => 1,
            ExprKind::Binary { operator, .. } => operator.strength(),
            ExprKind::Negate(_) => 4,
            _ => 5,
        }
    }

    /// Writes the expression, in parentheses where it binds less than `strength`.
    fn write(&self, f: &mut fmt::Formatter<'_>, strength: u8) -> fmt::Result {
        if self.strength() < strength { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Path(path) => f.write_str(&path_text(path)),
            ExprKind::Number(x) => write!(f, "{x}"),
            ExprKind::Bool(x) => write!(f, "{x}"),
            ExprKind::Dynamic { name, bound: None } => write!(f, "dyn {name}"),
            ExprKind::Dynamic { name, bound: Some(bound) } => write!(f, "dyn {name} <= {bound}"),
            ExprKind::For(repeated) => write!(f, "{} {{ .. }}", repeated.head()),
            ExprKind::Unknown => f.write_str("_"),
            ExprKind::Call { callee, arguments } => {
                write!(f, "{}({})", path_text(callee), Separated(arguments))
            }
            ExprKind::Chain(value, layer) => {
                value.write(f, 1)?;
                f.write_str(" >> ")?;
                layer.write(f, 2)
            }
            ExprKind::Binary { operator, left, right } => {
                // comparisons do not chain
                left.write(f, operator.strength().max(1))?;
                write!(f, " {} ", operator.symbol())?;
                right.write(f, operator.strength() + 1)
            }
            ExprKind::Negate(value) => {
                f.write_str("-")?;
                value.write(f, 4)
            }
            ExprKind::Index(value, selections) => {
                value.write(f, 5)?;
                write!(f, "[{}]", Separated(selections))
            }
            ExprKind::Member(of, name) => {
                of.write(f, 5)?;
                write!(f, ".{name}")
            }
            ExprKind::Tuple(items) => write!(f, "({})", Separated(items)),
            ExprKind::List(items) => write!(f, "[{}]", Separated(items)),
        }
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range { start, end, step, reversed, .. } => {
                let plain = step.is_none() && !reversed;
                f.write_str(if plain { "" } else { "(" })?;
                start.as_ref().map_or(Ok(()), |start| start.fmt(f))?;
                f.write_str("..")?;
                end.as_ref().map_or(Ok(()), |end| end.fmt(f))?;
                f.write_str(if plain { "" } else { ")" })?;
                f.write_str(if *reversed { ".rev()" } else { "" })?;
                step.as_ref().map_or(Ok(()), |step| write!(f, ".step_by({step})"))
            }
            Self::At(index) => index.fmt(f),
        }
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Positional(value) => value.fmt(f),
            Self::Option { name, value } => write!(f, "{name} = {value}"),
        }
    }
}
