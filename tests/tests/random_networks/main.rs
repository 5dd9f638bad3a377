//! Tests the compiler's stages on random networks without compiling the generated code: checks the
//! graph's gradients against finite differences, and the memory plan by simulating it.
//!
//! `MONOGRAD_SEED=7` takes other networks, and other tokens for the compiler.

mod evaluate;
mod faults;
mod fuzz;
mod generate;
mod memory;

use evaluate::{Data, Machine};
use monograd::Philox;
use monograd_compiler::ast::Element;
use monograd_compiler::differentiate::{Wanted, differentiate, differentiate_layer};
use monograd_compiler::ir::loops::Region;
use monograd_compiler::ir::{Root, Value};
use monograd_compiler::pass::Passes;
use monograd_compiler::plan::Storage;
use monograd_compiler::program::Program;
use monograd_compiler::report::Report;
use monograd_compiler::size::Size;
use monograd_compiler::{ast::Network, check, parse};

const NETWORKS: u64 = 340;

/// Returns the number that chooses the random programs, 0 by default.
fn chosen_seed() -> u64 {
    std::env::var("MONOGRAD_SEED").map_or(0, |seed| seed.parse().expect("a number"))
}

/// Calls `test` with every network that is checked without errors.
fn for_each(mut test: impl FnMut(u64, &str, &Network, &Program)) {
    let first = chosen_seed() << 32;
    for seed in first..first + NETWORKS {
        let text = generate::network(seed);
        let mut report = Report::default();
        let file = parse::parse(text.parse().unwrap(), &mut report);
        let program = check::check(&file.networks[0], &mut report);
        let problems: Vec<_> = report.problems().iter().map(|p| &p.message).collect();
        assert!(problems.is_empty(), "{problems:?}\n{text}");
        test(seed, &text, &file.networks[0], &program.unwrap());
    }
}

/// Returns the passes; for every other network as if all its sizes were large.
fn passes(seed: u64, network: &Network, program: &Program) -> Passes {
    match seed % 2 {
        0 => monograd_compiler::passes(network, program),
        _ => monograd_compiler::passes_by(network, program, &|_| 512.0),
    }
}

fn count(size: &Size) -> usize {
    evaluate::size(size)
}

/// Returns true if a loop stops its gradient. One group with all iterations stops nothing.
fn is_cut(program: &Program) -> bool {
    let graph = &program.graph;
    graph.regions().any(|region| {
        let len = graph[region].truncate.as_ref().map(count);
        len.is_some_and(|len| len < count(&graph[region].count))
    })
}

/// Returns the mean of the samples' losses.
fn mean(losses: &[f64]) -> f64 {
    losses.iter().sum::<f64>() / losses.len() as f64
}

