//! A rolling upgrade: nodes of two releases share one PostgreSQL and one Redis, and are replaced
//! one by one while people work.

use std::sync::{Arc, atomic::Ordering};

use proof::{child, device::Device, dice::Dice, fold, screen::Screen, soon};
use proto::{
    id::{RoomId, Seq},
    key::Key,
    role::{Audience, Role},
};
use tokio::time::{Duration, sleep};

use crate::{
    city::{City, Left, busy, while_people_work},
    node_storm::Sky,
    visitor::Visitor,
};

/// The work done, at least, between two replacements.
const WORK: u64 = 60;
/// Milliseconds before a retry.
const AGAIN_MS: u64 = 25;
/// The first number of visitors, above those of all members.
const VISITORS: usize = 100;

/// Replaces every node of a city, which run the program that `MUSTER_BEFORE` names, by the program
/// of this tree. Without that variable a program replaces itself.
pub async fn over(seed: u64) -> Left {
    let city = City::of(&child::before().unwrap_or_else(child::binary)).await;
    while_people_work(city, Dice::new(seed), replaces, busy()).await
}

/// Replaces the nodes one after the other, and compares them all before, between and after.
async fn replaces(sky: Arc<Sky>, mut city: City, room: RoomId, mut dice: Dice) -> City {
    let mut visitors = VISITORS..;
    for nth in 0..city.nodes.0.len() {
        some_work(&sky).await;
        all_show_what_one_was_told(&sky, &city, room, &mut visitors).await;
        city.nodes.0[nth].ask_to_stop();
        assert_eq!(city.nodes.0[nth].ended().await, Some(0), "{}", city.nodes.0[nth].log());
        // People continue without it for a while.
        sleep(Duration::from_millis(dice.below(500))).await;
        city.nodes.0[nth].becomes(&child::binary());
        city.nodes.0[nth].start().await;
        sky.lives.send_modify(|lives| *lives += 1);
    }
    some_work(&sky).await;
    all_show_what_one_was_told(&sky, &city, room, &mut visitors).await;
    sky.goes_on.store(false, Ordering::SeqCst);
    city
}

/// Waits until people have done some more work.
async fn some_work(sky: &Sky) {
    let goal = sky.ledger.ticks() + WORK;
    let done = async {
        while sky.ledger.ticks() < goal {
            sleep(Duration::from_millis(5)).await;
        }
    };
    soon("some work", done).await;
}

/// I-16, I-22: a login from one node is valid on all, an entry acknowledged by one is on every
/// screen, and every node counts the people as the journal does.
async fn all_show_what_one_was_told(
    sky: &Sky,
    city: &City,
    room: RoomId,
    visitors: &mut std::ops::RangeFrom<usize>,
) {
    for nth in 0..city.nodes.0.len() {
        let desk = city.nodes.door(nth).come_in(room, Audience::Desk, &[Role::Lead]).await;
        let wall = city.nodes.door(nth).come_in(room, Audience::Wall, &[]).await;
        let mut screens = Vec::new();
        for device in city.nodes.faces(&desk).into_iter().chain(city.nodes.faces(&wall)) {
            screens.push(Screen::live(device).await);
        }
        let visitor = visitors.next().unwrap();
        let visitor = Visitor::new(sky, visitor);
        let seq = visitor.is_told(&city.nodes.faces(&desk)[nth]).await;
        for screen in &mut screens {
            soon("the entry on every screen", screen.reach(seq)).await;
            let shown = after(&screen.device, seq).await;
            assert!(shown >= seq, "I-22: shown {shown} after {seq}");
        }
        let entries = fold::entries(&city.journal().await, room).await;
        for screen in &screens {
            let (face, at) = (screen.device.face, usize::try_from(screen.cursor.seq.0).unwrap());
            let (folded, ..) = fold::fold(&entries[..at]);
            let counted = folded.row(face, Key::Census);
            assert_eq!(screen.row(Key::Census), counted.as_ref(), "I-16: {face:?} at {at}");
        }
    }
}

/// Returns the head shown to somebody to whom this entry was acknowledged.
async fn after(device: &Device, told: Seq) -> Seq {
    let shown = async {
        loop {
            let path = format!("{}&after={told}", device.rows_path());
            let answer = device.get(&path).send().await;
            if answer.status.is_success() {
                return answer.read::<proto::frame::Rows>().to;
            }
            sleep(Duration::from_millis(AGAIN_MS)).await;
        }
    };
    soon("the rows", shown).await
}
