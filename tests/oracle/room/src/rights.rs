//! Rights: what roles may do and see, from the need-to-know matrix (SECURITY.md). Lead and deputy may all.

use proto::{
    command::Command,
    export::Export,
    gate::Gate,
    id::MemberId,
    member::Actor,
    refusal::{Code, Refusal},
    role::{Audience, Ceiling, Role},
};

use crate::{context::Context, gate, state::Room};

/// Roles that read counts and write nothing.
const COUNTS_ONLY: [Role; 2] = [Role::Director, Role::SeniorManager];

/// Who registers people, beside lead and deputy.
const REGISTRARS: &[Role] = &[Role::Bizsup, Role::Records, Role::NamedSw];

/// Who adds homes, beside lead and deputy.
const ADD_HOMES: &[Role] = &[Role::Vacancies, Role::Placements];

/// What a command needs of whoever asks.
enum Needs {
    /// Any member: it is a fact, or about oneself.
    AnyMember,
    /// Any member with a working role.
    WorkingRole,
    /// One of these roles, or lead or deputy.
    OneOf(&'static [Role]),
    /// One of these roles, or lead or deputy, by a staff login: from outside nothing is taken away.
    StaffOneOf(&'static [Role]),
    /// Lead or deputy.
    LeadOrDeputy,
    /// Nobody who logs in: the operator's import or the room itself.
    NoMember,
}

/// Returns what a command needs. It is a table, and as long as the commands are many.
#[expect(clippy::too_many_lines, reason = "a table with a line for each command")]
fn needs(command: &Command) -> Needs {
    use Role::{
        Bizsup, Family, Mca, Meds, Moving, NamedSw, Nurse, Placements, Reassess, Records,
        TeamLeaderSite, Transport, Vacancies,
    };
    match command {
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
        | Command::AnswerTrouble { .. }
        | Command::SignOn { .. }
        | Command::CheckIn { .. }
        | Command::ConfirmSafe { .. }
        | Command::SignOff { .. }
        | Command::CallForHelp { .. }
        | Command::AnswerHelp { .. }
        | Command::EndHelp { .. } => Needs::AnyMember,
        Command::AddLogLine { .. }
        | Command::CorrectLogLine { .. }
        | Command::AcknowledgeSignOff { .. }
        | Command::TakeCover { .. }
        | Command::EndCover { .. }
        | Command::AccountForPacks { .. }
        | Command::PassGate { .. } => Needs::WorkingRole,
        Command::PrintPacks { .. } => Needs::OneOf(&[Bizsup, Records, Transport, TeamLeaderSite]),
        Command::ExpectMembers { .. } | Command::StopExpecting { .. } => {
            Needs::OneOf(&[Bizsup, Role::Staffsup])
        }
        Command::RegisterServiceUser { .. }
        | Command::MergeServiceUsers { .. }
        | Command::SettleQuestion { .. }
        | Command::ConfirmOnRegister { .. } => Needs::OneOf(REGISTRARS),
        Command::ChangeServiceUser { .. } | Command::SettleEdit { .. } => Needs::OneOf(&[
            Bizsup,
            Records,
            NamedSw,
            Reassess,
            Mca,
            Meds,
            Moving,
            Nurse,
            TeamLeaderSite,
            Family,
        ]),
        Command::NameWorker { .. } => Needs::OneOf(&[Reassess, Bizsup]),
        Command::Rate { .. } => Needs::OneOf(&[
            Reassess,
            Mca,
            Vacancies,
            Placements,
            Moving,
            Transport,
            Family,
            Meds,
            Bizsup,
            NamedSw,
            TeamLeaderSite,
            Nurse,
        ]),
        Command::AssessNeeds { .. } => {
            Needs::OneOf(&[Reassess, Moving, Meds, NamedSw, Nurse, TeamLeaderSite])
        }
        Command::AddHome { .. } => Needs::OneOf(ADD_HOMES),
        Command::AcceptPlace { .. } | Command::GiveUpPlace { .. } => {
            Needs::OneOf(&[Placements, NamedSw])
        }
        Command::BookJourney { .. } => {
            Needs::OneOf(&[Transport, Placements, NamedSw, TeamLeaderSite])
        }
        Command::DeclareReady { .. } | Command::ClearToLeave { .. } => {
            Needs::OneOf(&[NamedSw, TeamLeaderSite, Nurse, Meds, Transport, Placements])
        }
        Command::ConfirmArrival { .. } => Needs::OneOf(&[Placements, NamedSw, Transport]),
        Command::StartSidePlan { .. } | Command::EndSidePlan { .. } => {
            Needs::OneOf(&[Placements, NamedSw, Reassess])
        }
        Command::ProtectDestination { .. }
        | Command::EndProtection { .. }
        | Command::SetDeadline { .. }
        | Command::LiftDeadline { .. }
        | Command::ChangeIncident { .. }
        | Command::OpenSite { .. }
        | Command::GiveRoles { .. }
        | Command::OpenDoor { .. }
        | Command::CloseDoor
        | Command::LetIn { .. }
        | Command::TurnAway { .. }
        | Command::ClaimPremisesCleared { .. }
        | Command::ReviewBreach { .. } => Needs::LeadOrDeputy,
        Command::RecordExport { export, .. } => Needs::StaffOneOf(may_take(*export)),
        Command::OpenIncident { .. }
        | Command::AdmitMember { .. }
        | Command::AskAtDoor { .. }
        | Command::Raise { .. } => Needs::NoMember,
    }
}

/// Returns who, beside lead and deputy, may take an export away: the matrix's column `exp`, and the log
/// only by those who may read all of it.
const fn may_take(export: Export) -> &'static [Role] {
    match export {
        Export::PeopleCsv | Export::PeopleXlsx | Export::MovementsCsv => &[Role::Bizsup],
        Export::LogCsv | Export::LogJsonl => &[],
    }
}

/// Tells whether the operator may submit a command: what sets a room up from lists, and the record of what the
/// operator exports. Never a fact, a right or a claim.
const fn is_set_up(command: &Command) -> bool {
    matches!(
        command,
        Command::OpenIncident { .. }
            | Command::SetDeadline { .. }
            | Command::OpenSite { .. }
            | Command::AdmitMember { .. }
            | Command::RegisterServiceUser { .. }
            | Command::ChangeServiceUser { .. }
            | Command::MergeServiceUsers { .. }
            | Command::SettleQuestion { .. }
            | Command::ConfirmOnRegister { .. }
            | Command::NameWorker { .. }
            | Command::AssessNeeds { .. }
            | Command::AddHome { .. }
            | Command::RecordExport { .. }
    )
}

/// Tells whether a command says who may do what, or who may know where somebody goes: more than a door
/// code carries (SECURITY, the ceilings).
const fn is_for_staff(command: &Command) -> bool {
    matches!(
        command,
        Command::ProtectDestination { .. }
            | Command::EndProtection { .. }
            | Command::GiveRoles { .. }
            | Command::ExpectMembers { .. }
            | Command::StopExpecting { .. }
            | Command::OpenDoor { .. }
            | Command::CloseDoor
            | Command::LetIn { .. }
            | Command::TurnAway { .. }
    )
}

impl Room {
    /// Returns the roles a member acts in, by cover too; none when the room does not know them.
    pub(crate) fn roles(&self, member: MemberId) -> &[Role] {
        self.members.get(&member).map_or(&[], |member| member.acting.as_slice())
    }

