//! Damaged files of models: an error that can be printed, never a panic or other numbers.

use super::*;
use monograd::prelude::*;

network! {
    Other(x: [2]) -> [3] { x >> Linear(3) }
}

fn files() -> [String; 2] {
    let text = |shape: Shape, weights: &[f32]| {
        Model { shape, weights: weights.to_vec(), rate: 44_100 }.to_text()
    };
    let lstm = Shape::Lstm { hidden: 1, layers: 1 };
    [text(Shape::wavenet(2, [1, 2]), &[0.5, -0.25]), text(lstm, &[0.5; 5])]
}

/// Returns the model of a text, and checks that an error can be printed, also that of a network it is not of.
fn outcome(text: &str) -> Result<Model, String> {
    let printed = |error: Box<dyn std::error::Error + Send + Sync>| {
        let error = error.to_string();
        assert!(!error.contains(char::is_control) && error.len() < 2000, "{error:?}");
        error
    };
    let model = Model::parse(text).map_err(printed)?;
    model.put(&mut Other::init(1).parameters_mut()).map_err(printed).unwrap_err();
    Ok(model)
}

#[test]
fn every_cut_and_every_change_is_survived() {
    for file in files() {
        let right = outcome(&file).unwrap();
        assert_eq!(outcome(&right.to_text()).unwrap(), right);
        for len in 0..file.len() {
            assert!(outcome(&file[..len]).is_err(), "{len} bytes");
        }
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut bytes = file.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                if let Ok(text) = String::from_utf8(bytes)
                    && let Ok(model) = outcome(&text)
                {
                    let (digit, before) = (text.as_bytes()[at], file.as_bytes()[at]);
                    // a digit of a weight, of the rate or of a size, a version, or a key that counts as missing
                    let is_number = |byte: u8| b"0123456789.eE-+ ,\t\r\n".contains(&byte);
                    let is_same = model == right || model.rate == 48_000;
                    assert!(
                        is_same || (is_number(digit) && is_number(before)),
                        "{at} {bit}: {text}"
                    );
                }
            }
        }
    }
}

#[test]
fn hostile_sizes_and_rates_are_refused() {
    let [wavenet, lstm] = files();
    let [most, half] = [u64::MAX, u64::MAX / 2].map(|number| number.to_string());
    for number in ["0", "1", "2", &half, &most, "-1", "1e300", "0.5", "\"1\"", "null", "[]"] {
        for (file, key) in [(&lstm, "hidden_size"), (&lstm, "num_layers"), (&wavenet, "channels")] {
            let changed = file.replacen(&format!("\"{key}\":1"), &format!("\"{key}\":{number}"), 1);
            let changed =
                changed.replacen(&format!("\"{key}\":2"), &format!("\"{key}\":{number}"), 1);
            if let Ok(model) = outcome(&changed) {
                assert!(number.parse::<u64>().is_ok(), "{key} {number}: {model:?}");
            }
        }
        let rate = lstm.replacen("\"sample_rate\":44100", &format!("\"sample_rate\":{number}"), 1);
        let rate = outcome(&rate).map(|model| model.rate);
        match number {
            "1" | "2" => assert_eq!(rate, Ok(number.parse().unwrap())),
            "null" => assert_eq!(rate, Ok(48_000)),
            _ => {
                let told = "`sample_rate` is not a whole number of samples a second";
                assert_eq!(rate, Err(told.to_owned()), "{number}");
            }
        }
    }
    assert!(outcome(&"[".repeat(100_000)).is_err());
    assert!(outcome(&format!("{{\"config\":{}", "{\"a\":".repeat(100_000))).is_err());
}

#[test]
fn names_of_a_file_are_shown_escaped() {
    let [wavenet, _] = files();
    let escape = outcome(&wavenet.replacen("WaveNet", "\\u001b[2J", 1)).unwrap_err();
    assert!(escape.starts_with("a `\\u{1b}[2J` of another kind"), "{escape}");
    let key = wavenet.replacen("\"gated\"", "\"\\u009b\\u202e\":\"\\u009b\",\"gated\"", 1);
    let key = outcome(&key).unwrap_err();
    assert!(key.contains("`config.layers[0].\\u{9b}\\u{202e}` is \"\\u{9b}\""), "{key}");
    let path = std::env::temp_dir().join(format!("monograd-nam-{}", std::process::id()));
    std::fs::write(&path, b"{\n\xff}").unwrap();
    let bytes = Model::read(&path).unwrap_err().to_string();
    std::fs::remove_file(&path).unwrap();
    assert!(bytes.contains(", line 2: not a whole UTF-8 file"), "{bytes}");
    assert!(Model::read(&std::env::temp_dir()).unwrap_err().to_string().contains("a folder"));
}
