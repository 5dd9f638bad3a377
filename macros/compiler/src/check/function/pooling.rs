//! Pooling and resizing of signals `[channels, length]` and images `[channels, height, width]`.

use super::Function;
use super::convolution::both;
use crate::check::arguments::Arguments;
use crate::check::described::is_none;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::kernel::{Mode, Pool, Pooling, Windows, pool, resize};
use crate::reserved::private_path;
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "max_pool1d",
        usage: "max_pool1d(x, kernel, stride = kernel, padding = 0, dilation = 1, ceil_mode = false)",
        build: |checker, arguments, _| windowed(checker, arguments, 1, true),
    },
    Function {
        name: "max_pool2d",
        usage: "max_pool2d(x, kernel, stride = kernel, padding = 0, dilation = 1, ceil_mode = false)",
        build: |checker, arguments, _| windowed(checker, arguments, 2, true),
    },
    Function {
        name: "avg_pool1d",
        usage: "avg_pool1d(x, kernel, stride = kernel, padding = 0, ceil_mode = false, count_include_pad = true)",
        build: |checker, arguments, _| windowed(checker, arguments, 1, false),
    },
    Function {
        name: "avg_pool2d",
        usage: "avg_pool2d(x, kernel, stride = kernel, padding = 0, ceil_mode = false, count_include_pad = true, divisor_override = none)",
        build: |checker, arguments, _| windowed(checker, arguments, 2, false),
    },
    Function {
        name: "adaptive_avg_pool1d",
        usage: "adaptive_avg_pool1d(x, size)",
        build: |checker, arguments, _| adaptive(checker, arguments, 1),
    },
    Function {
        name: "adaptive_avg_pool2d",
        usage: "adaptive_avg_pool2d(x, size)",
        build: |checker, arguments, _| adaptive(checker, arguments, 2),
    },
    Function {
        name: "interpolate",
        usage: "interpolate(x, scale = 2, size = none, mode = nearest, align_corners = false)",
        build: |checker, arguments, _| interpolate(checker, arguments),
    },
];

/// Adds a pooling with windows: the maximum, or else the mean.
fn windowed(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    axes: usize,
    is_max: bool,
) -> Result<Value> {
    let of = arguments.next(checker, "a value")?;
    let x = checker.real(of);
    let given = arguments.next(checker, "the size of the window")?;
    let kernel = checker.per_axis(Some(given), axes, &Size::one());
    let stride = match arguments.option("stride").filter(|stride| !is_none(stride)) {
        Some(stride) => checker.per_axis(Some(stride), axes, &Size::one()),
        None => kernel.clone(),
    };
    let pads = arguments.option("padding");
    let dilation = is_max.then(|| arguments.option("dilation")).flatten();
    let dilation = checker.per_axis(dilation, axes, &Size::one());
    let ceil = arguments.flag(checker, "ceil_mode", false);
    let count_padding = is_max || arguments.flag(checker, "count_include_pad", true);
    let divisor = (!is_max && axes == 2).then(|| arguments.option("divisor_override")).flatten();
    let divisor = divisor.filter(|divisor| !is_none(divisor));
    let divisor = divisor.map(|divisor| checker.size(divisor)).transpose();
    let (x, kernel, stride, dilation) = (x?, kernel?, stride?, dilation?);
    let divisor = divisor?;
    let (channels, size) = checker.image(of, x, axes)?;
    let padding = checker.padding(pads, axes, &kernel, &dilation, &stride)?;
    let mut output = size.clone();
    for axis in 0..2 {
        let [before, after] = &padding[axis];
        let reach = dilation[axis].times(&kernel[axis].minus(&Size::one())).plus(&Size::one());
        let most = kernel[axis].over(&Size::from(2)).unwrap_or_default();
        for pad in [before, after] {
            let message = format!("a padding of {pad} is more than half of the window `{given}`");
            if most.minus(pad).constant().is_some_and(|left| left < 0) {
                return checker.error(pads.unwrap_or(given).place, message);
            }
        }
        let room = size[axis].plus(before).plus(after).minus(&reach);
        if room.constant().is_some_and(|room| room < 0) {
            let what = checker.describe(of, x);
            return checker.error(of.place, format!("{what}, which the window `{given}` exceeds"));
        }
        checker.require_some(of.place, &room.plus(&Size::one()), || {
            format!("the window `{given}` exceeds `{of}` with its padding")
        });
        output[axis] = match ceil {
            false => room.over(&stride[axis]).unwrap_or_default().plus(&Size::one()),
            true => windows(&size[axis], before, &room, &stride[axis]),
        };
    }
    let windows = Windows { kernel, stride, dilation, padding, ceil };
    let form = match is_max {
        true => Pooling::Max(windows),
        false => Pooling::Average { windows, count_padding, divisor },
    };
    let described = Pool { form, channels, size, output, is_signal: axes == 1 };
    Ok(pool(checker.graph(), described, x))
}

