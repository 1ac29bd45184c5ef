//! A stub for builds without tracing.

use std::{net::SocketAddr, sync::Arc};

use hub::Witness;

use super::{Spans, WITHOUT};
use crate::config::Collector;

/// Never constructed.
#[derive(Debug)]
pub(crate) enum Traces {}

impl Traces {
    /// Always fails: this build has no tracing.
    pub(crate) fn begin(_: &Collector, _: SocketAddr) -> Result<Self, String> {
        Err(WITHOUT.to_owned())
    }

    pub(crate) fn witness(&self) -> Arc<dyn Witness> {
        match *self {}
    }

    pub(crate) fn spans(&self) -> Arc<Spans> {
        match *self {}
    }

    #[expect(clippy::unused_async, reason = "where there are traces their end is waited for")]
    pub(crate) async fn end(self) {
        match self {}
    }
}
