//! Rules and reports.

use super::*;
use crate::file::{Weights, load_with, read_with};
use crate::{Buffer, layout};

/// Returns a file of `f32` tensors, whose elements count up from a start.
pub(super) fn tensors(given: &[(&str, &[usize], f32)]) -> Vec<u8> {
    let (mut header, mut data) = (Vec::new(), Vec::new());
    for (name, shape, start) in given {
        let begin = data.len();
        let len: usize = shape.iter().product();
        data.extend((0..len).flat_map(|i| (start + i as f32).to_le_bytes()));
        let end = data.len();
        header.push(format!(
            r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{begin},{end}]}}"#
        ));
    }
    file(&format!("{{{}}}", header.join(",")), &data)
}

const fn one(name: &'static str, shape: &'static [usize]) -> Parameter {
    Parameter::new(name, shape, Init::Constant(-1.0))
}

/// Returns a parameter in the order of files.
#[track_caller]
pub(super) fn taken(layout: &'static [Parameter], values: &[f32], name: &str) -> Vec<f32> {
    crate::Parameters::new(layout, values).get(name).unwrap().to_tensor().as_slice().to_vec()
}

pub(super) fn counting(start: f32, len: usize) -> Vec<f32> {
    (0..len).map(|i| start + i as f32).collect()
}

fn failure(bytes: &[u8], layout: &[Parameter], weights: &Weights) -> FileProblem {
    match read_with::<f32>(bytes, layout, weights) {
        Err(Error::File(error)) => error.problem,
        other => panic!("{:?}", other.map(|values| values.len())),
    }
}

/// In memory as in the file, and transposed: each with all ways to get there.
pub(super) static PLAIN: [Parameter; 3] =
    layout::place([one("q", &[2, 3]), one("k", &[1, 3]), one("v", &[4, 3])]);
static TURNED: [Parameter; 3] = layout::place([
    one("q", &[2, 3]).transposed(),
    one("k", &[1, 3]).transposed(),
    one("v", &[4, 3]).transposed(),
]);
static JOINED: [Parameter; 1] = layout::place([one("qkv", &[7, 3])]);
static JOINED_TURNED: [Parameter; 1] = layout::place([one("qkv", &[7, 3]).transposed()]);

#[test]
fn rows_are_split_whichever_way_they_lie() {
    let split = Weights::new().split("qkv", ["q", "k", "v"]);
    let whole = tensors(&[("qkv", &[7, 3], 0.0)]);
    let across = tensors(&[("qkv", &[3, 7], 0.0)]);
    for layout in [&PLAIN, &TURNED] {
        let values = read_with::<f32>(&whole, layout, &split).unwrap();
        assert_eq!(taken(layout, &values, "q"), counting(0.0, 6));
        assert_eq!(taken(layout, &values, "k"), counting(6.0, 3));
        assert_eq!(taken(layout, &values, "v"), counting(9.0, 12));
        // element (i, j) of the transposed one is 7 j + i
        let values = read_with::<f32>(
            &across,
            layout,
            &split.clone().transpose("q").transpose("k").transpose("v"),
        )
        .unwrap();
        let before = Weights::new().transpose("qkv").and(&split);
        assert_eq!(values, read_with::<f32>(&across, layout, &before).unwrap());
        assert_eq!(taken(layout, &values, "q"), [0.0, 7.0, 14.0, 1.0, 8.0, 15.0]);
        assert_eq!(taken(layout, &values, "k"), [2.0, 9.0, 16.0]);
        assert_eq!(taken(layout, &values, "v")[9..], [6.0, 13.0, 20.0]);
    }
}

#[test]
fn rows_are_joined_whichever_way_they_lie() {
    let join = Weights::new().join(["q", "k", "v"], "qkv");
    // in another order than their parts
    let parts = tensors(&[("v", &[4, 3], 9.0), ("q", &[2, 3], 0.0), ("k", &[1, 3], 6.0)]);
    let across = tensors(&[("v", &[3, 4], 9.0), ("q", &[3, 2], 0.0), ("k", &[3, 1], 6.0)]);
    for layout in [&JOINED, &JOINED_TURNED] {
        let values = read_with::<f32>(&parts, layout, &join).unwrap();
        assert_eq!(taken(layout, &values, "qkv"), counting(0.0, 21));
        let transposed = join.clone().transpose("qkv");
        let values = read_with::<f32>(&across, layout, &transposed).unwrap();
        let rows: Vec<f32> = taken(layout, &values, "qkv");
        assert_eq!(rows[..9], [0.0, 2.0, 4.0, 1.0, 3.0, 5.0, 6.0, 7.0, 8.0][..9]);
        assert_eq!(rows[9..12], [9.0, 13.0, 17.0]);
    }
}

