//! The door: a code with which people ask to join (SECURITY, Getting in).

use std::collections::BTreeSet;

use proto::{
    class::Class,
    door::{Admission, AskerRow, DOOR_CODE_CHARS, DOOR_CODE_LETTERS, DoorRow, Event, Plan},
    entry::Entry,
    id::{MemberId, Time},
    key::Key,
    limit::{ASKERS_MAX, DOOR_HOURS, MEMBERS_MAX, NAMED_MAX},
    member::{self, Actor, Profile},
    refusal::Code,
    role::{Audience, Ceiling},
    row::Row,
    text::{PersonName, Short},
};

use super::{
    Decision, Fold, Plans, Said, expected,
    member::{roles_fit, same_name},
    one, refuse,
};
use crate::{
    context::Context,
    rights::Needs,
    room::{Room, Touched},
};

/// The maximum lifetime of a door code, in milliseconds.
const DOOR_MS: i64 = DOOR_HOURS * 60 * 60 * 1000;

/// The door while a code is active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Door {
    pub(crate) code: Short,
    pub(crate) until: Time,
    pub(crate) by: Actor,
}

/// A person asking to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asker {
    pub(crate) profile: Profile,
    pub(crate) face: Audience,
    pub(crate) since: Time,
}

/// The door's plans, facts and events.
pub(crate) struct Doors;

impl Plans for Doors {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Open { .. } | Plan::Close {} | Plan::LetIn { .. } | Plan::TurnAway { .. } => {
                Needs::lead(&[Class::Team]).capped()
            }
            Plan::Ask { .. } => Needs::SYSTEM,
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Open { code, until } => open(by, code, *until),
            Plan::Close {} if room.door.is_none() => refuse(Code::Already, "the door is closed"),
            Plan::Close {} => Ok(one(Event::Closed {})),
            Plan::Ask { code, asking, profile, face } => {
                ask(room, by, code, *asking, profile, *face)
            }
            Plan::LetIn { admissions } => let_in(room, admissions),
            Plan::TurnAway { asking, why } => {
                let Some(asker) = room.askers.get(asking) else {
                    return refuse(Code::Already, "they wait at the door no more");
                };
                let name = asker.profile.name.clone();
                Ok(one(Event::TurnedAway { asking: *asking, name, why: why.clone() }))
            }
        }
    }
}

/// Opens the door with a code, which replaces any other active code.
fn open(by: &Context, code: &Short, until: Time) -> Decision {
    let shaped = code.as_str().chars().all(|c| DOOR_CODE_LETTERS.contains(c));
    if !shaped || code.as_str().chars().count() != DOOR_CODE_CHARS {
        return refuse(Code::Value, "this is not the form of a door code");
    }
    if until <= by.now || until.since_ms(by.now) > DOOR_MS {
        return refuse(Code::Value, "a door code opens for at most twelve hours");
    }
    Ok(one(Event::Opened { code: code.clone(), until }))
}

/// Adds a person to the waiting list.
fn ask(
    room: &Room,
    by: &Context,
    code: &Short,
    asking: MemberId,
    profile: &Profile,
    face: Audience,
) -> Decision {
    let door = room.door.as_ref().filter(|door| by.now < door.until);
    if door.is_none_or(|door| door.code != *code) {
        let words = "this code opens the door no more; ask the room for the present one";
        return refuse(Code::NotNow, words);
    }
    if room.askers.contains_key(&asking) || room.members.contains_key(&asking) {
        return Ok(Vec::new());
    }
    if room.askers.len() >= ASKERS_MAX {
        let words = "many wait at the door; ring the room, and try again when they are in";
        return refuse(Code::Full, words);
    }
    if !matches!(face, Audience::Desk | Audience::Phone) {
        return refuse(Code::Value, "the door opens a desk or a phone");
    }
    roles_fit(&profile.roles)?;
    Ok(one(Event::Asked { asking, profile: profile.clone(), face }))
}

