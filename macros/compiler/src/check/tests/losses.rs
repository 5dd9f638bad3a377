//! Losses written out, metrics, and parameters in expressions.

use super::{sound, wrong};

#[test]
fn a_loss_uses_what_the_network_knows() {
    let program = sound(
        "Vae(x: [6], noise: [2]) -> [6] {
            let (mean, log_var) = x >> Encoder;
            mean + noise * exp(0.5 * log_var) >> Linear(6)
        }
        Encoder(x: [6]) -> ([2], [2]) { (x >> Linear(2), x >> Linear(2)) }
        loss mse"
            .replace("loss mse", "")
            .as_str(),
    );
    assert!(program.loss.is_none());
    let program = sound(
        "Vae(x: [6], noise: [2]) -> [6] {
            let mu = x >> Linear(2);
            let log_var = x >> Linear(2);
            mu + noise * exp(0.5 * log_var) >> Linear(6)
        }
        loss |y, mu, log_var| {
            let kl = sum(exp(log_var) + mu * mu - 1.0 - log_var);
            bce_with_logits(y, x) + 0.5 * kl
        }
        metric reconstruction |y, x| mse(sigmoid(y), x)",
    );
    assert!(program.targets.is_empty() && program.loss.is_some());
    assert_eq!(program.metrics.len(), 1);
}

#[test]
fn metrics_compare_with_the_losss_targets() {
    let program = sound(
        "Net(x: [4]) -> [3] { x >> Linear(3) }
        loss cross_entropy(ignore_index = 2)
        metric accuracy
        metric mistakes |y, target: u32| 1.0 - accuracy(y, target)",
    );
    assert_eq!(program.metrics.len(), 2);
    // accuracy ignores what the loss ignores: they share a normaliser
    assert_eq!(program.normalisers.len(), 1);
    let program = sound(
        "Net(x: [4]) -> ([3], [4]) { (x >> Linear(3), x >> Linear(4)) }
        loss |y, z, class: u32[1], clean: [4]| cross_entropy(y, class) + 0.1 * mse(z, clean)
        metric accuracy |y, z, class| accuracy(y, class)
        metric noise |y, z, clean| l1(z, clean)",
    );
    assert_eq!(program.metrics.len(), 2);
}

#[test]
fn parameters_can_be_calculated_with() {
    let program = sound(
        "Net(x: [4]) -> [3] { let fc = Linear(5); let deep = Deep; x >> fc >> deep >> Linear(3) }
        loss |y, t: [3]| mse(y, t) + 1e-4 * l2(fc.weight) + sum(square(deep.linear0.weight)) + l2(linear0.bias) + deep.g
        Deep(x: [5]) -> [5] { let g = param([], init = ones); g * x >> Linear(5) }",
    );
    assert!(program.loss.is_some());
}

#[test]
fn says_what_a_loss_or_metric_lacks() {
    for (clauses, message) in [
        (
            "loss |y, h| mse(y, h)",
            "a loss takes equal shapes, but `y` is [3] (from `fc` on line 1) and `h` is [4] (from `exp(x)` on line 1): 3 is not 4",
        ),
        (
            "loss |h, t: [3]| mse(h, t)",
            "`h` stands for an output here, but is another value of the network: the outputs come first, by names of their own",
        ),
        ("loss |y, y: [3]| mse(y, y)", "`y` is named twice"),
        (
            "loss |y, _: [3]| mean(y)",
            "`_` stands for an output that is not used: targets and values have names",
        ),
        ("loss || 0.5", "the loss names 0 values, but the network has 1 output before the targets"),
        (
            "loss |t: [3]| mse(out, t)",
            "a loss names the outputs first, without shapes, and then the targets: `|out, t: ..|`",
        ),
        (
            "loss |_: [3], t: [3]| mean(t)",
            "`_` is an output of the network: it has its shape already (targets follow the outputs)",
        ),
        (
            "loss |y, target| mse(y, target)",
            "`target` is a target: it needs a shape, such as `target: [10]` or `target: u32`",
        ),
        (
            "loss |y, t: [3]| { let e = y - t; e * e }",
            "a loss is one number for each sample, but this is [3]: take `mean(..)` or `sum(..)`",
        ),
        (
            "loss |y, t: [3]| { let e = y - t; }",
            "expected a value here: a loss ends with one number for each sample",
        ),
        (
            "loss |y, t: [3]| mse(y, t) + l2(fc.wieght)",
            "no parameter `fc.wieght`; did you mean `fc.weight`?",
        ),
        ("loss |y, t: [3]| mse(y, t) + l2(h.weight)", "`h` is not a layer: it has no `weight`"),
        (
            "loss |y, t: [3]| mse(y, t) + l2(fc.weight())",
            "values have no `.weight`: a parameter is named without parentheses, as `fc.weight`",
        ),
        ("metric accuracy", "a metric stands beside a loss: write `loss ..` before it"),
        ("loss mse metric acuracy", "no metric `acuracy`; did you mean `accuracy`?"),
        (
            "loss mse metric accuracy",
            "the target of `accuracy` is class numbers: declare `target: u32[..]`",
        ),
        (
            "loss mse metric m |y, targets| mse(y, targets)",
            "the loss has no target `targets`; did you mean `target`?",
        ),
        (
            "loss mse metric m |y, target: [4]| mse(y, target)",
            "`target` is [3] in the loss, not [4]",
        ),
        (
            "loss mse metric m |y, target| y - target",
            "a metric is one number for each sample, but this is [3]: take `mean(..)` or `sum(..)`",
        ),
        (
            "loss mse metric m || 1.0",
            "the metric names 0 values, but the network has 1 output before the targets",
        ),
        ("loss mse metric l1 metric l1", "there is a metric `l1` already"),
        (
            "loss accuracy",
            "no loss `accuracy`; there are cross_entropy, bce_with_logits, mse, l1, huber, smooth_l1, or `loss |y, target: [..]| ..`",
        ),
    ] {
        let source = format!(
            "Net(x: [4]) -> [3] {{ let h = exp(x); let fc = Linear(3); h >> fc }} {clauses}"
        );
        assert_eq!(wrong(&source), [message], "{clauses}");
    }
}

#[test]
fn a_parameter_before_its_layer() {
    assert_eq!(
        wrong("Net(x: [4]) -> [3] { let fc = Linear(3); let w = l2(fc.weight); x * w >> fc }"),
        ["`fc` has no parameters before it is applied"]
    );
    assert_eq!(
        wrong("Net(x: [4]) -> [4] { let mut h = x; for _ in 0..2 { h = h >> Linear(4); } h * l2(layers0.linear0.weight) }").len(),
        1
    );
}

#[test]
fn a_loss_needs_no_target() {
    for clause in [
        "loss |y| sum(y)",
        "loss |y| mse(y, x)",
        "loss |y, x| mse(y, x)",
        "loss |_| l2(fc.weight) + l2(fc.bias)",
    ] {
        let source = format!("Net(x: [3]) -> [3] {{ let fc = Linear(3); x >> fc }} {clause}");
        assert!(sound(&source).targets.is_empty(), "{clause}");
    }
    let program = sound(
        "Net(x: [3]) -> ([3], [2]) { let h = x >> Linear(3); (h, h[..2]) } loss |y, _, t: [3]| mse(y, t)",
    );
    assert_eq!(program.targets.len(), 1);
}
