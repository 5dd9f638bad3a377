use super::*;

fn sizes(shape: &[u64]) -> Vec<Size> {
    shape.iter().map(|n| Size::from(*n)).collect()
}

fn of(shape: &[u64]) -> Layout {
    Layout::of(&Type::sample(sizes(shape)))
}

fn cut(layout: Layout, axis: usize, start: u64, len: u64) -> Layout {
    layout.window(axis, &Size::from(start), &Size::from(len))
}

/// Returns the position of every element.
fn places(layout: &Layout) -> Vec<i128> {
    let mut places = vec![layout.start().constant().unwrap()];
    for axis in &layout.axes {
        let (size, stride) = (axis.size.constant().unwrap(), axis.stride.constant().unwrap());
        places = places.iter().flat_map(|at| (0..size).map(move |i| at + i * stride)).collect();
    }
    places
}

#[test]
fn a_window_is_where_its_elements_are() {
    let layout = cut(cut(of(&[3, 5, 7]), 1, 2, 2), 2, 4, 3);
    let expected =
        (0..3).flat_map(|i| (2..4).flat_map(move |j| (4..7).map(move |k| (i * 5 + j) * 7 + k)));
    assert_eq!(places(&layout), expected.collect::<Vec<i128>>());
}

#[test]
fn another_shape_has_the_same_elements_in_order() {
    let shapes: [&[u64]; 7] =
        [&[6, 2, 4], &[6, 8], &[6, 1, 8], &[3, 2, 8], &[1, 6, 8, 1], &[2, 3, 8], &[6, 4, 2]];
    let window = cut(of(&[6, 24]), 1, 8, 8);
    for shape in shapes {
        let other = window.reshape(&sizes(shape)).unwrap();
        assert_eq!(places(&other), places(&window), "{shape:?}");
    }
    for shape in [&[48][..], &[4, 12], &[3, 16]] {
        assert_eq!(window.reshape(&sizes(shape)), None, "{shape:?}");
    }
}

#[test]
fn rows_of_a_window_are_a_pitch_apart() {
    let pitch = |layout: &Layout, axis| {
        layout.pitch(axis).map(|pitch| pitch.constant().expect("a constant"))
    };
    // a part of every row; then only a part of the rows as well
    let columns = cut(of(&[6, 24]), 1, 8, 8);
    assert_eq!([0, 1].map(|axis| pitch(&columns, axis)), [None, Some(24)]);
    assert_eq!(pitch(&cut(columns, 0, 2, 3), 1), None);
    let rows = cut(of(&[6, 24]), 0, 2, 3);
    assert_eq!([0, 1].map(|axis| pitch(&rows, axis)), [Some(144), None]);
    let last = cut(of(&[6, 24]), 0, 5, 1);
    assert_eq!([0, 1].map(|axis| pitch(&last, axis)), [Some(144), Some(144)]);
    let column = cut(of(&[6, 24]), 1, 5, 1).reshape(&sizes(&[6])).unwrap();
    assert_eq!([0, 1].map(|axis| pitch(&column, axis)), [None, Some(24)]);
    // not batched
    let rows = Layout { sample: None, ..rows };
    assert_eq!([0, 1].map(|axis| pitch(&rows, axis)), [Some(72), Some(24)]);
}

#[test]
fn a_run_ends_where_something_else_lies() {
    let run = |layout: Layout| layout.run().constant().unwrap();
    assert_eq!(run(of(&[3, 5, 7])), 105);
    assert_eq!(run(cut(of(&[3, 5, 7]), 0, 1, 2)), 70);
    assert_eq!(run(cut(of(&[3, 5, 7]), 1, 2, 2)), 14);
    assert_eq!(run(cut(of(&[3, 5, 7]), 1, 2, 1)), 7);
    assert_eq!(run(cut(of(&[3, 5, 7]), 2, 2, 4)), 4);
    assert_eq!(run(cut(of(&[3, 5, 7]), 2, 2, 1)), 1);
}

#[test]
fn an_index_is_before_what_is_inside_of_it() {
    let row = cut(of(&[3, 5, 7]), 1, 2, 1).reshape(&sizes(&[3, 7])).unwrap();
    assert_eq!(row.axes[1].offset, Size::from(14));
    assert_eq!(
        places(&row),
        (0..3).flat_map(|i| (14..21).map(move |j| i * 35 + j)).collect::<Vec<_>>()
    );
    let column = cut(of(&[3, 7]), 1, 4, 1).reshape(&sizes(&[3])).unwrap();
    assert_eq!((column.rest.clone(), places(&column)), (Size::from(4), vec![4, 11, 18]));
}

#[test]
fn sizes_that_cannot_be_compared_are_cut_all_the_same() {
    let [d, heads] = ["D", "HEADS"].map(Size::symbol);
    let width = d.over(&heads).unwrap_or_else(|| Size::symbol("WIDTH"));
    let whole = Type::sample(vec![Size::symbol("T"), d.times(&Size::from(3))]);
    let window = Layout::of(&whole).window(1, &d, &d);
    let heads = window.reshape(&[Size::symbol("T"), heads, width.clone()]).unwrap();
    assert_eq!([&heads.axes[1].stride, &heads.axes[1].offset], [&width, &d]);
}
