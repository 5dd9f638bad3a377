//! Files of one kind where another is expected: each is told for what it is, with the call that reads it.

use super::super::Checkpoints;
use super::*;
use crate::{FileProblem, Weights, file};

fn message<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    result.unwrap_err().to_string()
}

/// Writes a checkpoint, the state of an optimiser, and a network.
fn files(folder: &Path) -> Result<(Line, [PathBuf; 3]), Error> {
    let (mut net, mut adam) = (Line::init(1), AdamW::new(0.1));
    net.train_step(&[1.0], &[2.0], &mut adam)?;
    let checkpoints = Checkpoints::new(folder);
    checkpoints.save(&net, &adam, 1)?;
    let (state, weights) = (folder.join("state.safetensors"), folder.join("net.safetensors"));
    adam.save(&state, &net)?;
    net.save(&weights)?;
    Ok((net, [checkpoints.list()?[0].1.clone(), state, weights]))
}

#[test]
fn a_checkpoint_is_no_network() -> Result<(), Error> {
    let folder = Folder::new("kinds");
    let (net, [checkpoint, state, weights]) = files(folder.path())?;
    let told = format!(
        "`{}`: the checkpoint of a training, not the parameters of a network: go on with the training by \
         `Checkpoints::new(folder).load(&mut net, &mut optimizer)` or `Trainer::resume`, or take the network alone, \
         `Net::load_with(path, &Weights::new().prefix(\"network\").optional(\"*\"))`",
        checkpoint.display()
    );
    assert_eq!(message(Line::load(&checkpoint)), told);
    assert_eq!(message(Line::init(1).restore(&checkpoint)), told);
    assert_eq!(message(Scores::load(&checkpoint)), told);
    let rules = Weights::new();
    assert_eq!(message(Line::load_with(&checkpoint, &rules)), told);
    let bytes = std::fs::read(&checkpoint)?;
    let Err(Error::File(error)) = file::read::<f32>(&bytes, Line::LAYOUT) else { panic!() };
    assert!(matches!(error.problem, FileProblem::NotNetwork { .. }), "{error}");
    // as it says
    let rules = Weights::new().prefix("network").optional("*");
    assert_same(&Line::load_with(&checkpoint, &rules)?, &net);

    let told = message(Line::load(&state));
    assert!(told.ends_with(
        "state.safetensors`: the state of an optimiser, not the parameters of a network: it is read by \
         `optimizer.load(path, &net)`"
    ), "{told}");
    let told = message(AdamW::new(0.1).load(&checkpoint, &net));
    assert!(
        told.ends_with(
            "not the state of this optimiser: it is the checkpoint of a training, which is read by \
         `Checkpoints::new(folder).load(&mut net, &mut optimizer)`"
        ),
        "{told}"
    );
    // a network whose metadata has such a word is a network, and other tensors are named
    net.save_with(&weights, [("optimizer", "AdamW"), ("checkpoint", "3")])?;
    assert_same(&Line::load(&weights)?, &net);
    assert!(message(Scores::load(&weights)).contains("no tensor `"));
    Ok(())
}

#[test]
fn a_file_is_no_folder_of_checkpoints() -> Result<(), Error> {
    let folder = Folder::new("no-folder");
    let (mut net, [checkpoint, _, weights]) = files(folder.path())?;
    let mut adam = AdamW::new(0.1);
    let is_told = |text: String, path: &Path, end: &str| {
        let told = "is no folder: checkpoints are files in a folder, which is created if it is not there; name the \
             folder";
        assert_eq!(text, format!("`{}` {told}{end}", path.display()));
    };
    for (path, end) in [(&weights, ""), (&checkpoint, " that this one is in")] {
        let checkpoints = Checkpoints::new(path);
        is_told(message(checkpoints.list()), path, end);
        is_told(message(checkpoints.load(&mut net, &mut adam)), path, end);
        is_told(message(checkpoints.save(&net, &adam, 1)), path, end);
        let trainer = Trainer::new(&mut net, &mut adam).checkpoints(path);
        is_told(trainer.fit(|_| [([1.0], [2.0])]).err().unwrap().to_string(), path, end);
    }
    Ok(())
}
