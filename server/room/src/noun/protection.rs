//! The protected destination (R35): who must not learn where a person goes.

use proto::{
    class::Class,
    entry::Entry,
    limit::PROTECTIONS_MAX,
    protection::{Event, Plan, StandingProtection},
    refusal::Code,
};

use super::{Decision, Fold, Plans, Said, one, person, refuse};
use crate::{
    context::Context,
    rights::Needs,
    room::{Room, Touched},
};

/// Protections.
pub(crate) struct Protections;

impl Plans for Protections {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Protect { .. } | Plan::End { .. } => Needs::lead(&[Class::Prot]).capped(),
        }
    }

    fn decide(room: &Room, _by: &Context, plan: &Plan) -> Decision {
        match plan {
            // Each protection is a separate record, so two concurrent ones do not overwrite each other.
            Plan::Protect { person, protection } => {
                let person = room.known(*person)?;
                if person.protections.len() >= PROTECTIONS_MAX {
                    let words = "end one of the protections that stand before setting another";
                    return refuse(Code::Full, words);
                }
                Ok(one(Event::Protected { person: person.id, protection: protection.clone() }))
            }
            Plan::End { person, entry, why } => {
                let person = room.known(*person)?;
                if !person.protections.contains_key(entry) {
                    return refuse(Code::Already, "this protection does not stand");
                }
                Ok(one(Event::Ended { person: person.id, entry: *entry, why: why.clone() }))
            }
        }
    }
}

impl Fold for Protections {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Protected { person, protection } => {
                let standing = StandingProtection {
                    entry: entry.seq,
                    protection: (**protection).clone(),
                    from: entry.happened(),
                    set_by: entry.actor,
                };
                person::change(room, entry, *person, touched, |person| {
                    person.protections.insert(entry.seq, standing);
                    person.card = entry.seq;
                });
            }
            Event::Ended { person, entry: set, .. } => {
                person::change(room, entry, *person, touched, |person| {
                    person.protections.remove(set);
                    person.card = entry.seq;
                });
            }
        }
    }

    fn retells(event: &Event, is_any_protected: bool) -> bool {
        match event {
            Event::Protected { .. } => true,
            Event::Ended { .. } => is_any_protected,
        }
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        Some(match event {
            Event::Protected { person, .. } => {
                let who = person::called(room, *person);
                Said::of(*person, format!("{who}: destination protected. Do not say where."))
            }
            Event::Ended { person, .. } => {
                let who = person::called(room, *person);
                Said::of(*person, format!("{who}: a protection of the destination ended."))
            }
        })
    }
}
