//! Side plans: exceptional arrangement, on hold, dispute (PROCEDURE 4.1.2).

use proto::{
    class::Class,
    entry::Entry,
    refusal::Code,
    role::Role::{NamedSw, Placements, Reassess},
    side::{Event, Plan, SideKind, StandingSide},
    transfer::PlaceNow,
};

use super::{
    Decision, Fold, Plans, Said, one,
    person::{self, Person},
    refuse,
};
use crate::{
    context::Context,
    privacy::protected,
    rights::Needs,
    room::{Room, Touched},
};

/// Side plans.
pub(crate) struct Sides;

impl Plans for Sides {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Start { .. } | Plan::End { .. } => {
                Needs::write(&[Class::Census], &[Placements, NamedSw, Reassess])
            }
        }
    }

    fn decide(room: &Room, _by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Start { person, plan } => {
                let person = room.known(*person)?;
                if plan.side == SideKind::Exceptional && person.place != PlaceNow::AtTheHome {
                    return refuse(Code::NotNow, "only somebody at the home can stay there");
                }
                Ok(one(Event::Started { person: person.id, plan: plan.clone() }))
            }
            Plan::End { person, side } => {
                let person = room.known(*person)?;
                if !person.sides.contains_key(side) {
                    return refuse(Code::Already, "no such plan stands");
                }
                Ok(one(Event::Ended { person: person.id, side: *side }))
            }
        }
    }
}

impl Fold for Sides {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Started { person, plan } => {
                person::change(room, entry, *person, touched, |person| {
                    person.sides.insert(plan.side, plan.clone());
                });
            }
            Event::Ended { person, side } => {
                person::change(room, entry, *person, touched, |person| {
                    person.sides.remove(side);
                });
            }
        }
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        Some(match event {
            Event::Started { person, plan } => {
                let (who, side) = (person::called(room, *person), words(plan.side));
                Said::of(*person, format!("{who}: {side}: {}.", plan.reason.as_str()))
            }
            Event::Ended { person, side } => {
                let who = person::called(room, *person);
                Said::of(*person, format!("{who}: {} ended.", words(*side)))
            }
        })
    }
}

/// Describes a side plan.
const fn words(side: SideKind) -> &'static str {
    match side {
        SideKind::Exceptional => "exceptional arrangement",
        SideKind::OnHold => "on hold",
        SideKind::Dispute => "dispute",
    }
}

/// Returns a person's side plans as rows show them.
pub(crate) fn rows(room: &Room, person: &Person) -> Vec<StandingSide> {
    let plans = person.sides.values().map(|plan| StandingSide {
        side: plan.side,
        reason: protected::row_text(room, Some(person.id), plan.reason.as_str()),
        until: plan.until,
    });
    plans.collect()
}
