//! Resident memory of sockets at which nothing happens but beats.

use std::time::Duration;

use crate::{Effort, fan, process, room::Room};

/// Long enough for two beats.
const REST: Duration = Duration::from_secs(11);

/// Measures and prints.
pub async fn run(effort: Effort) {
    let sockets = effort.idle();
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
    println!("\n## Memory of {} idle sockets\n", crowd.len());
    println!("| | KiB per socket |\n|---|--:|");
    let each = |kib: f64| (kib - before) / sockets as f64;
    println!("| just joined | {:.1} |", each(joined));
    println!("| after two beats | {:.1} |", each(rested));
    println!("\nThe node without them: {:.0} MiB.", before / 1024.0);
}
