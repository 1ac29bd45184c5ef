//! The script behind the golden files: a short day in which everything happens once.

use proof::{cast, clock::START, dice::Dice};
use proto::{
    alarm::{self, Timer},
    arrival,
    command::Command,
    cover,
    deadline::{self, Deadline},
    details::{self, PersonChange},
    door::{self, Admission},
    entry::Entry,
    expected::{self, Expected},
    export::{self, Export},
    frame::{ClientFrame, Mode, Rows, ServerFrame, Why},
    gate::{self, BreachState, Gate},
    help::{self, HelpKind},
    http::CommandsAnswer,
    id::{CommandId, Cursor, DeviceId, HelpId, MemberId, RoomId, Seq, SignInId, Tag, Time},
    identity::{self, IdentifiedBy, Moment, SecondIdentifier},
    incident::{self, IncidentChange},
    journey::{self, Journey},
    key::Key,
    log::{self, Show},
    member::{self, Actor, Profile},
    needs,
    outcome::{CommandFate, Fate},
    pack::{self, PackKind, PackState},
    place, premises,
    presence::Present,
    protection::{self, Protection, ProtectionSource},
    rating::{self, Rating},
    readiness,
    refusal::{Code, Refusal, Unmet},
    register::{self, OpenQuestion},
    role::{Audience, Ceiling, Role},
    row::Put,
    side::{self, SideKind, SidePlan},
    sign_in::{self, Word},
    site,
    trouble::{self, Trouble},
    whereabouts::{self, FoundAt},
    worker,
};
use room::{Context, Room};
use uuid::Uuid;

const ROOM: RoomId = RoomId(Uuid::from_u128(1));
const LEAD: MemberId = MemberId(Uuid::from_u128(11));
const WORKER: MemberId = MemberId(Uuid::from_u128(12));
const MINUTE_MS: i64 = 60_000;

/// Plays a day by the rules alone, without a clock or a node.
struct Day {
    room: Room,
    dice: Dice,
    now: Time,
    told: Vec<String>,
}

/// Returns the entries of the day in their canonical form.
pub fn played() -> Vec<String> {
    let room = Room::default();
    let mut day = Day { room, dice: Dice::new(1), now: START, told: Vec::new() };
    opens(&mut day);
    plans(&mut day);
    facts(&mut day);
    presence(&mut day);
    logs(&mut day);
    team(&mut day);
    protects(&mut day);
    day.told
}

impl Day {
    fn id(&self) -> CommandId {
        CommandId(Uuid::from_u128(1_000 + self.told.len() as u128))
    }

    fn does(&mut self, actor: Actor, ago: i64, seen: Option<Seq>, command: &Command) -> Seq {
        self.now = self.now.plus_ms(MINUTE_MS);
        let device = match actor {
            Actor::Member(member) => Some(DeviceId(member.0)),
            _ => None,
        };
        let happened_at = (ago > 0).then(|| self.now.plus_ms(-ago * MINUTE_MS));
        let context = Context {
            now: self.now,
            actor,
            ceiling: device.map(|_| Ceiling::Staff),
            device,
            command: self.id(),
            based_on: seen.or(Some(self.room.head())),
            happened_at,
            late_reason: happened_at.map(|_| cast::text("no signal in the lift")),
            dice: self.dice.bytes(),
        };
        let events = self.room.decide(&context, command).unwrap();
        assert!(!events.is_empty(), "{command:?} changes nothing");
        let entry = Entry {
            room: ROOM,
            seq: self.room.head().next(),
            at: self.now,
            happened_at,
            claimed_at: None,
            late_reason: context.late_reason,
            actor,
            device,
            command: context.command,
            events,
            nonce: format!("{:016x}", self.dice.number()),
        };
        self.room.apply(&entry);
        self.told.push(String::from_utf8(entry.to_bytes().unwrap()).unwrap());
        entry.seq
    }

    fn sets_up(&mut self, command: &Command) -> Seq {
        self.does(Actor::Importer, 0, None, command)
    }

    fn lead(&mut self, command: &Command) -> Seq {
        self.does(Actor::Member(LEAD), 0, None, command)
    }

    fn worker(&mut self, command: &Command) -> Seq {
        self.does(Actor::Member(WORKER), 0, None, command)
    }
}

