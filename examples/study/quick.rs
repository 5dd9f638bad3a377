//! Short experiments, run small: their results are in the order of which the book tells.

use super::claims::{Claim, Numbers, comments, pages};
use super::{Results, Scale, centring, gates, output, practice, vanishing};
use std::path::Path;

/// Returns the claims of the book about these numbers that hold in a quick run.
fn claims(numbers: &Numbers) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let is_known = |side: &str| numbers.contains_key(side) || side.parse::<f64>().is_ok();
    let mut claims = Vec::new();
    for (_, page) in pages(&root) {
        let (comments, _) = comments(&page);
        let claims_of_page = comments.into_iter().filter_map(|(_, comment)| Claim::of(comment));
        let quick = claims_of_page.filter(|claim| claim.quick);
        let known = quick.filter(|claim| claim.text.split(" < ").all(is_known));
        claims.extend(known.map(|claim| claim.text.to_owned()));
    }
    claims
}

macro_rules! run_quickly {
    ($($name:ident: $run:path, $claims:literal;)+) => {$(
        #[test]
        fn $name() {
            let mut results = Results::default();
            $run(Scale::Quick, &mut results).unwrap();
            let claims = claims(results.numbers());
            assert_eq!(claims.len(), $claims, "{claims:?}");
            for text in &claims {
                let claim = Claim { text, quick: true };
                assert!(claim.holds(results.numbers()), "`{text}`: {:?}", results.numbers());
            }
        }
    )+};
}

// and the number of claims about each
run_quickly! {
    signs: centring::signs::run, 3;
    paths: centring::path::run, 1;
    pixels: gates::pixels::run, 1;
    outputs: output::run, 2;
    digits: practice::digits::run, 1;
    gradients: vanishing::decay::run, 6;
}
