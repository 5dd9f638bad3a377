//! Loads files that PyTorch wrote (`vectors/state_dict.py`), in every float type.

use monograd::{Init, Parameter, Parameters, Tensor, file, layout};

const fn parameter(name: &'static str, shape: &'static [usize], transposed: bool) -> Parameter {
    let parameter = Parameter::new(name, shape, Init::Constant(0.0));
    if transposed { parameter.transposed() } else { parameter }
}

/// `torch.nn.Linear(3, 2)`, whose weight is `[in, out]` in memory.
const LAYOUT: [Parameter; 2] =
    layout::place([parameter("fc.weight", &[2, 3], true), parameter("fc.bias", &[2], false)]);

fn assert_loads(dtype: &str, weight: [[f64; 3]; 2], bias: [f64; 2]) {
    let path = format!("{}/vectors/state_dict.{dtype}.safetensors", env!("CARGO_MANIFEST_DIR"));
    let values = file::load::<f64>(path, &LAYOUT).unwrap();
    let parameters = Parameters::new(&LAYOUT, &values);
    assert_eq!(parameters.get("fc.weight").unwrap().to_tensor(), Tensor::from(weight), "{dtype}");
    assert_eq!(parameters.get("fc.bias").unwrap().to_tensor(), Tensor::from(bias), "{dtype}");
}

/// The expected numbers are those that the script prints.
#[test]
fn state_dicts_of_every_float_load() {
    assert_loads(
        "float16",
        [
            [-0.004322052001953125, 0.309814453125, -0.47509765625],
            [-0.4248046875, -0.222412109375, 0.15478515625],
        ],
        [-0.01143646240234375, 0.457763671875],
    );
    assert_loads(
        "bfloat16",
        [[-0.00433349609375, 0.310546875, -0.474609375], [-0.42578125, -0.22265625, 0.1552734375]],
        [-0.01141357421875, 0.45703125],
    );
    for dtype in ["float32", "float64"] {
        assert_loads(
            dtype,
            [
                [-0.004322517663240433, 0.3097158372402191, -0.4751853346824646],
                [-0.4248946011066437, -0.2223689705133438, 0.15482072532176971],
            ],
            [-0.011439144611358643, 0.45777493715286255],
        );
    }
}