/// Matrices of many blocks.
#[test]
fn large_matrices_are_transposed_by_blocks() {
    static LARGE: [Parameter; 2] =
        layout::place([one("a", &[300, 257]), one("b", &[257, 300]).transposed()]);
    let bytes = tensors(&[("a", &[257, 300], 0.0), ("b", &[300, 257], 7.0)]);
    let weights = Weights::new().transpose("a").transpose("b");
    let values = read_with::<f32>(&bytes, &LARGE, &weights).unwrap();
    let (a, b) = (taken(&LARGE, &values, "a"), taken(&LARGE, &values, "b"));
    for (i, x) in a.iter().enumerate() {
        assert_eq!(*x, (i % 257 * 300 + i / 257) as f32);
    }
    for (i, x) in b.iter().enumerate() {
        assert_eq!(*x, 7.0 + (i % 300 * 257 + i / 300) as f32);
    }
}

#[test]
fn what_does_not_fit_a_split_or_a_join_is_told() {
    let split = Weights::new().split("qkv", ["q", "k", "v"]);
    let text = |bytes: &[u8], layout: &[Parameter], weights: &Weights| {
        failure(bytes, layout, weights).to_string()
    };
    assert_eq!(
        text(&tensors(&[("qkv", &[6, 3], 0.0)]), &PLAIN, &split),
        "tensor `qkv` is [6, 3], but the network's `q` is [7, 3]"
    );
    assert!(matches!(
        failure(&tensors(&[("qkv", &[7, 3], 0.0)]), &PLAIN, &split.clone().ignore("k")),
        FileProblem::Rule { .. }
    ));
    // a part that the network lacks: its rows are unknown
    let two = [PLAIN[0], PLAIN[1]];
    assert!(matches!(
        failure(&tensors(&[("qkv", &[7, 3], 0.0)]), &two, &split),
        FileProblem::MissingTensor { others: 1, .. }
    ));
    let join = Weights::new().join(["q", "k", "v"], "qkv");
    assert_eq!(
        text(&tensors(&[("q", &[2, 3], 0.0), ("v", &[4, 3], 0.0)]), &JOINED, &join),
        "tensor 2 of the 3 that parameter `qkv` is joined from is missing"
    );
    let short = tensors(&[("q", &[2, 3], 0.0), ("k", &[1, 3], 0.0), ("v", &[3, 3], 0.0)]);
    assert_eq!(
        text(&short, &JOINED, &join),
        "tensor `q + k + v` is [6, 3], but the network's `qkv` is [7, 3]"
    );
    let twice = tensors(&[("q", &[2, 3], 0.0), ("a.q", &[2, 3], 0.0)]);
    let twice = text(&twice, &JOINED, &join.prefix("a"));
    assert_eq!(twice, "tensors `a.q` and `q` are both for parameter `qkv`");
}

#[test]
fn rules_without_meaning_are_told() {
    let told = |weights: Weights| failure(&tensors(&[]), &[], &weights).to_string();
    assert_eq!(
        told(Weights::new().rename("h.{i}", "x.{j}")),
        "rule `rename(\"h.{i}\", \"x.{j}\")`: `x.{j}` has `{j}`, which `h.{i}` has not"
    );
    for wrong in [
        Weights::new().rename("", "a"),
        Weights::new().ignore("{"),
        Weights::new().transpose("}"),
        Weights::new().optional("{i}.{i}"),
        Weights::new().split("a", []),
        Weights::new().join([], "a"),
        Weights::new().join(["a.*", "b"], "c.*"),
        Weights::new().and(&Weights::new().split("a", ["b.*"])),
    ] {
        assert!(told(wrong.clone()).starts_with("rule `"), "{wrong:?}");
    }
    let cube = tensors(&[("a", &[1, 2, 3], 0.0)]);
    static CUBE: [Parameter; 1] = layout::place([one("a", &[1, 2, 3])]);
    let turned = failure(&cube, &CUBE, &Weights::new().transpose("a")).to_string();
    assert_eq!(turned, "rule `a`: only matrices are transposed, and it is [1, 2, 3]");
}

