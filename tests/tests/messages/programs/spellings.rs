//! Names that mean something else elsewhere: of the prelude, keywords, and what generated code calls
//! its own.

#![forbid(unsafe_code)]
#![deny(warnings)]
// of types and sizes, which are called as the user says
#![allow(non_camel_case_types, non_upper_case_globals)]

use monograd::prelude::*;

/// Not what the networks mean by it.
pub const X: f32 = 2.0;

/// A function of the user's.
pub fn r#try<N: Number>(x: N) -> N {
    x * x
}

network! {
    /// Of the prelude.
    pub Prelude(Ok: [4], None: [4], Some: [4]) -> [4] {
        let Err = (Ok + None * Some) >> Linear(4);
        let Vec = tanh(Err);
        let X = Vec + Ok;
        let mut Box = X;
        for I in 0..2 {
            Box = Box + (Box >> Linear(4) >> Tanh) * (I + 1);
        }
        Box
    }
    loss |String, Result: [4]| mean(square(String - Result))

    /// Keywords.
    pub r#struct<r#dyn: Activation = Tanh, const r#const: usize = 3>(
        r#fn: [dyn r#static, r#const],
        r#type: u32,
    ) -> [r#static, r#const] {
        let r#loop = Linear(r#const);
        let r#match = r#fn >> r#loop >> r#dyn;
        let r#box = Block::<r#dyn>;
        let r#where = self::r#try(r#match >> r#box);
        let mut r#plain = r#where * 2;
        plain = plain + r#loop.bias + r#box.r#if.bias + one_hot(r#type, r#const);
        #[name = "layers"]
        for r#in in 0..2 {
            #[name = "at.{in}"]
            let r#as = Linear(r#const);
            r#plain = r#plain + (plain >> r#as) * r#in;
        }
        plain
    }
    loss |r#mut, r#ref: [r#static, r#const]| mse(r#mut, r#ref) + 0.1 * l2(r#loop.weight)
    metric r#move |r#mut, r#ref| l1(r#mut, r#ref)

    /// Of three.
    pub Block<r#dyn: Activation>(x: [dyn r#static, 3]) -> [r#static, 3] {
        let r#if = Linear(3);
        x >> r#if >> r#dyn
    }

    /// Fields of what generated code calls.
    pub Fields(width: [4, 4], each: u32[2]) -> [2, 4] {
        gather(width >> Linear(4), each) * one_hot(each, 4)
    }
    loss |samples, value: [2, 4], table: [2, 4], copy: [4]| {
        mse(samples, value) + mse(samples, table) + sum(copy * samples[0])
    }

    /// What generated code has, in values, sizes and loops.
    pub Own<const width: usize = 4>(
        n: [4], tile: [4], inputs: [dyn slot1, width], targets: u32,
    ) -> [4] {
        let simd = (n + tile) >> Linear(width);
        let lane = exp(0.1 * simd) + one_hot(targets, width);
        let number = lane * simd;
        let arena = number >> Linear(4);
        let mut out0 = arena;
        for n in 0..3 {
            out0 = out0 + (out0 >> Linear(4) >> Tanh) * n;
        }
        let mut slot0 = out0;
        for tile in inputs {
            slot0 = slot0 * 0.5 + tile;
        }
        for len_slot1 in 0..2 {
            for rows in 0..2 {
                slot0 = slot0 + (slot0 >> Linear(4) >> Tanh) * rows * len_slot1;
            }
        }
        slot0
    }
    loss |outputs, gradients: [4]| mse(outputs, gradients)
}

#[test]
fn runs() -> Result<(), Error> {
    let x = [0.5_f32; 4];
    let mut net: Prelude = Prelude::init(1);
    net.train_step((&x, &x, &x), &x, &mut Sgd::new(0.1))?;
    let names: Vec<String> = net.parameters().iter().map(|p| p.name().to_string()).collect();
    assert_eq!(
        names,
        [
            "linear0.weight",
            "linear0.bias",
            "layers0.0.linear0.weight",
            "layers0.1.linear0.weight",
            "layers0.0.linear0.bias",
            "layers0.1.linear0.bias"
        ]
    );

    let mut net: r#struct = r#struct::init(1);
    let (rows, target) = ([[[0.5_f32; 3]; 2]; 1], [[[0.1_f32; 3]; 2]; 1]);
    net.train_step((&rows, &[1_u32]), &target, &mut Sgd::new(0.1))?;
    for name in ["loop.weight", "box.if.bias", "at.1.weight"] {
        assert!(net.parameters().get(name).is_ok(), "{name}: {:?}", net.parameters());
    }
    let measures = net.measure((&rows, &[1_u32]), &target)?;
    assert!(measures.get("move").is_some());
    assert_eq!(r#struct::<Tanh>::NAME, "struct");
    let error = net.forward((&[0.5_f32; 4], &[1_u32])).unwrap_err().to_string();
    assert!(error.contains("`fn`") && !error.contains("r#"), "{error}");

    let mut net: Fields = Fields::init(1);
    let (rows, target) = ([0.5_f32; 16], [0.1_f32; 8]);
    net.train_step((&rows, &[0_u32, 2]), (&target, &target, &x), &mut Sgd::new(0.1))?;

    let mut net: Own = Own::init(1);
    net.train_step((&x, &x, &[[[0.5_f32; 4]; 3]; 1], &[2_u32]), &x, &mut Sgd::new(0.1))?;
    Ok(())
}
