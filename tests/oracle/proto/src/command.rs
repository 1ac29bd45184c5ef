//! Commands: what may be asked of a room. Plans may be refused by a gate; facts never are (PROCEDURE 4.1.3).

use serde::{Deserialize, Serialize};

use crate::{
    door::{Admission, Expected},
    export::Export,
    gate::Gate,
    help::HelpKind,
    home::Home,
    id::{CommandId, HelpId, HomeId, MemberId, PersonId, Seq, SignInId, SiteId, Time},
    incident::{Deadline, Incident, IncidentChange},
    member::Profile,
    pack::{PackKind, PackState},
    person::{IdentifiedBy, OpenQuestion, PersonChange, Rating, SecondIdentifier},
    protection::Protection,
    role::{Audience, Ceiling, Role},
    site::{Site, Timer, Word},
    text::{Line, Note, Short},
    transfer::{BreachState, FoundAt, Journey, Moment, SideKind, SidePlan, Trouble},
};

/// A command on its way: what is asked, and under which id. Who asks comes from the login alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// Made by the sender, once; the outcome is kept under it for ever (I-8).
    pub id: CommandId,
    /// The entry the sender's screen showed; edits need it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub based_on: Option<Seq>,
    /// When it happened, if that is not now. A claim: the server's time is the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub happened_at: Option<Time>,
    /// Why it is entered late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_reason: Option<Line>,
    /// What is asked.
    #[serde(rename = "do")]
    pub command: Command,
}

/// What may be asked. `person`, `home`, `site`, `sign_in` name rows the sender has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is named by its type; the variant says what is asked")]
pub enum Command {
    // The incident.
    /// Opens the room: entry 1.
    OpenIncident { incident: Incident },
    /// Changes what is said of the incident.
    ChangeIncident { change: IncidentChange },
    /// Sets a deadline beside those that stand.
    SetDeadline { deadline: Deadline },
    /// Lifts the deadline of this time; where several stand at it, the one that this entry set.
    LiftDeadline {
        at: Time,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<Seq>,
        why: Line,
    },
    /// Adds a site where members sign in.
    OpenSite { site: Site },
    /// Claims that the premises are empty, but for those named (G30).
    ClaimPremisesCleared { swept_by: [Short; 2], except: Vec<PersonId> },

    // The roster.
    /// Admits a member; submitted by the server when an invite is redeemed.
    AdmitMember { member: MemberId, profile: Profile, ceiling: Ceiling },
    /// Gives a member these roles and no others.
    GiveRoles { member: MemberId, roles: Vec<Role> },
    /// Covers for a member: their roles too, until they are back or twelve hours have passed (R43).
    TakeCover { member: MemberId },
    /// Ends a cover.
    EndCover { member: MemberId, by: MemberId },
    /// Says whom the roster expects.
    ExpectMembers { members: Vec<Expected> },
    /// Expects somebody no more.
    StopExpecting { member: MemberId },
    /// Opens the door by a code; submitted by the server, which makes the code.
    OpenDoor { code: Short, until: Time },
    /// Closes it; whoever waits there stays on the list.
    CloseDoor,
    /// Asks at the door to be let in; submitted by the server.
    AskAtDoor { code: Short, asking: MemberId, profile: Profile, face: Audience },
    /// Lets people at the door in, all at once.
    LetIn { admissions: Vec<Admission> },
    /// Turns somebody at the door away.
    TurnAway { asking: MemberId, why: Line },

    // The register.
    /// Puts a service user on the register.
    RegisterServiceUser {
        person: PersonId,
        details: Box<PersonChange>,
        questions: Vec<OpenQuestion>,
    },
    /// Edits the groups of fields that are given.
    ChangeServiceUser { person: PersonId, change: Box<PersonChange> },
    /// Decides an edit that was set aside: take it, or leave what stands.
    SettleEdit { edit: CommandId, take: bool },
    /// Answers a question the import left open.
    SettleQuestion { person: PersonId, question: OpenQuestion, why: Line },
    /// Records that two rows are one person: the only thing that lowers the register.
    MergeServiceUsers { from: PersonId, into: PersonId, why: Line },
    /// Confirms somebody on the register by two identifiers (G1).
    ConfirmOnRegister { person: PersonId, identified_by: Vec<IdentifiedBy> },
    /// Names the social worker, or nobody (G3).
    NameWorker { person: PersonId, worker: Option<MemberId> },
    /// Rates somebody, with the reason (R46).
    Rate { person: PersonId, rating: Rating, reason: Line },
    /// Records that needs are assessed (G4).
    AssessNeeds { person: PersonId },
    /// Protects where the person goes: somebody may not be told (R35).
    ProtectDestination { person: PersonId, protection: Box<Protection> },
    /// Ends the protection that this entry set.
    EndProtection { person: PersonId, entry: Seq, why: Line },

