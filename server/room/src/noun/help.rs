//! Calls for help: facts that stay open until answered and ended (PROCEDURE 3.7, R36).

use proto::{
    alarm::Timer,
    entry::Entry,
    help::{Event, Fact, HelpKind, HelpRow, WallHelp},
    id::{HelpId, MemberId, PersonId, SiteId, Time},
    key::Key,
    limit::HELP_MS,
    log::AlarmKind,
    member::Actor,
    nouns,
    role::{Audience, Role},
    row::Row,
    site::SiteKind,
    text::Short,
};

use super::{Facts, Fold, Said, alarm, member, one, person, sign_in::initials, stranger};
use crate::{
    context::Context,
    privacy::protected,
    room::{Room, Touched},
};

/// An open call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HelpCall {
    pub(crate) member: MemberId,
    /// The caller's roles at the time of the call.
    pub(crate) roles: Vec<Role>,
    pub(crate) help: HelpKind,
    pub(crate) person: Option<PersonId>,
    pub(crate) site: Option<SiteId>,
    pub(crate) at_the_home: bool,
    pub(crate) place: Option<Short>,
    pub(crate) since: Time,
    pub(crate) received: Time,
    pub(crate) answered: Option<(MemberId, Time)>,
    pub(crate) unanswered: bool,
}

/// Help.
pub(crate) struct Help;

impl Facts for Help {
    type Fact = Fact;

    fn record(room: &Room, by: &Context, fact: &Fact) -> Vec<nouns::Event> {
        let Actor::Member(member) = by.actor else { return Vec::new() };
        match fact {
            // Its id is the command's id, so an offline phone can identify its own call.
            Fact::Call { help, person, place } => {
                let person = person.map(|person| room.stands_for(person));
                let (call, help, place) = (HelpId(by.command.0), *help, place.clone());
                one(Event::Called { call, member, help, person, place })
            }
            // The first answer counts; a later one is only logged.
            Fact::Answer { call } if room.help.contains_key(call) => {
                one(Event::Answered { call: *call, by: member })
            }
            Fact::Answer { call } => {
                let fact = "answered a call for help that is over or unknown";
                stranger::member(Some(MemberId(call.0)), fact)
            }
            Fact::End { call, words } => {
                let Some(called) = room.help.get(call) else {
                    let fact = "ended a call for help that is over or unknown";
                    return stranger::member(Some(MemberId(call.0)), fact);
                };
                let (call, member, words) = (*call, called.member, words.clone());
                one(Event::Ended { call, member, words })
            }
        }
    }

    fn is_own_safety(_room: &Room, _member: MemberId, _fact: &Fact) -> bool {
        true
    }
}

impl Fold for Help {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Called { call, member, help, person, place } => {
                let open = room.members.get(member).and_then(|member| member.signed_in);
                let sign_in = open.and_then(|open| room.sign_ins.get(&open));
                let called = HelpCall {
                    member: *member,
                    roles: room.roles(*member).to_vec(),
                    help: *help,
                    person: *person,
                    site: sign_in.map(|sign_in| sign_in.site),
                    at_the_home: sign_in.is_some_and(|sign_in| sign_in.kind == SiteKind::Home),
                    place: place.clone(),
                    since: entry.happened(),
                    received: entry.at,
                    answered: None,
                    unanswered: false,
                };
                room.help.insert(*call, called);
                let timer = Timer::HelpUnanswered { call: *call };
                alarm::set(room, entry.at.plus_ms(HELP_MS), timer);
            }
            Event::Answered { call, by } => {
                if let Some(called) = room.help.get_mut(call).filter(|call| call.answered.is_none())
                {
                    called.answered = Some((*by, entry.happened()));
                    called.unanswered = false;
                }
                still(room, *call);
            }
            Event::Ended { call, .. } => {
                room.help.remove(call);
                still(room, *call);
            }
        }
        let (Event::Called { call, .. } | Event::Answered { call, .. } | Event::Ended { call, .. }) =
            event;
        touched.insert(Key::Help(*call));
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        Some(match event {
            Event::Called { member, help, person, place, .. } => {
                let about =
                    person.map(|person| format!(", about {}", person::called(room, person)));
                let place = place.as_ref().map(|place| format!(", {}", place.as_str()));
                let (about, place) = (about.unwrap_or_default(), place.unwrap_or_default());
                let (who, what) = (member::named(room, *member), what(*help));
                let words = format!("HELP: {who} calls: {what}{about}{place}.");
                Said { about: *person, ..Said::new(words).alarm(AlarmKind::Help) }
            }
            Event::Answered { call, by } => {
                let (by, caller) = (member::named(room, *by), caller(room, *call));
                Said::new(format!("{by} answers the call for help of {caller}."))
            }
            Event::Ended { member, words, .. } => {
                let caller = member::named(room, *member);
                Said::new(format!("The call for help of {caller} ended: {}.", words.as_str()))
            }
        })
    }

    fn merged(room: &mut Room, from: PersonId, into: PersonId, touched: &mut Touched) {
        for (id, call) in room.help.iter_mut().filter(|(_, call)| call.person == Some(from)) {
            call.person = Some(into);
            touched.insert(Key::Help(*id));
        }
    }
}

/// Records that nobody answered a call in time.
pub(crate) fn ring(room: &mut Room, call: HelpId, touched: &mut Touched) {
    if let Some(called) = room.help.get_mut(&call) {
        called.unanswered = true;
    }
    touched.insert(Key::Help(call));
}

/// Cancels the alarm of a call.
fn still(room: &mut Room, call: HelpId) {
    alarm::still(room, |timer| *timer == Timer::HelpUnanswered { call });
}

/// Returns the caller's name.
pub(crate) fn caller(room: &Room, call: HelpId) -> String {
    let called = room.help.get(&call);
    called.map_or_else(|| "somebody".to_owned(), |call| member::named(room, call.member))
}

/// Describes the kind of a call.
const fn what(help: HelpKind) -> &'static str {
    match help {
        HelpKind::ResidentUnwell => "resident unwell, 999",
        HelpKind::NotSafe => "I am not safe",
        HelpKind::NeedTheRoom => "I need the room",
    }
}

/// Returns the keys of calls.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.help.keys().copied().map(Key::Help));
}

/// Returns the row of an open call. The wall shows the caller's initials and no person.
pub(crate) fn row(room: &Room, audience: Audience, call: HelpId) -> Option<Row> {
    let called = room.help.get(&call)?;
    let member = |id| room.members.get(&id);
    match audience {
        Audience::Wall => {
            let caller = member(called.member)?;
            let answered = called.answered.and_then(|(by, _)| member(by));
            Some(Row::WallHelp(WallHelp {
                initials: initials(caller.profile.name.as_str()),
                roles: called.roles.clone(),
                help: called.help,
                at_the_home: called.at_the_home,
                since: called.since,
                answered_by: answered.map(|by| initials(by.profile.name.as_str())),
                unanswered: called.unanswered,
            }))
        }
        Audience::Desk | Audience::Phone => Some(Row::Help(HelpRow {
            call,
            member: called.member,
            help: called.help,
            person: called.person,
            site: called.site,
            place: called
                .place
                .as_ref()
                .map(|place| protected::row_text(room, called.person, place.as_str())),
            since: called.since,
            received: called.received,
            answered_by: called.answered.map(|(by, _)| by),
            answered_at: called.answered.map(|(_, at)| at),
            unanswered: called.unanswered,
        })),
        Audience::Sitrep => None,
    }
}