static TIED: [Parameter; 1] = layout::place([one("wte.weight", &[2, 2])]);
static UNTIED: [Parameter; 2] =
    layout::place([one("wte.weight", &[2, 2]), one("lm_head.weight", &[2, 2]).transposed()]);

#[test]
fn tied_tensors_may_be_absent_or_there_twice() {
    let weights = Weights::gpt2();
    let (wte, head) = ("transformer.wte.weight", "lm_head.weight");
    let square: &[usize] = &[2, 2];
    for given in [
        &[(wte, square, 1.0)][..],
        &[(head, square, 1.0)],
        &[(wte, square, 1.0), (head, square, 1.0)],
        &[(head, square, 1.0), (wte, square, 1.0)],
    ] {
        let values = read_with::<f32>(&tensors(given), &TIED, &weights).unwrap();
        assert_eq!(taken(&TIED, &values, "wte.weight"), counting(1.0, 4));
        let values = read_with::<f32>(&tensors(given), &UNTIED, &weights).unwrap();
        assert_eq!(taken(&UNTIED, &values, "wte.weight"), counting(1.0, 4));
        assert_eq!(taken(&UNTIED, &values, "lm_head.weight"), counting(1.0, 4));
    }
    let differ = tensors(&[(wte, square, 1.0), (head, square, 2.0)]);
    assert_eq!(
        failure(&differ, &TIED, &weights).to_string(),
        "the network has `wte.weight` serve as `lm_head.weight` as well, but the two tensors differ"
    );
    let values = read_with::<f32>(&differ, &UNTIED, &weights).unwrap();
    assert_eq!(taken(&UNTIED, &values, "lm_head.weight"), counting(2.0, 4));
    // without the rule, the second one is surplus
    let both = tensors(&[("wte.weight", square, 1.0), (head, square, 1.0)]);
    assert!(matches!(
        failure(&both, &TIED, &Weights::new()),
        FileProblem::SurplusTensor { name, .. } if name == head
    ));
}

#[test]
fn a_prefix_counts_on_neither_side() {
    static INNER: [Parameter; 1] = layout::place([one("w", &[2])]);
    static OUTER: [Parameter; 1] = layout::place([one("model.w", &[2])]);
    static BOTH: [Parameter; 2] = layout::place([one("model.w", &[2]), one("w", &[2])]);
    let rules = Weights::new().prefix("model.");
    for layout in [&INNER, &OUTER] {
        for name in ["w", "model.w"] {
            let bytes = tensors(&[(name, &[2], 3.0)]);
            assert_eq!(read_with::<f32>(&bytes, layout, &rules).unwrap()[..2], [3.0, 4.0]);
        }
    }
    let bytes = tensors(&[("w", &[2], 3.0)]);
    assert!(matches!(failure(&bytes, &BOTH, &rules), FileProblem::MissingTensor { .. }));
}

#[test]
fn a_partial_load_draws_what_is_missing() {
    static NET: [Parameter; 3] = layout::place([
        Parameter::new("head.weight", &[5, 4], Init::Uniform { bound: 1.0 }).transposed(),
        Parameter::new("body.weight", &[2], Init::Uniform { bound: 1.0 }),
        Parameter::new("head.bias", &[4], Init::Constant(0.5)),
    ]);
    let bytes =
        tensors(&[("body.weight", &[2], 3.0), ("other", &[1], 0.0), ("head.weight", &[9, 4], 0.0)]);
    let weights = Weights::new().ignore("head").partial(7);
    let values = read_with::<f32>(&bytes, &NET, &weights).unwrap();
    let mut drawn = Buffer::<f32>::zeros(buffer_len(&NET));
    crate::initialize(&NET, 7, &mut drawn);
    assert_eq!(taken(&NET, &values, "head.weight"), taken(&NET, &drawn, "head.weight"));
    assert_eq!(taken(&NET, &values, "head.bias"), [0.5; 4]);
    assert_eq!(taken(&NET, &values, "body.weight"), [3.0, 4.0]);
    // another shape is an error unless it is ignored
    let misshapen = failure(&bytes, &NET, &Weights::new().partial(7));
    assert!(matches!(misshapen, FileProblem::MisshapenTensor { .. }), "{misshapen}");
    let folder = Directory::new("partial");
    let report = weights.report(folder.write("net.safetensors", &bytes), &NET).unwrap();
    assert!(!report.is_whole());
    assert_eq!(
        report.to_string(),
        "1 parameters taken, 0 of them under other names and 0 transposed\n\
         2 missing\n  `head.weight` ([5, 4])\n  `head.bias` ([4])\n\
         0 unfit\n1 surplus\n  `other` ([1])\n1 ignored\n  `head.weight` ([9, 4])\n"
    );
}

