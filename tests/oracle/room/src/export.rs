//! What is taken out of the room as a file: rows for one reader, never more than they may read.

use proto::{
    export::{LogEntry, PersonLine, Reader},
    id::Seq,
    member::Actor,
    person::Funding,
    role::Ceiling,
};

use crate::{
    card::{Sees, card_of},
    log::LogLine,
    person::Person,
    state::Room,
};

impl Room {
    /// Returns everybody on the register by reference, as this reader may take them away.
    pub fn export_people(&self, reader: Reader) -> Vec<PersonLine> {
        let Some(sees) = self.takes(reader) else { return Vec::new() };
        let mut people: Vec<&Person> = self.people.values().collect();
        people.sort_by(|one, other| one.reference.cmp(&other.reference));
        people.into_iter().filter_map(|person| self.person_line(person, sees)).collect()
    }

    /// Returns at most `limit` log lines from an entry on, the earliest first.
    pub fn export_log(&self, from: Seq, limit: usize) -> Vec<LogEntry> {
        self.log.from(from).take(limit).map(|(seq, line)| self.log_entry(seq, line)).collect()
    }

    /// Returns what a reader may take away of cards.
    pub(crate) fn takes(&self, reader: Reader) -> Option<Sees> {
        match reader {
            Reader::Member(member) => self.sees(Actor::Member(member), Some(Ceiling::Staff)),
            Reader::Operator => Some(Sees::ALL),
        }
    }

    /// Returns somebody's line. What the matrix keeps from the reader is left empty although a desk's
    /// screen shows it: a file goes further than a screen.
    fn person_line(&self, person: &Person, sees: Sees) -> Option<PersonLine> {
        let mut row = self.desk_person(person)?;
        row.handle_safely = row.handle_safely.filter(|_| sees.health);
        let worker = row.worker.and_then(|worker| self.members.get(&worker));
        let home = row.destination.home.and_then(|home| self.homes.get(&home));
        Some(PersonLine {
            card: card_of(person, sees),
            funding: person
                .details
                .funding
                .as_ref()
                .filter(|_| sees.money)
                .and_then(Funding::source),
            worker: worker.map(|member| member.profile.name.clone()),
            home: home.map(|home| home.name.clone()),
            person: row,
        })
    }

    fn log_entry(&self, seq: Seq, line: &LogLine) -> LogEntry {
        let person = line.person.and_then(|person| self.person(person));
        let correction = line.corrected_by.and_then(|by| self.log.get(by));
        LogEntry {
            line: self.desk_log(seq, line),
            by: self.actor_called(line.by),
            reference: person.map(|person| person.reference.clone()),
            correction: correction.map(|line| self.told(line)),
        }
    }

    /// Returns whom an entry names as its author.
    pub(crate) fn actor_called(&self, actor: Actor) -> String {
        match actor {
            Actor::Member(member) => {
                let known = self.members.get(&member);
                known.map_or("somebody", |known| known.profile.name.as_str()).to_owned()
            }
            Actor::Screen => "a screen".to_owned(),
            Actor::System => "the room".to_owned(),
            Actor::Importer => "the operator".to_owned(),
        }
    }
}
