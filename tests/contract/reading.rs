//! Reading: I-2 immutable.

use std::sync::Arc;

use proto::id::Seq;

use crate::{history::History, stores::Store};

/// I-2.
pub async fn an_entry_is_immutable(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    let first = history.write(5, "first");
    store.append(first.clone()).await.unwrap();
    assert_eq!(store.read(history.room, Seq(1), 5).await.unwrap(), first.entries);
    store.append(history.write(30, "later")).await.unwrap();
    store.append(History::of(1).write(5, "forged")).await.unwrap_err();
    assert_eq!(store.read(history.room, Seq(1), 5).await.unwrap(), first.entries);
}

/// A read is bounded by its caller.
pub async fn a_read_is_bounded_by_its_range_and_limit(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    let entries = history.write(10, "").entries;
    let mut again = History::of(1);
    store.append(again.write(10, "")).await.unwrap();
    store.append(History::of(2).write(3, "")).await.unwrap();
    let read = async |from, limit| store.read(history.room, Seq(from), limit).await.unwrap();
    assert_eq!(read(1, 4).await, entries[..4]);
    assert_eq!(read(0, 4).await, entries[..4]);
    assert_eq!(read(4, 4).await, entries[3..7]);
    assert_eq!(read(9, 4).await, entries[8..]);
    assert_eq!(read(11, 4).await, []);
    assert_eq!(read(5000, 4).await, []);
    assert_eq!(read(1, 0).await, []);
    assert_eq!(store.read(History::of(3).room, Seq(1), 4).await.unwrap(), []);
}

/// I-15: the entries alone are enough to continue.
pub async fn a_history_continues_from_its_entries_alone(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    store.append(history.write(7, "")).await.unwrap();
    let read = store.read(history.room, Seq(1), 100).await.unwrap();
    let mut resumed = History::after(history.room, read.last());
    assert_eq!(resumed.head(), history.head());
    assert_eq!(store.append(resumed.write(1, "on")).await.unwrap(), resumed.head());
}

/// A room exists from its entry 1 on.
pub async fn a_room_exists_by_its_first_entry(store: Arc<dyn Store>) {
    assert_eq!(store.rooms().await.unwrap(), []);
    assert!(store.writable());
    for room in [3, 1, 2] {
        let mut history = History::of(room);
        assert_eq!(store.head(history.room).await.unwrap(), None);
        store.append(history.write(2, "")).await.unwrap();
    }
    let rooms: Vec<_> = [1, 2, 3].map(|room| History::of(room).room).to_vec();
    assert_eq!(store.rooms().await.unwrap(), rooms);
}

/// The query that a node runs every second for all its open rooms.
pub async fn the_heads_of_many_rooms_are_read_in_one_query(store: Arc<dyn Store>) {
    let (mut one, mut two) = (History::of(1), History::of(2));
    store.append(one.write(3, "")).await.unwrap();
    store.append(two.write(1, "")).await.unwrap();
    assert_eq!(store.heads(&[]).await.unwrap(), []);
    let asked = [two.room, History::of(3).room, one.room];
    let mut heads = store.heads(&asked).await.unwrap();
    heads.sort_unstable_by_key(|(room, _)| *room);
    assert_eq!(heads, [(one.room, one.head()), (two.room, two.head())]);
}
