//! Compares distributions with those of `transformers` (`tests/vectors/huggingface/sampler.json`, written by the script
//! beside it) and draws with distributions.

use super::*;
use serde_json::Value;

/// Returns the probabilities that the sampler draws by.
fn probabilities(sampler: &mut Sampler, logits: &[f32]) -> Vec<f64> {
    let largest = sampler.score(logits).unwrap();
    sampler.weigh(largest);
    let total: f64 = sampler.weights.iter().map(|w| f64::from(*w)).sum();
    sampler.weights.iter().map(|w| f64::from(*w) / total).collect()
}

/// Returns chi-squared of draws with their expected probabilities, and its degrees of freedom.
fn chi_squared(sampler: &mut Sampler, logits: &[f32], expected: &[f64]) -> (f64, usize) {
    const DRAWS: usize = 20_000;
    let mut counts = vec![0_usize; logits.len()];
    for _ in 0..DRAWS {
        counts[sampler.sample(logits).unwrap() as usize] += 1;
        sampler.forget();
    }
    let (mut sum, mut cells, mut rare) = (0.0, 0, (0.0, 0.0));
    let mut cell = |expected: f64, count: f64| {
        sum += (count - expected) * (count - expected) / expected;
        cells += 1;
    };
    for (count, p) in counts.into_iter().zip(expected) {
        let (expected, count) = (p * DRAWS as f64, count as f64);
        assert!(*p > 0.0 || count == 0.0, "a token that is left out was drawn");
        // tokens that are hardly ever drawn share a cell
        if expected < 8.0 {
            rare = (rare.0 + expected, rare.1 + count)
        } else {
            cell(expected, count)
        }
    }
    if rare.0 >= 8.0 {
        cell(rare.0, rare.1);
    }
    (sum, cells - 1)
}

/// Asserts that a chi-squared is no more than four standard deviations above its mean.
#[track_caller]
fn assert_likely((sum, freedom): (f64, usize), what: &str) {
    let freedom = freedom as f64;
    assert!(sum <= freedom + 4.0 * (2.0 * freedom).sqrt() + 1e-9, "{what}: {sum} of {freedom}");
}

#[test]
fn distributions_are_those_of_transformers() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../tests/vectors/huggingface/sampler.json"))
            .unwrap();
    let floats = |value: &Value| -> Vec<f32> {
        value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap() as f32).collect()
    };
    let cases = vectors.as_array().unwrap();
    assert!(cases.len() >= 40);
    for case in cases {
        let logits = floats(&case["logits"]);
        let option = |name: &str| case[name].as_f64().map(|x| x as f32);
        let mut sampler = Sampler::new(logits.len())
            .temperature(option("temperature").unwrap())
            .top_k(case["top_k"].as_u64().unwrap_or(0) as usize)
            .top_p(option("top_p").unwrap_or(1.0))
            .min_p(option("min_p").unwrap_or(0.0))
            .repetition_penalty(option("repetition_penalty").unwrap_or(1.0))
            .seed(7);
        let seen: Vec<u32> = floats(&case["seen"]).iter().map(|x| *x as u32).collect();
        sampler.observe(&seen);
        let ours = probabilities(&mut sampler, &logits);
        let theirs = floats(&case["probabilities"]);
        for (token, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
            let near = (ours - f64::from(*theirs)).abs() <= 1e-5;
            assert!(near && (*ours == 0.0) == (*theirs == 0.0), "{token}: {ours}, {case}");
        }
        sampler.repetition_penalty = 1.0;
        sampler.forget();
        let expected = probabilities(&mut sampler, &logits);
        assert_likely(chi_squared(&mut sampler, &logits, &expected), &case.to_string());
    }
}

/// A wrong distribution is told from a right one.
#[test]
fn chi_squared_finds_another_temperature() {
    let logits: Vec<f32> = (0..20).map(|i| (i as f32 * 1.7).sin()).collect();
    let expected = probabilities(&mut Sampler::new(20).temperature(0.9), &logits);
    let (sum, freedom) = chi_squared(&mut Sampler::new(20).temperature(1.0), &logits, &expected);
    assert!(sum > 3.0 * freedom as f64, "{sum} of {freedom}");
}

#[test]
fn the_same_seed_gives_the_same_tokens() {
    let logits: Vec<f32> = (0..100).map(|i| (i as f32 * 0.7).cos()).collect();
    let tokens = |sampler: Sampler| -> Vec<u32> {
        let mut sampler = sampler;
        (0..50).map(|_| sampler.sample(&logits).unwrap()).collect()
    };
    assert_eq!(tokens(Sampler::new(100).seed(3)), tokens(Sampler::new(100).seed(3)));
    assert_ne!(tokens(Sampler::new(100).seed(3)), tokens(Sampler::new(100).seed(4)));
    assert_eq!(tokens(Sampler::new(100).seed(3))[..6], [10, 77, 54, 62, 80, 36]);
}

#[test]
fn a_greedy_choice_is_the_first_of_the_largest() {
    let mut greedy = Sampler::new(4).temperature(0.0).top_k(1).top_p(0.1);
    assert_eq!(greedy.sample(&[1.0, 3.0, 3.0, 2.0]), Ok(1));
    // the penalty applies to it: 3 / 2 and 2 / 2 are left
    let mut greedy = greedy.repetition_penalty(2.0);
    greedy.forget();
    let chosen: Vec<u32> = (0..3).map(|_| greedy.sample(&[1.2, 3.0, 2.0, -1.0]).unwrap()).collect();
    assert_eq!(chosen, [1, 2, 1]);
    greedy.forget();
    greedy.observe(&[1, 2, 99]);
    assert_eq!(greedy.sample(&[1.7, 3.0, 2.0, -1.0]), Ok(0));
}

