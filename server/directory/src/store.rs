//! What the directory asks of whoever keeps it.

use std::error::Error;

use proto::id::Time;

/// Keeps the documents of a directory, each replaced as a whole, and knows what time it is.
pub trait Store: Sync {
    /// Returns the moment.
    fn now(&self) -> Time;

    /// Returns the name of a version, which none before had.
    fn fresh(&self) -> Vec<u8>;

    /// Returns a document.
    fn document(
        &self,
        key: &str,
    ) -> impl Future<Output = Result<Option<Document>, StoreError>> + Send;

    /// Keeps a document, in the place of what was there.
    fn keep(&self, key: &str, body: Vec<u8>)
    -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// A document as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its bytes.
    pub body: Vec<u8>,
    /// When it was kept.
    pub at: Time,
}

/// Why a store does not answer.
pub type StoreError = Box<dyn Error + Send + Sync>;
