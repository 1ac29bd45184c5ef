//! Events: what happened, as the journal keeps it. A kind carries its version after the slash; a kind is
//! never changed, only joined by a later version.

use serde::{Deserialize, Serialize};

use crate::{
    command::Show,
    door::Expected,
    export::Export,
    gate::Gate,
    help::HelpKind,
    home::Home,
    id::{CommandId, HelpId, HomeId, MemberId, PersonId, Seq, SignInId, SiteId, Time},
    incident::{Deadline, Incident, IncidentChange},
    member::Profile,
    pack::{Pack, PackKind, PackState},
    person::{Group, IdentifiedBy, OpenQuestion, PersonChange, Rating, SecondIdentifier},
    protection::Protection,
    role::{Audience, Ceiling, Role},
    site::{Site, Timer},
    text::{Line, Note, PersonName, Reference, Short},
    transfer::{BreachState, FoundAt, Journey, Moment, SideKind, SidePlan, Trouble},
};

/// Something that happened in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is named by its type; the variant says what happened")]
pub enum Event {
    /// The room was opened.
    #[serde(rename = "incident_opened/1")]
    IncidentOpened { incident: Incident },
    /// What is said of the incident changed.
    #[serde(rename = "incident_changed/1")]
    IncidentChanged { change: IncidentChange },
    /// A deadline was set.
    #[serde(rename = "deadline_set/1")]
    DeadlineSet { deadline: Deadline },
    /// Every deadline of this time was lifted.
    #[serde(rename = "deadline_lifted/1")]
    DeadlinesLifted { at: Time, why: Line },
    /// A deadline was lifted: the one that this entry set.
    #[serde(rename = "deadline_lifted/2")]
    DeadlineLifted { entry: Seq, why: Line },
    /// A site was added.
    #[serde(rename = "site_opened/1")]
    SiteOpened { site: Site },
    /// The premises were claimed empty, but for those named.
    #[serde(rename = "premises_cleared/1")]
    PremisesCleared { swept_by: [Short; 2], except: Vec<PersonId> },

    /// A member was admitted.
    #[serde(rename = "member_admitted/1")]
    MemberAdmitted { member: MemberId, profile: Profile, ceiling: Ceiling },
    /// A member's roles were set.
    #[serde(rename = "roles_given/1")]
    RolesGiven { member: MemberId, roles: Vec<Role> },
    /// A member covers for another.
    #[serde(rename = "cover_taken/1")]
    CoverTaken { member: MemberId, by: MemberId },
    /// A cover ended; by itself when its time was over.
    #[serde(rename = "cover_ended/1")]
    CoverEnded { member: MemberId, by: MemberId, timed_out: bool },
    /// The roster expects these.
    #[serde(rename = "members_expected/1")]
    MembersExpected { members: Vec<Expected> },
    /// The roster expects somebody no more.
    #[serde(rename = "expecting_stopped/1")]
    ExpectingStopped { member: MemberId },
    /// The door was opened by a code.
    #[serde(rename = "door_opened/1")]
    DoorOpened { code: Short, until: Time },
    /// The door was closed.
    #[serde(rename = "door_closed/1")]
    DoorClosed,
    /// Somebody asks at the door.
    #[serde(rename = "asked_at_door/1")]
    AskedAtDoor { asking: MemberId, profile: Profile, face: Audience },
    /// Somebody at the door was turned away.
    #[serde(rename = "turned_away/1")]
    TurnedAway { asking: MemberId, name: PersonName, why: Line },

    /// Somebody was put on the register.
    #[serde(rename = "service_user_registered/1")]
    ServiceUserRegistered {
        person: PersonId,
        reference: Reference,
        details: Box<PersonChange>,
        questions: Vec<OpenQuestion>,
    },
    /// Fields of somebody changed.
    #[serde(rename = "service_user_changed/1")]
    ServiceUserChanged { person: PersonId, change: Box<PersonChange> },
    /// An edit on old ground was set aside; both values are kept.
    #[serde(rename = "edit_set_aside/1")]
    EditSetAside {
        person: PersonId,
        groups: Vec<Group>,
        mine: Box<PersonChange>,
        stands: Box<PersonChange>,
    },
    /// A set-aside edit was decided.
    #[serde(rename = "edit_settled/1")]
    EditSettled { edit: CommandId, take: bool },
    /// A question the import left open was answered.
    #[serde(rename = "question_settled/1")]
    QuestionSettled { person: PersonId, question: OpenQuestion, why: Line },
    /// Two rows were one person; the register is one lower.
    #[serde(rename = "service_users_merged/1")]
    ServiceUsersMerged { from: PersonId, into: PersonId, why: Line },
    /// Somebody was confirmed on the register.
    #[serde(rename = "service_user_confirmed/1")]
    ServiceUserConfirmed { person: PersonId, identified_by: Vec<IdentifiedBy> },
    /// The named social worker was set.
    #[serde(rename = "worker_named/1")]
    WorkerNamed { person: PersonId, worker: Option<MemberId> },
    /// Somebody was rated.
    #[serde(rename = "service_user_rated/1")]
    ServiceUserRated { person: PersonId, rating: Rating, reason: Line },
    /// Needs were assessed.
    #[serde(rename = "needs_assessed/1")]
    NeedsAssessed { person: PersonId },
    /// Where somebody goes was protected.
    #[serde(rename = "destination_protected/1")]
    DestinationProtected { person: PersonId, protection: Box<Protection> },
    /// A protection ended: the one that this entry set.
    #[serde(rename = "protection_ended/1")]
    ProtectionEnded { person: PersonId, entry: Seq, why: Line },

