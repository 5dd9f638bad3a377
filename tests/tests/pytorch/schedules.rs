//! Compares schedules with PyTorch's (`vectors/schedules.json`, written by the script beside it).

use monograd::schedule::{
    Cosine, Exponential, Linear, OneCycle, ReduceOnPlateau, Schedule, Step, WarmRestarts,
};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../vectors/schedules.json")).unwrap()
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn assert_near(actual: f64, expected: f64, what: &str) {
    assert!((actual - expected).abs() <= 1e-12, "{what}: {actual}, not {expected}");
}

#[test]
fn rates_as_pytorch() {
    for case in vectors()["cases"].as_array().unwrap() {
        let number = |name: &str| case["options"][name].as_f64();
        let count = |name: &str| number(name).unwrap() as u64;
        let rate = case["rate"].as_f64().unwrap();
        let schedule: Box<dyn Schedule> = match case["schedule"].as_str().unwrap() {
            "step" => Box::new(Step::new(rate, count("step_size"), number("gamma").unwrap())),
            "exponential" => Box::new(Exponential::new(rate, number("gamma").unwrap())),
            "linear" => {
                let to = rate * number("end_factor").unwrap();
                Box::new(Linear::new(rate, to, count("total_iters")))
            }
            "cosine" => Box::new(Cosine::new(rate, number("eta_min").unwrap(), count("T_max"))),
            "one_cycle" => {
                let cycle = OneCycle::new(number("max_lr").unwrap(), count("total_steps"));
                let divisors = (number("div_factor"), number("final_div_factor"));
                let cycle = cycle.rise(number("pct_start").unwrap_or(0.3));
                Box::new(cycle.divisors(divisors.0.unwrap_or(25.0), divisors.1.unwrap_or(1e4)))
            }
            "restarts" => {
                let to = number("eta_min").unwrap_or(0.0);
                let growth = number("T_mult").unwrap_or(1.0) as u64;
                Box::new(WarmRestarts::new(rate, to, count("T_0")).growth(growth))
            }
            other => panic!("no schedule {other}"),
        };
        // PyTorch computes a cosine from its last rate, which goes on rising after its end
        let end = number("T_max").map_or(usize::MAX, |steps| steps as usize + 1);
        for (step, expected) in numbers(&case["rates"]).into_iter().enumerate().take(end) {
            assert_near(schedule.rate(step as u64), expected, &format!("{case} step {step}"));
        }
    }
}

#[test]
fn plateaus_as_pytorch() {
    let vectors = vectors();
    for case in vectors["plateaus"].as_array().unwrap() {
        let option = |name: &str| case["options"][name].as_f64();
        let mut plateau = ReduceOnPlateau::new(0.1)
            .factor(option("factor").unwrap())
            .patience(option("patience").unwrap() as u64)
            .threshold(option("threshold").unwrap_or(1e-4))
            .cooldown(option("cooldown").unwrap_or(0.0) as u64)
            .least(option("min_lr").unwrap_or(0.0));
        for (loss, expected) in numbers(&vectors["losses"]).iter().zip(numbers(&case["rates"])) {
            assert_near(plateau.observe(*loss), expected, &case["options"].to_string());
        }
    }
}
