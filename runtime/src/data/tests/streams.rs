use super::*;
use array::{ArrayFile, Format, NumberType};
use std::path::{Path, PathBuf};

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("monograd-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Writes the inputs and targets of `count` samples to raw files.
fn files(folder: &Path, count: usize) -> (ArrayFile<f32>, ArrayFile<u32>) {
    let (x, y) = (folder.join("x"), folder.join("y"));
    let inputs: Vec<u8> = (0..2 * count).flat_map(|i| ((i / 2) as f32).to_le_bytes()).collect();
    let targets: Vec<u8> = (0..count).flat_map(|i| (i as u16).to_le_bytes()).collect();
    std::fs::write(&x, inputs).unwrap();
    std::fs::write(&y, targets).unwrap();
    let inputs = Format::Raw { numbers: NumberType::F32, shape: vec![count, 2] };
    let targets = Format::Raw { numbers: NumberType::U16, shape: vec![count] };
    (ArrayFile::open_as(x, &inputs).unwrap(), ArrayFile::open_as(y, &targets).unwrap())
}

fn samples<S>(stream: &mut Streamed<S>, epoch: u64) -> Vec<Vec<u32>>
where
    S: Blocks<Inputs = Tensor, Targets = Tensor<u32>>,
{
    let batches = stream.epoch(epoch).unwrap();
    batches
        .map(|batch| {
            let batch = batch.unwrap();
            for (x, y) in batch.0.rows().zip(batch.1.iter()) {
                assert_eq!(x, [*y as f32; 2]);
            }
            batch.1.as_slice().to_vec()
        })
        .collect()
}

#[test]
fn a_stream_has_every_sample_once() {
    let folder = Folder::new("stream");
    let all: Vec<u32> = (0..20).collect();
    let mut plain = Streamed::new(files(&folder.0, 20), 6);
    for _ in 0..2 {
        let batches = samples(&mut plain, 0);
        assert_eq!(batches.concat(), all);
        assert_eq!(batches.iter().map(Vec::len).collect::<Vec<_>>(), [6, 6, 6, 2]);
    }
    assert_eq!(plain.count(), Some(4));
    assert_eq!(samples(&mut Streamed::new(files(&folder.0, 20), 6).drop_last(), 0).len(), 3);
    for held in [0, 1, 7, 20, 1000] {
        let mut mixed = Streamed::new(files(&folder.0, 20), 6).shuffle(1, held);
        let first = samples(&mut mixed, 0);
        let mut sorted = first.concat();
        sorted.sort_unstable();
        assert_eq!(sorted, all);
        assert_eq!(first.concat() != all, held > 1);
        assert_eq!(samples(&mut mixed, 0), first);
        assert_eq!(samples(&mut mixed, 1) != first, held > 1);
        // no sample comes before it is read
        let early = |(at, sample): (usize, &u32)| *sample as usize <= at + held.max(1);
        assert!(first.concat().iter().enumerate().all(early));
    }
    // left early, and begun again
    let mut stream = Streamed::new(files(&folder.0, 20), 6).shuffle(1, 7);
    assert!(stream.epoch(0).unwrap().next().is_some());
    assert_eq!(samples(&mut stream, 3).concat().len(), 20);
    let mut ahead = Prefetch::new(stream, 2);
    assert_eq!(Batches::<Scores>::epoch(&mut ahead, 0).unwrap().map(Result::unwrap).count(), 4);
}

#[test]
fn errors_of_files_are_those_of_the_stream() {
    let folder = Folder::new("stream-errors");
    let (x, _) = files(&folder.0, 20);
    let (_, y) = files(&folder.0, 19);
    let error = Streamed::new((x, y), 6).epoch(0).unwrap_err().to_string();
    assert_eq!(error, "20 samples, but 19 beside them");
    let mut stream = Streamed::new(files(&folder.0, 20), 6);
    samples(&mut stream, 0);
    std::fs::write(folder.0.join("y"), [0; 8]).unwrap(); // shorter than it was
    let items: Vec<_> = stream.epoch(1).unwrap().collect();
    assert!(items.last().unwrap().as_ref().unwrap_err().to_string().contains("it ends after"));
    assert!(Streamed::new(files(&folder.0, 20), 0).epoch(0).is_err());
    assert!(ArrayFile::<f32>::open(folder.0.join("none")).is_err());
}
