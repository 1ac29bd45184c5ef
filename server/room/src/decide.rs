//! The decision: a command becomes events, or a refusal. The first of decide, append, apply, tell.

use proto::{
    command::{Command, Show},
    event::Event,
    id::{MemberId, PersonId, Seq, SignInId, SiteId, Time},
    limit::{DEADLINES_MAX, HOMES_MAX, LATE_MS, SITES_MAX},
    member::Actor,
    refusal::{Code, Refusal},
    site::{Presence, SiteKind, Word},
    text::{Line, Note, Short},
};

use crate::{context::Context, state::Room};

impl Room {
    /// Decides a command on this state. Returns its events, none when it changes nothing, or the refusal.
    ///
    /// Facts (PROCEDURE 4.1.3) are refused only to those who are no members of the room.
    pub fn decide(&self, context: &Context, command: &Command) -> Result<Vec<Event>, Refusal> {
        let opens = matches!(command, Command::OpenIncident { .. });
        if self.incident.is_none() && !opens {
            return Err(Refusal::new(Code::Unknown, "this room has not been opened"));
        }
        self.allow(context, command)?;
        match command {
            Command::OpenIncident { .. }
            | Command::ChangeIncident { .. }
            | Command::SetDeadline { .. }
            | Command::LiftDeadline { .. }
            | Command::OpenSite { .. }
            | Command::ClaimPremisesCleared { .. }
            | Command::AdmitMember { .. }
            | Command::GiveRoles { .. }
            | Command::AddHome { .. }
            | Command::AddLogLine { .. }
            | Command::CorrectLogLine { .. }
            | Command::Raise { .. } => self.decide_room(context, command),
            Command::SignOn { .. }
            | Command::CheckIn { .. }
            | Command::ConfirmSafe { .. }
            | Command::SignOff { .. }
            | Command::AcknowledgeSignOff { .. } => self.decide_site(context, command),
            Command::RegisterServiceUser { .. }
            | Command::ChangeServiceUser { .. }
            | Command::SettleEdit { .. }
            | Command::SettleQuestion { .. }
            | Command::MergeServiceUsers { .. }
            | Command::ConfirmOnRegister { .. }
            | Command::NameWorker { .. }
            | Command::Rate { .. }
            | Command::AssessNeeds { .. }
            | Command::AcceptPlace { .. }
            | Command::GiveUpPlace { .. }
            | Command::BookJourney { .. }
            | Command::DeclareReady { .. }
            | Command::ClearToLeave { .. }
            | Command::ConfirmArrival { .. }
            | Command::StartSidePlan { .. }
            | Command::EndSidePlan { .. }
            | Command::PassGate { .. }
            | Command::ReviewBreach { .. } => self.decide_person(context, command),
            Command::CheckIdentity { .. }
            | Command::DepartServiceUser { .. }
            | Command::ArriveServiceUser { .. }
            | Command::ReturnServiceUser { .. }
            | Command::TakeToHospital { .. }
            | Command::GoWithFamily { .. }
            | Command::RecordDeath { .. }
            | Command::TellFamilyOfDeath { .. }
            | Command::FindServiceUser { .. }
            | Command::ReportTrouble { .. }
            | Command::AnswerTrouble { .. } => Ok(self.decide_fact(context, command)),
        }
    }