#[test]
fn a_report_names_everything() {
    let folder = Directory::new("report");
    let path = folder.write(
        "net.safetensors",
        &tensors(&[("net.k", &[1, 3], 0.0), ("x.v", &[3, 4], 0.0), ("net.qq", &[2, 3], 0.0)]),
    );
    let rules = Weights::new().prefix("net").rename("x", "").transpose("v");
    let report = rules.report(&path, &PLAIN).unwrap();
    assert_eq!((report.taken.len(), report.missing.len(), report.surplus.count), (2, 1, 1));
    assert_eq!(report.taken[1].tensors, ["x.v"]);
    assert!(report.taken[1].transposed && !report.taken[0].transposed);
    assert_eq!(report.missing[0].nearest, None);
    let wrong = Weights::new().rename("x", "").report(&path, &TURNED).unwrap();
    assert_eq!(wrong.unfit.len(), 1);
    let text = wrong.to_string();
    assert!(
        text.contains("tensor `x.v` is [3, 4], but the network's `v` is [4, 3]; was it saved"),
        "{text}"
    );
    assert!(text.contains("`k` ([1, 3]); did you mean `net.k`?"), "{text}");
    // a strict load tells the first problem
    match load_with::<f32>(&path, &PLAIN, &rules) {
        Err(Error::File(error)) => {
            assert_eq!(error.path.as_deref(), Some(&*path));
            assert_eq!(error.problem.to_string(), "no tensor `q` ([2, 3])");
        }
        other => panic!("{other:?}"),
    }
}

/// Presets name what a model's files have.
#[test]
fn presets_take_the_names_of_models() {
    let name = |rules: &Weights, name: &str| -> Option<(String, bool)> {
        let targets = rules.targets(name).unwrap();
        targets.into_iter().next().map(|target| (target.name, target.transposed))
    };
    let gpt2 = Weights::gpt2();
    for (from, to, transposed) in [
        ("transformer.h.11.attn.c_attn.weight", "h.11.attn.c_attn.weight", true),
        ("h.0.attn.c_proj.weight", "h.0.attn.c_proj.weight", true),
        ("h.0.mlp.c_fc.weight", "h.0.mlp.c_fc.weight", true),
        ("h.0.mlp.c_proj.weight", "h.0.mlp.c_proj.weight", true),
        ("h.0.mlp.c_proj.bias", "h.0.mlp.c_proj.bias", false),
        ("transformer.wpe.weight", "wpe.weight", false),
    ] {
        assert_eq!(name(&gpt2, from), Some((to.to_owned(), transposed)));
    }
    assert_eq!(name(&gpt2, "transformer.h.3.attn.bias"), None);
    assert_eq!(name(&gpt2, "h.3.attn.masked_bias"), None);
    let bert = Weights::bert();
    let gamma = "bert.encoder.layer.0.attention.output.LayerNorm.gamma";
    let weight = "encoder.layer.0.attention.output.LayerNorm.weight";
    assert_eq!(name(&bert, gamma), Some((weight.to_owned(), false)));
    assert_eq!(name(&bert, "bert.embeddings.position_ids"), None);
    assert!(bert.targets("cls.predictions.bias").unwrap()[0].optional);
    let llama = Weights::llama();
    let k = ("layers.2.self_attn.k_proj.weight".to_owned(), false);
    assert_eq!(name(&llama, "model.layers.2.self_attn.k_proj.weight"), Some(k));
    assert_eq!(name(&llama, "model.layers.2.self_attn.rotary_emb.inv_freq"), None);
}
