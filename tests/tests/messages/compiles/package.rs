//! Writes and compiles the crate that contains the networks.

use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A crate with one module per network.
pub struct Package {
    folder: PathBuf,
    modules: String,
    calls: String,
    texts: Vec<(String, String)>,
}

impl Package {
    /// Creates an empty crate in cargo's temporary folder for tests.
    pub fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("src")).expect("a folder of one's own");
        let texts = Vec::new();
        Self { folder, modules: String::new(), calls: String::new(), texts }
    }

    /// Adds a network.
    pub fn network(&mut self, seed: u64, text: &str, comparison: &str) {
        let module = format!("n{seed}");
        let file = format!(
            "//! Seed {seed}.\nuse monograd::prelude::*;\n\nnetwork! {{\n{text}}}\n\n\
             /// The constants evaluated for the sizes of a type.\n\
             pub const SCALARS: usize = <Net>::WORKSPACE + <Net>::FLOPS;\n{comparison}"
        );
        self.write(&format!("src/{module}.rs"), &file);
        let _ = writeln!(self.modules, "pub mod {module};");
        if !comparison.is_empty() {
            let _ = writeln!(self.calls, "    {module}::run();");
        }
        self.texts.push((format!("src/{module}.rs"), text.to_owned()));
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).expect("a file of one's own");
    }

    /// Writes the manifest, with the lock file of the workspace.
    fn finish(&self) {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let workspace = tests.parent().expect("the workspace");
        let runtime = workspace.join("runtime");
        self.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"random-networks\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 [dependencies]\nmonograd = {{ path = {runtime:?} }}\n\n[workspace]\n\n\
                 [profile.dev]\ndebug = \"line-tables-only\"\n\n\
                 [profile.dev.package.monograd]\nopt-level = 1\n"
            ),
        );
        std::fs::copy(workspace.join("Cargo.lock"), self.folder.join("Cargo.lock"))
            .expect("the workspace's lock file");
    }

    fn cargo(&self) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
        command.current_dir(&self.folder).env("CARGO_TARGET_DIR", target);
        command.env("CARGO_INCREMENTAL", "0");
        command
    }

    /// Checks the crate without generating code.
    pub fn check(&self) {
        let lints = "#![deny(warnings)]\n#![allow(unused_variables)]\n#![allow(dead_code, unused_imports)]\n#![forbid(unsafe_code)]";
        self.write("src/lib.rs", &format!("//! Random networks.\n{lints}\n{}", self.modules));
        self.finish();
        self.compile("check");
    }

    /// Compiles and runs the crate.
    pub fn run(&self) {
        let helpers = include_str!("streams/helpers.rs");
        let (modules, calls) = (&self.modules, &self.calls);
        self.write(
            "src/main.rs",
            &format!("{helpers}\n{modules}\nfn main() {{\n{calls}    finish();\n}}\n"),
        );
        self.finish();
        self.compile("build");
        let output = self.cargo().args(["run", "--offline", "--quiet"]).output().expect("cargo");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        println!("{text}");
        for line in text.lines() {
            let module = line.split(' ').next().unwrap_or_default();
            let file = format!("src/{module}.rs");
            if let Some((_, network)) = self.texts.iter().find(|(name, _)| *name == file) {
                println!("{line}\n{network}");
            }
        }
        assert!(output.status.success(), "{errors}");
    }

    fn compile(&self, how: &str) {
        let arguments = [how, "--offline", "--quiet", "--message-format=json"];
        let output = self.cargo().args(arguments).output().expect("cargo");
        let text = String::from_utf8_lossy(&output.stdout);
        let messages: Vec<(String, String)> = text.lines().filter_map(message).collect();
        for (rendered, file) in messages.iter().take(10) {
            let network = self.texts.iter().find(|(name, _)| name == file);
            let network = network.map_or("no network", |(_, text)| text);
            println!("{rendered}\nfrom {file}:\n{network}");
        }
        let mut files: Vec<&String> = messages.iter().map(|(_, file)| file).collect();
        files.dedup();
        assert!(messages.is_empty(), "{} messages, in {files:?}", messages.len());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Returns an error or warning as the compiler prints it, with its file.
fn message(line: &str) -> Option<(String, String)> {
    let value: Value = serde_json::from_str(line).ok()?;
    let message = value.get("message").filter(|_| value["reason"] == "compiler-message")?;
    let spans = message["spans"].as_array()?;
    let file = spans.iter().find(|span| span["is_primary"] == true)?["file_name"].as_str()?;
    Some((message["rendered"].as_str()?.to_owned(), file.to_owned()))
}
