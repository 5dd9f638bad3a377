const LAYOUT: &'static [::monograd::Parameter] = &__monograd::place([
    __monograd::Parameter::new(
            "linear0.weight",
            &[4, 3],
            __monograd::Init::FanIn {
                fan_in: 3,
            },
        )
        .transposed(),
    __monograd::Parameter::new(
            "linear0.bias",
            &[4],
            __monograd::Init::FanIn {
                fan_in: 3,
            },
        )
        .bias(),
    __monograd::Parameter::new(
            "linear1.weight",
            &[2, 4],
            __monograd::Init::FanIn {
                fan_in: 4,
            },
        )
        .transposed(),
    __monograd::Parameter::new(
            "linear1.bias",
            &[2],
            __monograd::Init::FanIn {
                fan_in: 4,
            },
        )
        .bias(),
]);
