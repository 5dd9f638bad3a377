//! Ranks of MPI on this machine: `cargo test -p monograd --features mpi --test mpi`.
//!
//! Without arguments, the program starts itself by `mpirun` with 2 and with 4 ranks, and looks at how they end.
//! With the name of a role, it is one of those ranks.

mod scenarios;

use monograd::distributed::{Collective, DataParallel, Mpi};
use monograd::prelude::*;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

network! {
    Line(x: [3]) -> [1] { x >> Linear(4) >> Tanh >> Linear(1) }
    loss mse
}

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Number of steps of a training, and the step before which a rank ends, in the roles in which one does.
const STEPS: u64 = 12;
const LAST: u64 = 7;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match &arguments[..] {
        [role, folder] if folder.starts_with('/') => {
            Mpi::run(|world| run(role, Path::new(folder), world))
        }
        // what cargo passes on, as `--quiet`, has no meaning here
        _ => launch(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Starts groups of ranks and checks how they end.
fn launch() -> Outcome {
    let folder = Folder(env::temp_dir().join(format!("monograd-mpi-{}", process::id())));
    fs::create_dir_all(&folder.0)?;
    for ranks in [2, 4] {
        let (success, text) = mpirun(ranks, "scenarios", &folder.0)?;
        if !success || text.matches("holds").count() != scenarios::ALL.len() {
            return Err(format!("{ranks} ranks: {text}").into());
        }
        println!("{text}");
        // what one rank learns, with the whole of each batch
        let expected = learn(None, &folder.0.join("alone"), |_| Ok(()))?;
        for role in ["train", "error", "panic", "kill", "exit"] {
            let own = folder.0.join(format!("{role}-{ranks}"));
            let start = Instant::now();
            let (success, text) = mpirun(ranks, role, &own)?;
            if success != (role == "train") {
                return Err(format!("{ranks} ranks, `{role}`: success {success}: {text}").into());
            }
            println!("{ranks} ranks, `{role}`: ended after {:?}", start.elapsed());
            // the ranks that were left did not go on, and what they had saved continues
            let saved = AdamW::<f64>::steps_in(&own)?;
            if saved != (if role == "train" { STEPS } else { LAST }) {
                return Err(format!("`{role}` has saved step {saved}").into());
            }
            let (success, text) = mpirun(ranks, "train", &own)?;
            if !success {
                return Err(format!("{ranks} ranks, after `{role}`: {text}").into());
            }
            let net = Line::load(own.join("net"))?.cast::<f64>();
            let pairs = net.parameters().iter().zip(expected.parameters().iter());
            let pairs = pairs.map(|(a, b)| (a.as_slice().to_vec(), b.as_slice().to_vec()));
            for (actual, expected) in pairs.flat_map(|(a, b)| a.into_iter().zip(b)) {
                // files of this network hold f32
                if (actual - expected).abs() > 1e-5 {
                    return Err(format!("`{role}`: {actual} instead of {expected}").into());
                }
            }
        }
    }
    Ok(())
}

/// The number of steps in a checkpoint.
trait Saved {
    fn steps_in(folder: &Path) -> Outcome<u64>;
}

impl Saved for AdamW<f64> {
    fn steps_in(folder: &Path) -> Outcome<u64> {
        let mut optimizer = Self::new(0.0);
        optimizer.load(folder.join("optimizer"), &Line::init(0).cast::<f64>())?;
        Ok(Optimizer::<f64>::steps(&optimizer))
    }
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs this program on some ranks; returns whether all of them succeeded, and what they printed.
fn mpirun(ranks: usize, role: &str, folder: &Path) -> Outcome<(bool, String)> {
    fs::create_dir_all(folder)?;
    let output = folder.join("output");
    let file = fs::File::create(&output)?;
    let launcher = env::var("MPIRUN").unwrap_or_else(|_| "mpirun".to_owned());
    let child = Command::new(&launcher)
        .args(["-n", &ranks.to_string()])
        .arg(env::current_exe()?)
        .args([role, folder.to_str().ok_or("the temporary folder's name is no text")?])
        // Open MPI: more ranks than cores, also as root, as in a container
        .env("OMPI_ALLOW_RUN_AS_ROOT", "1")
        .env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
        .env("OMPI_MCA_rmaps_base_oversubscribe", "1")
        .env("PRTE_MCA_rmaps_default_mapping_policy", ":oversubscribe")
        .env("RAYON_NUM_THREADS", "1")
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .spawn()
        .map_err(|error| format!("`{launcher}` cannot be started: {error}"))?;
    let success = wait(child)?;
    Ok((success, fs::read_to_string(output)?))
}

/// Waits for a process; one that hangs is an error.
fn wait(mut child: Child) -> Outcome<bool> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if start.elapsed() > Duration::from_secs(120) {
            child.kill()?;
            return Err("the ranks hang".into());
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// The work of a rank.
fn run(role: &str, folder: &Path, world: &mut Mpi) -> Outcome {
    if role == "scenarios" {
        for (name, scenario) in scenarios::ALL {
            scenario(world).map_err(|error| format!("{name}: {error}"))?;
            if world.rank() == 0 {
                println!("{} ranks: `{name}` holds", world.size());
            }
        }
        return Ok(());
    }
    let ends = world.rank() == world.size() - 1;
    learn(Some(world), folder, |step| match role {
        _ if !ends || step != LAST => Ok(()),
        "error" => Err("a file cannot be read".into()),
        "panic" => panic!("a mistake"),
        "exit" => process::exit(0),
        "kill" => {
            Command::new("kill").args(["-9", &process::id().to_string()]).status()?;
            Ok(())
        }
        _ => Ok(()),
    })?;
    Ok(())
}

/// Trains from the checkpoint in `folder`, if there is one, and saves every step. Without a `world`, on one rank.
fn learn(
    world: Option<&mut Mpi>,
    folder: &Path,
    before: impl Fn(u64) -> Outcome,
) -> Outcome<<Line as Network>::Cast<f64>> {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i * i % 17) / 8.0 - 1.0).collect();
    let y: Vec<f64> = x.chunks(3).map(|x| x[0] * x[1] - x[2]).collect();
    let mut net = Line::init(3).cast::<f64>();
    let mut optimizer = AdamW::new(0.02);
    let Some(world) = world else {
        for _ in 0..STEPS {
            net.train_step(&x, &y, &mut optimizer)?;
        }
        return Ok(net);
    };
    let mut group = DataParallel::new(world);
    let (file, of_optimizer) = (folder.join("net"), folder.join("optimizer"));
    if group.is_first() && of_optimizer.exists() {
        net.restore(&file)?;
        optimizer.load(&of_optimizer, &net)?;
    }
    group.broadcast(&mut net)?;
    group.broadcast_optimizer(&mut optimizer, &net)?;
    let part = group.part(y.len());
    let (x, y) = (&x[part.start * 3..part.end * 3], &y[part]);
    while Optimizer::<f64>::steps(&optimizer) < STEPS {
        before(Optimizer::<f64>::steps(&optimizer))?;
        group.train_step(&mut net, x, y, &mut optimizer)?;
        if group.is_first() {
            net.save(&file)?;
            optimizer.save(&of_optimizer, &net)?;
        }
        // so that a rank which ends does not do so while rank 0 writes, and both files are of the same step
        group.collective().barrier()?;
    }
    Ok(net)
}
