//! The tests that run the storms.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use proof::{
    apart,
    seeds::{Raising, again, seeds},
};

use crate::{
    city::{self, Ground, NODES},
    hub_storm, node_storm, roll,
};

/// Storms run at once: the machine has few cores, and much of a storm is waiting for a restart.
const AT_ONCE: usize = 3;

/// P-30, P-44, P-50, P-54, P-69: people, walls and directors on a node that is killed at any point.
/// I-1 to I-12, I-16 and I-21 to I-23, as far as one node goes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retrying_clients_lose_nothing_while_the_node_is_killed() {
    let mut storms = tokio::task::JoinSet::new();
    let mut acked = 0;
    for seed in seeds(12) {
        if storms.len() == AT_ONCE {
            acked += settled(storms.join_next().await.unwrap());
        }
        storms.spawn(async move {
            let _raising = Raising::of(seed);
            let blown = tokio::spawn(node_storm::blow(seed)).await;
            blown.map_err(|failed| (seed, failed))
        });
    }
    while let Some(storm) = storms.join_next().await {
        acked += settled(storm);
    }
    assert!(acked > 500, "{acked} commands were acknowledged");
}

/// I-1 to I-13, I-16, I-19 to I-23, I-30, I-31 (E2, E12, E13, E18) on three nodes, one PostgreSQL
/// and one Redis, each of which is killed, stopped, paused, emptied or cut while people work
/// through any node. Meanwhile Redis loses, withholds, duplicates, reorders, truncates and forges
/// messages.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_nodes_lose_nothing_whatever_is_killed() {
    let mut acked = 0;
    for seed in seeds(3) {
        let _raising = Raising::of(seed);
        let blown = tokio::spawn(async move {
            let left = city::blow(seed).await;
            left.was_lied_to();
            left.judge().await
        });
        let told = blown.await;
        acked += told.unwrap_or_else(|failed| panic!("{}: {failed}", again(seed)));
    }
    assert!(acked > 100, "{acked} commands were acknowledged");
}

/// I-1 to I-13, I-16, I-19 to I-23, I-30, I-31 (E33): the same with two faults at a time, on
/// machines with network partitions as well (E8).
#[test]
fn several_nodes_lose_nothing_under_two_faults_at_once() {
    let name = "raised::several_nodes_lose_nothing_under_two_faults_at_once";
    apart::run(name, async |mut lan| {
        let ground = Ground::apart(&mut lan, NODES).roped();
        let mut acked = 0;
        for seed in seeds(2) {
            let _raising = Raising::of(seed);
            let ground = ground.clone();
            let blown = tokio::spawn(async move {
                let left = city::blow_by_twos(seed, ground).await;
                left.was_lied_to();
                left.judge().await
            });
            let told = blown.await;
            acked += told.unwrap_or_else(|failed| panic!("{}: {failed}", again(seed)));
        }
        assert!(acked > 100, "{acked} commands were acknowledged");
    });
}

/// I-1 to I-12, I-16, I-19 to I-23, I-31, I-36, P-36: nodes are replaced one by one by those of
/// another release, and all of them serve one room. `cargo xtask beside` names the release; without
/// one this program replaces itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_upgrade_loses_nothing() {
    for seed in seeds(1) {
        let _raising = Raising::of(seed);
        let rolled = tokio::spawn(async move { roll::over(seed).await.judge().await });
        let acked = rolled.await.unwrap_or_else(|failed| panic!("{}: {failed}", again(seed)));
        assert!(acked > 100, "{acked} commands were acknowledged");
    }
}

/// The control of the storm of several nodes: both judges detect a database that lost one
/// acknowledged entry: the judge of what was shown, and that of what was acknowledged, which sees
/// no screen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_loses_one_entry_is_detected() {
    let left = Arc::new(city::blow(7).await);
    left.judge().await;
    left.forget_the_last_entry().await;
    let (of_shown, of_told) = (Arc::clone(&left), left);
    let shown = tokio::spawn(async move { of_shown.judge().await }).await;
    let told = tokio::spawn(async move { of_told.judge_told().await }).await;
    let words = |judged: Result<usize, tokio::task::JoinError>| {
        crate::words_of(judged.expect_err("no judge missed the entry").into_panic().as_ref())
    };
    let (shown, told) = (words(shown), words(told));
    assert!(shown.contains("I-23"), "the judge of what was shown: {shown}");
    assert!(
        told.contains("I-5") && told.contains("is missing"),
        "the judge of what was acknowledged: {told}"
    );
}

/// Returns what was acknowledged in a storm.
///
/// # Panics
///
/// When an invariant was violated in it.
fn settled(
    storm: Result<Result<usize, (u64, tokio::task::JoinError)>, tokio::task::JoinError>,
) -> usize {
    match storm.unwrap() {
        Ok(acked) => acked,
        Err((seed, failed)) => panic!("{}: {failed}", again(seed)),
    }
}

/// P-42, P-52, P-53: a store that is full, conflicts or loses replies, many times over, without a
/// node around the rooms. I-5 to I-13, I-16, I-20 to I-23.
#[test]
fn nothing_is_acknowledged_that_the_journal_does_not_hold() {
    for_each(seeds(1_000), |seed| drop(hub_storm::blow(seed)));
}

/// I-30, I-31: several nodes write one room at once, on one store that fails as before; messages
/// are lost, duplicated, late, reordered and forged, clocks are a day wrong, nodes are replaced
/// while they work. All of the above holds on every node, and any node shows what was acknowledged
/// (I-22).
#[test]
fn several_nodes_are_one_room() {
    for_each(seeds(1_000), |seed| drop(hub_storm::blow_over_nodes(seed)));
}

/// A seed determines a storm: two runs write the same entries and send every screen the same bytes,
/// so that a failing seed can be investigated.
#[test]
fn a_seed_reproduces_its_storm() {
    for_each(seeds(24), |seed| {
        assert_eq!(hub_storm::blow(seed), hub_storm::blow(seed), "one node");
        let (once, twice) = (hub_storm::blow_over_nodes(seed), hub_storm::blow_over_nodes(seed));
        assert_eq!(once, twice, "several nodes");
        assert_ne!(once, hub_storm::blow_over_nodes(seed + 2), "another seed is another storm");
    });
}

/// Runs a storm for each seed, as many in parallel as there are processors. Each has its own
/// simulated time. One that fails does not stop the others.
///
/// # Panics
///
/// When an invariant was violated in any of them, naming the seeds.
fn for_each(seeds: std::ops::Range<u64>, blow: impl Fn(u64) + Sync) {
    let (next, failed) = (AtomicU64::new(seeds.start), Mutex::new(Vec::new()));
    let blows = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return;
            }
            let _raising = Raising::of(seed);
            if std::panic::catch_unwind(AssertUnwindSafe(|| blow(seed))).is_err() {
                failed.lock().unwrap().push(again(seed));
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        (0..threads).for_each(|_| drop(scope.spawn(blows)));
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
