//! Power cuts (E1, D1): whatever was acknowledged before a sync began survives a power cut at that
//! moment.

use crate::{
    ledger::{Ledger, judge},
    rig::{Rig, Work, soaked},
};

/// Five rooms at once, so that commits carry more than one batch; a checkpoint every few commits.
const WORK: Work =
    Work { rooms: 5, writes: 40, synchronous: "full", checkpoint_bytes: 300_000, waits: false };

/// The power cuts of one run, and the losses of each.
struct Cuts {
    count: usize,
    acks: usize,
    lost: Vec<String>,
}

async fn cut(work: Work, every: u32) -> Cuts {
    let rig = Rig::new();
    rig.run(work, every, None);
    let told = Ledger::read(&rig.ledger());
    let mut cuts = Cuts { count: 0, acks: told.acks.len(), lost: Vec::new() };
    let writes = usize::try_from(work.rooms * work.writes).unwrap();
    assert_eq!(cuts.acks, writes, "a healthy disk loses nothing: {:?}", told.lines.last());
    for cut in rig.cuts() {
        let before = Ledger::read(&cut.join("ledger"));
        for kind in ["strict", "torn"] {
            let judged = judge(&cut.join(kind).join("muster.db"), &before).await;
            cuts.lost.extend(judged.err().map(|lost| format!("{kind} {}: {lost}", cut.display())));
        }
        cuts.count += 1;
    }
    let last = judge(&rig.durable(), &told).await;
    cuts.lost.extend(last.err().map(|lost| format!("at the end: {lost}")));
    cuts
}

/// I-5, D1.
#[tokio::test]
async fn a_power_cut_loses_no_acknowledged_entry() {
    let cuts = cut(Work { writes: soaked(WORK.writes), ..WORK }, 1).await;
    assert!(cuts.count >= 50, "only {} cuts", cuts.count);
    assert!(cuts.lost.is_empty(), "of {} cuts: {:#?}", cuts.count, cuts.lost);
    println!("{} cuts, {} acknowledged writes", cuts.count, cuts.acks);
}

/// The control: a store that syncs later must fail, or the test above measures nothing.
#[tokio::test]
async fn a_power_cut_is_detected_when_commits_are_not_synced() {
    let cuts = cut(Work { synchronous: "normal", ..WORK }, 1).await;
    assert!(cuts.count > 0);
    let lost = cuts.lost.iter().filter(|lost| lost.contains("was acknowledged")).count();
    assert!(lost > 0, "synchronous=NORMAL passed the power-cut test");
}
