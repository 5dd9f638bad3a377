//! Ranks that are threads.

#[path = "../../tests/mpi/scenarios.rs"]
mod scenarios;

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

#[test]
fn every_scenario_holds_on_threads() {
    for ranks in 1..=4 {
        for (name, scenario) in scenarios::ALL {
            let outcome = Threads::run(ranks, |world| scenario(world));
            assert!(outcome.is_ok(), "{ranks} ranks: {name}: {outcome:?}");
        }
    }
}

#[test]
fn parts_cover_everything_and_differ_by_one_at_most() {
    for size in 1..=7 {
        for samples in [0, 1, 2, 6, 7, 8, 100] {
            let parts = Threads::run(size, |world| Ok::<_, ()>(world.part(samples))).unwrap();
            let mut end = 0;
            for part in &parts {
                assert_eq!(part.start, end);
                end = part.end;
                assert!((samples / size..=samples.div_ceil(size)).contains(&part.len()));
            }
            assert_eq!((parts.len(), end), (size, samples));
        }
    }
}

/// A rank that ends, fails or panics ends the others, which wait for it.
#[test]
fn a_rank_that_ends_is_an_error_on_the_others() {
    type Seen = std::sync::Mutex<Vec<(usize, CollectiveError)>>;
    let seen = Seen::default();
    let run = |how: &(dyn Fn() -> Result<(), String> + Sync)| {
        seen.lock().unwrap().clear();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            Threads::run(3, |world| {
                world.barrier().map_err(|error| error.to_string())?;
                if world.rank() == 1 {
                    return how();
                }
                let error = world.barrier().unwrap_err();
                seen.lock().unwrap().push((world.rank(), error.clone()));
                Err(error.to_string())
            })
        }));
        let mut seen = seen.lock().unwrap().clone();
        seen.sort_by_key(|(rank, _)| *rank);
        (outcome, seen)
    };

    let (outcome, seen) = run(&|| Err("no such file".to_owned()));
    assert_eq!(outcome.unwrap(), Err("no such file".to_owned()));
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|(_, error)| matches!(error, CollectiveError::Failed { .. })));

    let (outcome, seen) = run(&|| Ok(()));
    let text = outcome.unwrap().unwrap_err();
    assert_eq!(text, "rank 1 has ended, but this rank still waits for it");
    assert_eq!(seen.len(), 2);

    let (outcome, seen) = run(&|| panic!("a mistake"));
    assert!(outcome.is_err());
    assert_eq!(seen.len(), 2);
}

#[test]
fn ranks_that_disagree_are_an_error() {
    let outcome = Threads::run(2, |world| {
        let values = vec![1.0_f32; 3 + world.rank()];
        let mut sums = values.clone();
        world.all_reduce_sum(Slice::F32(&values), SliceMut::F32(&mut sums))
    });
    let text = "rank 1 takes part with 4 f32, but rank 0 with 3 f32";
    assert_eq!(outcome.unwrap_err().to_string(), text);
    let outcome = Threads::run(2, |world| match world.rank() {
        0 => world.barrier(),
        _ => world.broadcast(SliceMut::F64(&mut [1.0]), 0),
    });
    let text = "rank 1 takes part with 1 f64, but rank 0 with a barrier";
    assert_eq!(outcome.unwrap_err().to_string(), text);
    let outcome =
        Threads::run(1, |world| world.all_reduce_sum(Slice::F64(&[1.0]), SliceMut::F64(&mut [])));
    assert!(matches!(outcome, Err(CollectiveError::Mismatch { .. })));
}