    // Homes.
    /// Adds a possible receiving home.
    AddHome { home: Home },

    // The transfer: plans.
    /// Accepts a place for the person; asks G1 and G3.
    AcceptPlace { person: PersonId, home: HomeId },
    /// Gives up the place.
    GiveUpPlace { person: PersonId, why: Line },
    /// Books the journey (G23).
    BookJourney { person: PersonId, journey: Journey },
    /// Declares the person ready; asks G22.
    DeclareReady { person: PersonId },
    /// The door check: asks G22 at the door and G23.
    ClearToLeave { person: PersonId },
    /// Confirms an arrival by name, second identifier and spoken handover (G24).
    ConfirmArrival {
        person: PersonId,
        identifier: SecondIdentifier,
        handover_given: bool,
        on_word_of: Option<Line>,
    },
    /// Begins a plan beside the way.
    StartSidePlan { person: PersonId, plan: SidePlan },
    /// Ends it.
    EndSidePlan { person: PersonId, side: SideKind },
    /// Passes a gate for these people, with one reason.
    PassGate { gate: Gate, people: Vec<PersonId>, reason: Line, until: Option<Time> },
    /// Reviews a breach.
    ReviewBreach { person: PersonId, fact: Seq, gate: Gate, state: BreachState, note: Line },

    // The transfer: facts. None is ever refused by a rule (R34).
    /// Identity was checked; whether it matched is found out here and recorded either way.
    CheckIdentity { person: PersonId, moment: Moment, identifier: SecondIdentifier },
    /// Left the home.
    DepartServiceUser { person: PersonId, home: Option<HomeId>, vehicle: Option<Short> },
    /// Arrived at a home.
    ArriveServiceUser { person: PersonId, home: Option<HomeId> },
    /// Came back to the failing home, or turned back on the way.
    ReturnServiceUser { person: PersonId },
    /// Was taken to hospital.
    TakeToHospital { person: PersonId, hospital: Option<Short> },
    /// Has gone with family.
    GoWithFamily { person: PersonId, with: Option<Short> },
    /// Died.
    RecordDeath { person: PersonId },
    /// The family of somebody who died was told (R51).
    TellFamilyOfDeath { person: PersonId },
    /// Found, or settled where facts contradict.
    FindServiceUser { person: PersonId, at: FoundAt, words: Option<Line> },
    /// Something is not going to plan; `not_found` puts the person under "being confirmed".
    ReportTrouble { person: PersonId, trouble: Trouble, words: Option<Line> },
    /// Somebody is seeing to it.
    AnswerTrouble { person: PersonId, report: Seq },

    // Sites and sign-ins: facts.
    /// Signed on at a site, with a planned end.
    SignOn {
        site: SiteId,
        planned_end: Time,
        duty: Option<Short>,
        #[serde(default)]
        word: Word,
    },
    /// Is here and well. Any act received counts as one.
    CheckIn {
        #[serde(default)]
        word: Word,
    },
    /// Was seen and is safe, on somebody's word.
    ConfirmSafe { sign_in: SignInId, seen_by: Line },
    /// A tap asks the desk to sign off; on somebody's word it is a late sign-off.
    SignOff {
        sign_in: SignInId,
        #[serde(default)]
        word: Word,
    },
    /// The desk says that a sign-off was received (D-21).
    AcknowledgeSignOff { sign_in: SignInId },

    // Help: facts.
    /// Calls for help.
    CallForHelp { help: HelpKind, person: Option<PersonId>, place: Option<Short> },
    /// Is answering a call.
    AnswerHelp { call: HelpId },
    /// Ends a call: what became of it.
    EndHelp { call: HelpId, words: Line },

    // Paper.
    /// Numbers packs that are printed: one for each person, or one of a sheet for all.
    PrintPacks { pack: PackKind, people: Vec<PersonId>, held_by: Option<Short> },
    /// Says where packs are: with a crew, back, destroyed, lost.
    AccountForPacks { packs: Vec<u32>, state: PackState, held_by: Option<Short> },

    // The log.
    /// Adds a line.
    AddLogLine {
        text: Note,
        person: Option<PersonId>,
        #[serde(default)]
        show: Show,
    },
    /// Strikes a line through and puts another in its place; both stay legible.
    CorrectLogLine { line: Seq, text: Note, why: Line },

    // What leaves the room.
    /// Records that a file of the room is taken away; it is handed out once this is durable.
    RecordExport { export: Export, why: Line },

    // The room itself.
    /// Raises an alarm whose time has come; moot ones yield nothing.
    Raise { timer: Timer, due: Time },
}

/// Where a log line is also shown. The text of a line shown on the wall or to directors names nobody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Show {
    /// On the wall's announcement strip.
    pub wall: bool,
    /// On the phones.
    pub phones: bool,
    /// Among the directors' headlines.
    pub directors: bool,
}
