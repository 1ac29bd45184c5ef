//! What one file tells of one place.

use jiff::civil::Date;
use proto::directory::{Category, CqcRating, Domain, FileKind, ProviderKind};
use serde::{Deserialize, Serialize};

/// What one file tells of one place. What the file does not tell is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Part {
    /// The regulator's id of the location.
    pub(super) location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) known_as: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) postcode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) telephone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) website: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) kinds: Vec<ProviderKind>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) categories: Vec<Category>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) beds: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) authority: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ods: Option<String>,
    /// Where it is, in thousandths of a degree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) spot: Option<Spot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rating: Option<Rated>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) domains: Vec<(Domain, CqcRating)>,
    /// When the registration began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<Date>,
    /// Registered, and at rest: nobody lives or works there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) dormant: bool,
    /// When the registration ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended: Option<Date>,
}

/// A place on the map, in thousandths of a degree north and east: a hundred metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Spot {
    pub(super) north: i32,
    pub(super) east: i32,
}

/// A rating as a file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rated {
    pub(super) rating: CqcRating,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) day: Option<Date>,
    pub(super) inherited: bool,
}

/// A whole file, as it is kept: what it tells, without what nobody asked it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Contents {
    pub(super) kind: FileKind,
    pub(super) day: Date,
    pub(super) parts: Vec<Part>,
}

/// Every kind of file, and the word under which it is kept.
pub(super) const KINDS: [(FileKind, &str); 5] = [
    (FileKind::Directory, "directory"),
    (FileKind::Filters, "filters"),
    (FileKind::Ratings, "ratings"),
    (FileKind::Deactivated, "deactivated"),
    (FileKind::Local, "local"),
];
