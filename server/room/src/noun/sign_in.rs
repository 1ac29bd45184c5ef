//! Sign-ins: who is in which building, since when, and when a check-in is due (PROCEDURE 3.7).

use proto::{
    alarm::Timer,
    class::Class,
    entry::Entry,
    id::{MemberId, SignInId, SiteId, Time},
    key::Key,
    limit::LATE_MS,
    member::Actor,
    nouns,
    refusal::Code,
    role::Audience,
    row::Row,
    sign_in::{DeskSignIn, Event, Fact, PhoneSignIn, Plan, Presence, WallSignIn, Word},
    site::SiteKind,
    text::{Line, Short},
};

use super::{Decision, Facts, Fold, Plans, Said, alarm, member, on_word, one, refuse, stranger};
use crate::{
    context::Context,
    privacy::protected,
    rights::Needs,
    room::{Room, Touched},
};

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

/// Returns the initials of a name: the first letters of its first and last words.
pub(crate) fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = letters.next();
    let last = letters.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
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

impl Facts for SignIns {
    type Fact = Fact;

    fn record(room: &Room, by: &Context, fact: &Fact) -> Vec<nouns::Event> {
        match fact {
            Fact::SignOn { site, planned_end, duty, word } => {
                sign_on(room, by, *site, *planned_end, duty.as_ref(), word)
            }
            Fact::CheckIn { word } => check_in(room, by, word),
            Fact::ConfirmSafe { sign_in, seen_by } => match room.sign_ins.get(sign_in) {
                Some(_) => {
                    one(Event::ConfirmedSafe { sign_in: *sign_in, seen_by: seen_by.clone() })
                }
                None => unknown(*sign_in),
            },
            Fact::SignOff { sign_in, word } => match room.sign_ins.get(sign_in) {
                Some(open) => sign_off(by, open, word),
                None => unknown(*sign_in),
            },
        }
    }

    fn is_own_safety(room: &Room, member: MemberId, fact: &Fact) -> bool {
        match fact {
            Fact::SignOn { word, .. } | Fact::CheckIn { word } => {
                word.member.is_none_or(|about| about == member)
            }
            Fact::SignOff { sign_in, .. } => {
                room.sign_ins.get(sign_in).is_none_or(|open| open.member == member)
            }
            Fact::ConfirmSafe { .. } => false,
        }
    }
}

/// Returns the subject of a fact: the author, unless it names another member.
fn whom(by: &Context, word: &Word) -> Option<MemberId> {
    let author = match by.actor {
        Actor::Member(member) => Some(member),
        Actor::Screen | Actor::System | Actor::Importer => None,
    };
    word.member.or(author)
}

/// Returns the event that records a fact about an unknown sign-in.
fn unknown(sign_in: SignInId) -> Vec<nouns::Event> {
    stranger::member(Some(MemberId(sign_in.0)), "about an unknown sign-in")
}

/// Signs a member on. A sign-on at another site ends the sign-in there; at the same site it is a check-in with a
/// different planned end. A fact is not refused for an implausible end: the end counts as reached, so that an alarm
/// prompts a check on the member.
fn sign_on(
    room: &Room,
    by: &Context,
    site: SiteId,
    planned_end: Time,
    duty: Option<&Short>,
    word: &Word,
) -> Vec<nouns::Event> {
    let planned_end = if planned_end.is_possible() { planned_end } else { by.now };
    let known = whom(by, word).filter(|id| room.members.contains_key(id));
    let Some(member) = known else { return stranger::member(word.member, "signed on") };
    let open = room.members.get(&member).and_then(|member| member.signed_in);
    let on_word_of = word.on_word_of.clone();
    let mut events = Vec::new();
    if let Some(open) = open.and_then(|open| room.sign_ins.get(&open)) {
        let sign_in = open.id;
        if open.site == site {
            let planned_end = Some(planned_end);
            return one(Event::CheckedIn { sign_in, planned_end, on_word_of });
        }
        // A member who had asked to sign off left at that time, not when they signed on elsewhere.
        events.push(if open.state == Presence::SignOffAsked {
            Event::Acknowledged { sign_in }.into()
        } else {
            Event::SignedOff { sign_in, late: false, on_word_of: None }.into()
        });
    }
    let (sign_in, duty) = (SignInId(by.command.0), duty.cloned());
    events.push(Event::SignedOn { sign_in, member, site, planned_end, duty, on_word_of }.into());
    events
}

