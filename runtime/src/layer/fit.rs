//! Checks that shapes fit a layer: in constant assertions as far as the sizes are known at compile
//! time, otherwise at run time.

use super::text::Text;
use super::visible::{is_elsewhere, is_private};
use crate::source::{Extent, Length, MAX_LENGTHS, Port, Requirement};

/// In a shape given to a constant assertion: a size that is known only at run time.
const RUN_TIME: usize = 0;

/// In a shape expected of a layer: a placeholder (`_`) for a size that the layer determines.
pub const ASKED: usize = usize::MAX;

/// Returns the run-time sizes of a layer whose inputs have these shapes; 0 for a size that occurs in no
/// input.
#[inline(always)]
pub fn lengths(inputs: &[Port], shapes: &[&[usize]]) -> [usize; MAX_LENGTHS] {
    let mut lengths = [0; MAX_LENGTHS];
    for (port, shape) in inputs.iter().zip(shapes) {
        for (extent, size) in port.extents.iter().zip(*shape) {
            if let Extent::Length(_, index) = extent {
                lengths[*index] = *size;
            }
        }
    }
    lengths
}

/// Returns true if the given input shapes and expected output shapes fit the ports, bounds and
/// requirements of a layer at run time.
pub fn fits(
    [inputs, outputs]: [&[Port]; 2],
    declared: &[Length],
    requirements: &[Requirement],
    given: &[&[usize]],
    expected: &[&[usize]],
) -> bool {
    let lengths = lengths(inputs, given);
    let same = |port: &Port, shape: &[usize]| {
        port.extents.iter().zip(shape).all(|(extent, size)| extent.at(&lengths) == *size)
    };
    let bounded = |(length, size): (&Length, &usize)| length.bound.is_none_or(|most| *size <= most);
    declared.iter().zip(&lengths).all(bounded)
        && inputs.iter().zip(given).all(|(port, shape)| same(port, shape))
        && outputs.iter().zip(expected).all(|(port, shape)| same(port, shape))
        && requirements.iter().all(|requirement| (requirement.holds)(&lengths))
}

/// Returns the size of an output's axis for inputs of these shapes, or 1 if it is not known at compile
/// time.
#[must_use]
pub const fn output_size(
    inputs: &[Port],
    outputs: &[Port],
    (output, axis): (usize, usize),
    shapes: &[&[usize]],
) -> usize {
    if output >= outputs.len() || axis >= rank(&outputs[output]) {
        return 1;
    }
    match known_size(inputs, &outputs[output], axis, shapes) {
        Some(RUN_TIME) | None => 1,
        Some(size) => size,
    }
}

/// Returns the size of an axis: `RUN_TIME` if it depends on a run-time size of the network, `None` if
/// only the layer can compute it.
const fn known_size(
    inputs: &[Port],
    port: &Port,
    axis: usize,
    shapes: &[&[usize]],
) -> Option<usize> {
    if port.extents.is_empty() {
        return Some(port.shape[axis]);
    }
    match &port.extents[axis] {
        Extent::Fixed(size) => Some(*size),
        Extent::Length(_, index) => Some(length(inputs, *index, shapes)),
        Extent::Computed { .. } => None,
    }
}

/// Returns a run-time size of the layer, taken from the shapes of its inputs.
const fn length(inputs: &[Port], wanted: usize, shapes: &[&[usize]]) -> usize {
    let mut input = 0;
    while input < inputs.len() && input < shapes.len() {
        let (extents, mut axis) = (inputs[input].extents, 0);
        while axis < extents.len() && axis < shapes[input].len() {
            if let Extent::Length(_, index) = &extents[axis]
                && *index == wanted
            {
                return shapes[input][axis];
            }
            axis += 1;
        }
        input += 1;
    }
    RUN_TIME
}

const fn rank(port: &Port) -> usize {
    port.shape.len()
}

