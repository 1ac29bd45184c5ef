//! The load program: what Muster costs and what it holds, measured beside the floor. `README.md` keeps a
//! run and says how to read it.

use std::process::ExitCode;

mod city;
mod crowd;
mod deed;
mod durable;
mod fan;
mod floor;
mod frame;
mod growth;
mod homes;
mod idle;
mod import;
mod kernel;
mod lost;
mod nodes;
mod opening;
mod pace;
mod peer;
mod peers;
mod process;
mod rivals;
mod room;
mod rooms;
mod screen;
mod storm;
mod web;
mod window;
mod wire;
mod writer;

const HELP: &str = "\
load [--quick] [section ...]

  fan      fanning out to 1,000, 5,000 and 10,000 sockets, beside the floor
  idle     memory of 5,000 and 10,000 idle sockets
  durable  commands a second, each waited for until it is durable
  growth   snapshots, and the cost of one change, with 62 and 500 people
  nodes    one room on one, two and three nodes, and what they cost each other
  rooms    1,000 rooms at once, and what an open one costs
  storm    5,000 screens cut off at once, until all are live again
  lost     5,000 screens on two nodes, of which one is killed
  peers    other servers that fan out, beside the floor and Muster
  open     opening rooms of 1,000, 10,000 and 100,000 entries
  import   lists of 500, 2,000 and 5,000 rows into a live room
  web      the faces in a slow browser, and what they weigh
  homes    the directory of homes at its real size, brought in and searched

  --quick  one short round of each, for a look and not for the record
";

/// What is measured, in this order.
const SECTIONS: [&str; 13] = [
    "fan", "idle", "durable", "growth", "nodes", "rooms", "storm", "lost", "peers", "open",
    "import", "web", "homes",
];

/// Open files that 10,000 sockets need, and what else there is.
const OPEN_FILES: u64 = 10_500;

/// How long to measure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// For the record.
    Full,
    /// For a look.
    Quick,
}

impl Effort {
    /// Returns the seconds of one window.
    pub fn window_s(self) -> u32 {
        if self == Self::Full { 8 } else { 4 }
    }

    /// Returns how often each window is measured.
    pub fn rounds(self) -> usize {
        if self == Self::Full { 3 } else { 1 }
    }

    /// Returns the numbers of sockets.
    pub fn sockets(self) -> &'static [usize] {
        if self == Self::Full { &[1_000, 5_000, 10_000] } else { &[1_000, 5_000] }
    }

    /// Returns the entries of the rooms that are opened.
    pub fn entries(self) -> &'static [usize] {
        if self == Self::Full { &[1_000, 10_000, 100_000] } else { &[1_000, 10_000] }
    }

    /// Returns the numbers of idle sockets.
    pub fn idle(self) -> &'static [usize] {
        if self == Self::Full { &[5_000, 10_000] } else { &[5_000] }
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "floor-server") {
        floor::serve();
        return ExitCode::SUCCESS;
    }
    let is_known = |word: &str| word == "--quick" || SECTIONS.contains(&word);
    if let Some(word) = words.iter().find(|word| !is_known(word)) {
        eprint!("load: there is no `{word}`\n\n{HELP}");
        return ExitCode::FAILURE;
    }
    if let Some(words) = process::missing().or_else(few_files) {
        eprintln!("load: {words}");
        return ExitCode::FAILURE;
    }
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("threads").block_on(run(&words));
    ExitCode::SUCCESS
}

/// Returns what to do when too few files may be opened.
fn few_files() -> Option<String> {
    let (soft, hard) = kernel::open_files()?;
    let raise = if hard >= OPEN_FILES { "" } else { " (as root: the hard limit is lower still)" };
    (soft < OPEN_FILES).then(|| {
        format!("{soft} open files are too few; say `ulimit -n {OPEN_FILES}`{raise}, then again")
    })
}

async fn run(words: &[String]) {
    let is_quick = words.iter().any(|word| word == "--quick");
    let effort = if is_quick { Effort::Quick } else { Effort::Full };
    let is_all = words.iter().all(|word| word == "--quick");
    let is_wanted = |section: &&str| is_all || words.iter().any(|word| word == section);
    println!("# Load\n\n{}", kernel::machine());
    for section in SECTIONS.into_iter().filter(is_wanted) {
        measure(section, effort).await;
    }
}

/// Measures one section.
async fn measure(section: &str, effort: Effort) {
    match section {
        "fan" => fan::run(effort).await,
        "idle" => idle::run(effort).await,
        "durable" => durable::run(effort).await,
        "growth" => growth::run(effort).await,
        "nodes" => nodes::run(effort).await,
        "rooms" => rooms::run(effort).await,
        "storm" => storm::run(effort).await,
        "lost" => lost::run(effort).await,
        "peers" => peers::run(effort).await,
        "open" => opening::run(effort).await,
        "import" => import::run(effort).await,
        "web" => web::run(effort).await,
        "homes" => homes::run().await,
        other => unreachable!("{other} is no section"),
    }
}
