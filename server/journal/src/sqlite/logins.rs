//! The registry's tables: invites, logins, card readings, and the shelf.

use async_trait::async_trait;
use proto::id::{DeviceId, MemberId, PersonId, RoomId, Time};
use rusqlite::{Connection, OptionalExtension, Row, params, types::Type};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Sqlite,
    group::{self, Done, Job},
    reader::Failed,
    schema,
};
use crate::{
    Count, Error, Kept, Shelf,
    registry::{Access, Invite, Login, Pass, RedeemError, Redemption, Registry},
};

/// A change of the registry.
#[derive(Debug)]
pub(super) enum Change {
    /// Store an invite.
    Invite(Invite),
    /// Redeem an invite.
    Redeem(Redemption),
    /// Extend a login.
    Extend(DeviceId, Time),
    /// Revoke a login.
    Revoke(DeviceId),
    /// Record a card reading.
    Access(Access),
    /// Store a document.
    Keep(Shelf, String, Vec<u8>, Time),
    /// Increment a counter.
    Count(String, Time, i64),
    /// Delete a document.
    Discard(Shelf, String),
}

/// Writes a change into the open transaction.
pub(super) fn write(connection: &Connection, change: &Change) -> rusqlite::Result<Done> {
    match change {
        Change::Invite(invite) => make_invite(connection, invite),
        Change::Redeem(asked) => redeem(connection, asked).map(Box::new).map(Done::Redeemed),
        Change::Extend(device, expires) => {
            let sql =
                "UPDATE logins SET expires = max(expires, ?2) WHERE device = ?1 AND revoked = 0";
            let changed =
                connection.prepare_cached(sql)?.execute(params![id(device), expires.0])?;
            Ok(Done::Found(changed > 0))
        }
        Change::Revoke(device) => {
            let sql = "UPDATE logins SET revoked = 1 WHERE device = ?1";
            let changed = connection.prepare_cached(sql)?.execute(params![id(device)])?;
            Ok(Done::Found(changed > 0))
        }
        Change::Access(access) => record_access(connection, access),
        Change::Keep(shelf, key, body, at) => keep(connection, *shelf, key, body, *at),
        Change::Count(what, now, window_ms) => count(connection, what, *now, *window_ms),
        Change::Discard(shelf, key) => {
            let sql = "DELETE FROM shelf WHERE shelf = ?1 AND key = ?2";
            let gone = connection.prepare_cached(sql)?.execute(params![shelf.word(), key])?;
            Ok(Done::Found(gone > 0))
        }
    }
}

fn keep(
    connection: &Connection,
    shelf: Shelf,
    key: &str,
    body: &[u8],
    at: Time,
) -> rusqlite::Result<Done> {
    let sql = "INSERT OR REPLACE INTO shelf (shelf, key, body, at) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(sql)?.execute(params![shelf.word(), key, body, at.0])?;
    Ok(Done::Kept)
}

/// Increments a counter; there is no other writer.
fn count(connection: &Connection, what: &str, now: Time, window_ms: i64) -> rusqlite::Result<Done> {
    let sql = "SELECT body FROM shelf WHERE shelf = ?1 AND key = ?2";
    let mut find = connection.prepare_cached(sql)?;
    let found = find.query_row(params![Shelf::Count.word(), what], |row| row.get::<_, Vec<u8>>(0));
    let before = found.optional()?.and_then(|body| serde_json::from_slice(&body).ok());
    let count = Count::after_one_more(before, now, window_ms);
    keep(connection, Shelf::Count, what, to_json(&count)?.as_ref(), now)?;
    Ok(Done::Counted(count))
}

fn id(device: &DeviceId) -> [u8; 16] {
    device.0.into_bytes()
}

fn make_invite(connection: &Connection, invite: &Invite) -> rusqlite::Result<Done> {
    let sql = "INSERT INTO invites (secret_hash, room, pass, uses_left, expires)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute(params![
        invite.secret_hash,
        schema::blob(invite.room),
        to_json(&Pass::of(invite))?,
        invite.uses_left,
        invite.expires.0
    ])?;
    Ok(Done::Kept)
}