#[test]
fn one_token_is_left() {
    let logits = [0.5, 2.0, 1.0, 1.5];
    for mut sampler in [
        Sampler::new(4).top_k(1),
        Sampler::new(4).top_p(0.0),
        Sampler::new(4).top_p(1e-6),
        Sampler::new(4).min_p(1.0),
        Sampler::new(4).temperature(1e-30),
        Sampler::new(4).temperature(f32::MIN_POSITIVE),
    ] {
        assert!((0..100).all(|_| sampler.sample(&logits) == Ok(1)), "{sampler:?}");
    }
    let mut sampler = Sampler::new(3);
    let only = [f32::NEG_INFINITY, 0.0, f32::NEG_INFINITY];
    assert!((0..100).all(|_| sampler.sample(&only) == Ok(1)));
    assert!((0..100).all(|_| Sampler::new(1).sample(&[-5.0]) == Ok(0)));
    let mut wide = Sampler::new(2);
    assert!((0..100).all(|_| wide.sample(&[f32::MIN, f32::MAX]) == Ok(1)));
}

#[test]
fn ties_are_kept_by_top_k_and_cut_by_top_p() {
    let logits = [1.0; 4];
    assert_eq!(probabilities(&mut Sampler::new(4).top_k(2), &logits), [0.25; 4]);
    let half = probabilities(&mut Sampler::new(4).top_p(0.4), &logits);
    assert_eq!(half, [0.5, 0.5, 0.0, 0.0]);
    assert_eq!(probabilities(&mut Sampler::new(4).min_p(1.0), &logits), [0.25; 4]);
    // more than the first tokens that are sorted
    let many = vec![0.0; 5000];
    let kept = probabilities(&mut Sampler::new(5000).top_p(0.5), &many);
    assert_eq!(kept.iter().filter(|p| **p > 0.0).count(), 2500);
    let slope: Vec<f32> = (0..5000).map(|i| -1e-4 * i as f32).collect();
    let kept = probabilities(&mut Sampler::new(5000).top_p(0.9), &slope);
    let own: Vec<f64> = slope.iter().map(|x| f64::from(*x).exp()).collect();
    let total: f64 = own.iter().sum();
    let within: f64 =
        own.iter().zip(&kept).filter(|(_, k)| **k > 0.0).map(|(p, _)| p / total).sum();
    assert!((within - 0.9).abs() < 3e-4, "{within}");
}

#[test]
fn what_is_no_distribution_is_an_error() {
    let mut sampler = Sampler::new(2);
    let error = sampler.sample(&[0.0, f32::NAN]).unwrap_err();
    assert!(matches!(error, SampleError::Logit { token: 1, .. }), "{error}");
    assert_eq!(error.to_string(), "the logit of token 1 is NaN");
    let infinite = sampler.sample(&[f32::INFINITY, 0.0]).unwrap_err();
    assert_eq!(infinite.to_string(), "the logit of token 0 is inf");
    assert_eq!(sampler.sample(&[f32::NEG_INFINITY; 2]), Err(SampleError::NoToken));
    assert_eq!(Sampler::new(0).sample(&[]), Err(SampleError::NoToken));
    let length = sampler.sample(&[0.0; 3]).unwrap_err();
    assert_eq!(length.to_string(), "3 logits for a sampler of 2 tokens");
    for wrong in [
        Sampler::new(2).temperature(-1.0),
        Sampler::new(2).temperature(f32::NAN),
        Sampler::new(2).temperature(f32::INFINITY),
        Sampler::new(2).top_p(1.5),
        Sampler::new(2).top_p(-0.1),
        Sampler::new(2).min_p(f32::NAN),
        Sampler::new(2).repetition_penalty(0.0),
        Sampler::new(2).repetition_penalty(f32::INFINITY),
    ] {
        let error = wrong.clone().sample(&[0.0, 1.0]).unwrap_err();
        assert!(matches!(error, SampleError::Option { .. }), "{error}");
    }
    let text = Sampler::new(2).top_p(1.5).sample(&[0.0, 1.0]).unwrap_err().to_string();
    assert_eq!(text, "the sampler's `top_p` is 1.5, but it has to be from 0 to 1");
}

#[test]
fn penalties_do_not_overflow() {
    let mut sampler = Sampler::new(2).repetition_penalty(1e-30);
    sampler.observe(&[0, 1]);
    assert!(sampler.sample(&[f32::MAX, -1.0]) == Ok(0));
    let mut sampler = Sampler::new(2).repetition_penalty(1e30);
    sampler.observe(&[0, 1]);
    assert!(sampler.sample(&[-1e30, 1.0]) == Ok(1));
}

#[test]
fn tokens_end_a_text() {
    let sampler = Sampler::new(9).stop_at(&[2, 7]);
    assert!(sampler.is_stop(2) && sampler.is_stop(7) && !sampler.is_stop(0));
}

#[test]
fn nothing_is_allocated_after_the_first() {
    let logits: Vec<f32> = (0..5000).map(|i| (i as f32 * 0.37).sin()).collect();
    let mut sampler =
        Sampler::new(5000).top_k(4000).top_p(0.99).min_p(1e-3).repetition_penalty(1.1);
    let places = |sampler: &Sampler| {
        [&sampler.scores, &sampler.weights, &sampler.sorted]
            .map(|values| (values.as_ptr(), values.capacity()))
    };
    let before = places(&sampler);
    for _ in 0..20 {
        sampler.sample(&logits).unwrap();
    }
    assert_eq!(places(&sampler), before);
}
