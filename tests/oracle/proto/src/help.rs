//! Help: a call from somebody in the building, and who answers it (PROCEDURE 3.7, R36).

use serde::{Deserialize, Serialize};

/// What help is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelpKind {
    /// Resident unwell: the phone says to call 999.
    ResidentUnwell,
    /// I am not safe.
    NotSafe,
    /// I need the room.
    NeedTheRoom,
}
