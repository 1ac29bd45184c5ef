//! A small room for rule tests: `check(given, when, then)` without ceremony.

use proto::{
    alarm,
    census::CensusRow,
    command::Command,
    details::PersonChange,
    entry::Entry,
    home::{self, Home},
    id::{CommandId, DeviceId, HomeId, MemberId, PersonId, RoomId, Seq, SignInId, SiteId, Time},
    identity::{self, IdentifiedBy, Moment, SecondIdentifier},
    incident::{self, Cause, Incident, IncidentKind, Service, Timescale},
    journey::{self, Journey},
    key::Key,
    log::{self, Show},
    member::{self, Actor, Profile},
    nouns::Event,
    person::row::{DeskPerson, WallPerson},
    place, readiness,
    refusal::Refusal,
    register,
    role::{Audience, Ceiling, Role},
    row::Row,
    sign_in::{self, Word},
    site::{self, Site, SiteKind},
    text::{Bedroom, BirthDate, Line, NhsNumber, Note, PersonName, Short},
    transfer::PlaceNow,
    worker,
};

use crate::{Context, Room, Touched};

/// Half past six on the morning of the closure.
pub(crate) const START: Time = Time(1_779_427_800_000);
/// The lead co-ordinating manager.
pub(crate) const LEAD: MemberId = MemberId(uuid_of(1));
/// A named social worker at the home.
pub(crate) const WORKER: MemberId = MemberId(uuid_of(2));
/// A director.
pub(crate) const DIRECTOR: MemberId = MemberId(uuid_of(3));
/// The desk member who acknowledges.
pub(crate) const DESK: MemberId = MemberId(uuid_of(4));
/// The failing home.
pub(crate) const HOME_SITE: SiteId = SiteId(uuid_of(20));
/// The incident room.
pub(crate) const ROOM_SITE: SiteId = SiteId(uuid_of(21));

/// Returns an id built from a number.
pub(crate) const fn uuid_of(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

/// The n-th person.
pub(crate) const fn person(n: u128) -> PersonId {
    PersonId(uuid_of(100 + n))
}

/// The n-th home.
pub(crate) const fn home(n: u128) -> HomeId {
    HomeId(uuid_of(50 + n))
}

/// Returns a text of any length limit.
pub(crate) fn text<const N: usize>(words: &str) -> proto::text::Text<N> {
    proto::text::Text::parse(words).unwrap()
}

/// A room, its journal and a manual clock.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) room: Room,
    pub(crate) journal: Vec<Entry>,
    pub(crate) now: Time,
    commands: u128,
}

impl Scene {
    /// Returns a room that was never opened.
    pub(crate) fn unopened() -> Self {
        Self { room: Room::default(), journal: Vec::new(), now: START, commands: 0 }
    }

    /// Returns an open room with its sites, four members and three homes.
    pub(crate) fn open() -> Self {
        let mut scene = Self::unopened();
        scene.set_up(Command::from(incident::Plan::Open { incident: incident() }));
        for (site, name, kind) in [
            (HOME_SITE, "Harbour Rise", SiteKind::Home),
            (ROOM_SITE, "Incident room", SiteKind::IncidentRoom),
        ] {
            let site = Site { site, name: text(name), kind, address: None };
            scene.set_up(Command::from(site::Plan::Open { site }));
        }
        for (member, name, roles) in [
            (LEAD, "Ruth Adeyemi", vec![Role::Lead]),
            (WORKER, "Owen Trahearne", vec![Role::NamedSw]),
            (DIRECTOR, "Helen Marchetti", vec![Role::Director]),
            (DESK, "Priya Nair", vec![Role::Bizsup]),
        ] {
            let profile = profile(name, roles);
            scene.set_up(Command::from(member::Plan::Admit {
                member,
                profile,
                ceiling: Ceiling::Staff,
            }));
        }
        for (n, name) in [(1, "Ashlea"), (2, "Birchmere"), (3, "Copperfield")] {
            scene.set_up(Command::from(home::Plan::Add { home: receiving(home(n), name) }));
        }
        scene
    }

    /// Returns an open room with people on its register.
    pub(crate) fn with_people(count: u128) -> Self {
        let mut scene = Self::open();
        for n in 1..=count {
            scene.set_up(register(n));
        }
        scene
    }

    /// Advances the clock.
    pub(crate) fn later(&mut self, minutes: i64) -> &mut Self {
        self.now = self.now.plus_ms(minutes * 60_000);
        self
    }

