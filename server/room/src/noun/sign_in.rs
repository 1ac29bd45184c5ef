//! Sign-ins: who is in which building, since when, and when a check-in is due (PROCEDURE 3.7).

use proto::{
    alarm::Timer,
    class::Class,
    entry::Entry,
    id::{MemberId, SignInId, SiteId, Time},
    key::Key,
    member::Actor,
    refusal::Code,
    sign_in::{Event, Plan, Presence},
    site::SiteKind,
    text::{Line, Short},
};

use super::{Decision, Fold, Plans, Said, alarm, member, on_word, one, refuse};
use crate::{
    context::Context,
    rights::Needs,
    room::{Room, Touched},
};

mod fact;
mod row;

pub(crate) use row::{initials, row};

/// The check-in interval after the last received act, in milliseconds (PROCEDURE 4.1.7).
pub(crate) const CHECK_IN_MS: i64 = 60 * 60_000;
/// The grace period after which a check-in is overdue, in milliseconds.
const OVERDUE_MS: i64 = 5 * 60_000;
/// The delay after the planned end before an alarm is raised, in milliseconds.
const END_MS: i64 = 15 * 60_000;
/// How long a sign-off by tap may wait for the desk, in milliseconds.
const ANSWER_MS: i64 = 10 * 60_000;

/// A sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignIn {
    pub(crate) id: SignInId,
    pub(crate) member: MemberId,
    pub(crate) site: SiteId,
    pub(crate) kind: SiteKind,
    pub(crate) state: Presence,
    pub(crate) since: Time,
    pub(crate) planned_end: Time,
    pub(crate) end_passed: bool,
    pub(crate) duty: Option<Short>,
    pub(crate) last_act: Time,
    /// When they were last known to be well, by an act or by a report.
    pub(crate) well_at: Time,
    pub(crate) on_word_of: Option<Line>,
    pub(crate) asked_at: Option<Time>,
    pub(crate) asked_received: Option<Time>,
    pub(crate) answer_passed: bool,
    pub(crate) left_at: Option<Time>,
    pub(crate) ended_at: Option<Time>,
}

impl SignIn {
    /// Returns a sign-in started by an entry.
    fn begun(id: SignInId, member: MemberId, site: SiteId, entry: &Entry) -> Self {
        Self {
            id,
            member,
            site,
            kind: SiteKind::Other,
            state: Presence::OnSite,
            since: entry.happened(),
            planned_end: entry.at,
            end_passed: false,
            duty: None,
            last_act: entry.at,
            well_at: entry.at,
            on_word_of: None,
            asked_at: None,
            asked_received: None,
            answer_passed: false,
            left_at: None,
            ended_at: None,
        }
    }

    /// Returns whether its row contains free text.
    pub(crate) const fn has_words(&self) -> bool {
        self.duty.is_some() || self.on_word_of.is_some()
    }

    /// Records that the member is well.
    fn is_well(&mut self, at: Time) {
        self.well_at = at;
        if matches!(self.state, Presence::Overdue | Presence::ConfirmedSafe) {
            self.state = Presence::OnSite;
        }
    }

    /// Returns whether it has ended.
    pub(crate) const fn has_ended(&self) -> bool {
        matches!(self.state, Presence::SignedOff | Presence::SignedOffLate)
    }

    /// Returns when the next check-in is due; only at the home, and only while signed in.
    pub(crate) fn due_at(&self) -> Option<Time> {
        let asked = self.kind == SiteKind::Home && !self.has_ended();
        asked.then(|| self.well_at.plus_ms(CHECK_IN_MS))
    }

    /// Returns the active alarms of this sign-in and when each is due.
    pub(crate) fn timers(&self) -> Vec<(Time, Timer)> {
        let sign_in = self.id;
        if self.has_ended() {
            return Vec::new();
        }
        let mut timers = Vec::new();
        if let Some(due) = self.due_at().filter(|_| self.state != Presence::Overdue) {
            timers.push((due.plus_ms(OVERDUE_MS), Timer::CheckInOverdue { sign_in }));
        }
        if !self.end_passed {
            timers.push((self.planned_end.plus_ms(END_MS), Timer::PlannedEndPassed { sign_in }));
        }
        if let Some(asked) = self.asked_received.filter(|_| !self.answer_passed) {
            timers.push((asked.plus_ms(ANSWER_MS), Timer::SignOffUnanswered { sign_in }));
        }
        timers
    }
}

