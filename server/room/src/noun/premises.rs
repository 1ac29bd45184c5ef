//! The premises: whether they were claimed empty (G30).

use proto::{
    class::Class,
    entry::Entry,
    gate::Gate,
    id::PersonId,
    key::Key,
    limit::NAMED_MAX,
    premises::{Event, IncidentStage, Plan},
    refusal::Code,
    side::SideKind,
    text::Short,
    transfer::PlaceNow,
};

use super::{
    Decision, Fold, Plans, Said, one,
    person::{self, Person},
    refuse,
};
use crate::{
    context::Context,
    gates,
    rights::Needs,
    room::{Room, Touched},
};

/// The premises.
pub(crate) struct Premises;

impl Plans for Premises {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::ClaimCleared { .. } => Needs::lead(&[Class::Census]),
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        let Plan::ClaimCleared { swept_by, except } = plan;
        claim(room, by, swept_by, except)
    }
}

/// Claims the premises cleared: swept by two people, and nobody at the home or being confirmed except exceptional
/// arrangements named one by one (G30). A person for whom the gate was passed counts as named: the claim reads
/// "cleared except" them and omits nobody. The second sweeper cannot be passed.
fn claim(room: &Room, by: &Context, swept_by: &[Short; 2], except: &[PersonId]) -> Decision {
    let mut unmet = Vec::new();
    let [first, second] = swept_by;
    if first.as_str().eq_ignore_ascii_case(second.as_str()) {
        let mut same = gates::unmet_of(Gate::G30, "a sweep by two different people".to_owned());
        same.may_pass.clear();
        unmet.push(same);
    }
    let named: Vec<PersonId> = except.iter().map(|id| room.stands_for(*id)).collect();
    let is_there =
        |person: &&Person| matches!(person.place, PlaceNow::AtTheHome | PlaceNow::BeingConfirmed);
    let is_excused = |person: &&Person| {
        let arranged = named.contains(&person.id)
            && person.place == PlaceNow::AtTheHome
            && person.sides.contains_key(&SideKind::Exceptional);
        arranged || gates::passed(person, Gate::G30, by.now)
    };
    let there = room.people.values().filter(is_there);
    let (excused, here): (Vec<&Person>, Vec<&Person>) = there.partition(is_excused);
    if except.len().max(excused.len()) > NAMED_MAX {
        return refuse(Code::Value, "at most 50 exceptions can be named");
    }
    if !here.is_empty() {
        let first = here.iter().take(5).map(|person| person.reference.as_str());
        let named = first.collect::<Vec<_>>().join(", ");
        let more = here.len().saturating_sub(5);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let missing = format!("still at the home or being confirmed: {named}{more}");
        unmet.push(gates::unmet_of(Gate::G30, missing));
    }
    if unmet.is_empty() {
        let except = excused.into_iter().map(|person| person.id).collect();
        return Ok(one(Event::Cleared { swept_by: swept_by.clone(), except }));
    }
    Err(gates::refusal("Premises cleared", unmet))
}

impl Fold for Premises {
    type Event = Event;

    fn fold(room: &mut Room, _entry: &Entry, event: &Event, touched: &mut Touched) {
        let Event::Cleared { except, .. } = event;
        let cleared =
            if except.is_empty() { IncidentStage::Cleared } else { IncidentStage::ClearedExcept };
        if let Some(state) = &mut room.incident {
            state.stage = cleared;
        }
        touched.insert(Key::Incident);
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        let Event::Cleared { except, .. } = event;
        if except.is_empty() {
            return Some(Said::new("Premises cleared, swept by two."));
        }
        let called: Vec<String> = except.iter().map(|id| excepted(room, *id)).collect();
        let called = called.join(", ");
        Some(Said::new(format!("Premises cleared, swept by two, except {called}.")))
    }
}

/// Describes an excepted person, and whether by a passed gate rather than an arrangement.
fn excepted(room: &Room, id: PersonId) -> String {
    let by_pass = |person: &Person| !person.sides.contains_key(&SideKind::Exceptional);
    let passed = if room.person(id).is_some_and(by_pass) { " (G30 passed)" } else { "" };
    format!("{}{passed}", person::called(room, id))
}

/// Reverts to "moving" when a person is again at the home or being confirmed.
pub(crate) fn reopen(room: &mut Room, touched: &mut Touched) {
    let cleared = room.incident.as_mut().filter(|state| state.stage != IncidentStage::Moving);
    if let Some(state) = cleared {
        state.stage = IncidentStage::Moving;
        touched.insert(Key::Incident);
    }
}
