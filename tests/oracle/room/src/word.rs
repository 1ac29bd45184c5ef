//! The log's own words: what each entry says, in the field's language (WEB.md 7.7).

use proto::{
    entry::Entry,
    event::Event,
    id::{HomeId, MemberId, PersonId, SignInId},
    member::Actor,
    pack::PackState,
    role::Role,
    row::log::AlarmKind,
    site::Timer,
    transfer::{BreachState, FoundAt, SideKind, Trouble},
};

mod team;

use crate::{log::LogLine, person::Person, state::Room};

impl Room {
    /// Returns the log line of an entry, or `None` where it is not worth one.
    pub(crate) fn line_of(&self, entry: &Entry) -> Option<LogLine> {
        let said: Vec<String> = entry.events.iter().filter_map(|event| self.say(event)).collect();
        if said.is_empty() {
            return None;
        }
        let (show, corrects) = match entry.events.first() {
            Some(Event::LogLineAdded { show, .. }) => (*show, None),
            Some(Event::LogLineCorrected { line, .. }) => {
                (self.log.get(*line).map(|old| old.show).unwrap_or_default(), Some(*line))
            }
            _ => (proto::command::Show::default(), None),
        };
        Some(LogLine {
            at: entry.happened(),
            recorded: entry.at,
            late_reason: entry.late_reason.clone(),
            claimed_at: entry.claimed_at,
            by: entry.actor,
            role: self.first_role(entry.actor),
            text: said.join(" "),
            person: entry.events.iter().find_map(Event::about).map(|id| self.stands_for(id)),
            corrected_by: None,
            corrects,
            alarm: entry.events.iter().find_map(alarm_of),
            show,
        })
    }

    /// Returns the role in which somebody speaks: the first of theirs.
    fn first_role(&self, actor: Actor) -> Option<Role> {
        match actor {
            Actor::Member(member) => self.members.get(&member)?.profile.roles.first().copied(),
            Actor::Screen | Actor::System | Actor::Importer => None,
        }
    }

    /// Returns what an event says.
    fn say(&self, event: &Event) -> Option<String> {
        self.say_of_room(event).or_else(|| self.say_of_person(event))
    }

