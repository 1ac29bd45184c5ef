//! One packet in ten is lost between nodes, database and Redis (E9), whichever it is: all come late, and nothing of
//! it is lost or doubled.

use proof::apart;

use crate::quiet::Quiet;

/// Of how many packets one is lost.
const LOST: u8 = 10;
/// How many are lost before it is over.
const ENOUGH: u64 = 100;

/// I-7, I-8, I-19, I-20, I-22: whatever is sent again, and by whomever, happens once.
#[test]
fn where_packets_are_lost_nothing_else_is() {
    let name = "parted_loss::where_packets_are_lost_nothing_else_is";
    apart::run(name, async |mut lan| {
        let quiet = Quiet::of(&mut lan, 3).await;
        let ground = quiet.city.ground.clone();
        let all = ground.nodes[1..].iter().chain([&ground.database, &ground.redis]);
        for machine in all.clone() {
            machine.loses_one_in(LOST);
        }
        let lost = || all.clone().map(|machine| machine.lost()).sum::<u64>();
        for by in (0..quiet.posts.len()).cycle().take_while(|_| lost() < ENOUGH) {
            quiet.writes(by).await;
        }
        let lost = lost();
        // Whoever judges reads the whole database.
        all.for_each(|machine| machine.loses_nothing());
        println!("{lost} packets were lost");
        quiet.judge().await;
    });
}
