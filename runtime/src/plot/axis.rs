//! The numbers along an axis, and where they are.

/// A range of numbers along some pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// The ends, as logarithms if it is logarithmic.
    low: f64,
    high: f64,
    log: bool,
    /// The pixels of the ends.
    pixels: (f64, f64),
}

/// A number that is marked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    pub value: f64,
    pub label: String,
}

impl Axis {
    /// Returns an axis that shows all values that can be shown, of which `true` as `from_zero` makes 0 one.
    pub fn new(values: impl Iterator<Item = f64>, log: bool, from_zero: bool) -> Self {
        let shown = values.filter(|value| value.is_finite() && (!log || *value > 0.0));
        let zero = (from_zero && !log).then_some(0.0);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in shown.chain(zero) {
            let value = if log { value.log10() } else { value };
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if low == high {
            let around = if log { 0.5 } else { (low.abs() * 0.1).max(0.5) };
            (low, high) = (low - around, high + around);
        }
        Self { low, high, log, pixels: (0.0, 1.0) }
    }

    /// Adds some room at the ends, except at 0.
    pub fn with_room(self) -> Self {
        let room = (self.high - self.low) * 0.04;
        let beyond = |end: f64, room: f64| if end == 0.0 && !self.log { end } else { end + room };
        Self { low: beyond(self.low, -room), high: beyond(self.high, room), ..self }
    }

    pub const fn over(self, first: f64, last: f64) -> Self {
        Self { pixels: (first, last), ..self }
    }

    /// Returns the pixel of a number, or `None` if it cannot be shown.
    pub fn place(&self, value: f64) -> Option<f64> {
        if !value.is_finite() || (self.log && value <= 0.0) {
            return None;
        }
        let value = if self.log { value.log10() } else { value };
        let share = (value - self.low) / (self.high - self.low);
        Some(self.pixels.0 + share * (self.pixels.1 - self.pixels.0))
    }

    /// Returns the pixel of the lower end.
    pub const fn place_of_low(&self) -> f64 {
        self.pixels.0
    }

    /// Returns about `most` numbers to mark, at most a few more.
    pub fn ticks(&self, most: usize) -> Vec<Tick> {
        if self.log {
            return self.log_ticks(most);
        }
        let step = step_of((self.high - self.low) / most.max(1) as f64);
        let (first, last) = ((self.low / step - 1e-9).ceil(), (self.high / step + 1e-9).floor());
        let decimals = decimals_of(step);
        let largest = self.low.abs().max(self.high.abs());
        let count = (last - first).max(0.0) as usize + 1;
        (0..count)
            .map(|i| {
                // no -0
                let value = (first + i as f64) * step + 0.0;
                Tick { value, label: label(value, largest, step, decimals) }
            })
            .collect()
    }

    fn log_ticks(&self, most: usize) -> Vec<Tick> {
        let (first, last) = (self.low.floor() as i32, self.high.ceil() as i32);
        let inside = |value: &f64| {
            let place = value.log10();
            place >= self.low - 1e-9 && place <= self.high + 1e-9
        };
        let decades = self.high - self.low;
        if decades < 0.6 {
            // less than one to four: the numbers of a linear axis
            let linear = Self {
                low: 10_f64.powf(self.low),
                high: 10_f64.powf(self.high),
                log: false,
                ..*self
            };
            return linear.ticks(most.min(5));
        }
        let parts: &[f64] = if decades < 2.5 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let every = ((decades / most.max(1) as f64).ceil() as usize).max(1);
        let values = (first..=last)
            .step_by(every)
            .flat_map(|decade| parts.iter().map(move |part| part * 10_f64.powi(decade)));
        values.filter(inside).map(|value| Tick { value, label: short(value) }).collect()
    }
}

/// Returns the smallest of 1, 2 and 5 times a power of ten that is not smaller.
fn step_of(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    steps
        .into_iter()
        .map(|part| part * power)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(power)
}

fn decimals_of(step: f64) -> usize {
    (-step.log10().floor()).clamp(0.0, 12.0) as usize
}

/// Returns a number as a label of an axis whose labels differ by `step`.
fn label(value: f64, largest: f64, step: f64, decimals: usize) -> String {
    if !(1e-3..1e7).contains(&largest) {
        if value == 0.0 {
            return "0".to_owned();
        }
        // as many digits as tell neighbours apart
        let digits = (value.abs().log10().floor() - step.log10().floor()).clamp(0.0, 8.0) as usize;
        return format!("{value:.digits$e}");
    }
    if largest >= 1e4 && step >= 1e3 && value != 0.0 {
        return format!("{}k", (value / 1e3).round());
    }
    format!("{value:.decimals$}")
}

/// Returns a number in few letters.
pub(super) fn short(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        return "0".to_owned();
    }
    if !(1e-3..1e5).contains(&size) {
        let text = format!("{value:.1e}");
        return text.replace(".0e", "e");
    }
    let decimals = (2.0 - size.log10().floor()).clamp(0.0, 5.0) as usize;
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}
