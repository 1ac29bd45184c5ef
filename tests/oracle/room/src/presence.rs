//! Deciding sign-ins: on, here, safe, off (PROCEDURE 3.7).

use proto::{
    event::Event,
    id::{MemberId, PersonId, SignInId, SiteId, Time},
    limit::LATE_MS,
    member::Actor,
    refusal::{Code, Refusal},
    site::{Presence, SiteKind, Word},
    text::Short,
};

use crate::{context::Context, state::Room};

impl Room {
    /// Returns the member a sign-in command is about: the author, unless it names another.
    fn whom(context: &Context, word: &Word) -> Option<MemberId> {
        let author = match context.actor {
            Actor::Member(member) => Some(member),
            Actor::Screen | Actor::System | Actor::Importer => None,
        };
        word.member.or(author)
    }

    /// Signs a member on. Whoever is signed on at another site leaves it by this; at the same site it is
    /// a check-in with a new planned end. An end that cannot be meant is no reason to refuse a fact: it counts as
    /// come, so that somebody asks after the member.
    pub(crate) fn decide_sign_on(
        &self,
        context: &Context,
        site: SiteId,
        planned_end: Time,
        duty: Option<&Short>,
        word: &Word,
    ) -> Vec<Event> {
        let planned_end = if planned_end.is_possible() { planned_end } else { context.now };
        let known = Self::whom(context, word).filter(|id| self.members.contains_key(id));
        let Some(member) = known else { return unknown(word.member, "signed on") };
        let open = self.members.get(&member).and_then(|member| member.signed_in);
        let open_state = open.and_then(|id| self.sign_ins.get(&id)).map(|open| open.state);
        let on_word_of = word.on_word_of.clone();
        let mut events = Vec::new();
        if let Some(sign_in) = open {
            if self.sign_ins.get(&sign_in).is_some_and(|open| open.site == site) {
                let planned_end = Some(planned_end);
                return vec![Event::CheckedIn { sign_in, planned_end, on_word_of }];
            }
            events.push(if open_state == Some(Presence::SignOffAsked) {
                Event::SignOffAcknowledged { sign_in }
            } else {
                Event::SignedOff { sign_in, late: false, on_word_of: None }
            });
        }
        let sign_in = SignInId(context.command.0);
        let duty = duty.cloned();
        events.push(Event::SignedOn { sign_in, member, site, planned_end, duty, on_word_of });
        events
    }

    /// Records that a member is here and well.
    pub(crate) fn decide_check_in(&self, context: &Context, word: &Word) -> Vec<Event> {
        let member = Self::whom(context, word);
        let open = member.and_then(|id| self.members.get(&id)).and_then(|member| member.signed_in);
        let on_word_of = word.on_word_of.clone();
        match open {
            Some(sign_in) => vec![Event::CheckedIn { sign_in, planned_end: None, on_word_of }],
            None => unknown(member, "check-in without a sign-on"),
        }
    }

    /// Signs off. One's own tap at the home asks the desk; on somebody's word, or for somebody else, it is
    /// recorded at once, and late when it happened more than five minutes ago (D-21, T30).
    pub(crate) fn decide_sign_off(
        &self,
        context: &Context,
        sign_in: SignInId,
        word: &Word,
    ) -> Vec<Event> {
        self.signed_in(sign_in, |sign_in| {
            let Some(open) = self.sign_ins.get(&sign_in) else { return Vec::new() };
            let own = context.actor == Actor::Member(open.member) && word.on_word_of.is_none();
            let asks = own && open.kind == SiteKind::Home && !open.has_ended();
            if asks && open.state == Presence::SignOffAsked {
                return Vec::new();
            }
            if asks {
                return vec![Event::SignOffAsked { sign_in }];
            }
            let late = context.now.since_ms(context.happened()) > LATE_MS;
            let on_word_of = word.on_word_of.clone();
            vec![Event::SignedOff { sign_in, late, on_word_of }]
        })
    }

    /// The desk says that a sign-off was received; never the one who asked.
    pub(crate) fn decide_acknowledge(
        &self,
        context: &Context,
        sign_in: SignInId,
    ) -> Result<Vec<Event>, Refusal> {
        let open = self
            .sign_ins
            .get(&sign_in)
            .ok_or_else(|| Refusal::new(Code::Unknown, "this room has no such sign-in"))?;
        if context.actor == Actor::Member(open.member) {
            let words = "somebody else at the desk acknowledges a sign-off";
            return Err(Refusal::new(Code::NotYours, words));
        }
        if open.state != Presence::SignOffAsked {
            return Err(Refusal::new(Code::NotNow, "no sign-off waits for an answer here"));
        }
        Ok(vec![Event::SignOffAcknowledged { sign_in }])
    }

    /// Makes the events of a fact about a sign-in; about one the room does not know, it is kept.
    pub(crate) fn signed_in(
        &self,
        sign_in: SignInId,
        events: impl FnOnce(SignInId) -> Vec<Event>,
    ) -> Vec<Event> {
        if self.sign_ins.contains_key(&sign_in) {
            return events(sign_in);
        }
        unknown(Some(MemberId(sign_in.0)), "about an unknown sign-in")
    }
}

/// Returns the event that keeps a fact about somebody this room does not know.
pub(crate) fn unknown(member: Option<MemberId>, fact: &str) -> Vec<Event> {
    let person = PersonId(member.map(|member| member.0).unwrap_or_default());
    Short::parse(fact)
        .map(|fact| vec![Event::UnknownPersonReported { person, fact }])
        .unwrap_or_default()
}
