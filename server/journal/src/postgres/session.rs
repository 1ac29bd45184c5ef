//! One connection to the database, with Muster's settings.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use proto::id::Time;
use tokio::{task::AbortHandle, time::timeout};
use tokio_postgres::{
    Client, Config, Row, SimpleQueryMessage, SimpleQueryRow,
    error::{Severity, SqlState},
    types::{ToSql, Type},
};

use super::{
    address::{Address, deepest},
    clock::{Shown, now_ms},
    hosts,
};
use crate::{Error, Health};

/// Timeout for connecting, including name lookup and authentication.
const CONNECT: Duration = Duration::from_secs(3);
/// Timeout for a statement. The server's own timeout is shorter, so that a statement is rarely left
/// behind.
const ANSWER: Duration = Duration::from_secs(6);

/// The same for bulk reads.
const LONG: Duration = Duration::from_mins(10);

/// Queries a server's timeline, which rises with each failover.
const TIMELINE: &str = "SELECT CASE WHEN pg_is_in_recovery() THEN 0 ELSE
    ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint END";

/// A commit that waits for the standby.
const SETTLES: &str = "UPDATE probe SET number = number + 1";

/// The settings of every connection. Statements and waits are bounded, so that whatever a broken
/// connection left behind blocks a room for seconds only; a commit is acknowledged when it is
/// durable, by the stricter of our setting and the server's.
const SETTINGS: &str = concat!(
    "
    SET statement_timeout = 5000;
    SET lock_timeout = 3000;
    SET idle_in_transaction_session_timeout = 5000;
    SET tcp_keepalives_idle = 5;
    SET tcp_keepalives_interval = 2;
    SET tcp_keepalives_count = 3;
    SET tcp_user_timeout = 10000;
    SET default_transaction_isolation = 'read committed';
    SET jit = off;
    SET bytea_output = 'hex';
    SET client_min_messages = warning;
    SELECT set_config('client_connection_check_interval', '1000', false)
        FROM pg_settings WHERE name = 'client_connection_check_interval';
    SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply');
    SELECT current_setting('fsync') AS fsync, current_setting('server_version_num') AS version,
        current_setting('server_encoding') AS encoding,
        pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean AS readonly, ",
    now_ms!(),
    " AS now, current_setting('synchronous_standby_names') <> '' AS followed"
);

/// The oldest release of the server with all the features used that is still maintained.
const VERSION_MIN: u32 = 130_000;

/// Why a statement failed.
#[derive(Debug)]
pub(super) enum Failed {
    /// The server refused it, and nothing of it was done.
    Refused {
        /// The SQLSTATE code.
        state: SqlState,
        /// The message.
        words: String,
    },
    /// The connection was lost: the statement was executed, is being executed, or never will be.
    Lost(String),
    /// It could not be sent.
    Away(String),
    /// The server answered, and is not fit for use.
    Unfit(String),
}

/// A statement's parameter, with its type.
pub(super) type Given<'a> = (&'a (dyn ToSql + Sync), Type);

/// A connection.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    speaking: AbortHandle,
    /// The timeout of a statement.
    patience: Duration,
    /// Whether the server accepts writes.
    pub(super) is_writable: bool,
    /// The reading of its clock when connecting.
    pub(super) shown: Shown,
    /// Whether everything visible is also on the standby that commits wait for.
    is_settled: bool,
    /// The server's timeline; 0 where there is one server.
    timeline: i64,
    newest: Arc<AtomicI64>,
}

impl Session {
    /// Connects, and checks that the server is durable.
    pub(super) async fn open(address: &Address) -> Result<Self, Failed> {
        match address.hosts.as_slice() {
            [one] => Self::at(one, address).await,
            _ => hosts::newest(address).await,
        }
    }

    /// Connects to one of the servers of an address.
    pub(super) async fn at(host: &Config, address: &Address) -> Result<Self, Failed> {
        let away = |words: String| Failed::Away(format!("{address}: {words}"));
        let opening = async {
            let (client, connection) =
                host.connect(address.tls.clone()).await.map_err(|e| away(deepest(&e)))?;
            // The connection's error reaches the callers that wait for a reply.
            let speaking = tokio::spawn(async move { drop(connection.await) }).abort_handle();
            let patience = if cfg!(plant = "silence_waited_for") { LONG } else { ANSWER };
            let shown = Shown::just(Time(0));
            let (timeline, newest) = (0, Arc::clone(&address.newest));
            let (is_writable, is_settled) = (false, false);
            let mut session = Self {
                client,
                speaking,
                patience,
                is_writable,
                shown,
                is_settled,
                timeline,
                newest,
            };
            session.set().await?;
            if address.hosts.len() > 1 {
                session.find_timeline().await?;
            }
            Ok(session)
        };
        let late = || away("no answer".to_owned());
        timeout(CONNECT, opening).await.unwrap_or_else(|_| Err(late()))
    }

