//! The registry's tables: invites, logins, card readings, and the shelf. Each change is one
//! statement.

use async_trait::async_trait;
use proto::id::{DeviceId, PersonId, RoomId, Time};
use serde::{Serialize, de::DeserializeOwned};
use tokio_postgres::{Row, error::SqlState, types::Type};
use uuid::Uuid;

use super::{
    Postgres,
    reader::{digest, get},
    session::{Failed, Given},
};
use crate::{
    Count, Error, Kept, Shelf,
    registry::{Access, Invite, Login, Pass, RedeemError, Redemption, Registry},
};

const LOGIN: &str = "SELECT device, token_hash, room, pass, created, expires, revoked FROM logins";

/// Increments a counter, or starts it again when its window has ended. The row is locked from the
/// first conflict on.
const COUNT: &str = "
    INSERT INTO shelf AS kept (shelf, key, body, at)
    VALUES ($1, $2, convert_to(json_build_object('times', 1, 'until', $4::bigint)::text, 'UTF8'), $3)
    ON CONFLICT (shelf, key) DO UPDATE SET at = excluded.at, body =
        CASE WHEN (convert_from(kept.body, 'UTF8')::json ->> 'until')::bigint > $3::bigint
        THEN convert_to(json_build_object(
            'times', (convert_from(kept.body, 'UTF8')::json ->> 'times')::bigint + 1,
            'until', (convert_from(kept.body, 'UTF8')::json ->> 'until')::bigint
        )::text, 'UTF8')
        ELSE excluded.body END
    RETURNING body";

/// Takes a use from the invite and inserts the login, both or neither.
const REDEEM: &str = "
    WITH opened AS (
        UPDATE invites SET uses_left = uses_left - 1
        WHERE secret_hash = $1 AND expires > $2 AND (uses_left IS NULL OR uses_left > 0)
        RETURNING room, pass
    )
    INSERT INTO logins (device, token_hash, room, pass, created, expires, revoked)
    SELECT $3, $4, room, pass, $2, $5, false FROM opened
    RETURNING device, token_hash, room, pass, created, expires, revoked";

fn invite(row: &Row) -> Result<Invite, Error> {
    let pass: Pass = from_json(row, 2)?;
    let uses: Option<i64> = get(row, 3)?;
    let wrong = |_| Error::Broken("the database holds an invalid invite".to_owned());
    Ok(Invite {
        secret_hash: digest(row, 0)?,
        room: RoomId(get(row, 1)?),
        audience: pass.audience,
        ceiling: pass.ceiling,
        profile: pass.profile,
        member: pass.member,
        uses_left: uses.map(u32::try_from).transpose().map_err(wrong)?,
        expires: Time(get(row, 4)?),
    })
}

fn login(row: &Row) -> Result<Login, Error> {
    let pass: Pass = from_json(row, 3)?;
    Ok(Login {
        device: DeviceId(get(row, 0)?),
        token_hash: digest(row, 1)?,
        room: RoomId(get(row, 2)?),
        audience: pass.audience,
        ceiling: pass.ceiling,
        member: pass.member,
        profile: pass.profile,
        created: Time(get(row, 4)?),
        expires: Time(get(row, 5)?),
        revoked: get(row, 6)?,
    })
}

fn access(row: &Row) -> Result<Access, Error> {
    Ok(Access {
        at: Time(get(row, 0)?),
        room: RoomId(get(row, 1)?),
        person: PersonId(get(row, 2)?),
        member: proto::id::MemberId(get(row, 3)?),
        device: DeviceId(get(row, 4)?),
        what: from_json(row, 5)?,
    })
}

fn to_json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value)
        .map_err(|error| Error::Broken(format!("cannot serialize a value: {error}")))
}

fn from_json<T: DeserializeOwned>(row: &Row, column: usize) -> Result<T, Error> {
    let text: &str = get(row, column)?;
    serde_json::from_str(text).map_err(|error| Error::Read {
        attempt: "reading what the database answered",
        source: error.into(),
    })
}

