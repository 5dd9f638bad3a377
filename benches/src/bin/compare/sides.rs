//! The sides of the comparison: building and running each.

use clap::ValueEnum;
use monograd_benches::results::Measurement;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// A side of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    Monograd,
    Candle,
    Burn,
    Dfdx,
    Torch,
    Jax,
    Onnxruntime,
}

impl Kind {
    /// Returns all sides that can run with or without Python.
    pub fn all(python: bool) -> Vec<Self> {
        let all = Self::value_variants().iter().copied();
        all.filter(|kind| python || !kind.is_python()).collect()
    }

    fn is_python(self) -> bool {
        matches!(self, Self::Torch | Self::Jax | Self::Onnxruntime)
    }

    /// Builds the side's program, if it has to be built.
    pub fn prepare(self, python: Option<&Path>) -> Result<Side, Box<dyn Error>> {
        let name = self.to_possible_value().expect("no side is hidden");
        let name = name.get_name();
        if self.is_python() {
            let python = python.ok_or_else(|| format!("{name} needs --python"))?;
            let script = Path::new(HERE).join(format!("python/peer_{name}.py"));
            return Ok(Side { program: python.to_owned(), script: Some(script) });
        }
        let mut build = Command::new(env!("CARGO"));
        build.current_dir(HERE).args(["build", "--quiet", "--bin", name]);
        match self {
            Self::Monograd => build.arg("--release"),
            _ => build.args(["--profile", "peers", "--features", name]),
        };
        eprintln!("building {name}");
        if !build.status()?.success() {
            return Err(format!("{name} does not build").into());
        }
        let profile = if self == Self::Monograd { "release" } else { "peers" };
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| Path::new(HERE).join("target"), PathBuf::from);
        Ok(Side { program: target.join(profile).join(name), script: None })
    }
}

/// A side that is ready to run.
pub struct Side {
    program: PathBuf,
    script: Option<PathBuf>,
}

impl Side {
    /// Runs those of `rows` that the side has, and returns their measurements.
    pub fn run(&self, rows: &[String], threads: usize) -> Result<Vec<Measurement>, Box<dyn Error>> {
        let output = Command::new(&self.program)
            .args(&self.script)
            .args(rows)
            .args(["--threads", &threads.to_string()])
            .stderr(Stdio::inherit())
            .output()?;
        let lines = String::from_utf8(output.stdout)?;
        if !output.status.success() && !lines.is_empty() {
            return Err(format!("{} failed", self.program.display()).into());
        }
        lines.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
    }
}
