//! The meaning of a list's words.

use std::collections::BTreeMap;

use proto::{
    person::{Care, FundingSource, Mobility},
    text::Short,
};
use serde::Deserialize;

/// The meaning of a list's words. A word without an entry is a fault for a person to settle, never a guess.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    /// Words for the funding source.
    pub funding: BTreeMap<String, FundingWord>,
    /// Words for the kind of care.
    pub care: BTreeMap<String, Care>,
    /// Words for mobility.
    pub mobility: BTreeMap<String, Mobility>,
}

/// The meaning of a word for the funding source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FundingWord {
    /// The funding source.
    pub category: Category,
    /// The other council or NHS body.
    pub funder: Option<Short>,
    /// The council's share.
    pub council_share_percent: Option<Share>,
    /// In respite care.
    #[serde(default)]
    pub respite: bool,
    /// Under section 117.
    #[serde(default)]
    pub section_117: bool,
    /// The NHS pays the nursing contribution.
    #[serde(default)]
    pub nursing_contribution: bool,
}

/// The funding source, or none if the word leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "CategoryWord")]
pub struct Category(pub Option<FundingSource>);

/// A category as the file writes it.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a category such as this_council, self_funded, nhs_chc, unknown"
)]
enum CategoryWord {
    Source(FundingSource),
    Unknown(UnknownWord),
}

/// The value for a category that a word leaves open.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum UnknownWord {
    Unknown,
}

impl From<CategoryWord> for Category {
    fn from(word: CategoryWord) -> Self {
        match word {
            CategoryWord::Source(source) => Self(Some(source)),
            CategoryWord::Unknown(UnknownWord::Unknown) => Self(None),
        }
    }
}

/// The council's share of joint funding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a number of per cent or \"ask the council record\"")]
pub enum Share {
    /// As a percentage.
    Percent(u8),
    /// As in the council's record.
    Ask(Ask),
}

/// Where to look up a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Ask {
    /// In the council's record.
    #[serde(rename = "ask the council record")]
    CouncilRecord,
}