    async fn set(&mut self) -> Result<(), Failed> {
        let settings = SETTINGS;
        #[cfg(plant = "postgres_answers_early")]
        let settings =
            &settings.replace("'synchronous_commit', 'on'", "'synchronous_commit', 'off'");
        let told = self.client.simple_query(settings).await;
        let told = told.map_err(|error| Failed::Away(Failed::of(&error).to_string()))?;
        let last = told.iter().rev().find_map(row_of);
        let column = |name: &str| last.and_then(|row| row.try_get(name).ok().flatten());
        if column("fsync") != Some("on") {
            return Err(Failed::Unfit(
                "the database runs with fsync = off: it would lose acknowledged commits in a power cut; \
                 set fsync = on in postgresql.conf"
                    .to_owned(),
            ));
        }
        if column("encoding") != Some("UTF8") {
            return Err(Failed::Unfit(
                "the database's encoding is not UTF-8; create one with: createdb --encoding UTF8 \
                 --template template0"
                    .to_owned(),
            ));
        }
        let version = column("version").and_then(|version| version.parse::<u32>().ok());
        if version.is_none_or(|version| version < VERSION_MIN) {
            return Err(Failed::Unfit("PostgreSQL 13 or newer is needed".to_owned()));
        }
        let now = column("now").and_then(|now| now.parse().ok());
        let now =
            now.ok_or_else(|| Failed::Away("the database did not return the time".to_owned()))?;
        self.shown = Shown::just(Time(now));
        self.is_writable = column("readonly") == Some("f");
        let is_alone = column("followed") == Some("f") || !self.is_writable;
        self.is_settled = is_alone || cfg!(plant = "unfollowed_told");
        Ok(())
    }

    /// Makes sure that everything visible is on the standby as well, where commits wait for one. A
    /// restarted server shows commits that no standby has; a commit of our own comes after all of
    /// them.
    pub(super) async fn settle(&mut self) -> Result<(), Failed> {
        if !self.is_settled {
            self.run(SETTLES).await.map_err(|failed| Failed::Away(failed.to_string()))?;
            self.is_settled = true;
        }
        Ok(())
    }

    async fn find_timeline(&mut self) -> Result<(), Failed> {
        let told = |words: &str| Failed::Away(words.to_owned());
        let rows = self.ask(TIMELINE, &[]).await?;
        let row = rows.first().ok_or_else(|| told("the database did not return its timeline"))?;
        self.timeline = row.try_get(0).map_err(|error| told(&error.to_string()))?;
        self.newest.fetch_max(self.timeline, Ordering::AcqRel);
        Ok(())
    }

    /// Returns whether no server with a higher timeline was found.
    pub(super) fn leads(&self) -> bool {
        cfg!(plant = "replaced_server_used") || self.timeline >= self.newest.load(Ordering::Acquire)
    }

    /// Returns whether the other session's server has taken over from this one's.
    pub(super) fn is_older(&self, than: &Self) -> bool {
        cfg!(not(plant = "replaced_server_used")) && self.timeline < than.timeline
    }

    /// Runs a statement and returns its rows, once it is committed.
    pub(super) async fn ask(&self, sql: &str, given: &[Given<'_>]) -> Result<Vec<Row>, Failed> {
        match timeout(self.patience, self.client.query_typed(sql, given)).await {
            Ok(Ok(rows)) => Ok(rows),
            Ok(Err(error)) => Err(Failed::of(&error)),
            Err(_) => Err(Failed::Lost("no answer".to_owned())),
        }
    }

    /// Runs statements without parameters, in one transaction unless they say otherwise.
    pub(super) async fn run(&self, sql: &str) -> Result<(), Failed> {
        match timeout(self.patience, self.client.batch_execute(sql)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Failed::of(&error)),
            Err(_) => Err(Failed::Lost("no answer".to_owned())),
        }
    }

    /// Sets long timeouts: for bulk reads, which block nobody.
    pub(super) async fn be_patient(&mut self) -> Result<(), Failed> {
        self.patience = LONG;
        self.run("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0").await
    }

    /// Returns whether the connection has ended, or its server was replaced.
    pub(super) fn is_over(&self) -> bool {
        self.client.is_closed() || !self.leads()
    }

    /// Closes the connection abruptly: the peer may not be reachable.
    pub(super) fn cut(self) {
        self.speaking.abort();
    }
}

fn row_of(message: &SimpleQueryMessage) -> Option<&SimpleQueryRow> {
    if let SimpleQueryMessage::Row(row) = message { Some(row) } else { None }
}

impl Failed {
    /// Classifies an error. Only severity `ERROR` proves that nothing was done: an error that also
    /// ends the connection may have come after the commit.
    fn of(error: &tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(told) if told.parsed_severity() == Some(Severity::Error) => Self::Refused {
                state: told.code().clone(),
                // The detail may quote a row, and with it a person.
                words: told.message().to_owned(),
            },
            Some(told) => Self::Lost(told.message().to_owned()),
            None => Self::Lost(deepest(error)),
        }
    }

    /// Returns the store's health implied by this failure; `None` for a failure of one statement.
    pub(super) fn health(&self) -> Option<Health> {
        match self {
            Self::Refused { state, .. } if *state == SqlState::DISK_FULL => Some(Health::Full),
            Self::Refused { state, .. } if *state == SqlState::READ_ONLY_SQL_TRANSACTION => {
                Some(Health::Away)
            }
            Self::Refused { .. } => None,
            Self::Lost(_) | Self::Away(_) | Self::Unfit(_) => Some(Health::Away),
        }
    }

    /// Converts it to the error of a read.
    pub(super) fn reading(self, attempt: &'static str) -> Error {
        match self {
            Self::Refused { words, .. } => Error::Read { attempt, source: words.into() },
            Self::Lost(words) | Self::Away(words) => Error::Away(words),
            Self::Unfit(words) => Error::Unreadable(words),
        }
    }

    /// Converts it to the error of a write.
    pub(super) fn writing(self, attempt: &'static str) -> Error {
        match (self.health(), self) {
            (Some(Health::Full), failed) => Error::Full(failed.to_string()),
            (_, Self::Lost(words)) => Error::Unknown(words),
            (Some(_), failed) => Error::Away(failed.to_string()),
            (None, failed) => Error::Read { attempt, source: failed.to_string().into() },
        }
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused { state, words } => write!(f, "{words} ({})", state.code()),
            Self::Lost(words) | Self::Away(words) | Self::Unfit(words) => f.write_str(words),
        }
    }
}
