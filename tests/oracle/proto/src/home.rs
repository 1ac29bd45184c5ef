//! Homes: possible receiving providers.

use serde::{Deserialize, Serialize};

use crate::{
    id::HomeId,
    person::Care,
    text::{Line, Short, Telephone},
};

/// A possible receiving home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Home {
    /// Its id.
    pub home: HomeId,
    /// Its name.
    pub name: Short,
    /// The name boards have room for.
    pub short_name: Short,
    /// Where it is.
    pub address: Option<Line>,
    /// Its telephone.
    pub telephone: Option<Telephone>,
    /// What it is registered for.
    pub registered_for: Vec<Care>,
    /// Miles from the failing home.
    pub miles: Option<u16>,
}
