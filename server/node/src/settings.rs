//! Settings: flags override the environment, which overrides the file, which overrides the defaults.

use std::{path::PathBuf, sync::Arc};

use clap::ValueEnum;

mod database;
mod error;
mod file;
mod redis;
mod traces;

pub use error::SettingError;
use file::File;

use crate::{
    config::Config,
    trace::{LogStyle, is_filter},
    trust::Trust,
    wiring::{Address, Database},
};

/// A setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The name in the file. The flag uses hyphens, the environment upper case.
    pub name: &'static str,
    /// The default value.
    default: Option<&'static str>,
    /// True or false, rather than text.
    is_switch: bool,
    /// Never shown, and never accepted as a flag, which every process on the machine could read.
    is_secret: bool,
}

impl Key {
    const fn words(name: &'static str, default: Option<&'static str>) -> Self {
        Self { name, default, is_switch: false, is_secret: false }
    }

    /// Returns the environment variable.
    pub fn env(self) -> String {
        format!("MUSTER_{}", self.name.to_uppercase())
    }

    /// Returns the flag.
    fn flag(self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }
}

const DATA: Key = Key::words("data", None);
const DATABASE: Key = Key::words("database", None);
const DATABASE_PASSWORD_FILE: Key = Key::words("database_password_file", None);
const DATABASE_CA: Key = Key::words("database_ca", None);
const ALLOW_OPEN_DATABASE: Key =
    Key { is_switch: true, ..Key::words("allow_open_database", Some("false")) };
const DATABASE_CONNECTIONS: Key = Key::words("database_connections", Some("8"));
const LISTEN: Key = Key::words("listen", Some("127.0.0.1:8080"));
const BEHIND_PROXY: Key = Key { is_switch: true, ..Key::words("behind_proxy", Some("false")) };
const PUBLIC_URL: Key = Key::words("public_url", None);
const REDIS: Key = Key::words("redis", None);
const REDIS_CA: Key = Key::words("redis_ca", None);
const ALLOW_OPEN_REDIS: Key =
    Key { is_switch: true, ..Key::words("allow_open_redis", Some("false")) };
const BUS_KEY: Key = Key { is_secret: true, ..Key::words("bus_key", None) };
const METRICS: Key = Key::words("metrics", None);
const TRACES: Key = Key::words("traces", None);
const TRACES_SHARE: Key = Key::words("traces_share", Some("1"));
const LOG: Key = Key::words("log", Some("human"));
const TRACE: Key = Key::words("trace", Some("info"));

/// Every setting, in display order.
pub const KEYS: [Key; 18] = [
    DATA,
    DATABASE,
    DATABASE_PASSWORD_FILE,
    DATABASE_CA,
    ALLOW_OPEN_DATABASE,
    DATABASE_CONNECTIONS,
    REDIS,
    REDIS_CA,
    ALLOW_OPEN_REDIS,
    BUS_KEY,
    LISTEN,
    BEHIND_PROXY,
    PUBLIC_URL,
    METRICS,
    TRACES,
    TRACES_SHARE,
    LOG,
    TRACE,
];

/// The source of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag(String),
    /// The environment.
    Env(String),
    /// The file and the line.
    File {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// The default.
    Default,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Env(name) => write!(f, "the environment, {name}"),
            Self::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::Default => write!(f, "the default"),
        }
    }
}

/// A value and its source.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Value {
    text: String,
    origin: Origin,
}

/// The settings in effect, by key.
#[derive(Debug)]
pub struct Settings(Vec<(Key, Option<Value>)>);

/// The validated settings of a node.
#[derive(Debug)]
pub struct Chosen {
    /// The node's folder.
    pub data: PathBuf,
    /// The shared database, if rooms are not stored in the folder.
    pub database: Option<Address>,
    /// The trust settings of the servers that the node connects to.
    pub trusts: Vec<Arc<Trust>>,
    /// The node's configuration.
    pub config: Config,
    /// The Redis that nodes notify each other through; the node runs alone without it.
    pub redis: Option<redis::Redis>,
    /// The format of diagnostics.
    pub log: LogStyle,
    /// The filter of diagnostics.
    pub trace: String,
}

impl Settings {
    /// Merges flags, environment and file.
    pub fn gather(
        flag: impl Fn(Key) -> Option<String>,
        env: impl Fn(&str) -> Option<String>,
        file: Option<PathBuf>,
    ) -> Result<Self, SettingError> {
        let named = file.or_else(|| env("MUSTER_CONFIG").map(PathBuf::from));
        let file = named.map(|path| File::read(&path)).transpose()?.unwrap_or_default();
        let value = |key: Key| {
            let said = |text, origin| Some(Value { text, origin });
            flag(key)
                .and_then(|text| said(text, Origin::Flag(key.flag())))
                .or_else(|| env(&key.env()).and_then(|text| said(text, Origin::Env(key.env()))))
                .or_else(|| file.get(key.name).cloned())
                .or_else(|| said(key.default?.to_owned(), Origin::Default))
        };
        Ok(Self(KEYS.into_iter().map(|key| (key, value(key))).collect()))
    }

