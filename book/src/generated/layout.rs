const LAYOUT: &'static [::monograd::Parameter] = &::monograd::__private::place([
    ::monograd::__private::Parameter {
        name: "linear0.weight",
        shape: &[4, 3],
        transposed: true,
        kind: ::monograd::__private::Kind::Weight,
        init: ::monograd::__private::Init::FanIn {
            fan_in: 3,
        },
        frozen: false,
        offset: 0,
    },
    ::monograd::__private::Parameter {
        name: "linear0.bias",
        shape: &[4],
        transposed: false,
        kind: ::monograd::__private::Kind::Bias,
        init: ::monograd::__private::Init::FanIn {
            fan_in: 3,
        },
        frozen: false,
        offset: 0,
    },
    ::monograd::__private::Parameter {
        name: "linear1.weight",
        shape: &[2, 4],
        transposed: true,
        kind: ::monograd::__private::Kind::Weight,
        init: ::monograd::__private::Init::FanIn {
            fan_in: 4,
        },
        frozen: false,
        offset: 0,
    },
    ::monograd::__private::Parameter {
        name: "linear1.bias",
        shape: &[2],
        transposed: false,
        kind: ::monograd::__private::Kind::Bias,
        init: ::monograd::__private::Init::FanIn {
            fan_in: 4,
        },
        frozen: false,
        offset: 0,
    },
]);