fn redeem(
    connection: &Connection,
    asked: &Redemption,
) -> rusqlite::Result<Result<Login, RedeemError>> {
    let sql =
        "SELECT secret_hash, room, pass, uses_left, expires FROM invites WHERE secret_hash = ?1";
    let mut find = connection.prepare_cached(sql)?;
    let Some(invite) = find.query_row(params![asked.secret_hash], invite).optional()? else {
        return Ok(Err(RedeemError::Unknown));
    };
    let (login, uses_left) = match invite.redeem(asked) {
        Ok(redeemed) => redeemed,
        Err(refused) => return Ok(Err(refused)),
    };
    connection
        .prepare_cached("UPDATE invites SET uses_left = ?2 WHERE secret_hash = ?1")?
        .execute(params![asked.secret_hash, uses_left])?;
    keep_login(connection, &login)?;
    Ok(Ok(login))
}

fn keep_login(connection: &Connection, login: &Login) -> rusqlite::Result<()> {
    let pass = Pass {
        audience: login.audience,
        ceiling: login.ceiling,
        member: login.member,
        profile: login.profile.clone(),
    };
    let sql = "INSERT INTO logins (device, token_hash, room, pass, created, expires, revoked)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)";
    connection.prepare_cached(sql)?.execute(params![
        id(&login.device),
        login.token_hash,
        schema::blob(login.room),
        to_json(&pass)?,
        login.created.0,
        login.expires.0
    ])?;
    Ok(())
}

fn record_access(connection: &Connection, access: &Access) -> rusqlite::Result<Done> {
    let sql = "INSERT INTO accesses (at, room, person, member, device, what)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    connection.prepare_cached(sql)?.execute(params![
        access.at.0,
        schema::blob(access.room),
        access.person.0.into_bytes(),
        access.member.0.into_bytes(),
        id(&access.device),
        to_json(&access.what)?
    ])?;
    Ok(Done::Kept)
}

fn invite(row: &Row<'_>) -> rusqlite::Result<Invite> {
    let pass: Pass = from_json(row, 2)?;
    Ok(Invite {
        secret_hash: row.get(0)?,
        room: RoomId(schema::uuid(row, 1)?),
        audience: pass.audience,
        ceiling: pass.ceiling,
        profile: pass.profile,
        member: pass.member,
        uses_left: row.get(3)?,
        expires: Time(row.get(4)?),
    })
}

const LOGIN: &str = "SELECT device, token_hash, room, pass, created, expires, revoked FROM logins";

fn login(row: &Row<'_>) -> rusqlite::Result<Login> {
    let pass: Pass = from_json(row, 3)?;
    Ok(Login {
        device: DeviceId(schema::uuid(row, 0)?),
        token_hash: row.get(1)?,
        room: RoomId(schema::uuid(row, 2)?),
        audience: pass.audience,
        ceiling: pass.ceiling,
        member: pass.member,
        profile: pass.profile,
        created: Time(row.get(4)?),
        expires: Time(row.get(5)?),
        revoked: row.get(6)?,
    })
}

fn access(row: &Row<'_>) -> rusqlite::Result<Access> {
    Ok(Access {
        at: Time(row.get(0)?),
        room: RoomId(schema::uuid(row, 1)?),
        person: PersonId(schema::uuid(row, 2)?),
        member: MemberId(schema::uuid(row, 3)?),
        device: DeviceId(schema::uuid(row, 4)?),
        what: from_json(row, 5)?,
    })
}

fn find_login(reader: &Connection, token_hash: [u8; 32]) -> Result<Option<Login>, Failed> {
    let sql = format!("{LOGIN} WHERE token_hash = ?1");
    Ok(reader.prepare_cached(&sql)?.query_row(params![token_hash], login).optional()?)
}

fn logins_of(reader: &Connection, room: RoomId) -> Result<Vec<Login>, Failed> {
    let mut statement =
        reader.prepare_cached(&format!("{LOGIN} WHERE room = ?1 ORDER BY device"))?;
    let rows = statement.query_map(params![schema::blob(room)], login)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn accesses_of(reader: &Connection, room: RoomId, person: PersonId) -> Result<Vec<Access>, Failed> {
    let sql = "SELECT at, room, person, member, device, what FROM accesses
        WHERE room = ?1 AND person = ?2 ORDER BY number";
    let mut statement = reader.prepare_cached(sql)?;
    let wanted = params![schema::blob(room), person.0.into_bytes()];
    let rows = statement.query_map(wanted, access)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn document(reader: &Connection, shelf: Shelf, key: &str) -> Result<Option<Kept>, Failed> {
    let sql = "SELECT body, at FROM shelf WHERE shelf = ?1 AND key = ?2";
    let kept = |row: &Row<'_>| Ok(Kept { body: row.get(0)?, at: Time(row.get(1)?) });
    Ok(reader.prepare_cached(sql)?.query_row(params![shelf.word(), key], kept).optional()?)
}

fn to_json<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
    })
}

