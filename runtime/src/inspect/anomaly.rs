//! A loss or gradient that is NaN or infinite, and what made it so.

use crate::layout::{Parameter, entries};
use crate::scalar::Scalar;
use std::fmt;

/// A loss or gradient that is NaN or infinite.
///
/// `Display` prints the message: "the loss is NaN: `log` on line 12 (layer `head`) made the first NaN, from an
/// input of 0 (sample 3, element 7)".
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     #[inspect]
///     Log(x: [2]) -> [] { sum(log(x)) }
///     loss |y| mean(y)
/// }
///
/// let anomaly = Log::init(1).find_anomaly(&[[1.0, 2.0], [3.0, 0.0]], ())?.unwrap();
/// let message = anomaly.to_string();
/// assert!(message.contains("`log`") && message.contains("sample 1, element 1"), "{message}");
/// assert!(Log::init(1).find_anomaly(&[1.0, 2.0], ())?.is_none());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Anomaly {
    /// The loss or gradient that is NaN or infinite.
    pub symptom: Symptom,
    /// The operation that made it so; `None` if the network is declared without `#[inspect]`.
    pub origin: Option<Box<Origin>>,
}

/// A loss or gradient that is NaN or infinite.
///
/// ```
/// use monograd::inspect::Symptom;
/// use monograd::prelude::*;
///
/// network! {
///     #[inspect]
///     Log(x: [2]) -> [] { sum(log(x)) }
///     loss |y| mean(y)
/// }
///
/// let anomaly = Log::init(1).find_anomaly(&[1.0, 0.0], ())?.unwrap();
/// assert_eq!(anomaly.symptom, Symptom::Loss(f64::NEG_INFINITY));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Symptom {
    /// The loss.
    Loss(f64),
    /// The gradient of the parameter of this name: one of its elements.
    Gradient(String, f64),
}

/// The operation that made the first NaN or infinity.
///
/// ```
/// use monograd::inspect::Origin;
/// use monograd::prelude::*;
///
/// network! {
///     #[inspect]
///     Log(x: [2]) -> [] { sum(log(x)) }
///     loss |y| mean(y)
/// }
///
/// let origin = Log::init(1).find_anomaly(&[f32::NAN, 1.0], ())?.unwrap().origin;
/// assert_eq!(origin.as_deref(), Some(&Origin::Data { name: "x", sample: 0, element: 0 }));
/// let origin = Log::init(1).find_anomaly(&[1.0, 0.0], ())?.unwrap().origin;
/// let Some(Origin::Operation { operation, operands, .. }) = origin.as_deref() else { panic!() };
/// assert_eq!((&**operation, &operands[..]), ("log", &[0.0][..]));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Origin {
    /// An input or a target holds a NaN.
    Data {
        /// The name of the input or target.
        name: &'static str,
        /// The sample.
        sample: usize,
        /// The element of the sample.
        element: usize,
    },
    /// A parameter holds a NaN.
    Parameter {
        /// The name of the parameter.
        name: String,
    },
    /// An operation made it of operands without NaN and infinities.
    Operation {
        /// The operation as the language has it: `log`, `*`, `softmax`.
        operation: String,
        /// `true` if it was made by the derivative of the operation, in the backward pass.
        is_derivative: bool,
        /// The line of the source.
        line: usize,
        /// The layer that the operation belongs to, by its name or as it is written; empty outside of layers.
        layer: String,
        /// The iterations of the loops around it, from the outermost.
        iterations: Vec<usize>,
        /// The value: NaN or an infinity.
        value: f64,
        /// The operands of this element, as far as they are known.
        operands: Vec<f64>,
        /// The sample, unless the value is the same for all.
        sample: Option<usize>,
        /// The element of the sample.
        element: usize,
    },
    /// Only the sum over samples is NaN or infinite.
    Sum,
}

/// Returns the first of loss and gradients that is NaN or infinite.
pub(crate) fn symptom<T: Scalar>(
    loss: T,
    gradients: &[T],
    layout: &'static [Parameter],
) -> Option<Symptom> {
    let loss = loss.to_f64();
    if !loss.is_finite() {
        return Some(Symptom::Loss(loss));
    }
    // without a branch, so that it runs at the speed of memory: a finite number times 0 is 0
    let are_finite = |all, value: &T| all & (*value * T::ZERO == T::ZERO);
    if gradients.iter().fold(true, are_finite) {
        return None;
    }
    entries(layout).find_map(|entry| {
        let values = gradients[entry.range()].iter().map(|value| value.to_f64());
        let found = values.into_iter().find(|value| !value.is_finite())?;
        Some(Symptom::Gradient(entry.name().into_owned(), found))
    })
}

/// Returns `NaN` or `infinity`.
fn noun(value: f64) -> &'static str {
    if value.is_nan() { "NaN" } else { "infinity" }
}

fn adjective(value: f64) -> &'static str {
    if value.is_nan() { "NaN" } else { "infinite" }
}

impl fmt::Display for Symptom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Loss(value) => write!(f, "the loss is {}", adjective(*value)),
            Self::Gradient(name, value) => {
                write!(f, "the gradient of `{name}` is {}", adjective(*value))
            }
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Data { name, sample, element } => {
                write!(f, "`{name}` holds a NaN (sample {sample}, element {element})")
            }
            Self::Parameter { name } => write!(
                f,
                "the parameter `{name}` holds a NaN, perhaps since an earlier step: `checked_train_step` stops at the first"
            ),
            Self::Sum => f.write_str("each sample by itself is finite, but not their sum"),
            Self::Operation { .. } => self.operation(f),
        }
    }
}

impl Origin {
    fn operation(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Operation {
            operation,
            is_derivative,
            line,
            layer,
            iterations,
            value,
            operands,
            sample,
            element,
        } = self
        else {
            return Ok(());
        };
        let of = if *is_derivative { "the derivative of " } else { "" };
        write!(f, "{of}`{operation}` on line {line}")?;
        let mut within = Vec::new();
        if !layer.is_empty() && layer != operation {
            within.push(format!("layer `{layer}`"));
        }
        if !iterations.is_empty() {
            let numbers: Vec<String> = iterations.iter().map(ToString::to_string).collect();
            within.push(format!("iteration {}", numbers.join(", ")));
        }
        if !within.is_empty() {
            write!(f, " ({})", within.join(", "))?;
        }
        write!(f, " made the first {}", noun(*value))?;
        let operands: Vec<String> = operands.iter().map(|operand| format!("{operand:?}")).collect();
        let operands: Vec<&str> =
            operands.iter().map(|operand| operand.strip_suffix(".0").unwrap_or(operand)).collect();
        let from = if *is_derivative { "at" } else { "from" };
        match &operands[..] {
            [] => {}
            [one] => write!(f, ", {from} an input of {one}")?,
            [some @ .., last] => {
                write!(f, ", {from} inputs of {} and {last}", some.join(", "))?;
            }
        }
        match sample {
            Some(sample) => write!(f, " (sample {sample}, element {element})"),
            None => write!(f, " (element {element})"),
        }
    }
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Some(origin) => write!(f, "{}: {origin}", self.symptom),
            None => write!(
                f,
                "{}: with `#[inspect]` before the network's name, this names the operation that made it so",
                self.symptom
            ),
        }
    }
}

impl std::error::Error for Anomaly {}
