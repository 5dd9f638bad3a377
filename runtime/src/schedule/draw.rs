//! A schedule drawn as text.

use super::Schedule;
use std::fmt::Write;

const COLUMNS: u64 = 60;
const ROWS: usize = 8;
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Draws the rates of the first `steps` steps as columns of text, each the largest rate of its steps; the
/// scale begins at 0.
pub fn draw(schedule: &(impl Schedule + ?Sized), steps: u64) -> String {
    let columns = COLUMNS.min(steps);
    let heights: Vec<f64> = (0..columns)
        .map(|column| {
            let steps = column * steps / columns..(column + 1) * steps / columns;
            // a column of many steps is sampled
            let stride = ((steps.end - steps.start) / 64).max(1) as usize;
            steps.step_by(stride).map(|step| schedule.rate(step)).fold(0.0, f64::max)
        })
        .collect();
    let most = heights.iter().copied().fold(0.0, f64::max);
    let mut text = String::new();
    for row in (0..ROWS).rev() {
        let label = match row {
            0 => "0".to_owned(),
            row if row == ROWS - 1 => format!("{most:.3e}"),
            _ => String::new(),
        };
        let _ = write!(text, "{label:>10} ┤");
        for height in &heights {
            let eighths = if most > 0.0 { height / most * (ROWS * 8) as f64 } else { 0.0 };
            let filled = (eighths.round() as usize).saturating_sub(row * 8).min(8);
            text.push(EIGHTHS[filled]);
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    let width = columns as usize;
    let _ = writeln!(text, "{:>10} └{}", "", "─".repeat(width));
    let _ = writeln!(text, "{:>11} 0{steps:>width$}", "", width = width.saturating_sub(1));
    text
}
