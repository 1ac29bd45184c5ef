//! Group commit: everything queued, written by one statement.

use std::collections::HashMap;

use proto::id::RoomId;
use tokio_postgres::{Row, types::Type};
use uuid::Uuid;

use super::{
    reader::{self, number},
    session::{Failed, Given, Session},
};
use crate::{Batch, Chain, Error, admit::Head};

/// Locks the heads of those rooms that nobody else is writing, finds which batches follow, and
/// writes those. It never waits for a lock, so one room's contention does not delay another. A
/// locked head is current, so of two batches decided on the same head one is written, whichever
/// node, connection or retry it comes from. The first entry's link is checked here, where the
/// head's full chain value is.
const WRITE: &str = "
    WITH batch AS MATERIALIZED (
        SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bytea[])
            AS batch (room, after, tag, seq, chain)
    ), entry AS MATERIALIZED (
        SELECT * FROM unnest($6::uuid[], $7::bigint[], $8::bytea[], $9::bytea[])
            AS entry (room, seq, chain, body)
    ), outcome AS MATERIALIZED (
        SELECT * FROM unnest($10::uuid[], $11::uuid[], $12::bytea[], $13::text[])
            AS outcome (room, id, body_hash, outcome)
    ), held AS MATERIALIZED (
        SELECT room, seq, chain FROM heads WHERE room = ANY ($1) FOR UPDATE SKIP LOCKED
    ), won AS MATERIALIZED (
        SELECT batch.room, batch.after, batch.seq, batch.chain
        FROM batch JOIN held ON held.room = batch.room AND held.seq = batch.after
            AND substring(held.chain FOR 8) = batch.tag
        WHERE NOT EXISTS (
            SELECT FROM entry WHERE entry.room = batch.room AND entry.seq = batch.after + 1
                AND entry.chain <> sha256(held.chain || entry.body)
        ) AND NOT EXISTS (
            SELECT FROM outcome JOIN outcomes AS kept USING (room, id) WHERE room = batch.room
        )
    ), moved AS (
        UPDATE heads SET seq = won.seq, chain = won.chain FROM won
        WHERE heads.room = won.room AND won.seq > won.after
    ), entered AS (
        INSERT INTO entries (room, seq, chain, body)
        SELECT entry.room, entry.seq, entry.chain, entry.body
        FROM entry JOIN won ON won.room = entry.room
    ), decided AS (
        INSERT INTO outcomes (room, id, body_hash, outcome)
        SELECT outcome.room, outcome.id, outcome.body_hash, outcome.outcome
        FROM outcome JOIN won ON won.room = outcome.room
    )
    SELECT heads.room, won.room IS NOT NULL, held.seq, held.chain
    FROM heads LEFT JOIN held USING (room) LEFT JOIN won USING (room) WHERE heads.room = ANY ($1)";

/// Inserts a head to lock for rooms without entries.
const BEGIN: &str = "
    INSERT INTO heads (room, seq, chain) SELECT room, 0, $2 FROM unnest($1::uuid[]) AS room
    ORDER BY room ON CONFLICT DO NOTHING";

/// The result of a room's batch.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    /// It was written.
    Written,
    /// It does not follow the room's head, which is this.
    Behind(Head),
    /// Another connection was writing the room.
    Busy,
}

/// A group as parameter arrays.
#[derive(Debug, Default)]
struct Columns<'a> {
    rooms: Vec<Uuid>,
    after: Vec<i64>,
    tags: Vec<&'a [u8]>,
    seqs: Vec<i64>,
    chains: Vec<&'a [u8]>,
    entry_rooms: Vec<Uuid>,
    entry_seqs: Vec<i64>,
    entry_chains: Vec<&'a [u8]>,
    bodies: Vec<&'a [u8]>,
    outcome_rooms: Vec<Uuid>,
    ids: Vec<Uuid>,
    body_hashes: Vec<&'a [u8]>,
    outcomes: Vec<String>,
}

