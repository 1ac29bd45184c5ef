//! The memory budget for uploaded files while they are processed (E20).

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use proto::limit;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::Failure;

/// Bytes per permit.
const TURN_BYTES: usize = 1024;

/// A file larger than the whole budget could never be read.
const _: () = assert!(
    limit::DIRECTORY_BYTES_MAX <= limit::FILES_BYTES_MAX
        && limit::IMPORT_BYTES_MAX + limit::IMPORT_CHOICES_BYTES_MAX <= limit::FILES_BYTES_MAX
);

/// The memory budget.
#[derive(Debug)]
pub(crate) struct Files(Arc<Semaphore>);

/// A file's share of the budget, returned on drop.
#[derive(Debug)]
pub(crate) struct Place {
    _turns: OwnedSemaphorePermit,
}

impl Files {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(limit::FILES_BYTES_MAX / TURN_BYTES)))
    }

    /// Waits for budget for a request body before any of it is read: until then it stays in the network, with
    /// the sender.
    pub(crate) async fn place(
        &self,
        headers: &HeaderMap,
        bytes_max: usize,
    ) -> Result<Place, Failure> {
        let said = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
        let said = said.and_then(|length| length.parse::<usize>().ok());
        let bytes = said.map_or(bytes_max, |said| said.min(bytes_max));
        #[cfg(plant = "files_pile_up")]
        let bytes = bytes.min(1);
        let turns = u32::try_from(bytes.div_ceil(TURN_BYTES)).unwrap_or(u32::MAX);
        let turns = Arc::clone(&self.0).acquire_many_owned(turns).await;
        turns.map(|turns| Place { _turns: turns }).map_err(|_| Failure::Stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn saying(length: &str) -> HeaderMap {
        [(header::CONTENT_LENGTH, length.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn a_file_reserves_its_declared_size_or_else_the_maximum() {
        let files = Files::new();
        let place =
            |headers: HeaderMap| files.place(&headers, limit::DIRECTORY_BYTES_MAX).now_or_never();
        let largest = [place(HeaderMap::new()), place(saying("99999999999"))];
        assert!(largest.iter().all(Option::is_some));
        assert!(place(saying("1")).is_none(), "two of the largest are all");
        drop(largest);
        let small: Vec<_> = (0..100).map(|_| place(saying("5000"))).collect();
        assert!(small.iter().all(Option::is_some));
    }
}
