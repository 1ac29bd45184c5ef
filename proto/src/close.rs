//! Why the server closes a socket, and whether the client reconnects.

/// A close code: after 4000 to 4499 the client reconnects, after 4500 to 4999 it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// The node is stopping; reconnect to another one.
    GoingAway,
    /// The socket did not take a write in time.
    Slow,
    /// The client sent nothing for too long.
    Silent,
    /// The room had to be reopened from its journal.
    RoomReopened,
    /// More messages than a screen has reason to send.
    TooMany,
    /// The message is not JSON of a known kind.
    Malformed,
    /// The message is larger than the protocol allows.
    TooLarge,
    /// A message came before `hello`, or no `hello` came in time.
    NoHello,
    /// The server does not support the client's protocol version.
    Version,
    /// The login has expired or was revoked.
    LoginEnded,
    /// The login is not valid for this room or audience.
    NotYours,
}

impl Close {
    /// Every close code, for documents and tests.
    pub const ALL: [Self; 11] = [
        Self::GoingAway,
        Self::Slow,
        Self::Silent,
        Self::RoomReopened,
        Self::TooMany,
        Self::Malformed,
        Self::TooLarge,
        Self::NoHello,
        Self::Version,
        Self::LoginEnded,
        Self::NotYours,
    ];

    /// Returns the number on the wire.
    pub const fn code(self) -> u16 {
        match self {
            Self::GoingAway => 4000,
            Self::Slow => 4001,
            Self::Silent => 4002,
            Self::RoomReopened => 4003,
            Self::TooMany => 4004,
            Self::Malformed => 4500,
            Self::TooLarge => 4501,
            Self::NoHello => 4502,
            Self::Version => 4503,
            Self::LoginEnded => 4504,
            Self::NotYours => 4505,
        }
    }

    /// Returns the words sent with the number.
    pub const fn words(self) -> &'static str {
        match self {
            Self::GoingAway => "this node is stopping",
            Self::Slow => "the connection did not take what was sent",
            Self::Silent => "nothing was heard for too long",
            Self::RoomReopened => "the room was opened again",
            Self::TooMany => "too many messages",
            Self::Malformed => "the message could not be read",
            Self::TooLarge => "the message is too large",
            Self::NoHello => "the first message must be hello",
            Self::Version => "this version of the protocol is not spoken here",
            Self::LoginEnded => "the login has ended",
            Self::NotYours => "this login does not carry that room or audience",
        }
    }

    /// Tells whether the client should reconnect.
    pub const fn comes_back(self) -> bool {
        self.code() < 4500
    }
}
