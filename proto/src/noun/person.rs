//! The service user: who is moved or re-provided (PROCEDURE 3.5).

use serde::{Deserialize, Serialize};

use crate::text::{PersonName, Short, Telephone};

pub mod card;
pub mod row;

/// The kind of care somebody needs, or a home is registered for.
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

/// How somebody moves.
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

/// Who pays (PROCEDURE 3.4).
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

/// What is known of who pays. The sources are kept side by side and disagreement is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
#[serde(deny_unknown_fields, default)]
pub struct Funding {
    /// The provider's words, as sent.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub claimed_by_provider: Option<Short>,
    /// What the provider's words mean.
    pub provider_source: Option<FundingSource>,
    /// What the council's records say.
    pub council_record: Option<FundingSource>,
    /// What the NHS body's records say.
    pub nhs_record: Option<FundingSource>,
    /// What people agreed on.
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
    /// Returns the source to act on: agreed, else the records where they do not contradict the list.
    pub fn source(&self) -> Option<FundingSource> {
        if self.agreed.is_some() {
            return self.agreed;
        }
        if self.disagrees() {
            return None;
        }
        self.council_record.or(self.nhs_record).or(self.provider_source)
    }

    /// Tells whether two sources say different things and nobody has settled it.
    pub fn disagrees(&self) -> bool {
        let said = [self.provider_source, self.council_record, self.nhs_record];
        let mut said = said.into_iter().flatten();
        let first = said.next();
        self.agreed.is_none() && said.any(|source| Some(source) != first)
    }
}

/// Who leads the move (rule R1).
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

/// Marks that everybody who handles the person must see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "person.ts"))]
#[serde(deny_unknown_fields, default)]
pub struct Marks {
    /// Two people move this person.
    pub two_person: bool,
    /// Equipment is needed at the new home from the first hour.
    pub equipment: bool,
    /// Very frail, or nearing end of life.
    pub frail: bool,
}

/// A relative or friend to be told.
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
