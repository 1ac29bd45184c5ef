//! Diagnostics: ids and sentences on standard error, never a person, a secret or a cookie. A separate thread
//! writes them, so a slow reader blocks nobody; lines that cannot be written are dropped and counted.

use std::{
    io::{self, Write},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use proto::limit;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{EnvFilter, fmt};

use crate::say;

/// The guard of the writer thread, while it runs.
static WRITING: Mutex<Option<WorkerGuard>> = Mutex::new(None);
/// Lines dropped because the queue was full.
static CROWDED_OUT: OnceLock<ErrorCounter> = OnceLock::new();
/// Lines dropped because standard error did not accept them.
static UNTAKEN: AtomicU64 = AtomicU64::new(0);

/// The format of diagnostics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogStyle {
    /// For people at a terminal.
    Human,
    /// One JSON object per line.
    Json,
}

/// Standard error, as the writer thread sees it.
#[derive(Debug, Default)]
struct Out {
    /// Whether it accepted the last line.
    takes: bool,
    /// The number of lost lines reported so far.
    told: u64,
}

/// Returns whether the text is a log filter. A URL, which is meant for `traces`, is not, although the library
/// would accept it as a module name.
pub(crate) fn is_filter(words: &str) -> bool {
    !words.contains("://") && EnvFilter::try_new(words).is_ok()
}

/// Starts writing diagnostics from this level on, until [`end`]. `MUSTER_TRACE` overrides the level with a
/// filter.
pub fn begin(style: LogStyle, level: &str) {
    let filter = EnvFilter::try_from_env("MUSTER_TRACE").unwrap_or_else(|_| EnvFilter::new(level));
    let is_lossy = cfg!(not(plant = "log_waited_for"));
    let waiting = NonBlockingBuilder::default().lossy(is_lossy).thread_name("log");
    let (writer, guard) = waiting.buffered_lines_limit(limit::LOG_LINES_MAX).finish(Out::default());
    let crowded_out = writer.error_counter();
    let plain = fmt().with_env_filter(filter).with_writer(writer);
    let begun = match style {
        LogStyle::Human => plain.with_target(false).try_init(),
        LogStyle::Json => plain.json().flatten_event(true).with_span_list(false).try_init(),
    };
    if begun.is_ok() {
        CROWDED_OUT.get_or_init(|| crowded_out);
        WRITING.lock().unwrap_or_else(PoisonError::into_inner).replace(guard);
    } else {
        tracing::debug!("diagnostics have already been started");
    }
    std::panic::set_hook(Box::new(|panic| {
        // A panic message may contain what people typed; the location is enough to find it.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "the program reached a state that its authors thought impossible");
    }));
}

/// Returns the number of lines lost since the process started.
pub(crate) fn lost() -> u64 {
    let crowded_out = CROWDED_OUT.get().map_or(0, ErrorCounter::dropped_lines);
    let crowded_out = u64::try_from(crowded_out).unwrap_or(u64::MAX);
    crowded_out.saturating_add(UNTAKEN.load(Ordering::Relaxed))
}

/// Flushes the queue, then writes why the program ends, if abnormally. Waits at most [`limit::LOG_END_MS`]
/// for a reader that does not read: the process must end.
pub fn end(complaint: Option<String>) {
    let complain = move || {
        if let Some(words) = complaint {
            say::complaint(&words);
        }
    };
    let writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(guard) = writing else { return complain() };
    let (done, is_done) = mpsc::channel();
    let last = thread::Builder::new().name("log's end".to_owned()).spawn(move || {
        // The thread may fail to write its own last message and fall back to standard output, which may be
        // full as well.
        drop(guard);
        complain();
        done.send(())
    });
    if last.is_ok() {
        is_done.recv_timeout(Duration::from_millis(limit::LOG_END_MS)).ok();
    }
}

impl Write for Out {
    /// Always accepts a line: a later one may find a reader.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.takes = io::stderr().lock().write_all(line).is_ok();
        if !self.takes {
            UNTAKEN.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    /// Called when the queue is empty: the reader learns of the lines missing above.
    fn flush(&mut self) -> io::Result<()> {
        let lost = lost().saturating_sub(self.told);
        if self.takes && lost > 0 {
            self.told = self.told.saturating_add(lost);
            tracing::warn!(lost, "lines of this log were dropped, because nobody read them");
        }
        Ok(())
    }
}
