//! Members whom the roster expects and who have not joined (SECURITY, Getting in).

use proto::{
    class::Class,
    entry::Entry,
    expected::{Event, Expected, ExpectedRow, Plan},
    id::MemberId,
    key::Key,
    limit::{MEMBERS_MAX, NAMED_MAX},
    refusal::Code,
    role::Role::{Bizsup, Staffsup},
    row::Row,
    text::PersonName,
};

use super::{
    Decision, Fold, Plans, Said, door,
    member::{self, roles_fit, same_name},
    one, refuse,
};
use crate::{
    context::Context,
    rights::Needs,
    room::{Room, Touched},
};

/// Expected members.
pub(crate) struct Expecting;

impl Plans for Expecting {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Expect { .. } | Plan::Stop { .. } => {
                Needs::write(&[Class::Team], &[Bizsup, Staffsup]).capped()
            }
        }
    }

    fn decide(room: &Room, _by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Expect { members } => expect(room, members),
            Plan::Stop { member } if !room.expected.contains_key(member) => {
                refuse(Code::Already, "the roster does not expect them")
            }
            Plan::Stop { member } => Ok(one(Event::Stopped { member: *member })),
        }
    }
}

/// Adds expected members. An existing expectation with the same name is updated; a name already in the room is
/// skipped.
fn expect(room: &Room, members: &[Expected]) -> Decision {
    if members.is_empty() || members.len() > NAMED_MAX {
        return refuse(Code::Value, "name one to fifty people at once");
    }
    let mut fresh = Vec::new();
    for Expected { member, profile } in members {
        roles_fit(&profile.roles)?;
        if room.members.contains_key(member) || member::is_in(room, &profile.name) {
            continue;
        }
        let member = called(room, &profile.name).unwrap_or(*member);
        fresh.push(Expected { member, profile: profile.clone() });
    }
    if fresh.is_empty() {
        return refuse(Code::Already, "everybody named is in the room already");
    }
    if room.members.len() + room.expected.len() + fresh.len() > MEMBERS_MAX {
        return refuse(Code::Full, "the room has as many members as it takes");
    }
    Ok(one(Event::Expected { members: fresh }))
}

impl Fold for Expecting {
    type Event = Event;

    fn fold(room: &mut Room, _entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Expected { members } => {
                for Expected { member, profile } in members {
                    room.expected.insert(*member, profile.clone());
                    touched.insert(Key::Expected(*member));
                    door::touch_called(room, &profile.name, touched);
                }
            }
            Event::Stopped { member } => {
                if let Some(profile) = room.expected.remove(member) {
                    door::touch_called(room, &profile.name, touched);
                }
                touched.insert(Key::Expected(*member));
            }
        }
    }

    fn line(_room: &Room, event: &Event) -> Option<Said> {
        Some(Said::new(match event {
            Event::Expected { members } if members.len() == 1 => {
                "The roster expects one person.".to_owned()
            }
            Event::Expected { members } => format!("The roster expects {} people.", members.len()),
            Event::Stopped { .. } => "The roster expects one person less.".to_owned(),
        }))
    }
}

/// Removes an admitted member from the expected list.
pub(crate) fn came_in(room: &mut Room, member: MemberId, name: &PersonName, touched: &mut Touched) {
    let expected = called(room, name).or(Some(member));
    if let Some(expected) = expected.filter(|id| room.expected.remove(id).is_some()) {
        touched.insert(Key::Expected(expected));
        door::touch_called(room, name, touched);
    }
}

/// Returns the id under which the roster expects this name.
pub(crate) fn called(room: &Room, name: &PersonName) -> Option<MemberId> {
    let mut expected = room.expected.iter();
    expected.find(|(_, profile)| same_name(&profile.name, name)).map(|(id, _)| *id)
}

/// Returns the keys of expected members.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.expected.keys().copied().map(Key::Expected));
}

/// Returns the row of an expected member.
pub(crate) fn row(room: &Room, member: MemberId) -> Option<Row> {
    let profile = room.expected.get(&member)?.clone();
    Some(Row::Expected(ExpectedRow {
        member,
        name: profile.name,
        organisation: profile.organisation,
        job: profile.job,
        mobile: profile.mobile,
        roles: profile.roles,
    }))
}