    /// A possible receiving home was added.
    #[serde(rename = "home_added/1")]
    HomeAdded { home: Home },

    /// A place was accepted for somebody.
    #[serde(rename = "place_accepted/1")]
    PlaceAccepted { person: PersonId, home: HomeId },
    /// A place was given up.
    #[serde(rename = "place_given_up/1")]
    PlaceGivenUp { person: PersonId, why: Line },
    /// A journey was booked.
    #[serde(rename = "journey_booked/1")]
    JourneyBooked { person: PersonId, journey: Journey },
    /// Somebody was declared ready.
    #[serde(rename = "service_user_ready/1")]
    ServiceUserReady { person: PersonId },
    /// Somebody was cleared to leave.
    #[serde(rename = "cleared_to_leave/1")]
    ClearedToLeave { person: PersonId },
    /// An arrival was confirmed; the lead is told by this entry (G25).
    #[serde(rename = "arrival_confirmed/1")]
    ArrivalConfirmed { person: PersonId, identifier: SecondIdentifier, on_word_of: Option<Line> },
    /// A plan beside the way began.
    #[serde(rename = "side_plan_started/1")]
    SidePlanStarted { person: PersonId, plan: SidePlan },
    /// A plan beside the way ended.
    #[serde(rename = "side_plan_ended/1")]
    SidePlanEnded { person: PersonId, side: SideKind },
    /// A gate was passed for these people.
    #[serde(rename = "gate_passed/1")]
    GatePassed { gate: Gate, people: Vec<PersonId>, reason: Line, until: Option<Time> },
    /// A fact of this entry went past a gate.
    #[serde(rename = "gate_breached/1")]
    GateBreached { person: PersonId, gate: Gate, owner: Role },
    /// A breach was reviewed, or its item turned out done in time.
    #[serde(rename = "breach_reviewed/1")]
    BreachReviewed {
        person: PersonId,
        fact: Seq,
        gate: Gate,
        state: BreachState,
        note: Option<Line>,
    },

    /// Identity was checked. A check that did not match is a near miss.
    #[serde(rename = "identity_checked/1")]
    IdentityChecked {
        person: PersonId,
        moment: Moment,
        identifier: SecondIdentifier,
        matched: bool,
    },
    /// Left the home.
    #[serde(rename = "service_user_departed/1")]
    ServiceUserDeparted { person: PersonId, home: Option<HomeId>, vehicle: Option<Short> },
    /// Arrived.
    #[serde(rename = "service_user_arrived/1")]
    ServiceUserArrived { person: PersonId, home: Option<HomeId> },
    /// Came back to the home, or turned back.
    #[serde(rename = "service_user_returned/1")]
    ServiceUserReturned { person: PersonId },
    /// Taken to hospital.
    #[serde(rename = "taken_to_hospital/1")]
    TakenToHospital { person: PersonId, hospital: Option<Short> },
    /// Gone with family.
    #[serde(rename = "gone_with_family/1")]
    GoneWithFamily { person: PersonId, with: Option<Short> },
    /// Died.
    #[serde(rename = "service_user_died/1")]
    ServiceUserDied { person: PersonId },
    /// The family was told of the death.
    #[serde(rename = "family_told_of_death/1")]
    FamilyToldOfDeath { person: PersonId },
    /// Found, or settled.
    #[serde(rename = "service_user_found/1")]
    ServiceUserFound { person: PersonId, at: FoundAt, words: Option<Line> },
    /// Something is not going to plan.
    #[serde(rename = "trouble_reported/1")]
    TroubleReported { person: PersonId, trouble: Trouble, words: Option<Line> },
    /// Somebody sees to it.
    #[serde(rename = "trouble_answered/1")]
    TroubleAnswered { person: PersonId, report: Seq },
    /// A fact about somebody whom this room does not know; kept for the desk.
    #[serde(rename = "unknown_person_reported/1")]
    UnknownPersonReported { person: PersonId, fact: Short },

