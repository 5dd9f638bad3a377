//! Looks inside networks: every value is that of the forward pass, every gradient that of
//! finite differences, and an anomaly has its maker.

use elsewhere::Shaken;
use monograd::inspect::{Inspected, Origin, Symptom};
use monograd::prelude::*;
use monograd::source::Feed;
use monograd::{Error, InputGradients};
use monograd_tests::batch::{Batch, Fed};
use monograd_tests::numbers::Flat;

mod elsewhere {
    use monograd::prelude::*;

    network! {
        pub Shaken<const D: usize>(x: [dyn T, D]) -> [T, D] {
            x >> Linear(D) >> Gelu >> Dropout(0.5)
        }
    }
}

network! {
    #[inspect]
    #[input_gradients]
    Mixed<A: Activation = Tanh>(x: [4], words: u32[3], z: [5]) -> ([5], [2]) {
        let shared = Linear(5);
        let h = x >> Linear(5) >> A;
        let again = h >> shared >> A >> shared;
        let words = sum(words >> Embedding(6, 5), axis = 0);
        (again * words, z * h >> Linear(2))
    }
    loss |a, b, t: [2]| mse(b, t) + mean(square(a))

    // the values inside, as outputs
    Mixed2<A: Activation = Tanh>(x: [4], words: u32[3], z: [5]) -> ([5], [5], [5]) {
        let shared = Linear(5);
        let h = x >> Linear(5) >> A;
        let again = h >> shared >> A >> shared;
        let words = sum(words >> Embedding(6, 5), axis = 0);
        let unused = z * h >> Linear(2);
        (h, again, words + 0 * sum(unused))
    }

    #[inspect]
    #[input_gradients]
    Recurrent(x: [dyn T, 3]) -> [T, 2] {
        let cell = Linear(4);
        let mut h = zeros([4]);
        let ys = for x_t in x { h = concat(h, x_t) >> cell >> Tanh; h };
        let (zs, _, _) = ys >> Lstm(4);
        ys + zs >> Linear(2)
    }
    loss |y, ys, t: [T, 2]| mse(y, t)

    Recurrent2(x: [dyn T, 3]) -> ([T, 4], [T, 4]) {
        let cell = Linear(4);
        let mut h = zeros([4]);
        let ys = for x_t in x { h = concat(h, x_t) >> cell >> Tanh; h };
        let (zs, _, _) = ys >> Lstm(4);
        let unused = ys + zs >> Linear(2);
        (ys, zs + 0 * sum(unused))
    }

    #[inspect]
    #[input_gradients]
    Deep<const N: usize = 4>(x: [2, 6, 6]) -> [3] {
        let mut h = x >> Conv2d(3, 3, padding = 1) >> BatchNorm2d() >> Relu;
        for _ in 0..N { h = h + (h >> Half >> Dropout(0.2)); }
        h >> MaxPool2d(2) >> Flatten() >> Linear(3)
    }
    loss cross_entropy

    Half(x: [3, 6, 6]) -> [3, 6, 6] { 0.5 * (x >> Conv2d(3, 1) >> Silu) }

    #[inspect]
    #[input_gradients]
    Attending(x: [dyn T, 8]) -> [T, 8] {
        let scores = mask_future(matmul(x, transpose(x)));
        matmul(softmax(scores), x) >> LayerNorm() >> Shaken::<8>()
    }
    loss mse

    #[inspect]
    Fragile(x: [3]) -> [3] {
        let w = param([3], init = ones);
        let mut kept = x;
        for _ in 0..3 {
            kept = kept + 0 * kept;
        }
        let h = kept * w;
        sqrt(h)
    }
    loss mse

    Unseen(x: [3]) -> [3] { log(x * param([3], init = ones)) }
    loss mse
}

/// Compares a value that is reported with the value itself.
#[track_caller]
fn is_that(row: &Inspected, values: &[f64]) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let deviation = (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    assert!((row.mean - mean).abs() < 1e-12, "{row:?} {mean}");
    assert!((row.deviation - deviation).abs() < 1e-12, "{row:?} {deviation}");
}

fn row<'a>(rows: &'a [Inspected], name: &str) -> &'a Inspected {
    let found = rows.iter().find(|row| row.name == name || row.layer == name);
    found.unwrap_or_else(|| panic!("no `{name}` in {rows:#?}"))
}

