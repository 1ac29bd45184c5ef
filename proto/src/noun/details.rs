//! The details of a service user that people edit (PROCEDURE 3.5).

use serde::{Deserialize, Serialize};

use crate::{
    field::fields,
    id::{CommandId, PersonId, Time},
    kinds::kinds,
    member::Actor,
    person::{Care, Funding, Marks, Mobility, NextOfKin},
    text::{Bedroom, BirthDate, Line, NhsNumber, Note, PersonName, RowText, Short},
};

fields! {
    /// Everything the register holds about a service user that people edit. Edits of different groups merge; an edit of
    /// a group on old ground is set aside (DESIGN 4.1).
    #[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "details.ts", optional_fields))]
    record PersonChange by Group {
        /// Full name.
        name: PersonName, Name, Ident, "Full name", shown;
        /// What the person likes to be called.
        known_as: PersonName, Name, Ident, "Likes to be called", shown;
        /// Birth date.
        date_of_birth: BirthDate, Identity, Ident, "Birth date", shown;
        /// NHS number.
        nhs_number: NhsNumber, Identity, Ident, "NHS number";
        /// The code on the wristband.
        wristband: Short, Identity, Ident, "Wristband";
        /// Bedroom at the failing home.
        bedroom: Bedroom, Bedroom, Census, "Bedroom", shown;
        /// How the person moves.
        mobility: Mobility, Handling, Card, "Moves", shown;
        /// The kind of care needed.
        care: Care, Needs, Card, "Kind of care", shown;
        /// Who pays.
        funding: Funding, Funding, Money, "Who pays";
        /// What the person needs, in words.
        needs: Note, Needs, Health, "Needs";
        /// The one line that everybody who handles the person must read.
        handle_safely: Line, HandleSafely, Card, "Handle safely", shown;
        /// Marks.
        marks: Marks, Handling, Card, "Marks", shown;
        /// The keep-together group (R9).
        keep_together: Short, KeepTogether, Circle, "Keep together", shown;
        /// Whom to inform.
        next_of_kin: NextOfKin, Circle, Circle, "To be told";
        /// Notes.
        notes: Note, Notes, Health, "Notes";
    }
}

/// A group of fields that is edited as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "details.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Name and known-as.
    Name,
    /// Birth date, NHS number, wristband.
    Identity,
    /// Bedroom.
    Bedroom,
    /// Mobility and marks.
    Handling,
    /// Kind of care and needs.
    Needs,
    /// Who pays.
    Funding,
    /// The handle-safely line.
    HandleSafely,
    /// The keep-together group.
    KeepTogether,
    /// Who is to be told.
    Circle,
    /// Notes.
    Notes,
}

/// What an edit says of details that rows show. What is on the card alone is not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "details.ts", optional_fields))]
pub struct EditedDetails {
    /// Full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub name: Option<PersonName>,
    /// What the person likes to be called.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub known_as: Option<PersonName>,
    /// Birth date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<BirthDate>,
    /// Bedroom at the failing home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bedroom: Option<Bedroom>,
    /// How the person moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobility: Option<Mobility>,
    /// The kind of care needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care: Option<Care>,
    /// The handle-safely line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle_safely: Option<RowText>,
    /// Marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marks: Option<Marks>,
    /// The keep-together group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_together: Option<RowText>,
}

/// An edit set aside, waiting for a person. It has no row once it is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "details.ts"))]
pub struct EditRow {
    /// The edit: the id of the command that brought it.
    pub edit: CommandId,
    /// Whom it is about.
    pub person: PersonId,
    /// Which fields.
    pub groups: Vec<Group>,
    /// What the edit wants.
    pub mine: EditedDetails,
    /// What stood when it came.
    pub stands: EditedDetails,
    /// Who made it.
    pub by: Actor,
    /// When.
    pub at: Time,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "DetailsPlans" in "details.ts" {
        /// Edits the groups of fields that are given.
        "change_service_user" => Change { person: PersonId, change: Box<PersonChange> },
        /// Decides an edit that was set aside: take it, or leave what stands.
        "settle_edit" => SettleEdit { edit: CommandId, take: bool },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// Fields of somebody changed.
        "service_user_changed/1" => Changed { person: PersonId, change: Box<PersonChange> },
        /// An edit on old ground was set aside; both values are kept.
        "edit_set_aside/1" => SetAside {
            person: PersonId,
            groups: Vec<Group>,
            mine: Box<PersonChange>,
            stands: Box<PersonChange>,
        },
        /// A set-aside edit was decided.
        "edit_settled/1" => EditSettled { edit: CommandId, take: bool },
    }
}
