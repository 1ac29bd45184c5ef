//! The era: the years in which every time of a room lies (P-104). What a command says outside them is refused; an
//! entry that says so all the same is folded as if it said the nearest moment within.

use std::borrow::Cow;

use crate::{
    command::Command,
    entry::Entry,
    event::Event,
    id::Time,
    incident::Deadline,
    protection::Protection,
    site::Timer,
    transfer::{Journey, SidePlan},
};

impl Command {
    /// Returns the times that a plan says. The end that somebody signs on until is part of a fact, and not among them:
    /// a fact is never refused.
    #[expect(clippy::too_many_lines, reason = "a table with a line for each command")]
    pub fn planned_times(&self) -> Vec<Time> {
        match self {
            Self::SetDeadline { deadline: Deadline { at, set_by: _, why: _ } }
            | Self::LiftDeadline { at, entry: _, why: _ }
            | Self::OpenDoor { code: _, until: at } => vec![*at],
            Self::ProtectDestination { person: _, protection } => {
                let Protection { who: _, relation: _, why: _, source: _, until } = &**protection;
                until.iter().copied().collect()
            }
            Self::BookJourney { person: _, journey } => {
                let Journey { vehicle: _, crew: _, leaves_at, arrives_at } = journey;
                leaves_at.iter().chain(arrives_at).copied().collect()
            }
            Self::StartSidePlan { person: _, plan: SidePlan { side: _, reason: _, until } }
            | Self::PassGate { gate: _, people: _, reason: _, until } => {
                until.iter().copied().collect()
            }
            Self::Raise { timer, due } => vec![*due, timer_time(timer).unwrap_or(*due)],
            Self::OpenIncident { .. }
            | Self::ChangeIncident { .. }
            | Self::OpenSite { .. }
            | Self::ClaimPremisesCleared { .. }
            | Self::AdmitMember { .. }
            | Self::GiveRoles { .. }
            | Self::TakeCover { .. }
            | Self::EndCover { .. }
            | Self::ExpectMembers { .. }
            | Self::StopExpecting { .. }
            | Self::CloseDoor
            | Self::AskAtDoor { .. }
            | Self::LetIn { .. }
            | Self::TurnAway { .. }
            | Self::RegisterServiceUser { .. }
            | Self::ChangeServiceUser { .. }
            | Self::SettleEdit { .. }
            | Self::SettleQuestion { .. }
            | Self::MergeServiceUsers { .. }
            | Self::ConfirmOnRegister { .. }
            | Self::NameWorker { .. }
            | Self::Rate { .. }
            | Self::AssessNeeds { .. }
            | Self::EndProtection { .. }
            | Self::AddHome { .. }
            | Self::AcceptPlace { .. }
            | Self::GiveUpPlace { .. }
            | Self::DeclareReady { .. }
            | Self::ClearToLeave { .. }
            | Self::ConfirmArrival { .. }
            | Self::EndSidePlan { .. }
            | Self::ReviewBreach { .. }
            | Self::CheckIdentity { .. }
            | Self::DepartServiceUser { .. }
            | Self::ArriveServiceUser { .. }
            | Self::ReturnServiceUser { .. }
            | Self::TakeToHospital { .. }
            | Self::GoWithFamily { .. }
            | Self::RecordDeath { .. }
            | Self::TellFamilyOfDeath { .. }
            | Self::FindServiceUser { .. }
            | Self::ReportTrouble { .. }
            | Self::AnswerTrouble { .. }
            | Self::SignOn { .. }
            | Self::CheckIn { .. }
            | Self::ConfirmSafe { .. }
            | Self::SignOff { .. }
            | Self::AcknowledgeSignOff { .. }
            | Self::CallForHelp { .. }
            | Self::AnswerHelp { .. }
            | Self::EndHelp { .. }
            | Self::PrintPacks { .. }
            | Self::AccountForPacks { .. }
            | Self::AddLogLine { .. }
            | Self::CorrectLogLine { .. }
            | Self::RecordExport { .. } => Vec::new(),
        }
    }
}

