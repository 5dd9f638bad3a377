//! The chapter "Data".

use monograd::data::csv::{Columns, Csv, Encoding, Fill, Table};
use monograd::data::text::{RandomPassages, Vocabulary};
use monograd::data::{Augment, Batches, DataError, Dataset, Prefetch, Scaler, Streamed, array};
use monograd::prelude::*;
use std::path::{Path, PathBuf};

// ANCHOR: network
network! {
    pub Flowers(x: [2]) -> [3] {
        x >> Linear(16) >> Gelu >> Linear(3)
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("monograd-book-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Returns the lengths and widths of petals, and their kinds.
fn petals() -> (Tensor, Vec<u32>) {
    let lengths = |i: usize| 1.5 + 2.0 * (i % 3) as f32 + 0.1 * (i % 7) as f32;
    let petals = Tensor::from_fn([150, 2], |i| {
        if i % 2 == 0 { lengths(i / 2) } else { 0.5 * lengths(i / 2) + 0.01 * (i % 11) as f32 }
    });
    (petals, (0..150).map(|i| i % 3).collect())
}

#[test]
fn in_memory() -> Result<(), Error> {
    let folder = Folder::new("data");
    let path = folder.file("flowers.safetensors");
    let (petals, kinds) = petals();
    // ANCHOR: memory
    let data = Dataset::new(petals, kinds)?; // the first axis of a tensor counts samples
    let [train, validation, test] = data.split_stratified([0.8, 0.1, 0.1], 42)?;

    let scaler = Scaler::standardize(train.inputs())?;
    let scaled = |part: Dataset<_, _>| {
        let (x, kinds) = part.into_parts();
        Dataset::new(scaler.applied(&x)?, kinds)
    };
    let (train, validation, test) = (scaled(train)?, scaled(validation)?, scaled(test)?);

    let mut net = Flowers::init(42);
    let mut optimizer = AdamW::new(1e-2);
    let mut batches = train.batches(16).shuffle(42);
    for epoch in 0..30 {
        for batch in batches.epoch(epoch)? {
            let (x, kinds) = &*batch?;
            net.train_step(x, kinds, &mut optimizer)?;
        }
    }
    println!("{}", net.measure(validation.inputs(), validation.targets())?);
    net.save_with(&path, scaler.metadata())?;
    // ANCHOR_END: memory
    assert!(net.measure(test.inputs(), test.targets())?.get("accuracy") > Some(0.9));

    // ANCHOR: again
    let net = Flowers::load(&path)?;
    let scaler = Scaler::load(&path)?;
    let logits = net.forward(&scaler.applied(&Tensor::from([[1.7, 0.9]]))?)?;
    println!("kind {}", logits.argmax().as_slice()[0]);
    // ANCHOR_END: again
    assert_eq!(logits.argmax().as_slice(), [0]);
    Ok(())
}

#[test]
fn tables() -> Result<(), Error> {
    let folder = Folder::new("tables");
    std::fs::write(
        folder.file("houses.csv"),
        "area;city;rooms;price\n50;Rome;2;100\n70;Oslo;?;200\n?;Rome;4;150\n60;Bonn;3;120\n",
    )
    .unwrap();
    let path = folder.file("houses.csv");
    // ANCHOR: csv
    let table = Csv::file(&path).delimiter(b';').missing(["?"]).read()?;
    let encoding = Columns::new()
        .target("price")
        .fill("rooms", Fill::MostFrequent)
        .fill_others(Fill::Mean)
        .standardize()
        .fit(&table)?;
    println!("{:?}", encoding.names());
    let data = encoding.dataset::<f32>(&table)?;
    // ANCHOR_END: csv
    assert_eq!(encoding.names(), ["area", "city=Bonn", "city=Oslo", "city=Rome", "rooms"]);
    assert_eq!(data.targets().as_slice(), [100.0, 200.0, 150.0, 120.0]);

    std::fs::write(&path, "area,price\n50,100\n70,2OO\n60,120\n").unwrap();
    // ANCHOR: mistake
    let error = Columns::new().target("price").fit(&Table::read(&path)?).unwrap_err();
    // ANCHOR_END: mistake
    assert!(error.to_string().ends_with(
        "houses.csv`, line 3, column `price`: `2OO` is not a finite number, and 2 others of the column are: correct it, \
         name what stands for a missing value, `Csv::missing`, or take the column for text, `text(\"price\")`"
    ));
    Ok(())
}

fn write_npy(path: &Path, descr: &str, shape: &str, bytes: Vec<u8>) {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut all = b"\x93NUMPY\x01\x00".to_vec();
    all.extend((header.len() as u16).to_le_bytes());
    all.extend(header.bytes());
    all.extend(bytes);
    std::fs::write(path, all).unwrap();
}

#[test]
fn larger_than_memory() -> Result<(), Error> {
    let folder = Folder::new("streams");
    let (petals, kinds) = petals();
    let bytes = petals.iter().flat_map(|x| x.to_le_bytes()).collect();
    write_npy(&folder.file("petals.npy"), "<f4", "(150, 2)", bytes);
    write_npy(&folder.file("kinds.npy"), "|u1", "(150,)", kinds.iter().map(|x| *x as u8).collect());
    let mut table = String::from("length,width,kind\n");
    for (row, kind) in petals.rows().zip(&kinds) {
        table += &format!(
            "{},{},{}\n",
            row[0],
            row[1],
            ["setosa", "versicolor", "virginica"][*kind as usize]
        );
    }
    std::fs::write(folder.file("petals.csv"), table).unwrap();
    let (petals, kinds) = (folder.file("petals.npy"), folder.file("kinds.npy"));
    // ANCHOR: arrays
    let x: Tensor = array::read(&petals)?; // .npy, IDX, or either packed as .gz
    let y: Tensor<u32> = array::read(&kinds)?;
    let data = Dataset::new(x, y)?;
    // ANCHOR_END: arrays
    assert_eq!(data.len(), 150);

    // ANCHOR: stream
    let files = (array::ArrayFile::<f32>::open(&petals)?, array::ArrayFile::<u32>::open(&kinds)?);
    let batches = Streamed::new(files, 16).shuffle(42, 1000); // drawn from the next 1000 samples
    let mut batches = Prefetch::new(batches, 2); // read while a step runs
    // ANCHOR_END: stream
    let (mut net, mut optimizer) = (Flowers::init(1), AdamW::new(2e-2));
    // ANCHOR: generic
    for epoch in 0..30 {
        for batch in Batches::<Flowers>::epoch(&mut batches, epoch)? {
            let (x, kinds) = &*batch?;
            net.train_step(x, kinds, &mut optimizer)?;
        }
    }
    // ANCHOR_END: generic
    assert!(net.measure(data.inputs(), data.targets())?.get("accuracy") > Some(0.9));

    let table = folder.file("petals.csv");
    // ANCHOR: rows
    let csv = Csv::file(&table);
    let encoding = Columns::new().target("kind").standardize().fit(&csv.read_rows(100)?)?;
    let batches = Streamed::new(encoding.rows::<u32>(csv)?, 16).shuffle(42, 1000);
    // ANCHOR_END: rows
    let (mut net, mut optimizer, mut batches) = (Flowers::init(1), AdamW::new(2e-2), batches);
    for epoch in 0..30 {
        for batch in batches.epoch(epoch)? {
            let (x, kinds) = &*batch?;
            net.train_step(x, kinds, &mut optimizer)?;
        }
    }
    let data = encoding.dataset::<u32>(&Table::read(&table)?)?;
    assert!(net.measure(data.inputs(), data.targets())?.get("accuracy") > Some(0.9));
    let again = Encoding::from_metadata(&encoding.metadata())?;
    assert_eq!(again, encoding);
    Ok(())
}

#[test]
fn images_and_text() -> Result<(), DataError> {
    let images = Tensor::<f32>::zeros([20, 1, 8, 8]);
    let classes = vec![0_u32; 20];
    // ANCHOR: images
    let data = Dataset::new(images, classes)?; // [samples, channels, height, width]
    let changes = Augment::new(42).flip(0.5).shift(2).noise(0.05);
    let batches = data.batches(10).shuffle(42).augment(changes);
    // ANCHOR_END: images
    assert_eq!(batches.count(), 2);

    let text = "the cat sat on the mat ".repeat(20);
    // ANCHOR: text
    let vocabulary = Vocabulary::of_text(&text); // its metadata is saved with the network
    let numbers = vocabulary.encode(&text)?;
    let batches = RandomPassages::new(numbers, 32, 16, 100, 42)?; // 100 batches of 16 passages of 32
    // ANCHOR_END: text
    assert_eq!(vocabulary.len(), 10);
    drop(batches);
    Ok(())
}