/// Writes batches, one per room, with the heads that they lead to; returns each one's result. A
/// room missing from the result has no entry.
pub(super) async fn write(
    session: &Session,
    batches: &[(&Batch, &Head)],
) -> Result<HashMap<RoomId, Answer>, Failed> {
    begin(session, batches).await?;
    let mut columns = Columns::default();
    for (batch, reached) in batches {
        columns.take(batch, reached)?;
    }
    let rows = session.ask(WRITE, &columns.given()).await?;
    let answers: Result<_, Error> = rows.iter().map(read).collect();
    // The statement ran, but its result cannot be read: treated as an unknown commit.
    answers.map_err(|error| Failed::Lost(error.to_string()))
}

fn read(row: &Row) -> Result<(RoomId, Answer), Error> {
    let held: Option<i64> = reader::get(row, 2)?;
    let answer = if reader::get(row, 1)? {
        Answer::Written
    } else if held.is_some() {
        Answer::Behind(Head { seq: reader::seq(row, 2)?, chain: Chain(reader::digest(row, 3)?) })
    } else {
        Answer::Busy
    };
    Ok((RoomId(reader::get(row, 0)?), answer))
}

/// Inserts missing heads. No batch has been sent yet, so a lost connection leaves nothing in doubt.
async fn begin(session: &Session, batches: &[(&Batch, &Head)]) -> Result<(), Failed> {
    let first = batches.iter().filter(|(batch, _)| batch.after.seq.0 == 0);
    let rooms: Vec<Uuid> = first.map(|(batch, _)| batch.room.0).collect();
    if rooms.is_empty() {
        return Ok(());
    }
    let zero = Chain::default().0;
    let given: [Given<'_>; 2] = [(&rooms, Type::UUID_ARRAY), (&zero.as_slice(), Type::BYTEA)];
    match session.ask(BEGIN, &given).await {
        Ok(_) => Ok(()),
        Err(Failed::Lost(words)) => Err(Failed::Away(words)),
        Err(failed) => Err(failed),
    }
}

impl<'a> Columns<'a> {
    fn take(&mut self, batch: &'a Batch, reached: &'a Head) -> Result<(), Failed> {
        let room = batch.room.0;
        self.rooms.push(room);
        self.after.push(number(batch.after.seq));
        self.tags.push(&batch.after.tag.0);
        self.seqs.push(number(reached.seq));
        self.chains.push(&reached.chain.0);
        for entry in &batch.entries {
            self.entry_rooms.push(room);
            self.entry_seqs.push(number(entry.seq));
            self.entry_chains.push(&entry.chain.0);
            self.bodies.push(&entry.body);
        }
        for decided in &batch.outcomes {
            self.outcome_rooms.push(room);
            self.ids.push(decided.id.0);
            self.body_hashes.push(&decided.body_hash);
            let outcome = serde_json::to_string(&decided.outcome);
            self.outcomes.push(outcome.map_err(|error| Failed::Unfit(error.to_string()))?);
        }
        Ok(())
    }

    fn given(&self) -> [Given<'_>; 13] {
        [
            (&self.rooms, Type::UUID_ARRAY),
            (&self.after, Type::INT8_ARRAY),
            (&self.tags, Type::BYTEA_ARRAY),
            (&self.seqs, Type::INT8_ARRAY),
            (&self.chains, Type::BYTEA_ARRAY),
            (&self.entry_rooms, Type::UUID_ARRAY),
            (&self.entry_seqs, Type::INT8_ARRAY),
            (&self.entry_chains, Type::BYTEA_ARRAY),
            (&self.bodies, Type::BYTEA_ARRAY),
            (&self.outcome_rooms, Type::UUID_ARRAY),
            (&self.ids, Type::UUID_ARRAY),
            (&self.body_hashes, Type::BYTEA_ARRAY),
            (&self.outcomes, Type::TEXT_ARRAY),
        ]
    }
}
