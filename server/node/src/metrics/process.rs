//! What the process takes of its machine, as Linux tells it.

use std::path::Path;

/// What a process takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Taken {
    /// Bytes of memory that are really there.
    pub(super) memory: u64,
    /// Hundredths of a second, or what the system counts in, on a processor.
    pub(super) ticks: u64,
    /// Such ticks from the machine's start to the process's.
    pub(super) began: u64,
    /// Files and connections that are open.
    pub(super) open: u64,
    /// How many may be.
    pub(super) open_max: u64,
}

/// The room on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// Bytes that may still be written.
    pub(super) free: u64,
    /// Bytes that there are.
    pub(super) all: u64,
}

/// Returns what this process takes; nothing where the system does not tell.
pub(super) fn taken() -> Option<Taken> {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}")).ok();
    let open = std::fs::read_dir("/proc/self/fd").ok()?.count();
    parse(&read("statm")?, &read("stat")?, &read("limits")?, u64::try_from(open).ok()?)
}

fn parse(statm: &str, stat: &str, limits: &str, open: u64) -> Option<Taken> {
    let pages: u64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    // The program's name comes second, in brackets, and may hold anything.
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

/// Returns when the machine started, in seconds since 1970.
pub(super) fn booted() -> Option<u64> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()
}

/// Returns how many ticks a second has.
pub(super) fn ticks_per_second() -> u64 {
    rustix::param::clock_ticks_per_second().max(1)
}

/// Returns the room on the disk of a folder.
pub(super) fn room(folder: &Path) -> Option<Room> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
    Some(Room { free: bytes(disk.f_bavail), all: bytes(disk.f_blocks) })
}

/// Returns the bytes of the files of a folder; of those within its folders none.
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
    fn this_process_takes_something() {
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
