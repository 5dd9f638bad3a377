//! Tests the positions and extents of rows.

use super::*;

#[test]
fn rows_are_where_the_pitch_says() {
    let x: Vec<u32> = (0..23).collect();
    let rows = |pitch| pitched(&x[2..], pitch);
    let read = |pitch, count, len| {
        let rows = rows(pitch);
        let rows = rows.as_rows(count, len);
        rows.iter().map(<[u32]>::to_vec).collect::<Vec<_>>()
    };
    assert_eq!(read(7, 3, 3), [[2, 3, 4], [9, 10, 11], [16, 17, 18]]);
    assert_eq!(read(7, 3, 7)[2], [16, 17, 18, 19, 20, 21, 22]);
    assert_eq!((read(7, 0, 3).len(), read(7, 3, 0).len()), (0, 0));
    // with a pitch of 0 all rows are the same
    assert_eq!(rows(0).as_rows(2, 2).row(1), [2, 3]);
    for pitch in [2, 7] {
        let mut copy = [0; 4];
        rows(pitch).as_rows(3, 2).copy_to(1, &mut copy);
        let second = 2 + pitch as u32;
        assert_eq!(copy, [second, second + 1, second + pitch as u32, second + pitch as u32 + 1]);
    }
}

#[test]
fn what_lies_between_rows_stays() {
    let mut x = [0; 12];
    for (row, i) in pitched_mut(&mut x[1..], 5).as_rows_mut(3, 1).iter().zip(1..) {
        row.fill(i);
    }
    assert_eq!(x, [0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3]);
    assert_eq!(pitched_mut(&mut x, 5).as_rows_mut(0, 3).iter().count(), 0);
    let copied: Vec<u32> = (1..7).collect();
    pitched_mut(&mut x[1..], 4).as_rows_mut(3, 2).copy_from(copied.as_rows(3, 2));
    assert_eq!(x, [0, 1, 2, 0, 0, 3, 4, 0, 0, 5, 6, 3]);
}

#[test]
fn blocks_are_of_rows_side_by_side() {
    let mut x: Vec<u32> = (0..14).collect();
    let blocks = |rows: RowsMut<'_, u32>| {
        rows.blocks(2).map(|(first, block)| (first, block.to_vec())).collect::<Vec<_>>()
    };
    let dense = blocks(x[..9].as_rows_mut(3, 3));
    assert_eq!(dense, [(0, vec![0, 1, 2, 3, 4, 5]), (2, vec![6, 7, 8])]);
    let apart = blocks(pitched_mut(&mut x, 4).as_rows_mut(3, 3));
    assert_eq!(apart, [(0, vec![0, 1, 2]), (1, vec![4, 5, 6]), (2, vec![8, 9, 10])]);
    assert_eq!(blocks(pitched_mut(&mut x, 4).as_rows_mut(3, 0)), []);
}

#[test]
#[should_panic(expected = "11 scalars for rows of shape [3, 4], one every 4")]
fn a_slice_has_its_rows_and_no_more() {
    let _ = [0; 11].as_rows(3, 4);
}

#[test]
#[should_panic(expected = "12 scalars for rows of shape [3, 3], one every 5")]
fn a_pitched_slice_does_not_end_before_its_rows() {
    let _ = pitched(&[0; 12], 5).as_rows(3, 3);
}

#[test]
#[should_panic(expected = "12 scalars for rows of shape [3, 4], one every 3")]
fn written_rows_do_not_overlap() {
    let _ = pitched_mut(&mut [0; 12], 3).as_rows_mut(3, 4);
}
