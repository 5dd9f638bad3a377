use super::*;

fn d() -> Size {
    Size::symbol("D")
}
fn n(n: u64) -> Size {
    n.into()
}

#[test]
fn has_a_normal_form() {
    assert_eq!(d().times(&n(4)), d().plus(&d().times(&n(3))));
    assert_eq!(d().plus(&n(1)).times(&d()), d().times(&d()).plus(&d()));
    assert_eq!(d().minus(&d()).constant(), Some(0));
}

#[test]
fn has_another_name_put_in() {
    let size = d().times(&d()).plus(&Size::symbol("H"));
    assert_eq!(size.with("D", &n(3)), Size::symbol("H").plus(&n(9)));
    let half = d().over(&n(2)).unwrap();
    assert_eq!(half.with("D", &n(7)), n(3));
    assert_eq!(half.with("H", &n(7)), half);
}

#[test]
fn divides() {
    let h = Size::symbol("HEADS");
    assert_eq!(d().times(&n(4)).over(&n(2)), Some(d().times(&n(2))));
    assert_eq!(d().times(&h).over(&h), Some(d()));
    assert_eq!(n(7).over(&n(2)), Some(n(3)));
    assert_eq!(n(7).over(&n(0)), None);
    let quotient = d().over(&h).unwrap();
    assert_eq!(quotient.to_string(), "D / HEADS");
    assert_eq!(quotient.equals(&quotient), Some(true));
    // the quotient is rounded down before the product: not `HEADS * D / HEADS`
    assert_eq!(quotient.times(&h).to_string(), "HEADS * (D / HEADS)");
    assert_eq!(d().over(&h.times(&n(2))).unwrap().to_string(), "D / (2 * HEADS)");
    assert_eq!(d().times(&n(3)).over(&h).unwrap().to_string(), "3 * D / HEADS");
}

#[test]
fn decides_equality_where_it_can() {
    assert_eq!(d().equals(&d()), Some(true));
    assert_eq!(n(3).equals(&n(4)), Some(false));
    assert_eq!(d().equals(&n(4)), None);
    assert_eq!(d().plus(&n(1)).equals(&d()), Some(false));
}

#[test]
fn prints_as_written() {
    assert_eq!(d().times(&n(4)).to_string(), "4 * D");
    assert_eq!(d().minus(&n(1)).to_string(), "D - 1");
    assert_eq!(d().minus(&n(1)).tokens().to_string(), "(D - 1)");
    assert_eq!(n(5).tokens().to_string(), "5");
    assert_eq!(d().times(&d()).tokens().to_string(), "(D * D)");
}

#[test]
fn has_a_value_in_constants_whatever_names_stand_for() {
    assert_eq!(d().minus(&n(8)).total_tokens().to_string(), "usize :: saturating_sub (D , 8)");
    let heads = d().over(&Size::symbol("H")).unwrap();
    assert_eq!(heads.total_tokens().to_string(), "(D / (H + (H == 0) as usize))");
    assert_eq!(heads.tokens().to_string(), "(D / H)");
}

#[test]
fn has_constants_of_the_users() {
    let width = Size::from(Atom::Constant(Constant::new("config::WIDTH", "__NET_CONFIG_WIDTH")));
    assert_eq!(width.to_string(), "config::WIDTH");
    assert_eq!(width.tokens().to_string(), "__NET_CONFIG_WIDTH");
    assert!(width.is_symbol() && !width.is_dynamic() && !width.mentions("WIDTH"));
    // rustc would reject a difference that is surely below 0 in code that runs, too
    let less = width.minus(&n(8));
    assert_eq!(less.tokens().to_string(), "usize :: saturating_sub (__NET_CONFIG_WIDTH , 8)");
    let both = d().times(&n(2)).plus(&width).over(&Size::symbol("H")).unwrap();
    let names: Vec<_> = both.constants().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["D", "H", "config::WIDTH"]);
}
