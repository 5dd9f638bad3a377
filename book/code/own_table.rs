//! The chapter "Your own table".

use monograd::data::csv::{Columns, Fill, Table};
use monograd::data::{Dataset, Scaler};
use monograd::prelude::*;

// ANCHOR: network
network! {
    /// The mass of a penguin in grams.
    pub Mass(x: [12]) -> [1] {
        x >> Linear(16) >> Gelu >> Linear(1)
    }
    loss mse
}
// ANCHOR_END: network

#[test]
fn a_number_is_predicted() -> Result<(), Error> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/penguins.csv");
    // ANCHOR: rows
    let table = Table::read(path)?;
    let [train, test] = table.split([0.8, 0.2], 42)?;
    let encoding = Columns::new()
        .target("body_mass_g")
        .ignore("year")
        .fill("body_mass_g", Fill::Drop) // nothing to be learned where it is missing
        .fill_others(Fill::Median)
        .indicator("sex")
        .standardize()
        .fit(&train)?;
    let (train, test) = (encoding.dataset::<f32>(&train)?, encoding.dataset::<f32>(&test)?);
    // ANCHOR_END: rows
    println!("{} inputs: {}", encoding.width(), encoding.names().join(", "));

    // ANCHOR: compare
    let scaler = Scaler::standardize(train.targets())?; // grams become deviations from the mean
    let scaled = Dataset::new(train.inputs().clone(), scaler.applied(train.targets())?)?;
    let mut net = Mass::init(42);
    let mut optimizer = AdamW::new(1e-2);
    Trainer::new(&mut net, &mut optimizer).epochs(60).fit(scaled.batches(32).shuffle(42))?;

    let mut guesses = net.forward(test.inputs())?;
    scaler.invert(&mut guesses)?; // and become grams again
    let mean = train.targets().iter().sum::<f32>() / train.len() as f32;
    let (mut off, mut mean_off) = (0.0, 0.0);
    for (guess, mass) in guesses.iter().zip(test.targets().iter()) {
        off += (guess - mass).abs() / test.len() as f32;
        mean_off += (mean - mass).abs() / test.len() as f32;
    }
    println!("off by {off:.0} g; whoever always says the mean is off by {mean_off:.0} g");
    // ANCHOR_END: compare
    assert!(off < 0.5 * mean_off, "{off} {mean_off}");
    Ok(())
}
