//! Why settings are refused.

use super::{KEYS, Key, Origin, redis};
use crate::{config::ConfigError, traces, wiring};

/// Why settings are refused; each is a sentence that says where.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {words}")]
    File {
        /// The file.
        path: String,
        /// Why.
        words: String,
    },
    /// A line of the file says nothing that can be set.
    #[error("{path}, line {line}: {words}")]
    Line {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        words: String,
    },
    /// A value is not what its setting takes.
    #[error("`{}` takes {takes}, and not {shown:?}, which comes from {origin}", key.name)]
    Value {
        /// The setting.
        key: Key,
        /// The value, as it may be shown.
        shown: String,
        /// What it takes.
        takes: &'static str,
        /// Where the value comes from.
        origin: Origin,
    },
    /// What has no default was not said.
    #[error(
        "nothing says what `{name}` is: say --{name}, set {env}, or write {name} = \"...\" in the \
         file of --config",
        name = key.name,
        env = key.env()
    )]
    Missing {
        /// The setting.
        key: Key,
    },
    /// The database cannot be used.
    #[error("`database`, which comes from {origin}, cannot be used: {why}")]
    Database {
        /// Why.
        why: wiring::AddressError,
        /// Where it comes from.
        origin: Origin,
    },
    /// The address of Redis cannot be used.
    #[error("`redis`, which comes from {origin}, {why}")]
    Redis {
        /// Why.
        why: redis::AddressError,
        /// Where it comes from.
        origin: Origin,
    },
    /// Something is said about a database that there is not.
    #[error("`{name}` is about a database, and nothing says where it is: `database` is not set", name = key.name)]
    NoDatabase {
        /// The setting.
        key: Key,
    },
    /// A password was given where others can read it.
    #[error(
        "a password on the command line can be read by every process of this machine: set {env}, or \
         write {name} = \"...\" in the file of --config",
        name = key.name,
        env = key.env()
    )]
    OpenPassword {
        /// The setting.
        key: Key,
    },
    /// Nodes that ring for each other have no key, or a poor one.
    #[error(
        "nodes that ring for each other over Redis share a secret of at least 32 characters{origin}: \
         set MUSTER_BUS_KEY, or write bus_key = \"...\" in the file of --config; `openssl rand -hex 32` \
         makes one"
    )]
    BusKey {
        /// Where the poor one comes from.
        origin: String,
    },
    /// Something is said about a Redis that there is not.
    #[error("`{name}` is about a Redis, and nothing says where it is: `redis` is not set", name = key.name)]
    NoRedis {
        /// The setting.
        key: Key,
    },
    /// A collector of traces cannot be reached at what is said.
    #[error("`traces`, which comes from {origin}, {why}")]
    Traces {
        /// What an address is.
        why: &'static str,
        /// Where it comes from.
        origin: Origin,
    },
    /// Traces are asked of a program that makes none.
    #[error("`traces`, which comes from {origin}, cannot be used: {}", traces::WITHOUT)]
    WithoutTraces {
        /// Where it comes from.
        origin: Origin,
    },
    /// Something is said about traces that go nowhere.
    #[error("`traces_share` is about traces, and nothing says where they go: `traces` is not set")]
    NoTraces,
    /// The settings do not go together.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

/// Returns words for a setting that there is not, with the one that was probably meant.
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
