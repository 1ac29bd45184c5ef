//! Inserts records, a page at a time.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use super::writing;
use crate::{
    postgres::{
        reader::number,
        session::{Given, Session},
    },
    whole::{Check, Failed, Record},
};

/// A multi-row insert: one array parameter for each column.
struct Table {
    sql: &'static str,
    columns: &'static [Type],
}

const IDS: Type = Type::UUID_ARRAY;
const NUMBERS: Type = Type::INT8_ARRAY;
const BYTES: Type = Type::BYTEA_ARRAY;
const TEXTS: Type = Type::TEXT_ARRAY;
const FLAGS: Type = Type::BOOL_ARRAY;

const ENTRIES: Table = Table {
    sql: "INSERT INTO entries (room, seq, chain, body) SELECT * FROM unnest($1, $2, $3, $4)",
    columns: &[IDS, NUMBERS, BYTES, BYTES],
};
const OUTCOMES: Table = Table {
    sql: "INSERT INTO outcomes (room, id, body_hash, outcome) SELECT * FROM unnest($1, $2, $3, $4)",
    columns: &[IDS, IDS, BYTES, TEXTS],
};
const INVITES: Table = Table {
    sql: "INSERT INTO invites (secret_hash, room, pass, uses_left, expires)
        SELECT * FROM unnest($1, $2, $3, $4, $5)",
    columns: &[BYTES, IDS, TEXTS, NUMBERS, NUMBERS],
};
const LOGINS: Table = Table {
    sql: "INSERT INTO logins (device, token_hash, room, pass, created, expires, revoked)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)",
    columns: &[IDS, BYTES, IDS, TEXTS, NUMBERS, NUMBERS, FLAGS],
};
/// Numbered in stream order, so that the oldest stays the oldest.
const ACCESSES: Table = Table {
    sql: "INSERT INTO accesses (at, room, person, member, device, what)
        SELECT at, room, person, member, device, what
        FROM unnest($1, $2, $3, $4, $5, $6)
            WITH ORDINALITY AS access (at, room, person, member, device, what, place)
        ORDER BY place",
    columns: &[NUMBERS, IDS, IDS, IDS, IDS, TEXTS],
};
const SHELF: Table = Table {
    sql: "INSERT INTO shelf (shelf, key, body, at) SELECT * FROM unnest($1, $2, $3, $4)",
    columns: &[TEXTS, BYTES, BYTES, NUMBERS],
};
const HEADS: Table = Table {
    sql: "INSERT INTO heads (room, seq, chain) SELECT * FROM unnest($1, $2, $3)",
    columns: &[IDS, NUMBERS, BYTES],
};

/// Heads inserted at once.
const HEADS_AT_ONCE: usize = 1_000;

/// The value of one column in one row.
#[derive(Debug)]
enum Cell<'a> {
    Id(Uuid),
    Number(Option<i64>),
    Bytes(&'a [u8]),
    Text(&'a str),
    Flag(bool),
}

impl ToSql for Cell<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Id(id) => id.to_sql(kind, out),
            Self::Number(number) => number.to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Flag(flag) => flag.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::UUID, Type::INT8, Type::BYTEA, Type::TEXT, Type::BOOL].contains(kind)
    }

    to_sql_checked!();
}

/// Inserts a page: one statement for each run of records of one kind.
pub(super) async fn page(session: &Session, page: &[Record]) -> Result<(), Failed> {
    for alike in page.chunk_by(|one, next| table(one).sql == table(next).sql) {
        let Some(first) = alike.first() else { continue };
        put(session, &table(first), alike.iter().map(row)).await?;
    }
    Ok(())
}

/// Inserts every room's head, taken from its last entry.
pub(super) async fn heads(session: &Session, check: &Check) -> Result<(), Failed> {
    let heads: Vec<_> = check.heads().collect();
    for some in heads.chunks(HEADS_AT_ONCE) {
        let rows = some.iter().map(|(room, seq, chain)| {
            vec![Cell::Id(room.0), Cell::Number(Some(number(*seq))), Cell::Bytes(&chain.0)]
        });
        put(session, &HEADS, rows).await?;
    }
    Ok(())
}

/// Returns a record's table; the end record has none.
fn table(record: &Record) -> Table {
    match record {
        Record::Entry { .. } => ENTRIES,
        Record::Outcome { .. } => OUTCOMES,
        Record::Invite { .. } => INVITES,
        Record::Login { .. } => LOGINS,
        Record::Access { .. } => ACCESSES,
        Record::Document { .. } => SHELF,
        Record::End(_) => Table { sql: "", columns: &[] },
    }
}

fn row(record: &Record) -> Vec<Cell<'_>> {
    use Cell::{Bytes, Flag, Id, Text};
    let count = |number| Cell::Number(Some(number));
    match record {
        Record::Entry { room, seq, chain, body } => {
            vec![Id(room.0), count(number(*seq)), Bytes(chain), Bytes(body.as_bytes())]
        }
        Record::Outcome { room, id, body_hash, outcome } => {
            vec![Id(room.0), Id(id.0), Bytes(body_hash), Text(outcome)]
        }
        Record::Invite { secret_hash, room, pass, uses_left, expires } => {
            let uses = Cell::Number(uses_left.map(i64::from));
            vec![Bytes(secret_hash), Id(room.0), Text(pass), uses, count(expires.0)]
        }
        Record::Login { device, token_hash, room, pass, created, expires, revoked } => vec![
            Id(device.0),
            Bytes(token_hash),
            Id(room.0),
            Text(pass),
            count(created.0),
            count(expires.0),
            Flag(*revoked),
        ],
        Record::Access { at, room, person, member, device, what } => {
            vec![count(at.0), Id(room.0), Id(person.0), Id(member.0), Id(device.0), Text(what)]
        }
        Record::Document { shelf, key, body, at } => {
            vec![Text(shelf), Bytes(key.as_bytes()), Bytes(body), count(at.0)]
        }
        Record::End(_) => Vec::new(),
    }
}

async fn put<'a>(
    session: &Session,
    table: &Table,
    rows: impl Iterator<Item = Vec<Cell<'a>>>,
) -> Result<(), Failed> {
    if table.columns.is_empty() {
        return Ok(());
    }
    let mut columns: Vec<Vec<Cell<'a>>> = table.columns.iter().map(|_| Vec::new()).collect();
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            column.push(cell);
        }
    }
    let given: Vec<Given<'_>> = columns
        .iter()
        .zip(table.columns)
        .map(|(column, kind)| {
            let column: &(dyn ToSql + Sync) = column;
            (column, kind.clone())
        })
        .collect();
    session.ask(table.sql, &given).await.map_err(writing)?;
    Ok(())
}
