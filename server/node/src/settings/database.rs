//! Settings of the database that several nodes share.

use std::{path::Path, sync::Arc};

use super::{
    ALLOW_OPEN_DATABASE, DATABASE, DATABASE_CA, DATABASE_CONNECTIONS, DATABASE_PASSWORD_FILE, Key,
    Origin, SettingError, Settings, switch,
};
use crate::{
    trust::{Server, Trust},
    wiring::{Address, Database},
};

/// Maximum connections: more do not make a database faster, and its own limit is a hundred for all nodes.
const CONNECTIONS_MAX: usize = 64;

/// Returns the configured database and its trust settings.
pub(super) fn chosen(settings: &Settings) -> Result<Option<(Address, Arc<Trust>)>, SettingError> {
    let may_be_plain = settings.parsed(ALLOW_OPEN_DATABASE, "true or false", switch)?;
    let connections =
        settings.parsed(DATABASE_CONNECTIONS, "a number from 1 to 64, in quotes", |text| {
            text.parse().ok().filter(|number| (1..=CONNECTIONS_MAX).contains(number))
        })?;
    let Some(said) = settings.get(DATABASE) else {
        let about = [DATABASE_PASSWORD_FILE, DATABASE_CA];
        return match about.into_iter().find(|key| settings.get(*key).is_some()) {
            Some(key) => Err(SettingError::NoDatabase { key }),
            None => Ok(None),
        };
    };
    if matches!(said.origin, Origin::Flag(_)) && Database::shown(&said.text) != said.text {
        return Err(SettingError::OpenPassword { key: DATABASE });
    }
    let password = match settings.get(DATABASE_PASSWORD_FILE) {
        Some(file) => Some(password(&file.text)?),
        None => None,
    };
    let known = trust(settings, Server::Database, DATABASE_CA)?;
    let (url, trust) = (said.text.clone(), Some(Trust::asked(&known)));
    let asked = Database { url, password, trust, may_be_plain, connections };
    let address = Address::parse(&asked)
        .map_err(|why| SettingError::Database { why, origin: said.origin.clone() })?;
    Ok(Some((address, known)))
}

/// Returns the trust settings of a server, with the CA file if one is set.
pub(super) fn trust(
    settings: &Settings,
    server: Server,
    key: Key,
) -> Result<Arc<Trust>, SettingError> {
    let file = settings.get(key).map(|said| said.text.as_str());
    Trust::of(server, file.map(Path::new)).map_err(|words| {
        let path = file.unwrap_or_default().to_owned();
        SettingError::File { path, words }
    })
}

/// Returns the first line of a file.
fn password(path: &str) -> Result<String, SettingError> {
    let failed = |words: String| SettingError::File { path: path.to_owned(), words };
    let text = std::fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        Some(_) | None => Err(failed("its first line must be the password".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(flags: &[(Key, &str)], env: &[(Key, &str)]) -> Settings {
        let find = |list: &[(Key, &str)], found: &dyn Fn(Key) -> bool| {
            list.iter().find(|(key, _)| found(*key)).map(|(_, text)| (*text).to_owned())
        };
        Settings::gather(
            |key| find(flags, &|known| known == key),
            |name| find(env, &|known: Key| known.env() == name),
            None,
        )
        .unwrap()
    }

    fn words(flags: &[(Key, &str)], env: &[(Key, &str)]) -> String {
        chosen(&settings(flags, env)).map(|_| ()).unwrap_err().to_string()
    }

    const HERE: &str = "postgres://m:hunter2@127.0.0.1/muster";

    #[test]
    fn rooms_are_in_the_folder_unless_a_database_is_set() {
        assert!(chosen(&settings(&[], &[])).unwrap().is_none());
        let settings = settings(&[], &[(DATABASE, HERE)]);
        assert!(chosen(&settings).unwrap().is_some());
        let shown = settings.show();
        assert!(shown.contains("database = \"postgres://m:(hidden)@127.0.0.1/muster\""), "{shown}");
        let named = |file| words(&[], &[(DATABASE, HERE), (DATABASE_CA, file)]);
        assert!(named("/nowhere/ca.pem").starts_with("/nowhere/ca.pem cannot be read"));
        assert!(named("/dev/null").contains("has no certificate"));
        let alone = words(&[(DATABASE_CA, "/ca.pem")], &[]);
        assert!(alone.contains("`database_ca`") && alone.contains("is not set"), "{alone}");
    }

    #[test]
    fn a_password_on_the_command_line_is_refused_with_where_it_belongs() {
        let refused = words(&[(DATABASE, HERE)], &[]);
        assert!(refused.contains("MUSTER_DATABASE") && !refused.contains("hunter2"), "{refused}");
        let without = [(DATABASE, "postgres://m@127.0.0.1/muster")];
        assert!(chosen(&settings(&without, &[])).unwrap().is_some());
    }

    #[test]
    fn a_password_is_the_first_line_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        let path = file.to_str().unwrap();
        let said = [(DATABASE, "postgres://m@127.0.0.1/muster"), (DATABASE_PASSWORD_FILE, path)];
        assert!(words(&[], &said).contains("cannot be read"));
        std::fs::write(&file, "\n").unwrap();
        assert!(words(&[], &said).contains("first line"));
        std::fs::write(&file, "hunter2\n").unwrap();
        assert!(chosen(&settings(&[], &said)).unwrap().is_some());
    }

    #[test]
    fn invalid_settings_are_refused_with_their_source() {
        let far =
            words(&[], &[(DATABASE, "postgres://m:hunter2@db.example/muster?sslmode=disable")]);
        assert!(far.contains("MUSTER_DATABASE") && far.contains("--allow-open-database"), "{far}");
        assert!(!far.contains("hunter2"), "{far}");
        let many = words(&[(DATABASE_CONNECTIONS, "1000")], &[(DATABASE, HERE)]);
        assert!(many.contains("from 1 to 64"), "{many}");
    }
}