/// Admits waiting people, each with the given roles; skips those already admitted from another desk.
fn let_in(room: &Room, admissions: &[Admission]) -> Decision {
    if admissions.is_empty() || admissions.len() > NAMED_MAX {
        return refuse(Code::Value, "name one to fifty people at the door");
    }
    let mut events = Vec::new();
    let mut once = BTreeSet::new();
    for Admission { asking, roles } in admissions {
        roles_fit(roles)?;
        let Some(asker) = room.askers.get(asking).filter(|_| once.insert(*asking)) else {
            continue;
        };
        #[cfg(plant = "wishes_granted")]
        let roles = &asker.profile.roles;
        let profile = Profile { roles: roles.clone(), ..asker.profile.clone() };
        let (member, ceiling) = (*asking, Ceiling::Code);
        events.push(member::Event::Admitted { member, profile, ceiling }.into());
    }
    if events.is_empty() {
        return refuse(Code::Already, "none of them waits at the door any more");
    }
    if room.members.len() + events.len() > MEMBERS_MAX {
        return refuse(Code::Full, "the room has as many members as it takes");
    }
    Ok(events)
}

impl Fold for Doors {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Opened { code, until } => {
                let (code, until, by) = (code.clone(), *until, entry.actor);
                room.door = Some(Door { code, until, by });
                touched.insert(Key::Door);
            }
            Event::Closed {} => {
                room.door = None;
                touched.insert(Key::Door);
            }
            Event::Asked { asking, profile, face } => {
                let (profile, face, since) = (profile.clone(), *face, entry.at);
                room.askers.insert(*asking, Asker { profile, face, since });
                touched.insert(Key::Asker(*asking));
            }
            Event::TurnedAway { asking, .. } => {
                room.askers.remove(asking);
                touched.insert(Key::Asker(*asking));
            }
        }
    }

    fn line(_room: &Room, event: &Event) -> Option<Said> {
        Some(Said::new(match event {
            Event::Opened { .. } => "The door was opened by a code.".to_owned(),
            Event::Closed {} => "The door was closed.".to_owned(),
            Event::Asked { profile, .. } => {
                format!("{} asks at the door to come in.", profile.name.as_str())
            }
            Event::TurnedAway { name, why, .. } => {
                format!("{} was turned away at the door: {}.", name.as_str(), why.as_str())
            }
        }))
    }
}

/// Removes an admitted member from the waiting list.
pub(crate) fn came_in(room: &mut Room, member: MemberId, touched: &mut Touched) {
    if room.askers.remove(&member).is_some() {
        touched.insert(Key::Asker(member));
    }
}

/// Marks the rows of waiting people with this name, because the roster's expectation changed.
pub(crate) fn touch_called(room: &Room, name: &PersonName, touched: &mut Touched) {
    let called = room.askers.iter().filter(|(_, asker)| same_name(&asker.profile.name, name));
    touched.extend(called.map(|(id, _)| Key::Asker(*id)));
}

/// Returns the keys of people waiting.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.askers.keys().copied().map(Key::Asker));
}

/// Returns the door's row while the door is open.
pub(crate) fn row(room: &Room) -> Option<Row> {
    let door = room.door.as_ref()?;
    Some(Row::Door(DoorRow { code: door.code.clone(), until: door.until, by: door.by }))
}

/// Returns the row of a waiting person.
pub(crate) fn asker_row(room: &Room, asking: MemberId) -> Option<Row> {
    let asker = room.askers.get(&asking)?;
    let profile = asker.profile.clone();
    Some(Row::Asker(AskerRow {
        asking,
        expected: expected::called(room, &profile.name),
        name: profile.name,
        organisation: profile.organisation,
        job: profile.job,
        mobile: profile.mobile,
        wishes: profile.roles,
        face: asker.face,
        since: asker.since,
    }))
}
