//! Members whom the roster expects (SECURITY, Getting in).

use serde::{Deserialize, Serialize};

use crate::{
    id::MemberId,
    kinds::kinds,
    member::Profile,
    role::Role,
    text::{PersonName, Short, Telephone},
};

/// An expected member, as pasted into the roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "expected.ts"))]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The member id they will have if they join through their own invite link.
    pub member: MemberId,
    /// Their profile, with the roles the roster offers.
    pub profile: Profile,
}

/// An expected member who has not joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "expected.ts"))]
pub struct ExpectedRow {
    /// The member id they will have if they join through their own invite link.
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
    /// The plans.
    wire enum Plan as "ExpectedPlans" in "expected.ts" {
        /// Adds expected members.
        "expect_members" => Expect { members: Vec<Expected> },
        /// Removes an expected member.
        "stop_expecting" => Stop { member: MemberId },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// Expected members were added.
        "members_expected/1" => Expected { members: Vec<Expected> },
        /// An expected member was removed.
        "expecting_stopped/1" => Stopped { member: MemberId },
    }
}
