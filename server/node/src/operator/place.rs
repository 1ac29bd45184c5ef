//! Where the rooms are stored, for an operator's command that accesses them without a node.

use std::{path::PathBuf, sync::Arc};

use journal::{
    Journal,
    postgres::PostgresWhole,
    sqlite::SqliteWhole,
    verify::{Fault, Report},
    whole::{Fill, Pour},
};
use proto::{
    command::Envelope,
    id::{RoomId, Seq},
    member::Actor,
    outcome::CommandFate,
};

use super::{counted, database};
use crate::wiring::{self, Address};

/// Where the rooms are stored.
#[derive(Debug)]
pub enum Place {
    /// In the database of this folder.
    Folder(PathBuf),
    /// In the database that several nodes share.
    Database(Box<Address>),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(data) => data.display().fmt(f),
            Self::Database(address) => address.fmt(f),
        }
    }
}

impl Place {
    /// Returns a reader of everything, with or without running nodes.
    pub fn source(&self) -> Box<dyn Pour> {
        match self {
            Self::Folder(data) => Box::new(SqliteWhole::new(&database(data))),
            Self::Database(address) => Box::new(PostgresWhole::new((**address).clone())),
        }
    }

    /// Returns a writer of everything; creates the folder if needed.
    pub fn target(&self) -> Result<Box<dyn Fill>, String> {
        match self {
            Self::Folder(data) => {
                wiring::make_folder(data).map_err(|error| error.to_string())?;
                Ok(Box::new(SqliteWhole::new(&database(data))))
            }
            Self::Database(address) => Ok(Box::new(PostgresWhole::new((**address).clone()))),
        }
    }

    /// Locks out every node until the returned guard is dropped.
    pub async fn still(&self) -> Result<Box<dyn Send>, String> {
        let running = |error: journal::Error| {
            if let journal::Error::Locked(at) = error {
                return format!("a node is running on {at}; stop every node first, then try again");
            }
            error.to_string()
        };
        match self {
            Self::Folder(data) => {
                let path = database(data);
                if !path.exists() {
                    return Err(format!("{} holds no rooms", data.display()));
                }
                Ok(Box::new(SqliteWhole::new(&path).still().map_err(running)?))
            }
            Self::Database(address) => {
                let still = PostgresWhole::new((**address).clone()).still().await;
                Ok(Box::new(still.map_err(running)?))
            }
        }
    }

    /// Verifies every entry, with or without running nodes. Returns a message: what was read, or the first
    /// fault.
    pub async fn verify(&self) -> Result<String, String> {
        match self.report().await {
            Ok(report) => Ok(format!(
                "Every entry is what was written: {} in {} and {}.",
                counted(report.entries, "entry", "entries"),
                counted(report.rooms, "room", "rooms"),
                counted(report.outcomes, "outcome", "outcomes"),
            )),
            Err(Fault::Unreadable(words)) => Err(format!("The journal cannot be read: {words}.")),
            Err(fault) => Err(format!("The journal is not what was written: {fault}.")),
        }
    }

    async fn report(&self) -> Result<Report, Fault> {
        match self {
            Self::Folder(data) => journal::verify::verify(&database(data)),
            Self::Database(address) => journal::postgres::verify(address).await,
        }
    }

    /// Returns a reader of one room, with or without running nodes.
    pub async fn archive(&self, room: RoomId, up_to: Seq) -> Result<hub::Archive, String> {
        let words = |error: journal::Error| error.to_string();
        let journal: Arc<dyn Journal> = match self {
            Self::Folder(data) => {
                Arc::new(journal::sqlite::Beside::open(&database(data)).map_err(words)?)
            }
            Self::Database(address) => {
                let opened = journal::postgres::Beside::open((**address).clone()).await;
                Arc::new(opened.map_err(words)?)
            }
        };
        Ok(hub::Archive::new(journal, room, up_to))
    }

    /// Writes a command as a node would: to a folder that no node runs on, or beside the nodes that share a
    /// database.
    pub async fn write(&self, room: RoomId, command: Envelope) -> Result<Vec<CommandFate>, String> {
        let words = |error: &dyn std::fmt::Display| error.to_string();
        let journal: Arc<dyn Journal> = match self {
            Self::Folder(data) => {
                let path = database(data);
                if !path.exists() {
                    return Err(format!("{} holds no rooms", data.display()));
                }
                Arc::new(journal::Sqlite::open(&path).map_err(|error| words(&error))?)
            }
            Self::Database(address) => {
                let opened = journal::Postgres::open((**address).clone()).await;
                Arc::new(opened.map_err(|error| words(&error))?)
            }
        };
        let clock = Arc::new(crate::clock::SystemClock);
        let hub = hub::Hub::new(journal, bus::Bus::local(), clock);
        let by = hub::Author { actor: Actor::Importer, ceiling: None, device: None };
        hub.submit(room, by, vec![command]).await.map_err(|error| words(&error))
    }
}
