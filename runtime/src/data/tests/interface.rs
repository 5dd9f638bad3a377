use super::*;
use crate::source::Feed;

network! {
    Line(x: [1]) -> [1] { x >> Linear(1) }
    loss mse
}

network! {
    Same(left: [2], right: [2]) -> [3] { left * right >> Linear(3) }
    loss cross_entropy
}

network! {
    Copied(x: [2]) -> [2] { x >> Linear(2) }
    loss |y| mean(y * y)
}

/// Takes a step with every batch of an epoch, and returns the numbers of samples.
fn pass<N: Trainable<Scalar = f32>>(net: &mut N, data: &mut impl Batches<N>) -> Vec<usize> {
    let mut optimizer = Sgd::new(0.1);
    let mut samples = Vec::new();
    for batch in data.epoch(0).unwrap() {
        let batch = batch.unwrap();
        net.train_step(batch.inputs(), batch.targets(), &mut optimizer).unwrap();
        samples.push(batch.samples());
    }
    samples
}

#[test]
fn pairs_of_one_and_of_several_inputs() {
    let (x, y) = (vec![0.5_f32; 5], vec![1.0_f32; 5]);
    let mut line = Line::init(1);
    assert_eq!(pass(&mut line, &mut |_| x.chunks(2).zip(y.chunks(2))), [2, 2, 1]);
    assert_eq!(pass(&mut line, &mut |_| [(&x, &y)]), [5]);
    assert_eq!(pass(&mut line, &mut |_| [(x.clone(), Tensor::from(y.clone()))]), [5]);
    assert_eq!(pass(&mut line, &mut &[([0.5], [1.0]), ([0.5], [2.0])][..]), [1, 1]);
    let pairs = |_| [(([[0.5, 1.0]; 3], vec![1.0; 6]), [0_u32, 1, 2])];
    assert_eq!(pass(&mut Same::init(1), &mut { pairs }), [3]);
    let borrowed = [0.5; 6];
    assert_eq!(pass(&mut Same::init(1), &mut |_| [((&borrowed, &borrowed), [0_u32, 1, 2])]), [3]);
    assert_eq!(pass(&mut Copied::init(1), &mut |_| [([0.5; 4], ())]), [2]);
    assert_eq!(Batches::<Line>::batches(&&[([0.5], [1.0])][..]), Some(1));
}

/// A batch that is no pair: rows of a table in which the target stands last.
struct Rows(Vec<f32>, Vec<f32>);

impl Batch<Line> for Rows {
    fn samples(&self) -> usize {
        self.0.len()
    }

    fn inputs(&self) -> impl Feed<(&[f32],)> {
        &self.0
    }

    fn targets(&self) -> impl Feed<(&[f32],)> {
        &self.1
    }
}

/// Batches that are no closure.
struct Counted(u64);

impl Batches<Line> for Counted {
    type Batch = Rows;

    fn epoch(
        &mut self,
        epoch: u64,
    ) -> Result<impl Iterator<Item = Result<Rows, DataError>>, DataError> {
        if epoch == 7 {
            return Err(DataError::other("the eighth epoch"));
        }
        Ok((0..self.0).map(|at| Ok(Rows(vec![at as f32; 3], vec![0.5; 3]))))
    }

    fn batches(&self) -> Option<u64> {
        Some(self.0)
    }
}

#[test]
fn batches_of_ones_own() {
    let mut data = Counted(2);
    assert_eq!(pass(&mut Line::init(1), &mut data), [3, 3]);
    assert_eq!(data.epoch(7).err().unwrap().to_string(), "the eighth epoch");
    let mut data = fallible(|_| [Ok(([0.5], [1.0])), Err("a bad line")]);
    let mut batches = Batches::<Line>::epoch(&mut data, 0).unwrap();
    assert!(batches.next().unwrap().is_ok());
    let error = batches.next().unwrap().unwrap_err();
    assert_eq!(Error::from(error).to_string(), "a bad line");
}

/// Inputs that do not fit are no samples, and an error of the step.
#[test]
fn batches_that_do_not_fit() {
    let batch = ([0.5_f32; 3], [0_u32]);
    assert_eq!(Batch::<Scores>::samples(&batch), 0);
    let net = Scores::init(1);
    let error = net.loss(Batch::<Scores>::inputs(&batch), Batch::<Scores>::targets(&batch));
    assert!(error.unwrap_err().to_string().starts_with("`x` has 3 scalars"));
}
