//! Where the rooms are stored, for commands that run a node and commands that read the rooms directly.

use std::path::PathBuf;

use clap::Args;
use node::{
    operator::Place,
    settings::{Key, SettingError, Settings},
};

use super::serve::environment;

/// Location of the database that several nodes share. It never includes a password: that comes from the
/// environment, the settings file, or a file of its own.
#[derive(Debug, Args)]
pub(super) struct DatabaseArgs {
    /// The `PostgreSQL` database that several nodes share, `postgres://name@host/database`. Leave the
    /// password out: every process on this machine can read it here. Without this flag, rooms are stored in
    /// the folder.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// A file whose first line is the database password.
    #[arg(long, value_name = "FILE")]
    database_password_file: Option<String>,
    /// A file with the CA certificates for the database; by default, those that the machine trusts.
    #[arg(long, value_name = "FILE")]
    database_ca: Option<String>,
    /// Connect without TLS to a database on another machine, for a private network.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    allow_open_database: Option<String>,
    /// Connections for reading; 8 by default.
    #[arg(long, value_name = "NUMBER")]
    database_connections: Option<String>,
}

impl DatabaseArgs {
    /// Returns the value of a setting on the command line.
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

/// Where the rooms are stored, for a command that reads them itself.
#[derive(Debug, Args)]
pub(super) struct PlaceArgs {
    /// The settings file of the node.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    database: DatabaseArgs,
}

impl PlaceArgs {
    /// Returns the database if one is configured, otherwise the folder.
    pub(super) fn place(&self, folder: Option<&PathBuf>) -> Result<Option<Place>, SettingError> {
        let (folder, database) = self.both(folder)?;
        Ok(database.or(folder))
    }

    /// Returns the folder and the database, each if configured.
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
