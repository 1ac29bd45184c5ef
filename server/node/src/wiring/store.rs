//! Opens a node's store.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Weak},
};

use super::{Address, Memory, StartError};
use crate::operator;

/// An open store.
pub(super) struct Store {
    pub(super) journal: Arc<dyn journal::Journal>,
    pub(super) registry: Arc<dyn journal::Registry>,
    pub(super) data: Option<PathBuf>,
    /// Shows a stopping node whether the database is still in use.
    pub(super) kept: Option<Weak<journal::Sqlite>>,
}

impl Store {
    pub(super) async fn open(memory: Memory) -> Result<Self, StartError> {
        match memory {
            Memory::Folder(data) => Self::folder(data),
            Memory::Postgres { data, address } => Self::postgres(data, *address).await,
            Memory::Given { journal, registry } => {
                Ok(Self { journal, registry, data: None, kept: None })
            }
        }
    }

    fn folder(data: PathBuf) -> Result<Self, StartError> {
        make_folder(&data)?;
        let opened = journal::Sqlite::open(&operator::database(&data));
        let sqlite = Arc::new(opened.map_err(|error| {
            if matches!(error, journal::Error::Locked(_)) {
                StartError::Locked(error)
            } else {
                StartError::Journal(error)
            }
        })?);
        Ok(Self {
            kept: Some(Arc::downgrade(&sqlite)),
            data: Some(data),
            journal: Arc::<journal::Sqlite>::clone(&sqlite),
            registry: sqlite,
        })
    }

    async fn postgres(data: PathBuf, address: Address) -> Result<Self, StartError> {
        make_folder(&data)?;
        let shown = address.to_string();
        let opened = journal::Postgres::open(address).await;
        let postgres = Arc::new(
            opened.map_err(|source| StartError::Database { address: shown.clone(), source })?,
        );
        tracing::info!(database = shown, "rooms are stored in PostgreSQL");
        Ok(Self {
            kept: None,
            data: Some(data),
            journal: Arc::<journal::Postgres>::clone(&postgres),
            registry: postgres,
        })
    }
}

/// Creates a folder that only its owner can access; leaves an existing one as it is.
pub(crate) fn make_folder(data: &Path) -> Result<(), StartError> {
    use std::os::unix::fs::DirBuilderExt;
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.map_err(|source| StartError::Folder { path: data.display().to_string(), source })
}
