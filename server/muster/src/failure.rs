//! Why a command did not do what was asked.

use demo::play::PlayError;
use node::{
    client::ClientError, operator::AccessError, settings::SettingError, wiring::StartError,
};

/// Why a command did not do what was asked; each is a sentence.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The settings are refused.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The node does not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The operator's file cannot be used.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The node did not do it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The import cannot be read.
    #[error(transparent)]
    Import(#[from] intake::Error),
    /// The demo does not go on.
    #[error(transparent)]
    Play(#[from] PlayError),
    /// Another reason.
    #[error("{0}")]
    Words(String),
}
