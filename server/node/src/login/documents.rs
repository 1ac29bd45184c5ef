//! Stores the documents of the directory of homes in the registry.

use directory::{Document, Store, StoreError};
use proto::id::Time;

use super::{Door, Shelf};
use crate::clock::fresh_id;

impl Store for Door {
    fn now(&self) -> Time {
        self.clock.now()
    }

    fn fresh(&self) -> Vec<u8> {
        fresh_id(&*self.clock).as_bytes().to_vec()
    }

    async fn document(&self, key: &str) -> Result<Option<Document>, StoreError> {
        let kept = self.registry.kept(Shelf::Directory, key).await?;
        Ok(kept.map(|kept| Document { body: kept.body, at: kept.at }))
    }

    async fn keep(&self, key: &str, body: Vec<u8>) -> Result<(), StoreError> {
        Ok(self.registry.keep(Shelf::Directory, key, body, self.clock.now()).await?)
    }
}
