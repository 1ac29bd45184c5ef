//! The stores that the suite runs against.

use std::sync::Arc;

use journal::{Journal, Memory, Registry, Sqlite};

/// Journal and registry in one.
pub trait Store: Journal + Registry {}

impl<T: Journal + Registry> Store for T {}

/// A fresh store, and whatever it needs to live on.
pub struct Opened {
    pub store: Arc<dyn Store>,
    _folder: Option<tempfile::TempDir>,
}

pub fn memory() -> Opened {
    Opened { store: Arc::new(Memory::default()), _folder: None }
}

pub fn sqlite() -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Sqlite::open(&folder.path().join("muster.db")).unwrap());
    Opened { store, _folder: Some(folder) }
}
