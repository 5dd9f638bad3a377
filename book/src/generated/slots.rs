const EVALUATE_SLOTS: &'static [usize] = &[
    ::monograd::__private::slot_len(&[4, 1]),
    2,
];
const TRAIN_SLOTS: &'static [usize] = &[
    4,
    ::monograd::__private::kept_len(
        <A as ::monograd::__private::Activation>::FROM_OUTPUT,
        4,
    ),
    2,
    1,
    4,
];