/// Returns the times of an event: to read, or with `mut` to change.
macro_rules! times {
    ($event:expr $(, $mut:tt)?) => {
        match $event {
            Event::DeadlineSet { deadline } => vec![&$($mut)? deadline.at],
            Event::DeadlinesLifted { at, why: _ } => vec![at],
            Event::DoorOpened { code: _, until } => vec![until],
            Event::DestinationProtected { person: _, protection } => {
                (&$($mut)? protection.until).into_iter().collect()
            }
            Event::JourneyBooked { person: _, journey } => {
                let Journey { vehicle: _, crew: _, leaves_at, arrives_at } = journey;
                leaves_at.into_iter().chain(arrives_at).collect()
            }
            Event::SidePlanStarted { person: _, plan } => {
                (&$($mut)? plan.until).into_iter().collect()
            }
            Event::GatePassed { gate: _, people: _, reason: _, until } => {
                until.into_iter().collect()
            }
            Event::SignedOn { planned_end, .. } => vec![planned_end],
            Event::CheckedIn { sign_in: _, planned_end, on_word_of: _ } => {
                planned_end.into_iter().collect()
            }
            Event::AlarmRaised { timer: Timer::DeadlinePassed { at } } => vec![at],
            Event::AlarmRaised { .. }
            | Event::IncidentOpened { .. }
            | Event::DeadlineLifted { .. }
            | Event::IncidentChanged { .. }
            | Event::SiteOpened { .. }
            | Event::PremisesCleared { .. }
            | Event::MemberAdmitted { .. }
            | Event::RolesGiven { .. }
            | Event::CoverTaken { .. }
            | Event::CoverEnded { .. }
            | Event::MembersExpected { .. }
            | Event::ExpectingStopped { .. }
            | Event::DoorClosed
            | Event::AskedAtDoor { .. }
            | Event::TurnedAway { .. }
            | Event::ServiceUserRegistered { .. }
            | Event::ServiceUserChanged { .. }
            | Event::EditSetAside { .. }
            | Event::EditSettled { .. }
            | Event::QuestionSettled { .. }
            | Event::ServiceUsersMerged { .. }
            | Event::ServiceUserConfirmed { .. }
            | Event::WorkerNamed { .. }
            | Event::ServiceUserRated { .. }
            | Event::NeedsAssessed { .. }
            | Event::ProtectionEnded { .. }
            | Event::HomeAdded { .. }
            | Event::PlaceAccepted { .. }
            | Event::PlaceGivenUp { .. }
            | Event::ServiceUserReady { .. }
            | Event::ClearedToLeave { .. }
            | Event::ArrivalConfirmed { .. }
            | Event::SidePlanEnded { .. }
            | Event::GateBreached { .. }
            | Event::BreachReviewed { .. }
            | Event::IdentityChecked { .. }
            | Event::ServiceUserDeparted { .. }
            | Event::ServiceUserArrived { .. }
            | Event::ServiceUserReturned { .. }
            | Event::TakenToHospital { .. }
            | Event::GoneWithFamily { .. }
            | Event::ServiceUserDied { .. }
            | Event::FamilyToldOfDeath { .. }
            | Event::ServiceUserFound { .. }
            | Event::TroubleReported { .. }
            | Event::TroubleAnswered { .. }
            | Event::UnknownPersonReported { .. }
            | Event::ConfirmedSafe { .. }
            | Event::SignOffAsked { .. }
            | Event::SignedOff { .. }
            | Event::SignOffAcknowledged { .. }
            | Event::HelpCalled { .. }
            | Event::HelpAnswered { .. }
            | Event::HelpEnded { .. }
            | Event::PacksPrinted { .. }
            | Event::PacksAccountedFor { .. }
            | Event::LogLineAdded { .. }
            | Event::LogLineCorrected { .. }
            | Event::ExportTaken { .. } => Vec::new(),
        }
    };
}

impl Event {
    /// Returns the times that it tells.
    fn times(&self) -> Vec<&Time> {
        times!(self)
    }

    /// Returns the times that it tells, to be changed.
    fn times_mut(&mut self) -> Vec<&mut Time> {
        times!(self, mut)
    }
}

impl Entry {
    /// Returns the entry with every time within the years that a room takes: what lies outside becomes the nearest
    /// moment within, and a claim outside them is not believed.
    pub fn within_era(&self) -> Cow<'_, Self> {
        let claims = self.happened_at.iter().chain(&self.claimed_at);
        let mut times = self.events.iter().flat_map(Event::times).chain(claims);
        if times.all(|time| time.is_possible()) {
            return Cow::Borrowed(self);
        }
        let mut entry = self.clone();
        if let Some(claim) = entry.happened_at.take_if(|claim| !claim.is_possible()) {
            entry.claimed_at = Some(claim);
        }
        let told = entry.events.iter_mut().flat_map(Event::times_mut);
        for time in told.chain(&mut entry.claimed_at) {
            *time = time.nearest_possible();
        }
        Cow::Owned(entry)
    }
}

/// Returns the time that a timer names.
const fn timer_time(timer: &Timer) -> Option<Time> {
    match timer {
        Timer::DeadlinePassed { at } => Some(*at),
        Timer::CheckInOverdue { .. }
        | Timer::PlannedEndPassed { .. }
        | Timer::SignOffUnanswered { .. }
        | Timer::HelpUnanswered { .. }
        | Timer::CoverOver { .. } => None,
    }
}
