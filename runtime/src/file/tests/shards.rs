//! Models of several files.

use super::rules::{PLAIN, counting, taken, tensors};
use super::*;
use crate::file::{Weights, load_with};

const INDEX: &str = "model.safetensors.index.json";

fn index(of: &[(&str, &str)]) -> Vec<u8> {
    let map: Vec<String> = of.iter().map(|(t, s)| format!(r#""{t}":"{s}""#)).collect();
    format!(r#"{{"metadata":{{"total_size":1}},"weight_map":{{{}}}}}"#, map.join(",")).into()
}

/// Returns the message of a failed load, which must name a file.
fn told(path: &std::path::Path) -> String {
    match load_with::<f32>(path, &PLAIN, &Weights::new()) {
        Err(Error::File(error)) => {
            assert!(error.path.is_some());
            error.to_string()
        }
        other => panic!("{other:?}"),
    }
}

fn two(folder: &Directory) -> PathBuf {
    folder.write("1.safetensors", &tensors(&[("q", &[2, 3], 1.0), ("v", &[4, 3], 2.0)]));
    folder.write("2.safetensors", &tensors(&[("k", &[1, 3], 3.0)]));
    let of = [("q", "1.safetensors"), ("k", "2.safetensors"), ("v", "1.safetensors")];
    folder.write(INDEX, &index(&of))
}

#[test]
fn a_model_is_found_by_its_index_or_folder() {
    let folder = Directory::new("shards");
    let path = two(&folder);
    for path in [&path, &folder.0] {
        let values = load_with::<f32>(path, &PLAIN, &Weights::new()).unwrap();
        assert_eq!(taken(&PLAIN, &values, "k"), counting(3.0, 3));
        assert_eq!(taken(&PLAIN, &values, "v"), counting(2.0, 12));
    }
    // a single file comes first
    let all = tensors(&[("q", &[2, 3], 7.0), ("k", &[1, 3], 8.0), ("v", &[4, 3], 9.0)]);
    folder.write("model.safetensors", &all);
    let values = load_with::<f32>(&folder.0, &PLAIN, &Weights::new()).unwrap();
    assert_eq!(taken(&PLAIN, &values, "k"), counting(8.0, 3));
}

#[test]
fn a_folder_without_weights_is_told() {
    let folder = Directory::new("empty");
    let text = told(&folder.0);
    assert!(
        text.ends_with("a folder without `model.safetensors` and `model.safetensors.index.json`")
    );
    folder.write("pytorch_model.bin", b"PK");
    assert!(told(&folder.0).contains("`pytorch_model.bin` in it is not read"));
    assert!(told(&folder.0.join("no.json")).contains("No such file"));
}

#[test]
fn damaged_indices_and_shards_are_told_by_name() {
    let folder = Directory::new("damaged");
    let path = two(&folder);
    let whole = fs::read(&path).unwrap();
    for len in 0..whole.len() {
        fs::write(&path, &whole[..len]).unwrap();
        assert!(told(&path).contains("not a whole index of shards"), "{len}");
    }
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            fs::write(&path, &damaged).unwrap();
            // another name of a shard is not found, of a tensor it does not matter
            let _ = load_with::<f32>(&path, &PLAIN, &Weights::new());
        }
    }
    let indexed = |of: &[(&str, &str)]| {
        fs::write(&path, index(of)).unwrap();
        told(&path)
    };
    assert!(indexed(&[("q", "../1.safetensors")]).contains("shard `../1.safetensors` is not"));
    assert!(indexed(&[("q", "/etc/passwd")]).contains("shard `/etc/passwd` is not a file beside"));
    assert!(indexed(&[("q", "3.safetensors")]).contains("3.safetensors`: No such file"));
    // the index as its own shard, in a circle, is no safetensors file
    assert!(indexed(&[("q", INDEX)]).contains("not a whole safetensors file"));
    assert!(indexed(&[("q", "1.safetensors")]).contains("no tensor `k` ([1, 3])"));
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("loop.safetensors", folder.0.join("loop.safetensors")).unwrap();
        assert!(indexed(&[("q", "loop.safetensors")]).contains("loop.safetensors`: "));
    }
    fs::create_dir_all(folder.0.join("dir.safetensors")).unwrap();
    assert!(indexed(&[("q", "dir.safetensors")]).contains("a folder, not a regular file"));
    // the same tensor in two shards
    folder.write("3.safetensors", &tensors(&[("q", &[2, 3], 1.0)]));
    let twice = indexed(&[("q", "1.safetensors"), ("k", "2.safetensors"), ("v", "3.safetensors")]);
    assert!(twice.contains("3.safetensors`: tensors `q` and `q` of `"), "{twice}");
    assert!(twice.contains("1.safetensors` are both for parameter `q`"), "{twice}");
    // a damaged shard, at every byte of its header
    let shard = fs::read(folder.0.join("2.safetensors")).unwrap();
    let of = [("q", "1.safetensors"), ("k", "2.safetensors")];
    for len in 0..shard.len() {
        folder.write("2.safetensors", &shard[..len]);
        let text = indexed(&of);
        assert!(text.contains("2.safetensors`: not a whole safetensors file"), "{len}: {text}");
    }
    let mut nan = shard.clone();
    let end = nan.len();
    nan[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    folder.write("2.safetensors", &nan);
    assert!(indexed(&of).contains("2.safetensors`: tensor `k` has NaN at [0, 2]"));
}
