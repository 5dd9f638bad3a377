//! Convolutions of signals `[channels, length]` and images `[channels, height, width]`.

use super::Function;
use super::padding::{Ends, PadMode};
use crate::ast::{Expr, ExprKind, path_text};
use crate::check::arguments::Arguments;
use crate::check::described::is_none;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::display::ShapeText;
use crate::ir::kernel::{Conv, convolve};
use crate::program::Relation;
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "conv1d",
        usage: "conv1d(x, weight, bias, stride = 1, padding = 0, dilation = 1, groups = 1, padding_mode = zeros)",
        build: |checker, arguments, expr| convolution(checker, arguments, expr, Form::of(1, false)),
    },
    Function {
        name: "conv2d",
        usage: "conv2d(x, weight, bias, stride = 1, padding = 0, dilation = 1, groups = 1, padding_mode = zeros)",
        build: |checker, arguments, expr| convolution(checker, arguments, expr, Form::of(2, false)),
    },
    Function {
        name: "conv_transpose1d",
        usage: "conv_transpose1d(x, weight, bias, stride = 1, padding = 0, output_padding = 0, dilation = 1, groups = 1)",
        build: |checker, arguments, expr| convolution(checker, arguments, expr, Form::of(1, true)),
    },
    Function {
        name: "conv_transpose2d",
        usage: "conv_transpose2d(x, weight, bias, stride = 1, padding = 0, output_padding = 0, dilation = 1, groups = 1)",
        build: |checker, arguments, expr| convolution(checker, arguments, expr, Form::of(2, true)),
    },
];

/// The differences between the four convolutions.
#[derive(Clone, Copy)]
struct Form {
    /// The number of axes besides the channels.
    axes: usize,
    /// `true` for a transposed convolution.
    transposed: bool,
}

impl Form {
    const fn of(axes: usize, transposed: bool) -> Self {
        Self { axes, transposed }
    }
}