impl Postgres {
    /// Runs a change once: after a lost connection it may have committed, and the caller gets that
    /// error.
    async fn change(
        &self,
        attempt: &'static str,
        sql: &str,
        given: &[Given<'_>],
    ) -> Result<Vec<Row>, Error> {
        self.pool.ask(sql, given).await.map_err(|failed| failed.writing(attempt))
    }

    /// Runs an idempotent change. Returns whether it matched a row.
    async fn settle(
        &self,
        attempt: &'static str,
        sql: &str,
        given: &[Given<'_>],
    ) -> Result<bool, Error> {
        let rows = self.pool.ask_again(sql, given).await;
        rows.map(|rows| !rows.is_empty()).map_err(|failed| failed.writing(attempt))
    }

    /// Returns why an invite cannot be redeemed. One whose last use was taken meanwhile is used.
    async fn why_not(&self, asked: &Redemption) -> Result<RedeemError, Error> {
        let sql = "SELECT secret_hash, room, pass, uses_left, expires FROM invites
            WHERE secret_hash = $1";
        let secret = asked.secret_hash.as_slice();
        let rows = self.pool.read("reading an invite", sql, &[(&secret, Type::BYTEA)]).await?;
        let Some(row) = rows.first() else { return Ok(RedeemError::Unknown) };
        Ok(invite(row)?.redeem(asked).err().unwrap_or(RedeemError::Used))
    }

    /// Returns the login created by this very redemption.
    async fn opened(&self, asked: &Redemption) -> Result<Option<Login>, Error> {
        let sql = format!("{LOGIN} WHERE device = $1 AND token_hash = $2");
        let token = asked.token_hash.as_slice();
        let given: [Given<'_>; 2] = [(&asked.device.0, Type::UUID), (&token, Type::BYTEA)];
        let rows = self.pool.read("looking up a login", &sql, &given).await?;
        rows.first().map(login).transpose()
    }
}

fn is_taken(failed: &Failed) -> bool {
    matches!(failed, Failed::Refused { state, .. } if *state == SqlState::UNIQUE_VIOLATION)
}

#[async_trait]
impl Registry for Postgres {
    async fn make_invite(&self, invite: Invite) -> Result<(), Error> {
        let sql = "INSERT INTO invites (secret_hash, room, pass, uses_left, expires)
            VALUES ($1, $2, $3, $4, $5)";
        let (secret, pass) = (invite.secret_hash.as_slice(), to_json(&Pass::of(&invite))?);
        let uses = invite.uses_left.map(i64::from);
        let given: [Given<'_>; 5] = [
            (&secret, Type::BYTEA),
            (&invite.room.0, Type::UUID),
            (&pass, Type::TEXT),
            (&uses, Type::INT8),
            (&invite.expires.0, Type::INT8),
        ];
        match self.pool.ask(sql, &given).await {
            Ok(_) => Ok(()),
            Err(failed) if is_taken(&failed) => {
                Err(Error::Broken("an invite with this secret exists already".to_owned()))
            }
            Err(failed) => Err(failed.writing("storing an invite")),
        }
    }

    async fn redeem(&self, asked: Redemption) -> Result<Result<Login, RedeemError>, Error> {
        let (secret, token) = (asked.secret_hash.as_slice(), asked.token_hash.as_slice());
        let given: [Given<'_>; 5] = [
            (&secret, Type::BYTEA),
            (&asked.now.0, Type::INT8),
            (&asked.device.0, Type::UUID),
            (&token, Type::BYTEA),
            (&asked.login_expires.0, Type::INT8),
        ];
        let mut redeemed = self.pool.ask(REDEEM, &given).await;
        let was_lost = matches!(redeemed, Err(Failed::Lost(_)));
        if was_lost {
            // It contains the device's id, so it can commit only once.
            redeemed = self.pool.ask(REDEEM, &given).await;
        }
        match redeemed {
            Ok(rows) => match rows.first() {
                Some(row) => Ok(Ok(login(row)?)),
                None => match self.opened(&asked).await? {
                    Some(login) if was_lost => Ok(Ok(login)),
                    Some(_) | None => Ok(Err(self.why_not(&asked).await?)),
                },
            },
            Err(failed) if is_taken(&failed) => match self.opened(&asked).await? {
                Some(login) if was_lost => Ok(Ok(login)),
                Some(_) | None => Err(Error::Broken("this device has a login already".to_owned())),
            },
            Err(failed) => Err(failed.writing("redeeming an invite")),
        }
    }

    async fn login_by_token(
        &self,
        token_hash: [u8; 32],
        now: Time,
    ) -> Result<Option<Login>, Error> {
        let sql = format!("{LOGIN} WHERE token_hash = $1");
        let token = token_hash.as_slice();
        let rows = self.pool.read("looking up a login", &sql, &[(&token, Type::BYTEA)]).await?;
        let found = rows.first().map(login).transpose()?;
        Ok(found.filter(|login| login.is_live(now)))
    }

    async fn extend(&self, device: DeviceId, expires: Time) -> Result<bool, Error> {
        let sql = "UPDATE logins SET expires = greatest(expires, $2)
            WHERE device = $1 AND NOT revoked RETURNING true";
        let given: [Given<'_>; 2] = [(&device.0, Type::UUID), (&expires.0, Type::INT8)];
        self.settle("extending a login", sql, &given).await
    }

    async fn revoke(&self, device: DeviceId) -> Result<bool, Error> {
        let sql = "UPDATE logins SET revoked = true WHERE device = $1 RETURNING true";
        self.settle("revoking a login", sql, &[(&device.0, Type::UUID)]).await
    }

    async fn logins(&self, room: RoomId) -> Result<Vec<Login>, Error> {
        let sql = format!("{LOGIN} WHERE room = $1 ORDER BY device");
        let rows = self.pool.read("reading the logins", &sql, &[(&room.0, Type::UUID)]).await?;
        rows.iter().map(login).collect()
    }

    async fn ended(&self, devices: &[DeviceId], now: Time) -> Result<Vec<DeviceId>, Error> {
        let sql =
            "SELECT asked.device FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (device, nth)
            WHERE NOT EXISTS (
                SELECT FROM logins WHERE device = asked.device AND NOT revoked AND expires > $2
            ) ORDER BY nth";
        let devices: Vec<Uuid> = devices.iter().map(|device| device.0).collect();
        let given: [Given<'_>; 2] = [(&devices, Type::UUID_ARRAY), (&now.0, Type::INT8)];
        let rows = self.pool.read("checking the logins of open sockets", sql, &given).await?;
        rows.iter().map(|row| Ok(DeviceId(get(row, 0)?))).collect()
    }

    async fn record_access(&self, access: Access) -> Result<(), Error> {
        let sql = "INSERT INTO accesses (at, room, person, member, device, what)
            VALUES ($1, $2, $3, $4, $5, $6)";
        let what = to_json(&access.what)?;
        let given: [Given<'_>; 6] = [
            (&access.at.0, Type::INT8),
            (&access.room.0, Type::UUID),
            (&access.person.0, Type::UUID),
            (&access.member.0, Type::UUID),
            (&access.device.0, Type::UUID),
            (&what, Type::TEXT),
        ];
        self.change("recording a card reading", sql, &given).await.map(drop)
    }

    async fn accesses(&self, room: RoomId, person: PersonId) -> Result<Vec<Access>, Error> {
        let sql = "SELECT at, room, person, member, device, what FROM accesses
            WHERE room = $1 AND person = $2 ORDER BY number";
        let given: [Given<'_>; 2] = [(&room.0, Type::UUID), (&person.0, Type::UUID)];
        let rows = self.pool.read("reading the access record", sql, &given).await?;
        rows.iter().map(access).collect()
    }

    async fn keep(&self, shelf: Shelf, key: &str, body: Vec<u8>, now: Time) -> Result<(), Error> {
        let sql = "INSERT INTO shelf (shelf, key, body, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (shelf, key) DO UPDATE SET body = excluded.body, at = excluded.at";
        let given: [Given<'_>; 4] = [
            (&shelf.word(), Type::TEXT),
            (&key.as_bytes(), Type::BYTEA),
            (&body, Type::BYTEA),
            (&now.0, Type::INT8),
        ];
        self.change("storing a document", sql, &given).await.map(drop)
    }

    async fn kept(&self, shelf: Shelf, key: &str) -> Result<Option<Kept>, Error> {
        let sql = "SELECT body, at FROM shelf WHERE shelf = $1 AND key = $2";
        let given: [Given<'_>; 2] = [(&shelf.word(), Type::TEXT), (&key.as_bytes(), Type::BYTEA)];
        let rows = self.pool.read("reading the shelf", sql, &given).await?;
        let kept = |row: &Row| Ok(Kept { body: get(row, 0)?, at: Time(get(row, 1)?) });
        rows.first().map(kept).transpose()
    }

    async fn count(&self, what: &str, now: Time, window_ms: i64) -> Result<Count, Error> {
        let given: [Given<'_>; 4] = [
            (&Shelf::Count.word(), Type::TEXT),
            (&what.as_bytes(), Type::BYTEA),
            (&now.0, Type::INT8),
            (&now.plus_ms(window_ms).0, Type::INT8),
        ];
        let rows = self.change("incrementing a counter", COUNT, &given).await?;
        let row = rows.first().ok_or_else(|| Error::Broken("no count returned".to_owned()))?;
        serde_json::from_slice(&get::<Vec<u8>>(row, 0)?)
            .map_err(|error| Error::Broken(format!("a count cannot be read: {error}")))
    }

    async fn discard(&self, shelf: Shelf, key: &str) -> Result<bool, Error> {
        let sql = "DELETE FROM shelf WHERE shelf = $1 AND key = $2 RETURNING true";
        let given: [Given<'_>; 2] = [(&shelf.word(), Type::TEXT), (&key.as_bytes(), Type::BYTEA)];
        let gone = self.change("deleting a document", sql, &given).await?;
        Ok(!gone.is_empty())
    }
}
