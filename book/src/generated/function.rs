fn rsqrt(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = only(checker, arguments)?;
    let graph = checker.graph();
    let (one, root) = (graph.number(1.0), graph.named("sqrt", x));
    Ok(graph.divide(one, root))
}
