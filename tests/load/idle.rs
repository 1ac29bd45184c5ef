//! Resident memory of sockets at which nothing happens but beats.

use std::time::Duration;

use crate::{Effort, fan, process, room::Room};

/// Long enough for two beats.
const REST: Duration = Duration::from_secs(11);

/// Measures and prints.
pub async fn run(effort: Effort) {
    println!("\n## Memory of idle sockets\n");
    println!(
        "| sockets | the node without them, MiB | KiB per socket, just joined | after two beats |"
    );
    println!("|--:|--:|--:|--:|");
    for sockets in effort.idle() {
        size(*sockets).await;
    }
}

async fn size(sockets: usize) {
    let muster = process::muster();
    let room = Room::open(&muster, 62, 1).await;
    let phones = fan::phones(&room, 20).await;
    // What the first socket costs is not what the next one costs.
    drop(fan::follow(&room, &phones, 100).await);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = muster.resident_kib();
    let crowd = fan::follow(&room, &phones, sockets).await;
    let joined = muster.resident_kib();
    tokio::time::sleep(REST).await;
    let rested = muster.resident_kib();
    assert_eq!(crowd.count(|seen| seen.ended.is_none()), sockets, "every socket stays");
    let each = |kib: f64| (kib - before) / sockets as f64;
    println!("| {sockets} | {:.0} | {:.1} | {:.1} |", before / 1024.0, each(joined), each(rested));
}
