//! The projection: the row of each key for each audience. A field an audience may not see does not exist in its row.

use proto::{key::Key, role::Audience, row::Row};

use crate::{
    noun::{
        census, details, door, expected, gate, help, home, incident, log, member, pack, person,
        sign_in, site,
    },
    room::{Room, Touched},
};

impl Room {
    /// Returns the row under a key for an audience, or `None` if there is none.
    pub fn row(&self, audience: Audience, key: Key) -> Option<Row> {
        if !key.is_for(audience) || self.incident.is_none() {
            return None;
        }
        match key {
            Key::Incident => incident::row(self, audience),
            Key::Census => Some(Row::Census(self.census.row(audience))),
            Key::Team => Some(member::team_row(self)),
            Key::Pace(from) => self.census.pace.get(&from).copied().map(Row::Pace),
            Key::Planned(from) => self.census.planned(from).map(Row::Planned),
            Key::Gates => Some(gate::row(self)),
            Key::Site(id) => site::row(self, id),
            Key::Home(id) => home::row(self, audience, id),
            Key::Member(id) => member::row(self, audience, id),
            Key::SignIn(id) => sign_in::row(self, audience, id),
            Key::Person(id) => person::row::row(self, audience, id),
            Key::Edit(id) => details::row(self, id),
            Key::Log(line) => log::row(self, audience, line),
            Key::Help(id) => help::row(self, audience, id),
            Key::Door => door::row(self),
            Key::Asker(id) => door::asker_row(self, id),
            Key::Expected(id) => expected::row(self, id),
            Key::Pack(number) => pack::row(self, number),
        }
    }

    /// Returns whether an audience can ever hold a row under this key. A key it cannot hold is never sent to it: row
    /// keys are content too (I-17).
    pub fn concerns(&self, audience: Audience, key: Key) -> bool {
        key.is_for(audience) && log::concerns(self, audience, key)
    }

    /// Returns every key under which an audience holds a row: the keys of a snapshot.
    pub fn keys(&self, audience: Audience) -> Touched {
        let mut keys =
            Touched::from([Key::Incident, Key::Census, Key::Team, Key::Gates, Key::Door]);
        census::keys(self, &mut keys);
        site::keys(self, &mut keys);
        home::keys(self, &mut keys);
        member::keys(self, &mut keys);
        sign_in::keys(self, &mut keys);
        person::keys(self, &mut keys);
        details::keys(self, &mut keys);
        help::keys(self, &mut keys);
        door::keys(self, &mut keys);
        expected::keys(self, &mut keys);
        pack::keys(self, &mut keys);
        log::keys(self, &mut keys);
        keys.retain(|key| self.concerns(audience, *key));
        keys
    }
}
