//! Reads MNIST, Fashion-MNIST, or any folder of their format: `cargo run --release --example mnist -- FOLDER`.
//!
//! The folder has the files `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
//! `t10k-labels-idx1-ubyte`, packed (`.gz`) or not. Without a folder, it reads the digits of 8x8 pixels that are part of
//! this program.

use monograd::data::{Augment, Dataset, Prefetch, array};
use monograd::prelude::*;
use monograd::schedule::Cosine;
use monograd_examples::Outcome;
use monograd_examples::data::digits;
use monograd_examples::terminal::finish;
use std::path::Path;
use std::process::ExitCode;

// ANCHOR: network
network! {
    /// Ten classes of grey images of `S` by `S` pixels.
    pub Mnist<const S: usize>(x: [S, S]) -> [10] {
        let body = reshape(x, [1, S, S]) >> Conv2d(16, 3, padding = 1) >> Relu >> MaxPool2d(2);
        body >> Conv2d(32, 3, padding = 1) >> Relu >> MaxPool2d(2) >> Flatten() >> Linear(10)
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network

/// Images and their classes.
type Images = Dataset<Tensor, Tensor<u32>>;

fn main() -> ExitCode {
    finish(match std::env::args().nth(1) {
        Some(folder) => {
            of_folder(folder.as_ref()).and_then(|(train, test)| run::<28>(&train, &test, 3))
        }
        None => {
            let (train, test) = digits::split();
            run::<8>(&of_program(train), &of_program(test), 15)
        }
    })
}

/// Learns from images, and tells how many of the others it reads right.
fn run<const S: usize>(train: &Images, test: &Images, epochs: u64) -> Outcome {
    println!("{}", Mnist::<S>::summary());
    let net = learn::<S>(train, epochs, 42)?;
    println!("test: {}", net.measure(test.inputs(), test.targets())?);
    net.save("mnist.safetensors")?;
    println!("saved mnist.safetensors");
    Ok(())
}

/// Returns the digits of this program.
fn of_program(digits: digits::Dataset) -> Images {
    let images = Tensor::from_slice([digits.len(), 8, 8], digits.images.as_flattened());
    let images = images.expect("64 pixels each");
    Dataset::new(images, Tensor::from(digits.labels)).expect("a label for each")
}

// ANCHOR: read
/// Reads the images of a folder: those to learn from, and the others.
fn of_folder(folder: &Path) -> Outcome<(Images, Images)> {
    let find = |name: String| {
        let path = folder.join(name);
        if path.exists() { path } else { path.with_added_extension("gz") }
    };
    let read = |part: &str| -> Outcome<Images> {
        let mut images: Tensor = array::read(find(format!("{part}-images-idx3-ubyte")))?;
        let labels: Tensor<u32> = array::read(find(format!("{part}-labels-idx1-ubyte")))?;
        // from -1 (paper) to 1 (ink): networks learn faster if inputs are around zero
        images.as_mut_slice().iter_mut().for_each(|pixel| *pixel = *pixel / 127.5 - 1.0);
        Ok(Dataset::new(images, labels)?)
    };
    Ok((read("train")?, read("t10k")?))
}
// ANCHOR_END: read

/// Trains a new network on nine tenths of the images, each moved a little whenever it is seen.
fn learn<const S: usize>(images: &Images, epochs: u64, seed: u64) -> Outcome<Mnist<S>> {
    const LEARNING_RATE: f64 = 4e-3;
    let mut net = Mnist::init(seed);
    let mut optimizer = AdamW::new(LEARNING_RATE);
    // ANCHOR: batches
    let [train, validation] = images.split_stratified([0.9, 0.1], seed)?;
    let moves = Augment::new(seed).shift(1).fill(-1.0);
    let batches = train.batches(32).shuffle(seed).augment(moves);
    // ANCHOR_END: batches
    let steps = epochs * batches.count() as u64;
    Trainer::new(&mut net, &mut optimizer)
        .epochs(epochs)
        .schedule(Cosine::new(LEARNING_RATE, 0.0, steps))
        .validation(validation.batches(256))
        .verbose()
        .fit(Prefetch::new(batches, 2))?;
    Ok(net)
}

#[cfg(test)]
mod tests {
    use super::*;
    use monograd::data::csv::{Columns, Table};

    /// Writes digits as IDX files.
    fn write(folder: &Path, part: &str, digits: &digits::Dataset) {
        let file = |name: &str, sizes: &[usize], bytes: &mut dyn Iterator<Item = u8>| {
            let mut all = vec![0, 0, 8, sizes.len() as u8];
            all.extend(sizes.iter().flat_map(|size| (*size as u32).to_be_bytes()));
            all.extend(bytes);
            std::fs::write(folder.join(format!("{part}-{name}-ubyte")), all).unwrap();
        };
        let mut pixels =
            digits.images.as_flattened().iter().map(|x| ((x + 1.0) * 127.5).round() as u8);
        file("images-idx3", &[digits.len(), 8, 8], &mut pixels);
        file("labels-idx1", &[digits.len()], &mut digits.labels.iter().map(|y| *y as u8));
    }

    /// A row of a table is an image: 64 columns, and the digit.
    #[test]
    fn learns_from_a_table() {
        let (train, test) = digits::split();
        let table = |digits: &digits::Dataset| {
            let names: Vec<String> = (0..64).map(|i| format!("pixel{i}")).collect();
            let mut text = format!("digit,{}\n", names.join(","));
            for (image, digit) in digits.images.iter().zip(&digits.labels) {
                let pixels: Vec<String> = image.iter().map(f32::to_string).collect();
                text += &format!("{digit},{}\n", pixels.join(","));
            }
            Table::parse(&text).unwrap()
        };
        let (train, test) = (table(&train), table(&test));
        let encoding = Columns::new().target("digit").fit(&train).unwrap();
        let images = |table: &Table| -> Images {
            let data = encoding.dataset(table).unwrap();
            let count = data.len();
            data.map(|x, digits| (x.reshape([count, 8, 8]).unwrap(), digits)).unwrap()
        };
        let (train, test) = (images(&train), images(&test));
        assert_eq!(train.inputs().as_slice(), of_program(digits::split().0).inputs().as_slice());
        check(&learn::<8>(&train, 2, 1).unwrap(), &test, 0.5);
    }

    /// This share of the digits that were held out is read right; by guessing, it were a tenth.
    fn check(net: &Mnist<8>, test: &Images, least: f32) {
        let measures = net.measure(test.inputs(), test.targets()).unwrap();
        assert!(measures.get("accuracy") > Some(least), "{measures}");
    }

    #[test]
    fn learns_from_files() {
        let folder = std::env::temp_dir().join(format!("monograd-mnist-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (train, test) = digits::split();
        write(&folder, "train", &train);
        write(&folder, "t10k", &test);
        let (train, test) = of_folder(&folder).unwrap();
        assert_eq!((train.len(), test.inputs().shape()), (1438, &[359, 8, 8][..]));
        check(&learn::<8>(&train, 4, 1).unwrap(), &test, 0.8);

        let labels = folder.join("t10k-labels-idx1-ubyte");
        std::fs::write(&labels, [0, 0, 8, 1, 0, 0, 0, 1]).unwrap();
        let message = of_folder(&folder).unwrap_err().to_string();
        let expected = "`: not a whole IDX file: it has 8 bytes, but its header tells of 9";
        assert!(message.ends_with(expected), "{message}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
