//! The journal folded and projected without a node: the state that every screen must reach.

use std::collections::BTreeMap;

use journal::{Chain, Journal, Stored};
use proto::{
    entry::Entry,
    id::{Cursor, RoomId, Seq},
    key::Key,
    role::Audience,
    row::{Put, Row},
};
use room::Room;

/// The rows that a screen holds.
pub type Rows = BTreeMap<Key, Row>;

/// Returns every entry of a room.
pub async fn entries(journal: &dyn Journal, room: RoomId) -> Vec<Stored> {
    journal.read(room, Seq(1), usize::MAX).await.unwrap()
}

/// Returns a room folded from its entries, each checked against the chain (I-1, I-3).
pub fn fold(entries: &[Stored]) -> (Room, Vec<Entry>, Vec<Cursor>) {
    let (mut room, mut chain) = (Room::default(), Chain::default());
    let (mut read, mut cursors) = (Vec::new(), Vec::new());
    for (stored, seq) in entries.iter().zip(1..) {
        let entry = Entry::from_bytes(&stored.body).unwrap();
        chain = chain.link(&stored.body);
        assert_eq!((entry.seq, stored.seq), (Seq(seq), Seq(seq)), "entries are dense");
        assert_eq!(stored.chain, chain, "entry {seq} is chained");
        assert_eq!(entry.to_bytes().unwrap(), &*stored.body, "entry {seq} is canonical");
        room.apply(&entry);
        cursors.push(Cursor { seq: entry.seq, tag: chain.tag() });
        read.push(entry);
    }
    (room, read, cursors)
}

/// Returns every row that an audience holds of a room.
pub fn rows(room: &Room, audience: Audience) -> Rows {
    let keys = room.keys(audience).into_iter();
    keys.filter_map(|key| room.row(audience, key).map(|row| (key, row))).collect()
}

/// Returns rows as a screen keeps them.
pub fn kept(put: Vec<Put>) -> Rows {
    put.into_iter().map(|put| (put.key, put.row)).collect()
}