/// Fails to compile if the shapes cannot fit. `layer` and `given` are as the user wrote them.
///
/// # Panics
/// If the shapes cannot fit.
#[track_caller]
pub const fn assert_fits(
    layer: &str,
    [inputs, outputs]: [&[Port]; 2],
    lengths: &[Length],
    given: &[&str],
    shapes: &[&[usize]],
    expected: &[&[usize]],
) {
    let mut text = Text::new();
    if is_private(inputs) {
        if !is_elsewhere(layer) {
            text.push("`");
            text.push(layer);
            text.push("` is private to its `network!`: write `pub(crate)` before its name there");
            panic!("{}", text.as_str());
        }
        return;
    }
    if inputs.is_empty() && outputs.is_empty() {
        // the stub that a network with errors leaves accepts and returns anything
        return;
    }
    if inputs.len() != shapes.len() {
        text.push("`");
        text.push(layer);
        text.push("` takes ");
        count(&mut text, inputs.len(), "input");
        text.push(", but ");
        text.number(shapes.len());
        text.push(if shapes.len() == 1 { " is given" } else { " are given" });
        panic!("{}", text.as_str());
    }
    let mut input = 0;
    while input < inputs.len() {
        let (port, shape) = (&inputs[input], shapes[input]);
        if !may_fit(inputs, port, shapes, shape) {
            text.push("`");
            text.push(layer);
            text.push("` takes ");
            text.push(port.name);
            text.push(": ");
            push_port(&mut text, port);
            text.push(", but `");
            text.push(given[input]);
            text.push("` is ");
            push_shape(&mut text, shape);
            panic!("{}", text.as_str());
        }
        input += 1;
    }
    let mut index = 0;
    while index < lengths.len() {
        let size = length(inputs, index, shapes);
        if let Some(most) = lengths[index].bound
            && size > most
        {
            text.push("`");
            text.push(layer);
            text.push("` takes ");
            text.push(lengths[index].name);
            text.push(" <= ");
            text.number(most);
            text.push(", but it is ");
            text.number(size);
            panic!("{}", text.as_str());
        }
        index += 1;
    }
    if outputs.len() != expected.len() {
        text.push("`");
        text.push(layer);
        text.push("` gives ");
        count(&mut text, outputs.len(), "value");
        text.push(": write the shape of each in the parentheses");
        panic!("{}", text.as_str());
    }
    let mut output = 0;
    while output < outputs.len() {
        let (port, shape) = (&outputs[output], expected[output]);
        if !may_fit(inputs, port, shapes, shape) {
            text.push("`");
            text.push(layer);
            text.push("` gives ");
            push_port(&mut text, port);
            text.push(", but ");
            push_shape(&mut text, shape);
            text.push(" is expected: write its shape in the parentheses");
            panic!("{}", text.as_str());
        }
        output += 1;
    }
}

/// Fails to compile if a layer cannot be applied to a stream step by step.
///
/// # Panics
/// If `stepwise` is `false`.
#[track_caller]
pub const fn assert_stepwise(layer: &str, stepwise: bool) {
    if !stepwise {
        let mut text = Text::new();
        text.push("`");
        text.push(layer);
        text.push("` cannot be applied one step at a time: it may look at other steps");
        panic!("{}", text.as_str());
    }
}

/// Returns true unless it is known at compile time that `shape` is not the shape of `port`.
const fn may_fit(inputs: &[Port], port: &Port, shapes: &[&[usize]], shape: &[usize]) -> bool {
    if rank(port) != shape.len() {
        return false;
    }
    let mut axis = 0;
    while axis < shape.len() {
        let fits = match (known_size(inputs, port, axis, shapes), shape[axis]) {
            // a size that is asked for must be known at compile time
            (Some(size), ASKED) => size != RUN_TIME,
            (None, size) => size != ASKED,
            (Some(size), actual) => size == actual,
        };
        if !fits {
            return false;
        }
        axis += 1;
    }
    true
}

/// Appends a number and a noun: `2 inputs`.
const fn count(text: &mut Text, number: usize, noun: &str) {
    text.number(number);
    text.push(" ");
    text.push(noun);
    if number != 1 {
        text.push("s");
    }
}

/// Appends the shape of a port as the layer declares it: `[T, 64]`.
const fn push_port(text: &mut Text, port: &Port) {
    text.push("[");
    let mut axis = 0;
    while axis < rank(port) {
        if axis > 0 {
            text.push(", ");
        }
        if port.extents.is_empty() {
            text.number(port.shape[axis]);
        } else {
            match &port.extents[axis] {
                Extent::Fixed(size) => text.number(*size),
                Extent::Length(name, _) | Extent::Computed { text: name, .. } => text.push(name),
            }
        }
        axis += 1;
    }
    text.push("]");
}

/// Appends a shape: `[dyn, 64]`.
const fn push_shape(text: &mut Text, shape: &[usize]) {
    text.push("[");
    let mut axis = 0;
    while axis < shape.len() {
        if axis > 0 {
            text.push(", ");
        }
        match shape[axis] {
            RUN_TIME => text.push("dyn"),
            ASKED => text.push("_"),
            size => text.number(size),
        }
        axis += 1;
    }
    text.push("]");
}