    /// Returns the context of the next command.
    pub(crate) fn context(&mut self, actor: Actor) -> Context {
        self.commands += 1;
        let device = match actor {
            Actor::Member(member) => Some(DeviceId(member.0)),
            _ => None,
        };
        Context {
            now: self.now,
            actor,
            ceiling: device.map(|_| Ceiling::Staff),
            device,
            command: CommandId(uuid_of(1_000_000 + self.commands)),
            based_on: Some(self.room.head()),
            happened_at: None,
            late_reason: None,
            dice: (self.commands * 7_919).to_be_bytes(),
        }
    }

    /// Decides a command and applies its events. Returns the events and the touched keys.
    pub(crate) fn submit(
        &mut self,
        context: &Context,
        command: &Command,
    ) -> Result<(Vec<Event>, Touched), Refusal> {
        let events = self.room.decide(context, command)?;
        if events.is_empty() {
            return Ok((events, Touched::new()));
        }
        let entry = Entry {
            room: RoomId(uuid_of(0)),
            seq: self.room.head().next(),
            at: context.now,
            happened_at: context.happened_at,
            claimed_at: None,
            late_reason: context.late_reason.clone(),
            actor: context.actor,
            device: context.device,
            command: context.command,
            events: events.clone(),
            nonce: "0".repeat(16),
        };
        let touched = self.room.apply(&entry);
        self.journal.push(entry);
        Ok((events, touched))
    }

    /// Submits as a member.
    pub(crate) fn by(&mut self, member: MemberId, command: Command) -> Result<Vec<Event>, Refusal> {
        let context = self.context(Actor::Member(member));
        self.submit(&context, &command).map(|(events, _)| events)
    }

    /// Submits as a member, with an earlier claimed time.
    pub(crate) fn late(
        &mut self,
        member: MemberId,
        minutes_ago: i64,
        command: Command,
    ) -> Result<Vec<Event>, Refusal> {
        let mut context = self.context(Actor::Member(member));
        context.happened_at = Some(self.now.plus_ms(-minutes_ago * 60_000));
        context.late_reason = Some(text("no signal"));
        self.submit(&context, &command).map(|(events, _)| events)
    }

    /// Submits as the operator's import; it must be accepted.
    pub(crate) fn set_up(&mut self, command: Command) {
        let context = self.context(Actor::Importer);
        self.submit(&context, &command).unwrap();
    }

    /// Raises the alarm of every due timer, as a node does.
    pub(crate) fn ring_timers(&mut self) -> Vec<Event> {
        let mut rung = Vec::new();
        while let Some((due, timer)) = self.room.next_timer().filter(|(due, _)| *due <= self.now) {
            let context = self.context(Actor::System);
            let (events, _) =
                self.submit(&context, &Command::from(alarm::Plan::Raise { timer, due })).unwrap();
            assert!(!events.is_empty(), "a due timer that stands must be raised");
            rung.extend(events);
        }
        rung
    }

    /// Makes a person confirmed, with a worker, a place, a booked journey and identity checked.
    pub(crate) fn make_ready(&mut self, n: u128) {
        let (id, home) = (person(n), home(1));
        let identified_by = vec![IdentifiedBy::DateOfBirth, IdentifiedBy::Bedroom];
        let identifier = SecondIdentifier::DateOfBirth { date: born(n) };
        let journey = Journey {
            vehicle: Some(text("Taxi 4")),
            crew: Some(text("Crew 2")),
            leaves_at: Some(self.now),
            arrives_at: Some(self.now.plus_ms(1_800_000)),
        };
        for command in [
            Command::from(register::Plan::Confirm { person: id, identified_by }),
            Command::from(worker::Plan::Name { person: id, worker: Some(WORKER) }),
            Command::from(place::Plan::Accept { person: id, home }),
            Command::from(journey::Plan::Book { person: id, journey }),
            Command::from(identity::Fact::Check {
                person: id,
                moment: Moment::Ready,
                identifier: identifier.clone(),
            }),
            Command::from(readiness::Plan::Declare { person: id }),
            Command::from(identity::Fact::Check { person: id, moment: Moment::Door, identifier }),
            Command::from(readiness::Plan::Clear { person: id }),
        ] {
            self.by(LEAD, command).unwrap();
        }
    }

    /// Returns an audience's census.
    pub(crate) fn census(&self, audience: Audience) -> CensusRow {
        match self.room.row(audience, Key::Census) {
            Some(Row::Census(row)) => row,
            other => panic!("no census but {other:?}"),
        }
    }