/// Records that a member is present and well.
fn check_in(room: &Room, by: &Context, word: &Word) -> Vec<nouns::Event> {
    let member = whom(by, word);
    let open = member.and_then(|id| room.members.get(&id)).and_then(|member| member.signed_in);
    let on_word_of = word.on_word_of.clone();
    match open {
        Some(sign_in) => one(Event::CheckedIn { sign_in, planned_end: None, on_word_of }),
        None => stranger::member(member, "check-in without a sign-on"),
    }
}

/// Signs off. A member's own tap at the home asks the desk; a report, or a sign-off for another member, is recorded
/// at once, and as late if it happened more than five minutes ago (D-21, T30).
fn sign_off(by: &Context, open: &SignIn, word: &Word) -> Vec<nouns::Event> {
    let sign_in = open.id;
    let own = by.actor == Actor::Member(open.member) && word.on_word_of.is_none();
    let asks = own && open.kind == SiteKind::Home && !open.has_ended();
    if asks && open.state == Presence::SignOffAsked {
        return Vec::new();
    }
    if asks {
        return one(Event::SignOffAsked { sign_in });
    }
    let late = by.now.since_ms(by.happened()) > LATE_MS;
    one(Event::SignedOff { sign_in, late, on_word_of: word.on_word_of.clone() })
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
    let open = room.members.get(&member).and_then(|member| member.signed_in);
    let Some(open) = open else { return };
    if room.sign_ins.get(&open).is_some_and(|sign_in| sign_in.state == Presence::Overdue) {
        touched.insert(Key::Team);
    }
    let changed = change(room, open, |sign_in| {
        sign_in.last_act = entry.at;
        sign_in.is_well(entry.at);
    });
    touched.extend(changed.map(Key::SignIn));
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
    let open = room.members.get(&member).and_then(|member| member.signed_in);
    let sign_in = open.and_then(|open| room.sign_ins.get(&open));
    sign_in.is_some_and(|sign_in| sign_in.kind == SiteKind::Home && !sign_in.has_ended())
}

/// Returns the keys of sign-ins.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.sign_ins.keys().copied().map(Key::SignIn));
}

/// Returns a sign-in's row. The wall shows only open ones; phones also the last ended one.
pub(crate) fn row(room: &Room, audience: Audience, id: SignInId) -> Option<Row> {
    let sign_in = room.sign_ins.get(&id)?;
    let member = room.members.get(&sign_in.member)?;
    let SignIn { state, since, planned_end, site, .. } = sign_in.clone();
    let due_at = sign_in.due_at();
    let words = |words: &str| protected::row_text(room, None, words);
    match audience {
        Audience::Wall if sign_in.has_ended() => None,
        Audience::Wall => Some(Row::WallSignIn(WallSignIn {
            initials: initials(member.profile.name.as_str()),
            roles: member.profile.roles.clone(),
            at_the_home: sign_in.kind == SiteKind::Home,
            state,
            since,
            due_at,
        })),
        Audience::Desk => Some(Row::DeskSignIn(DeskSignIn {
            sign_in: id,
            member: sign_in.member,
            site,
            state,
            since,
            planned_end,
            end_passed: sign_in.end_passed,
            duty: sign_in.duty.as_ref().map(|duty| words(duty.as_str())),
            last_act: sign_in.last_act,
            due_at,
            on_word_of: sign_in.on_word_of.as_ref().map(|word| words(word.as_str())),
            asked_at: sign_in.asked_at,
            left_at: sign_in.left_at,
            ended_at: sign_in.ended_at,
        })),
        Audience::Phone if sign_in.has_ended() && member.last != Some(id) => None,
        Audience::Phone => Some(Row::PhoneSignIn(PhoneSignIn {
            sign_in: id,
            member: sign_in.member,
            site,
            state,
            since,
            planned_end,
            due_at,
        })),
        Audience::Sitrep => None,
    }
}
