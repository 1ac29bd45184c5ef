//! The settings file: TOML, one setting per line, parsed strictly.

use std::{
    collections::BTreeMap,
    io::Read,
    path::{Path, PathBuf},
};

use toml::de::{DeTable, DeValue};

use super::{
    KEYS, Origin, Value,
    error::{SettingError, unknown},
};

/// Maximum size of a settings file: hundreds of times what all settings need.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// The contents of a settings file.
#[derive(Debug, Default)]
pub(super) struct File(BTreeMap<String, Value>);

impl File {
    /// Parses a file; rejects anything that is not a setting.
    pub(super) fn read(path: &Path) -> Result<Self, SettingError> {
        let failed = |words: String| SettingError::File { path: path.display().to_string(), words };
        let file = std::fs::File::open(path).map_err(|error| failed(error.to_string()))?;
        let mut text = String::new();
        let read = file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text);
        let bytes = read.map_err(|error| failed(error.to_string()))?;
        if u64::try_from(bytes).unwrap_or(u64::MAX) > FILE_BYTES_MAX {
            return Err(failed("it is too large for a settings file".to_owned()));
        }
        Self::parse(path, &text)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, SettingError> {
        let line = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        let refused = |at: usize, words: String| SettingError::Line {
            path: path.display().to_string(),
            line: line(at),
            words,
        };
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            refused(at, format!("this is not TOML: {}", error.message()))
        })?;
        let mut said = BTreeMap::new();
        for (name, value) in table.into_inner() {
            let at = name.span().start;
            let name = name.into_inner().into_owned();
            let Some(key) = KEYS.into_iter().find(|key| key.name == name) else {
                return Err(refused(at, unknown(&name)));
            };
            let text = match (value.into_inner(), key.is_switch) {
                (DeValue::Boolean(is), true) => is.to_string(),
                (DeValue::String(text), false) => text.into_owned(),
                (_, true) => return Err(refused(at, format!("`{name}` takes true or false"))),
                (_, false) => return Err(refused(at, format!("`{name}` takes text in quotes"))),
            };
            let origin = Origin::File { path: PathBuf::from(path), line: line(at) };
            said.insert(name, Value { text, origin });
        }
        Ok(Self(said))
    }
}
