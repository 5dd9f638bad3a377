//! A small random GPT-2, compared with what `transformers` computes (`tests/vectors/huggingface/gpt2.py`).

use super::*;
use monograd::Tensor;
use safetensors::SafeTensors;
use std::path::Path;

type Net = Gpt2<41, 16, 2, 2, 80>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/huggingface/gpt2")
}

/// The values that `transformers` computed.
struct Expected(Vec<u8>);

impl Expected {
    fn read() -> Self {
        Self(std::fs::read(folder().join("expected.safetensors")).unwrap())
    }

    fn bytes(&self, name: &str) -> (Vec<usize>, Vec<[u8; 8]>) {
        let all = SafeTensors::deserialize(&self.0).unwrap();
        let tensor = all.tensor(name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (numbers, _) = tensor.data().as_chunks();
        (tensor.shape().to_vec(), numbers.to_vec())
    }

    fn floats(&self, name: &str) -> Vec<f64> {
        self.bytes(name).1.into_iter().map(f64::from_le_bytes).collect()
    }

    fn tokens(&self, name: &str) -> Tensor<u32> {
        let (shape, numbers) = self.bytes(name);
        let tokens = numbers.into_iter().map(|n| i64::from_le_bytes(n) as u32);
        Tensor::from_vec(shape, tokens.collect::<Vec<u32>>()).unwrap()
    }
}

// ANCHOR: close
/// Asserts that numbers differ by no more than a share of the largest.
#[track_caller]
fn close<T: Scalar>(what: &str, actual: &[T], expected: &[f64], tolerance: f64) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    for (i, (actual, expected)) in actual.iter().zip(expected).enumerate() {
        let error = (actual.to_f64() - expected).abs();
        assert!(error <= tolerance * largest, "{what} {i}: {actual}, not {expected}");
    }
}
// ANCHOR_END: close

fn compare<N>(net: &N, logits: f64, gradients: f64)
where
    N: for<'a> Trainable<
            Inputs<'a> = (&'a [u32],),
            Targets<'a> = (&'a [u32],),
            Output = Tensor<<N as Network>::Scalar>,
        >,
{
    let expected = Expected::read();
    let (tokens, targets) = (expected.tokens("tokens"), expected.tokens("targets"));
    let y = net.forward(&tokens).unwrap();
    close("logits", y.as_slice(), &expected.floats("logits"), logits);
    let (loss, found) = net.gradients(&tokens, &targets).unwrap();
    close("loss", &[loss], &expected.floats("loss"), logits);
    let mut count = 0;
    for gradient in found.iter() {
        let name = gradient.name();
        let mut theirs = expected.floats(&format!("gradient.{name}"));
        // a Conv1D's is [in, out]
        let is_conv1d = name.starts_with("h.") && gradient.shape().len() == 2;
        if is_conv1d {
            let (rows, columns) = (gradient.shape()[0], gradient.shape()[1]);
            theirs =
                (0..rows * columns).map(|i| theirs[i % columns * rows + i / columns]).collect();
        }
        close(&name, gradient.to_tensor().as_slice(), &theirs, gradients);
        count += 1;
    }
    assert_eq!(count, 4 + 2 * 12);
}

#[test]
fn values_and_gradients_are_those_of_transformers() {
    let net = Net::load_with(folder(), &Weights::gpt2()).unwrap();
    compare(&net.cast::<f64>(), 1e-10, 1e-9);
    compare(&net, 1e-4, 1e-3);
}

#[test]
fn shards_and_the_whole_are_the_same() {
    let whole = Net::load_with(folder().join("model.safetensors"), &Weights::gpt2()).unwrap();
    let sharded = Net::load_with(folder().join("sharded"), &Weights::gpt2()).unwrap();
    for (a, b) in whole.parameters().iter().zip(sharded.parameters().iter()) {
        assert_eq!(a.as_slice(), b.as_slice(), "{}", a.name());
    }
    let report = Weights::gpt2().report(folder().join("sharded"), Net::LAYOUT).unwrap();
    assert!(report.is_whole(), "{report}");
    assert_eq!((report.taken.len(), report.ignored.count), (28, 0));
    assert_eq!(report.taken.iter().filter(|taken| taken.transposed).count(), 8);
    assert!(report.taken.iter().all(|taken| taken.tensors[0].starts_with("transformer.")));
}

