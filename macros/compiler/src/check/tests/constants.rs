//! Names of sizes that the macro cannot see: constants of the user's, batch axes, misspellings.

use super::{sound, wrong};

#[test]
fn a_constant_is_read_once() {
    let program = sound(
        "Net(x: [DIM]) -> [config::OUT] { x >> Linear(DIM) >> Linear(2 * DIM) >> Linear(config::OUT) }",
    );
    let mut names: Vec<&str> = program.constants.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names, ["__NET_CONFIG_OUT", "__NET_DIM"]);
}

#[test]
fn an_axis_of_the_batch_is_refused() {
    for name in
        ["N", "B", "T", "BS", "BATCH", "BATCH_SIZE", "SEQ_LEN", "TIME", "batch", "t", "None"]
    {
        let expected = format!("no size `{name}`; shapes are of one sample");
        for source in [
            format!("Net(x: [{name}, 4]) -> [4] {{ mean(x, axis = 0) }}"),
            format!("Net(x: [4]) -> [4] {{ x }} loss |y, t: [{name}, 4]| mse(y, t[0])"),
            format!("Net(x: u32[{name}]) -> [4] {{ gather(param([8, 4], init = ones), x)[0] }}"),
        ] {
            let problems = wrong(&source);
            assert!(problems.len() == 1 && problems[0].starts_with(&expected), "{problems:?}");
        }
    }
}

#[test]
fn a_constant_may_have_any_name() {
    for name in ["N", "T", "LEN", "IN", "W", "K", "D1", "self::N", "config::BATCH", "2 * N"] {
        let first = format!("Net(x: [{name}, 4]) -> [4] {{ mean(x, axis = 0) }}");
        let alone = format!("Net(x: [{name}]) -> [4] {{ x >> Linear(4) }}");
        let later = format!("Net(x: [4, {name}]) -> [{name}] {{ mean(x, axis = 0) }}");
        let width = format!("Net(x: [4]) -> [4] {{ x >> Linear({name}) >> Linear(4) }}");
        let usual = ["N", "T", "LEN"].contains(&name);
        for source in [alone, later, width].into_iter().chain((!usual).then_some(first)) {
            sound(&source);
        }
    }
}

#[test]
fn a_name_that_is_almost_a_size_is_refused() {
    let body = |name: &str| {
        format!(
            "Net<const HIDDEN: usize>(x: [dyn STEP, 4]) -> [STEP, 4] {{ x >> Linear({name}) >> Linear(4) }}"
        )
    };
    for (name, near) in [("HIDEN", "HIDDEN"), ("HIDDENS", "HIDDEN"), ("STEP_", "STEP")] {
        let problems = wrong(&body(name));
        let expected = format!("no size `{name}`; did you mean `{near}`?");
        assert!(problems.len() == 1 && problems[0].starts_with(&expected), "{problems:?}");
    }
    for name in ["HIDDEN", "self::HIDEN", "WIDTH", "HID", "config::HIDDENS"] {
        sound(&body(name));
    }
}

#[test]
fn an_input_in_error_may_have_declared_a_size() {
    let problems = wrong("Net(x: [dyn T < 8, 4]) -> [T, 4] { x }");
    assert_eq!(problems, ["a bound is written `dyn T <= 256`"]);
    // one mistake causes one error
    assert_eq!(wrong("Net(x: [N, 4], y: [N, 4]) -> [N, 4] { x + y }").len(), 1);
}
