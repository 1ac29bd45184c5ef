//! Exports: the room as a file for one reader, limited to what that reader may read.

use proto::{
    class::Class,
    entry::Entry,
    export::{Event, Export, LogEntry, PersonLine, Plan, Reader},
    id::Seq,
    member::Actor,
    person::Funding,
    role::{Ceiling, Role},
};

use super::{
    Decision, Fold, Plans, Said,
    log::{self, LogLine},
    member, one,
    person::{
        Person,
        card::{Sees, card_of},
        row,
    },
};
use crate::{
    context::Context,
    privacy::protected,
    rights::Needs,
    room::{Room, Touched},
};

mod movement;

/// Exports.
pub(crate) struct Exports;

impl Plans for Exports {
    type Plan = Plan;

    /// The matrix column `exp`; the log only for readers of the whole log.
    fn needs(plan: &Plan) -> Needs {
        let Plan::Record { export, .. } = plan;
        let takers: &[Role] = match export {
            Export::PeopleCsv | Export::PeopleXlsx | Export::MovementsCsv => &[Role::Bizsup],
            Export::LogCsv | Export::LogJsonl => &[],
        };
        Needs::write(&[Class::Exp], takers).capped().set_up()
    }

    fn decide(_room: &Room, _by: &Context, plan: &Plan) -> Decision {
        let Plan::Record { export, why } = plan;
        Ok(one(Event::Taken { export: *export, why: why.clone() }))
    }
}

impl Fold for Exports {
    type Event = Event;

    fn fold(_room: &mut Room, _entry: &Entry, event: &Event, _touched: &mut Touched) {
        match event {
            Event::Taken { .. } => {}
        }
    }

    fn line(_room: &Room, event: &Event) -> Option<Said> {
        let Event::Taken { export, why } = event;
        Some(Said::new(format!("Taken away: {}, for: {}.", export.called(), why.as_str())))
    }
}

impl Room {
    /// Returns everybody on the register by reference, as this reader may export them.
    pub fn export_people(&self, reader: Reader) -> Vec<PersonLine> {
        let Some(sees) = self.takes(reader) else { return Vec::new() };
        let mut people: Vec<&Person> = self.people.values().collect();
        people.sort_by(|one, other| one.reference.cmp(&other.reference));
        people.into_iter().filter_map(|person| self.person_line(person, &sees)).collect()
    }

    /// Returns at most `limit` log lines from an entry on, oldest first.
    pub fn export_log(&self, from: Seq, limit: usize) -> Vec<LogEntry> {
        self.log.from(from).take(limit).map(|(seq, line)| self.log_entry(seq, line)).collect()
    }

    /// Returns the parts of cards a reader may export.
    pub(crate) fn takes(&self, reader: Reader) -> Option<Sees> {
        match reader {
            Reader::Member(member) => self.sees(Actor::Member(member), Some(Ceiling::Staff)),
            Reader::Operator => Some(Sees::all()),
        }
    }

    /// Returns somebody's line. What the matrix keeps from the reader is left empty although a desk's
    /// screen shows it: a file goes further than a screen.
    fn person_line(&self, person: &Person, sees: &Sees) -> Option<PersonLine> {
        let mut row = row::desk(self, person)?;
        row.handle_safely = row.handle_safely.filter(|_| sees.has(Class::Health));
        let worker = row.worker.and_then(|worker| self.members.get(&worker));
        let home = row.destination.home.and_then(|home| self.homes.get(&home));
        Some(PersonLine {
            card: card_of(person, sees),
            funding: person
                .details
                .funding
                .as_ref()
                .filter(|_| sees.has(Class::Money))
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
            line: log::desk(self, seq, line),
            by: member::actor(self, line.by),
            reference: person.map(|person| person.reference.clone()),
            correction: correction.map(|line| protected::told(self, line).to_string()),
        }
    }
}
