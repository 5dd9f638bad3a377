const LAYOUT: &'static [::monograd::Parameter] = &::monograd::__private::place([
    ::monograd::__private::Parameter::new(
            "linear0.weight",
            &[4, 3],
            ::monograd::__private::Init::FanIn {
                fan_in: 3,
            },
        )
        .transposed(),
    ::monograd::__private::Parameter::new(
            "linear0.bias",
            &[4],
            ::monograd::__private::Init::FanIn {
                fan_in: 3,
            },
        )
        .bias(),
    ::monograd::__private::Parameter::new(
            "linear1.weight",
            &[2, 4],
            ::monograd::__private::Init::FanIn {
                fan_in: 4,
            },
        )
        .transposed(),
    ::monograd::__private::Parameter::new(
            "linear1.bias",
            &[2],
            ::monograd::__private::Init::FanIn {
                fan_in: 4,
            },
        )
        .bias(),
]);