    /// Returns what an event about the room says.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others speak of a person")]
    fn say_of_room(&self, event: &Event) -> Option<String> {
        Some(match event {
            Event::IncidentOpened { .. } => "Room opened.".to_owned(),
            Event::IncidentChanged { .. } => "What is said of the incident changed.".to_owned(),
            Event::DeadlineSet { deadline } => {
                let (by, why) = (deadline.set_by.as_str(), deadline.why.as_str());
                format!("Deadline set by {by}: {why}.")
            }
            Event::DeadlinesLifted { why, .. } | Event::DeadlineLifted { why, .. } => {
                format!("Deadline lifted: {}.", why.as_str())
            }
            Event::SiteOpened { site } => format!("Site added: {}.", site.name.as_str()),
            Event::HomeAdded { home } => format!("Home added: {}.", home.name.as_str()),
            Event::PremisesCleared { except, .. } if except.is_empty() => {
                "Premises cleared, swept by two.".to_owned()
            }
            Event::PremisesCleared { except, .. } => {
                let called: Vec<String> = except.iter().map(|id| self.excepted(*id)).collect();
                format!("Premises cleared, swept by two, except {}.", called.join(", "))
            }
            Event::MemberAdmitted { profile, .. } => {
                format!("{} came into the room.", profile.name.as_str())
            }
            Event::RolesGiven { member, .. } => format!("{} has new roles.", self.named(*member)),
            Event::CoverTaken { .. }
            | Event::CoverEnded { .. }
            | Event::MembersExpected { .. }
            | Event::ExpectingStopped { .. }
            | Event::DoorOpened { .. }
            | Event::DoorClosed
            | Event::AskedAtDoor { .. }
            | Event::TurnedAway { .. } => return self.say_of_team(event),
            Event::HelpCalled { .. } | Event::HelpAnswered { .. } | Event::HelpEnded { .. } => {
                return self.say_of_help(event);
            }
            Event::PacksPrinted { .. } | Event::PacksAccountedFor { .. } => {
                return team::say_of_packs(event);
            }
            Event::SignedOn { sign_in, on_word_of, .. } => {
                let word = on_word(on_word_of.as_ref());
                format!("{} signed on{}{word}.", self.who(*sign_in), self.at_site(*sign_in))
            }
            Event::ConfirmedSafe { sign_in, seen_by } => {
                format!("{} confirmed safe by {}.", self.who(*sign_in), seen_by.as_str())
            }
            Event::SignOffAsked { sign_in } => format!("{} asks to sign off.", self.who(*sign_in)),
            Event::SignedOff { sign_in, late, on_word_of } => {
                let late = if *late { ", late entry" } else { "" };
                let word = on_word(on_word_of.as_ref());
                format!("{} signed off{}{late}{word}.", self.who(*sign_in), self.at_site(*sign_in))
            }
            Event::SignOffAcknowledged { sign_in } => {
                format!("{} signed off{}.", self.who(*sign_in), self.at_site(*sign_in))
            }
            Event::AlarmRaised { timer } => self.say_alarm(timer),
            Event::LogLineAdded { text, .. } => text.as_str().to_owned(),
            Event::LogLineCorrected { line, text, why } => {
                format!("{} (corrects entry {line}: {})", text.as_str(), why.as_str())
            }
            Event::UnknownPersonReported { fact, .. } => {
                format!("Recorded about somebody this room does not know: {}.", fact.as_str())
            }
            Event::ExportTaken { export, why } => {
                format!("Taken away: {}, for: {}.", export.called(), why.as_str())
            }
            _ => return None,
        })
    }

    /// Returns what an alarm says.
    fn say_alarm(&self, timer: &Timer) -> String {
        match timer {
            Timer::CheckInOverdue { sign_in } => {
                format!("Check-in overdue: {}. Ring now.", self.who(*sign_in))
            }
            Timer::PlannedEndPassed { sign_in } => {
                format!("Planned end passed: {}. They keep access.", self.who(*sign_in))
            }
            Timer::SignOffUnanswered { sign_in } => {
                format!("Sign-off asked and not answered: {}.", self.who(*sign_in))
            }
            Timer::DeadlinePassed { .. } => "A deadline has passed.".to_owned(),
            Timer::HelpUnanswered { call } => {
                let caller = self.help.get(call).map(|call| self.named(call.member));
                let caller = caller.unwrap_or_else(|| "somebody".to_owned());
                format!("Nobody answered the call for help of {caller} for a minute. Ring now.")
            }
            Timer::CoverOver { .. } => "A cover is over.".to_owned(),
        }
    }

