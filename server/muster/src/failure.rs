//! Errors of the command line.

use demo::play::PlayError;
use node::{
    client::ClientError, operator::AccessError, settings::SettingError, wiring::StartError,
};

/// Why a command failed; each variant displays as a sentence.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// A setting is invalid.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The node could not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The operator's token file cannot be used.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The node refused the request or could not be reached.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The import cannot be read.
    #[error(transparent)]
    Import(#[from] intake::Error),
    /// The demo cannot continue.
    #[error(transparent)]
    Play(#[from] PlayError),
    /// Another reason.
    #[error("{0}")]
    Words(String),
}
