//! The projection: what each audience is shown under each key. What it may not see has no field there.

mod door;
mod help;
mod incident;
pub(crate) mod log;
pub(crate) mod person;
mod team;

use proto::{key::Key, role::Audience, row::Row};

use crate::state::{Room, Touched};

impl Room {
    /// Returns the row that stands under a key for an audience, or `None` when none does.
    pub fn row(&self, audience: Audience, key: Key) -> Option<Row> {
        match key {
            Key::Incident => self.incident_row(audience),
            Key::Census => self.incident.as_ref().map(|_| Row::Census(self.census.row(audience))),
            Key::Team => {
                (audience == Audience::Sitrep && self.incident.is_some()).then(|| self.team_row())
            }
            Key::Pace(from) => {
                let row = self.census.pace.get(&from).copied().map(Row::Pace);
                row.filter(|_| audience != Audience::Phone)
            }
            Key::Planned(from) => {
                let row = self.census.planned(from).map(Row::Planned);
                row.filter(|_| audience == Audience::Sitrep)
            }
            Key::Gates => (audience == Audience::Sitrep && self.incident.is_some())
                .then(|| Row::Gates(self.census.gates())),
            Key::Site(site) => self.site_row(audience, site),
            Key::Home(home) => self.home_row(audience, home),
            Key::Member(member) => self.member_row(audience, member),
            Key::SignIn(sign_in) => self.sign_in_row(audience, sign_in),
            Key::Person(person) => self.person_row(audience, person),
            Key::Edit(edit) => self.edit_row(audience, edit),
            Key::Log(line) => self.log_row(audience, line),
            Key::Help(call) => self.help_row(audience, call),
            Key::Door => self.door_row().filter(|_| audience == Audience::Desk),
            Key::Asker(id) => self.asker_row(id).filter(|_| audience == Audience::Desk),
            Key::Expected(id) => self.expected_row(id).filter(|_| audience == Audience::Desk),
            Key::Pack(number) => self.pack_row(number).filter(|_| audience == Audience::Desk),
        }
    }

    /// Tells whether an audience can ever hold a row under this key. A key that it cannot hold is not
    /// even named to it: the names of rows are content too (I-17).
    pub fn concerns(&self, audience: Audience, key: Key) -> bool {
        match key {
            Key::Incident | Key::Census => true,
            Key::Team | Key::Planned(_) | Key::Gates => audience == Audience::Sitrep,
            Key::Pace(_) => audience != Audience::Phone,
            Key::Site(_) | Key::Edit(_) => matches!(audience, Audience::Desk | Audience::Phone),
            Key::Home(_) | Key::Member(_) | Key::SignIn(_) | Key::Person(_) | Key::Help(_) => {
                audience != Audience::Sitrep
            }
            Key::Door | Key::Asker(_) | Key::Expected(_) | Key::Pack(_) => {
                audience == Audience::Desk
            }
            Key::Log(line) => self.log.get(line).is_some_and(|line| line.is_for(audience)),
        }
    }

    /// Returns every key under which an audience holds a row: the snapshot's keys.
    pub fn keys(&self, audience: Audience) -> Touched {
        let mut keys =
            Touched::from([Key::Incident, Key::Census, Key::Team, Key::Gates, Key::Door]);
        keys.extend(self.census.pace.keys().copied().map(Key::Pace));
        keys.extend(self.census.planned.keys().copied().map(Key::Planned));
        keys.extend(self.sites.keys().copied().map(Key::Site));
        keys.extend(self.homes.keys().copied().map(Key::Home));
        keys.extend(self.members.keys().copied().map(Key::Member));
        keys.extend(self.sign_ins.keys().copied().map(Key::SignIn));
        keys.extend(self.people.keys().copied().map(Key::Person));
        keys.extend(self.edits.keys().copied().map(Key::Edit));
        keys.extend(self.help.keys().copied().map(Key::Help));
        keys.extend(self.askers.keys().copied().map(Key::Asker));
        keys.extend(self.expected.keys().copied().map(Key::Expected));
        keys.extend(self.packs.iter().map(|held| Key::Pack(held.pack.number)));
        keys.extend(self.log.lines().map(|(seq, _)| Key::Log(*seq)));
        keys.retain(|key| self.concerns(audience, *key));
        keys
    }
}
