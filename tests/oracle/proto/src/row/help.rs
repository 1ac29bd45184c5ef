//! Rows of calls for help; a call that has ended has none.

use serde::{Deserialize, Serialize};

use crate::{
    help::HelpKind,
    id::{HelpId, MemberId, PersonId, SiteId, Time},
    role::Role,
    text::Short,
};

/// A call for help, on the wall: never a name, and no person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WallHelp {
    /// Initials of who calls.
    pub initials: String,
    /// Their roles.
    pub roles: Vec<Role>,
    /// What for.
    pub help: HelpKind,
    /// From the failing home.
    pub at_the_home: bool,
    /// Since when.
    pub since: Time,
    /// Initials of who answers.
    pub answered_by: Option<String>,
    /// Nobody answered within a minute.
    pub unanswered: bool,
}

/// A call for help, on desk and phones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HelpRow {
    /// Its id.
    pub call: HelpId,
    /// Who calls.
    pub member: MemberId,
    /// What for.
    pub help: HelpKind,
    /// Whom it is about.
    pub person: Option<PersonId>,
    /// Where they are signed on.
    pub site: Option<SiteId>,
    /// Where in the building, in their words.
    pub place: Option<Short>,
    /// Since when.
    pub since: Time,
    /// When the room received it.
    pub received: Time,
    /// Who answers.
    pub answered_by: Option<MemberId>,
    /// Since when.
    pub answered_at: Option<Time>,
    /// Nobody answered within a minute.
    pub unanswered: bool,
}
