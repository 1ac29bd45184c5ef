//! What storms have found, each as a small day of its own.

use std::sync::Arc;

use proof::faulty::Fault;
use proto::{limit::MAILBOX_MAX, outcome::Fate, role::Audience};

use crate::hub_storm::{ROOM, Sky, line, sky};

/// Submits one command by one member, and lets it reach the room.
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

/// P-53, I-5: two devices send one command while another is being written; then the disk is full. Neither
/// may hear that it happened.
#[tokio::test]
async fn a_command_sent_by_two_at_once_is_not_promised_to_either_while_the_disk_is_full() {
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

/// P-44, I-8: and when the disk takes it, both hear of the same entry.
#[tokio::test]
async fn a_command_sent_by_two_at_once_is_in_one_entry() {
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

/// I-29: while all screens come back and ask where they stand, what somebody does is not turned away.
#[tokio::test]
async fn a_command_is_taken_while_very_many_ask() {
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
    // One thread runs them all: after a turn each has asked, or waits for room to ask.
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

/// P-43, I-4, I-5: nothing is told and nothing shown before the commit has returned.
#[tokio::test]
async fn an_outcome_waits_for_the_commit() {
    let sky = sky(1).await;
    let before = sky.hub(0).head(ROOM).await.unwrap();
    sky.journal().hold();
    let submitted = submits(&sky, 0, 0).await;
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert!(!submitted.is_finished(), "told before it was durable");
    assert_eq!(sky.hub(0).head(ROOM).await.unwrap(), before, "shown before it was durable");
    sky.journal().release(1);
    assert!(matches!(submitted.await.unwrap().unwrap()[0].fate, Fate::Ok { .. }));
    assert_ne!(sky.hub(0).head(ROOM).await.unwrap(), before);
}