/// Sign-ins.
pub(crate) struct SignIns;

impl Plans for SignIns {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Acknowledge { .. } => Needs::add(&[Class::Log]),
        }
    }

    /// The desk confirms a sign-off; the member who asked cannot.
    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        let Plan::Acknowledge { sign_in } = plan;
        let Some(open) = room.sign_ins.get(sign_in) else {
            return refuse(Code::Unknown, "this room has no such sign-in");
        };
        if by.actor == Actor::Member(open.member) {
            return refuse(Code::NotYours, "somebody else at the desk acknowledges a sign-off");
        }
        if open.state != Presence::SignOffAsked {
            return refuse(Code::NotNow, "no sign-off waits for an answer here");
        }
        Ok(one(Event::Acknowledged { sign_in: *sign_in }))
    }
}

impl Fold for SignIns {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        let changed = match event {
            Event::SignedOn { sign_in, member, site, planned_end, duty, on_word_of } => {
                // Phones show the last ended sign-in only until the next begins.
                let last = room.members.get_mut(member).and_then(|member| member.last.take());
                touched.extend(last.map(Key::SignIn));
                let begun = SignIn {
                    kind: room.sites.get(site).map_or(SiteKind::Other, |site| site.kind),
                    planned_end: *planned_end,
                    duty: duty.clone(),
                    on_word_of: on_word_of.clone(),
                    ..SignIn::begun(*sign_in, *member, *site, entry)
                };
                begin(room, begun)
            }
            Event::CheckedIn { sign_in, planned_end, on_word_of } => {
                change(room, *sign_in, |sign_in| {
                    if let Some(end) = planned_end {
                        (sign_in.planned_end, sign_in.end_passed) = (*end, false);
                    }
                    if on_word_of.is_some() {
                        sign_in.on_word_of.clone_from(on_word_of);
                    }
                    sign_in.is_well(entry.at);
                })
            }
            Event::ConfirmedSafe { sign_in, seen_by } => change(room, *sign_in, |sign_in| {
                sign_in.well_at = entry.at;
                sign_in.on_word_of = Some(seen_by.clone());
                if !sign_in.has_ended() && sign_in.state != Presence::SignOffAsked {
                    sign_in.state = Presence::ConfirmedSafe;
                }
            }),
            Event::SignOffAsked { sign_in } => change(room, *sign_in, |sign_in| {
                if !sign_in.has_ended() {
                    sign_in.state = Presence::SignOffAsked;
                    sign_in.asked_at = Some(entry.happened());
                    sign_in.asked_received = Some(entry.at);
                    sign_in.answer_passed = false;
                }
            }),
            Event::SignedOff { sign_in, late, on_word_of } => {
                let state = if *late { Presence::SignedOffLate } else { Presence::SignedOff };
                end(room, entry, *sign_in, |sign_in| {
                    (sign_in.state, sign_in.left_at) = (state, Some(entry.happened()));
                    if on_word_of.is_some() {
                        sign_in.on_word_of.clone_from(on_word_of);
                    }
                })
            }
            Event::Acknowledged { sign_in } => end(room, entry, *sign_in, |sign_in| {
                sign_in.state = Presence::SignedOff;
                sign_in.left_at = Some(sign_in.asked_at.unwrap_or_else(|| entry.happened()));
            }),
        };
        let Some(id) = changed else { return };
        touched.extend([Key::SignIn(id), Key::Team]);
        touched.extend(room.sign_ins.get(&id).map(|sign_in| Key::Member(sign_in.member)));
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        let who = |sign_in: &SignInId| who(room, *sign_in);
        let at = |sign_in: &SignInId| at_site(room, *sign_in);
        Some(Said::new(match event {
            Event::SignedOn { sign_in, on_word_of, .. } => {
                let word = on_word(on_word_of.as_ref());
                format!("{} signed on{}{word}.", who(sign_in), at(sign_in))
            }
            Event::CheckedIn { .. } => return None,
            Event::ConfirmedSafe { sign_in, seen_by } => {
                format!("{} confirmed safe by {}.", who(sign_in), seen_by.as_str())
            }
            Event::SignOffAsked { sign_in } => format!("{} asks to sign off.", who(sign_in)),
            Event::SignedOff { sign_in, late, on_word_of } => {
                let late = if *late { ", late entry" } else { "" };
                let word = on_word(on_word_of.as_ref());
                format!("{} signed off{}{late}{word}.", who(sign_in), at(sign_in))
            }
            Event::Acknowledged { sign_in } => {
                format!("{} signed off{}.", who(sign_in), at(sign_in))
            }
        }))
    }
}

