#[inline(always)]
fn train<S: ::monograd::__private::Simd<T>>(
    simd: S,
    tile: &::monograd::__private::Tile<'_, T>,
    parameters: &[T],
    inputs: Self::Inputs<'_>,
    targets: Self::Targets<'_>,
    arena: &mut [T],
    gradients: &mut [T],
) -> T {
    use ::monograd::__private as __monograd;
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
    // let h = x >> Linear(4) >> A;
    let linear0 = &mut slot0[..n * 4];
    __monograd::dense::forward(
        simd,
        n,
        3,
        4,
        x,
        linear0_weight,
        __monograd::Some(linear0_bias),
        linear0,
    );
    let h = linear0;
    let d_keep = &mut slot1[..n * __monograd::kept_len::<A>(4)];
    if __monograd::from_output::<A>() {
        for h in &mut *h {
            *h = __monograd::activate::<A, _>(lane(*h)).value;
        }
    } else {
        for (h, d_keep) in __monograd::zip(&mut *h, &mut *d_keep) {
            let linear0 = lane(*h);
            let (y, slope) = __monograd::value_and_slope::<A, _>(linear0);
            *h = y.value;
            *d_keep = slope.value;
        }
    }
    // h >> Linear(2)
    let linear1 = &mut slot2[..n * 2];
    __monograd::dense::forward(
        simd,
        n,
        4,
        2,
        h,
        linear1_weight,
        __monograd::Some(linear1_bias),
        linear1,
    );
    // loss mse
    let subtract = linear1;
    let multiply = &mut slot3[..n * 2];
    for (subtract, (multiply, target)) in __monograd::zip(
        &mut *subtract,
        __monograd::zip(&mut *multiply, target),
    ) {
        let linear1 = lane(*subtract);
        let subtract_1 = linear1 - lane(*target);
        *subtract = subtract_1.value;
        *multiply = (subtract_1 * subtract_1).value;
    }
    let sum = &mut slot4[..n];
    __monograd::reduce::sum_axis(
        simd,
        n,
        2,
        1,
        multiply,
        sum,
        __monograd::Store::Set,
    );
    let multiply_1 = sum;
    for multiply_1 in &mut *multiply_1 {
        *multiply_1 = (lane(*multiply_1) * number(0.5)).value;
    }
    let multiply_2 = lane(tile.batch_mean) * number(0.5);
    // backward: loss mse
    let d_expand = &mut slot3[..n];
    for d_expand in &mut *d_expand {
        *d_expand = multiply_2.value;
    }
    let d_linear1 = subtract;
    for (d_linear1, d_expand) in __monograd::zip(
        __monograd::chunks_mut(&mut *d_linear1, 2),
        &*d_expand,
    ) {
        for d_linear1 in &mut *d_linear1 {
            let d_multiply = lane(*d_expand) * lane(*d_linear1);
            *d_linear1 = (d_multiply + d_multiply).value;
        }
    }
    // backward: h >> Linear(2)
    __monograd::dense::weight_gradient(
        simd,
        n,
        4,
        2,
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
    let d_h = &mut slot3[..n * 4];
    __monograd::dense::input_gradient(
        simd,
        n,
        4,
        2,
        d_linear1,
        linear1_weight,
        d_h,
        __monograd::Store::Set,
    );
    // backward: let h = x >> Linear(4) >> A;
    let d_linear0 = d_h;
    let d_keep_1 = if __monograd::from_output::<A>() { &*h } else { &*d_keep };
    for (d_linear0, d_keep_1) in __monograd::zip(&mut *d_linear0, &*d_keep_1) {
        *d_linear0 = (lane(*d_linear0) * __monograd::slope::<A, _>(lane(*d_keep_1)))
            .value;
    }
    __monograd::dense::weight_gradient(
        simd,
        n,
        3,
        4,
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
    __monograd::reduce::sum_all(simd, multiply_1)
}