fn opens(day: &mut Day) {
    day.sets_up(&Command::from(incident::Plan::Open { incident: cast::incident() }));
    day.sets_up(&Command::from(site::Plan::Open { site: cast::site() }));
    for (member, name, role) in
        [(LEAD, "Ignatius Vavasour", Role::Lead), (WORKER, "Perpetua Lovelock", Role::NamedSw)]
    {
        let profile = Profile {
            name: cast::name(name),
            organisation: Some(cast::text("Council")),
            job: None,
            mobile: Some(cast::text("07700 900112")),
            roles: vec![role],
        };
        let ceiling = Ceiling::Staff;
        day.does(
            Actor::System,
            0,
            None,
            &Command::from(member::Plan::Admit { member, profile, ceiling }),
        );
    }
    for n in 0..4 {
        let (person, details) = (cast::person(n), Box::new(cast::details(n)));
        let questions = vec![OpenQuestion::Funding];
        day.sets_up(&Command::from(register::Plan::Register { person, details, questions }));
    }
    day.sets_up(&cast::adds_home(1));
    let at = START.plus_ms(10 * 60 * MINUTE_MS);
    let (set_by, why) = (cast::text("Magistrates"), cast::text("order served"));
    day.lead(&Command::from(deadline::Plan::Set { deadline: Deadline { at, set_by, why } }));
    day.lead(&Command::from(deadline::Plan::Lift { at, entry: None, why: cast::text("stayed") }));
    let (set_by, why) = (cast::text("Landlord"), cast::text("the lease ends"));
    let entry = Some(
        day.lead(&Command::from(deadline::Plan::Set { deadline: Deadline { at, set_by, why } })),
    );
    day.lead(&Command::from(deadline::Plan::Lift {
        at,
        entry,
        why: cast::text("the lease goes on"),
    }));
    let change = IncidentChange { title: Some(cast::text("Lantern Court")), ..Default::default() };
    day.lead(&Command::from(incident::Plan::Change { change }));
    day.lead(&cast::gives(WORKER, &[Role::NamedSw, Role::Transport]));
}

fn plans(day: &mut Day) {
    let (person, why) = (cast::person(0), cast::text("because of the day"));
    day.lead(&Command::from(register::Plan::SettleQuestion {
        person,
        question: OpenQuestion::Funding,
        why,
    }));
    let identified_by = vec![IdentifiedBy::Name, IdentifiedBy::DateOfBirth];
    day.lead(&Command::from(register::Plan::Confirm { person, identified_by }));
    day.lead(&Command::from(worker::Plan::Name { person, worker: Some(WORKER) }));
    day.lead(&Command::from(rating::Plan::Rate {
        person,
        rating: Rating::Watch,
        reason: cast::text("frail"),
    }));
    day.worker(&Command::from(needs::Plan::Assess { person }));
    day.lead(&Command::from(place::Plan::Accept { person, home: cast::home(1) }));
    let arrives_at = Some(day.now.plus_ms(90 * MINUTE_MS));
    let journey = Journey {
        vehicle: Some(cast::text("Taxi 4")),
        crew: Some(cast::text("Crew 2")),
        leaves_at: Some(day.now),
        arrives_at,
    };
    day.worker(&Command::from(journey::Plan::Book { person, journey }));
    let identifier =
        SecondIdentifier::DateOfBirth { date: cast::details(0).date_of_birth.unwrap() };
    for moment in [Moment::Ready, Moment::Door] {
        let identifier = identifier.clone();
        day.worker(&Command::from(identity::Fact::Check { person, moment, identifier }));
    }
    day.worker(&Command::from(readiness::Plan::Declare { person }));
    day.worker(&Command::from(readiness::Plan::Clear { person }));
    day.worker(&Command::from(whereabouts::Fact::Depart {
        person,
        home: Some(cast::home(1)),
        vehicle: None,
    }));
    day.worker(&Command::from(whereabouts::Fact::Arrive { person, home: Some(cast::home(1)) }));
    day.lead(&Command::from(arrival::Plan::Confirm {
        person,
        identifier,
        handover_given: true,
        on_word_of: None,
    }));
    let other = cast::person(1);
    let plan = SidePlan { side: SideKind::OnHold, reason: cast::text("a fall"), until: None };
    day.lead(&Command::from(side::Plan::Start { person: other, plan }));
    day.lead(&Command::from(side::Plan::End { person: other, side: SideKind::OnHold }));
    let (people, reason) = (vec![other], cast::text("no time"));
    for gate in [Gate::G1, Gate::G3] {
        let (people, reason) = (people.clone(), reason.clone());
        day.lead(&Command::from(gate::Plan::Pass { gate, people, reason, until: None }));
    }
    day.lead(&Command::from(place::Plan::Accept { person: other, home: cast::home(1) }));
    day.lead(&Command::from(place::Plan::GiveUp { person: other, why: cast::text("withdrawn") }));
    let seen = Some(day.room.head());
    let edit = |change: PersonChange| {
        Command::from(details::Plan::Change { person: other, change: Box::new(change) })
    };
    day.does(Actor::Member(LEAD), 0, seen, &edit(cast::bedroom("14")));
    let waits = day.id();
    day.does(Actor::Member(WORKER), 0, seen, &edit(cast::bedroom("15")));
    day.lead(&Command::from(details::Plan::SettleEdit { edit: waits, take: true }));
    let (from, into) = (cast::person(3), cast::person(2));
    day.lead(&Command::from(register::Plan::Merge { from, into, why: cast::text("listed twice") }));
}

