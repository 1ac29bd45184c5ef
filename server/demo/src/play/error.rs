//! Errors of the demo.

use node::client::ClientError;

/// Why the demo cannot continue.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The node did not answer as expected.
    #[error("the demo stopped: {0}")]
    Client(#[from] ClientError),
    /// The home's files cannot be parsed.
    #[error("Harbour Rise cannot be read: {0}")]
    Files(#[from] intake::Error),
    /// The day needs something that does not exist, or that the rules refuse.
    #[error("Harbour Rise cannot be played: {0}")]
    Story(String),
    /// A text of the day is too long or invalid.
    #[error("Harbour Rise cannot be played: {0}")]
    Text(#[from] proto::text::TextError),
    /// The node did not restart after the power cut of the day.
    #[error("the power came back, and the node did not: {0}")]
    Power(String),
    /// A screen showed something impossible.
    #[error("the {face} is wrong: {what}. The day stopped, so that it can be looked at")]
    Screen {
        /// The screen.
        face: &'static str,
        /// What is wrong.
        what: String,
    },
    /// A screen did not catch up with the room.
    #[error("the {face} did not show {what} within {seconds} seconds")]
    Late {
        /// The screen.
        face: &'static str,
        /// What it waited for.
        what: String,
        /// How long it waited.
        seconds: u64,
    },
}
