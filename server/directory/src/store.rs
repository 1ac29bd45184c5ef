//! The storage interface of the directory.

use std::error::Error;

use proto::id::Time;

/// Stores the documents of a directory, each replaced as a whole, and provides the time.
pub trait Store: Sync {
    /// Returns the current time.
    fn now(&self) -> Time;

    /// Returns a unique version.
    fn fresh(&self) -> Vec<u8>;

    /// Reads a document.
    fn document(
        &self,
        key: &str,
    ) -> impl Future<Output = Result<Option<Document>, StoreError>> + Send;

    /// Stores a document, replacing the existing one.
    fn keep(&self, key: &str, body: Vec<u8>)
    -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A stored document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The contents.
    pub body: Vec<u8>,
    /// When it was stored.
    pub at: Time,
}

/// A storage error.
pub type StoreError = Box<dyn Error + Send + Sync>;
