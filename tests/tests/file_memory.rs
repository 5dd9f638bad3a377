//! Checks that reading a file allocates little more than its parameters or numbers, whatever its header says.

use monograd::data::{array, csv, wav};
use monograd::layout::{Parameter, buffer_len, place};
use monograd::{Error, FileProblem, Init, Weights, file};
use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the allocated bytes, and their peak.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

fn add(bytes: usize) {
    let now = NOW.fetch_add(bytes, Ordering::Relaxed) + bytes;
    MOST.fetch_max(now, Ordering::Relaxed);
}

// SAFETY: every call is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(at, layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // the old and the new allocation may exist at the same time
        add(size);
        NOW.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Serialises the tests, since the count is that of the whole process.
static ALONE: Mutex<()> = Mutex::new(());

/// Returns the peak of bytes that `f` allocates, in addition to those allocated before.
fn peak<R>(f: impl FnOnce() -> R) -> (usize, R) {
    let before = NOW.load(Ordering::SeqCst);
    MOST.store(before, Ordering::SeqCst);
    let result = f();
    (MOST.load(Ordering::SeqCst) - before, result)
}

const fn one(name: &'static str, shape: &'static [usize]) -> Parameter {
    Parameter::new(name, shape, Init::Constant(0.0))
}

/// A directory for one test, deleted when it is dropped.
struct Directory(std::path::PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("monograd-peak-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns the peak of loading a file with this header, the length of the file, and the problem.
fn refused(name: &str, header: &str, data: usize) -> (usize, usize, FileProblem) {
    static LAYOUT: [Parameter; 1] = place([one("w", &[2])]);
    let directory = Directory::new(name);
    let path = directory.0.join("net.safetensors");
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.resize(bytes.len() + data, 0);
    fs::write(&path, &bytes).unwrap();
    let (peak, outcome) = peak(|| file::load::<f32>(&path, &LAYOUT));
    match outcome {
        Err(Error::File(error)) => (peak, bytes.len(), error.problem),
        other => panic!("{:?}", other.map(|values| values.len())),
    }
}

/// A layout of a large matrix that is transposed in memory, one that is not, and small parameters.
#[test]
fn a_network_takes_the_memory_of_its_parameters() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let turned = |shape| one("turned", shape).transposed();
    let layouts: [Vec<Parameter>; 4] = [
        place([turned(&[512, 4096]), one("bias", &[512])]).into(),
        place([turned(&[2, 1 << 20]), one("bias", &[2])]).into(),
        place([turned(&[1 << 20, 2]), one("bias", &[2])]).into(),
        place([one("plain", &[512, 4096]), one("bias", &[512])]).into(),
    ];
    let directory = Directory::new("parameters");
    let path = directory.0.join("net.safetensors");
    for layout in &layouts {
        let values: Vec<f32> = (0..buffer_len(layout)).map(|i| i as f32).collect();
        let (saving, saved) = peak(|| file::save(&path, layout, &values));
        saved.unwrap();
        let len = fs::metadata(&path).unwrap().len() as usize;
        assert!(saving < len / 20 + (256 << 10), "saving {len} bytes took {saving}");
        let (loading, loaded) = peak(|| file::load::<f32>(&path, layout));
        assert_eq!(loaded.unwrap()[..1000], values[..1000]);
        assert!(loading < len + len / 20, "loading {len} bytes took {loading}");
    }
}

#[test]
fn a_header_takes_no_more_than_the_file() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let empty = r#"{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"#;
    let many: Vec<String> = (0..100_000).map(|i| format!(r#""t{i}":{empty}"#)).collect();
    let (peak, len, problem) = refused("empty", &format!("{{{}}}", many.join(",")), 0);
    assert!(matches!(problem, FileProblem::MissingTensor { .. }), "{problem:?}");
    assert!(peak < len / 20, "{peak} of {len}");

    // in reverse order
    let count = 50_000;
    let back: Vec<String> = (0..count)
        .rev()
        .map(|i| format!(r#""t{i}":{{"dtype":"U8","shape":[1],"data_offsets":[{i},{}]}}"#, i + 1))
        .collect();
    let (peak, len, problem) = refused("back", &format!("{{{}}}", back.join(",")), count);
    assert!(matches!(problem, FileProblem::MissingTensor { .. }), "{problem:?}");
    assert!(peak < len, "{peak} of {len}");

    let text = "x".repeat(4 << 20);
    let named =
        format!(r#"{{"w":{{"dtype":"F32","shape":[2],"data_offsets":[0,8]}},"{text}":{empty}}}"#);
    let axes = format!(r#"{{"w":{{"dtype":"F32","shape":[{}1]}}}}"#, "1,".repeat(2 << 20));
    let deep = format!(r#"{{"w":{}"#, "[".repeat(4 << 20));
    let ignored = format!(r#"{{"__metadata__":{{"a":"{text}"}},"v":{empty}}}"#);
    let pairs: Vec<String> = (0..400_000).map(|i| format!(r#""{i}":"""#)).collect();
    let pairs = format!(r#"{{"__metadata__":{{{}}}}}"#, pairs.join(","));
    for (name, header, data, times) in [
        ("name", &named, 8, 1),
        ("axes", &axes, 0, 1),
        ("deep", &deep, 0, 1),
        ("ignored", &ignored, 0, 1),
        ("pairs", &pairs, 0, 1),
    ] {
        let (peak, len, _) = refused(name, header, data);
        assert!(peak < times * len, "{name}: {peak} of {len}");
    }

    let directory = Directory::new("metadata");
    let path = directory.0.join("net.safetensors");
    let bytes = [&(pairs.len() as u64).to_le_bytes(), pairs.as_bytes()].concat();
    fs::write(&path, &bytes).unwrap();
    let (peak, outcome) = self::peak(|| file::metadata(&path));
    assert!(outcome.is_err() && peak < 4 * bytes.len(), "{peak} of {}", bytes.len());
}

/// Files of another program: names, orientations and numbers of tensors differ from the network's.
#[test]
fn rules_and_shards_take_no_copy() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let directory = Directory::new("rules");
    let their: [&[Parameter]; 2] = [
        &place([one("net.a.weight", &[700, 1500]), one("net.qkv", &[1500, 2100])]),
        &place([one("net.x.q", &[200, 1000]), one("net.x.k", &[800, 1000]), one("lm", &[9])]),
    ];
    let mut files = 0;
    for (i, layout) in their.iter().enumerate() {
        let values: Vec<f32> = (0..buffer_len(layout)).map(|i| i as f32).collect();
        let path = directory.0.join(format!("{i}.safetensors"));
        file::save(&path, layout, &values).unwrap();
        files += fs::metadata(path).unwrap().len() as usize;
    }
    let index = r#"{"weight_map":{"a":"0.safetensors","b":"1.safetensors"}}"#;
    fs::write(directory.0.join("model.safetensors.index.json"), index).unwrap();
    let own = [
        one("a.weight", &[1500, 700]),
        one("b.q", &[700, 1500]).transposed(),
        one("b.k", &[1400, 1500]),
        one("joined", &[1000, 1000]).transposed(),
    ];
    let rules = Weights::new()
        .prefix("net.")
        .transpose("a.weight")
        .transpose("qkv")
        .split("qkv", ["b.q", "b.k"])
        .join(["x.q", "x.k"], "joined")
        .ignore("lm");
    let (loading, loaded) = peak(|| file::load_with::<f32>(&directory.0, &place(own), &rules));
    let loaded = loaded.unwrap();
    assert_eq!((loaded[0], loaded[1], loaded[700]), (0.0, 1500.0, 1.0));
    assert!(loading < files + files / 20, "loading {files} bytes took {loading}");

    // a shard whose name is as long as its index, and an index of many names
    let empty = r#""s""#;
    let many: Vec<String> = (0..100_000).map(|i| format!(r#""t{i}":{empty}"#)).collect();
    for index in [
        format!(r#"{{"weight_map":{{"a":"{}"}}}}"#, "x".repeat(4 << 20)),
        format!(r#"{{"weight_map":{{"{}":"a"}}}}"#, "x".repeat(4 << 20)),
        format!(r#"{{"weight_map":{{{}}}}}"#, many.join(",")),
    ] {
        let path = directory.0.join("model.safetensors.index.json");
        fs::write(&path, &index).unwrap();
        let (peak, outcome) = peak(|| file::load_with::<f32>(&path, &place(own), &rules));
        assert!(outcome.is_err() && peak < index.len() / 4, "{peak} of {}", index.len());
    }
}

/// Returns the bytes as gzip packs them.
fn pack(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// Files of data that tell of more than they have, or unpack to more than they tell of.
#[test]
fn data_takes_no_more_than_it_is() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let directory = Directory::new("data");
    let path = directory.0.join("data");
    let idx = |size: u32| [&[0, 0, 8, 1], &size.to_be_bytes()[..]].concat();
    let file = |parts: &[&[u8]]| {
        fs::write(&path, parts.concat()).unwrap();
        fs::metadata(&path).unwrap().len() as usize
    };
    let array = |most: usize, parts: &[&[u8]]| {
        let len = file(parts);
        let (peak, outcome) = peak(|| array::read::<f32>(&path));
        assert!(outcome.is_err() && peak < most, "{peak} of {len}, {:?}", outcome.err());
    };
    // 1 GB of zeros in 1 MB, behind an array of 4 numbers, and as an array that tells of more than that
    let (zeros, slack) = (pack(&vec![0; 1 << 20]).repeat(1 << 10), 1 << 18);
    array(slack, &[&pack(&[&idx(4)[..], &[1; 4]].concat()), &zeros]);
    array(slack, &[&pack(&idx(1 << 31)), &zeros]);
    // what could be there is made room for, and no more
    array((4 << 20) + slack, &[&pack(&idx(1 << 20)), &zeros[..zeros.len() / 1024 - 8]]);
    array(slack, &[&idx(u32::MAX), &[0; 100]]);

    // a header of a recording that tells of 4 GB, and one of 2 GB of another chunk
    let recording = wav::Recording::mono(8_000, vec![0.5; 1 << 18]);
    wav::write(&path, &recording).unwrap();
    let whole = fs::read(&path).unwrap();
    let data = whole.windows(4).position(|tag| tag == b"data").unwrap();
    for (tag, size) in [(b"data", u32::MAX - 3), (b"LIST", i32::MAX as u32)] {
        let len = file(&[&whole[..data], tag, &size.to_le_bytes(), &whole[data + 8..]]);
        let (peak, outcome) = peak(|| wav::read(&path));
        assert!(outcome.is_err() && peak < slack, "{peak} of {len}");
    }
    let (taken, outcome) = peak(|| wav::parse(&whole));
    assert!(outcome.is_ok() && taken < whole.len() + slack, "{taken} of {}", whole.len());

    // a quote that makes one field of all that follows: the field and its copies
    let len = file(&[b"a,b\n1,\"2\n", &b"3,4\n".repeat(1 << 20)]);
    let (peak, outcome) = peak(|| csv::Table::read(&path));
    assert!(outcome.is_err() && peak < 6 * len, "{peak} of {len}");
}

/// Checks that allocations are counted.
#[test]
fn a_copy_takes_its_bytes() {
    let _alone = ALONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let (bytes, _) = peak(|| vec![1_u8; 1 << 20]);
    assert!((1 << 20..2 << 20).contains(&bytes), "{bytes}");
}
