//! Gates: conditions that a plan asks for (PROCEDURE 4.1.4).

use serde::{Deserialize, Serialize};

/// A gate of the procedure that this release knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Gate {
    /// On the list, confirmed, two identifiers, duplicates resolved.
    G1,
    /// A named social worker.
    G3,
    /// Identity checked by a second identifier, again at the door.
    G22,
    /// Vehicle, crew, expected arrival and destination.
    G23,
    /// The receiving home confirms name and second identifier; spoken handover given.
    G24,
    /// Every person accounted for, swept by two, nobody's place now at the home or being confirmed.
    G30,
}