fn convolution(
    checker: &mut Checker<'_>,
    arguments: &mut Arguments<'_>,
    _: &Expr,
    form: Form,
) -> Result<Value> {
    let of = arguments.next(checker, "a value")?;
    let by = arguments.next(checker, "a weight")?;
    let offset = arguments.optional().filter(|offset| !is_none(offset));
    let (x, weight) = (checker.real(of), checker.real(by));
    let bias = offset.map(|offset| checker.real(offset)).transpose();
    let stride = checker.per_axis(arguments.option("stride"), form.axes, &Size::one());
    let dilation = checker.per_axis(arguments.option("dilation"), form.axes, &Size::one());
    let padding = arguments.option("padding");
    let mode = match form.transposed {
        true => Ok(PadMode::Constant),
        false => {
            let mode = arguments.option("padding_mode");
            checker.pad_mode(mode, "padding_mode", "zeros")
        }
    };
    let more = form.transposed.then(|| arguments.option("output_padding"));
    let more = checker.per_axis(more.flatten(), form.axes, &Size::default());
    let groups = arguments.option("groups").map(|groups| checker.size(groups)).transpose();
    let (mut x, weight, bias, mode) = (x?, weight?, bias?, mode?);
    let (stride, dilation, more) = (stride?, dilation?, more?);
    let groups = groups?.unwrap_or_else(Size::one);

    let ty = checker.graph().ty(x).clone();
    let (channels, mut size) = checker.image(of, x, form.axes)?;
    let weights = checker.graph().ty(weight).clone();
    if weights.shape.len() != form.axes + 2 || weights.batched {
        let what = checker.describe(by, weight);
        let order = if form.transposed { "in, out / groups" } else { "out, in / groups" };
        let axes = if form.axes == 1 { "length" } else { "height, width" };
        let what =
            format!("{what}, but the weight of a convolution is a parameter [{order}, {axes}]");
        return checker.error(by.place, what);
    }
    let per_group = channels.over(&groups).unwrap_or_default();
    let (given, wanted) = match form.transposed {
        true => (&weights.shape[0], &channels),
        false => (&weights.shape[1], &per_group),
    };
    let message = format!(
        "`{of}` is {ty} and takes {wanted} channels of the weight `{by}`, which is {weights}"
    );
    checker.must_equal(by.place, given, wanted, &message)?;
    let whole = groups.times(&per_group);
    let message = format!("{groups} groups do not divide the {channels} channels of `{of}`");
    checker.must_equal(of.place, &whole, &channels, &message)?;
    let outputs = match form.transposed {
        true => weights.shape[1].times(&groups),
        false => weights.shape[0].clone(),
    };
    let whole = outputs.over(&groups).unwrap_or_default().times(&groups);
    let message =
        format!("{groups} groups do not divide the {outputs} outputs of the weight `{by}`");
    checker.must_equal(by.place, &whole, &outputs, &message)?;
    if let Some((offset, bias)) = offset.zip(bias) {
        let given = checker.graph().ty(bias).clone();
        let fits = given.shape.len() == 1 && given.shape[0].equals(&outputs) != Some(false);
        if !fits || given.batched {
            let what = checker.describe(offset, bias);
            return checker.error(offset.place, format!("{what}, but a bias is [{outputs}] here"));
        }
        checker.require(offset.place, &given.shape[0], Relation::Equal, &outputs, || {
            format!("`{offset}` is {given}, but a bias is [{outputs}] here")
        });
    }
    let kernel = both(&weights.shape[2..], Size::one());
    if let (true, Some(word)) = (form.transposed, padding)
        && matches!(&*word.to_string(), "same" | "causal")
    {
        let what = format!("a transposed convolution has no `padding = {word}`");
        return checker.error(word.place, what);
    }
    let mut padding = checker.padding(padding, form.axes, &kernel, &dilation, &stride)?;
    if mode != PadMode::Constant {
        for axis in 2 - form.axes..2 {
            let [before, after] = std::mem::take(&mut padding[axis]);
            let ends = Ends { axis: axis + form.axes - 1, before: &before, after: &after, mode };
            x = checker.pad_axis(of, x, ends)?;
            size[axis] = size[axis].plus(&before).plus(&after);
        }
    }
    let mut output = size.clone();
    for axis in 0..2 {
        // the number of elements that the taps of one position span, less one
        let reach = dilation[axis].times(&kernel[axis].minus(&Size::one()));
        let pads = padding[axis][0].plus(&padding[axis][1]);
        output[axis] = match form.transposed {
            true => size[axis]
                .minus(&Size::one())
                .times(&stride[axis])
                .plus(&reach)
                .plus(&more[axis])
                .plus(&Size::one())
                .minus(&pads),
            false => {
                let room = size[axis].plus(&pads).minus(&reach).minus(&Size::one());
                room.over(&stride[axis]).unwrap_or_default().plus(&Size::one())
            }
        };
        let needed = match form.transposed {
            true => output[axis].clone(),
            false => size[axis].plus(&pads).minus(&reach),
        };
        let message = format!(
            "the kernel {} reaches further than `{of}`, which is {ty}, with its padding",
            ShapeText(&kernel[2 - form.axes..])
        );
        if needed.constant().is_some_and(|needed| needed < 1) {
            return checker.error(of.place, message);
        }
        checker.require_some(of.place, &needed, || message);
        if checker.by_iteration(&output[axis]) {
            let name = ["height", "width"][axis];
            let name = if form.axes == 1 { "length" } else { name };
            let keeps = match form {
                Form { transposed: true, .. } => "",
                Form { axes: 1, .. } => "; `padding = same` and `padding = causal` keep it",
                Form { .. } => "; `padding = same` keeps it",
            };
            let what =
                format!("the {name} would be {}, another in every iteration{keeps}", output[axis]);
            return checker.error(of.place, what);
        }
    }
    // a transposed convolution is the input gradient of the one that its result goes into
    let ([channels, outputs], [size, output]) = match form.transposed {
        true => ([outputs, channels], [output, size]),
        false => ([channels, outputs], [size, output]),
    };
    let is_signal = form.axes == 1;
    let conv = Conv {
        channels,
        outputs,
        groups,
        size,
        output,
        kernel,
        stride,
        dilation,
        padding,
        is_signal,
    };
    Ok(convolve(checker.graph(), conv, form.transposed, [x, weight], bias))
}