/// Compares the gradients of inputs with differences of the loss.
#[track_caller]
fn differences<N>(net: &N, lengths: &[usize], samples: usize)
where
    N: InputGradients<Scalar = f64>,
    N::InputGradients: Flat<f64>,
    for<'a> Fed<'a, f64>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
{
    let x = Batch::random_at(N::INPUTS, samples, lengths, 3);
    let t = Batch::random_at(N::TARGETS, samples, lengths, 4);
    let (loss, gradients) = net.input_gradients(x.feed(), t.feed()).unwrap();
    assert!((loss - net.loss(x.feed(), t.feed()).unwrap()).abs() < 1e-12);
    let gradients: Vec<f64> = gradients.flat().concat();
    let mut at = 0;
    for column in 0..N::INPUTS.len() {
        let Some(len) = x.reals(column).map(<[f64]>::len) else { continue };
        let mut moves = 0;
        for i in 0..len {
            let loss = |step: f64| {
                let mut x = x.clone();
                x.reals_mut(column)[i] += step;
                net.loss(x.feed(), t.feed()).unwrap()
            };
            let slope = (loss(1e-5) - loss(-1e-5)) / 2e-5;
            assert!((slope - gradients[at + i]).abs() < 1e-8, "{slope} {}", gradients[at + i]);
            moves += usize::from(slope.abs() > 1e-6);
        }
        assert!(moves > 0, "input {column} moves nothing");
        at += len;
    }
    assert_eq!(at, gradients.len());
}

#[test]
fn inputs_have_the_gradients_of_differences() {
    differences::<Mixed<Tanh, f64>>(&<Mixed>::init(1).cast::<f64>(), &[], 5);
    differences::<Mixed<Gelu, f64>>(&Mixed::<Gelu>::init(1).cast::<f64>(), &[], 1);
    differences::<Recurrent<f64>>(&Recurrent::init(2).cast::<f64>(), &[7], 3);
    differences::<Deep<4, f64>>(&<Deep>::init(3).cast::<f64>(), &[], 2);
    differences::<Attending<f64>>(&Attending::init(4).cast::<f64>(), &[5], 2);
}

#[test]
fn values_are_those_of_the_forward_pass() -> Result<(), Error> {
    let net = <Mixed>::init(1).cast::<f64>();
    let x = Batch::<f64>::random_at(<Mixed as Network>::INPUTS, 5, &[], 3);
    let inside = net.inspect(x.feed())?;
    let outer = {
        let mut other = <Mixed2>::init(1).cast::<f64>();
        for own in net.parameters().iter() {
            let mut to = other.parameters_mut();
            to.get(&own.name())?.as_mut_slice().copy_from_slice(own.as_slice());
        }
        other.forward(x.feed())?
    };
    is_that(row(&inside.rows, "h"), outer.0.as_slice());
    is_that(row(&inside.rows, "again"), outer.1.as_slice());
    is_that(row(&inside.rows, "words"), outer.2.as_slice());
    // the shared layer is applied twice
    assert_eq!(inside.rows_of("shared").count(), 2);

    let net = Recurrent::init(1).cast::<f64>();
    let x = Batch::<f64>::random_at(Recurrent::<f64>::INPUTS, 3, &[7], 3);
    let inside = net.inspect(x.feed())?;
    let (ys, zs) = Recurrent2::init(1).cast::<f64>().forward(x.feed())?;
    let hidden: Vec<&Inspected> =
        inside.rows.iter().filter(|row| row.name == "h" && !row.iterations.is_empty()).collect();
    assert_eq!(hidden.len(), 7);
    for (t, row) in hidden.into_iter().enumerate() {
        assert_eq!((row.iterations.as_slice(), row.shape.as_slice()), (&[t][..], &[4][..]));
        let of_step = ys.as_slice().chunks(4).skip(t).step_by(7);
        is_that(row, &of_step.flatten().copied().collect::<Vec<_>>());
        assert_eq!(row.saturated, Some(0.0));
    }
    is_that(row(&inside.rows, "ys"), ys.as_slice());
    is_that(row(&inside.rows, "lstm0"), zs.as_slice());
    assert_eq!(row(&inside.rows, "lstm0").shape, [7, 4]);
    Ok(())
}