impl Sqlite {
    async fn change(&self, change: Change) -> Result<Done, Error> {
        self.writer.submit(Job::Change(change)).await
    }

    async fn change_if_there(&self, change: Change) -> Result<bool, Error> {
        match self.change(change).await? {
            Done::Found(found) => Ok(found),
            Done::Head(_) | Done::Kept | Done::Redeemed(_) | Done::Counted(_) => {
                Err(group::mixed_up())
            }
        }
    }
}

/// Returns those devices without a live login.
fn ended_of(reader: &Connection, devices: &[DeviceId], now: Time) -> Result<Vec<DeviceId>, Failed> {
    let sql = "SELECT 1 FROM logins WHERE device = ?1 AND revoked = 0 AND expires > ?2";
    let mut find = reader.prepare_cached(sql)?;
    let mut ended = Vec::new();
    for device in devices {
        if !find.exists(params![id(device), now.0])? {
            ended.push(*device);
        }
    }
    Ok(ended)
}

#[async_trait]
impl Registry for Sqlite {
    async fn make_invite(&self, invite: Invite) -> Result<(), Error> {
        self.change(Change::Invite(invite)).await.map(drop)
    }

    async fn redeem(&self, asked: Redemption) -> Result<Result<Login, RedeemError>, Error> {
        match self.change(Change::Redeem(asked)).await? {
            Done::Redeemed(redeemed) => Ok(*redeemed),
            Done::Head(_) | Done::Kept | Done::Found(_) | Done::Counted(_) => {
                Err(group::mixed_up())
            }
        }
    }

    async fn login_by_token(
        &self,
        token_hash: [u8; 32],
        now: Time,
    ) -> Result<Option<Login>, Error> {
        let query = move |reader: &_| find_login(reader, token_hash);
        let found = self.readers.run("looking up a login", query).await?;
        Ok(found.filter(|login| login.is_live(now)))
    }

    async fn extend(&self, device: DeviceId, expires: Time) -> Result<bool, Error> {
        self.change_if_there(Change::Extend(device, expires)).await
    }

    async fn revoke(&self, device: DeviceId) -> Result<bool, Error> {
        self.change_if_there(Change::Revoke(device)).await
    }

    async fn ended(&self, devices: &[DeviceId], now: Time) -> Result<Vec<DeviceId>, Error> {
        let devices = devices.to_vec();
        let query = move |reader: &_| ended_of(reader, &devices, now);
        self.readers.run("checking the logins of open sockets", query).await
    }

    async fn logins(&self, room: RoomId) -> Result<Vec<Login>, Error> {
        self.readers.run("reading the logins", move |reader| logins_of(reader, room)).await
    }

    async fn record_access(&self, access: Access) -> Result<(), Error> {
        self.change(Change::Access(access)).await.map(drop)
    }

    async fn accesses(&self, room: RoomId, person: PersonId) -> Result<Vec<Access>, Error> {
        let query = move |reader: &_| accesses_of(reader, room, person);
        self.readers.run("reading the access record", query).await
    }

    async fn keep(&self, shelf: Shelf, key: &str, body: Vec<u8>, now: Time) -> Result<(), Error> {
        self.change(Change::Keep(shelf, key.to_owned(), body, now)).await.map(drop)
    }

    async fn kept(&self, shelf: Shelf, key: &str) -> Result<Option<Kept>, Error> {
        let key = key.to_owned();
        let query = move |reader: &_| document(reader, shelf, &key);
        self.readers.run("reading the shelf", query).await
    }

    async fn count(&self, what: &str, now: Time, window_ms: i64) -> Result<Count, Error> {
        match self.change(Change::Count(what.to_owned(), now, window_ms)).await? {
            Done::Counted(count) => Ok(count),
            Done::Head(_) | Done::Kept | Done::Found(_) | Done::Redeemed(_) => {
                Err(group::mixed_up())
            }
        }
    }

    async fn discard(&self, shelf: Shelf, key: &str) -> Result<bool, Error> {
        self.change_if_there(Change::Discard(shelf, key.to_owned())).await
    }
}
