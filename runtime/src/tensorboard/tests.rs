use super::checksum::crc32c;
use super::*;
use std::process::Command;

/// The events that the test of the bytes and the reader see.
fn example<W: Write>(to: W) -> io::Result<W> {
    let mut events = EventWriter::new(to, 1.5)?;
    events.scalar("loss", 3, 0.25)?;
    events.scalar("loss", 300, 0.0)?;
    events.scalar("accuracy/é", 1 << 40, -1e-3)?;
    events.histogram("weight", 7, &[-1.0_f32, 0.5, 2.0, f32::NAN])?;
    events.histogram("constant", 7, &[2.0_f64; 5])?;
    events.histogram::<f32>("nothing", 7, &[])?;
    events.into_inner()
}

#[test]
fn checksums_are_those_of_the_standard() {
    // RFC 3720, B.4
    assert_eq!(crc32c(&[0; 32]), 0x8a91_36aa);
    assert_eq!(crc32c(&[0xff; 32]), 0x62a8_ab43);
    assert_eq!(crc32c(b"123456789"), 0xe306_9283);
}

/// The bytes are those of TensorBoard's own messages and records, which `tensorboard/events.py` has written.
#[test]
fn bytes_are_tensorboards() {
    let bytes = example(Vec::new()).unwrap();
    let expected = include_bytes!("../../tests/tensorboard/events.bin");
    assert_eq!(bytes, expected);
}

/// TensorBoard's own reader finds what was written, where Python has it: the interpreter that `TENSORBOARD_PYTHON`
/// names, or `python3`.
#[test]
fn tensorboard_reads_the_file() {
    let python = std::env::var("TENSORBOARD_PYTHON");
    let asked = python.is_ok();
    let python = python.unwrap_or_else(|_| "python3".to_owned());
    let has = Command::new(&python).args(["-c", "import tensorboard"]).output();
    if !asked && !has.is_ok_and(|output| output.status.success()) {
        println!("there is no TensorBoard for {python}, so its reader is not tried");
        return;
    }
    let folder = std::env::temp_dir().join(format!("monograd-tensorboard-{}", process::id()));
    let mut events = EventWriter::create(folder.join("run")).unwrap();
    assert!(events.path().starts_with(&folder));
    for step in 0..3 {
        events.scalar("loss", step, 1.0 / (step + 1) as f64).unwrap();
    }
    events.histogram("weight", 2, &[-1.0_f32, 0.5, 2.0]).unwrap();
    drop(events);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tensorboard/read.py");
    let output = Command::new(&python).arg(script).arg(folder.join("run")).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let (text, error) = (
        String::from_utf8_lossy(&output.stdout).replace('\r', ""),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    let expected =
        "loss 0 1.0\nloss 1 0.5\nloss 2 0.3333333432674408\nweight 2 -1.0 2.0 3.0 1.5 5.25\n";
    assert_eq!(text, expected, "{error}");
}