#[test]
fn training_is_looked_into_as_it_is() -> Result<(), Error> {
    // without dropout, statistics or loops of another kind the two passes agree
    let net = Recurrent::init(1).cast::<f64>();
    let x = Batch::<f64>::random_at(Recurrent::<f64>::INPUTS, 3, &[7], 3);
    let t = Batch::<f64>::random_at(Recurrent::<f64>::TARGETS, 3, &[7], 4);
    let (plain, training) = (net.inspect(x.feed())?, net.inspect_training(x.feed(), t.feed())?);
    assert_eq!(plain.rows.len(), training.rows.len());
    for (a, b) in plain.rows.iter().zip(&training.rows) {
        assert_eq!((a.title(), &a.iterations, &a.shape), (b.title(), &b.iterations, &b.shape));
        assert!((a.mean - b.mean).abs() < 1e-12 && (a.deviation - b.deviation).abs() < 1e-12);
        assert_eq!((a.saturated, a.dead), (b.saturated, b.dead));
    }
    assert!((training.loss.unwrap() - net.loss(x.feed(), t.feed())?).abs() < 1e-12);
    // the gradient of the last layer's output is known: 2 (y - t) / elements of the batch
    let y = net.forward(x.feed())?;
    let errors = y.as_slice().iter().zip(t.reals(0).unwrap());
    let norm = errors.map(|(y, t)| (2.0 * (y - t) / 42.0).powi(2)).sum::<f64>().sqrt();
    let last = training.rows.iter().find(|row| row.kind == "Linear(2)").unwrap();
    assert!((last.gradient_norm.unwrap() - norm).abs() < 1e-12);

    let net = <Deep>::init(1).cast::<f64>();
    let x = Batch::<f64>::random_at(<Deep as Network>::INPUTS, 4, &[], 3);
    let t = Batch::<f64>::random_at(<Deep as Trainable>::TARGETS, 4, &[], 4);
    let inside = net.inspect_training(x.feed(), t.feed())?;
    assert!((inside.loss.unwrap() - net.gradients(x.feed(), t.feed())?.0).abs() < 1e-12);
    let relu = inside.rows.iter().find(|row| row.kind == "Relu").unwrap();
    assert!(relu.saturated > Some(0.3) && relu.saturated < Some(0.7), "{relu:?}");
    let norm = row(&inside.rows, "batch_norm2d0");
    assert!(norm.mean.abs() < 1e-9 && (norm.deviation - 1.0).abs() < 1e-3, "{norm:?}");
    let silus: Vec<usize> =
        inside.rows.iter().filter(|row| row.kind == "Silu").map(|row| row.iterations[0]).collect();
    assert_eq!(silus, [0, 1, 2, 3]);
    assert!(inside.rows.iter().all(|row| row.gradient_norm.is_some_and(|norm| norm > 0.0)));
    Ok(())
}

#[test]
fn anomalies_have_their_makers() -> Result<(), Error> {
    let mut net = Fragile::init(1);
    let t = [0.5; 6];
    assert!(net.find_anomaly(&[1.0; 6], &t)?.is_none());
    let mut x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    x[4] = -2.0;
    let text = |net: &Fragile, x: &[f32; 6]| {
        net.find_anomaly(x, &t)
            .map(|found| found.map(|found| found.to_string()).unwrap_or_default())
    };
    let line = include_str!("inside.rs").lines().position(|line| line.contains("sqrt(h)"));
    let line = line.map_or(0, |line| line + 1);
    assert_eq!(
        text(&net, &x)?,
        format!(
            "the loss is NaN: `sqrt` on line {line} made the first NaN, from an input of -2 (sample 1, element 1)"
        )
    );
    x[4] = 0.0;
    assert_eq!(
        text(&net, &x)?,
        format!(
            "the gradient of `w` is NaN: the derivative of `sqrt` on line {line} made the first infinity, at an input of 0 (sample 1, element 1)"
        )
    );
    x[4] = f32::NAN;
    assert_eq!(text(&net, &x)?, "the loss is NaN: `x` holds a NaN (sample 1, element 1)");
    x[4] = f32::INFINITY;
    let found = net.find_anomaly(&x, &t)?.unwrap();
    let Some(Origin::Operation { operation, operands, iterations, .. }) = found.origin.as_deref()
    else {
        panic!("{found}")
    };
    // 0 times infinity in the first iteration
    assert!(operation == "*" || operation == "+", "{found}");
    assert!(operands.is_empty() || operands.contains(&f64::INFINITY), "{found}");
    assert!(iterations.len() <= 1, "{found}");
    x[4] = 0.0;
    let before = net.parameters().get("w")?.as_slice().to_vec();
    let Err(Error::Anomaly(anomaly)) = net.checked_train_step(&x, &t, &mut Sgd::new(0.1)) else {
        panic!("an anomaly")
    };
    assert!(matches!(anomaly.symptom, Symptom::Gradient(ref name, _) if name == "w"));
    assert_eq!(net.parameters().get("w")?.as_slice(), before);
    x[4] = 2.0;
    assert!(net.checked_train_step(&x, &t, &mut Sgd::new(0.1))?.is_finite());
    net.parameters_mut().get("w")?.as_mut_slice()[0] = f32::NAN;
    assert!(text(&net, &x)?.contains("the parameter `w` holds a NaN"));
    // without the attribute it says how to know more
    let unseen = Unseen::init(1).find_anomaly(&[0.0; 3], &[0.0; 3])?.unwrap();
    assert!(unseen.origin.is_none() && unseen.to_string().contains("`#[inspect]`"), "{unseen}");
    Ok(())
}