    /// Returns what an event about a service user says.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others speak of the room")]
    fn say_of_person(&self, event: &Event) -> Option<String> {
        let id = event.about()?;
        let who = self.called(id);
        Some(match event {
            Event::ServiceUserRegistered { .. } => format!("{who} put on the register."),
            Event::ServiceUserChanged { .. } => format!("Details of {who} changed."),
            Event::EditSetAside { .. } => {
                format!("An edit of {who} was set aside: somebody else had changed it.")
            }
            Event::QuestionSettled { why, .. } => format!("{who}: {}.", why.as_str()),
            Event::ServiceUsersMerged { why, .. } => {
                format!("Two rows were one person, {who}: {}.", why.as_str())
            }
            Event::ServiceUserConfirmed { .. } => format!("{who} confirmed on the register."),
            Event::WorkerNamed { worker: Some(worker), .. } => {
                format!("{who}: named social worker {}.", self.named(*worker))
            }
            Event::WorkerNamed { worker: None, .. } => format!("{who}: no named social worker."),
            Event::ServiceUserRated { reason, .. } => format!("{who} rated: {}.", reason.as_str()),
            Event::NeedsAssessed { .. } => format!("{who}: needs assessed."),
            Event::DestinationProtected { .. } => {
                format!("{who}: destination protected. Do not say where.")
            }
            Event::ProtectionEnded { .. } => {
                format!("{who}: a protection of the destination ended.")
            }
            Event::PlaceAccepted { home, .. } => {
                format!("{who}: place accepted at {}.", self.home(Some(*home)))
            }
            Event::PlaceGivenUp { why, .. } => format!("{who}: place given up: {}.", why.as_str()),
            Event::JourneyBooked { .. } => format!("{who}: journey booked."),
            Event::ServiceUserReady { .. } => format!("{who} declared ready."),
            Event::ClearedToLeave { .. } => format!("{who} cleared to leave."),
            Event::ArrivalConfirmed { on_word_of, .. } => {
                let word = on_word(on_word_of.as_ref());
                format!("{who}: arrival confirmed{word}. Lead told.")
            }
            Event::SidePlanStarted { plan, .. } => {
                format!("{who}: {}: {}.", side(plan.side), plan.reason.as_str())
            }
            Event::SidePlanEnded { side: kind, .. } => format!("{who}: {} ended.", side(*kind)),
            Event::GatePassed { gate, people, reason, .. } => {
                let called: Vec<String> = people.iter().map(|id| self.called(*id)).collect();
                format!("{gate:?} passed for {}: {}.", called.join(", "), reason.as_str())
            }
            Event::GateBreached { gate, .. } => format!("{gate:?} not met, recorded."),
            Event::BreachReviewed { gate, state, .. } => {
                format!("{who}: breach of {gate:?} {}.", reviewed(*state))
            }
            _ => return self.say_fact(event, &who),
        })
    }

    /// Returns what a fact about a service user says.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`say_of_person` says the plans")]
    fn say_fact(&self, event: &Event, who: &str) -> Option<String> {
        Some(match event {
            Event::IdentityChecked { matched: true, .. } => format!("{who}: identity checked."),
            Event::IdentityChecked { matched: false, .. } => {
                format!("Near miss: the second identifier for {who} did not match.")
            }
            Event::ServiceUserDeparted { person, home, .. } => {
                let accepted = self.person(*person).and_then(Person::goes_to);
                let to = home.or(accepted);
                match to {
                    Some(home) => format!("{who} left for {}.", self.home(Some(home))),
                    None => format!("{who} left, destination to confirm."),
                }
            }
            Event::ServiceUserArrived { person, home } => {
                let expected = self.person(*person).and_then(Person::goes_to);
                format!("{who} arrived at {}.", self.home(home.or(expected)))
            }
            Event::ServiceUserReturned { .. } => format!("{who} came back to the home."),
            Event::TakenToHospital { .. } => format!("{who} taken to hospital."),
            Event::GoneWithFamily { .. } => format!("{who} gone with family."),
            Event::ServiceUserDied { .. } => format!("{who} died."),
            Event::FamilyToldOfDeath { .. } => format!("The family of {who} was told."),
            Event::ServiceUserFound { at, .. } => format!("{who} found: {}.", self.found(at)),
            Event::TroubleReported { trouble, words, .. } => {
                let words = words.as_ref().map(|words| format!(": {}", words.as_str()));
                format!(
                    "Not going to plan, {who}: {}{}.",
                    trouble_words(*trouble),
                    words.unwrap_or_default()
                )
            }
            Event::TroubleAnswered { .. } => format!("Somebody is seeing to {who}."),
            _ => return None,
        })
    }

    /// Returns a person's name and reference.
    pub(crate) fn called(&self, id: PersonId) -> String {
        self.person(id).map_or_else(|| "somebody not on the register".to_owned(), Person::called)
    }

