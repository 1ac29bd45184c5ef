//! What is done in a room on a long day, over and over: log lines, checks, ratings, and people on their way.

use proto::{
    command::{Command, Envelope},
    id::{CommandId, PersonId},
    identity::{self, Moment, SecondIdentifier},
    log::{self, Show},
    needs,
    rating::{self, Rating},
    text::{BirthDate, Line, Note},
    whereabouts,
};
use uuid::Uuid;

/// What is written in the log, as people write it.
const LINES: [&str; 6] = [
    "Rang the pharmacy: the blister packs for the second floor come at four, the driver has the list.",
    "Family is here and asks which home it will be. Told them that nothing is settled before the call at two.",
    "Wheelchair van is late by twenty minutes; the crew waits at the side door.",
    "Care plan and MAR chart copied and in the red bag.",
    "GP has seen three people in the lounge, no change to anybody's fitness to travel.",
    "Agency asks for a second carer for the night; passed to the duty manager.",
];

/// Returns a command under an id of its own.
pub fn envelope(command: Command) -> Envelope {
    let id = CommandId(Uuid::new_v4());
    Envelope { id, based_on: None, happened_at: None, late_reason: None, command }
}

/// Returns the next thing that is done. Of twenty, nine are log lines, four identity checks, three
/// ratings, and four are people who leave and come back.
pub fn deed(number: usize, people: &[PersonId]) -> Command {
    let round = number / 20;
    let person = people[round * 7 % people.len()];
    let other = people[(round * 7 + number % 20) % people.len()];
    match number % 20 {
        0 | 7 => Command::from(whereabouts::Fact::Depart { person, home: None, vehicle: None }),
        5 | 12 => Command::from(whereabouts::Fact::Return { person }),
        1 | 8 | 13 | 17 => {
            let date = BirthDate::parse("1931-02-11").expect("a date");
            let identifier = SecondIdentifier::DateOfBirth { date };
            Command::from(identity::Fact::Check { person: other, moment: Moment::Door, identifier })
        }
        3 | 10 | 15 => rate(other, round.is_multiple_of(2)),
        _ => {
            let text = Note::parse(LINES[number % LINES.len()]).expect("a note");
            let person = (!number.is_multiple_of(3)).then_some(other);
            Command::from(log::Plan::Add { text, person, show: Show::default() })
        }
    }
}

/// Returns what brings somebody to where they are at noon: of eight, one has arrived, two are on the way,
/// and of the others every second is rated.
pub fn noon(number: usize, person: PersonId) -> Vec<Command> {
    let depart = Command::from(whereabouts::Fact::Depart { person, home: None, vehicle: None });
    let rate = rate(person, number.is_multiple_of(3));
    match number % 8 {
        0 => vec![rate, depart, Command::from(whereabouts::Fact::Arrive { person, home: None })],
        1 | 2 => vec![rate, depart],
        3 | 5 | 7 => vec![rate],
        _ => vec![Command::from(needs::Plan::Assess { person })],
    }
}

/// Returns the next change to a person: of five, three are ratings and two are people who leave or come
/// back. Each is seen on every face.
pub fn change(number: usize, people: &[PersonId]) -> Command {
    let round = number / people.len();
    let person = people[number * 7 % people.len()];
    match (number % 5, round.is_multiple_of(2)) {
        (0, true) | (1, false) => {
            Command::from(whereabouts::Fact::Depart { person, home: None, vehicle: None })
        }
        (0, false) | (1, true) => Command::from(whereabouts::Fact::Return { person }),
        (_, is_even) => rate(person, is_even != number.is_multiple_of(2)),
    }
}

/// Returns a log line.
pub fn line() -> Command {
    let text = Note::parse(LINES[0]).expect("a note");
    Command::from(log::Plan::Add { text, person: None, show: Show::default() })
}

/// Returns a rating.
pub fn rate(person: PersonId, is_at_risk: bool) -> Command {
    let rating = if is_at_risk { Rating::AtRisk } else { Rating::Watch };
    let reason = Line::parse("Chest infection, seen by the nurse").expect("a line");
    Command::from(rating::Plan::Rate { person, rating, reason })
}
