//! Beside an error, a network has the types of its signature, and its constants have no value: code
//! that tells the types by them, and assertions about the constants, report nothing.
use monograd::prelude::*;

network! {
    Points<A: Activation = Gelu, const H: usize = 8>(point: [2]) -> [2] {
        point >> Lienar(H) >> A >> Linear(2)
    }
    loss cross_entropy
}

network! {
    Words(tokens: u32[dyn T], scale: []) -> ([T, 4], [4]) {
        let table = param([10, 4], init = zeros);
        let h = gather(table, tokens) * scale;
        (h, mean(h, axis = 0) + hh)
    }
    loss |y, z, h, t: [T, 4], class: u32| mse(y, t) + cross_entropy(z, class) + mean(h)
}

network! {
    Half(x: f32[3], y: [4]) -> [4] { y >> Linear(4) }
    loss CrossEntropyLoss(label_smoothing = 0.1)
}

const _: () = assert!(Points::<Gelu, 8>::PARAMS <= 3 && Points::<Tanh, 8>::FLOPS == 7);
const _: () = assert!(Words::LAYOUT.len() == 1 && <Words as Network>::OUTPUTS.len() == 2);
const _: [u8; 42] = [0; Half::PARAMS];

struct Sized<const N: usize>;

fn accuracy<N>(net: &N, points: &[f32]) -> Result<usize, Error>
where
    N: for<'a> Network<Scalar = f32, Inputs<'a> = (&'a [f32],), Output = Tensor<f32>>,
{
    Ok(net.forward(points)?.argmax().len())
}

fn step<N, T: Scalar>(net: &N, x: &[u32], y: &[T]) -> Result<T, Error>
where
    N: for<'a> Trainable<
            Scalar = T,
            Inputs<'a> = (&'a [u32], &'a [T]),
            Targets<'a> = (&'a [T], &'a [u32]),
        >,
{
    net.loss((x, y), (y, x))
}

fn main() -> Result<(), Error> {
    let mut points = Points::init(1);
    println!("{}", Points::<Relu, 4>::summary());
    points.train_step(&Tensor::zeros([4, 2]), &[1, 0, 1, 0], &mut Sgd::new(0.1))?;
    points.forward(&Tensor::zeros([4, 2]))?;
    accuracy(&points, &[1.0, 2.0])?;
    let _: Sized<{ Points::<Tanh, 8>::PARAMS }> = Sized::<3>;
    const { assert!(Points::<Gelu, 8>::WORKSPACE + Points::<Gelu, 8>::TRAIN_WORKSPACE == 1) };

    let mut words = Words::init(1).cast::<f64>();
    println!("{}", Words::summary());
    println!("{}", Words::cost(&[5])?.flops);
    step(&words, &[1, 2], &[0.5, 0.25])?;
    let (all, last) = words.forward((&[1, 2], &[0.5]))?;
    println!("{:?} {:?}", all.shape(), last.shape());
    words.train_step((&[1], &[0.5]), (&Tensor::zeros([1, 4]), &[3]), &mut Adam::new(0.1))?;

    let mut half = Half::init(1);
    println!("{}", Half::summary());
    half.train_step((&Tensor::zeros([1, 3]), &Tensor::zeros([1, 4])), &[3], &mut Sgd::new(0.1))?;
    Ok(())
}
// mistakes: 4
