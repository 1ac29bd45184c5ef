//! Verifies a whole `PostgreSQL` database beside the nodes that run on it.

use proto::id::{RoomId, Seq};
use tokio_postgres::{Row, types::Type};
use uuid::Uuid;

use super::{
    address::Address,
    reader::{self, get},
    schema,
    session::{Failed, Given, Session},
};
use crate::{
    Chain, Error,
    verify::{Fault, Place, Report},
};

/// Rows fetched at a time.
const PAGE: i64 = 1_000;

/// Verifies every entry and outcome, each room in one snapshot.
pub async fn verify(address: &Address) -> Result<Report, Fault> {
    let unreadable = |error: Error| Fault::Unreadable(error.to_string());
    let opened = Session::open(address).await;
    let mut session =
        opened.map_err(|failed| unreadable(failed.reading("opening the database")))?;
    session.be_patient().await.map_err(damaged)?;
    if !schema::recognise(&session).await.map_err(unreadable)? {
        return Err(Fault::Unreadable(format!("{address} holds no journal")));
    }
    let mut report = Report::default();
    // A room whose entries are all gone still has its head or its outcomes.
    let sql = "SELECT room FROM heads UNION SELECT room FROM entries WHERE seq = 1
        UNION SELECT DISTINCT room FROM outcomes ORDER BY room";
    for row in session.ask(sql, &[]).await.map_err(damaged)? {
        let room = RoomId(get(&row, 0).map_err(unreadable)?);
        session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map_err(damaged)?;
        verify_room(&session, room, &mut report).await?;
        session.run("COMMIT").await.map_err(damaged)?;
    }
    Ok(report)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn damaged(failed: Failed) -> Fault {
    Fault::Damaged(failed.to_string())
}

async fn verify_room(session: &Session, room: RoomId, report: &mut Report) -> Result<(), Fault> {
    let place = verify_entries(session, room).await?;
    verify_head(session, room, &place).await?;
    report.rooms += u64::from(place.seq > Seq(0));
    report.entries += place.seq.0;
    report.outcomes += verify_outcomes(session, room, &place).await?;
    Ok(())
}

async fn verify_entries(session: &Session, room: RoomId) -> Result<Place, Fault> {
    let sql = "SELECT seq, chain, body FROM entries WHERE room = $1 AND seq > $2
        ORDER BY seq LIMIT $3";
    let mut place = Place::default();
    loop {
        let from = reader::number(place.seq);
        let given: [Given<'_>; 3] =
            [(&room.0, Type::UUID), (&from, Type::INT8), (&PAGE, Type::INT8)];
        let rows = session.ask(sql, &given).await.map_err(damaged)?;
        if rows.is_empty() {
            return Ok(place);
        }
        for row in &rows {
            let fault = |what| Fault::Entry { room, seq: place.seq.next(), what };
            let unreadable = |error: Error| fault(format!("cannot be read: {error}"));
            let seq = get(row, 0).map_err(unreadable)?;
            let chain = reader::digest(row, 1).map(Chain).map_err(unreadable)?;
            let body: &[u8] = get(row, 2).map_err(unreadable)?;
            place = place.follow(room, seq, chain, body).map_err(fault)?;
        }
    }
}

/// Checks that the head, which the next batch is compared with, is that of the last entry.
async fn verify_head(session: &Session, room: RoomId, place: &Place) -> Result<(), Fault> {
    let sql = "SELECT seq, chain FROM heads WHERE room = $1";
    let rows = session.ask(sql, &[(&room.0, Type::UUID)]).await.map_err(damaged)?;
    let read = |row: &Row| Some((get::<i64>(row, 0).ok()?, reader::digest(row, 1).ok()?));
    let kept = rows.first().and_then(read);
    if kept == Some((reader::number(place.seq), place.chain.0)) {
        return Ok(());
    }
    let what = match kept {
        Some((seq, _)) => format!("is the last entry, but the room's head names entry {seq}"),
        None => "is the last entry, but the room has no head".to_owned(),
    };
    Err(Fault::Entry { room, seq: place.seq, what })
}

async fn verify_outcomes(session: &Session, room: RoomId, place: &Place) -> Result<u64, Fault> {
    let sql = "SELECT id, outcome FROM outcomes WHERE room = $1 AND id > $2 ORDER BY id LIMIT $3";
    let (mut count, mut last) = (0, Uuid::nil());
    loop {
        let given: [Given<'_>; 3] =
            [(&room.0, Type::UUID), (&last, Type::UUID), (&PAGE, Type::INT8)];
        let rows = session.ask(sql, &given).await.map_err(damaged)?;
        if rows.is_empty() {
            return Ok(count);
        }
        for row in &rows {
            let unreadable = |error: Error| Fault::Damaged(error.to_string());
            last = get(row, 0).map_err(unreadable)?;
            place.judge(room, last, get(row, 1).map_err(unreadable)?)?;
            count += 1;
        }
    }
}