fn facts(day: &mut Day) {
    let person = cast::person(1);
    let left = day.worker(&cast::departs(1));
    day.lead(&Command::from(gate::Plan::Review {
        person,
        fact: left,
        gate: Gate::G22,
        state: BreachState::Lesson,
        note: cast::text("no band at the door"),
    }));
    day.worker(&Command::from(whereabouts::Fact::Return { person }));
    day.worker(&Command::from(whereabouts::Fact::TakeToHospital {
        person,
        hospital: Some(cast::text("General")),
    }));
    day.worker(&Command::from(whereabouts::Fact::Find {
        person,
        at: FoundAt::AtTheHome,
        words: None,
    }));
    day.worker(&Command::from(whereabouts::Fact::GoWithFamily {
        person,
        with: Some(cast::text("a niece")),
    }));
    let trouble = Trouble::NotFound;
    let report = day.worker(&Command::from(trouble::Fact::Report { person, trouble, words: None }));
    day.lead(&Command::from(trouble::Fact::Answer { person, report }));
    day.worker(&Command::from(whereabouts::Fact::Die { person: cast::person(2) }));
    day.lead(&Command::from(whereabouts::Fact::TellFamily { person: cast::person(2) }));
    day.worker(&cast::departs(5));
    let swept_by = [cast::text("First floor"), cast::text("Ground floor")];
    day.lead(&Command::from(whereabouts::Fact::Find {
        person,
        at: FoundAt::WithFamily,
        words: None,
    }));
    day.lead(&Command::from(premises::Plan::ClaimCleared { swept_by, except: Vec::new() }));
}

fn presence(day: &mut Day) {
    let until = day.now.plus_ms(5 * MINUTE_MS);
    let sign_in = SignInId(day.id().0);
    day.worker(&cast::signs_on(until));
    day.worker(&Command::from(sign_in::Fact::CheckIn { word: Word::default() }));
    day.lead(&Command::from(sign_in::Fact::ConfirmSafe {
        sign_in,
        seen_by: cast::text("the nurse"),
    }));
    day.worker(&Command::from(sign_in::Fact::SignOff { sign_in, word: Word::default() }));
    let due = until.plus_ms(15 * MINUTE_MS);
    day.now = due;
    let timer = Timer::PlannedEndPassed { sign_in };
    day.does(Actor::System, 0, None, &Command::from(alarm::Plan::Raise { timer, due }));
    day.lead(&Command::from(sign_in::Plan::Acknowledge { sign_in }));
    let sign_in = SignInId(day.id().0);
    day.worker(&cast::signs_on(day.now.plus_ms(60 * MINUTE_MS)));
    let word = Word { member: None, on_word_of: Some(cast::text("the driver, by telephone")) };
    day.lead(&Command::from(sign_in::Fact::SignOff { sign_in, word }));
}

fn logs(day: &mut Day) {
    let show = Show { wall: true, phones: true, directors: true };
    let line = day.lead(&cast::shown("The lift is out of order", show));
    let (text, why) = (cast::text("The lift works again"), cast::text("mended"));
    day.lead(&Command::from(log::Plan::Correct { line, text, why }));
    day.does(Actor::Member(WORKER), 9, None, &cast::line("Entered late"));
    let (export, why) = (Export::LogJsonl, cast::text("the archive"));
    day.lead(&Command::from(export::Plan::Record { export, why }));
}