    /// Refuses what the author may not ask.
    pub(crate) fn allow(&self, context: &Context, command: &Command) -> Result<(), Refusal> {
        let refuse = |words: &str| Err(Refusal::new(Code::NotYours, words));
        let member = match context.actor {
            Actor::Importer if is_set_up(command) => return Ok(()),
            Actor::System
                if matches!(
                    command,
                    Command::AdmitMember { .. } | Command::AskAtDoor { .. } | Command::Raise { .. }
                ) =>
            {
                return Ok(());
            }
            Actor::Importer | Actor::System => {
                return refuse("an import sets a room up, and does nothing else in it");
            }
            Actor::Screen => return refuse("a screen only shows"),
            Actor::Member(member) => member,
        };
        if !self.members.contains_key(&member) {
            return refuse("you are not a member of this room");
        }
        let is_capped = context.ceiling != Some(Ceiling::Staff);
        if is_capped && is_for_staff(command) {
            return refuse(
                "you came in by a code or from outside; somebody with a staff link does this",
            );
        }
        let roles = self.roles(member);
        let counts_only = roles.iter().all(|role| COUNTS_ONLY.contains(role));
        if counts_only && !self.is_own_safety(member, command) {
            return refuse(if roles.is_empty() {
                "you have no role in this room yet. Help, and your own signing on and off, are open to you"
            } else {
                "your role reads the counts; the room acts. Help, and your own signing on and off, are open to you"
            });
        }
        let leads = self.leads(member);
        let holds = |wanted: &[Role]| leads || wanted.iter().any(|role| roles.contains(role));
        let may = match needs(command) {
            Needs::AnyMember => true,
            Needs::WorkingRole => !roles.is_empty(),
            Needs::OneOf(wanted) => holds(wanted),
            Needs::StaffOneOf(wanted) => context.ceiling == Some(Ceiling::Staff) && holds(wanted),
            Needs::LeadOrDeputy => leads,
            Needs::NoMember => false,
        };
        let passes = |gate: Gate| holds(&gate::may_pass(gate));
        let is_passable =
            if let Command::PassGate { gate, .. } = command { passes(*gate) } else { true };
        if may && is_passable {
            Ok(())
        } else {
            refuse("your roles in this room do not carry this")
        }
    }

