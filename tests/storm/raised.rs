//! The storms, raised.

use crate::{hub_storm, node_storm, seeds};

/// How many storms blow at once: the machine has few cores, and a killed node is waited for.
const AT_ONCE: usize = 3;

/// P-30, P-44, P-50, P-54, P-69: people, walls and directors on a node that is killed where it stands.
/// I-1 to I-12, I-16 and I-21 to I-23, as far as one node goes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_keeps_trying_loses_nothing_while_the_node_is_killed() {
    let mut storms = tokio::task::JoinSet::new();
    let mut acked = 0;
    for seed in seeds(12) {
        if storms.len() == AT_ONCE {
            acked += settled(storms.join_next().await.unwrap());
        }
        storms.spawn(async move {
            let blown = tokio::spawn(node_storm::blow(seed)).await;
            blown.map_err(|failed| (seed, failed))
        });
    }
    while let Some(storm) = storms.join_next().await {
        acked += settled(storm);
    }
    assert!(acked > 500, "{acked} commands were acknowledged");
}

/// Returns what was acknowledged in a storm.
///
/// # Panics
///
/// When something did not hold in it.
fn settled(
    storm: Result<Result<usize, (u64, tokio::task::JoinError)>, tokio::task::JoinError>,
) -> usize {
    match storm.unwrap() {
        Ok(acked) => acked,
        Err((seed, failed)) => panic!("MUSTER_SEEDS={seed}..{} raises it: {failed}", seed + 1),
    }
}

/// P-42, P-52, P-53: a store that is full, overtaken or unsure, many times over, without a node around
/// the rooms. I-5 to I-13, I-16, I-20 to I-23.
#[test]
fn nothing_is_told_that_the_journal_does_not_hold() {
    for seed in seeds(150) {
        let blown = std::panic::catch_unwind(|| hub_storm::blow(seed));
        assert!(blown.is_ok(), "MUSTER_SEEDS={seed}..{} raises it", seed + 1);
    }
}
