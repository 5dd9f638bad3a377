//! Damaged and hostile checkpoints, histories and states of optimisers: a typed error that can be printed, or a training
//! that goes on, never a panic.

use super::super::{Checkpoints, Fitted, History};
use super::*;
use crate::file;
use crate::metrics::Confusion;
use crate::schedule::ReduceOnPlateau;
use serde_json::Value;

/// Returns a result, and checks that an error is one of files, and fit for a terminal.
#[track_caller]
fn outcome<T>(result: Result<T, Error>) -> Result<T, String> {
    result.map_err(|error| {
        let text = error.to_string();
        assert!(!text.contains(char::is_control) && text.len() < 3000, "{text:?}");
        assert!(matches!(error, Error::File(_) | Error::Train(_) | Error::Step(_)), "{error:?}");
        text
    })
}

/// Returns a safetensors file whose header is changed.
fn changed(bytes: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let end = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let mut header: Value = serde_json::from_slice(&bytes[8..end]).unwrap();
    change(&mut header);
    let header = header.to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &bytes[end..]].concat()
}

/// Returns the metadata of a file by name.
fn notes(bytes: &[u8]) -> Vec<(String, String)> {
    file::read_metadata(bytes).unwrap().into_iter().collect()
}

/// Returns a file with another text in its metadata.
fn noted(bytes: &[u8], name: &str, text: &str) -> Vec<u8> {
    changed(bytes, |header| header["__metadata__"][name] = text.into())
}

const TEXTS: [&str; 22] = [
    "",
    "0",
    "1",
    "-1",
    "4",
    "0.5",
    "NaN",
    "-nan",
    "inf",
    "-inf",
    "1e300",
    "9007199254740993",
    "9223372036854775807",
    "18446744073709551615",
    "18446744073709551616",
    "0 0",
    "1 NaN 2",
    "inf inf",
    "x y z",
    "1 9007199254740993 1",
    "\u{1b}[31m\u{202e}",
    "5 5 0.5",
];

fn fit(folder: &Path, epochs: u64) -> Result<Fitted, Error> {
    let (mut net, mut sgd) = (Scores::init(1), Sgd::new(0.05).momentum(0.9));
    let (x, y) = thirds();
    Trainer::new(&mut net, &mut sgd)
        .epochs(epochs)
        .batches_per_epoch(2)
        .validation(|_| [(&x, &y)])
        .metric(Confusion::new(3))
        .average(0.9)
        .patience(5)
        .reduce_on_plateau(ReduceOnPlateau::new(0.05).patience(0).threshold(0.9))
        .checkpoints(Checkpoints::new(folder).every_epochs(0))
        .resume()
        .fit(shuffled)
}

