//! Compares Llamas with PyTorch's.

use super::*;
use safetensors::SafeTensors;
use serde_json::json;
use std::path::Path;

/// The logits and tokens that PyTorch computed, in a file.
struct Reference(Vec<u8>);

impl Reference {
    fn read(path: impl AsRef<Path>) -> Self {
        Self(std::fs::read(path).unwrap())
    }

    /// Returns a tensor of numbers of 32 bits.
    fn tensor<T>(&self, name: &str, decode: fn([u8; 4]) -> T) -> Vec<T> {
        let file = SafeTensors::deserialize(&self.0).unwrap();
        let tensor = file.tensor(name).unwrap();
        tensor.data().as_chunks().0.iter().map(|bytes| decode(*bytes)).collect()
    }

    fn tokens(&self, name: &str) -> Vec<u32> {
        self.tensor(name, u32::from_le_bytes)
    }

    fn numbers(&self, name: &str) -> Vec<f32> {
        self.tensor(name, f32::from_le_bytes)
    }
}

/// Returns the largest difference, relative to the largest number that is expected.
fn difference(actual: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(actual.len(), expected.len());
    let largest = |numbers: &mut dyn Iterator<Item = f32>| {
        numbers.fold(0.0_f32, |a, b| if a > b { a } else { b })
    };
    let differences = &mut actual.iter().zip(expected).map(|(a, b)| (a - b).abs());
    assert!(actual.iter().all(|x| x.is_finite()));
    largest(differences) / largest(&mut expected.iter().map(|x| x.abs()))
}

/// Returns what the network writes after `prompt`, always the most probable token.
fn continuation<N: Speaker>(net: &N, prompt: &[u32], end: u32, most: usize) -> Vec<u32> {
    let sampler = Sampler::new(N::STEP_OUTPUTS[0].len()).temperature(0.0).stop_at(&[end]);
    let (mut stream, mut written) = (net.stream(), Vec::new());
    let mut each = |token| {
        written.push(token);
        Ok(())
    };
    write_on(&mut stream, &mut { sampler }, prompt, most, &mut each).unwrap();
    written
}

/// A random Llama of `transformers`, by `tests/vectors/huggingface/llama.py`.
#[test]
fn a_llama_is_that_of_pytorch() {
    type Tiny = Llama<61, 36, 6, 2, 50, 2, 100_000, 96>;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/huggingface");
    let net = Tiny::load_with(format!("{folder}/llama.safetensors"), &Weights::llama()).unwrap();
    let reference = Reference::read(format!("{folder}/llama.expected.safetensors"));

    let texts = Tensor::from_vec([2, 9], reference.tokens("texts")).unwrap();
    let logits = net.forward(&texts).unwrap();
    let worst = difference(logits.as_slice(), &reference.numbers("logits"));
    assert!(worst < 1e-5, "{worst}");

    let (prompt, expected) = (&texts.as_slice()[..9], reference.tokens("continuation"));
    assert_eq!(continuation(&net, prompt, u32::MAX, 64), expected);
    // until a token, and until the end of the stream, which holds 96
    let end = expected.iter().position(|token| *token == expected[20]).unwrap();
    assert_eq!(continuation(&net, prompt, expected[20], 64), expected[..end]);
    assert_eq!(continuation(&net, prompt, u32::MAX, 1000).len(), 96 - 9 + 1);
}

