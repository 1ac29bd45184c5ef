//! Regression tests for failures found by storms.

use std::sync::Arc;

use proof::faulty::Fault;
use proto::{limit::MAILBOX_MAX, outcome::Fate, role::Audience};

use crate::hub_storm::{ROOM, Sky, line, sky};

/// Submits one command of one member, and lets it reach the room.
async fn submits(
    sky: &Arc<Sky>,
    member: usize,
    n: u128,
) -> tokio::task::JoinHandle<Option<Vec<proto::outcome::CommandFate>>> {
    let there = Arc::clone(sky);
    let submitted = tokio::spawn(async move { there.submit(member, &[line(n)]).await });
    tokio::task::yield_now().await;
    submitted
}

/// P-53, I-5: two devices send one command while another is being written; then the disk is full.
/// Neither may get an acknowledgement.
#[tokio::test]
async fn a_command_sent_twice_at_once_is_acknowledged_to_neither_while_the_disk_is_full() {
    let sky = sky(1).await;
    sky.journal().hold();
    sky.journal().fails([Fault::None, Fault::Full]);
    let first = submits(&sky, 0, 0).await;
    let (one, other) = (submits(&sky, 1, 1).await, submits(&sky, 2, 1).await);
    sky.journal().release(2);
    assert!(matches!(first.await.unwrap().unwrap()[0].fate, Fate::Ok { .. }));
    for told in [one, other] {
        let fates = told.await.unwrap().unwrap();
        assert!(matches!(fates[0].fate, Fate::Retry { .. }), "{fates:?}");
    }
}

/// P-44, I-8: when the disk accepts it, both get the same entry.
#[tokio::test]
async fn a_command_sent_twice_at_once_makes_one_entry() {
    let sky = sky(1).await;
    sky.journal().hold();
    let first = submits(&sky, 0, 0).await;
    let (one, other) = (submits(&sky, 1, 1).await, submits(&sky, 2, 1).await);
    sky.journal().release(2);
    first.await.unwrap().unwrap();
    let told = [one.await.unwrap().unwrap(), other.await.unwrap().unwrap()];
    let Fate::Ok { seq } = told[0][0].fate else { panic!("{told:?}") };
    assert_eq!(told[1][0].fate, Fate::Dup { seq });
}

/// I-29: while all screens reconnect and query their position, commands are not turned away.
#[tokio::test]
async fn a_command_is_accepted_under_a_flood_of_queries() {
    let sky = sky(1).await;
    sky.journal().hold();
    let first = submits(&sky, 0, 0).await;
    let screens: Vec<_> = (0..3 * MAILBOX_MAX)
        .map(|_| {
            let there = Arc::clone(&sky);
            tokio::spawn(async move {
                there.hub(0).snapshot(ROOM, Audience::Phone, None).await.unwrap()
            })
        })
        .collect();
    // One thread runs them all: after a yield each has sent its query, or waits for a place.
    tokio::task::yield_now().await;
    let other = submits(&sky, 1, 1).await;
    sky.journal().release(2);
    for told in [first, other] {
        let fates = told.await.unwrap().unwrap();
        assert!(matches!(fates[0].fate, Fate::Ok { .. }), "{fates:?}");
    }
    for screen in screens {
        screen.await.unwrap();
    }
}

/// P-43, I-4, I-5: nothing is acknowledged or shown before the commit has returned.
#[tokio::test]
async fn an_outcome_waits_for_the_commit() {
    let sky = sky(1).await;
    let before = sky.hub(0).head(ROOM).await.unwrap();
    sky.journal().hold();
    let submitted = submits(&sky, 0, 0).await;
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert!(!submitted.is_finished(), "acknowledged before it was durable");
    assert_eq!(sky.hub(0).head(ROOM).await.unwrap(), before, "shown before it was durable");
    sky.journal().release(1);
    assert!(matches!(submitted.await.unwrap().unwrap()[0].fate, Fate::Ok { .. }));
    assert_ne!(sky.hub(0).head(ROOM).await.unwrap(), before);
}