/// Whatever a note of a checkpoint says, the training goes on or tells why not.
#[test]
fn every_note_may_say_anything() -> Result<(), Error> {
    let folder = Folder::new("notes");
    fit(folder.path(), 1)?;
    let path = Checkpoints::new(folder.path()).list()?[0].1.clone();
    let whole = std::fs::read(&path).unwrap();
    let (mut gone_on, mut refused) = (0, 0);
    let mut check = |bytes: &[u8], what: &str| {
        std::fs::remove_dir_all(folder.path()).unwrap();
        std::fs::create_dir_all(folder.path()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        match outcome(fit(folder.path(), 2)) {
            Ok(fitted) => {
                assert!(fitted.resumed_from.is_some() && fitted.steps < 1 << 54, "{what}");
                gone_on += 1;
            }
            Err(_) => refused += 1,
        }
    };
    for (name, _) in notes(&whole) {
        for text in TEXTS {
            check(&noted(&whole, &name, text), &format!("{name} {text:?}"));
        }
        let without = changed(&whole, |header| {
            header["__metadata__"].as_object_mut().unwrap().remove(&name).unwrap();
        });
        check(&without, &name);
    }
    assert!(gone_on > 10 && refused > 200, "{gone_on} {refused}");
    Ok(())
}

/// Each number that no training has is named.
#[test]
fn impossible_numbers_are_named() -> Result<(), Error> {
    let folder = Folder::new("impossible");
    fit(folder.path(), 1)?;
    let path = Checkpoints::new(folder.path()).list()?[0].1.clone();
    let whole = std::fs::read(&path).unwrap();
    for (name, text) in [
        ("early_stopping", "0.0 5.0 0.5"),
        ("early_stopping", "1.0 1.0 0.5"),
        ("early_stopping", "1.0 0.0 NaN"),
        ("early_stopping", "1e300 1e300 0.5"),
        ("early_stopping", "0.5 -1.0 NaN"),
        ("plateau", "NaN 0.5 0.0 0.0"),
        ("plateau", "0.05 0.5 1e300 0.0"),
        ("plateau", "0.05 0.5 0.0 -1.0"),
        ("epoch_loss", "NaN 0.0"),
        ("epoch_loss", "0.0 -8.0"),
        ("step", "18446744073709551615"),
        ("epoch", "18446744073709551615"),
        ("batch", "9007199254740993"),
        ("steps", "18446744073709551615"),
        ("optimizer_steps", "18446744073709551615"),
        ("optimizer_learning_rate", "NaN"),
        ("optimizer_learning_rate", "-0.5"),
        ("average_updates", "18446744073709551615"),
        ("optimizer_states", "momentum_buffer momentum_buffer"),
        ("optimizer_states", "\u{1b}[2J"),
        ("extras", "average average best"),
        ("history", "epoch,step,steps_of_a_point,loss\n,0,1,\u{9b}\n"),
    ] {
        std::fs::write(&path, noted(&whole, name, text)).unwrap();
        let text = outcome(fit(folder.path(), 2)).unwrap_err();
        assert!(text.contains("is not a whole checkpoint: "), "{name}: {text}");
        assert!(Checkpoints::new(folder.path()).list()?.len() == 1);
    }
    for (name, text) in [
        ("network_name", "Scores\u{1b}[2J"),
        ("optimizer", "\u{202e}"),
        ("option.accumulate", "\u{9b}1"),
        ("option.\u{1b}", "1"),
    ] {
        std::fs::write(&path, noted(&whole, name, text)).unwrap();
        let text = outcome(fit(folder.path(), 2)).unwrap_err();
        assert!(text.contains("is a checkpoint of another training: "), "{name}: {text}");
        assert!(text.contains("\\u{"), "{name}: {text}");
    }
    Ok(())
}

/// Whichever byte of the newest checkpoint is changed: it is read, or the one before, or an error tells why not.
#[test]
fn every_byte_of_a_checkpoint_may_change() -> Result<(), Error> {
    let folder = Folder::new("bits");
    let checkpoints = Checkpoints::new(folder.path());
    let (mut net, mut adam) = (Line::init(1), NAdam::new(0.1));
    for step in 1..3 {
        net.train_step(&[1.0], &[2.0], &mut adam)?;
        checkpoints.save(&net, &adam, step)?;
    }
    let path = checkpoints.list()?[1].1.clone();
    let whole = std::fs::read(&path).unwrap();
    let mut newest = [0; 3];
    for at in 0..whole.len() {
        // another letter or digit, another kind of character, and one that is no ASCII
        for bit in [0, 4, 7] {
            let mut changed = whole.clone();
            changed[at] ^= 1 << bit;
            std::fs::write(&path, &changed).unwrap();
            let (mut net, mut adam) = (Line::init(1), NAdam::new(0.1));
            match outcome(checkpoints.load(&mut net, &mut adam)) {
                Ok(step) => {
                    newest[step.unwrap_or(0) as usize] += 1;
                    // what is read is good for a step, or the step tells why not
                    let _ = outcome(net.train_step(&[1.0], &[2.0], &mut adam));
                }
                Err(text) => assert!(text.contains("checkpoint-0000000002.safetensors"), "{text}"),
            }
        }
    }
    assert!(newest[0] == 0 && newest[1] > 300 && newest[2] > 40, "{newest:?}");
    Ok(())
}

/// A value that is not a number is not the best, whichever direction is better.
#[test]
fn a_value_that_is_not_a_number_is_not_the_best() -> Result<(), Error> {
    let folder = Folder::new("nan-value");
    let checkpoints = Checkpoints::new(folder.path()).keep_last(9);
    let (net, adam) = (Line::init(1), AdamW::new(0.1));
    for (step, goal, value) in
        [(1, "maximize", "0.5"), (2, "maximize", "NaN"), (3, "minimize", "-nan")]
    {
        checkpoints.save(&net, &adam, step)?;
        let path = checkpoints.list()?.pop().unwrap().1;
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, noted(&noted(&bytes, "goal", goal), "value", value)).unwrap();
    }
    assert!(checkpoints.best()?.unwrap().ends_with("checkpoint-0000000001.safetensors"));
    Ok(())
}

/// The state of each optimiser, with anything in its metadata.
#[test]
fn states_of_optimizers_may_say_anything() -> Result<(), Error> {
    let folder = Folder::new("states");
    std::fs::create_dir_all(folder.path()).unwrap();
    let path = folder.path().join("optimizer.safetensors");
    type New = fn() -> Box<dyn Optimizer<f32>>;
    let new: [New; 5] = [
        || Box::new(AdamW::new(0.1)),
        || Box::new(NAdam::new(0.1)),
        || Box::new(Muon::new(0.1)),
        || Box::new(Sgd::new(0.1).momentum(0.9)),
        || Box::new(Lbfgs::new()),
    ];
    for new in new {
        let mut net = Line::init(1);
        let mut optimizer = new();
        for _ in 0..3 {
            net.train_step(&[1.0, -2.0], &[2.0, 5.0], &mut optimizer)?;
        }
        optimizer.save(&path, &net)?;
        let whole = std::fs::read(&path).unwrap();
        for (name, text) in notes(&whole) {
            let words: Vec<&str> = text.split(' ').collect();
            let fewer = words[1..].join(" ");
            let twice = format!("{text} {text}");
            for text in TEXTS.into_iter().chain([&*fewer, &*twice]) {
                std::fs::write(&path, noted(&whole, &name, text)).unwrap();
                let (mut net, mut other) = (Line::init(1), new());
                let loaded = outcome(other.load(&path, &net));
                assert!(loaded.is_ok() || other.steps() == 0, "{name} {text:?}");
                let _ = outcome(net.train_step(&[1.0], &[2.0], &mut other));
            }
        }
        for (name, text) in [
            ("steps", "18446744073709551615"),
            ("learning_rate", "NaN"),
            ("learning_rate", "-1"),
            ("states", &twice_first(&whole)),
        ] {
            std::fs::write(&path, noted(&whole, name, text)).unwrap();
            let text = outcome(new().load(&path, &net)).unwrap_err();
            assert!(text.contains("not the state of this optimiser: "), "{name}: {text}");
        }
        // so many steps that it takes days to count to them
        std::fs::write(&path, noted(&whole, "steps", "9007199254740992")).unwrap();
        let mut other = new();
        other.load(&path, &net)?;
        net.train_step(&[1.0], &[2.0], &mut other)?;
        assert_eq!(other.steps(), 9_007_199_254_740_993);
    }
    Ok(())
}