    /// Tells whether a command is about help, or about the author's own presence in a building: what nobody who is a
    /// member is ever kept from, whatever their role (SECURITY, the matrix; P-106).
    #[expect(clippy::wildcard_enum_match_arm, reason = "`needs` names every command")]
    fn is_own_safety(&self, member: MemberId, command: &Command) -> bool {
        match command {
            Command::CallForHelp { .. } | Command::AnswerHelp { .. } | Command::EndHelp { .. } => {
                true
            }
            Command::SignOn { word, .. } | Command::CheckIn { word } => {
                word.member.is_none_or(|about| about == member)
            }
            Command::SignOff { sign_in, .. } => {
                self.sign_ins.get(sign_in).is_none_or(|signed_in| signed_in.member == member)
            }
            _ => false,
        }
    }

    /// Tells whether somebody may let others in: lead or deputy, and not by a code or a link from outside.
    pub fn may_let_in(&self, actor: Actor, ceiling: Option<Ceiling>) -> bool {
        let Actor::Member(member) = actor else { return false };
        ceiling == Some(Ceiling::Staff) && self.leads(member)
    }

    /// Tells whether somebody of the staff registers people.
    pub fn may_register(&self, actor: Actor, ceiling: Option<Ceiling>) -> bool {
        let Actor::Member(member) = actor else { return false };
        let is_registrar =
            |role: &Role| matches!(role, Role::Lead | Role::Deputy) || REGISTRARS.contains(role);
        ceiling == Some(Ceiling::Staff) && self.roles(member).iter().any(is_registrar)
    }

    /// Tells whether somebody may add homes, and so bring in the lists that they are found in. A list is
    /// everybody's, so that a link for one person from outside does not carry it.
    pub fn may_add_homes(&self, actor: Actor, ceiling: Option<Ceiling>) -> bool {
        let Actor::Member(member) = actor else { return false };
        let roles = self.roles(member);
        let adds =
            |role: &Role| matches!(role, Role::Lead | Role::Deputy) || ADD_HOMES.contains(role);
        ceiling == Some(Ceiling::Staff) && roles.iter().any(adds)
    }

    /// Tells whether somebody may follow the room as an audience.
    pub fn may_follow(&self, actor: Actor, ceiling: Option<Ceiling>, audience: Audience) -> bool {
        let member = match actor {
            Actor::Screen => return audience == Audience::Wall,
            Actor::Importer | Actor::System => return false,
            Actor::Member(member) => member,
        };
        let Some(Ceiling::Staff | Ceiling::Code | Ceiling::Link) = ceiling else { return false };
        let roles = self.roles(member);
        let works = roles.iter().any(|role| !COUNTS_ONLY.contains(role));
        match audience {
            Audience::Wall => false,
            Audience::Desk => works && ceiling != Some(Ceiling::Link),
            Audience::Phone => works,
            Audience::Sitrep => !roles.is_empty(),
        }
    }
}
