//! Invented people, and commands about them. No part of their names is an ordinary word, so that
//! leaks can be searched for.

use proto::{
    command::{Command, Envelope},
    details::{self, PersonChange},
    home::{self, Home},
    id::{CommandId, HomeId, MemberId, PersonId, Seq, SiteId, Time},
    incident::{Cause, Incident, IncidentKind, Service, Timescale},
    log::{self, Show},
    member,
    person::NextOfKin,
    register,
    role::Role,
    sign_in,
    site::{Site, SiteKind},
    text::{Bedroom, BirthDate, Note, PersonName, Telephone, Text},
    whereabouts,
};
use uuid::Uuid;

/// The failing home.
pub const HOME_SITE: SiteId = SiteId(Uuid::from_u128(20));

/// Service users. Different enough from each other not to be look-alikes.
pub const PEOPLE: [&str; 6] = [
    "Ottoline Quillfeather",
    "Barnaby Thistlewick",
    "Seraphina Oxenbould",
    "Horatio Wimpole",
    "Philippa Zealander",
    "Cuthbert Mossgiel",
];

/// A word that appears on cards alone.
pub const CARD_WORDS: &str = "xylograph";

/// The number that belongs to the first person's family.
pub const FAMILY_NUMBER: &str = "07700 900461";

/// Returns every word that no wall, no director and no diagnostic may contain.
pub fn canaries<'a>() -> impl Iterator<Item = &'a str> {
    let names = PEOPLE.iter().flat_map(|name| name.split(' '));
    names.chain([CARD_WORDS, FAMILY_NUMBER, "Featherstonehaugh", "Vavasour"])
}

pub fn person(n: usize) -> PersonId {
    PersonId(Uuid::from_u128(100 + n as u128))
}

pub fn home(n: usize) -> HomeId {
    HomeId(Uuid::from_u128(50 + n as u128))
}

pub fn text<const N: usize>(words: &str) -> Text<N> {
    Text::parse(words).unwrap()
}

pub fn name(words: &str) -> PersonName {
    text(words)
}

pub fn incident() -> Incident {
    Incident {
        title: text("Lantern Court"),
        kind: IncidentKind::Failure,
        cause: Cause::RegulatorClosure,
        service: Service::Residential,
        timescale: Timescale::Immediate,
        telephone: Some(Telephone::parse("01632 960300").unwrap()),
        order: None,
        contacts: None,
    }
}

pub fn site() -> Site {
    Site { site: HOME_SITE, name: text("Lantern Court"), kind: SiteKind::Home, address: None }
}

/// Returns the n-th person's details.
pub fn details(n: usize) -> PersonChange {
    let born = format!("19{:02}-{:02}-{:02}", 30 + n % 20, 1 + n % 12, 1 + n % 28);
    PersonChange {
        name: Some(name(PEOPLE[n % PEOPLE.len()])),
        date_of_birth: Some(BirthDate::parse(&born).unwrap()),
        bedroom: Some(Bedroom::parse(&n.to_string()).unwrap()),
        needs: Some(text::<2000>(&format!("Likes the {CARD_WORDS} on the left"))),
        next_of_kin: Some(NextOfKin {
            name: name("Lucasta Featherstonehaugh"),
            relation: Some(text("niece")),
            telephone: Some(text(FAMILY_NUMBER)),
        }),
        ..PersonChange::default()
    }
}

/// Returns a command under a fresh id.
pub fn asks(command: Command) -> Envelope {
    under(CommandId(Uuid::new_v4()), command)
}

/// Returns a command under this id.
pub const fn under(id: CommandId, command: Command) -> Envelope {
    Envelope { id, based_on: None, happened_at: None, late_reason: None, command }
}

/// Returns an edit based on this entry.
pub fn edits(n: usize, seen: u64, change: PersonChange) -> Envelope {
    let change = Box::new(change);
    let command = Command::from(details::Plan::Change { person: person(n), change });
    Envelope { based_on: Some(Seq(seen)), ..asks(command) }
}

pub fn bedroom(word: &str) -> PersonChange {
    PersonChange { bedroom: Some(Bedroom::parse(word).unwrap()), ..PersonChange::default() }
}

pub fn register(n: usize) -> Command {
    let details = Box::new(details(n));
    Command::from(register::Plan::Register { person: person(n), details, questions: Vec::new() })
}

pub fn departs(n: usize) -> Command {
    Command::from(whereabouts::Fact::Depart { person: person(n), home: None, vehicle: None })
}

pub fn arrives(n: usize) -> Command {
    Command::from(whereabouts::Fact::Arrive { person: person(n), home: None })
}

/// Returns a log line for the desk.
pub fn line(words: &str) -> Command {
    shown(words, Show::default())
}

pub fn shown(words: &str, show: Show) -> Command {
    Command::from(log::Plan::Add { text: Note::parse(words).unwrap(), person: None, show })
}

pub fn gives(member: MemberId, roles: &[Role]) -> Command {
    Command::from(member::Plan::GiveRoles { member, roles: roles.to_vec() })
}

pub fn signs_on(until: Time) -> Command {
    let word = proto::sign_in::Word::default();
    Command::from(sign_in::Fact::SignOn { site: HOME_SITE, planned_end: until, duty: None, word })
}

/// Returns a receiving home.
pub fn adds_home(n: usize) -> Command {
    let name = ["Ashlea", "Birchmere", "Copperfield"][n % 3];
    Command::from(home::Plan::Add {
        home: Home {
            home: home(n),
            name: text(name),
            short_name: text(name),
            address: None,
            telephone: None,
            registered_for: Vec::new(),
            miles: None,
        },
    })
}
