//! The stores that the suite runs against.

use std::sync::Arc;

use journal::{
    Journal, Memory, Postgres, Registry, Sqlite,
    postgres::{Address, Asked},
};

/// Journal and registry in one.
pub trait Store: Journal + Registry {}

impl<T: Journal + Registry> Store for T {}

/// A fresh store, and the folder it lives in.
pub struct Opened {
    pub store: Arc<dyn Store>,
    _folder: Option<tempfile::TempDir>,
}

pub async fn memory() -> Opened {
    Opened { store: Arc::new(Memory::default()), _folder: None }
}

pub async fn sqlite() -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Sqlite::open(&folder.path().join("muster.db")).unwrap());
    Opened { store, _folder: Some(folder) }
}

pub async fn postgres() -> Opened {
    let url = proof::postgres::shared().database().await;
    let address = Address::parse(&Asked { url, ..Asked::default() }).unwrap();
    Opened { store: Arc::new(Postgres::open(address).await.unwrap()), _folder: None }
}