/// Returns the number of windows if a last one counts that reaches beyond the padding, unless it would
/// begin in the padding behind the image.
fn windows(size: &Size, before: &Size, room: &Size, stride: &Size) -> Size {
    let known = [size, before, room, stride].map(Size::constant);
    let [Some(size), Some(before), Some(room), Some(stride)] = known else {
        let arguments = [size, before, room, stride].map(Clone::clone).to_vec();
        return Size::computed(format!("{}::pool::ceil_windows", private_path()), arguments);
    };
    let windows = (room + stride - 1) / stride + 1;
    let surplus = i128::from((windows - 1) * stride >= size + before);
    Size::from(u64::try_from(windows - surplus).unwrap_or_default())
}

/// Adds the means of as many parts as the result has elements.
fn adaptive(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    axes: usize,
) -> Result<Value> {
    let of = arguments.next(checker, "a value")?;
    let given = arguments.next(checker, "the size of the result")?;
    let (x, output) = (checker.real(of), checker.per_axis(Some(given), axes, &Size::one()));
    let (x, mut output) = (x?, output?);
    let (channels, size) = checker.image(of, x, axes)?;
    if axes == 1 {
        output[0] = Size::one();
    }
    let described = Pool { form: Pooling::Adaptive, channels, size, output, is_signal: axes == 1 };
    Ok(pool(checker.graph(), described, x))
}

/// Adds a signal or an image in another size.
fn interpolate(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>) -> Result<Value> {
    let of = arguments.next(checker, "a value")?;
    let x = checker.real(of);
    let scale = arguments.optional().or_else(|| arguments.option("scale"));
    let size = arguments.option("size").filter(|size| !is_none(size));
    let mode = arguments.option("mode");
    let align_corners = arguments.flag(checker, "align_corners", false);
    let x = x?;
    let shape = checker.graph().shape(x).to_vec();
    let axes = shape.len().saturating_sub(1);
    if !(1..=2).contains(&axes) {
        let what = checker.describe(of, x);
        let what =
            format!("{what}, but [channels, length] or [channels, height, width] is resized");
        return checker.error(of.place, what);
    }
    let output = match (size, scale) {
        (Some(size), _) => checker.per_axis(Some(size), axes, &Size::one())?,
        (None, scale) => {
            let two = Size::from(2);
            let factor = checker.per_axis(scale, axes, &Size::one())?;
            let factor = if scale.is_some() { factor } else { [two.clone(), two] };
            let size = both(&shape[1..], Size::one());
            [size[0].times(&factor[0]), size[1].times(&factor[1])]
        }
    };
    let mode = match mode.map(|mode| (mode, mode.to_string())) {
        None => Mode::Nearest,
        Some((_, word)) if word == "nearest" => Mode::Nearest,
        Some((_, word)) if word == "bilinear" && axes == 2 => Mode::Bilinear { align_corners },
        Some((_, word)) if word == "linear" && axes == 1 => Mode::Bilinear { align_corners },
        Some((mode, word)) => {
            let linear = if axes == 1 { "linear" } else { "bilinear" };
            let what = format!("`mode` is `nearest` or `{linear}` here, not `{word}`");
            return checker.error(mode.place, what);
        }
    };
    Ok(resize(checker.graph(), x, mode, &output[2 - axes..]))
}
