//! The decision: a command becomes events, or a refusal. The first of decide, append, apply, tell.

use proto::{
    command::{Command, Show},
    event::Event,
    id::{PersonId, Seq, Time},
    limit::{DEADLINES_MAX, HOMES_MAX, LATE_MS, SITES_MAX},
    refusal::{Code, Refusal},
    text::{Line, Note},
};

use crate::{context::Context, door, state::Room};

impl Room {
    /// Decides a command on this state. Returns its events, none when it changes nothing, or the refusal.
    ///
    /// Facts (PROCEDURE 4.1.3) are refused only to those who are no members of the room.
    #[expect(clippy::too_many_lines, reason = "a table with a line for each command")]
    pub fn decide(&self, context: &Context, command: &Command) -> Result<Vec<Event>, Refusal> {
        let opens = matches!(command, Command::OpenIncident { .. });
        if self.incident.is_none() && !opens {
            return Err(Refusal::new(Code::Unknown, "this room has not been opened"));
        }
        self.allow(context, command)?;
        let is_possible = command.planned_times().into_iter().all(Time::is_possible);
        if !is_possible {
            let words = "this time cannot be meant: a room takes times of the years 1900 to 2199";
            return Err(Refusal::new(Code::Value, words));
        }
        match command {
            Command::OpenIncident { .. }
            | Command::ChangeIncident { .. }
            | Command::SetDeadline { .. }
            | Command::LiftDeadline { .. }
            | Command::OpenSite { .. }
            | Command::ClaimPremisesCleared { .. }
            | Command::AddHome { .. }
            | Command::PrintPacks { .. }
            | Command::AccountForPacks { .. }
            | Command::AddLogLine { .. }
            | Command::CorrectLogLine { .. }
            | Command::RecordExport { .. }
            | Command::Raise { .. } => self.decide_room(context, command),
            Command::AdmitMember { .. }
            | Command::GiveRoles { .. }
            | Command::TakeCover { .. }
            | Command::EndCover { .. }
            | Command::ExpectMembers { .. }
            | Command::StopExpecting { .. }
            | Command::OpenDoor { .. }
            | Command::CloseDoor
            | Command::AskAtDoor { .. }
            | Command::LetIn { .. }
            | Command::TurnAway { .. } => self.decide_team(context, command),
            Command::CallForHelp { .. }
            | Command::AnswerHelp { .. }
            | Command::EndHelp { .. }
            | Command::SignOn { .. }
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
            | Command::ProtectDestination { .. }
            | Command::EndProtection { .. }
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
                self.tells_nobody(change)?;
                self.decide_incident(context, change)
            }
            Command::SetDeadline { deadline } => {
                if self.incident.as_ref().is_some_and(|i| i.deadlines.len() >= DEADLINES_MAX) {
                    return Err(Refusal::new(Code::Full, "lift a deadline before setting another"));
                }
                self.sets_as_nobody(deadline)?;
                Ok(vec![Event::DeadlineSet { deadline: deadline.clone() }])
            }
            Command::LiftDeadline { at, entry, why } => self.decide_lift(*at, *entry, why),
            Command::OpenSite { site } => {
                let full = self.sites.len() >= SITES_MAX;
                fits(self.sites.contains_key(&site.site), full, "site")?;
                Ok(vec![Event::SiteOpened { site: site.clone() }])
            }
            Command::ClaimPremisesCleared { swept_by, except } => {
                self.decide_cleared(context, swept_by, except)
            }
            Command::AddHome { home } => {
                let full = self.homes.len() >= HOMES_MAX;
                fits(self.homes.contains_key(&home.home), full, "home")?;
                self.calls_a_home(&home.short_name)?;
                Ok(vec![Event::HomeAdded { home: home.clone() }])
            }
            Command::PrintPacks { pack, people, held_by } => {
                self.decide_print(*pack, people, held_by.as_ref())
            }
            Command::AccountForPacks { packs, state, held_by } => {
                self.decide_account(packs, *state, held_by.as_ref())
            }
            Command::AddLogLine { text, person, show } => {
                self.decide_log(context, text, *person, *show)
            }
            Command::CorrectLogLine { line, text, why } => self.decide_correct(*line, text, why),
            Command::RecordExport { export, why } => {
                Ok(vec![Event::ExportTaken { export: *export, why: why.clone() }])
            }
            Command::Raise { timer, due } => Ok(self.decide_raise(context, timer, *due)),
            _ => Err(Refusal::new(Code::Fault, "this command is not about the room")),
        }
    }

    /// Decides what is about the roster, its covers and the door.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`decide` names every command")]
    fn decide_team(&self, context: &Context, command: &Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::AdmitMember { member, profile, ceiling } => {
                self.decide_admit(*member, profile, *ceiling)
            }
            Command::GiveRoles { member, roles } => self.decide_roles(*member, roles),
            Command::TakeCover { member } => self.decide_cover(context, *member),
            Command::EndCover { member, by } => self.decide_end_cover(context, *member, *by),
            Command::ExpectMembers { members } => self.decide_expect(members),
            Command::StopExpecting { member } => self.decide_stop_expecting(*member),
            Command::OpenDoor { code, until } => door::decide_open(context, code, *until),
            Command::CloseDoor => self.decide_close_door(),
            Command::AskAtDoor { code, asking, profile, face } => {
                self.decide_ask(context, code, *asking, profile, *face)
            }
            Command::LetIn { admissions } => self.decide_let_in(admissions),
            Command::TurnAway { asking, why } => self.decide_turn_away(*asking, why),
            _ => Err(Refusal::new(Code::Fault, "this command is not about the team")),
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
            Command::ProtectDestination { person, protection } => {
                self.decide_protect(*person, protection)
            }
            Command::EndProtection { person, entry, why } => {
                self.decide_end_protection(*person, *entry, why)
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

    /// Decides what is about a sign-in or a call for help.
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
            Command::CallForHelp { help, person, place } => {
                Ok(self.decide_call(context, *help, *person, place.as_ref()))
            }
            Command::AnswerHelp { call } => Ok(self.decide_answer(context, *call)),
            Command::EndHelp { call, words } => Ok(self.decide_end_help(*call, words)),
            _ => Err(Refusal::new(Code::Fault, "this command is not about a sign-in")),
        }
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
            self.names_nobody("this", text.as_str())?;
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
        // Boards show the reason with the words.
        if old.show.wall || old.show.directors {
            self.names_nobody("this", text.as_str())?;
            self.names_nobody("the reason", why.as_str())?;
        }
        Ok(vec![Event::LogLineCorrected { line, text: text.clone(), why: why.clone() }])
    }
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
