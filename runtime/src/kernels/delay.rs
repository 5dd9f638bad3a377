//! Delays of streams: what was current some steps ago, kept in a ring buffer.

use crate::scalar::Scalar;

/// The ring buffer of the last steps of `[outer, steps, inner]`, and the number of steps before the current
/// ones. Step s is at place s modulo `count`.
#[derive(Clone, Copy, Debug)]
pub struct Ring {
    /// Product of the sizes before the streamed axis.
    pub outer: usize,
    /// Product of the sizes after the streamed axis.
    pub inner: usize,
    /// Number of steps that it holds.
    pub count: usize,
    /// Number of steps before the current ones.
    pub before: usize,
    /// `true` if it is `[outer, count, inner]`, `false` if it is `[count, outer, inner]`.
    pub outer_first: bool,
}

impl Ring {
    /// Returns the position of a step.
    fn place(&self, row: usize, step: usize) -> usize {
        let slot = step % self.count;
        match self.outer_first {
            true => (row * self.count + slot) * self.inner,
            false => (slot * self.outer + row) * self.inner,
        }
    }

    /// Returns the number of steps, up to `most`, that are contiguous from a step on.
    fn run(&self, step: usize, most: usize) -> usize {
        match self.outer_first || self.outer == 1 {
            true => most.min(self.count - step % self.count),
            false => most.min(1),
        }
    }

    /// Returns the number of current steps, of which `now` has the elements.
    fn steps<T>(&self, now: &[T]) -> usize {
        now.len().checked_div(self.outer * self.inner).unwrap_or(0)
    }

    /// Writes one row of what was current `by` steps before each of the current ones; `fill` stands before
    /// the first step.
    fn row<T: Scalar>(
        &self,
        row: usize,
        [by, steps]: [usize; 2],
        fill: T,
        [kept, now]: [&[T]; 2],
        to: &mut [T],
    ) {
        let inner = self.inner;
        let now = &now[row * steps * inner..][..steps * inner];
        let (old, new) = to.split_at_mut(steps.min(by) * inner);
        new.copy_from_slice(&now[..new.len()]);
        let (count, mut done) = (steps.min(by), 0);
        while done < count {
            let step = self.before + done;
            let left = count - done;
            let to = &mut old[done * inner..];
            let run = if step < by {
                let run = left.min(by - step);
                to[..run * inner].fill(fill);
                run
            } else {
                let run = self.run(step - by, left);
                let from = &kept[self.place(row, step - by)..][..run * inner];
                to[..run * inner].copy_from_slice(from);
                run
            };
            done += run;
        }
    }
}

/// y = what was current `by` steps before each of the current ones; `fill` stands before the first step.
///
/// # Panics
/// If a slice does not match the sizes, or the ring holds fewer than `by` steps.
pub fn delayed<T: Scalar>(ring: Ring, by: usize, fill: f64, kept: &[T], now: &[T], y: &mut [T]) {
    let steps = ring.steps(now);
    let len = steps * ring.inner;
    for (row, y) in y.chunks_exact_mut(len.max(1)).take(ring.outer).enumerate() {
        ring.row(row, [by, steps], T::from_f64(fill), [kept, now], y);
    }
}

/// y `[outer, kernel, steps * inner]` = what the taps of a kernel cover, whose last is at the current step;
/// zeros stand before the first step.
///
/// # Panics
/// If a slice does not match the sizes, or the ring holds too few steps.
pub fn taps<T: Scalar>(
    ring: Ring,
    [kernel, dilation]: [usize; 2],
    kept: &[T],
    now: &[T],
    y: &mut [T],
) {
    let steps = ring.steps(now);
    let len = steps * ring.inner;
    for (at, y) in y.chunks_exact_mut(len.max(1)).take(ring.outer * kernel).enumerate() {
        let (row, tap) = (at / kernel, at % kernel);
        let by = (kernel - 1 - tap) * dilation;
        ring.row(row, [by, steps], T::ZERO, [kept, now], y);
    }
}

/// Keeps the current steps in the ring, as many of the last as it holds.
///
/// # Panics
/// If a slice does not match the sizes.
pub fn keep<T: Scalar>(ring: Ring, now: &[T], kept: &mut [T]) {
    let (steps, inner) = (ring.steps(now), ring.inner);
    for row in 0..ring.outer {
        let now = &now[row * steps * inner..][..steps * inner];
        let mut done = steps.saturating_sub(ring.count);
        while done < steps {
            let step = ring.before + done;
            let run = ring.run(step, steps - done);
            kept[ring.place(row, step)..][..run * inner]
                .copy_from_slice(&now[done * inner..][..run * inner]);
            done += run;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of any size give what a plain delay of the whole sequence gives.
    #[test]
    fn blocks_are_delayed_as_the_whole() {
        for (outer, inner, outer_first) in
            [(1, 1, true), (1, 3, false), (4, 1, true), (2, 3, false)]
        {
            for by in [0, 1, 5, 9] {
                let count = by + 1;
                let mut kept = vec![0.0_f32; outer * count * inner];
                let mut before = 0;
                for steps in [1, 7, 1, 1, 3, 17, 2, 33] {
                    let of =
                        |row: usize, step: usize, i: usize| (row * 1000 + step * 10 + i) as f32;
                    let ring = Ring { outer, inner, count, before, outer_first };
                    let now: Vec<f32> = (0..outer * steps * inner)
                        .map(|at| (at / (steps * inner), at / inner % steps, at % inner))
                        .map(|(row, step, i)| of(row, before + step, i))
                        .collect();
                    let (mut y, mut z) = (vec![9.0; now.len()], vec![9.0; now.len() * 2]);
                    delayed(ring, by, -1.0, &kept, &now, &mut y);
                    taps(ring, [2, by], &kept, &now, &mut z);
                    for (at, y) in y.iter().enumerate() {
                        let (row, step) = (at / (steps * inner), before + at / inner % steps);
                        let was = step.checked_sub(by).map(|step| of(row, step, at % inner));
                        assert_eq!(*y, was.unwrap_or(-1.0), "{by} before {step} of {row}");
                        let tap = row * 2 * steps * inner + at % (steps * inner);
                        assert_eq!(z[tap], was.unwrap_or(0.0));
                        assert_eq!(z[tap + steps * inner], now[at]);
                    }
                    keep(ring, &now, &mut kept);
                    before += steps;
                }
            }
        }
    }
}