    fn get(&self, key: Key) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == key)?.1.as_ref()
    }

    /// Parses a value; the error names its source.
    fn parsed<T>(
        &self,
        key: Key,
        takes: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, SettingError> {
        let value = self.get(key).ok_or(SettingError::Missing { key })?;
        parse(&value.text).ok_or_else(|| SettingError::Value {
            key,
            shown: shown(key, &value.text),
            takes,
            origin: value.origin.clone(),
        })
    }

    /// Validates the settings.
    pub fn chosen(&self) -> Result<Chosen, SettingError> {
        let listen =
            self.parsed(LISTEN, "an address and a port, such as 127.0.0.1:8080", |text| {
                text.parse().ok()
            })?;
        let behind_proxy = self.parsed(BEHIND_PROXY, "true or false", switch)?;
        let url = self.get(PUBLIC_URL).map(|value| value.text.as_str());
        let takes = "an address and a port, such as 127.0.0.1:9464";
        let metrics = match self.get(METRICS) {
            Some(_) => Some(self.parsed(METRICS, takes, |text| text.parse().ok())?),
            None => None,
        };
        let log = |text: &str| LogStyle::from_str(text, true).ok();
        let (database, known) = database::chosen(self)?.unzip();
        let (redis, rung) = redis::chosen(self)?.unzip();
        Ok(Chosen {
            data: self.parsed(DATA, "a folder", |text| Some(PathBuf::from(text)))?,
            database,
            trusts: known.into_iter().chain(rung.flatten()).collect(),
            config: Config {
                traces: traces::chosen(self)?,
                ..Config::parse(listen, behind_proxy, url)?.with_metrics(metrics)?
            },
            redis,
            log: self.parsed(LOG, "human or json", log)?,
            trace: self.parsed(TRACE, "a log filter, such as info", |text| {
                is_filter(text).then(|| text.to_owned())
            })?,
        })
    }

    /// Returns the folder, if set; a command may need none.
    pub fn folder(&self) -> Option<PathBuf> {
        self.get(DATA).map(|value| PathBuf::from(&value.text))
    }

    /// Returns the shared database, if set.
    pub fn database(&self) -> Result<Option<Address>, SettingError> {
        Ok(database::chosen(self)?.map(|(address, _)| address))
    }

    /// Returns the settings in effect in the format of the file, each with its source.
    pub fn show(&self) -> String {
        let line = |(key, value): &(Key, Option<Value>)| match value {
            Some(Value { text, origin }) => {
                let text = match (key.is_secret, key.is_switch.then(|| switch(text)).flatten()) {
                    (false, Some(is)) => is.to_string(),
                    (false, None) | (true, _) => toml::Value::from(shown(*key, text)).to_string(),
                };
                format!("{} = {text}  # from {origin}", key.name)
            }
            None => format!("# {} is not set", key.name),
        };
        self.0.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Returns a value for display.
fn shown(key: Key, text: &str) -> String {
    let is_hidden = key.is_secret || (key == REDIS && redis::holds_password(text));
    if is_hidden { "(hidden)".to_owned() } else { Database::shown(text) }
}

/// Parses a switch.
fn switch(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Some(true),
        "false" | "no" | "off" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example file that deployments start from.
    const EXAMPLE: &str = include_str!("../../../deploy/muster.toml");

    struct Said<'a> {
        flags: &'a [(&'a str, &'a str)],
        env: &'a [(&'a str, &'a str)],
        file: &'a str,
    }

    const NOTHING: Said<'_> = Said { flags: &[], env: &[], file: "" };

    fn gathered(said: &Said<'_>) -> Result<Settings, SettingError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("muster.toml");
        std::fs::write(&path, said.file).unwrap();
        let among = |list: &[(&str, &str)], name: &str| {
            list.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())
        };
        Settings::gather(
            |key| among(said.flags, key.name),
            |name| among(said.env, name),
            Some(path),
        )
    }

    fn words(said: &Said<'_>) -> String {
        let refused = gathered(said).and_then(|settings| settings.chosen());
        refused.err().map(|error| error.to_string()).expect("it is refused")
    }

    #[test]
    fn flags_override_the_environment_which_overrides_the_file_which_overrides_defaults() {
        let file = "data = \"/file\"\nlog = \"json\"\nlisten = \"127.0.0.1:3\"\n";
        let env = [("MUSTER_DATA", "/env"), ("MUSTER_LISTEN", "127.0.0.1:2")];
        let said = Said { flags: &[("listen", "127.0.0.1:1")], env: &env, file };
        let settings = gathered(&said).unwrap();
        let chosen = settings.chosen().unwrap();
        assert_eq!(chosen.config.listen, "127.0.0.1:1".parse().unwrap());
        assert_eq!(chosen.data, PathBuf::from("/env"));
        assert_eq!((chosen.log, chosen.trace.as_str()), (LogStyle::Json, "info"));
        let shown = settings.show();
        for line in [
            "data = \"/env\"  # from the environment, MUSTER_DATA",
            "listen = \"127.0.0.1:1\"  # from --listen",
            "behind_proxy = false  # from the default",
            "# public_url is not set",
        ] {
            assert!(shown.lines().any(|shown| shown == line), "{shown}");
        }
        assert!(shown.contains("muster.toml, line 2"), "{shown}");
        assert!(shown.parse::<toml::Table>().is_ok(), "what is shown is a file: {shown}");
    }

    #[test]
    fn the_example_covers_every_setting_and_is_valid() {
        let settings = gathered(&Said { file: EXAMPLE, ..NOTHING }).unwrap();
        let chosen = settings.chosen().unwrap();
        assert_eq!(chosen.config.public_url.unwrap().origin(), "https://muster.example");
        for (key, value) in &settings.0 {
            let is_said = matches!(value, Some(Value { origin: Origin::File { .. }, .. }));
            // Most nodes run without a shared database, and the example cannot name a file that does not
            // exist.
            let is_told = EXAMPLE.contains(&format!("\n# {} = ", key.name));
            assert!(is_said || is_told, "the example does not say {}", key.name);
            let told = format!("Default: {:?}", key.default.unwrap_or_default());
            let told = if key.is_switch { told.replace('"', "") } else { told };
            assert!(key.default.is_none() || EXAMPLE.contains(&told), "{told}");
        }
    }

    #[test]
    fn an_unknown_setting_is_refused_with_its_line_and_a_suggestion() {
        let refused = |file| words(&Said { file, ..NOTHING });
        let lisen = refused("data = \"/d\"\n\nlisen = \"127.0.0.1:1\"\n");
        assert!(lisen.contains("line 3") && lisen.contains("`lisen`"), "{lisen}");
        assert!(lisen.ends_with("did you mean `listen`?"), "{lisen}");
        assert!(refused("public-url = \"x\"").ends_with("did you mean `public_url`?"));
        assert!(
            refused("[server]\nlisten = \"x\"").contains("line 1: there is no setting `server`")
        );
        let far = refused("zebra = 1");
        assert!(
            far.ends_with(&format!("the settings are {}", KEYS.map(|key| key.name).join(", ")))
        );
    }

    #[test]
    fn a_value_of_the_wrong_type_is_refused_with_its_source() {
        let file = |file| words(&Said { file, ..NOTHING });
        let yes = file("data = \"/d\"\nbehind_proxy = \"yes\"\n");
        assert!(yes.contains("line 2: `behind_proxy` takes true or false"), "{yes}");
        assert!(file("listen = 8080").contains("line 1: `listen` takes text in quotes"));
        assert!(file("data = \"/d\"\ndata = \"/e\"").contains("line 2"));
        assert!(file("data = \"/d").contains("line 1"));
        let env = [("MUSTER_DATA", "/d"), ("MUSTER_BEHIND_PROXY", "perhaps")];
        let odd = words(&Said { env: &env, ..NOTHING });
        assert!(odd.contains("MUSTER_BEHIND_PROXY") && odd.contains("true or false"), "{odd}");
        let flags = [("data", "/d"), ("listen", "8080")];
        let odd = words(&Said { flags: &flags, ..NOTHING });
        assert!(odd.contains("--listen") && odd.contains("127.0.0.1:8080"), "{odd}");
        let odd = file("data = \"/d\"\nlog = \"loud\"");
        assert!(odd.contains("line 2") && odd.contains("human or json"), "{odd}");
        assert!(file("data = \"/d\"\ntrace = \"a=b=c\"").contains("a log filter"));
    }

    #[test]
    fn a_missing_folder_is_reported_with_how_to_set_it() {
        let missing = words(&NOTHING);
        assert!(missing.contains("--data") && missing.contains("MUSTER_DATA"), "{missing}");
        let gone = Settings::gather(|_| None, |_| None, Some(PathBuf::from("/nowhere/m.toml")));
        let gone = gone.err().map(|error| error.to_string()).unwrap();
        assert!(gone.starts_with("/nowhere/m.toml cannot be read"), "{gone}");
    }

    #[test]
    fn a_secret_is_never_shown() {
        let key = Key { is_secret: true, ..Key::words("secret", None) };
        let value = Value { text: "hunter2".to_owned(), origin: Origin::Default };
        let shown = Settings(vec![(key, Some(value))]).show();
        assert!(shown.contains("secret = \"(hidden)\"") && !shown.contains("hunter2"), "{shown}");
    }
}