    /// Decides what is about the room, its team, its homes and its log.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`decide` names every command")]
    fn decide_room(&self, context: &Context, command: &Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::OpenIncident { incident } => {
                if self.incident.is_some() {
                    return Err(Refusal::new(Code::Already, "this room is open"));
                }
                Ok(vec![Event::IncidentOpened { incident: incident.clone() }])
            }
            Command::ChangeIncident { change } => {
                self.names_nobody(change.title.iter().map(proto::text::Text::as_str))?;
                Ok(vec![Event::IncidentChanged { change: change.clone() }])
            }
            Command::SetDeadline { deadline } => {
                if self.incident.as_ref().is_some_and(|i| i.deadlines.len() >= DEADLINES_MAX) {
                    return Err(Refusal::new(Code::Full, "lift a deadline before setting another"));
                }
                self.names_nobody([deadline.set_by.as_str(), deadline.why.as_str()])?;
                Ok(vec![Event::DeadlineSet { deadline: deadline.clone() }])
            }
            Command::LiftDeadline { at, why } => self.decide_lift(*at, why),
            Command::OpenSite { site } => {
                let full = self.sites.len() >= SITES_MAX;
                fits(self.sites.contains_key(&site.site), full, "site")?;
                Ok(vec![Event::SiteOpened { site: site.clone() }])
            }
            Command::ClaimPremisesCleared { swept_by, except } => {
                self.decide_cleared(swept_by, except)
            }
            Command::AdmitMember { member, profile, ceiling } => {
                self.decide_admit(*member, profile, *ceiling)
            }
            Command::GiveRoles { member, roles } => self.decide_roles(*member, roles),
            Command::AddHome { home } => {
                let full = self.homes.len() >= HOMES_MAX;
                fits(self.homes.contains_key(&home.home), full, "home")?;
                Ok(vec![Event::HomeAdded { home: home.clone() }])
            }
            Command::AddLogLine { text, person, show } => {
                self.decide_log(context, text, *person, *show)
            }
            Command::CorrectLogLine { line, text, why } => self.decide_correct(*line, text, why),
            Command::Raise { timer, due } => Ok(self.decide_raise(context, timer, *due)),
            _ => Err(Refusal::new(Code::Fault, "this command is not about the room")),
        }
    }

    /// Decides what is about one service user, or several.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`decide` names every command")]
    fn decide_person(&self, context: &Context, command: &Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::RegisterServiceUser { person, details, questions } => {
                self.decide_register(context, *person, details, questions)
            }
            Command::ChangeServiceUser { person, change } => {
                self.decide_change(context, *person, change)
            }
            Command::SettleEdit { edit, take } => self.decide_settle_edit(*edit, *take),
            Command::SettleQuestion { person, question, why } => {
                self.decide_settle_question(*person, *question, why)
            }
            Command::MergeServiceUsers { from, into, why } => self.decide_merge(*from, *into, why),
            Command::ConfirmOnRegister { person, identified_by } => {
                self.decide_confirm(context, *person, identified_by)
            }
            Command::NameWorker { person, worker } => self.decide_worker(context, *person, *worker),
            Command::Rate { person, rating, reason } => {
                let (person, reason) = (self.known(*person)?.id, reason.clone());
                Ok(vec![Event::ServiceUserRated { person, rating: *rating, reason }])
            }
            Command::AssessNeeds { person } => {
                Ok(vec![Event::NeedsAssessed { person: self.known(*person)?.id }])
            }
            Command::AcceptPlace { person, home } => self.decide_accept(context, *person, *home),
            Command::GiveUpPlace { person, why } => self.decide_give_up(*person, why),
            Command::BookJourney { person, journey } => self.decide_book(context, *person, journey),
            Command::DeclareReady { person } => self.decide_ready(context, *person, false),
            Command::ClearToLeave { person } => self.decide_ready(context, *person, true),
            Command::ConfirmArrival { person, identifier, handover_given, on_word_of } => self
                .decide_confirm_arrival(
                    context,
                    *person,
                    identifier,
                    *handover_given,
                    on_word_of.as_ref(),
                ),
            Command::StartSidePlan { person, plan } => self.decide_side(*person, plan),
            Command::EndSidePlan { person, side } => self.decide_end_side(*person, *side),
            Command::PassGate { gate, people, reason, until } => {
                self.decide_pass(context, *gate, people, reason, *until)
            }
            Command::ReviewBreach { person, fact, gate, state, note } => {
                self.decide_review(*person, *fact, *gate, *state, note)
            }
            _ => Err(Refusal::new(Code::Fault, "this command is not about a person")),
        }
    }

    /// Decides a fact about a service user. It has no refusal.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`decide` names every command")]
    fn decide_fact(&self, context: &Context, command: &Command) -> Vec<Event> {
        match command {
            Command::CheckIdentity { person, moment, identifier } => {
                self.decide_check(context, *person, *moment, identifier)
            }
            Command::DepartServiceUser { person, home, vehicle } => {
                self.decide_depart(context, *person, *home, vehicle.as_ref())
            }
            Command::ArriveServiceUser { person, home } => {
                self.decide_arrive(context, *person, *home)
            }
            Command::ReturnServiceUser { person } => self.about(*person, "came back", |person| {
                vec![Event::ServiceUserReturned { person: person.id }]
            }),
            Command::TakeToHospital { person, hospital } => {
                self.about(*person, "taken to hospital", |person| {
                    let hospital = hospital.clone();
                    vec![Event::TakenToHospital { person: person.id, hospital }]
                })
            }
            Command::GoWithFamily { person, with } => {
                self.about(*person, "gone with family", |person| {
                    vec![Event::GoneWithFamily { person: person.id, with: with.clone() }]
                })
            }
            Command::RecordDeath { person } => self.about(*person, "died", |person| {
                vec![Event::ServiceUserDied { person: person.id }]
            }),
            Command::TellFamilyOfDeath { person } => {
                self.about(*person, "family told of the death", |person| {
                    vec![Event::FamilyToldOfDeath { person: person.id }]
                })
            }
            Command::FindServiceUser { person, at, words } => {
                self.decide_found(*person, at, words.as_ref())
            }
            Command::ReportTrouble { person, trouble, words } => {
                self.decide_trouble(*person, *trouble, words.as_ref())
            }
            Command::AnswerTrouble { person, report } => {
                self.about(*person, "trouble answered", |person| {
                    vec![Event::TroubleAnswered { person: person.id, report: *report }]
                })
            }
            _ => Vec::new(),
        }
    }

    /// Decides what is about a sign-in.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`decide` names every command")]
    fn decide_site(&self, context: &Context, command: &Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::SignOn { site, planned_end, duty, word } => {
                Ok(self.decide_sign_on(context, *site, *planned_end, duty.as_ref(), word))
            }
            Command::CheckIn { word } => Ok(self.decide_check_in(context, word)),
            Command::ConfirmSafe { sign_in, seen_by } => Ok(self.signed_in(*sign_in, |sign_in| {
                vec![Event::ConfirmedSafe { sign_in, seen_by: seen_by.clone() }]
            })),
            Command::SignOff { sign_in, word } => Ok(self.decide_sign_off(context, *sign_in, word)),
            Command::AcknowledgeSignOff { sign_in } => self.decide_acknowledge(context, *sign_in),
            _ => Err(Refusal::new(Code::Fault, "this command is not about a sign-in")),
        }
    }

    /// Returns the member a sign-in command is about: the author, unless it names another.
    fn whom(context: &Context, word: &Word) -> Option<MemberId> {
        let author = match context.actor {
            Actor::Member(member) => Some(member),
            Actor::Screen | Actor::System | Actor::Importer => None,
        };
        word.member.or(author)
    }

    /// Signs a member on. Whoever is signed on at another site leaves it by this; at the same site it is
    /// a check-in with a new planned end.
    fn decide_sign_on(
        &self,
        context: &Context,
        site: SiteId,
        planned_end: Time,
        duty: Option<&Short>,
        word: &Word,
    ) -> Vec<Event> {
        let known = Self::whom(context, word).filter(|id| self.members.contains_key(id));
        let Some(member) = known else { return unknown(word.member, "signed on") };
        let open = self.members.get(&member).and_then(|member| member.signed_in);
        let on_word_of = word.on_word_of.clone();
        let mut events = Vec::new();
        if let Some(sign_in) = open {
            if self.sign_ins.get(&sign_in).is_some_and(|open| open.site == site) {
                let planned_end = Some(planned_end);
                return vec![Event::CheckedIn { sign_in, planned_end, on_word_of }];
            }
            events.push(Event::SignedOff { sign_in, late: false, on_word_of: None });
        }
        let sign_in = SignInId(context.command.0);
        let duty = duty.cloned();
        events.push(Event::SignedOn { sign_in, member, site, planned_end, duty, on_word_of });
        events
    }

    /// Records that a member is here and well.
    fn decide_check_in(&self, context: &Context, word: &Word) -> Vec<Event> {
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
    fn decide_sign_off(&self, context: &Context, sign_in: SignInId, word: &Word) -> Vec<Event> {
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
    fn decide_acknowledge(
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
        Ok(vec![Event::SignedOff { sign_in, late: false, on_word_of: None }])
    }

    /// Makes the events of a fact about a sign-in; about one the room does not know, it is kept.
    fn signed_in(
        &self,
        sign_in: SignInId,
        events: impl FnOnce(SignInId) -> Vec<Event>,
    ) -> Vec<Event> {
        if self.sign_ins.contains_key(&sign_in) {
            return events(sign_in);
        }
        unknown(Some(MemberId(sign_in.0)), "about an unknown sign-in")
    }

    /// Lifts a deadline.
    fn decide_lift(&self, at: Time, why: &Line) -> Result<Vec<Event>, Refusal> {
        let stands = self.incident.as_ref().is_some_and(|i| i.deadlines.contains_key(&at));
        if stands {
            return Ok(vec![Event::DeadlineLifted { at, why: why.clone() }]);
        }
        Err(Refusal::new(Code::Already, "no deadline stands at that time"))
    }

    /// Adds a log line. One shown beyond desk and phones names nobody; one entered late says why.
    fn decide_log(
        &self,
        context: &Context,
        text: &Note,
        person: Option<PersonId>,
        show: Show,
    ) -> Result<Vec<Event>, Refusal> {
        let late = context.now.since_ms(context.happened()) > LATE_MS;
        if late && context.late_reason.is_none() {
            let words = "a line entered more than five minutes late says why";
            return Err(Refusal::new(Code::ReasonNeeded, words));
        }
        if show.wall || show.directors {
            self.names_nobody([text.as_str()])?;
        }
        let person = person.map(|id| self.stands_for(id));
        Ok(vec![Event::LogLineAdded { text: text.clone(), person, show }])
    }

    /// Corrects a line; a line is corrected once, and its correction after that.
    fn decide_correct(&self, line: Seq, text: &Note, why: &Line) -> Result<Vec<Event>, Refusal> {
        let Some(old) = self.log.get(line) else {
            return Err(Refusal::new(Code::Unknown, "the log has no such line"));
        };
        if old.corrected_by.is_some() {
            return Err(Refusal::new(Code::Already, "correct the line that corrects this one"));
        }
        if old.show.wall || old.show.directors {
            self.names_nobody([text.as_str()])?;
        }
        Ok(vec![Event::LogLineCorrected { line, text: text.clone(), why: why.clone() }])
    }

    /// Refuses words for the wall or for directors that hold the name of a service user or a member.
    fn names_nobody<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> Result<(), Refusal> {
        let words: std::collections::BTreeSet<String> =
            texts.into_iter().flat_map(name_words).collect();
        let people = self.people.values().flat_map(|person| {
            let details = &person.details;
            details.name.iter().chain(&details.known_as).chain(&person.aliases)
        });
        let members = self.members.values().map(|member| &member.profile.name);
        let mut names = people.chain(members);
        if names.any(|name| name_words(name.as_str()).any(|word| words.contains(&word))) {
            let words = "this names somebody: on the wall and to directors use the reference";
            return Err(Refusal::new(Code::Value, words));
        }
        Ok(())
    }
}

/// Returns the words of a text that could be names: three letters or more, in lower case.
fn name_words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphabetic());
    words.filter(|word| word.chars().count() > 2).map(str::to_lowercase)
}

/// Returns the event that keeps a fact about somebody this room does not know.
fn unknown(member: Option<MemberId>, fact: &str) -> Vec<Event> {
    let person = PersonId(member.map(|member| member.0).unwrap_or_default());
    Short::parse(fact)
        .map(|fact| vec![Event::UnknownPersonReported { person, fact }])
        .unwrap_or_default()
}

/// Refuses what is there already, or what no longer fits.
fn fits(is_there: bool, full: bool, what: &str) -> Result<(), Refusal> {
    if is_there {
        return Err(Refusal::new(Code::Already, format!("this {what} is in the room")));
    }
    if full {
        return Err(Refusal::new(Code::Full, format!("the room takes no further {what}")));
    }
    Ok(())
}
