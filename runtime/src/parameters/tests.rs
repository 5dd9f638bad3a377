use super::*;
use crate::init::Init;
use crate::layout::place;

const fn parameter(name: &'static str, shape: &'static [usize], transposed: bool) -> Parameter {
    let parameter = Parameter::new(name, shape, Init::Constant(0.0));
    if transposed { parameter.transposed() } else { parameter }
}

const LAYOUT: [Parameter; 4] = place([
    parameter("fc.weight", &[2, 3], true),
    parameter("fc.bias", &[2], false),
    parameter("conv.weight", &[2, 3, 2], false),
    parameter("scale", &[], false),
]);

/// Returns scalars whose values are their indices.
fn values() -> Vec<f32> {
    (0..buffer_len(&LAYOUT)).map(|i| i as f32).collect()
}

#[test]
fn a_transposed_weight_is_seen_in_pytorchs_shape() {
    let values = values();
    let parameters = Parameters::new(&LAYOUT, &values);
    let weight = parameters.get("fc.weight").unwrap();
    assert_eq!(weight.name(), "fc.weight");
    assert_eq!(weight.shape(), [2, 3]);
    assert_eq!(weight.as_slice(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(weight.to_tensor(), Tensor::from([[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]]));
    assert_eq!(weight.matrix().shape(), (2, 3));
    assert_eq!(weight.matrix()[(1, 2)], 5.0);
    assert_eq!(weight.matrix()[(1, 0)], 1.0);
    assert_eq!(weight.matrix().as_ptr(), values.as_ptr());
}

#[test]
fn other_ranks_are_matrices_too() {
    let values = values();
    let parameters = Parameters::new(&LAYOUT, &values);
    let matrix = |name| parameters.get(name).unwrap().matrix();
    assert_eq!(matrix("fc.bias").shape(), (2, 1));
    assert_eq!(matrix("fc.bias")[(1, 0)], 17.0);
    assert_eq!(matrix("conv.weight").shape(), (2, 6));
    assert_eq!(matrix("conv.weight")[(1, 5)], 32.0 + 11.0);
    assert_eq!(matrix("scale").shape(), (1, 1));
    for view in parameters.iter() {
        let tensor = view.to_tensor();
        let rows = view.shape().first().copied().unwrap_or(1);
        let tensor = tensor.reshape([rows, view.as_slice().len() / rows]).unwrap();
        assert_eq!(view.matrix(), tensor.as_matrix().transpose(), "{view:?}");
    }
}

#[test]
fn changes_go_through_in_pytorchs_order() {
    let mut values = values();
    let mut parameters = ParametersMut::new(&LAYOUT, &mut values);
    let mut weight = parameters.get("fc.weight").unwrap();
    weight.copy_from_pytorch(&[10.0, 11.0, 12.0, 13.0, 14.0, 15.0]).unwrap();
    assert_eq!(weight.as_mut_slice(), [10.0, 13.0, 11.0, 14.0, 12.0, 15.0]);
    weight.matrix_mut()[(1, 0)] = -1.0;
    assert_eq!(weight.as_view().to_tensor().row(1), [-1.0, 14.0, 15.0]);
    let turned = Tensor::zeros([3, 2]);
    let error = weight.copy_from_tensor(&turned).unwrap_err();
    assert_eq!(error.to_string(), "`fc.weight` is [2, 3], but a tensor of shape [3, 2] was given");
    weight.copy_from_tensor(&turned.reshape([2, 3]).unwrap()).unwrap();
    let error = weight.copy_from_pytorch(&[0.0; 5]).unwrap_err();
    assert_eq!(error.to_string(), "`fc.weight` has 6 scalars ([2, 3]), but 5 were given");
    parameters.get("fc.bias").unwrap().fill(7.0);
    assert_eq!(values[..8], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 6.0, 7.0]);
    assert_eq!(values[15..19], [15.0, 7.0, 7.0, 18.0]);
}

#[test]
fn iteration_passes_over_gaps() {
    let mut values = values();
    ParametersMut::new(&LAYOUT, &mut values).iter_mut().for_each(|mut p| p.fill(-1.0));
    for (i, &value) in values.iter().enumerate() {
        let inside = LAYOUT.iter().any(|parameter| parameter.range().contains(&i));
        assert_eq!(value, if inside { -1.0 } else { i as f32 });
    }
    let names = Parameters::new(&LAYOUT, &values).iter().map(|view| view.name());
    assert!(names.eq(LAYOUT.iter().map(|parameter| parameter.name)));
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    let values = values();
    let error = Parameters::new(&LAYOUT, &values).get("fc.wieght").unwrap_err();
    assert_eq!(error.to_string(), "no parameter `fc.wieght`; did you mean `fc.weight`?");
    assert!(
        format!("{:?}", Parameters::new(&LAYOUT, &values)).contains("fc.bias [2] [16.0, 17.0]")
    );
}
