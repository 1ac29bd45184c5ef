//! Cards: what is pulled for one person, by those who may read it, each reading on record.

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Seq},
    person::{Funding, NextOfKin},
    protection::ProtectedPlace,
    text::{NhsNumber, Note, PersonName, Reference, Short},
};

/// A person's card. A field that this reader may not see is absent, like one not yet filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
pub struct Card {
    /// Whose.
    pub person: PersonId,
    /// Reference.
    pub reference: Reference,
    /// The revision: the entry that changed it last.
    pub revision: Seq,
    /// NHS number.
    pub nhs_number: Option<NhsNumber>,
    /// Wristband code.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub wristband: Option<Short>,
    /// Other spellings and names this person was listed under.
    #[cfg_attr(test, ts(type = "string[]"))]
    pub aliases: Vec<PersonName>,
    /// What the person needs.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub needs: Option<Note>,
    /// Who pays, source by source.
    pub funding: Option<Funding>,
    /// Who is to be told.
    pub next_of_kin: Option<NextOfKin>,
    /// Notes.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub notes: Option<Note>,
    /// Where they go and who may not be told, while the destination is protected.
    pub protected: Option<ProtectedPlace>,
}
