//! Where the rooms are, for whoever runs a node and for whoever reads them without one.

use std::path::PathBuf;

use clap::Args;
use node::{
    operator::Place,
    settings::{Key, SettingError, Settings},
};

use super::serve::environment;

/// What says where the database of several nodes is. A password is never among it: it comes from the
/// environment, the file of settings, or a file of its own.
#[derive(Debug, Args)]
pub(super) struct DatabaseArgs {
    /// The `PostgreSQL` database that several nodes share, `postgres://name@host/database`: without a password,
    /// which every process could read here. Without it the rooms are in the folder.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// A file whose first line is the database's password.
    #[arg(long, value_name = "FILE")]
    database_password_file: Option<String>,
    /// A file with the certificates that vouch for the database; those that the machine trusts, if nothing
    /// is said.
    #[arg(long, value_name = "FILE")]
    database_ca: Option<String>,
    /// Use a database off this machine without TLS, for a network that is yours alone.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    allow_open_database: Option<String>,
    /// Connections for reading; 8, if nothing is said.
    #[arg(long, value_name = "NUMBER")]
    database_connections: Option<String>,
}

impl DatabaseArgs {
    /// Returns what the command line says of a setting.
    pub(super) fn flag(&self, key: Key) -> Option<String> {
        let given = match key.name {
            "database" => &self.database,
            "database_password_file" => &self.database_password_file,
            "database_ca" => &self.database_ca,
            "allow_open_database" => &self.allow_open_database,
            "database_connections" => &self.database_connections,
            _ => &None,
        };
        given.clone()
    }
}

/// Where the rooms are, for a command that reads them itself.
#[derive(Debug, Args)]
pub(super) struct PlaceArgs {
    /// The file of settings that the node is run with.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl PlaceArgs {
    /// Returns where the rooms are: in the database that is named, otherwise in the folder.
    pub(super) fn place(&self, folder: Option<&PathBuf>) -> Result<Option<Place>, SettingError> {
        let (folder, database) = self.both(folder)?;
        Ok(database.or(folder))
    }

    /// Returns the folder and the database, as far as they are named.
    pub(super) fn both(
        &self,
        folder: Option<&PathBuf>,
    ) -> Result<(Option<Place>, Option<Place>), SettingError> {
        let flag = |key| self.database.flag(key);
        let settings = Settings::gather(flag, environment, self.config.clone())?;
        let database = settings.database()?.map(|address| Place::Database(Box::new(address)));
        Ok((folder.cloned().or_else(|| settings.folder()).map(Place::Folder), database))
    }
}
