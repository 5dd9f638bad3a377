use crate::fuse::tests::compiled as passes;
use crate::fuse::visit;
use crate::ir::Op;
use crate::pass::Pass;

/// Returns the names of the kernels of a pass.
fn kernels(pass: &Pass) -> Vec<String> {
    let mut names = Vec::new();
    visit(&pass.schedule.steps, &mut |step| {
        for value in step.kind.values() {
            if let Op::Kernel(kernel) = &pass.graph[value].op {
                let name = format!("{kernel:?}");
                names.push(name.split([' ', '(']).next().unwrap_or_default().to_owned());
            }
        }
    });
    names
}

fn count(pass: &Pass, kernel: &str) -> usize {
    kernels(pass).iter().filter(|name| *name == kernel).count()
}

/// Returns true if the logits of 5,000 classes are in memory for all rows.
fn holds_logits(pass: &Pass) -> bool {
    pass.plan.homes.keys().any(|value| {
        let ty = pass.graph.ty(*value);
        ty.batched && ty.last() == 5000.into()
    })
}

/// Networks of 5,000 classes, and whether their accuracy is asked for.
const FUSED: &[&str] = &[
    "Net(x: [8]) -> [5000] { x >> Linear(5000) } loss cross_entropy",
    "Net(x: [8]) -> [5000] { x >> Linear(5000, bias = false) } loss cross_entropy(label_smoothing = 0.1)",
    "Net<const V: usize = 5000>(x: [8]) -> [V] { x >> Linear(8) >> Linear(V) } loss cross_entropy(ignore_index = 3)",
    "Net(x: [7, 8]) -> [7, 5000] { x >> Linear(8) >> Linear(5000) } loss cross_entropy",
    "Net(x: [3, 7, 8]) -> [3, 7, 5000] { x >> Linear(8) >> Linear(5000) } loss cross_entropy",
    "Net(x: [dyn T, 8]) -> [T, 5000] { x >> Linear(8) >> Linear(5000) } loss cross_entropy",
    "Net(x: u32[dyn T]) -> [T, 5000] {
        let table = param([5000, 8], init = normal(0.02));
        let h = gather(table, x) >> Linear(8) >> Gelu;
        matmul(h, transpose(table))
    } loss cross_entropy",
    "Net(x: u32[7]) -> [7, 5000] {
        let table = param([5000, 8], init = normal(0.02));
        let bias = param([5000], init = zeros);
        linear(gather(table, x) >> Linear(8), table, bias)
    } loss cross_entropy",
    "Net(x: u32) -> [5000] {
        let table = param([5000, 8], init = normal(0.02));
        matmul(table, gather(table, x) >> Linear(8)) + param([5000], init = zeros)
    } loss cross_entropy",
    "Net(x: [8]) -> [5000] { matmul(x >> Linear(8), param([8, 5000], init = normal(0.1))) + 0.5 * param([5000], init = zeros) }
        loss cross_entropy",
    "Net(x: [8]) -> [5000] { let h = x >> Linear(8); h >> Linear(5000) }
        loss |y, h, t: u32| cross_entropy(y, t) + 0.1 * sum(square(h))",
    "Net(x: [8]) -> [5000] { x >> Linear(8) >> Linear(5000) }
        loss |y, t: u32, w: []| w * cross_entropy(y, t)",
    "Net(x: [8]) -> ([5000], [5000]) { let h = x >> Linear(8); (h >> Linear(5000), h >> Linear(5000)) }
        loss |y, z, t: u32, u: u32| cross_entropy(y, t) + 0.5 * cross_entropy(z, u)",
    "Net(x: [7, 8]) -> [5000, 7] {
        let logits = x >> Linear(8) >> Linear(5000);
        transpose(logits)
    } loss |y, logits, t: u32[7]| cross_entropy(logits, t)",
];

#[test]
fn a_large_head_stores_no_logits() {
    for source in FUSED {
        let passes = passes(source);
        for pass in [passes.evaluate.unwrap(), passes.train.unwrap()] {
            assert!(!holds_logits(&pass), "{source}: {:?}", kernels(&pass));
            assert_eq!(count(&pass, "CrossEntropy"), 0, "{source}");
        }
    }
}

#[test]
fn training_computes_logits_once() {
    for source in FUSED {
        let train = passes(source).train.unwrap();
        let heads = if source.contains("z, u") { 2 } else { 1 };
        assert_eq!((count(&train, "Gradients"), count(&train, "Losses")), (heads, 0), "{source}");
    }
}

#[test]
fn a_gradient_that_depends_on_the_loss_comes_after_it() {
    let source = "Net(x: [8]) -> [5000] { x >> Linear(8) >> Linear(5000) }
        loss |y, t: u32| { let l = cross_entropy(y, t); square(1.0 - exp(-l)) * l }";
    let train = passes(source).train.unwrap();
    assert_eq!((count(&train, "Gradients"), count(&train, "Losses")), (1, 1));
    assert!(!holds_logits(&train));
}

#[test]
fn the_accuracy_is_computed_with_the_loss() {
    let source = "Net(x: [7, 8]) -> [7, 5000] { x >> Linear(8) >> Linear(5000) }
        loss cross_entropy(ignore_index = 2)
        metric accuracy";
    let passes = passes(source);
    let measure = passes.measure.unwrap();
    assert!(!holds_logits(&measure), "{:?}", kernels(&measure));
    assert_eq!((count(&measure, "Losses"), count(&measure, "Accuracy")), (1, 0));
    // the outputs are the logits
    assert!(holds_logits(&passes.infer));
}

#[test]
fn logits_that_are_read_are_stored() {
    for source in [
        "Net(x: [8]) -> [5000] { x >> Linear(8) >> Linear(5000) }
            loss |y, t: u32| cross_entropy(y, t) + 1e-4 * sum(square(y))",
        "Net(x: [8]) -> [5000] { x >> Linear(8) >> Linear(5000) >> Relu } loss cross_entropy",
        "Net(x: [5000]) -> [5000] { (x >> Linear(8) >> Linear(5000)) + x } loss cross_entropy",
    ] {
        assert!(holds_logits(&passes(source).train.unwrap()), "{source}");
    }
    let few = "Net(x: [8]) -> [10] { x >> Linear(8) >> Linear(10) } loss cross_entropy";
    assert_eq!(count(&passes(few).train.unwrap(), "CrossEntropy"), 1);
}

#[test]
fn frozen_weights_have_no_gradient() {
    let source = "Net(x: [8]) -> [5000] {
        #[frozen]
        let head = Linear(5000);
        x >> Linear(8) >> head
    } loss cross_entropy";
    let train = passes(source).train.unwrap();
    assert!(!holds_logits(&train));
    let large = train.plan.homes.keys().filter(|value| train.graph.ty(**value).shape.len() == 2);
    assert_eq!(large.count(), 3, "the weights of both layers, and the gradient of the first");
}
