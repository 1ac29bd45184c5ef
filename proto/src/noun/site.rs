//! Sites: places where members sign in.

use serde::{Deserialize, Serialize};

use crate::{
    id::SiteId,
    kinds::kinds,
    text::{Line, Short},
};

/// The kind of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "site.ts"))]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// The failing home: members signed on there must check in.
    Home,
    /// The incident room.
    IncidentRoom,
    /// Another place where the team works.
    Other,
}

/// A place where members sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "site.ts"))]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its id.
    pub site: SiteId,
    /// Its name.
    pub name: Short,
    /// Its kind.
    pub kind: SiteKind,
    /// Its address.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub address: Option<Line>,
}

/// A site, on desk and phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "site.ts"))]
pub struct SiteRow {
    /// Its id.
    pub site: SiteId,
    /// Its name.
    #[cfg_attr(test, ts(type = "string"))]
    pub name: Short,
    /// Its kind.
    pub kind: SiteKind,
    /// Its address.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub address: Option<Line>,
}

kinds! {
    /// The plans.
    wire enum Plan as "SitePlans" in "site.ts" {
        /// Adds a site where members sign in.
        "open_site" => Open { site: Site },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A site was added.
        "site_opened/1" => Opened { site: Site },
    }
}