#[test]
fn gradients_are_slopes() {
    for_each(|seed, text, _, program| {
        if is_cut(program) {
            return;
        }
        let loss = program.loss.unwrap();
        let mut graph = program.graph.clone();
        let contributions = differentiate(program, &mut graph, loss);
        let mut data = Data::random(program, 3, seed);
        let machine = Machine::new(&graph, &data, true);
        let mut gradients: Vec<Vec<f64>> =
            data.parameters.iter().map(|parameter| vec![0.0; parameter.len()]).collect();
        for contribution in contributions {
            let gradient = &mut gradients[contribution.parameter];
            let parameter = &program.parameters[contribution.parameter];
            let own = graph.depth_loops(graph[parameter.value].region);
            let around: Vec<_> = graph.enclosing(graph[contribution.value].region).collect();
            for (path, value) in machine.all_iterations(contribution.value) {
                // the iteration to whose parameter it contributes
                let iteration = own.iter().fold(0, |number, region| {
                    let mirrors = |forward: Region| graph.first_course(forward) == *region;
                    let at = |at: &Region| *at == *region || graph[*at].mirror.is_some_and(mirrors);
                    let iteration = path[around.len() - 1 - around.iter().position(at).unwrap()];
                    number * count(&graph[*region].count) + iteration
                });
                let gradient = &mut gradient[iteration * value.len()..][..value.len()];
                gradient.iter_mut().zip(value.iter()).for_each(|(sum, value)| *sum += value);
            }
        }
        // differences of a large loss have few significant digits
        let noise = 1e-9 * mean(&machine.value(loss)).abs();
        let mut random = Philox::new(seed).stream(9);
        for (index, gradient) in gradients.iter().enumerate() {
            let name = &program.parameters[index].name;
            if program.parameters[index].frozen {
                assert!(gradient.iter().all(|g| *g == 0.0), "{name} moves\n{text}");
                continue;
            }
            let largest = gradient.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
            for _ in 0..3 {
                let at = random.below(gradient.len());
                let before = data.parameters[index][at];
                let mut loss_at = |offset: f64| {
                    data.parameters[index][at] = before + offset * 1e-6;
                    let loss = mean(&Machine::new(&program.graph, &data, true).value(loss));
                    data.parameters[index][at] = before;
                    loss
                };
                let near = loss_at(1.0) - loss_at(-1.0);
                let far = loss_at(2.0) - loss_at(-2.0);
                let (slope, gradient) = ((8.0 * near - far) / 12e-6, gradient[at]);
                assert!(
                    (gradient - slope).abs() <= 1e-6 * largest + 1e-8 + noise,
                    "{name}[{at}] has gradient {gradient}, but slope {slope}\n{text}\n{graph}",
                );
            }
        }
    });
}

#[test]
fn every_value_is_where_it_is_read() {
    for_each(|seed, text, network, program| {
        let passes = passes(seed, network, program);
        let layer = passes.layer.iter();
        let of_layer = layer.flat_map(|layer| [Some(&layer.backward), layer.training.as_ref()]);
        let of_network = [Some(&passes.infer), passes.evaluate.as_ref(), passes.train.as_ref()];
        for pass in of_network.into_iter().chain(of_layer).flatten() {
            if let Err(problem) = memory::play(pass) {
                panic!("{problem}\n{text}\n{}", pass.graph);
            }
        }
    });
}

/// Checks the gradients of the inputs of a network that is applied as a layer.
#[test]
fn gradients_of_inputs_are_slopes() {
    let mut count = 0;
    for_each(|seed, text, _, program| {
        if is_cut(program) || seed % 2 == 1 {
            return;
        }
        let mut graph = program.graph.clone();
        let outputs: Vec<Value> = program.outputs.iter().map(|(_, value)| *value).collect();
        let (_, of_inputs) = differentiate_layer(program, &mut graph, &outputs, Wanted::Both);
        let mut data = Data::random(program, 3, seed);
        let machine = Machine::new(&graph, &data, true);
        let gradients: Vec<_> = of_inputs.iter().map(|value| machine.value(*value)).collect();
        let mut random = Philox::new(seed).stream(10);
        let inputs = program.inputs.iter().enumerate();
        let real = inputs.filter(|(_, input)| input.element != Element::Index);
        for ((index, _), gradient) in real.zip(&gradients) {
            let largest = gradient.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
            for _ in 0..3 {
                let at = random.below(gradient.len());
                let before = data.inputs[index][at];
                let mut sum_at = |offset: f64| {
                    data.inputs[index][at] = before + offset * 1e-6;
                    let machine = Machine::new(&program.graph, &data, true);
                    let of_output = |((_, output), gradient): (&(_, Value), &Vec<f64>)| -> f64 {
                        let output = machine.value(*output);
                        output.iter().zip(gradient).map(|(y, dy)| y * dy).sum()
                    };
                    let outputs = program.outputs.iter().zip(&data.output_gradients);
                    let sum: f64 = outputs.map(of_output).sum();
                    data.inputs[index][at] = before;
                    sum
                };
                let near = sum_at(1.0) - sum_at(-1.0);
                let far = sum_at(2.0) - sum_at(-2.0);
                let (slope, gradient) = ((8.0 * near - far) / 12e-6, gradient[at]);
                count += usize::from(slope.abs() > 1e-3);
                let noise = 1e-9 * sum_at(0.0).abs();
                assert!(
                    (gradient - slope).abs() <= 1e-6 * largest + 1e-8 + noise,
                    "input {index}[{at}] has gradient {gradient}, but slope {slope}\n{text}\n{graph}",
                );
            }
        }
    });
    assert!(count > 300, "{count}");
}

