#[inline(always)]
fn infer<S: __monograd::Simd<T>>(
    simd: S,
    tile: &__monograd::Tile<'_, T>,
    parameters: &[T],
    inputs: Self::Inputs<'_>,
    arena: &mut [T],
    [out0,
    ]: [&mut [T]; 1],
) {
    let n = tile.samples;
    let lane = __monograd::lane::<T, S>;
    let (x,) = inputs;
    let layout = <Self as __monograd::Network>::LAYOUT;
    let linear0_weight = __monograd::part(parameters, layout, 0);
    let linear0_bias = __monograd::part(parameters, layout, 1);
    let linear1_weight = __monograd::part(parameters, layout, 2);
    let linear1_bias = __monograd::part(parameters, layout, 3);
    let [slot0] = __monograd::slots(
        arena,
        n,
        <Self as __monograd::Network>::SLOTS,
    );
    // let h = x >> Linear(4) >> A;
    let h = &mut slot0[..n * 4];
    for rows in __monograd::dense::groups(n) {
        let x = &x[rows.of(3)];
        let h = &mut h[rows.of(4)];
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
        for h in &mut *h {
            *h = <A as __monograd::Activation>::forward(lane(*h)).value;
        }
    }
    // h >> Linear(2)
    let linear1 = &mut *out0;
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
}
