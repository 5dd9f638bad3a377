#[inline(always)]
fn train<S: __monograd::Simd<T>>(
    simd: S,
    tile: &__monograd::Tile<'_, T>,
    parameters: &[T],
    inputs: Self::Inputs<'_>,
    targets: Self::Targets<'_>,
    arena: &mut [T],
    gradients: &mut [T],
) -> T {
    let n = tile.samples;
    let lane = __monograd::lane::<T, S>;
    let number = __monograd::number::<T, S>;
    let (x,) = inputs;
    let (target,) = targets;
    let layout = <Self as __monograd::Network>::LAYOUT;
    let linear0_weight = __monograd::part(parameters, layout, 0);
    let linear0_bias = __monograd::part(parameters, layout, 1);
    let linear1_weight = __monograd::part(parameters, layout, 2);
    let linear1_bias = __monograd::part(parameters, layout, 3);
    let [slot0, slot1, slot2, slot3, slot4] = __monograd::slots(
        arena,
        n,
        <Self as __monograd::Trainable>::TRAIN_SLOTS,
    );
    let product = lane(tile.batch_mean) * number(0.5);
    // let h = x >> Linear(4) >> A;
    let h = &mut slot0[..n * 4];
    let kept = &mut slot1[..n
        * __monograd::kept_len(<A as __monograd::Activation>::FROM_OUTPUT, 4)];
    for rows in __monograd::dense::groups(n) {
        let x = &x[rows.of(3)];
        let h = &mut h[rows.of(4)];
        let kept = &mut kept[rows
            .of(
                __monograd::kept_len(
                    <A as __monograd::Activation>::FROM_OUTPUT,
                    4,
                ),
            )];
        __monograd::dense::forward(
            simd,
            __monograd::dense::Shape {
                rows: rows.count(),
                inputs: 3,
                outputs: 4,
            },
            x,
            linear0_weight,
            __monograd::Some(linear0_bias),
            h,
        );
        if <A as __monograd::Activation>::FROM_OUTPUT {
            for h in &mut *h {
                *h = <A as __monograd::Activation>::forward(lane(*h)).value;
            }
        } else {
            {
                let h = &mut *h;
                let len = <[_]>::len(h);
                let kept = &mut kept[..len];
                for index in 0..len {
                    let linear0 = lane(h[index]);
                    let (y, slope) = <A as __monograd::Activation>::forward_and_derivative(
                        linear0,
                    );
                    h[index] = y.value;
                    kept[index] = slope.value;
                }
            }
        }
    }
    // h >> Linear(2)
    let linear1 = &mut slot2[..n * 2];
    __monograd::dense::forward(
        simd,
        __monograd::dense::Shape {
            rows: n,
            inputs: 4,
            outputs: 2,
        },
        h,
        linear1_weight,
        __monograd::Some(linear1_bias),
        linear1,
    );
    // loss mse
    let difference = linear1;
    let mse = &mut slot3[..n];
    for (difference, (mse, target)) in __monograd::zip(
        __monograd::chunks_mut(&mut *difference, 2),
        __monograd::zip(&mut *mse, __monograd::chunks(target, 2)),
    ) {
        for (difference, target) in __monograd::zip(&mut *difference, target) {
            *difference = (lane(*difference) - lane(*target)).value;
        }
        let sum = __monograd::rows::sum(
            simd,
            [&*difference],
            |[difference]| difference * difference,
        );
        *mse = (sum * number(0.5)).value;
    }
    // backward: loss mse
    let d_linear1 = difference;
    for d_linear1 in &mut *d_linear1 {
        let d_product = product * lane(*d_linear1);
        *d_linear1 = (d_product + d_product).value;
    }
    // backward: h >> Linear(2)
    __monograd::dense::weight_gradient(
        simd,
        __monograd::dense::Shape {
            rows: n,
            inputs: 4,
            outputs: 2,
        },
        h,
        d_linear1,
        __monograd::part_mut(gradients, layout, 2),
        tile.store,
    );
    __monograd::dense::bias_gradient(
        simd,
        n,
        2,
        d_linear1,
        __monograd::part_mut(gradients, layout, 3),
        tile.store,
    );
    let d_linear0 = &mut slot4[..n * 4];
    let kept_1 = if <A as __monograd::Activation>::FROM_OUTPUT {
        &*h
    } else {
        &*kept
    };
    for rows in __monograd::dense::groups(n) {
        let d_linear1 = &d_linear1[rows.of(2)];
        let d_linear0 = &mut d_linear0[rows.of(4)];
        let kept_1 = &kept_1[rows.of(4)];
        __monograd::dense::input_gradient(
            simd,
            __monograd::dense::Shape {
                rows: rows.count(),
                inputs: 4,
                outputs: 2,
            },
            d_linear1,
            linear1_weight,
            d_linear0,
            __monograd::Store::Set,
        );
        // backward: let h = x >> Linear(4) >> A;
        {
            let d_linear0 = &mut *d_linear0;
            let len = <[_]>::len(d_linear0);
            let kept_1 = &kept_1[..len];
            for index in 0..len {
                d_linear0[index] = <A as __monograd::Activation>::chain(
                        lane(kept_1[index]),
                        lane(d_linear0[index]),
                    )
                    .value;
            }
        }
    }
    __monograd::dense::weight_gradient(
        simd,
        __monograd::dense::Shape {
            rows: n,
            inputs: 3,
            outputs: 4,
        },
        x,
        d_linear0,
        __monograd::part_mut(gradients, layout, 0),
        tile.store,
    );
    __monograd::dense::bias_gradient(
        simd,
        n,
        4,
        d_linear0,
        __monograd::part_mut(gradients, layout, 1),
        tile.store,
    );
    __monograd::reduce::sum_all(simd, mse)
}
