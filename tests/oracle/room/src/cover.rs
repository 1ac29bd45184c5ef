//! Cover: "I'm covering her" gives the covered roles at once, on record, until they are back (R43).

use proto::{
    event::Event,
    id::{MemberId, Time},
    key::Key,
    limit::COVER_HOURS,
    member::Actor,
    refusal::{Code, Refusal},
    role::{Ceiling, Role},
    site::Timer,
};

use crate::{
    context::Context,
    state::{Room, Touched},
};

const COVER_MS: i64 = COVER_HOURS * 60 * 60 * 1000;

impl Room {
    /// Covers for a member: within one's own agency, and never by a link from outside.
    pub(crate) fn decide_cover(
        &self,
        context: &Context,
        member: MemberId,
    ) -> Result<Vec<Event>, Refusal> {
        let Actor::Member(by) = context.actor else {
            return Err(Refusal::new(Code::NotYours, "only a member covers for another"));
        };
        let (Some(covered), Some(covering)) = (self.members.get(&member), self.members.get(&by))
        else {
            return Err(Refusal::new(Code::Unknown, "this room has no such member"));
        };
        if by == member {
            return Err(Refusal::new(Code::Value, "nobody covers for themselves"));
        }
        if covering.covers.contains_key(&member) {
            return Err(Refusal::new(Code::Already, "you cover for them already"));
        }
        if context.ceiling == Some(Ceiling::Link) {
            return Err(Refusal::new(Code::NotYours, "a link for one person covers for nobody"));
        }
        let (theirs, ours) = (&covered.profile.organisation, &covering.profile.organisation);
        if theirs.is_some() && ours.is_some() && theirs != ours {
            let words = "cover stays within one organisation; ask the lead to give the role";
            return Err(Refusal::new(Code::NotYours, words));
        }
        Ok(vec![Event::CoverTaken { member, by }])
    }

    /// Ends a cover: either of the two may, and the lead.
    pub(crate) fn decide_end_cover(
        &self,
        context: &Context,
        member: MemberId,
        by: MemberId,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.members.get(&by).is_some_and(|covering| covering.covers.contains_key(&member)) {
            return Err(Refusal::new(Code::Already, "nobody covers there"));
        }
        let is_theirs = [Actor::Member(member), Actor::Member(by)].contains(&context.actor);
        let leads = match context.actor {
            Actor::Member(author) => self.leads(author),
            Actor::Screen | Actor::System | Actor::Importer => false,
        };
        if is_theirs || leads {
            return Ok(vec![Event::CoverEnded { member, by, timed_out: false }]);
        }
        Err(Refusal::new(Code::NotYours, "one of the two ends a cover, or the lead"))
    }

    /// Begins a cover, and sets when it ends by itself.
    pub(crate) fn apply_cover(
        &mut self,
        at: Time,
        member: MemberId,
        by: MemberId,
        touched: &mut Touched,
    ) {
        if let Some(covering) = self.members.get_mut(&by) {
            covering.covers.insert(member, at);
            self.set_timer(at.plus_ms(COVER_MS), Timer::CoverOver { member, by });
        }
        self.settle_roles(by);
        touched.insert(Key::Member(by));
    }

    /// Ends a cover.
    pub(crate) fn apply_end_cover(
        &mut self,
        member: MemberId,
        by: MemberId,
        touched: &mut Touched,
    ) {
        if let Some(covering) = self.members.get_mut(&by) {
            covering.covers.remove(&member);
        }
        self.timers.retain(|(_, timer), _| *timer != Timer::CoverOver { member, by });
        self.settle_roles(by);
        touched.insert(Key::Member(by));
    }

    /// Works out anew which roles a member acts in: their own, and those they cover. A cover of a cover
    /// hands nothing on.
    pub(crate) fn settle_roles(&mut self, member: MemberId) {
        let Some(known) = self.members.get(&member) else { return };
        let covered = known.covers.keys().filter_map(|covered| self.members.get(covered));
        let mut acting: Vec<Role> = covered.flat_map(|m| m.profile.roles.clone()).collect();
        acting.extend(known.profile.roles.iter().copied());
        acting.sort_unstable();
        acting.dedup();
        if let Some(known) = self.members.get_mut(&member) {
            known.acting = acting;
        }
    }

    /// Works out anew the roles of a member and of all who cover for them; tells whose rows changed.
    pub(crate) fn settle_roles_of(&mut self, member: MemberId, touched: &mut Touched) {
        let covering = self.members.iter().filter(|(_, m)| m.covers.contains_key(&member));
        let covering: Vec<MemberId> = covering.map(|(id, _)| *id).collect();
        self.settle_roles(member);
        for by in covering {
            self.settle_roles(by);
            touched.insert(Key::Member(by));
        }
    }

    /// Tells whether a member leads or is deputy, by their own roles or by cover.
    pub(crate) fn leads(&self, member: MemberId) -> bool {
        let roles = self.roles(member);
        roles.contains(&Role::Lead) || roles.contains(&Role::Deputy)
    }
}
