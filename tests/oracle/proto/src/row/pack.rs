//! Rows of paper packs. For the desk alone.

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Time},
    member::Actor,
    pack::{PackKind, PackState},
    text::Short,
};

/// A pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackRow {
    /// Its number.
    pub number: u32,
    /// Its short code, printed on every sheet.
    pub code: String,
    /// What it holds.
    pub pack: PackKind,
    /// Whose.
    pub person: Option<PersonId>,
    /// When it was printed.
    pub printed_at: Time,
    /// By whom.
    pub printed_by: Actor,
    /// Where it is.
    pub state: PackState,
    /// In whose hands.
    pub held_by: Option<Short>,
    /// Since when.
    pub since: Time,
}
