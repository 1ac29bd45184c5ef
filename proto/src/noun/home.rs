//! Homes: possible receiving providers.

use serde::{Deserialize, Serialize};

use crate::{
    id::HomeId,
    kinds::kinds,
    person::Care,
    text::{BoardText, Line, Short, Telephone},
};

/// A possible receiving home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "home.ts"))]
#[serde(deny_unknown_fields)]
pub struct Home {
    /// Its id.
    pub home: HomeId,
    /// Its name.
    pub name: Short,
    /// The short name for boards.
    pub short_name: Short,
    /// Its address.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub address: Option<Line>,
    /// Its telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub telephone: Option<Telephone>,
    /// What it is registered for.
    pub registered_for: Vec<Care>,
    /// Miles from the failing home.
    pub miles: Option<u16>,
}

/// A home, on desk and phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "home.ts"))]
pub struct HomeRow {
    /// Its id.
    pub home: HomeId,
    /// Its name.
    #[cfg_attr(test, ts(type = "string"))]
    pub name: Short,
    /// The short name for boards.
    #[cfg_attr(test, ts(type = "string"))]
    pub short_name: Short,
    /// Its address.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub address: Option<Line>,
    /// Its telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub telephone: Option<Telephone>,
    /// What it is registered for.
    pub registered_for: Vec<Care>,
    /// Miles from the failing home.
    pub miles: Option<u16>,
}

/// A home, on the wall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "home.ts"))]
pub struct WallHome {
    /// The short name for boards.
    pub short_name: BoardText,
}

kinds! {
    /// The plans.
    wire enum Plan as "HomePlans" in "home.ts" {
        /// Adds a possible receiving home.
        "add_home" => Add { home: Home },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// A possible receiving home was added.
        "home_added/1" => Added { home: Home },
    }
}
