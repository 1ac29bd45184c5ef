//! Network partitions between a node and Redis, one way or both (E8, L6): writes of both sides
//! reach the other's screens by polling the journal, and by notification again afterwards.

use proof::{apart, lan::Part};
use proto::{
    frame::Mode,
    limit::{COALESCE_MS, LOOK_MS},
};
use tokio::time::{Duration, Instant};

use crate::quiet::Quiet;

/// How each node but the first is partitioned.
const PARTS: [Part; 3] = [Part::There, Part::Back, Part::Both];
/// How long a node may take to notice: three seconds without its own beacon.
const FOUND: Duration = Duration::from_millis(3_500);
/// How long it may take to recover: dropping a connection, or an attempt to open one, takes five
/// seconds.
const BACK: Duration = Duration::from_secs(9);
/// The polling interval, plus the coalescing delay.
const LOOK: Duration = Duration::from_millis(LOOK_MS + COALESCE_MS);
/// Allowance for a busy machine; the benchmark measures a quiet one.
const SPARE: Duration = Duration::from_secs(10);
/// Measured writes per node.
const TIMES: usize = 4;
/// Half of the notifications sent then: without a bus, polling would find all of them.
const FOUND_MAX: f64 = 24.0;

/// Lets each node write in turn, and returns the longest time until it was on the screens of these
/// nodes, measured from the acknowledgement.
async fn took(quiet: &Quiet, at: &[usize]) -> Duration {
    let mut took = Vec::new();
    for by in (0..quiet.posts.len()).cycle().take(TIMES * quiet.posts.len()) {
        let seq = quiet.visitor().is_told(&quiet.writer[by]).await;
        let began = Instant::now();
        for node in at.iter().filter(|node| **node != by) {
            quiet.posts[*node].shows_entry(seq).await;
            took.push(began.elapsed());
        }
    }
    took.sort();
    println!("median {:?}", took[took.len() / 2]);
    took[took.len() - 1]
}

/// Returns the number of lost notifications that the nodes know of.
async fn rings_lost(quiet: &Quiet) -> f64 {
    let mut lost = 0.0;
    for node in 0..quiet.posts.len() {
        lost += quiet.city.figures(node).figure("muster_rings_lost_total").await;
    }
    lost
}

/// I-12, I-16, I-22, I-23, I-30: each node but the first is partitioned from Redis in another way.
#[test]
fn nodes_without_redis_follow_by_polling_and_resubscribe_when_it_returns() {
    let name = "parted_bell::nodes_without_redis_follow_by_polling_and_resubscribe_when_it_returns";
    apart::run(name, async |mut lan| {
        let quiet = Quiet::of(&mut lan, 1 + PARTS.len()).await;
        let ground = quiet.city.ground.clone();
        let all: Vec<usize> = (0..quiet.posts.len()).collect();
        for node in &all {
            quiet.hears(*node, true).await;
        }
        for (node, part) in ground.nodes[1..].iter().zip(PARTS) {
            node.parts(&ground.redis, part);
        }
        let silent = Instant::now();
        // No node knows yet: notifications are lost, and polling makes up for them.
        let seq = quiet.writes(1).await;
        assert!(
            silent.elapsed() < LOOK + SPARE,
            "{seq} is everywhere after {:?}",
            silent.elapsed()
        );
        for node in &all[1..] {
            quiet.hears(*node, false).await;
        }
        assert!(silent.elapsed() < FOUND + SPARE, "known after {:?}", silent.elapsed());
        let (far, near) = (took(&quiet, &all[1..]).await, took(&quiet, &all[..1]).await);
        println!("without the bus: {far:?} where it is known, {near:?} where it is not");
        assert!(far < LOOK + SPARE, "where it is known: {far:?}");
        assert!(near < LOOK + SPARE, "where it is not known: {near:?}");
        quiet.hears(0, true).await;
        for (node, part) in ground.nodes[1..].iter().zip(PARTS) {
            node.joins(&ground.redis, part);
        }
        let joined = Instant::now();
        for node in &all {
            quiet.hears(*node, true).await;
        }
        println!("received again after {:?}", joined.elapsed());
        assert!(joined.elapsed() < BACK + SPARE, "received again after {:?}", joined.elapsed());
        let lost = rings_lost(&quiet).await;
        let rung = took(&quiet, &all).await;
        let lost = rings_lost(&quiet).await - lost;
        println!("with the bus: {rung:?}, and {lost} found by polling");
        // Occasionally a poll falls between a commit and its notification.
        assert!(lost < FOUND_MAX, "{lost} by polling: {rung:?}");
        for post in &quiet.posts {
            // No trouble was reported to anybody, and there was none (L6).
            assert_eq!((post.shown().mode, post.shown().turns), (Some(Mode::Live), 0));
            assert_eq!(post.shown().snapshots, 1);
        }
        quiet.judge().await;
    });
}