    /// Signed on.
    #[serde(rename = "signed_on/1")]
    SignedOn {
        sign_in: SignInId,
        member: MemberId,
        site: SiteId,
        planned_end: Time,
        duty: Option<Short>,
        on_word_of: Option<Line>,
    },
    /// Is here and well; with a planned end when the shift was extended.
    #[serde(rename = "checked_in/1")]
    CheckedIn { sign_in: SignInId, planned_end: Option<Time>, on_word_of: Option<Line> },
    /// Was seen and is safe.
    #[serde(rename = "confirmed_safe/1")]
    ConfirmedSafe { sign_in: SignInId, seen_by: Line },
    /// Asked to sign off.
    #[serde(rename = "sign_off_asked/1")]
    SignOffAsked { sign_in: SignInId },
    /// Signed off.
    #[serde(rename = "signed_off/1")]
    SignedOff { sign_in: SignInId, late: bool, on_word_of: Option<Line> },
    /// The desk acknowledged a sign-off: the member left when they asked.
    #[serde(rename = "sign_off_acknowledged/1")]
    SignOffAcknowledged { sign_in: SignInId },
    /// An alarm of the room itself.
    #[serde(rename = "alarm_raised/1")]
    AlarmRaised { timer: Timer },

    /// Help was called.
    #[serde(rename = "help_called/1")]
    HelpCalled {
        call: HelpId,
        member: MemberId,
        help: HelpKind,
        person: Option<PersonId>,
        place: Option<Short>,
    },
    /// Somebody answers a call.
    #[serde(rename = "help_answered/1")]
    HelpAnswered { call: HelpId, by: MemberId },
    /// A call ended.
    #[serde(rename = "help_ended/1")]
    HelpEnded { call: HelpId, member: MemberId, words: Line },

    /// Packs were printed and numbered.
    #[serde(rename = "packs_printed/1")]
    PacksPrinted { pack: PackKind, packs: Vec<Pack>, held_by: Option<Short> },
    /// It was said where packs are.
    #[serde(rename = "packs_accounted_for/1")]
    PacksAccountedFor { packs: Vec<u32>, state: PackState, held_by: Option<Short> },

    /// A log line.
    #[serde(rename = "log_line_added/1")]
    LogLineAdded { text: Note, person: Option<PersonId>, show: Show },
    /// A log line was struck through and corrected.
    #[serde(rename = "log_line_corrected/1")]
    LogLineCorrected { line: Seq, text: Note, why: Line },

    /// A file of the room was taken away.
    #[serde(rename = "export_taken/1")]
    ExportTaken { export: Export, why: Line },
}

impl Event {
    /// Returns the person it is about; for a pass, the first named.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others name no person")]
    pub fn about(&self) -> Option<PersonId> {
        match self {
            Self::ServiceUserRegistered { person, .. }
            | Self::ServiceUserChanged { person, .. }
            | Self::EditSetAside { person, .. }
            | Self::QuestionSettled { person, .. }
            | Self::ServiceUsersMerged { into: person, .. }
            | Self::ServiceUserConfirmed { person, .. }
            | Self::WorkerNamed { person, .. }
            | Self::ServiceUserRated { person, .. }
            | Self::NeedsAssessed { person }
            | Self::DestinationProtected { person, .. }
            | Self::ProtectionEnded { person, .. }
            | Self::PlaceAccepted { person, .. }
            | Self::PlaceGivenUp { person, .. }
            | Self::JourneyBooked { person, .. }
            | Self::ServiceUserReady { person }
            | Self::ClearedToLeave { person }
            | Self::ArrivalConfirmed { person, .. }
            | Self::SidePlanStarted { person, .. }
            | Self::SidePlanEnded { person, .. }
            | Self::GateBreached { person, .. }
            | Self::BreachReviewed { person, .. }
            | Self::IdentityChecked { person, .. }
            | Self::ServiceUserDeparted { person, .. }
            | Self::ServiceUserArrived { person, .. }
            | Self::ServiceUserReturned { person }
            | Self::TakenToHospital { person, .. }
            | Self::GoneWithFamily { person, .. }
            | Self::ServiceUserDied { person }
            | Self::FamilyToldOfDeath { person }
            | Self::ServiceUserFound { person, .. }
            | Self::TroubleReported { person, .. }
            | Self::TroubleAnswered { person, .. } => Some(*person),
            Self::LogLineAdded { person, .. } | Self::HelpCalled { person, .. } => *person,
            Self::GatePassed { people, .. } => people.first().copied(),
            _ => None,
        }
    }
}
