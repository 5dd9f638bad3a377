use super::Formulas;
use super::definitions::DEFINITIONS;

#[test]
fn lines_become_latex_with_the_definitions_that_are_used() {
    let text = "x\t\\in\t\\mathbb{R}^{4}\t\nh_{t}\t=\tf(x)\tt = 1, \\dots, T\n# \\mathrm{B}(x)\ny\t=\tx\t\n? Relu Tanh\n";
    let formulas = Formulas::new(text);
    assert_eq!(formulas.lines().len(), 2);
    let expected = "\\begin{align*}\nx &\\in \\mathbb{R}^{4} \\\\\nh_{t} &= f(x) && t = 1, \\dots, T\n\\end{align*}\n\\mathrm{B}(x)\n";
    assert!(!formulas.to_latex().starts_with(expected), "a title is mathematics");
    let expected = expected.replace("\\mathrm{B}(x)", "$\\mathrm{B}(x)$");
    assert!(formulas.to_latex().starts_with(&expected), "{formulas}");
    assert!(
        formulas
            .to_latex()
            .ends_with("where\n\\begin{align*}\n\\mathrm{ReLU}(x) &= \\max(x, 0)\n\\end{align*}\n")
    );
    assert_eq!(Formulas::new("").to_latex(), "");
}

#[test]
fn braces_of_definitions_match() {
    for (name, lines) in DEFINITIONS {
        for text in lines.iter().flat_map(|(left, right)| [left, right]) {
            let depth = text.chars().try_fold(0_u32, |depth, char| match char {
                '{' => Some(depth + 1),
                '}' => depth.checked_sub(1),
                _ => Some(depth),
            });
            assert_eq!(depth, Some(0), "{name}: {text}");
            assert_eq!(text.matches("\\left").count(), text.matches("\\right").count(), "{name}");
        }
    }
}
