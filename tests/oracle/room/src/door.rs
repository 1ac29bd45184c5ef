//! The door: a code to ask by, and the roster's own list of who is expected (SECURITY, Getting in).

use std::collections::BTreeSet;

use proto::{
    door::{Admission, DOOR_CODE_CHARS, DOOR_CODE_LETTERS, Expected},
    entry::Entry,
    event::Event,
    id::{MemberId, Time},
    key::Key,
    limit::{ASKERS_MAX, DOOR_HOURS, MEMBERS_MAX, NAMED_MAX},
    member::{Actor, Profile},
    refusal::{Code, Refusal},
    role::{Audience, Ceiling},
    text::{PersonName, Short},
};

use crate::{
    context::Context,
    naming::name_words,
    roster::roles_fit,
    state::{Room, Touched},
};

/// Milliseconds a door code opens the door at most.
const DOOR_MS: i64 = DOOR_HOURS * 60 * 60 * 1000;

/// The door, open by a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Door {
    pub(crate) code: Short,
    pub(crate) until: Time,
    pub(crate) by: Actor,
}

/// Somebody who asks to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asker {
    pub(crate) profile: Profile,
    pub(crate) face: Audience,
    pub(crate) since: Time,
}

/// Opens the door by a code; one that was open by another code is open by this one alone.
pub(crate) fn decide_open(
    context: &Context,
    code: &Short,
    until: Time,
) -> Result<Vec<Event>, Refusal> {
    let shaped = code.as_str().chars().all(|c| DOOR_CODE_LETTERS.contains(c));
    if !shaped || code.as_str().chars().count() != DOOR_CODE_CHARS {
        return Err(Refusal::new(Code::Value, "this is not the form of a door code"));
    }
    if until <= context.now || until.since_ms(context.now) > DOOR_MS {
        return Err(Refusal::new(Code::Value, "a door code opens for at most twelve hours"));
    }
    Ok(vec![Event::DoorOpened { code: code.clone(), until }])
}

impl Room {
    /// Closes the door.
    pub(crate) fn decide_close_door(&self) -> Result<Vec<Event>, Refusal> {
        if self.door.is_none() {
            return Err(Refusal::new(Code::Already, "the door is closed"));
        }
        Ok(vec![Event::DoorClosed])
    }

    /// Puts somebody on the list of those who wait at the door.
    pub(crate) fn decide_ask(
        &self,
        context: &Context,
        code: &Short,
        asking: MemberId,
        profile: &Profile,
        face: Audience,
    ) -> Result<Vec<Event>, Refusal> {
        let door = self.door.as_ref().filter(|door| context.now < door.until);
        if door.is_none_or(|door| door.code != *code) {
            let words = "this code opens the door no more; ask the room for the present one";
            return Err(Refusal::new(Code::NotNow, words));
        }
        if self.askers.contains_key(&asking) || self.members.contains_key(&asking) {
            return Ok(Vec::new());
        }
        if self.askers.len() >= ASKERS_MAX {
            let words = "many wait at the door; ring the room, and try again when they are in";
            return Err(Refusal::new(Code::Full, words));
        }
        if !matches!(face, Audience::Desk | Audience::Phone) {
            return Err(Refusal::new(Code::Value, "the door opens a desk or a phone"));
        }
        roles_fit(&profile.roles)?;
        Ok(vec![Event::AskedAtDoor { asking, profile: profile.clone(), face }])
    }

    /// Lets those who wait in, each with the roles given; those whom another desk let in are left out.
    pub(crate) fn decide_let_in(&self, admissions: &[Admission]) -> Result<Vec<Event>, Refusal> {
        if admissions.is_empty() || admissions.len() > NAMED_MAX {
            return Err(Refusal::new(Code::Value, "name one to fifty people at the door"));
        }
        let mut events = Vec::new();
        let mut once = BTreeSet::new();
        for Admission { asking, roles } in admissions {
            roles_fit(roles)?;
            let Some(asker) = self.askers.get(asking).filter(|_| once.insert(*asking)) else {
                continue;
            };
            let profile = Profile { roles: roles.clone(), ..asker.profile.clone() };
            let (member, ceiling) = (*asking, Ceiling::Code);
            events.push(Event::MemberAdmitted { member, profile, ceiling });
        }
        if events.is_empty() {
            return Err(Refusal::new(Code::Already, "none of them waits at the door any more"));
        }
        if self.members.len() + events.len() > MEMBERS_MAX {
            return Err(Refusal::new(Code::Full, "the room has as many members as it takes"));
        }
        Ok(events)
    }