/// SmolLM2 itself: `SMOLLM2=FOLDER REFERENCE=FILE cargo test --release --example chat -- --ignored`. The file has the
/// tokens of a `prompt`, the logits after its last two, `logits_last_two`, and the `continuation` with its end.
#[test]
#[ignore = "takes half a gigabyte of weights, which are not part of this project"]
fn smollm2_is_that_of_pytorch() {
    let folder = PathBuf::from(std::env::var_os("SMOLLM2").expect("SMOLLM2 is the folder"));
    let reference = Reference::read(std::env::var_os("REFERENCE").expect("REFERENCE is the file"));
    assert_eq!(Config::of(&config(&folder).unwrap()).unwrap(), Small::CONFIG);
    let net = Small::load_with(&folder, &Weights::llama()).unwrap();
    let prompt = reference.tokens("prompt");
    let expected = reference.numbers("logits_last_two");

    let mut stream = net.stream();
    let (begin, end) = prompt.split_at(prompt.len() - 1);
    let mut last = stream.prefill(begin).to_vec();
    last.extend_from_slice(stream.step(end));
    let streamed = difference(&last, &expected);
    let whole = net.forward(&prompt).unwrap();
    let whole = &whole.as_slice()[(prompt.len() - 2) * 49_152..];
    let forward = difference(whole, &expected);
    eprintln!(
        "relative to the largest logit: {streamed:.1e} in a stream, {forward:.1e} as a whole"
    );
    assert!(streamed < 2e-4 && forward < 2e-4);

    let (end, expected) = (2, reference.tokens("continuation"));
    let written = continuation(&net, &prompt, end, 512);
    assert_eq!(&written, expected.strip_suffix(&[end]).unwrap());
}

#[test]
fn tells_models_apart_by_their_sizes() {
    let smollm2 = json!({
        "model_type": "llama", "hidden_act": "silu", "attention_bias": false, "mlp_bias": false,
        "tie_word_embeddings": true, "head_dim": 64, "hidden_size": 576, "intermediate_size": 1536,
        "num_attention_heads": 9, "num_hidden_layers": 30, "num_key_value_heads": 3, "vocab_size": 49152,
        "rms_norm_eps": 9.999999747378752e-06,
        "rope_parameters": {"rope_theta": 100000.0, "rope_type": "default"}
    });
    assert_eq!(Config::of(&smollm2).unwrap(), Small::CONFIG);
    let with = |name: &str, value: Value| {
        let mut other = smollm2.clone();
        other[name] = value;
        Config::of(&other)
    };
    // as former versions wrote it
    let mut former = smollm2.clone();
    former.as_object_mut().unwrap().remove("rope_parameters");
    former["rope_scaling"] = Value::Null;
    assert_eq!(Config::of(&former).unwrap_err(), "there is no number `rope_theta`");
    former["rope_theta"] = 100_000.into();
    assert_eq!(Config::of(&former).unwrap(), Small::CONFIG);

    assert_eq!(with("hidden_size", "wide".into()).unwrap_err(), "there is no number `hidden_size`");
    assert_eq!(with("num_hidden_layers", 16.into()).unwrap().num_hidden_layers, 16);
    for (name, value) in [
        ("model_type", json!("qwen2")),
        ("tie_word_embeddings", json!(false)),
        ("rms_norm_eps", json!(1e-6)),
        ("attention_bias", json!(true)),
        ("rope_scaling", json!({"type": "linear", "factor": 2.0})),
        ("rope_parameters", json!({"rope_theta": 100_000, "rope_type": "llama3"})),
        ("head_dim", json!(32)),
    ] {
        let config = with(name, value.clone()).unwrap();
        assert_eq!(config.others, [format!("{name}: {value}")]);
        assert_ne!(config, Small::CONFIG);
    }
}

#[test]
fn says_what_a_folder_lacks() {
    let folder = std::env::temp_dir().join(format!("monograd-chat-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let error = |folder: &Path| config(folder).unwrap_err().to_string();
    assert!(error(&folder).contains("config.json: No such file"), "{}", error(&folder));
    std::fs::write(folder.join("config.json"), "{\"hidden_size\": ").unwrap();
    assert!(error(&folder).contains("config.json: EOF"), "{}", error(&folder));
    let options = Options::parse_from(["chat", folder.to_str().unwrap(), "--prompt", "?"]);
    let error = run(&options).unwrap_err().to_string();
    assert!(error.contains("tokenizer.json"), "{error}");
    std::fs::remove_dir_all(&folder).unwrap();
}
