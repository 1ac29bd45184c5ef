//! A node behind a slow link (E10, L4): its users lag, and nobody else does.

use proof::apart;

use crate::quiet::Quiet;

/// The link's bandwidth: seconds behind what is written here.
const KBIT_PER_S: u32 = 64;
/// The number of writes.
const TIMES: usize = 40;
/// The text of each.
const WORDS: &str =
    "The ambulance is held at the bridge, and the crew asks whether the second one can go round. ";

/// I-20, I-22, I-26: the others have everything while it is still in transit on the slow link.
#[test]
fn a_slow_link_delays_only_its_own_screens() {
    let name = "parted_narrow::a_slow_link_delays_only_its_own_screens";
    apart::run(name, async |mut lan| {
        let quiet = Quiet::of(&mut lan, 3).await;
        quiet.city.ground.nodes[2].takes_at_most(KBIT_PER_S);
        let mut last = quiet.head().await;
        for nth in 0..TIMES {
            let sent = quiet.visitor().saying(&WORDS.repeat(20));
            last = sent.is_told(&quiet.writer[nth % 2]).await;
            for post in &quiet.posts[..2] {
                post.shows_entry(last).await;
            }
        }
        let late = quiet.posts[2].shown();
        assert!(late.seq < last, "the link is not slow: {late:?}");
        for post in &quiet.posts[..2] {
            assert_eq!((post.shown().turns, post.shown().snapshots), (0, 1), "L4");
        }
        quiet.judge().await;
    });
}
