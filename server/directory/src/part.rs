//! The entry of one file about one place.

use jiff::civil::Date;
use proto::directory::{Category, CqcRating, Domain, FileKind, ProviderKind};
use serde::{Deserialize, Serialize};

/// The entry of one file about one place. Fields that the file lacks are empty.
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
    /// The location, in thousandths of a degree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) spot: Option<Spot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rating: Option<Rated>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) domains: Vec<(Domain, CqcRating)>,
    /// The start of the registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<Date>,
    /// Registered but dormant: nobody lives or works there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) dormant: bool,
    /// The end of the registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ended: Option<Date>,
}

/// A location in thousandths of a degree north and east: about a hundred metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Spot {
    pub(super) north: i32,
    pub(super) east: i32,
}

/// A rating as the file gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rated {
    pub(super) rating: CqcRating,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) day: Option<Date>,
    pub(super) inherited: bool,
}

/// A whole file as stored, reduced to the fields we use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Contents {
    pub(super) kind: FileKind,
    pub(super) day: Date,
    pub(super) parts: Vec<Part>,
}

/// Every kind of file, and its storage key.
pub(super) const KINDS: [(FileKind, &str); 5] = [
    (FileKind::Directory, "directory"),
    (FileKind::Filters, "filters"),
    (FileKind::Ratings, "ratings"),
    (FileKind::Deactivated, "deactivated"),
    (FileKind::Local, "local"),
];