/// Returns the names of a file's states, the first of them twice.
fn twice_first(bytes: &[u8]) -> String {
    let states = file::read_metadata(bytes).unwrap()["states"].clone();
    format!("{} {states}", states.split(' ').next().unwrap())
}

/// Wherever a table of a history is cut or changed, it is read as far as it says, or an error names the line.
#[test]
fn every_bit_of_a_history_may_change() -> Result<(), Error> {
    let folder = Folder::new("history-bits");
    std::fs::create_dir_all(folder.path()).unwrap();
    let path = folder.path().join("history.csv");
    let mut history = History::new();
    for step in 0..4 {
        history.record_step(step, &[("loss", 0.5), ("a, \"b\"", 1.25e-300)]);
    }
    history.record_epoch(0, 4, &[("loss", 0.5)]);
    history.save_csv(&path)?;
    let whole = std::fs::read(&path).unwrap();
    let read = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        outcome(History::load_csv(&path))
    };
    assert_eq!(read(&[b"\xef\xbb\xbf", &whole[..]].concat()).unwrap().to_csv(), history.to_csv());
    let windows = String::from_utf8(whole.clone()).unwrap().replace('\n', "\r\n");
    assert_eq!(read(windows.as_bytes()).unwrap().to_csv(), history.to_csv());
    for len in 0..whole.len() {
        // whole lines are a shorter history
        assert_eq!(read(&whole[..len]).is_ok(), whole[..len].ends_with(b"\n"), "{len} bytes");
    }
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut changed = whole.clone();
            changed[at] ^= 1 << bit;
            if let Ok(mut read) = read(&changed) {
                assert_eq!(History::from_csv(&read.to_csv()).unwrap().to_csv(), read.to_csv());
                (0..9).for_each(|step| read.record_step(step, &[("loss", 1.0)]));
            }
        }
    }
    let told = |rows: &str| {
        let text = format!("epoch,step,steps_of_a_point,loss\n{rows}");
        read(text.as_bytes()).map(|history| history.steps().len())
    };
    assert_eq!(told(",0,2,1\n,2,2,1\n,4,1,1\n"), Ok(3));
    for (rows, reason) in [
        (",0,0,1\n", "line 2: a point of 0 steps"),
        (",0,18446744073709551615,1\n", "line 2: a point of 18446744073709551615 steps"),
        (",0,1,1\n,1,2,1\n", "line 3: a point of 2 steps after one of 1"),
        (",0,3,1\n,3,1,1\n", "line 3: a point of 1 steps after one of 3"),
        (",0,1,\"1\n", "line 2: a quote is not closed"),
        (",0,1,1\n\n", "line 3: 1 fields, but the header has 4"),
        ("0,18446744073709551616,,1\n", "line 2: `18446744073709551616` is not a number"),
        (",0,1,\u{1b}[31m\n", "line 2: `\\u{1b}[31m` is not a number"),
        (",0,1,0.1", "line 2: it is cut: the line has no end"),
    ] {
        let text = told(rows).unwrap_err();
        assert!(text.ends_with(&format!("history.csv`, {reason}")), "{text}");
    }
    let text = read(b"epoch,step,steps_of_a_point,a\xcc\x88,a\xcc\x88\n").unwrap_err();
    assert!(text.contains("line 1: two columns are called `a"), "{text}");
    assert!(read(b"epoch\n\xff").unwrap_err().ends_with("line 2: it is not UTF-8"));
    let many: String = (0..65_537).map(|step| format!(",{step},4503599627370496,1\n")).collect();
    assert!(told(&many).unwrap_err().ends_with("line 65538: more than 65536 points"));
    // at the largest size of a point, it still grows
    let full = many.lines().take(65_536).collect::<Vec<_>>().join("\n");
    let text = format!("epoch,step,steps_of_a_point,loss\n{full}\n");
    let mut full = History::from_csv(&text).unwrap();
    (0..3).for_each(|step| full.record_step(step, &[("loss", 1.0)]));
    assert_eq!(full.steps().len(), 32_769);
    Ok(())
}
