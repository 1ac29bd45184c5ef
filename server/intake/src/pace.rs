//! How long reading may go on: whoever asked for it may have given up.

use std::sync::atomic::{AtomicBool, Ordering};

use super::error::Why;

/// Tells a reader whether to go on. Without a sign it always does.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pace<'a> {
    given_up: Option<&'a AtomicBool>,
}

impl<'a> Pace<'a> {
    /// Returns a pace that ends when this sign is set.
    pub const fn until(given_up: &'a AtomicBool) -> Self {
        Self { given_up: Some(given_up) }
    }

    /// Returns an error once nobody waits.
    pub(super) fn go_on(self) -> Result<(), Why> {
        if self.given_up.is_some_and(|sign| sign.load(Ordering::Relaxed)) {
            return Err(Why::TooSlow);
        }
        Ok(())
    }
}
