//! The details of a service user: edits of groups of fields, and edits on old ground (DESIGN 4.1).

use proto::{
    class::Class,
    details::{EditRow, EditedDetails, Event, Group, PersonChange, Plan},
    entry::Entry,
    id::{CommandId, PersonId, Seq, Time},
    key::Key,
    log::AlarmKind,
    member::Actor,
    refusal::{Code, Refusal},
    role::Role::{
        self, Bizsup, Family, Mca, Meds, Moving, NamedSw, Nurse, Reassess, Records, TeamLeaderSite,
    },
    row::Row,
};

use super::{Decision, Fold, Plans, Said, person, refuse};
use crate::{
    context::Context,
    privacy::protected,
    rights::Needs,
    room::{Room, Touched},
};

/// Who edits details, beside lead and deputy.
const EDITORS: &[Role] =
    &[Bizsup, Records, NamedSw, Reassess, Mca, Meds, Moving, Nurse, TeamLeaderSite, Family];

/// What the details of a person are.
const KEPT: &[Class] = &[Class::Ident, Class::Card, Class::Health, Class::Law, Class::Circle];

/// An edit on old ground, waiting for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) person: PersonId,
    pub(crate) groups: Vec<Group>,
    pub(crate) mine: PersonChange,
    pub(crate) stands: PersonChange,
    pub(crate) by: Actor,
    pub(crate) at: Time,
}

/// Details.
pub(crate) struct Details;

impl Plans for Details {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Change { .. } => Needs::write(KEPT, EDITORS).set_up(),
            Plan::SettleEdit { .. } => Needs::write(KEPT, EDITORS),
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Change { person, change } => edit(room, by, *person, change),
            Plan::SettleEdit { edit, take } => {
                if !room.edits.contains_key(edit) {
                    return refuse(Code::Unknown, "no such edit waits for a decision");
                }
                Ok(super::one(Event::EditSettled { edit: *edit, take: *take }))
            }
        }
    }
}

/// Edits groups of fields. A group that another device changed after what the author saw is set
/// aside, both values kept; the others are taken.
fn edit(room: &Room, by: &Context, id: PersonId, change: &PersonChange) -> Decision {
    let person = room.known(id)?;
    let groups = change.groups();
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let seen = seen(room, by)?;
    let is_stale = |at: Seq, device: Option<_>| at > seen && device != by.device;
    let is_set_aside = |group: Group| {
        let last = person.edited.get(&group).copied();
        last.is_some_and(|(at, device)| is_stale(at, device))
            && person.details.only(group) != change.only(group)
    };
    let mut taken = PersonChange::default();
    let (mut mine, mut stands) = (PersonChange::default(), PersonChange::default());
    let mut aside = Vec::new();
    for group in groups {
        if is_set_aside(group) {
            mine.take(change.only(group));
            stands.take(person.details.only(group));
            aside.push(group);
        } else {
            taken.take(change.only(group));
        }
    }
    let mut events = Vec::new();
    if taken != PersonChange::default() {
        let change = Box::new(taken);
        events.push(Event::Changed { person: person.id, change }.into());
    }
    if !aside.is_empty() {
        let (mine, stands) = (Box::new(mine), Box::new(stands));
        events.push(Event::SetAside { person: person.id, groups: aside, mine, stands }.into());
    }
    Ok(events)
}

/// Returns the entry that an edit rests on. Whoever claims to have seen what is not written has seen nothing:
/// everything that another device changed is set against their edit (P-55).
pub(crate) fn seen(room: &Room, by: &Context) -> Result<Seq, Refusal> {
    match (by.based_on, by.device) {
        (Some(seen), _) if seen <= room.head || cfg!(plant = "ahead_believed") => Ok(seen),
        (Some(_), _) => Ok(Seq::default()),
        (None, None) => Ok(room.head),
        (None, Some(_)) => {
            refuse(Code::Value, "an edit says which entry its author saw (based_on)")
        }
    }
}

impl Fold for Details {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Changed { person, change } => take(room, entry, *person, change, touched),
            Event::SetAside { person, groups, mine, stands } => {
                let edit = Edit {
                    person: *person,
                    groups: groups.clone(),
                    mine: (**mine).clone(),
                    stands: (**stands).clone(),
                    by: entry.actor,
                    at: entry.happened(),
                };
                room.edits.insert(entry.command, edit);
                touched.insert(Key::Edit(entry.command));
            }
            Event::EditSettled { edit, take: is_taken } => {
                let Some(settled) = room.edits.remove(edit) else { return };
                touched.insert(Key::Edit(*edit));
                if *is_taken {
                    take(room, entry, settled.person, &settled.mine, touched);
                }
            }
        }
    }

    fn retells(event: &Event, is_any_protected: bool) -> bool {
        match event {
            Event::Changed { .. } | Event::EditSettled { .. } => is_any_protected,
            Event::SetAside { .. } => false,
        }
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        match event {
            Event::Changed { person, .. } => {
                let who = person::called(room, *person);
                Some(Said::of(*person, format!("Details of {who} changed.")))
            }
            Event::SetAside { person, .. } => {
                let who = person::called(room, *person);
                let words =
                    format!("An edit of {who} was set aside: somebody else had changed it.");
                Some(Said::of(*person, words).alarm(AlarmKind::SetAside))
            }
            Event::EditSettled { .. } => None,
        }
    }

    fn merged(room: &mut Room, from: PersonId, into: PersonId, touched: &mut Touched) {
        for (id, edit) in room.edits.iter_mut().filter(|(_, edit)| edit.person == from) {
            edit.person = into;
            touched.insert(Key::Edit(*id));
        }
    }
}

/// Takes fields over and marks who changed which group.
fn take(
    room: &mut Room,
    entry: &Entry,
    id: PersonId,
    change: &PersonChange,
    touched: &mut Touched,
) {
    person::change(room, entry, id, touched, |person| {
        for group in change.groups() {
            person.edited.insert(group, (entry.seq, entry.device));
        }
        person.details.take(change.clone());
        person.card = entry.seq;
    });
}

/// Returns the keys of the edits set aside.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.edits.keys().copied().map(Key::Edit));
}

/// Returns a set-aside edit's row.
pub(crate) fn row(room: &Room, id: CommandId) -> Option<Row> {
    let edit = room.edits.get(&id)?;
    Some(Row::Edit(EditRow {
        edit: id,
        person: edit.person,
        groups: edit.groups.clone(),
        mine: shown(room, edit.person, &edit.mine),
        stands: shown(room, edit.person, &edit.stands),
        by: edit.by,
        at: edit.at,
    }))
}

/// Returns what rows show of details. What is on the card alone stays there: a row goes to a whole audience.
fn shown(room: &Room, person: PersonId, details: &PersonChange) -> EditedDetails {
    let label = |words: &Option<_>| protected::row_label(room, Some(person), words.as_ref()?);
    EditedDetails {
        name: details.name.clone(),
        known_as: details.known_as.clone(),
        date_of_birth: details.date_of_birth.clone(),
        bedroom: details.bedroom.clone(),
        mobility: details.mobility,
        care: details.care,
        handle_safely: details
            .handle_safely
            .as_ref()
            .map(|words| protected::row_text(room, Some(person), words.as_str())),
        marks: details.marks,
        keep_together: label(&details.keep_together),
    }
}
