use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

type Batch = Arc<(Tensor, Vec<u32>)>;

fn collect(
    data: &mut Prefetch<Loader<Tensor, Vec<u32>>>,
    epoch: u64,
    skipped: usize,
) -> Vec<Vec<u32>> {
    order(Batches::<Scores>::epoch(data, epoch).unwrap().skip(skipped))
}

#[test]
fn batches_are_those_of_one_thread() {
    let mut plain = numbered().batches(3).shuffle(5);
    for ahead in [0, 1, 4] {
        let mut ahead = Prefetch::new(plain.clone(), ahead);
        assert_eq!(Batches::<Scores>::batches(&ahead), Some(7));
        for epoch in 0..3 {
            let expected = order(plain.epoch(epoch).unwrap());
            assert_eq!(collect(&mut ahead, epoch, 0), expected);
            assert_eq!(collect(&mut ahead, epoch, 2), expected[2..]);
        }
        let mut batches = Batches::<Scores>::epoch(&mut ahead, 0).unwrap();
        assert!(batches.next().is_some() && batches.nth(1).is_some());
        drop(batches); // left early
        assert_eq!(collect(&mut ahead, 1, 0), order(plain.epoch(1).unwrap()));
        drop(Batches::<Scores>::epoch(&mut ahead, 0).unwrap()); // never begun
        assert!(ahead.into_inner().is_some());
    }
}

/// Counts what it prepares; fails or panics at the third batch.
struct Broken {
    panics: bool,
    prepared: Arc<AtomicUsize>,
}

impl Batches<Scores> for Broken {
    type Batch = Batch;

    fn epoch(
        &mut self,
        epoch: u64,
    ) -> Result<impl Iterator<Item = Result<Batch, DataError>>, DataError> {
        if epoch == 9 {
            return Err(DataError::other("no such epoch"));
        }
        Ok((0..).map(move |number| {
            self.prepared.fetch_add(1, Ordering::SeqCst);
            match number {
                2 if self.panics => panic!("batch {number}"),
                2 if epoch == 0 => Err(DataError::other("a broken batch")),
                _ => Ok(Arc::new((Tensor::zeros([1, 2]), vec![0]))),
            }
        }))
    }
}

#[test]
fn errors_and_panics_reach_the_consumer() {
    for panics in [false, true] {
        let prepared = Arc::new(AtomicUsize::new(0));
        let mut data = Prefetch::new(Broken { panics, prepared: prepared.clone() }, 1);
        for _ in 0..2 {
            let items: Vec<_> = Batches::<Scores>::epoch(&mut data, 0).unwrap().collect();
            assert_eq!(items.len(), 3);
            let message = items[2].as_ref().unwrap_err().to_string();
            let expected = if panics {
                "a panic while a batch was prepared: batch 2"
            } else {
                "a broken batch"
            };
            assert_eq!(message, expected);
        }
        let mut failed = Batches::<Scores>::epoch(&mut data, 9).unwrap();
        assert_eq!(failed.next().unwrap().unwrap_err().to_string(), "no such epoch");
        assert!(failed.next().is_none());
    }
}

#[test]
fn a_thread_ends_with_its_epoch() {
    let prepared = Arc::new(AtomicUsize::new(0));
    let mut data = Prefetch::new(Broken { panics: false, prepared: prepared.clone() }, 2);
    let mut endless = Batches::<Scores>::epoch(&mut data, 1).unwrap();
    endless.next().unwrap().unwrap();
    drop(endless);
    // the thread is gone, and it was not far ahead
    assert_eq!(Arc::strong_count(&prepared), 2);
    assert!(prepared.load(Ordering::SeqCst) <= 5);
    drop(data);
    assert_eq!(Arc::strong_count(&prepared), 1);
}