/// Plants faults in plans: the simulation has to detect them.
#[test]
fn faults_are_found() {
    let mut planted = [0; faults::FAULTS.len()];
    for_each(|seed, text, network, program| {
        let sound = passes(seed, network, program).train.unwrap();
        for (fault, count) in faults::FAULTS.iter().zip(&mut planted) {
            let mut pass = sound.clone();
            if fault(&mut pass) {
                *count += 1;
                assert!(memory::play(&pass).is_err(), "not found\n{text}\n{}", pass.graph);
            }
        }
    });
    assert!(planted.iter().all(|count| *count > 5), "{planted:?}");
}

/// Steps of streams find what they keep; a state that is overwritten before it is read is detected.
#[test]
fn states_are_written_after_they_are_read() {
    let late = "let fc = Linear(8);
        let mut h = zeros([8]);
        for x_t in x {
            let next = tanh(x_t + h);
            let y = next * (h >> fc);
            h = next;
            y
        }";
    let (mut in_place, mut planted) = (0, 0);
    for (body, width) in [
        ("x >> Lstm(40)", 40),
        ("x >> Gru(33, layers = 2)", 33),
        ("cumsum(x, axis = 0)", 8),
        ("let mut y = x; for i in 0..3 { y = y >> Rnn(8); } y", 8),
        (late, 8),
    ] {
        let text = format!("Net(x: [dyn T, 8]) -> [T, {width}] {{ {body} }}");
        let mut report = Report::default();
        let file = parse::parse(text.parse().unwrap(), &mut report);
        let program = check::check(&file.networks[0], &mut report).expect("a network");
        let passes = monograd_compiler::passes(&file.networks[0], &program);
        let stream = passes.stream.unwrap_or_else(|_| panic!("no stream: {text}"));
        let pass = stream.step.pass;
        memory::play(&pass).unwrap_or_else(|problem| panic!("{problem}\n{}", pass.graph));
        for root in &pass.roots {
            let Root::State { state, value, ring: None } = *root else { continue };
            let home = Storage::State(state);
            if pass.plan.homes.get(&pass.graph.base(value)) == Some(&home) {
                in_place += 1;
            } else if body == late {
                let mut faulty = pass.clone();
                faulty.plan.homes.insert(value, home);
                faulty.plan.replaces.remove(&value);
                assert!(memory::play(&faulty).is_err(), "not found\n{}", pass.graph);
                planted += 1;
            }
        }
    }
    assert!(in_place >= 5 && planted >= 1, "{in_place}, {planted}");
}

/// Inference and evaluation compute the same as training without dropout.
#[test]
fn passes_without_randomness_compute_the_same() {
    for_each(|seed, text, network, program| {
        let passes = passes(seed, network, program);
        let data = Data::random(program, 2, seed);
        let expected = Machine::new(&program.graph, &data, false);
        let same = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| a == b);
        let infer = Machine::new(&passes.infer.graph, &data, false);
        for (root, (_, output)) in passes.infer.roots.iter().zip(&program.outputs) {
            assert!(same(&infer.value(root.value()), &expected.value(*output)), "{text}");
        }
        let pass = passes.evaluate.unwrap();
        let losses = Machine::new(&pass.graph, &data, false).value(pass.roots[0].value());
        let loss = expected.value(program.loss.unwrap());
        assert!(same(&losses, &loss) && mean(&losses).is_finite(), "{text}");
    });
}
