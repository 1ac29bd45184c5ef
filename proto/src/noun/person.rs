//! The service user: a person who is moved or re-provided (PROCEDURE 3.5).

use serde::{Deserialize, Serialize};

use crate::text::{PersonName, Short, Telephone};

pub mod card;
pub mod row;

/// The kind of care a person needs or a home is registered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Care {
    /// General nursing.
    GeneralNursing,
    /// Dementia nursing.
    DementiaNursing,
    /// Residential care.
    Residential,
    /// Tube feeding, tracheostomy, bariatric care.
    Complex,
}

/// A person's mobility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
#[serde(rename_all = "snake_case")]
pub enum Mobility {
    /// Walks, with or without an aid.
    Walking,
    /// In a wheelchair.
    Wheelchair,
    /// On a stretcher.
    Stretcher,
}

/// The payer (PROCEDURE 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
#[serde(rename_all = "snake_case")]
pub enum FundingSource {
    /// This council.
    ThisCouncil,
    /// The person.
    SelfFunded,
    /// A personal budget or direct payment.
    PersonalBudget,
    /// NHS continuing healthcare, local.
    NhsChc,
    /// Another NHS body, fully.
    OtherNhs,
    /// Council and NHS together.
    Joint,
    /// Another council.
    OtherCouncil,
}

/// The payer by source. Sources are kept side by side and disagreement is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
#[serde(deny_unknown_fields, default)]
pub struct Funding {
    /// The provider's text, as sent.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub claimed_by_provider: Option<Short>,
    /// The interpretation of the provider's text.
    pub provider_source: Option<FundingSource>,
    /// The source in the council's records.
    pub council_record: Option<FundingSource>,
    /// The source in the NHS body's records.
    pub nhs_record: Option<FundingSource>,
    /// The agreed source.
    pub agreed: Option<FundingSource>,
    /// The council's share in per cent, for joint funding.
    pub council_share: Option<u8>,
    /// The other council or NHS body.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub funder: Option<Short>,
    /// Here for respite.
    pub respite: bool,
    /// Under section 117.
    pub section_117: bool,
    /// The NHS pays the nursing contribution.
    pub nursing_contribution: bool,
}

impl Funding {
    /// Returns the effective source: the agreed one, otherwise the records' if they do not contradict the list.
    pub fn source(&self) -> Option<FundingSource> {
        if self.agreed.is_some() {
            return self.agreed;
        }
        if self.disagrees() {
            return None;
        }
        self.council_record.or(self.nhs_record).or(self.provider_source)
    }

    /// Returns whether two sources disagree and no agreed source is set.
    pub fn disagrees(&self) -> bool {
        let said = [self.provider_source, self.council_record, self.nhs_record];
        let mut said = said.into_iter().flatten();
        let first = said.next();
        self.agreed.is_none() && said.any(|source| Some(source) != first)
    }
}

/// The body that leads the move (rule R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
#[serde(rename_all = "snake_case")]
pub enum LeadBody {
    /// This council.
    Council,
    /// The local NHS body.
    Nhs,
    /// The local NHS body, on behalf of the placing NHS body.
    NhsForOther,
    /// The placing council, once it agrees; until then this council co-ordinates.
    OtherCouncilToAgree,
    /// Undefined by the procedure, or the sources disagree: a person decides.
    Undecided,
}

/// Marks for everybody who handles the person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
#[serde(deny_unknown_fields, default)]
pub struct Marks {
    /// Moving this person takes two people.
    pub two_person: bool,
    /// Equipment is needed at the new home from the first hour.
    pub equipment: bool,
    /// Very frail, or nearing end of life.
    pub frail: bool,
}

/// A relative or friend to inform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
#[serde(deny_unknown_fields)]
pub struct NextOfKin {
    /// Name.
    pub name: PersonName,
    /// Relation.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub relation: Option<Short>,
    /// Telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub telephone: Option<Telephone>,
}
