//! One packet in ten is lost between nodes, database and Redis (E9): everything is late, and
//! nothing is lost or duplicated.

use proof::apart;

use crate::quiet::Quiet;

/// One packet in this many is lost.
const LOST: u8 = 10;
/// Packets lost before the test ends.
const ENOUGH: u64 = 100;

/// I-7, I-8, I-19, I-20, I-22: anything sent again, by whatever layer, happens once.
#[test]
fn packet_loss_loses_and_duplicates_no_command() {
    let name = "parted_loss::packet_loss_loses_and_duplicates_no_command";
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
        // The judge reads the whole database.
        all.for_each(|machine| machine.loses_nothing());
        println!("{lost} packets were lost");
        quiet.judge().await;
    });
}
