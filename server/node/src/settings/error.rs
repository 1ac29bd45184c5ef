//! Why settings are invalid.

use super::{KEYS, Key, Origin, redis};
use crate::{config::ConfigError, traces, wiring};

/// Why settings are invalid; each message names the source.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// The file is unreadable.
    #[error("{path} cannot be read: {words}")]
    File {
        /// The file.
        path: String,
        /// Why.
        words: String,
    },
    /// A line of the file is invalid.
    #[error("{path}, line {line}: {words}")]
    Line {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        words: String,
    },
    /// A value has the wrong type.
    #[error("`{}` takes {takes}, not {shown:?} (from {origin})", key.name)]
    Value {
        /// The setting.
        key: Key,
        /// The value, as it may be shown.
        shown: String,
        /// What it accepts.
        takes: &'static str,
        /// The source of the value.
        origin: Origin,
    },
    /// A required setting is missing.
    #[error(
        "`{name}` is not set: give --{name}, set {env}, or write {name} = \"...\" in the \
         file of --config",
        name = key.name,
        env = key.env()
    )]
    Missing {
        /// The setting.
        key: Key,
    },
    /// The database is unusable.
    #[error("`database` (from {origin}) cannot be used: {why}")]
    Database {
        /// Why.
        why: wiring::AddressError,
        /// The source of the value.
        origin: Origin,
    },
    /// The Redis address is unusable.
    #[error("`redis` (from {origin}) {why}")]
    Redis {
        /// Why.
        why: redis::AddressError,
        /// The source of the value.
        origin: Origin,
    },
    /// A database setting without a database.
    #[error("`{name}` has no effect, because `database` is not set", name = key.name)]
    NoDatabase {
        /// The setting.
        key: Key,
    },
    /// A password on the command line.
    #[error(
        "every process on this machine can read a password on the command line: set {env}, or \
         write {name} = \"...\" in the file of --config",
        name = key.name,
        env = key.env()
    )]
    OpenPassword {
        /// The setting.
        key: Key,
    },
    /// The secret of the bus is missing or too short.
    #[error(
        "nodes that share a Redis need a common secret of at least 32 characters{origin}: \
         set MUSTER_BUS_KEY, or write bus_key = \"...\" in the file of --config; `openssl rand -hex 32` \
         makes one"
    )]
    BusKey {
        /// The source of the short one.
        origin: String,
    },
    /// A Redis setting without a Redis.
    #[error("`{name}` has no effect, because `redis` is not set", name = key.name)]
    NoRedis {
        /// The setting.
        key: Key,
    },
    /// The collector's address is invalid.
    #[error("`traces` (from {origin}) {why}")]
    Traces {
        /// What is wrong with the address.
        why: &'static str,
        /// The source of the value.
        origin: Origin,
    },
    /// Tracing is configured, but not built in.
    #[error("`traces` (from {origin}) cannot be used: {}", traces::WITHOUT)]
    WithoutTraces {
        /// The source of the value.
        origin: Origin,
    },
    /// A tracing setting without a collector.
    #[error("`traces_share` has no effect, because `traces` is not set")]
    NoTraces,
    /// The settings contradict each other.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// Returns the message about an unknown setting, with a suggestion.
pub(super) fn unknown(name: &str) -> String {
    let near = |key: &Key| (strsim::damerau_levenshtein(&name.to_lowercase(), key.name), key.name);
    let nearest = KEYS.iter().map(near).min();
    match nearest {
        Some((away, nearest)) if away * 2 <= nearest.len() => {
            format!("there is no setting `{name}`; did you mean `{nearest}`?")
        }
        Some(_) | None => {
            let names = KEYS.map(|key| key.name).join(", ");
            format!("there is no setting `{name}`; the settings are {names}")
        }
    }
}
