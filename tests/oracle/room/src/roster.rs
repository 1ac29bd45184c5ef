//! The roster: members and their roles.

use proto::{
    event::Event,
    id::MemberId,
    limit::{MEMBERS_MAX, ROLES_MAX},
    member::Profile,
    refusal::{Code, Refusal},
    role::{Ceiling, Role},
};

use crate::state::Room;

impl Room {
    /// Admits a member. Somebody already admitted stays as they are: an invite may be redeemed on several
    /// devices.
    pub(crate) fn decide_admit(
        &self,
        member: MemberId,
        profile: &Profile,
        ceiling: Ceiling,
    ) -> Result<Vec<Event>, Refusal> {
        if self.members.contains_key(&member) {
            return Ok(Vec::new());
        }
        if self.members.len() >= MEMBERS_MAX {
            return Err(Refusal::new(Code::Full, "the room has as many members as it takes"));
        }
        roles_fit(&profile.roles)?;
        Ok(vec![Event::MemberAdmitted { member, profile: profile.clone(), ceiling }])
    }

    /// Gives a member roles. The last lead cannot be taken away.
    pub(crate) fn decide_roles(
        &self,
        member: MemberId,
        roles: &[Role],
    ) -> Result<Vec<Event>, Refusal> {
        if !self.members.contains_key(&member) {
            return Err(Refusal::new(Code::Unknown, "this room has no such member"));
        }
        roles_fit(roles)?;
        let leads = |id: &MemberId| {
            self.members.get(id).is_some_and(|m| m.profile.roles.contains(&Role::Lead))
        };
        let others = self.members.keys().filter(|id| **id != member);
        if leads(&member) && !roles.contains(&Role::Lead) && !others.into_iter().any(leads) {
            return Err(Refusal::new(Code::NotNow, "give somebody else the lead first"));
        }
        Ok(vec![Event::RolesGiven { member, roles: roles.to_vec() }])
    }
}

/// Refuses too many roles, or one twice.
pub(crate) fn roles_fit(roles: &[Role]) -> Result<(), Refusal> {
    let once: std::collections::BTreeSet<_> = roles.iter().collect();
    if roles.len() > ROLES_MAX || once.len() != roles.len() {
        return Err(Refusal::new(Code::Value, "a member holds each role once, at most sixteen"));
    }
    Ok(())
}