    /// Returns whom a claim leaves out, and whether by a passed gate rather than by an arrangement.
    fn excepted(&self, id: PersonId) -> String {
        let by_pass = |person: &Person| !person.sides.contains_key(&SideKind::Exceptional);
        let passed = if self.person(id).is_some_and(by_pass) { " (G30 passed)" } else { "" };
        format!("{}{passed}", self.called(id))
    }

    /// Returns a member's name.
    pub(crate) fn named(&self, member: MemberId) -> String {
        let name = self.members.get(&member).map(|member| member.profile.name.as_str());
        name.unwrap_or("somebody").to_owned()
    }

    /// Returns the name of whose sign-in it is.
    fn who(&self, sign_in: SignInId) -> String {
        self.sign_ins.get(&sign_in).map_or_else(|| "somebody".to_owned(), |s| self.named(s.member))
    }

    /// Returns " at" and the site of a sign-in.
    fn at_site(&self, sign_in: SignInId) -> String {
        let site = self.sign_ins.get(&sign_in).and_then(|open| self.sites.get(&open.site));
        site.map(|site| format!(" at {}", site.name.as_str())).unwrap_or_default()
    }

    /// Returns a home's name.
    fn home(&self, home: Option<HomeId>) -> String {
        let home = home.and_then(|home| self.homes.get(&home));
        home.map_or_else(|| "a home to confirm".to_owned(), |home| home.name.as_str().to_owned())
    }

    /// Returns where somebody was found.
    fn found(&self, at: &FoundAt) -> String {
        match at {
            FoundAt::AtTheHome => "at the home".to_owned(),
            FoundAt::OnTheWay => "on the way".to_owned(),
            FoundAt::Arrived { home } => format!("arrived at {}", self.home(Some(*home))),
            FoundAt::InHospital => "in hospital".to_owned(),
            FoundAt::WithFamily => "with family".to_owned(),
            FoundAt::Died => "died".to_owned(),
        }
    }
}

/// Returns the kind of alarm that an event is, where somebody must see to it.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others ask nobody to do anything")]
const fn alarm_of(event: &Event) -> Option<AlarmKind> {
    match event {
        Event::AlarmRaised { .. } => Some(AlarmKind::Timer),
        Event::GateBreached { .. } => Some(AlarmKind::Breach),
        Event::TroubleReported { .. } => Some(AlarmKind::Trouble),
        Event::UnknownPersonReported { .. } => Some(AlarmKind::UnknownPerson),
        Event::IdentityChecked { matched: false, .. } => Some(AlarmKind::NearMiss),
        Event::EditSetAside { .. } => Some(AlarmKind::SetAside),
        Event::HelpCalled { .. } => Some(AlarmKind::Help),
        Event::PacksAccountedFor { state: PackState::Lost, .. } => Some(AlarmKind::PackLost),
        _ => None,
    }
}

/// Returns ", on the word of …".
fn on_word(word: Option<&proto::text::Line>) -> String {
    word.map(|word| format!(", on the word of {}", word.as_str())).unwrap_or_default()
}

/// Returns a side plan's words.
const fn side(side: SideKind) -> &'static str {
    match side {
        SideKind::Exceptional => "exceptional arrangement",
        SideKind::OnHold => "on hold",
        SideKind::Dispute => "dispute",
    }
}

/// Returns a review's words.
const fn reviewed(state: BreachState) -> &'static str {
    match state {
        BreachState::Open => "opened again",
        BreachState::DoneButRecordedLate => "was done but recorded late",
        BreachState::Accepted => "reviewed and accepted",
        BreachState::Lesson => "reviewed as a lesson",
    }
}

/// Returns a trouble's words.
const fn trouble_words(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Refuses => "refuses to go",
        Trouble::Unwell => "unwell",
        Trouble::FamilyTakingThem => "family is taking them",
        Trouble::CrewProblem => "a problem with the crew",
        Trouble::WrongPapers => "wrong papers",
        Trouble::NotFound => "not found",
    }
}