    /// Turns somebody away.
    pub(crate) fn decide_turn_away(
        &self,
        asking: MemberId,
        why: &proto::text::Line,
    ) -> Result<Vec<Event>, Refusal> {
        let Some(asker) = self.askers.get(&asking) else {
            return Err(Refusal::new(Code::Already, "they wait at the door no more"));
        };
        let name = asker.profile.name.clone();
        Ok(vec![Event::TurnedAway { asking, name, why: why.clone() }])
    }

    /// Says whom the roster expects. Who is expected by this name already gets the newer words; who is in
    /// the room already is left out.
    pub(crate) fn decide_expect(&self, members: &[Expected]) -> Result<Vec<Event>, Refusal> {
        if members.is_empty() || members.len() > NAMED_MAX {
            return Err(Refusal::new(Code::Value, "name one to fifty people at once"));
        }
        let mut fresh = Vec::new();
        for Expected { member, profile } in members {
            roles_fit(&profile.roles)?;
            if self.members.contains_key(member) || self.is_in(&profile.name) {
                continue;
            }
            let member = self.expected_as(&profile.name).unwrap_or(*member);
            fresh.push(Expected { member, profile: profile.clone() });
        }
        if fresh.is_empty() {
            return Err(Refusal::new(Code::Already, "everybody named is in the room already"));
        }
        if self.members.len() + self.expected.len() + fresh.len() > MEMBERS_MAX {
            return Err(Refusal::new(Code::Full, "the room has as many members as it takes"));
        }
        Ok(vec![Event::MembersExpected { members: fresh }])
    }

    /// Expects somebody no more.
    pub(crate) fn decide_stop_expecting(&self, member: MemberId) -> Result<Vec<Event>, Refusal> {
        if !self.expected.contains_key(&member) {
            return Err(Refusal::new(Code::Already, "the roster does not expect them"));
        }
        Ok(vec![Event::ExpectingStopped { member }])
    }

    /// Applies what is about the door.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only the door's own events come here")]
    pub(crate) fn apply_door(&mut self, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::DoorOpened { code, until } => {
                let (code, until, by) = (code.clone(), *until, entry.actor);
                self.door = Some(Door { code, until, by });
                touched.insert(Key::Door);
            }
            Event::DoorClosed => {
                self.door = None;
                touched.insert(Key::Door);
            }
            Event::AskedAtDoor { asking, profile, face } => {
                let (profile, face, since) = (profile.clone(), *face, entry.at);
                self.askers.insert(*asking, Asker { profile, face, since });
                touched.insert(Key::Asker(*asking));
            }
            Event::TurnedAway { asking, .. } => {
                self.askers.remove(asking);
                touched.insert(Key::Asker(*asking));
            }
            Event::MembersExpected { members } => {
                for Expected { member, profile } in members {
                    self.expected.insert(*member, profile.clone());
                    touched.insert(Key::Expected(*member));
                    touched.extend(self.askers_called(&profile.name).map(Key::Asker));
                }
            }
            Event::ExpectingStopped { member } => {
                if let Some(profile) = self.expected.remove(member) {
                    touched.extend(self.askers_called(&profile.name).map(Key::Asker));
                }
                touched.insert(Key::Expected(*member));
            }
            _ => {}
        }
    }

    /// Takes somebody who came in off the lists of those who wait and of those who are expected.
    pub(crate) fn came_in(&mut self, member: MemberId, name: &PersonName, touched: &mut Touched) {
        if self.askers.remove(&member).is_some() {
            touched.insert(Key::Asker(member));
        }
        let expected = self.expected_as(name).or(Some(member));
        if let Some(expected) = expected.filter(|id| self.expected.remove(id).is_some()) {
            touched.insert(Key::Expected(expected));
            touched.extend(self.askers_called(name).map(Key::Asker));
        }
    }

    /// Returns under which id the roster expects somebody of this name.
    pub(crate) fn expected_as(&self, name: &PersonName) -> Option<MemberId> {
        let mut expected = self.expected.iter();
        expected.find(|(_, profile)| same_name(&profile.name, name)).map(|(id, _)| *id)
    }

    fn is_in(&self, name: &PersonName) -> bool {
        self.members.values().any(|member| same_name(&member.profile.name, name))
    }

    fn askers_called(&self, name: &PersonName) -> impl Iterator<Item = MemberId> {
        let name = name.clone();
        let called = self.askers.iter().filter(move |(_, a)| same_name(&a.profile.name, &name));
        called.map(|(id, _)| *id)
    }
}

/// Tells whether two names are of the same words, in whatever order and case.
fn same_name(one: &PersonName, other: &PersonName) -> bool {
    let words = |name: &PersonName| -> BTreeSet<String> { name_words(name.as_str()).collect() };
    let (one, other) = (words(one), words(other));
    !one.is_empty() && one == other
}