/// Begins a sign-in.
fn begin(room: &mut Room, begun: SignIn) -> Option<SignInId> {
    let id = begun.id;
    room.members.get_mut(&begun.member)?.signed_in = Some(id);
    room.sign_ins.insert(id, begun);
    change(room, id, |_| {})
}

/// Ends a sign-in. The first recorded end counts; a later one is only logged.
fn end(
    room: &mut Room,
    entry: &Entry,
    id: SignInId,
    how: impl FnOnce(&mut SignIn),
) -> Option<SignInId> {
    change(room, id, |sign_in| {
        if !sign_in.has_ended() {
            how(sign_in);
            sign_in.ended_at = Some(entry.at);
        }
    });
    let sign_in = room.sign_ins.get(&id)?;
    let member = room.members.get_mut(&sign_in.member)?;
    if member.signed_in == Some(id) {
        member.signed_in = None;
        member.last = Some(id);
    }
    Some(id)
}

/// Changes a sign-in and resets its alarms; returns its id if it exists.
fn change(room: &mut Room, id: SignInId, change: impl FnOnce(&mut SignIn)) -> Option<SignInId> {
    let sign_in = room.sign_ins.get_mut(&id)?;
    let before = sign_in.timers();
    change(sign_in);
    let after = sign_in.timers();
    for timer in before.into_iter().filter(|timer| !after.contains(timer)) {
        room.timers.remove(&timer);
    }
    for (due, timer) in after {
        alarm::set(room, due, timer);
    }
    Some(id)
}

/// Records that an alarm about a sign-in was raised.
pub(crate) fn ring(room: &mut Room, id: SignInId, timer: &Timer, touched: &mut Touched) {
    let changed = change(room, id, |sign_in| match timer {
        Timer::CheckInOverdue { .. } => sign_in.state = Presence::Overdue,
        Timer::PlannedEndPassed { .. } => sign_in.end_passed = true,
        Timer::SignOffUnanswered { .. } => sign_in.answer_passed = true,
        Timer::DeadlinePassed { .. } | Timer::HelpUnanswered { .. } | Timer::CoverOver { .. } => {}
    });
    touched.extend(changed.map(Key::SignIn));
}

/// Counts any act of a signed-in member as a check-in (R18).
pub(crate) fn keep_act(room: &mut Room, entry: &Entry, touched: &mut Touched) {
    let Actor::Member(member) = entry.actor else { return };
    let Some(open) = open_of(room, member) else { return };
    if open.state == Presence::Overdue {
        touched.insert(Key::Team);
    }
    let changed = change(room, open.id, |sign_in| {
        sign_in.last_act = entry.at;
        sign_in.is_well(entry.at);
    });
    touched.extend(changed.map(Key::SignIn));
}

/// Returns a member's open sign-in.
fn open_of(room: &Room, member: MemberId) -> Option<&SignIn> {
    room.sign_ins.get(&room.members.get(&member)?.signed_in?)
}

/// Returns the member's name of a sign-in.
pub(crate) fn who(room: &Room, sign_in: SignInId) -> String {
    let open = room.sign_ins.get(&sign_in);
    open.map_or_else(|| "somebody".to_owned(), |open| member::named(room, open.member))
}

/// Returns " at" and the site of a sign-in.
fn at_site(room: &Room, sign_in: SignInId) -> String {
    let site = room.sign_ins.get(&sign_in).and_then(|open| room.sites.get(&open.site));
    site.map(|site| format!(" at {}", site.name.as_str())).unwrap_or_default()
}

/// Returns whether a member is signed in at the failing home.
pub(crate) fn is_at_the_home(room: &Room, member: MemberId) -> bool {
    let open = open_of(room, member);
    open.is_some_and(|open| open.kind == SiteKind::Home && !open.has_ended())
}

/// Returns the keys of sign-ins.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.sign_ins.keys().copied().map(Key::SignIn));
}
