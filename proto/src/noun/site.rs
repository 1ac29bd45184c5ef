//! Sites: places where members sign in.

use serde::{Deserialize, Serialize};

use crate::{
    id::SiteId,
    kinds::kinds,
    text::{Line, Short},
};

/// What a site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "site.ts"))]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// The failing home: whoever signs on there checks in.
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
    /// What it is.
    pub kind: SiteKind,
    /// Where it is.
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
    /// What it is.
    pub kind: SiteKind,
    /// Where it is.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub address: Option<Line>,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "SitePlans" in "site.ts" {
        /// Adds a site where members sign in.
        "open_site" => Open { site: Site },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// A site was added.
        "site_opened/1" => Opened { site: Site },
    }
}
