//! Cover: "I'm covering her" grants the covered roles immediately, on record, until the member returns (R43).

use proto::{
    alarm::Timer,
    class::Class,
    cover::{Event, Plan},
    entry::Entry,
    id::MemberId,
    key::Key,
    limit::COVER_HOURS,
    member::Actor,
    nouns,
    refusal::Code,
    role::{Ceiling, Role},
};

use super::{Decision, Fold, Plans, Said, alarm, member, one, refuse};
use crate::{
    context::Context,
    rights::Needs,
    room::{Room, Touched},
};

const COVER_MS: i64 = COVER_HOURS * 60 * 60 * 1000;

/// Covers.
pub(crate) struct Covers;

impl Plans for Covers {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Take { .. } | Plan::End { .. } => Needs::add(&[Class::Log]),
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Take { member } => take(room, by, *member),
            Plan::End { member, by: covering } => end(room, by, *member, *covering),
        }
    }
}

/// Starts covering for a member: only within the same agency, and never through an outside link.
fn take(room: &Room, context: &Context, member: MemberId) -> Decision {
    let Actor::Member(by) = context.actor else {
        return refuse(Code::NotYours, "only a member covers for another");
    };
    let (Some(covered), Some(covering)) = (room.members.get(&member), room.members.get(&by)) else {
        return refuse(Code::Unknown, "this room has no such member");
    };
    if by == member {
        return refuse(Code::Value, "nobody covers for themselves");
    }
    if covering.covers.contains_key(&member) {
        return refuse(Code::Already, "you cover for them already");
    }
    if context.ceiling == Some(Ceiling::Link) {
        return refuse(Code::NotYours, "a link for one person covers for nobody");
    }
    let (theirs, ours) = (&covered.profile.organisation, &covering.profile.organisation);
    if theirs.is_some() && ours.is_some() && theirs != ours {
        let words = "cover stays within one organisation; ask the lead to give the role";
        return refuse(Code::NotYours, words);
    }
    Ok(one(Event::Taken { member, by }))
}

/// Ends a cover. Either of the two members may, and so may the lead.
fn end(room: &Room, context: &Context, member: MemberId, by: MemberId) -> Decision {
    if !room.members.get(&by).is_some_and(|covering| covering.covers.contains_key(&member)) {
        return refuse(Code::Already, "nobody covers there");
    }
    let is_theirs = [Actor::Member(member), Actor::Member(by)].contains(&context.actor);
    let leads = match context.actor {
        Actor::Member(author) => room.leads(author),
        Actor::Screen | Actor::System | Actor::Importer => false,
    };
    if is_theirs || leads {
        return Ok(one(Event::Ended { member, by, timed_out: false }));
    }
    refuse(Code::NotYours, "one of the two ends a cover, or the lead")
}

/// Ends an expired cover.
pub(crate) fn over(member: MemberId, by: MemberId) -> Vec<nouns::Event> {
    one(Event::Ended { member, by, timed_out: true })
}

impl Fold for Covers {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Taken { member, by } => {
                if let Some(covering) = room.members.get_mut(by) {
                    covering.covers.insert(*member, entry.at);
                    let timer = Timer::CoverOver { member: *member, by: *by };
                    alarm::set(room, entry.at.plus_ms(COVER_MS), timer);
                }
                settle_roles(room, *by);
            }
            Event::Ended { member, by, .. } => {
                if let Some(covering) = room.members.get_mut(by) {
                    covering.covers.remove(member);
                }
                let over = Timer::CoverOver { member: *member, by: *by };
                alarm::still(room, |timer| *timer == over);
                #[cfg(not(plant = "cover_never_ends"))]
                settle_roles(room, *by);
            }
        }
        let (Event::Taken { by, .. } | Event::Ended { by, .. }) = event;
        touched.insert(Key::Member(*by));
        room.roster_at = entry.seq;
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        Some(Said::new(match event {
            Event::Taken { member, by } => {
                format!("{} covers for {}.", member::named(room, *by), member::named(room, *member))
            }
            Event::Ended { member, by, timed_out } => {
                let (by, member) = (member::named(room, *by), member::named(room, *member));
                let why = if *timed_out { " after twelve hours" } else { "" };
                format!("{by} covers for {member} no longer{why}.")
            }
        }))
    }
}

/// Recomputes a member's acting roles: their own and those they cover. Cover is not transitive.
pub(crate) fn settle_roles(room: &mut Room, member: MemberId) {
    let Some(known) = room.members.get(&member) else { return };
    let covered = known.covers.keys().filter_map(|covered| room.members.get(covered));
    let mut acting: Vec<Role> = covered.flat_map(|m| m.profile.roles.clone()).collect();
    acting.extend(known.profile.roles.iter().copied());
    acting.sort_unstable();
    acting.dedup();
    if let Some(known) = room.members.get_mut(&member) {
        known.acting = acting;
    }
}

/// Recomputes the acting roles of a member and of everybody covering for them, and marks the changed rows.
pub(crate) fn settle_roles_of(room: &mut Room, member: MemberId, touched: &mut Touched) {
    let covering = room.members.iter().filter(|(_, m)| m.covers.contains_key(&member));
    let covering: Vec<MemberId> = covering.map(|(id, _)| *id).collect();
    settle_roles(room, member);
    for by in covering {
        settle_roles(room, by);
        touched.insert(Key::Member(by));
    }
}
