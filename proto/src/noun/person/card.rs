//! Cards: requested per person by authorised readers; every read is audited.

use serde::{Deserialize, Serialize};

use crate::{
    id::{PersonId, Seq},
    person::{Funding, NextOfKin},
    protection::ProtectedPlace,
    text::{NhsNumber, Note, PersonName, Reference, Short},
};

/// A person's card. A field this reader may not see is absent, like an empty one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
pub struct Card {
    /// The person.
    pub person: PersonId,
    /// Reference.
    pub reference: Reference,
    /// The revision: the entry that last changed it.
    pub revision: Seq,
    /// NHS number.
    pub nhs_number: Option<NhsNumber>,
    /// Wristband code.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub wristband: Option<Short>,
    /// Other spellings and names under which this person was listed.
    #[cfg_attr(test, ts(type = "string[]"))]
    pub aliases: Vec<PersonName>,
    /// The person's needs.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub needs: Option<Note>,
    /// The payer, by source.
    pub funding: Option<Funding>,
    /// The person to inform.
    pub next_of_kin: Option<NextOfKin>,
    /// Notes.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub notes: Option<Note>,
    /// The destination and who must not learn it, while it is protected.
    pub protected: Option<ProtectedPlace>,
}
