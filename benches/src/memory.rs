//! The memory of a process, as Linux tells it.

use std::fs;

/// Returns the bytes by which the memory of the process grows at most while `call` runs, whose result is kept
/// until then; `None` where the operating system does not tell.
pub fn peak<R>(call: impl FnOnce() -> R) -> Option<u64> {
    // from now on, the peak is that of what follows
    fs::write("/proc/self/clear_refs", "5").ok()?;
    let before = status("VmRSS:")?;
    let result = call();
    let peak = status("VmHWM:")?;
    drop(result);
    Some(peak.saturating_sub(before))
}

/// Returns a number of bytes from the process's status.
fn status(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}
