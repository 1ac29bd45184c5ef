//! Members whom the roster expects (SECURITY, Getting in).

use serde::{Deserialize, Serialize};

use crate::{
    id::MemberId,
    kinds::kinds,
    member::Profile,
    role::Role,
    text::{PersonName, Short, Telephone},
};

/// Somebody the roster expects, as it was pasted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "expected.ts"))]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The member they will be if they come by a link made for them.
    pub member: MemberId,
    /// Who they are, and the roles that the roster offers them.
    pub profile: Profile,
}

/// Somebody the roster expects, and who has not come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "expected.ts"))]
pub struct ExpectedRow {
    /// The member they will be if they come by a link made for them.
    pub member: MemberId,
    /// Name.
    #[cfg_attr(test, ts(type = "string"))]
    pub name: PersonName,
    /// Organisation.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub organisation: Option<Short>,
    /// Job.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub job: Option<Short>,
    /// Mobile telephone.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub mobile: Option<Telephone>,
    /// The roles the roster offers.
    pub roles: Vec<Role>,
}

kinds! {
    /// What may be asked.
    wire enum Plan as "ExpectedPlans" in "expected.ts" {
        /// Says whom the roster expects.
        "expect_members" => Expect { members: Vec<Expected> },
        /// Expects somebody no more.
        "stop_expecting" => Stop { member: MemberId },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// The roster expects these.
        "members_expected/1" => Expected { members: Vec<Expected> },
        /// The roster expects somebody no more.
        "expecting_stopped/1" => Stopped { member: MemberId },
    }
}
