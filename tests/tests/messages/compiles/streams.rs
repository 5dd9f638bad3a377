//! Generates the code that compares a network's stream with its whole passes.

use super::generate::Source;
use std::fmt::Write as _;

/// Length of the longest sequence.
const STEPS: usize = 6;

/// Returns a function that runs both on the same data.
pub fn comparison(source: &Source) -> String {
    let mut code = String::from("\n/// Compares a stream with the whole.\npub fn run() {\n");
    code += "    let net: Net = Net::init(3);\n    let net = net.cast::<f64>();\n";
    let (mut steps, mut wholes) = (Vec::new(), Vec::new());
    for (index, shape) in source.input_shapes().iter().enumerate() {
        let sizes: Vec<usize> = shape.iter().filter_map(|size| *size).collect();
        let each: usize = sizes.iter().product();
        let along = shape.iter().any(Option::is_none);
        let len = if along { each * STEPS } else { each };
        let _ = writeln!(code, "    let x{index} = crate::numbers({index}, {len});");
        if along {
            steps.push(format!("&x{index}[t * {each}..(t + 1) * {each}]"));
            let shape: Vec<String> =
                shape.iter().map(|s| s.map_or("len".to_owned(), |s| s.to_string())).collect();
            let shape = shape.join(", ");
            wholes.push(format!(
                "&Tensor::from_vec(vec![{shape}], x{index}[..len * {each}].to_vec()).unwrap()"
            ));
        } else {
            steps.push(format!("&x{index}[..]"));
            wholes.push(format!("&x{index}[..]"));
        }
    }
    if let Some(along) = source.class_along_t() {
        code += "    let class = [0_u32, 1, 0, 0, 1, 0];\n";
        steps.push(if along { "&class[t..t + 1]" } else { "&class[..3]" }.to_owned());
        wholes.push(if along { "&class[..len]" } else { "&class[..3]" }.to_owned());
    }
    let tuple = |parts: &[String]| match parts {
        [part] => part.clone(),
        parts => format!("({})", parts.join(", ")),
    };
    let (step, whole) = (tuple(&steps), tuple(&wholes));
    let outputs = source.output_count();
    let list = |convert: &str| match outputs {
        1 => format!("vec![output{convert}]"),
        _ => format!("vec![output.0{convert}, output.1{convert}]"),
    };
    let (of_step, of_whole) = (list(".to_vec()"), list(".as_slice().to_vec()"));
    let _ = write!(
        code,
        "    let mut stream = net.stream();
    let mut steps = Vec::new();
    for t in 0..{STEPS} {{
        steps.push(stream.try_step({step}).ok().map(|output| {of_step}));
    }}
    let mut wholes = Vec::new();
    for len in 1..={STEPS} {{
        wholes.push(net.forward({whole}).ok().map(|output| {of_whole}));
    }}
    crate::compare(module_path!(), &steps, &wholes);
}}
"
    );
    code
}
