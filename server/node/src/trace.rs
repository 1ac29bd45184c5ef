//! Diagnostics: ids and sentences on standard error, never a person, a secret or a cookie. A thread of their own writes
//! them, so that nobody waits for whoever reads them, and what is not read is lost and counted.

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

/// What the thread that writes is ended by, while there is one.
static WRITING: Mutex<Option<WorkerGuard>> = Mutex::new(None);
/// Lines for which there was no place among those that wait.
static CROWDED_OUT: OnceLock<ErrorCounter> = OnceLock::new();
/// Lines that standard error did not take.
static UNTAKEN: AtomicU64 = AtomicU64::new(0);

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum LogStyle {
    /// For people at a terminal.
    Human,
    /// One JSON object a line.
    Json,
}

/// Standard error, as the thread that writes has it.
#[derive(Debug, Default)]
struct Out {
    /// Whether it took the last line.
    takes: bool,
    /// How many lost lines were told of.
    told: u64,
}

/// Tells whether these words are a filter of diagnostics. An address, which is meant for `traces`, is none, though
/// the library would take it for a module's name.
pub(crate) fn is_filter(words: &str) -> bool {
    !words.contains("://") && EnvFilter::try_new(words).is_ok()
}

/// Begins to write diagnostics from this level on, until [`end`]. `MUSTER_TRACE` takes the filter's own language
/// instead.
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
        tracing::debug!("diagnostics are written already");
    }
    std::panic::set_hook(Box::new(|panic| {
        // The message of a panic may hold what people typed; the place is enough to find it.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "the program reached a state that its authors thought impossible");
    }));
}

/// Returns how many lines were lost since the process began.
pub(crate) fn lost() -> u64 {
    let crowded_out = CROWDED_OUT.get().map_or(0, ErrorCounter::dropped_lines);
    let crowded_out = u64::try_from(crowded_out).unwrap_or(u64::MAX);
    crowded_out.saturating_add(UNTAKEN.load(Ordering::Relaxed))
}

/// Writes what waits, and then why the program ends, if it is not as it should be. Where diagnostics were begun, a
/// reader who does not read is waited for no longer than [`limit::LOG_END_MS`]: the end must come.
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
        // It may find no place for its own last word, and then tells standard output, which may be as full.
        drop(guard);
        complain();
        done.send(())
    });
    if last.is_ok() {
        is_done.recv_timeout(Duration::from_millis(limit::LOG_END_MS)).ok();
    }
}

impl Write for Out {
    /// Takes a line, always: where nobody reads any more, the next may find somebody.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.takes = io::stderr().lock().write_all(line).is_ok();
        if !self.takes {
            UNTAKEN.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    /// Is asked for when nothing waits: whoever reads is told then of what is missing above.
    fn flush(&mut self) -> io::Result<()> {
        let lost = lost().saturating_sub(self.told);
        if self.takes && lost > 0 {
            self.told = self.told.saturating_add(lost);
            tracing::warn!(lost, "lines of this log are lost, because nobody read them");
        }
        Ok(())
    }
}
