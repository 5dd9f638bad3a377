//! Damaged and hostile files must give an error that can be printed, never a panic or wrong numbers.

use super::*;
use crate::Buffer;
use crate::file::{Weights, read_with};
use crate::random::Philox;

/// Returns the result of reading a file, and checks that an error can be printed to a terminal, also one
/// of reading it by rules.
fn outcome(bytes: &[u8]) -> Result<Vec<f32>, String> {
    thread_local! {
        static RULES: [Weights; 3] = [
            Weights::new().prefix("fc").transpose("weight").tied("weight", "bias").partial(1),
            Weights::new().split("fc.weight", ["fc.weight", "fc.bias"]).optional("bias"),
            Weights::new().rename("*.bias", "*.x").join(["fc.weight", "fc.x"], "fc.weight"),
        ];
    }
    // one set of rules after the other, since there are many files
    let turn = bytes.iter().map(|byte| usize::from(*byte)).sum::<usize>();
    RULES.with(|rules| {
        let _ = printed(read_with::<f32>(bytes, &LAYOUT, &rules[turn % rules.len()]));
    });
    printed(read::<f32>(bytes, &LAYOUT))
}

/// Returns a result with the text of its error, which must be fit for a terminal.
fn printed(result: crate::Result<Buffer<f32>>) -> Result<Vec<f32>, String> {
    match result {
        Ok(values) => Ok(values.to_vec()),
        Err(Error::File(error)) => {
            let text = error.to_string();
            assert!(!text.contains(char::is_control), "{text:?}");
            assert!(text.len() < 2000, "{} bytes", text.len());
            Err(text)
        }
        Err(other) => panic!("{other:?}"),
    }
}

/// Returns a file with metadata, whose tensors are in another order than in the layout.
fn whole() -> Vec<u8> {
    let header = r#"{"__metadata__":{"format":"pt","k":"v"},
        "fc.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]},
        "fc.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#;
    file(header, &bytes_of(&FILE_ORDER))
}

#[test]
fn no_order_of_tensors_matters() {
    assert_eq!(outcome(&whole()).unwrap()[..6], MEMORY_ORDER);
}

/// Replaces every byte by every other, removes and doubles every byte, and truncates everywhere.
#[test]
fn every_change_of_a_byte_is_survived() {
    let whole = whole();
    let right = outcome(&whole).unwrap();
    let header = whole.len() - 32;
    let check = |bytes: &[u8], what: &str, at: usize| {
        // without an error it is the same network: white space or metadata has changed
        if let Ok(values) = outcome(bytes) {
            assert_eq!(values, right, "{what} at {at}");
        }
    };
    for at in 0..header {
        let mut changed = whole.clone();
        for byte in 0..=u8::MAX {
            changed[at] = byte;
            check(&changed, "changed", at);
        }
        let (front, back) = whole.split_at(at);
        check(&[front, &back[1..]].concat(), "left out", at);
        check(&[front, &back[..1], back].concat(), "doubled", at);
        assert!(outcome(front).is_err());
        // a header that is truncated, with the right length
        if at >= 8 {
            let text = String::from_utf8_lossy(&whole[8..at]).into_owned();
            assert!(outcome(&file(&text, &whole[header..])).is_err());
        }
    }
    for at in header..whole.len() {
        assert!(outcome(&whole[..at]).is_err());
    }
}

/// Builds headers randomly from pieces of valid ones.
#[test]
fn random_headers_are_survived() {
    const PIECES: [&str; 36] = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\\",
        "\"fc.weight\"",
        "\"fc.bias\"",
        "\"dtype\"",
        "\"shape\"",
        "\"data_offsets\"",
        "\"F32\"",
        "\"BF16\"",
        "\"I64\"",
        "[2,3]",
        "[2]",
        "[0,24]",
        "[24,32]",
        "[32,24]",
        "0",
        "-1",
        "1e3",
        "2.5",
        "18446744073709551615",
        "null",
        "true",
        "\"__metadata__\"",
        "{\"a\":\"b\"}",
        "\\u001b",
        "\\ud800",
        "\u{1b}",
        "é",
        " ",
        r#""fc.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]}"#,
    ];
    let mut random = Philox::new(7).stream(0);
    let mut pick = |n: usize| (random.uniform() * n as f64) as usize;
    let right = outcome(&whole()).unwrap();
    for _ in 0..20_000 {
        let mut header = String::from_utf8_lossy(&whole()[8..whole().len() - 32]).into_owned();
        for _ in 0..=pick(3) {
            let mut cuts: Vec<usize> =
                header.char_indices().map(|(at, _)| at).chain([header.len()]).collect();
            let from = cuts.swap_remove(pick(cuts.len()));
            let to = header.ceil_char_boundary((from + pick(12)).min(header.len()));
            let pieces: String = (0..pick(3)).map(|_| PIECES[pick(PIECES.len())]).collect();
            header.replace_range(from..to, &pieces);
        }
        if let Ok(values) = outcome(&file(&header, &bytes_of(&FILE_ORDER))) {
            // other offsets select other numbers, which is valid
            assert!(values == right || header.contains("data_offsets"), "{header}");
        }
    }
}

