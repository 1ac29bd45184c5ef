//! Calls for help: facts, until somebody answers and ends them (PROCEDURE 3.7, R36).

use proto::{
    entry::Entry,
    event::Event,
    help::HelpKind,
    id::{HelpId, MemberId, PersonId, SiteId, Time},
    key::Key,
    limit::HELP_MS,
    member::Actor,
    role::Role,
    site::{SiteKind, Timer},
    text::{Line, Short},
};

use crate::{
    context::Context,
    presence::unknown,
    state::{Room, Touched},
};

/// A call that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HelpCall {
    pub(crate) member: MemberId,
    /// The roles they held when they called.
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

impl Room {
    /// Records a call for help. It bears the id of the command, so a phone knows its own call without signal.
    pub(crate) fn decide_call(
        &self,
        context: &Context,
        help: HelpKind,
        person: Option<PersonId>,
        place: Option<&Short>,
    ) -> Vec<Event> {
        let Actor::Member(member) = context.actor else { return Vec::new() };
        let person = person.map(|person| self.stands_for(person));
        let (call, place) = (HelpId(context.command.0), place.cloned());
        vec![Event::HelpCalled { call, member, help, person, place }]
    }

    /// Records who answers. The first to answer stands; whoever comes second is in the log.
    pub(crate) fn decide_answer(&self, context: &Context, call: HelpId) -> Vec<Event> {
        let Actor::Member(by) = context.actor else { return Vec::new() };
        if self.help.contains_key(&call) {
            return vec![Event::HelpAnswered { call, by }];
        }
        unknown(Some(MemberId(call.0)), "answered a call for help that is over or unknown")
    }

    /// Records that a call has ended, and how.
    pub(crate) fn decide_end_help(&self, call: HelpId, words: &Line) -> Vec<Event> {
        if let Some(called) = self.help.get(&call) {
            return vec![Event::HelpEnded { call, member: called.member, words: words.clone() }];
        }
        unknown(Some(MemberId(call.0)), "ended a call for help that is over or unknown")
    }

    /// Applies what is about a call for help.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only a call's own events come here")]
    pub(crate) fn apply_help(&mut self, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::HelpCalled { call, member, help, person, place } => {
                let open = self.members.get(member).and_then(|member| member.signed_in);
                let sign_in = open.and_then(|open| self.sign_ins.get(&open));
                let called = HelpCall {
                    member: *member,
                    roles: self.roles(*member).to_vec(),
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
                self.help.insert(*call, called);
                let timer = Timer::HelpUnanswered { call: *call };
                self.set_timer(entry.at.plus_ms(HELP_MS), timer);
                touched.insert(Key::Help(*call));
            }
            Event::HelpAnswered { call, by } => {
                if let Some(called) = self.help.get_mut(call).filter(|call| call.answered.is_none())
                {
                    called.answered = Some((*by, entry.happened()));
                    called.unanswered = false;
                }
                self.still_help(*call);
                touched.insert(Key::Help(*call));
            }
            Event::HelpEnded { call, .. } => {
                self.help.remove(call);
                self.still_help(*call);
                touched.insert(Key::Help(*call));
            }
            _ => {}
        }
    }

    /// Marks that nobody answered a call in time.
    pub(crate) fn mark_unanswered(&mut self, call: HelpId) -> Key {
        if let Some(called) = self.help.get_mut(&call) {
            called.unanswered = true;
        }
        Key::Help(call)
    }

    /// Takes the timer of a call away.
    fn still_help(&mut self, call: HelpId) {
        self.timers.retain(|(_, timer), _| *timer != Timer::HelpUnanswered { call });
    }
}
