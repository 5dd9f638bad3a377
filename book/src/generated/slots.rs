const EVALUATE_SLOTS: &'static [usize] = &[__monograd::slot_len(&[4, 1]), 2];
const TRAIN_SLOTS: &'static [usize] = &[
    4,
    __monograd::kept_len(<A as __monograd::Activation>::FROM_OUTPUT, 4),
    2,
    1,
    4,
];
