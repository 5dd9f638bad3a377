//! Independent trainings side by side, since those of small networks do not fill a processor.

use super::timing::on_one_thread;
use monograd_examples::Outcome;
use std::sync::Mutex;
use std::thread;

/// Returns `f` of each item, in the order of the items. The cores of the machine take items in turn; whatever `f` calls runs
/// on one thread, so that the results do not depend on the number of cores.
///
/// # Errors
/// The first of those of `f`.
///
/// # Panics
/// If `f` does.
pub fn side_by_side<T: Send, R: Send>(
    items: impl IntoIterator<Item = T>,
    f: impl Fn(T) -> Outcome<R> + Sync,
) -> Outcome<Vec<R>> {
    let waiting: Vec<(usize, T)> = items.into_iter().enumerate().collect();
    let threads = thread::available_parallelism().map_or(1, usize::from).min(waiting.len());
    let waiting = Mutex::new(waiting.into_iter());
    let work = || -> Outcome<Vec<(usize, R)>> {
        let next = || waiting.lock().expect("no holder of the lock panics").next();
        let results =
            std::iter::from_fn(next).map(|(place, item)| Ok((place, on_one_thread(|| f(item))?)));
        results.collect()
    };
    let results: Outcome<Vec<Vec<(usize, R)>>> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().expect("a worker does not panic")).collect()
    });
    let mut results: Vec<(usize, R)> = results?.into_iter().flatten().collect();
    results.sort_by_key(|(place, _)| *place);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        let squares = side_by_side(0..20_u64, |i| {
            thread::sleep(std::time::Duration::from_millis(20 - i));
            Ok(i * i)
        });
        assert!(squares.unwrap().into_iter().eq((0..20).map(|i| i * i)));
        assert!(side_by_side(0..0, Ok).unwrap().is_empty());
    }

    #[test]
    fn an_error_is_returned() {
        let result = side_by_side(0..5, |i| if i == 3 { Err("three".into()) } else { Ok(i) });
        assert_eq!(result.unwrap_err().to_string(), "three");
    }
}
