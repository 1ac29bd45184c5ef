//! Diagnostics: ids and sentences on standard error, never a person, a secret or a cookie.

use tracing_subscriber::{EnvFilter, fmt};

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogStyle {
    /// For people at a terminal.
    Human,
    /// One JSON object a line.
    Json,
}

/// Tells whether these words are a filter of diagnostics. An address, which is meant for `traces`, is none, though
/// the library would take it for a module's name.
pub(crate) fn is_filter(words: &str) -> bool {
    !words.contains("://") && EnvFilter::try_new(words).is_ok()
}

/// Begins to write diagnostics from this level on. `MUSTER_TRACE` takes the filter's own language instead.
pub(crate) fn begin(style: LogStyle, level: &str) {
    let filter = EnvFilter::try_from_env("MUSTER_TRACE").unwrap_or_else(|_| EnvFilter::new(level));
    let plain = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let begun = match style {
        LogStyle::Human => plain.with_target(false).try_init(),
        LogStyle::Json => plain.json().flatten_event(true).with_span_list(false).try_init(),
    };
    if begun.is_err() {
        tracing::debug!("diagnostics are written already");
    }
    std::panic::set_hook(Box::new(|panic| {
        // The message of a panic may hold what people typed; the place is enough to find it.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "the program reached a state that its authors thought impossible");
    }));
}
