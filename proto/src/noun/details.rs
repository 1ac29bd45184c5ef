//! The details of a service user that people edit (PROCEDURE 3.5).

use serde::{Deserialize, Serialize};

use crate::{
    id::{CommandId, PersonId, Time},
    kinds::kinds,
    member::Actor,
    person::{Care, Funding, Marks, Mobility, NextOfKin},
    text::{Bedroom, BirthDate, Line, NhsNumber, Note, PersonName, RowText, Short},
};

/// Everything the register holds about a service user that people edit. Each field is one group: edits
/// of different groups merge, edits of one group on old ground are set aside (DESIGN 4.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "details.ts", optional_fields))]
#[serde(deny_unknown_fields, default)]
pub struct PersonChange {
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
    /// NHS number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nhs_number: Option<NhsNumber>,
    /// The code on the wristband.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub wristband: Option<Short>,
    /// Bedroom at the failing home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bedroom: Option<Bedroom>,
    /// How the person moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobility: Option<Mobility>,
    /// The kind of care needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care: Option<Care>,
    /// Who pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funding: Option<Funding>,
    /// What the person needs, in words (on the card only).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub needs: Option<Note>,
    /// The one line whoever handles the person must read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub handle_safely: Option<Line>,
    /// Marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marks: Option<Marks>,
    /// The keep-together group (R9).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub keep_together: Option<Short>,
    /// Who is to be told (on the card only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_of_kin: Option<NextOfKin>,
    /// Notes (on the card only).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub notes: Option<Note>,
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

impl PersonChange {
    /// Returns the groups of fields this change touches, in order, each once.
    pub fn groups(&self) -> Vec<Group> {
        let touched = [
            (Group::Name, self.name.is_some() || self.known_as.is_some()),
            (
                Group::Identity,
                self.date_of_birth.is_some()
                    || self.nhs_number.is_some()
                    || self.wristband.is_some(),
            ),
            (Group::Bedroom, self.bedroom.is_some()),
            (Group::Handling, self.mobility.is_some() || self.marks.is_some()),
            (Group::Needs, self.care.is_some() || self.needs.is_some()),
            (Group::Funding, self.funding.is_some()),
            (Group::HandleSafely, self.handle_safely.is_some()),
            (Group::KeepTogether, self.keep_together.is_some()),
            (Group::Circle, self.next_of_kin.is_some()),
            (Group::Notes, self.notes.is_some()),
        ];
        touched.into_iter().filter_map(|(group, is)| is.then_some(group)).collect()
    }

    /// Returns only the fields of one group.
    #[must_use]
    pub fn only(&self, group: Group) -> Self {
        /// Returns the value where its group is the one wanted.
        fn of<T: Clone>(wanted: bool, value: Option<&T>) -> Option<T> {
            value.filter(|_| wanted).cloned()
        }
        let is = |candidate: Group| candidate == group;
        Self {
            name: of(is(Group::Name), self.name.as_ref()),
            known_as: of(is(Group::Name), self.known_as.as_ref()),
            date_of_birth: of(is(Group::Identity), self.date_of_birth.as_ref()),
            nhs_number: of(is(Group::Identity), self.nhs_number.as_ref()),
            wristband: of(is(Group::Identity), self.wristband.as_ref()),
            bedroom: of(is(Group::Bedroom), self.bedroom.as_ref()),
            mobility: of(is(Group::Handling), self.mobility.as_ref()),
            marks: of(is(Group::Handling), self.marks.as_ref()),
            care: of(is(Group::Needs), self.care.as_ref()),
            needs: of(is(Group::Needs), self.needs.as_ref()),
            funding: of(is(Group::Funding), self.funding.as_ref()),
            handle_safely: of(is(Group::HandleSafely), self.handle_safely.as_ref()),
            keep_together: of(is(Group::KeepTogether), self.keep_together.as_ref()),
            next_of_kin: of(is(Group::Circle), self.next_of_kin.as_ref()),
            notes: of(is(Group::Notes), self.notes.as_ref()),
        }
    }

    /// Puts the fields that `change` gives over these.
    pub fn take(&mut self, change: Self) {
        /// Replaces `old` when `new` holds something.
        fn over<T>(old: &mut Option<T>, new: Option<T>) {
            if new.is_some() {
                *old = new;
            }
        }
        over(&mut self.name, change.name);
        over(&mut self.known_as, change.known_as);
        over(&mut self.date_of_birth, change.date_of_birth);
        over(&mut self.nhs_number, change.nhs_number);
        over(&mut self.wristband, change.wristband);
        over(&mut self.bedroom, change.bedroom);
        over(&mut self.mobility, change.mobility);
        over(&mut self.care, change.care);
        over(&mut self.funding, change.funding);
        over(&mut self.needs, change.needs);
        over(&mut self.handle_safely, change.handle_safely);
        over(&mut self.marks, change.marks);
        over(&mut self.keep_together, change.keep_together);
        over(&mut self.next_of_kin, change.next_of_kin);
        over(&mut self.notes, change.notes);
    }
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