#[test]
fn names_of_a_file_are_shown_escaped_and_cut() {
    let shown = |header: &str| outcome(&file(header, &[])).unwrap_err();
    let empty = r#"{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"#;
    let red = shown(&format!(r#"{{"fc.weight\u001b\n":{empty}}}"#));
    assert!(red.contains(r"did you mean `fc.weight\u{1b}\n`?"), "{red}");
    let long = "x".repeat(60_000);
    let fitting = two("F32", [24, 8]).replacen('{', &format!(r#"{{"{long}\r\u202e":{empty},"#), 1);
    let surplus = outcome(&file(&fitting, &bytes_of(&FILE_ORDER))).unwrap_err();
    assert!(surplus.contains("xxx...` ([0])"), "{surplus}");
    let dtype = two("F32", [24, 8]).replacen("F32", r"\u0007\u0000", 1);
    let dtype = outcome(&file(&dtype, &bytes_of(&FILE_ORDER))).unwrap_err();
    assert!(dtype.contains(r"holds \u{7}\0;"), "{dtype}");
    for wrong in [
        r#"{"\u001b[2J":"\u001b[2J"}"#.to_owned(),
        r#"{"a\u001b":{"dtype":"F32","shape":[1],"data_offsets":[0,0]}}"#.to_owned(),
        format!(r#"{{"{long}":{{"dtype":"F32","shape":[1],"data_offsets":[0,0]}}}}"#),
        format!(r#"{{"a":"{long}\u001b"}}"#),
        format!(r#"{{"a":{{"dtype":"F32","shape":"{long}"}}}}"#),
        format!(r#"{{"a":{{"dtype":"F32","shape":[{}]}}}}"#, "1,".repeat(100_000)),
    ] {
        assert!(shown(&wrong).contains("header"), "{}", &wrong[..40]);
    }
    let longer = "x".repeat(1 << 20);
    let longer = shown(&format!(r#"{{"{longer}":{empty}}}"#));
    assert!(longer.contains("its header: a name of more than 65536 bytes"), "{longer}");
    // a path is escaped as well
    let error = load::<f32>("no\u{1b}[31m/such\nfile", &LAYOUT).unwrap_err().to_string();
    assert!(error.starts_with("`no\\u{1b}[31m/such\\nfile`"), "{error:?}");
}

#[test]
fn tensors_that_overlap_or_leave_gaps_are_named_by_their_bytes() {
    let spans = |spans: [[i64; 2]; 2], data: usize| {
        let [weight, bias] = spans;
        let header = format!(
            r#"{{"fc.weight":{{"dtype":"F32","shape":[2,3],"data_offsets":{weight:?}}},
                "fc.bias":{{"dtype":"F32","shape":[2],"data_offsets":{bias:?}}}}}"#
        );
        outcome(&file(&header, &vec![0; data]))
    };
    assert!(spans([[0, 24], [24, 32]], 32).is_ok());
    assert!(spans([[8, 32], [0, 8]], 32).is_ok());
    for (wrong, data, text) in [
        ([[0, 24], [16, 24]], 24, "bytes from 16 on belong to two tensors"),
        ([[0, 24], [0, 8]], 24, "bytes from 0 on belong to two tensors"),
        ([[4, 28], [28, 36]], 36, "bytes from 0 on belong to no tensor"),
        ([[0, 24], [28, 36]], 36, "bytes from 24 on belong to no tensor"),
        ([[0, 24], [24, 32]], 33, "33 bytes of tensors where its header says 32"),
        ([[0, 24], [24, 32]], 31, "31 bytes of tensors where its header says 32"),
        ([[24, 0], [24, 32]], 32, "`fc.weight` ends at 0, before it begins at 24"),
        ([[0, 23], [23, 31]], 31, "`fc.weight` has 23 bytes, which is not its shape [2, 3]"),
        ([[0, 24], [24, i64::MAX]], 32, "`fc.bias` has"),
    ] {
        let found = spans(wrong, data).unwrap_err();
        assert!(found.contains(text), "{found} for {text}");
    }
    let twice = two("F32", [24, 8]).replace("fc.bias", "fc.weight").replace("[2]", "[2,3]");
    let twice = twice.replace("[24,32]", "[24,48]");
    let twice = outcome(&file(&twice, &[0; 48])).unwrap_err();
    assert!(twice.contains("two tensors are called `fc.weight`"), "{twice}");
}
