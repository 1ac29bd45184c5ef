//! Files that people send, in memory for as long as they are looked at: so many bytes at once, and no more (E20).

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use proto::limit;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::Failure;

/// What one turn stands for.
const TURN_BYTES: usize = 1024;

/// None could ever be read whose place is larger than all there is.
const _: () = assert!(
    limit::DIRECTORY_BYTES_MAX <= limit::FILES_BYTES_MAX
        && limit::IMPORT_BYTES_MAX + limit::IMPORT_CHOICES_BYTES_MAX <= limit::FILES_BYTES_MAX
);

/// The memory that files may take.
#[derive(Debug)]
pub(crate) struct Files(Arc<Semaphore>);

/// A file's part of it, given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    _turns: OwnedSemaphorePermit,
}

impl Files {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Semaphore::new(limit::FILES_BYTES_MAX / TURN_BYTES)))
    }

    /// Waits for room for the body of a request, of which nothing is read before: it waits in the network, with
    /// whoever sends it.
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
    fn a_file_has_the_place_that_it_says_it_needs_and_otherwise_the_most_it_may() {
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
