//! Tells the species of penguins from a table with missing values and columns of text: from the header of a CSV file to a
//! network that is trained, saved, loaded and asked. `cargo run --release --example tabular`.
//!
//! To make it yours, copy this file to `src/main.rs` of a new project and the table beside `Cargo.toml`:
//! `cargo add monograd --path ../monograd/runtime --features csv`, `cargo run --release -- penguins.csv`.

use monograd::data::Dataset;
use monograd::data::csv::{Columns, Encoding, Fill, Table};
use monograd::{file, prelude::*};
use std::path::Path;
use std::process::ExitCode;

// ANCHOR: network
network! {
    /// The logits of three species by the encoded columns.
    pub Penguin(x: [10]) -> [3] {
        x >> Linear(16) >> Gelu >> Dropout(0.2) >> Linear(3)
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network

/// Inputs and classes of rows.
type Rows = Dataset<Tensor, Tensor<u32>>;

fn main() -> ExitCode {
    let table = std::env::args().nth(1);
    let table = table.as_deref().unwrap_or("examples/data/penguins.csv");
    match run(Path::new(table), Path::new("penguins.safetensors")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Learns from a table, saves what was learned, and tells the species of birds that nobody has seen.
fn run(table: &Path, path: &Path) -> Result<(), Error> {
    // ANCHOR: read
    let table = Table::read(table)?;
    let [train, validation, test] = table.split_stratified("species", [0.6, 0.2, 0.2], 42)?;
    let encoding = Columns::new()
        .target("species")
        .ignore("year")
        .fill_others(Fill::Median) // of numbers
        .indicator("sex") // text: neither male nor female where it is missing
        .standardize()
        .fit(&train)?;
    // ANCHOR_END: read
    println!("{} inputs: {}", encoding.width(), encoding.names().join(", "));

    let rows = |part: &Table| encoding.dataset::<u32>(part);
    let (train, validation, test) = (rows(&train)?, rows(&validation)?, rows(&test)?);
    let net = learn(&train, &validation, 42)?;
    println!("test: {}", net.measure(test.inputs(), test.targets())?);
    // what has to be known of the columns is saved with the network
    net.save_with(path, encoding.metadata())?;
    println!("saved {}", path.display());

    // ANCHOR: predict
    let net = Penguin::load(path)?;
    let encoding = Encoding::from_metadata(&file::metadata(path)?)?;
    let birds = Table::parse(
        "island,sex,bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g\n\
         Dream,female,46.5,17.9,192,3500\n\
         Biscoe,NA,49.1,14.8,220,5150\n",
    )?;
    let logits = net.forward(&encoding.inputs(&birds)?)?;
    for class in logits.argmax().iter() {
        println!("{}", encoding.class_name(*class)?);
    }
    // ANCHOR_END: predict
    Ok(())
}

/// Trains a new network.
fn learn(train: &Rows, validation: &Rows, seed: u64) -> Result<Penguin, Error> {
    let mut net = Penguin::init(seed);
    let mut optimizer = AdamW::new(1e-2);
    Trainer::new(&mut net, &mut optimizer)
        .epochs(30)
        .validation(validation.batches(256))
        .patience(10)
        .verbose()
        .fit(train.batches(32).shuffle(seed))?;
    Ok(net)
}

// A test of the table of penguins and of its column `species`: a copy for another table does without it.
#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// Returns the table where it is here, or beside `Cargo.toml`, as in a copy of this file.
    fn table() -> PathBuf {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let here = folder.join("data/penguins.csv");
        if here.exists() { here } else { folder.join("penguins.csv") }
    }

    #[test]
    fn learns_and_is_saved() {
        let folder = std::env::temp_dir().join(format!("monograd-tabular-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let table = &table();
        let path = folder.join("penguins.safetensors");
        run(table, &path).unwrap();

        let encoding = Encoding::from_metadata(&file::metadata(&path).unwrap()).unwrap();
        assert_eq!(encoding.classes(), ["Adelie", "Chinstrap", "Gentoo"]);
        let [_, _, test] =
            Table::read(table).unwrap().split_stratified("species", [0.6, 0.2, 0.2], 42).unwrap();
        let test = encoding.dataset::<u32>(&test).unwrap();
        let net = Penguin::load(&path).unwrap();
        let measures = net.measure(test.inputs(), test.targets()).unwrap();
        // the most frequent species is 44 % of them
        assert!(test.len() == 69 && measures.get("accuracy") > Some(0.95), "{measures}");

        let wrong = folder.join("wrong.csv");
        std::fs::write(&wrong, "species,year,mass\nAdelie,2007,3750\nGentoo,2007\n").unwrap();
        let message = run(&wrong, &path).unwrap_err().to_string();
        assert!(message.ends_with("wrong.csv`, line 3: 2 fields, but the header has 3: a field with a comma stands in quotes"), "{message}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
