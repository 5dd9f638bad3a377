//! Tests loops in compiled networks: gradients, names, and the same values as without loops.

use monograd::prelude::*;
use monograd_tests::batch::Batch;
use monograd_tests::gradients;

gradients! {
    depth {
        (x: [7]) -> [5] { let mut h = x; for _ in 0..3 { h = h + (h >> Linear(7) >> Tanh); } h >> Linear(5) } loss { mse }
        (x: [7]) -> [5] { let mut h = x; for _ in 0..1 { h = h >> Linear(7) >> Gelu; } h >> Linear(5) } loss { mse }
        (x: [7]) -> [5] { let mut h = x >> Linear(3); for _ in 0..4 { h = softmax(h >> Linear(3)); } h >> Linear(5) } loss { mse }
        (x: [7]) -> [5] { let fc = Linear(7); let mut h = x; for _ in 0..3 { h = h + tanh(h >> fc); } h >> Linear(5) } loss { mse }
        (x: [7]) -> [7] { let mut a = x >> Linear(7); let mut b = x >> Linear(7); for _ in 0..3 { let old = a; a = b + (a >> Linear(7) >> Silu); b = old; } a - b } loss { mse }
        (x: [3, 5]) -> [4, 3, 5] { let mut h = x; for _ in 0..4 { h = h + (h >> Linear(5) >> Gelu); h } } loss { mse }
        (x: [7]) -> [7] { let mut h = x; for _ in 0..3 { h = (h >> Linear(7) >> Dropout(0.3)) + h; } h >> Linear(7) } loss { mse }
    }
    numbers_of_iterations {
        (x: [7]) -> [7] { let mut h = x; for i in 1..4 { h = h / sqrt(0.5 + i) + (h * i >> Linear(7) >> Tanh); } h } loss { mse }
    }
    depth_within_depth {
        (x: [5]) -> [5] { let mut h = x; for _ in 0..3 { let s = h; for _ in 0..2 { h = h + (h >> Linear(5) >> Tanh); } h = h * (s >> Linear(5) >> Sigmoid); } h >> Linear(5) } loss { mse }
        (x: [5]) -> [5] { let gate = x >> Linear(5) >> Sigmoid; let mut h = x; for _ in 0..2 { for _ in 0..3 { h = h + gate * (h >> Linear(5) >> Tanh); } } h } loss { mse }
    }
    checkpoints {
        (x: [7]) -> [5] { let mut h = x; #[checkpoint] for _ in 0..3 { h = h + (h >> Linear(17) >> Gelu >> Linear(7)); } h >> Linear(5) } loss { mse }
        (x: [7]) -> [5] { let mut h = x; #[checkpoint] for _ in 0..3 { h = h + (h >> Linear(17) >> Dropout(0.4) >> Linear(7)); } h >> Linear(5) } loss { mse }
        (x: [7]) -> [5] { let g = x >> Linear(7); let mut h = x; #[checkpoint] for _ in 0..3 { h = h * (1.0 + (g >> Linear(7) >> Tanh)); } h >> Linear(5) } loss { mse }
        (x: [6, 3]) -> [6, 3] { let mut h = x[0] >> Linear(3); #[checkpoint] let ys = for x_t in x { h = tanh((x_t >> Linear(3)) + (h >> Linear(3))); h }; ys + x } loss { mse }
    }
    loops_that_read_other_loops {
        (x: [7]) -> [7] { let mut g = x >> Linear(7); for _ in 0..2 { g = g + (g >> Linear(7) >> Tanh); } let mut h = g; for _ in 0..3 { h = h * (g >> Linear(7) >> Sigmoid); } h } loss { mse }
        (x: [7]) -> [7] { let mut g = x >> Linear(7); for _ in 0..2 { g = g + (g >> Linear(7) >> Tanh); } let mut h = g; #[checkpoint] for _ in 0..3 { h = h * (1.0 + (g >> Linear(7) >> Tanh)); } h } loss { mse }
    }
    recurrence {
        (x: [9, 3]) -> [9, 4] { let ih = Linear(4); let hh = Linear(4); let mut h = x[0] >> Linear(4); for x_t in x { h = tanh((x_t >> ih) + (h >> hh)); h } } loss { mse }
        (x: [4, 3]) -> [4] { let ih = Linear(4); let hh = Linear(4); let mut h = x[0] >> Linear(4); for x_t in rev(x) { h = tanh((x_t >> ih) + (h >> hh)); } h } loss { mse }
        (x: [1, 3]) -> [1, 4] { let mut h = x[0] >> Linear(4); for x_t in x { h = sigmoid((x_t >> Linear(4)) + (h >> Linear(4))); h } } loss { mse }
        (x: [6, 3], g: [6]) -> [6, 3] { let mut h = x[0]; for (x_t, g_t) in (x >> Linear(3), g) { let before = h; h = h * sigmoid(g_t) + x_t; before + h } } loss { mse }
        (x: [6, 3]) -> [6, 8] { let a = for x_t in x { x_t >> Linear(4) }; let b = for x_t in rev(x) { x_t >> Linear(4) >> Tanh }; concat(a, b, axis = 1) } loss { mse }
        (x: [5, 4, 3]) -> [5, 4, 2] { let fc = Linear(2); for row in x { let mut c = row[0] >> Linear(2); for item in row { c = tanh((item >> fc) + c); c } } } loss { mse }
    }
    depth_of_recurrences {
        (x: [5, 4]) -> [5, 4] { let mut ys = x; for _ in 0..2 { let hh = Linear(4); let mut h = ys[0] * 0.0; ys = for y in ys { h = tanh((y >> Linear(4)) + (h >> hh)); h }; } ys } loss { mse }
    }
}

network! {
    Looped(x: [7]) -> [3] {
        let mut h = x >> Linear(5);
        #[name = "blocks"]
        for i in 0..3 {
            #[name = "h.{i}.fc"]
            let fc = Linear(5);
            h = h + (h >> fc >> Gelu);
            for _ in 0..2 { h = h + (h >> Linear(5) >> Tanh); }
        }
        h >> Linear(3)
    }
    loss mse

    Written(x: [7]) -> [3] {
        let h = x >> Linear(5);
        let h = h + (h >> Linear(5) >> Gelu);
        let h = h + (h >> Linear(5) >> Tanh);
        let h = h + (h >> Linear(5) >> Tanh);
        let h = h + (h >> Linear(5) >> Gelu);
        let h = h + (h >> Linear(5) >> Tanh);
        let h = h + (h >> Linear(5) >> Tanh);
        let h = h + (h >> Linear(5) >> Gelu);
        let h = h + (h >> Linear(5) >> Tanh);
        let h = h + (h >> Linear(5) >> Tanh);
        h >> Linear(3)
    }
    loss mse
}

/// Returns pairs of a parameter of the looped network and its counterpart in the unrolled one.
fn counterparts() -> Vec<(String, String)> {
    let mut pairs = vec![("linear0".to_owned(), "linear0".to_owned())];
    let mut number = 1;
    for i in 0..3 {
        pairs.push((format!("h.{i}.fc"), format!("linear{number}")));
        for j in 0..2 {
            number += 1;
            pairs.push((format!("blocks.{i}.layers0.{j}.linear0"), format!("linear{number}")));
        }
        number += 1;
    }
    pairs.push(("linear1".to_owned(), format!("linear{number}")));
    pairs
}

#[test]
fn a_loop_computes_what_its_iterations_written_out_compute() {
    let mut looped = Looped::init(3).cast::<f64>();
    let mut written = Written::init(5).cast::<f64>();
    assert_eq!(Looped::PARAMS, Written::PARAMS);
    assert_eq!(Looped::FLOPS, Written::FLOPS);
    for (from, to) in counterparts() {
        for part in ["weight", "bias"] {
            let value = looped.parameters().get(&format!("{from}.{part}")).unwrap().to_tensor();
            let mut parameters = written.parameters_mut();
            parameters.get(&format!("{to}.{part}")).unwrap().copy_from_tensor(&value).unwrap();
        }
    }
    for samples in [1, 7, 65] {
        let x = Batch::<f64>::random(&[monograd::Port::new("x", &[7])], samples, 1);
        let t = Batch::<f64>::random(&[monograd::Port::new("t", &[3])], samples, 2);
        let a = looped.forward(x.feed()).unwrap();
        assert_eq!(a.as_slice(), written.forward(x.feed()).unwrap().as_slice());
        let (loss, gradients) = looped.gradients(x.feed(), t.feed()).unwrap();
        let (same, others) = written.gradients(x.feed(), t.feed()).unwrap();
        assert_eq!(loss, same);
        for (from, to) in counterparts() {
            for part in ["weight", "bias"] {
                let a = gradients.get(&format!("{from}.{part}")).unwrap();
                let b = others.get(&format!("{to}.{part}")).unwrap();
                for (a, b) in a.as_slice().iter().zip(b.as_slice()) {
                    assert!((a - b).abs() < 1e-14, "{from}.{part}: {a} and {b}");
                }
            }
        }
        let mut optimizer = Sgd::new(0.01);
        looped.train_step(x.feed(), t.feed(), &mut optimizer).unwrap();
        written.train_step(x.feed(), t.feed(), &mut Sgd::new(0.01)).unwrap();
    }
}

#[test]
fn every_iteration_begins_with_parameters_of_its_own() {
    let net = Looped::init(1);
    let first = net.parameters().get("h.0.fc.weight").unwrap().to_tensor();
    let second = net.parameters().get("h.1.fc.weight").unwrap().to_tensor();
    assert_ne!(first, second);
    let folder = std::env::temp_dir().join(format!("monograd-loops-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("looped.safetensors");
    net.save(&path).unwrap();
    let again = Looped::load(&path).unwrap();
    assert_eq!(again.parameters().get("h.1.fc.weight").unwrap().to_tensor(), second);
    std::fs::remove_dir_all(&folder).unwrap();
}

network! {
    Truncated(x: [6, 3]) -> [6, 4] {
        let ih = Linear(4);
        let hh = Linear(4);
        let mut h = zeros([4]);
        #[truncate(2)]
        for x_t in x {
            h = tanh((x_t >> ih) + (h >> hh));
            h
        }
    }
    loss mse

    /// The same network, with the gradient stopped by hand.
    Cut(x: [6, 3]) -> [6, 4] {
        let ih = Linear(4);
        let hh = Linear(4);
        let mut h = zeros([4]);
        let first = for x_t in x[0..2] { h = tanh((x_t >> ih) + (h >> hh)); h };
        h = stop_gradient(h);
        let second = for x_t in x[2..4] { h = tanh((x_t >> ih) + (h >> hh)); h };
        h = stop_gradient(h);
        let third = for x_t in x[4..6] { h = tanh((x_t >> ih) + (h >> hh)); h };
        concat(first, second, third)
    }
    loss mse
}

/// Truncation stops the gradient between groups of iterations, and has no other effect.
#[test]
fn truncated_gradients_are_those_of_a_cut_recurrence() {
    let truncated = Truncated::init(4).cast::<f64>();
    let cut = Cut::init(4).cast::<f64>();
    let x = Batch::<f64>::random(Truncated::<f64>::INPUTS, 5, 1);
    let t = Batch::<f64>::random(Truncated::<f64>::TARGETS, 5, 2);
    let (loss, gradients) = truncated.gradients(x.feed(), t.feed()).unwrap();
    let (same, others) = cut.gradients(x.feed(), t.feed()).unwrap();
    assert_eq!(loss, same);
    for (a, b) in gradients.iter().zip(others.iter()) {
        assert_eq!(a.name(), b.name());
        let largest = b.as_slice().iter().fold(0.0_f64, |m, b| m.max(b.abs()));
        assert!(largest > 1e-3, "{} has no gradient", a.name());
        for (a, b) in a.as_slice().iter().zip(b.as_slice()) {
            assert!((a - b).abs() < 1e-14 * (1.0 + largest), "{a} and {b}");
        }
    }
}
