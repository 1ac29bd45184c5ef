//! Resource usage of the process, from Linux's `/proc`.

use std::path::Path;

/// The resource usage of a process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Taken {
    /// Resident memory in bytes.
    pub(super) memory: u64,
    /// CPU time in clock ticks, usually hundredths of a second.
    pub(super) ticks: u64,
    /// Clock ticks from boot to the start of the process.
    pub(super) began: u64,
    /// Open files and connections.
    pub(super) open: u64,
    /// The limit of open files and connections.
    pub(super) open_max: u64,
}

/// The space on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// Free bytes.
    pub(super) free: u64,
    /// Total bytes.
    pub(super) all: u64,
}

/// Returns the usage of this process; none if the system does not report it.
pub(super) fn taken() -> Option<Taken> {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}")).ok();
    let open = std::fs::read_dir("/proc/self/fd").ok()?.count();
    parse(&read("statm")?, &read("stat")?, &read("limits")?, u64::try_from(open).ok()?)
}

fn parse(statm: &str, stat: &str, limits: &str, open: u64) -> Option<Taken> {
    let pages: u64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    // The program's name is second, in brackets, and may contain anything.
    let behind: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| behind.get(at)?.parse::<u64>().ok();
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    Some(Taken {
        memory: pages.checked_mul(u64::try_from(rustix::param::page_size()).ok()?)?,
        ticks: number(11)?.checked_add(number(12)?)?,
        began: number(19)?,
        open,
        open_max: limit.split_whitespace().next()?.parse().unwrap_or(u64::MAX),
    })
}

/// Returns the boot time, in seconds since 1970.
pub(super) fn booted() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

/// Returns the number of clock ticks per second.
pub(super) fn ticks_per_second() -> u64 {
    rustix::param::clock_ticks_per_second().max(1)
}

/// Returns the space on the disk of a folder.
pub(super) fn room(folder: &Path) -> Option<Room> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
    Some(Room { free: bytes(disk.f_bavail), all: bytes(disk.f_blocks) })
}

/// Returns the size of the files in a folder, without subfolders.
pub(super) fn bytes(folder: &Path) -> Option<u64> {
    let files = std::fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let each = files.filter_map(|file| file.metadata().ok()).filter(std::fs::Metadata::is_file);
    Some(each.map(|file| file.len()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_may_be_called_anything() {
        let stat = "7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 120 30 0 0 20 0 4 0 5000 9 9";
        let limits = "Limit  Soft  Hard  Units\nMax open files            1024   4096   files\n";
        let taken = parse("900 25 3", stat, limits, 12).unwrap();
        let page = u64::try_from(rustix::param::page_size()).unwrap();
        let told = Taken { memory: 25 * page, ticks: 150, began: 5_000, open: 12, open_max: 1_024 };
        assert_eq!(taken, told);
        assert!(parse("", "", "", 0).is_none());
    }

    #[test]
    fn this_process_uses_resources() {
        let taken = taken().unwrap();
        assert!(taken.memory > 100_000 && taken.open > 2 && taken.open_max >= taken.open);
        assert!(booted().unwrap() > 1_000_000_000 && ticks_per_second() >= 1);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), [0; 100]).unwrap();
        assert_eq!(bytes(folder.path()), Some(100));
        let room = room(folder.path()).unwrap();
        assert!(room.all > room.free && room.free > 0);
    }
}