fn team(day: &mut Day) {
    let (help, person) = (HelpKind::NotSafe, Some(cast::person(0)));
    let call = HelpId(day.id().0);
    day.worker(&Command::from(help::Fact::Call {
        help,
        person,
        place: Some(cast::text("the stairs")),
    }));
    day.lead(&Command::from(help::Fact::Answer { call }));
    day.lead(&Command::from(help::Fact::End { call, words: cast::text("a door was stuck") }));
    let (member, by) = (LEAD, WORKER);
    day.worker(&Command::from(cover::Plan::Take { member }));
    day.lead(&Command::from(cover::Plan::End { member, by }));
    let profile = |name: &str| Profile {
        name: cast::name(name),
        organisation: None,
        job: Some(cast::text("Packer")),
        mobile: None,
        roles: vec![Role::Meds],
    };
    let named = |n: u128| MemberId(Uuid::from_u128(n));
    let expected = |n, name| Expected { member: named(n), profile: profile(name) };
    let members = vec![expected(21, "Clementine Oakapple"), expected(22, "Barnaby Rook")];
    day.lead(&Command::from(expected::Plan::Expect { members }));
    day.lead(&Command::from(expected::Plan::Stop { member: named(22) }));
    let (code, until) = (cast::text("ACDEFGHJ"), day.now.plus_ms(60 * MINUTE_MS));
    day.lead(&Command::from(door::Plan::Open { code, until }));
    for (n, name) in [(31, "Clementine Oakapple"), (32, "Peregrine Stoat")] {
        let (code, face) = (cast::text("ACDEFGHJ"), Audience::Phone);
        let asks =
            Command::from(door::Plan::Ask { code, asking: named(n), profile: profile(name), face });
        day.does(Actor::System, 0, None, &asks);
    }
    let admissions = vec![Admission { asking: named(31), roles: vec![Role::Meds] }];
    day.lead(&Command::from(door::Plan::LetIn { admissions }));
    day.lead(&Command::from(door::Plan::TurnAway {
        asking: named(32),
        why: cast::text("nobody knows them"),
    }));
    day.lead(&Command::from(door::Plan::Close {}));
    let people = vec![cast::person(0), cast::person(1)];
    day.lead(&Command::from(pack::Plan::Print { pack: PackKind::Person, people, held_by: None }));
    let (packs, held_by) = (vec![1], Some(cast::text("Crew 2")));
    day.lead(&Command::from(pack::Plan::Account { packs, state: PackState::WithCrew, held_by }));
}

fn protects(day: &mut Day) {
    let (person, why) = (cast::person(0), cast::text("it is in the court's file"));
    let protection = |who: &str| Protection {
        who: cast::name(who),
        relation: Some(cast::text("cousin")),
        why: cast::text("a court order"),
        source: ProtectionSource::Court,
        until: None,
    };
    let mut set = |who| {
        let protection = Box::new(protection(who));
        day.lead(&Command::from(protection::Plan::Protect { person, protection }))
    };
    set("Mortimer Grindle");
    let entry = set("Jasper Grindle");
    day.lead(&Command::from(protection::Plan::End { person, entry, why }));
}

/// Returns one frame of every kind, and a response with every fate.
pub fn frames() -> serde_json::Value {
    let cursor = Cursor { seq: Seq(41), tag: Tag([0, 1, 2, 3, 4, 5, 254, 255]) };
    let (room, audience) = (ROOM, Audience::Phone);
    let client = [
        ClientFrame::Hello { v: 1 },
        ClientFrame::Sub { room, audience, at: None },
        ClientFrame::Sub { room, audience, at: Some(cursor) },
        ClientFrame::Look { room, person: Some(cast::person(0)) },
        ClientFrame::Look { room, person: None },
        ClientFrame::Pong { cursor },
    ];
    let put = Vec::<Put>::new();
    let del = vec![Key::Person(cast::person(0)), Key::Log(Seq(7)), Key::Census];
    let (seq, tag) = (cursor.seq, cursor.tag);
    let mut server = vec![
        ServerFrame::Welcome {
            v: 1,
            build: "0.1.0".to_owned(),
            time: START,
            beat_ms: 5_000,
            silence_ms: 12_000,
        },
        ServerFrame::Rows(Rows { room, audience, from: Seq(40), to: seq, tag, put, del }),
        ServerFrame::Presence {
            room,
            present: vec![Present {
                member: MemberId(cast::person(1).0),
                audience,
                screens: 2,
                looking: vec![cast::person(0)],
            }],
        },
        ServerFrame::Bye { why: "this node is stopping".to_owned(), after_ms: [500, 5_000] },
    ];
    for mode in [Mode::Live, Mode::ReadOnly] {
        server.push(ServerFrame::Beat { room, seq, tag, mode, time: START });
    }
    for why in [Why::NoCursor, Why::OtherHistory, Why::Ahead, Why::Smaller] {
        server.push(ServerFrame::Resync { room, audience, why });
    }
    let unmet = Unmet {
        gate: Gate::G3,
        missing: "no named social worker".to_owned(),
        owner: Role::Deputy,
        may_pass: vec![Role::Lead, Role::Deputy],
    };
    let (code, words) = (Code::Gate, "not yet possible".to_owned());
    let refusal = Refusal { code, words, unmet: vec![unmet] };
    let fates = [
        Fate::Ok { seq },
        Fate::Dup { seq },
        Fate::Refused(refusal),
        Fate::Retry { after_ms: 500, words: "the room is busy".to_owned() },
    ];
    let named = fates.into_iter().zip(1..);
    let fates =
        named.map(|(fate, n)| CommandFate { id: CommandId(Uuid::from_u128(n)), fate }).collect();
    let answer = CommandsAnswer { fates };
    serde_json::json!({ "client": client, "server": server, "answer": answer })
}
