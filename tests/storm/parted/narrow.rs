//! A node that people reach by a line that takes little (E10, L4): whoever is there is late, and nobody else is.

use proof::apart;

use crate::quiet::Quiet;

/// What the line takes: of what is written here it is seconds behind.
const KBIT_PER_S: u32 = 64;
/// How often is written.
const TIMES: usize = 40;
/// How long each is.
const WORDS: &str =
    "The ambulance is held at the bridge, and the crew asks whether the second one can go round. ";

/// I-20, I-22, I-26: the others have everything while it is still on its way there.
#[test]
fn a_narrow_line_holds_up_only_whoever_is_behind_it() {
    let name = "parted_narrow::a_narrow_line_holds_up_only_whoever_is_behind_it";
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
        assert!(late.seq < last, "the line is not narrow: {late:?}");
        for post in &quiet.posts[..2] {
            assert_eq!((post.shown().turns, post.shown().snapshots), (0, 1), "L4");
        }
        quiet.judge().await;
    });
}