    /// Returns an audience's count of people in a place.
    pub(crate) fn at(&self, audience: Audience, place: PlaceNow) -> u32 {
        let census = self.census(audience);
        census.places.iter().find(|count| count.place == place).unwrap().people
    }

    /// Returns a person's desk row.
    pub(crate) fn desk(&self, n: u128) -> DeskPerson {
        match self.room.row(Audience::Desk, Key::Person(person(n))) {
            Some(Row::DeskPerson(row)) => row,
            other => panic!("no person but {other:?}"),
        }
    }

    /// Returns a person's wall row.
    pub(crate) fn wall(&self, n: u128) -> WallPerson {
        match self.room.row(Audience::Wall, Key::Person(person(n))) {
            Some(Row::WallPerson(row)) => row,
            other => panic!("no person but {other:?}"),
        }
    }

    /// Returns the desk's log line of an entry.
    pub(crate) fn log(&self, seq: Seq) -> Option<log::DeskLog> {
        match self.room.row(Audience::Desk, Key::Log(seq)) {
            Some(Row::DeskLog(row)) => Some(row),
            _ => None,
        }
    }

    /// Returns the id of the sign-in that a sign-on of this scene started.
    pub(crate) fn sign_on(&mut self, member: MemberId, site: SiteId, hours: i64) -> SignInId {
        let planned_end = self.now.plus_ms(hours * 3_600_000);
        let word = Word::default();
        let events = self
            .by(
                member,
                Command::from(sign_in::Fact::SignOn { site, planned_end, duty: None, word }),
            )
            .unwrap();
        let ids = events.iter().find_map(|event| match event {
            Event::SignIn(sign_in::Event::SignedOn { sign_in, .. }) => Some(*sign_in),
            _ => None,
        });
        ids.unwrap()
    }
}

/// Returns the incident of the scene.
pub(crate) fn incident() -> Incident {
    Incident {
        title: text("Harbour Rise"),
        kind: IncidentKind::Failure,
        cause: Cause::RegulatorClosure,
        service: Service::Residential,
        timescale: Timescale::Immediate,
        telephone: None,
        order: None,
        contacts: None,
    }
}

/// Returns a profile.
pub(crate) fn profile(name: &str, roles: Vec<Role>) -> Profile {
    let name = PersonName::parse(name).unwrap();
    Profile { name, organisation: None, job: None, mobile: None, roles }
}

/// Returns a receiving home.
pub(crate) fn receiving(home: HomeId, name: &str) -> Home {
    Home {
        home,
        name: text(name),
        short_name: text(name),
        address: None,
        telephone: None,
        registered_for: Vec::new(),
        miles: None,
    }
}

/// Surnames and first names dissimilar enough not to be look-alikes.
const NAMES: [&str; 12] = [
    "Doreen Haddock",
    "Winston Baptiste",
    "Sheila Pargeter",
    "Ivy Threadgold",
    "Frank Dunmore",
    "Oksana Melnyk",
    "Lilian Tuckwell",
    "Gordon Tilbury",
    "Nirmala Desai",
    "Cyril Hathersage",
    "Eileen O'Rourke",
    "Bernard Goldfarb",
];

/// Returns the n-th person's birth date.
pub(crate) fn born(n: u128) -> BirthDate {
    BirthDate::parse(&format!("19{:02}-{:02}-{:02}", 30 + n % 20, 1 + n % 12, 1 + n % 28)).unwrap()
}

/// Returns the n-th person's details.
pub(crate) fn details(n: u128) -> PersonChange {
    let at = usize::try_from(n).unwrap() % NAMES.len();
    PersonChange {
        name: Some(PersonName::parse(NAMES[at]).unwrap()),
        date_of_birth: Some(born(n)),
        nhs_number: (n == 1).then(|| NhsNumber::parse("999 823 4328").unwrap()),
        bedroom: Some(Bedroom::parse(&n.to_string()).unwrap()),
        needs: Some(text::<2000>("Needs words that are on the card only")),
        ..PersonChange::default()
    }
}

/// Returns the command that registers the n-th person.
pub(crate) fn register(n: u128) -> Command {
    Command::from(register::Plan::Register {
        person: person(n),
        details: Box::new(details(n)),
        questions: Vec::new(),
    })
}

/// Returns the command that adds a log line.
pub(crate) fn line(words: &str, show: Show) -> Command {
    Command::from(log::Plan::Add { text: Note::parse(words).unwrap(), person: None, show })
}

/// Returns a reason.
pub(crate) fn reason() -> Line {
    text("because of the day")
}

/// Returns a short text.
pub(crate) fn short(words: &str) -> Short {
    text(words)
}
