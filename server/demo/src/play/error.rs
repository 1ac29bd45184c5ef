//! Why the demo does not go on, in words.

use node::client::ClientError;

/// Why the demo does not go on.
#[derive(Debug, thiserror::Error)]
pub enum PlayError {
    /// The node did not answer as it should.
    #[error("the demo stopped: {0}")]
    Client(#[from] ClientError),
    /// The files of the home cannot be read.
    #[error("Harbour Rise cannot be read: {0}")]
    Files(#[from] intake::Error),
    /// It asks for something that is not there, or that the rules refuse.
    #[error("Harbour Rise cannot be played: {0}")]
    Story(String),
    /// A text of the day does not fit where it belongs.
    #[error("Harbour Rise cannot be played: {0}")]
    Text(#[from] proto::text::TextError),
    /// The node's power failed as the day has it, and it did not come back.
    #[error("the power came back, and the node did not: {0}")]
    Power(String),
    /// A screen showed something that cannot be.
    #[error("the {face} is wrong: {what}. The day stopped, so that it can be looked at")]
    Screen {
        /// Which screen.
        face: &'static str,
        /// What is wrong.
        what: String,
    },
    /// A screen did not come to where the room is.
    #[error("the {face} did not show {what} within {seconds} seconds")]
    Late {
        /// Which screen.
        face: &'static str,
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
}
