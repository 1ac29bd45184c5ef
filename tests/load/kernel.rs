//! What the kernel says of processes and of the machine.

use std::{collections::HashMap, path::Path};

/// Clock ticks in a second, as `/proc` counts processor time on Linux.
const TICKS_PER_S: f64 = 100.0;

/// Returns the processor time that a process and all it has started used so far, in seconds: their own and
/// the kernel's on their behalf. One that is gone used none.
pub fn cpu_s(pid: u32) -> f64 {
    // Those that ended and were waited for are in the times of who waited, behind its own.
    tree(pid).into_iter().filter_map(stat).map(|times| times.iter().sum::<f64>()).sum()
}

/// Returns user and system time of a process, and of its children that ended.
fn stat(pid: u32) -> Option<[f64; 4]> {
    let fields = fields(pid)?;
    let mut times = fields.split_whitespace().skip(11).map(|ticks| ticks.parse::<f64>());
    let mut next = || Some(times.next()?.ok()? / TICKS_PER_S);
    Some([next()?, next()?, next()?, next()?])
}

/// Returns what stands behind the name of a process.
fn fields(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in brackets and may itself hold spaces and brackets.
    stat.rsplit_once(')').map(|(_, fields)| fields.to_owned())
}

/// Returns a process and everything that it has started, and what that has.
pub fn tree(pid: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let processes = std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    for entry in processes {
        let Some(child) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let fields = fields(child).unwrap_or_default();
        let parent = fields.split_whitespace().nth(1).and_then(|parent| parent.parse().ok());
        children.entry(parent.unwrap_or(0)).or_default().push(child);
    }
    let mut found = vec![pid];
    let mut next = 0;
    while let Some(parent) = found.get(next) {
        found.extend(children.remove(parent).unwrap_or_default());
        next += 1;
    }
    found
}

/// Returns the resident memory of a process in KiB.
pub fn resident_kib(pid: u32) -> f64 {
    memory_kib(pid, "status", "VmRSS:")
}

/// Returns the most memory of a process that was ever resident, in KiB.
pub fn most_kib(pid: u32) -> f64 {
    memory_kib(pid, "status", "VmHWM:")
}

/// Returns the resident memory of a process and all it has started, in KiB: what several share is counted
/// once.
pub fn shared_out_kib(pid: u32) -> f64 {
    tree(pid).into_iter().map(|pid| memory_kib(pid, "smaps_rollup", "Pss:")).sum()
}

fn memory_kib(pid: u32, file: &str, which: &str) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(which)).unwrap_or_default();
    line.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(f64::NAN)
}

/// Tells whether a program can be started.
pub fn has_program(name: &str) -> bool {
    let dirs = std::env::var_os("PATH").unwrap_or_default();
    // Debian keeps servers where only its administrator looks.
    let dirs = std::env::split_paths(&dirs).chain(["/usr/sbin".into()]);
    dirs.map(|dir| dir.join(name)).any(|file| file.is_file())
}

/// Tells whether `PostgreSQL` is there: Debian puts its programs into a folder a release.
pub fn has_postgresql() -> bool {
    Path::new("/usr/lib/postgresql").is_dir() || has_program("initdb")
}

/// Returns how many files this process may open, and where it may raise that to.
pub fn open_files() -> Option<(u64, u64)> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    let mut words = line.split_whitespace().map(|word| word.parse().unwrap_or(u64::MAX));
    Some((words.next()?, words.next()?))
}

/// Returns what is measured on, in a line: processors, their model, the kernel, and what else runs.
pub fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches([' ', '\t', ':']).to_owned();
    let count = info.lines().filter(|line| line.starts_with("processor")).count();
    let kernel = read("/proc/sys/kernel/osrelease");
    let loaded = read("/proc/loadavg");
    let loaded = loaded.split(' ').next().unwrap_or_default();
    format!("{count} processors ({model}), Linux {}, load before: {loaded}", kernel.trim())
}
