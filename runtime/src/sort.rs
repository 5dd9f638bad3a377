//! Sorting of short lists, by one compiled sort for all types: the standard library's is two thousand lines of
//! LLVM code for every type and comparison, a quarter of a second each to optimise.

use std::cmp::Ordering;

/// Sorts stably, for lists whose sorting nobody waits for.
pub(crate) fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(items.len(), &|a, b| compare(&items[a], &items[b]));
    for place in 0..items.len() {
        // an item that stood at a place before this one has been swapped to where that one's item was
        let mut from = order[place];
        while from < place {
            from = order[from];
        }
        items.swap(place, from);
    }
}

/// Returns the places of the items in their order.
fn order(len: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.sort_by(|a, b| compare(*a, *b));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Philox;

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut random = Philox::new(5).stream(0);
        for len in [0, 1, 2, 3, 7, 17, 33, 250] {
            for kinds in [1, 3, 1000] {
                let mut items: Vec<(usize, usize)> =
                    random.permutation(len).into_iter().map(|x| x % kinds).zip(0..).collect();
                let mut expected = items.clone();
                expected.sort_by_key(|item| item.0);
                sort_by(&mut items, |a, b| a.0.cmp(&b.0));
                assert_eq!(items, expected);
            }
        }
    }
}
