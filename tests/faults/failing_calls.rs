//! Every call of the commit path fails, once and permanently (E3, E5, D3). No acknowledged entry is
//! ever lost, not even if the power fails afterwards; after a failed sync nothing is acknowledged
//! (I-13).

use crate::{
    ledger::{Ledger, judge},
    rig::{Rig, Work},
};

const WORK: Work =
    Work { rooms: 2, writes: 6, synchronous: "full", checkpoint_bytes: 30_000, waits: false };

/// The writer's ledgers from all runs of one kind of failure.
struct Said(Vec<Ledger>);

impl Said {
    fn runs_with(&self, line: &str) -> usize {
        self.0.iter().filter(|told| told.has(line)).count()
    }
}

async fn fail_every(kind: &str, how: &str) -> Said {
    let healthy = Rig::new();
    healthy.run(WORK, 0, None);
    let calls = healthy.calls(kind);
    assert!(calls > 0, "the writer makes no {kind} call");
    let (mut said, mut met) = (Said(Vec::new()), 0_u32);
    for times in [1, 0] {
        // A few more than a healthy run makes: after a fault the writer takes other paths.
        for first in 1..=calls + 2 {
            let (told, is_met) = fail_one(&format!("{kind}:{how}:{first}:{times}")).await;
            said.0.push(told);
            met += u32::from(is_met);
        }
    }
    // A shim that injects nothing would make the test pass.
    assert!(met >= calls, "{kind} {how}: {met} runs met their fault, of {calls} calls");
    said
}

/// Runs with one fault; returns the writer's ledger, and whether the fault occurred.
async fn fail_one(fault: &str) -> (Ledger, bool) {
    let rig = Rig::new();
    rig.run(WORK, 0, Some(fault));
    let told = Ledger::read(&rig.ledger());
    told.assert_no_ack_after("unknown");
    told.assert_no_ack_after("stopped");
    let failed = told.lines.iter().find(|line| line.starts_with("failed"));
    assert_eq!(failed, None, "{fault}");
    for (what, files) in [("killed", rig.database()), ("cut", rig.durable())] {
        let judged = judge(&files, &told).await;
        assert_eq!(judged, Ok(()), "{fault}, then {what}: {:#?}", told.lines);
    }
    (told, rig.calls("met") > 0)
}

/// E3: a failed sync leaves the disk in an unknown state, so nothing is acknowledged afterwards.
#[tokio::test]
async fn after_a_failed_sync_nothing_is_acknowledged() {
    let said = fail_every("sync", "EIO").await;
    assert!(said.runs_with("unknown") > 10, "only {} runs met it", said.runs_with("unknown"));
}

/// E3.
#[tokio::test]
async fn a_failed_write_loses_no_acknowledged_entry() {
    let said = fail_every("write", "EIO").await;
    assert!(said.runs_with("unknown") > 10, "only {} runs met it", said.runs_with("unknown"));
}

/// E5.
#[tokio::test]
async fn a_full_disk_loses_nothing_and_serves_reads() {
    let said = fail_every("write", "ENOSPC").await;
    assert!(said.runs_with("full") > 10, "only {} runs met it", said.runs_with("full"));
    for told in said.0.iter().filter(|told| told.has("full")) {
        let unread = told.lines.iter().find(|line| line.starts_with("unread"));
        assert_eq!(unread, None, "{:#?}", told.lines);
        let read = told.lines.iter().filter(|line| line.starts_with("read")).count();
        assert_eq!(read, 2, "{:#?}", told.lines);
    }
}

/// E4.
#[tokio::test]
async fn a_short_write_loses_no_acknowledged_entry() {
    fail_every("write", "SHORT").await;
}

/// E6: as when Linux remounts a failing disk read-only.
#[tokio::test]
async fn a_disk_that_turns_read_only_loses_no_acknowledged_entry() {
    let said = fail_every("write", "EROFS").await;
    assert!(said.runs_with("unknown") > 10, "only {} runs met it", said.runs_with("unknown"));
}

/// E7: every sync is slow; everything is answered in order, and no answer comes before its sync.
#[tokio::test]
async fn a_slow_disk_only_adds_latency() {
    let (told, is_met) = fail_one("sync:SLOW:1:0").await;
    assert!(is_met, "no sync was slow");
    let all = usize::try_from(WORK.rooms * WORK.writes).unwrap();
    assert_eq!(told.acks.len(), all, "{:#?}", told.lines);
}

/// E3, E27: opening included.
#[tokio::test]
async fn a_failed_open_truncate_or_unlink_loses_nothing() {
    for kind in ["open", "truncate", "unlink"] {
        fail_every(kind, "EIO").await;
    }
}

/// E5: the store notices free space on its own, without a restart or an append.
#[tokio::test]
async fn a_disk_with_free_space_again_accepts_writes_without_a_restart() {
    // Without a checkpoint in between, the calls after those of opening and closing are an
    // append's.
    let work = Work { rooms: 1, checkpoint_bytes: 10_000_000, waits: true, ..WORK };
    let idle = Rig::new();
    idle.run(Work { writes: 0, ..work }, 0, None);
    let rig = Rig::new();
    let fault = format!("write:ENOSPC:{}:1", idle.calls("write") + 1);
    rig.run(Work { writes: 20, ..work }, 0, Some(&fault));
    let told = Ledger::read(&rig.ledger());
    assert!(told.has("full") && told.has("room again"), "{told:?}");
    let after = told.lines.iter().skip_while(|line| *line != "room again");
    assert!(after.filter(|line| line.starts_with("ack ")).count() > 0, "{told:?}");
    assert_eq!(judge(&rig.durable(), &told).await, Ok(()));
}
