//! The intake: a list of service users on its way into a room, looked at before anything is done.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    details::{Group, PersonChange},
    id::{PersonId, Seq},
    register::OpenQuestion,
    text::{PersonName, Reference},
    transfer::PlaceNow,
};

mod choices;
mod preview;

pub use choices::{
    IntakeAgreed, IntakeAsked, IntakeChoices, IntakeDecision, IntakeFieldChoice, IntakeFunding,
    IntakeRowChoice, IntakeWords,
};
pub use preview::{
    IntakeBecause, IntakeColumn, IntakeCounts, IntakeDifference, IntakeFate, IntakeMeaning,
    IntakeNote, IntakePair, IntakePerson, IntakePreview, IntakeRow, IntakeSheet, IntakeTable,
    IntakeTop, IntakeWord,
};

/// What became of an intake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeDone {
    /// People registered.
    pub registered: u32,
    /// Of those, registered before by the same file.
    pub before: u32,
    /// Pairs made one.
    pub merged: u32,
    /// People changed.
    pub changed: u32,
    /// What the room refused, in words.
    pub refused: Vec<String>,
    /// The counts that were agreed to.
    pub counts: IntakeCounts,
    /// The entry that a screen has to reach to show all of it.
    pub seq: Seq,
}

/// Everybody on a room's register, as somebody who registers people may read them. It never leaves the
/// server as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    /// The room's last entry.
    pub head: Seq,
    /// The people.
    pub people: Vec<Enrolled>,
    /// Who was merged into whom.
    pub merged: BTreeMap<PersonId, PersonId>,
}

/// Somebody on the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// Who.
    pub person: PersonId,
    /// Reference.
    pub reference: Reference,
    /// What is known of them; nothing of the groups that this reader may not read.
    pub details: PersonChange,
    /// Groups that this reader may not read.
    pub unread: Vec<Group>,
    /// Groups that were changed since the person was registered.
    pub edited: Vec<Group>,
    /// Other names this person was listed under.
    pub aliases: Vec<PersonName>,
    /// What an import left open about them.
    pub questions: Vec<OpenQuestion>,
    /// Where they are.
    pub place: PlaceNow,
}
