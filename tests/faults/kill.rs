//! Kills at random moments (E2, D2).

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::Stdio,
};

use crate::{
    ledger::{Ledger, judge},
    rig::{Rig, Work, soaked},
};

const WORK: Work = Work {
    rooms: 3,
    writes: 100_000,
    synchronous: "full",
    checkpoint_bytes: 200_000,
    waits: false,
};

/// I-5: each run continues in the database of the one before, so later losses are found too.
#[tokio::test]
async fn a_killed_process_loses_no_acknowledged_entry() {
    let rig = Rig::new();
    let mut said = String::new();
    for kill in 0..soaked(20) {
        let acks = rand::random_range(1..60);
        said.push_str(&run_and_kill(&rig, acks));
        let ledger = Ledger::parse(&said);
        assert!(ledger.acks.len() > usize::try_from(kill).unwrap());
        assert_eq!(judge(&rig.database(), &ledger).await, Ok(()), "after kill {kill}");
    }
}

/// Kills the writer after this many acknowledgements, and returns its output.
fn run_and_kill(rig: &Rig, acks: usize) -> String {
    let mut command = rig.command(WORK, Path::new("/proc/self/fd/1"));
    let mut writer = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(writer.stdout.take().unwrap());
    let mut said = String::new();
    let mut acked = 0;
    while acked < acks {
        let start = said.len();
        assert!(output.read_line(&mut said).unwrap() > 0, "the writer ended by itself: {said}");
        acked += usize::from(said[start..].starts_with("ack "));
    }
    writer.kill().unwrap();
    output.read_to_string(&mut said).unwrap();
    writer.wait().unwrap();
    // The incomplete line was never written.
    said.truncate(said.rfind('\n').map_or(0, |end| end + 1));
    said
}
