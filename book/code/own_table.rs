//! The chapter "Your own table": a number that is predicted, as a whole program.

// ANCHOR: program
use monograd::data::csv::{Columns, Encoding, Fill, Table};
use monograd::data::{Dataset, Scaler};
use monograd::{file, prelude::*};
use std::path::Path;
use std::process::ExitCode;

network! {
    /// The mass of a penguin by the encoded columns: one output, for one number.
    pub Mass(x: [12]) -> [1] {
        x >> Linear(16) >> Gelu >> Linear(1)
    }
    loss mse
}

fn main() -> ExitCode {
    let table = std::env::args().nth(1);
    let table = Path::new(table.as_deref().unwrap_or("penguins.csv"));
    let path = Path::new("mass.safetensors");
    match learn(table, path).and_then(|_| ask(path)) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Learns from a table and saves what was learned. Returns the mean error, and that of the simplest guess.
fn learn(table: &Path, path: &Path) -> Result<(f32, f32), Error> {
    let table = Table::read(table)?;
    let [train, test] = table.split([0.8, 0.2], 42)?; // without regard to classes
    let encoding = Columns::new()
        .target("body_mass_g")
        .ignore("year")
        .fill("body_mass_g", Fill::Drop) // nothing to be learned where it is missing
        .fill_others(Fill::Median) // of numbers
        .indicator("sex") // text: neither male nor female where it is missing
        .standardize() // the inputs
        .fit(&train)?;
    println!("{} inputs: {}", encoding.width(), encoding.names().join(", "));
    let (train, test) = (encoding.dataset::<f32>(&train)?, encoding.dataset::<f32>(&test)?);

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

    // what has to be known of the columns and of the targets is saved with the network
    let mut metadata = encoding.metadata();
    metadata.extend(scaler.metadata());
    net.save_with(path, metadata)?;
    Ok((off, mean_off))
}

/// Loads the network and predicts the target of new rows, which have none.
fn ask(path: &Path) -> Result<Vec<f32>, Error> {
    let net = Mass::load(path)?;
    let metadata = file::metadata(path)?;
    let (encoding, scaler) =
        (Encoding::from_metadata(&metadata)?, Scaler::from_metadata(&metadata)?);
    let birds = Table::parse(
        "species,island,sex,bill_length_mm,bill_depth_mm,flipper_length_mm\n\
         Chinstrap,Dream,female,46.5,17.9,192\n\
         Gentoo,Biscoe,NA,49.1,14.8,220\n",
    )?;
    let mut masses = net.forward(&encoding.inputs(&birds)?)?;
    scaler.invert(&mut masses)?;
    for mass in masses.iter() {
        println!("{mass:.0} g");
    }
    Ok(masses.as_slice().to_vec())
}
// ANCHOR_END: program

#[test]
fn a_number_is_predicted() -> Result<(), Error> {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data/penguins.csv");
    let folder = std::env::temp_dir().join(format!("monograd-book-mass-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("mass.safetensors");
    let (off, mean_off) = learn(&table, &path)?;
    assert!(off < 0.5 * mean_off, "{off} {mean_off}");
    let masses = ask(&path)?;
    // the means of female Chinstraps and of Gentoos are 3527 and 5076 g
    assert!(masses.len() == 2 && (masses[0] - 3527.0).abs() < 300.0, "{masses:?}");
    assert!((masses[1] - 5076.0).abs() < 500.0, "{masses:?}");
    let missing = learn(&folder.join("none.csv"), &path).unwrap_err().to_string();
    assert!(missing.contains("none.csv`: "), "{missing}");
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
