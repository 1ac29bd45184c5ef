//! Appending: I-1 dense, I-3 log matching, I-6 atomic, I-12 one order.

use std::sync::Arc;

use futures_util::future::join_all;
use journal::{Chain, Error};
use proto::id::{Cursor, Seq};

use crate::{
    history::{History, accepted},
    stores::Store,
};

/// I-1.
pub async fn entries_are_numbered_from_1_without_a_gap(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    for entries in [1, 3, 1, 20] {
        let head = store.append(history.write(entries, "")).await.unwrap();
        assert_eq!(head, history.head());
        assert_eq!(store.head(history.room).await.unwrap(), Some(head));
    }
    let read = store.read(history.room, Seq(1), 100).await.unwrap();
    let numbers: Vec<u64> = read.iter().map(|entry| entry.seq.0).collect();
    assert_eq!(numbers, (1..=25).collect::<Vec<_>>());
    read.iter().fold(Chain::default(), |before, entry| {
        assert_eq!(
            before.link(&entry.body),
            entry.chain,
            "I-3: each entry is linked to all before it"
        );
        entry.chain
    });
}

/// I-1: a node that decided on a stale head decides again.
pub async fn a_batch_decided_on_a_stale_head_conflicts_with_the_current_one(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    let mut late = history.clone();
    let fresh = History::of(2);
    store.append(history.write(2, "first")).await.unwrap();
    let conflict = store.append(late.write(1, "late")).await.unwrap_err();
    assert!(matches!(conflict, Error::Conflict(head) if head == history.head()), "{conflict}");
    let empty = store.append(late.nothing()).await.unwrap_err();
    assert!(matches!(empty, Error::Conflict(head) if head == history.head()), "{empty}");

    let mut ahead = fresh.clone();
    ahead.write(5, "");
    let ahead = store.append(ahead.write(1, "")).await.unwrap_err();
    assert!(matches!(ahead, Error::Conflict(head) if head == Cursor::default()), "{ahead}");
    assert_eq!(store.read(history.room, Seq(1), 10).await.unwrap().len(), 2);
    assert_eq!(store.head(fresh.room).await.unwrap(), None);
}

/// I-3, I-32: the same number alone does not prove the same history.
pub async fn a_batch_of_another_history_conflicts_even_at_the_same_number(store: Arc<dyn Store>) {
    let mut ours = History::of(1);
    let mut other = ours.clone();
    store.append(ours.write(3, "ours")).await.unwrap();
    other.write(3, "lost in a restore");
    assert_eq!(other.head().seq, ours.head().seq);
    let conflict = store.append(other.write(1, "")).await.unwrap_err();
    assert!(matches!(conflict, Error::Conflict(head) if head == ours.head()), "{conflict}");
}

/// I-1, I-12.
pub async fn of_many_writers_on_one_head_one_wins(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    for round in 0..5 {
        let writers = (0..40).map(|writer| {
            let (store, mut own) = (Arc::clone(&store), history.clone());
            tokio::spawn(async move {
                let batch = own.write(1, &format!("{round} {writer}"));
                (store.append(batch).await, own)
            })
        });
        let mut winners = Vec::new();
        for ended in join_all(writers).await {
            match ended.unwrap() {
                (Ok(_), own) => winners.push(own),
                (Err(error), _) => assert!(matches!(error, Error::Conflict(_)), "{error}"),
            }
        }
        assert_eq!(winners.len(), 1);
        history = winners.remove(0);
    }
    assert_eq!(store.head(history.room).await.unwrap(), Some(history.head()));
    assert_eq!(store.read(history.room, Seq(1), 100).await.unwrap().len(), 5);
}

/// I-1, I-3.
pub async fn a_batch_with_a_gap_or_a_broken_chain_writes_nothing(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    store.append(history.write(1, "")).await.unwrap();
    let good = history.clone().write(3, "");
    let mut gap = good.clone();
    gap.entries.remove(1);
    let mut doubled = good.clone();
    doubled.entries[1] = doubled.entries[0].clone();
    let mut torn = good.clone();
    torn.entries[2].body = br#"{"altered":true}"#.as_slice().into();
    for bad in [gap, doubled, torn] {
        let error = store.append(bad).await.unwrap_err();
        assert!(matches!(error, Error::Broken(_)), "{error}");
    }
    assert_eq!(store.head(history.room).await.unwrap(), Some(history.head()));
    store.append(good).await.unwrap();
}

/// I-6.
pub async fn a_batch_is_atomic(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    let first = history.write(1, "");
    let taken = first.outcomes[0].id;
    store.append(first).await.unwrap();
    let mut batch = history.clone().write(4, "");
    let others: Vec<_> = batch.outcomes.iter().map(|decided| decided.id).collect();
    batch.outcomes.push(accepted(taken, Seq(2)));
    let error = store.append(batch).await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error}");
    assert_eq!(store.head(history.room).await.unwrap(), Some(history.head()));
    assert_eq!(store.read(history.room, Seq(2), 10).await.unwrap(), []);
    assert_eq!(store.outcomes(history.room, &others).await.unwrap(), []);
    store.append(history.write(4, "again")).await.unwrap();
}

/// I-11: one room's conflict or broken batch does not affect other rooms in the same commit.
pub async fn a_refused_batch_does_not_affect_others_in_its_commit(store: Arc<dyn Store>) {
    let mut first = History::of(1);
    let begun = first.write(1, "");
    let taken = begun.outcomes[0].id;
    store.append(begun).await.unwrap();
    let writers = (0..60_u32).map(|n| {
        let (store, old, first) = (Arc::clone(&store), History::of(1), first.clone());
        tokio::spawn(async move {
            match n % 3 {
                0 => drop(store.append(old.clone().write(1, "old")).await.unwrap_err()),
                1 => {
                    let mut broken = first.nothing();
                    broken.outcomes.push(accepted(taken, Seq(1)));
                    let error = store.append(broken).await.unwrap_err();
                    assert!(matches!(error, Error::Conflict(_)), "{error}");
                }
                _ => {
                    let mut own = History::of(u128::from(n) + 100);
                    assert_eq!(store.append(own.write(2, "")).await.unwrap(), own.head());
                }
            }
        })
    });
    join_all(writers).await.into_iter().for_each(Result::unwrap);
    assert_eq!(store.rooms().await.unwrap().len(), 21);
    assert_eq!(store.head(first.room).await.unwrap(), Some(first.head()));
}

/// I-1, I-12.
pub async fn concurrent_writes_to_many_rooms_keep_each_dense(store: Arc<dyn Store>) {
    let rooms = (1..=8).map(|room| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let mut history = History::of(room);
            for entries in 1..=15 {
                let head = store.append(history.write(entries % 4, "")).await.unwrap();
                assert_eq!(head, history.head());
            }
            history
        })
    });
    for history in join_all(rooms).await {
        let history = history.unwrap();
        let read = store.read(history.room, Seq(1), 1000).await.unwrap();
        let numbers: Vec<u64> = read.iter().map(|entry| entry.seq.0).collect();
        assert_eq!(numbers, (1..=history.head().seq.0).collect::<Vec<_>>());
    }
}
