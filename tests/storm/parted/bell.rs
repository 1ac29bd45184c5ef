//! Packets between a node and Redis vanish, one way or both (E8, L6): what it writes is on the others' screens, and what
//! they write on its own, by looks at the journal; afterwards by the bell again.

use proof::{apart, lan::Part};
use proto::{
    frame::Mode,
    limit::{COALESCE_MS, LOOK_MS},
};
use tokio::time::{Duration, Instant};

use crate::quiet::Quiet;

/// What each node but the first is parted by.
const PARTS: [Part; 3] = [Part::There, Part::Back, Part::Both];
/// How long a node may take to find that it does not hear: three seconds without its own beacon.
const FOUND: Duration = Duration::from_millis(3_500);
/// How long it may take to hear again: a connection that was given up, or a try of one, takes five.
const BACK: Duration = Duration::from_secs(9);
/// Between two looks, with what changes wait for to be gathered.
const LOOK: Duration = Duration::from_millis(LOOK_MS + COALESCE_MS);
/// What a busy machine may add; how soon it is on a quiet one is for the benchmark to tell.
const SPARE: Duration = Duration::from_secs(10);
/// How often each node writes to be measured.
const TIMES: usize = 4;
/// Half of what all nodes are told of then: without a bell it were all.
const FOUND_MAX: f64 = 24.0;

/// Lets each node write in turn, and returns how long it took at most to be on the screens of these nodes, from the
/// moment when the one who wrote was answered.
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
    println!("half of it within {:?}", took[took.len() / 2]);
    took[took.len() - 1]
}

/// Returns how many rings nodes have missed, so far as they know.
async fn rings_lost(quiet: &Quiet) -> f64 {
    let mut lost = 0.0;
    for node in 0..quiet.posts.len() {
        lost += quiet.city.figures(node).figure("muster_rings_lost_total").await;
    }
    lost
}

/// I-12, I-16, I-22, I-23, I-30: each node but the first is parted from Redis in another way.
#[test]
fn nodes_whose_bell_is_silent_follow_each_other_by_looks_and_then_by_the_bell_again() {
    let name = "parted_bell::nodes_whose_bell_is_silent_follow_each_other_by_looks_and_then_by_the_bell_again";
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
        // Nobody knows yet: rings are lost, and found as the last one would be.
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
        println!("without the bell: {far:?} where it is known, {near:?} where it is not");
        assert!(far < LOOK + SPARE, "where it is known: {far:?}");
        assert!(near < LOOK + SPARE, "where nobody rings and it is not known: {near:?}");
        quiet.hears(0, true).await;
        for (node, part) in ground.nodes[1..].iter().zip(PARTS) {
            node.joins(&ground.redis, part);
        }
        let joined = Instant::now();
        for node in &all {
            quiet.hears(*node, true).await;
        }
        println!("heard again after {:?}", joined.elapsed());
        assert!(joined.elapsed() < BACK + SPARE, "heard again after {:?}", joined.elapsed());
        let lost = rings_lost(&quiet).await;
        let rung = took(&quiet, &all).await;
        let lost = rings_lost(&quiet).await - lost;
        println!("with the bell: {rung:?}, and {lost} found by looks");
        // A look may come between a commit and its ring, now and then.
        assert!(lost < FOUND_MAX, "{lost} by looks: {rung:?}");
        for post in &quiet.posts {
            // Nobody was told of any trouble, and nobody had any (L6).
            assert_eq!((post.shown().mode, post.shown().turns), (Some(Mode::Live), 0));
            assert_eq!(post.shown().snapshots, 1);
        }
        quiet.judge().await;
    });
}
