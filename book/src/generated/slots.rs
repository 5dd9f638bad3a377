const EVALUATE_SLOTS: &'static [__monograd::Slot] = &[
    __monograd::Slot::Each(__monograd::slot_len(&[4, 1])),
    __monograd::Slot::Each(2),
];
const TRAIN_SLOTS: &'static [__monograd::Slot] = &[
    __monograd::Slot::Each(4),
    __monograd::Slot::Each(
        __monograd::kept_len(<A as __monograd::Activation>::FROM_OUTPUT, 4),
    ),
    __monograd::Slot::Each(2),
    __monograd::Slot::Each(1),
    __monograd::Slot::Each(4),
];