/// The chapter "From PyTorch" of the book.
#[test]
fn rules_one_by_one() -> Outcome {
    // ANCHOR: report
    let report = Weights::new().report(folder(), Net::LAYOUT)?;
    println!("{report}");
    // ANCHOR_END: report
    quoted("report-names.txt", &report.to_string());
    let report = Weights::new().prefix("transformer.").report(folder(), Net::LAYOUT)?;
    quoted("report-shapes.txt", &report.to_string());
    // ANCHOR: rules
    let rules = Weights::new()
        .prefix("transformer.")
        .transpose("c_attn.weight")
        .transpose("c_proj.weight")
        .transpose("c_fc.weight")
        .tied("lm_head.weight", "wte.weight");
    assert!(rules.report(folder(), Net::LAYOUT)?.is_whole());
    let net = Net::load_with(folder(), &rules)?;
    // ANCHOR_END: rules
    // ANCHOR: compare
    let expected = Expected::read(); // what PyTorch has computed, as a safetensors file
    let y = net.forward(&expected.tokens("tokens"))?;
    close("logits", y.as_slice(), &expected.floats("logits"), 1e-4);
    // ANCHOR_END: compare
    // ANCHOR: partial
    let rules = Weights::gpt2().ignore("wpe").partial(7); // drawn with seed 7
    let report = rules.report(folder(), Net::LAYOUT)?;
    assert_eq!(report.missing[0].parameter, "wpe.weight");
    let mut net = Net::load_with(folder(), &rules)?;
    // ANCHOR_END: partial
    // ANCHOR: train
    let (tokens, targets) = (expected.tokens("tokens"), expected.tokens("targets"));
    let mut optimizer = AdamW::new(1e-3);
    let before = net.train_step(&tokens, &targets, &mut optimizer)?;
    assert!(net.loss(&tokens, &targets)? < before);
    // ANCHOR_END: train
    let deeper = Gpt2::<41, 16, 2, 3, 80>::LAYOUT;
    let mut report = Weights::gpt2().report(folder(), deeper)?;
    assert_eq!((report.missing.len(), report.taken.len()), (12, 28));
    assert_eq!(report.missing.remove(0).parameter, "h.2.ln_1.weight");
    Ok(())
}

/// Checks that the book's file `name` has the contents `actual`, as its other tests do.
fn quoted(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src/generated").join(name);
    if std::env::var_os("UPDATE_BOOK").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, actual, "{name} is out of date: set UPDATE_BOOK=1 and run this test again");
}

#[test]
fn a_stream_continues_as_transformers_does() {
    let net = Net::load_with(folder(), &Weights::gpt2()).unwrap();
    let (prompt, expected) = (first_prompt(), Expected::read().tokens("greedy"));
    let mut sampler = Sampler::new(41).temperature(0.0);
    let mut tokens = Vec::new();
    let mut push = |token| {
        tokens.push(token);
        Ok(())
    };
    write_on(&net, &prompt, 64, &mut sampler, &mut push).unwrap();
    assert_eq!(tokens, expected.as_slice());
    // token by token, the prompt as well
    let mut stream = net.stream();
    let mut token = 0;
    for at in 0..12 + 63 {
        let read = if at < 12 { prompt[at] } else { token };
        token = sampler.sample(stream.step(&[read])).unwrap();
        assert!(at < 11 || token == tokens[at - 11], "token {at}");
    }
    // a stop token is not written, and 80 positions are 69 tokens after 12
    let written = |sampler: &mut Sampler, most: usize| {
        let mut count = 0;
        let mut each = |_| {
            count += 1;
            Ok(())
        };
        write_on(&net, &prompt, most, sampler, &mut each).unwrap();
        count
    };
    let first = tokens.iter().position(|token| *token == tokens[20]).unwrap();
    let mut stopping = Sampler::new(41).temperature(0.0).stop_at(&tokens[20..21]);
    assert_eq!(written(&mut stopping, 64), first);
    assert_eq!(written(&mut sampler, 1000), 69);
    assert_eq!(written(&mut sampler, 0), 0);
    assert!(write_on(&net, &[], 1, &mut sampler, |_| Ok(())).is_err());
}

#[test]
fn a_folder_of_other_sizes_is_told() {
    let run = |arguments: &[&str]| {
        let folder = folder();
        let given = ["gpt2", folder.to_str().unwrap()].into_iter().chain(arguments.iter().copied());
        super::run(&Options::parse_from(given), &mut Vec::new()).unwrap_err().to_string()
    };
    let text = run(&["--tokens", "1,2"]);
    assert!(
        text.contains("Config { vocabulary: 41, dim: 16, heads: 2, layers: 2, context: 80 }"),
        "{text}"
    );
    let json = config(&folder()).unwrap();
    assert_eq!(Config::of(&json).unwrap(), Net::CONFIG);
    let with = |name: &str, value: Value| {
        let mut json = json.clone();
        json[name] = value;
        Config::of(&json).unwrap_err().to_string()
    };
    assert!(with("activation_function", "relu".into()).contains("is relu, not gelu_new"));
    assert!(with("n_embd", (-1).into()).contains("no size `n_embd`"));
}

#[test]
fn numbers_are_continued_by_numbers() {
    let net = Net::load_with(folder(), &Weights::gpt2()).unwrap();
    let tokens: Vec<String> = first_prompt().iter().map(u32::to_string).collect();
    let given = ["gpt2", "unused", "--greedy", "--max-tokens", "5", "--tokens", &tokens.join(",")];
    let mut out = Vec::new();
    answer(&net, &Options::parse_from(given), &Value::Null, &mut out).unwrap();
    let expected = Expected::read().tokens("greedy");
    let five: Vec<String> = expected.as_slice()[..5].iter().map(u32::to_string).collect();
    assert_eq!(String::from_utf8(out).unwrap(), five.join(",") + "\n");
}

fn first_prompt() -> Vec<u32> {
    Expected::read().tokens("tokens").as_slice()[..12].to_vec()
}
