use super::*;

/// The rate rises to exactly the peak in the first step after the warm-up, and is never above it.
#[test]
fn a_warm_up_ends_at_the_peak() {
    for (steps, peak) in [(0, 0.3), (1, 0.1), (3, 1e-3), (100, 0.7)] {
        let schedule = Cosine::new(peak, 0.0, 50).warm_up(steps);
        assert_eq!(schedule.rate(steps), peak);
        for step in 0..steps {
            let rate = schedule.rate(step);
            assert!(0.0 < rate && rate < peak, "{rate} in step {step}");
            assert!(step == 0 || rate > schedule.rate(step - 1));
        }
        assert!((0..200).all(|step| schedule.rate(step) <= peak));
        assert_eq!(schedule.rate(steps + 50), 0.0);
        assert_eq!(schedule.rate(u64::MAX), 0.0);
    }
}

#[test]
fn schedules_follow_each_other() {
    let schedule = Constant(0.1).then(5, Linear::new(0.1, 0.0, 10)).then(15, |_| 0.5);
    assert_eq!(schedule.rate(4), 0.1);
    assert_eq!(schedule.rate(5), 0.1);
    assert!((schedule.rate(10) - 0.05).abs() < 1e-15);
    assert_eq!(schedule.rate(15), 0.5);
}

#[test]
fn an_inverse_square_root_halves_in_three_times_its_steps() {
    let schedule = InverseSquareRoot::new(0.2, 100);
    assert_eq!((schedule.rate(0), schedule.rate(300)), (0.2, 0.1));
    // that of the Transformer: min(1 / sqrt(step), step / steps^1.5) with a factor
    let schedule = schedule.warm_up(100);
    assert_eq!(schedule.rate(100), 0.2);
}

/// Sizes of 0 and 1 are schedules, too.
#[test]
fn short_schedules_are_numbers() {
    for steps in [0, 1, 2, 3] {
        let schedules: [Box<dyn Schedule>; 7] = [
            Box::new(Step::new(0.1, steps, 0.5)),
            Box::new(Linear::new(0.1, 0.2, steps)),
            Box::new(Cosine::new(0.1, 0.2, steps)),
            Box::new(OneCycle::new(0.1, steps)),
            Box::new(WarmRestarts::new(0.1, 0.2, steps).growth(steps)),
            Box::new(InverseSquareRoot::new(0.1, steps)),
            Box::new(Constant(0.1).warm_up(steps)),
        ];
        for (kind, schedule) in schedules.iter().enumerate() {
            for step in [0, 1, 2, 3, 1_000_000] {
                let rate = schedule.rate(step);
                assert!((0.0..=0.2).contains(&rate), "{rate}: schedule {kind} of {steps}, {step}");
            }
        }
    }
}

#[test]
fn a_schedule_is_drawn() {
    let drawn = draw(&Linear::new(0.0, 8.0, 15), 16);
    let lines: Vec<&str> = drawn.lines().collect();
    assert_eq!(lines.len(), ROWS_AND_AXIS);
    assert!(lines[0].starts_with("   8.000e0 ┤"), "{drawn}");
    assert!(lines[0].ends_with('█') && lines[7].ends_with("██"), "{drawn}");
    assert!(lines[9].trim_start().starts_with('0') && lines[9].ends_with("16"), "{drawn}");
    // nothing to draw is no reason to fail
    assert!(draw(&Constant(0.0), 0).contains('└'));
    assert!(draw(&Constant(0.0), 3).contains('└'));
}

const ROWS_AND_AXIS: usize = 10;