impl Checker<'_> {
    /// Returns the channels, and the height and width, of a signal or an image.
    pub(super) fn image(&mut self, of: &Expr, x: Value, axes: usize) -> Result<(Size, [Size; 2])> {
        let shape = self.graph().shape(x).to_vec();
        match &shape[..] {
            [channels, size @ ..] if size.len() == axes => {
                Ok((channels.clone(), both(size, Size::one())))
            }
            _ => {
                let what = self.describe(of, x);
                let wanted =
                    if axes == 1 { "[channels, length]" } else { "[channels, height, width]" };
                self.error(of.place, format!("{what}, but this takes {wanted}"))
            }
        }
    }

    /// Returns an option that is one number for both axes, or a list of one for each.
    pub(super) fn per_axis(
        &mut self,
        given: Option<&Expr>,
        axes: usize,
        default: &Size,
    ) -> Result<[Size; 2]> {
        let Some(given) = given else { return Ok([default.clone(), default.clone()]) };
        let sizes = self.axes_of(given, axes)?;
        for size in &sizes {
            if *default == Size::one() {
                if size.constant() == Some(0) {
                    return self.error(given.place, "this is at least 1");
                }
                self.some_in_all_iterations(size, given)?;
                self.require_some(given.place, size, || format!("`{given}` is less than 1"));
            }
        }
        Ok(both(&sizes, default.clone()))
    }

    /// Returns a size for each of `axes` axes: the items of a list, or one size for all.
    fn axes_of(&mut self, given: &Expr, axes: usize) -> Result<Vec<Size>> {
        let (ExprKind::List(items) | ExprKind::Tuple(items)) = &given.kind else {
            let size = self.index(given)?;
            return Ok(vec![size; axes]);
        };
        if items.len() != axes {
            let what = format!("expected one size for both axes, or {axes} of them: `{given}`");
            return self.error(given.place, what);
        }
        let sizes: Vec<_> = items.iter().map(|item| self.index(item)).collect();
        sizes.into_iter().collect()
    }

    /// Returns the padding before and after each axis: one size for all, one for each axis, a pair
    /// of each axis, `same`, which keeps the size, or `causal`, which is all before.
    pub(super) fn padding(
        &mut self,
        given: Option<&Expr>,
        axes: usize,
        kernel: &[Size; 2],
        dilation: &[Size; 2],
        stride: &[Size; 2],
    ) -> Result<[[Size; 2]; 2]> {
        let none = || [Size::default(), Size::default()];
        let Some(given) = given else { return Ok([none(), none()]) };
        let word = match &given.kind {
            ExprKind::Path(path) => path_text(path),
            _ => String::new(),
        };
        if word == "same" || word == "causal" {
            if word == "same" && stride.iter().any(|size| *size != Size::one()) {
                let what = "`padding = same` takes a stride of 1, as in PyTorch";
                return self.error(given.place, what);
            }
            return Ok([0, 1].map(|axis| {
                let reach = dilation[axis].times(&kernel[axis].minus(&Size::one()));
                let before = match word == "same" {
                    true => reach.over(&Size::from(2)).unwrap_or_default(),
                    false => reach.clone(),
                };
                let after = reach.minus(&before);
                [before, after]
            }));
        }
        let pairs = match &given.kind {
            ExprKind::List(items) if items.iter().any(|item| is_pair(item).is_some()) => {
                let mut pairs = Vec::new();
                for item in items {
                    let Some([before, after]) = is_pair(item) else {
                        let what = format!("expected `(before, after)`, found `{item}`");
                        return self.error(item.place, what);
                    };
                    pairs.push([self.index(before)?, self.index(after)?]);
                }
                if pairs.len() != axes {
                    let what = format!("expected `(before, after)` for each of {axes} axes");
                    return self.error(given.place, what);
                }
                pairs
            }
            _ => match is_pair(given).filter(|_| axes == 1) {
                Some([before, after]) => vec![[self.index(before)?, self.index(after)?]],
                None => {
                    let sizes = self.axes_of(given, axes)?;
                    sizes.into_iter().map(|size| [size.clone(), size]).collect()
                }
            },
        };
        Ok(match <[[Size; 2]; 2]>::try_from(pairs) {
            Ok(both) => both,
            Err(one) => [none(), one.into_iter().next().unwrap_or_else(none)],
        })
    }
}

/// Returns height and width: a signal has height `height`.
pub(super) fn both(sizes: &[Size], height: Size) -> [Size; 2] {
    match sizes {
        [height, width] => [height.clone(), width.clone()],
        [length, ..] => [height, length.clone()],
        [] => [height, Size::one()],
    }
}

/// Returns the two items of a pair in parentheses.
fn is_pair(expr: &Expr) -> Option<[&Expr; 2]> {
    match &expr.kind {
        ExprKind::Tuple(items) => match &items[..] {
            [before, after] => Some([before, after]),
            _ => None,
        },
        _ => None,
    }
}
