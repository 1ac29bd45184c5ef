//! Cancellation of a read: the client may have given up.

use std::sync::atomic::{AtomicBool, Ordering};

use super::error::Why;

/// Tells a reader whether to continue. Without a flag it always does.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace<'a> {
    given_up: Option<&'a AtomicBool>,
}

impl<'a> Pace<'a> {
    /// Returns a pace that stops once this flag is set.
    pub const fn until(given_up: &'a AtomicBool) -> Self {
        Self { given_up: Some(given_up) }
    }

    /// Returns an error once the read is cancelled.
    pub(super) fn go_on(self) -> Result<(), Why> {
        if self.given_up.is_some_and(|sign| sign.load(Ordering::Relaxed)) {
            return Err(Why::TooSlow);
        }
        Ok(())
    }
}
