//! The intake: import of a list of service users, with a preview before anything changes.

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

/// The result of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "intake.ts"))]
pub struct IntakeDone {
    /// People registered.
    pub registered: u32,
    /// Of those, already registered by the same file.
    pub before: u32,
    /// Pairs merged.
    pub merged: u32,
    /// People changed.
    pub changed: u32,
    /// What the room refused, in words.
    pub refused: Vec<String>,
    /// The agreed counts.
    pub counts: IntakeCounts,
    /// The entry that a screen has to reach to show the whole import.
    pub seq: Seq,
}

/// A room's register, as readable by a member who registers people. It never leaves the server in this form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    /// The room's last entry.
    pub head: Seq,
    /// The people.
    pub people: Vec<Enrolled>,
    /// Merged people, with the person each was merged into.
    pub merged: BTreeMap<PersonId, PersonId>,
}

/// A person on the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolled {
    /// The person.
    pub person: PersonId,
    /// Reference.
    pub reference: Reference,
    /// Their details, without the groups that this reader may not read.
    pub details: PersonChange,
    /// Groups that this reader may not read.
    pub unread: Vec<Group>,
    /// Groups changed since the person was registered.
    pub edited: Vec<Group>,
    /// Other names this person was listed under.
    pub aliases: Vec<PersonName>,
    /// Questions that an import left open about them.
    pub questions: Vec<OpenQuestion>,
    /// Where they are.
    pub place: PlaceNow,
}
