//! The fold: an entry changes the state and returns the keys of the rows it touched. It cannot fail: a reference to
//! something unknown is ignored, identically on every machine.

use proto::{entry::Entry, id::Time, member::Actor, role::Role};

use crate::{
    noun::{Said, log::LogLine, sign_in},
    nouns,
    privacy::{boards, protected},
    room::{Room, Touched},
};

impl Room {
    /// Applies an entry and returns the keys of the rows it changed.
    pub fn apply(&mut self, entry: &Entry) -> Touched {
        let mut touched = Touched::new();
        let before = protected::told_before(self, entry);
        for event in &entry.events {
            nouns::fold(self, entry, event, &mut touched);
        }
        if let Some(before) = before {
            protected::touch_retold(self, &before, &mut touched);
        }
        sign_in::keep_act(self, entry, &mut touched);
        if let Some(line) = line_of(self, entry) {
            touched.extend(self.log.add(entry.seq, line));
        }
        boards::keep_shown(self, &touched);
        self.remember(entry.seq, entry.at, touched.clone());
        touched
    }
}

/// Returns the log line of an entry, or `None` if the entry has none.
fn line_of(room: &Room, entry: &Entry) -> Option<LogLine> {
    let mut said = entry.events.iter().filter_map(|event| nouns::line(room, event));
    let Said { mut words, mut about, mut speaks_of, mut alarm, show, corrects } = said.next()?;
    for next in said {
        words.push(' ');
        words.push_str(&next.words);
        about = about.or(next.about);
        speaks_of.extend(next.speaks_of);
        alarm = alarm.or(next.alarm);
    }
    Some(LogLine {
        at: entry.happened(),
        recorded: entry.at,
        late_reason: entry.late_reason.clone(),
        claimed_at: entry.claimed_at.map(Time::nearest_possible),
        by: entry.actor,
        role: first_role(room, entry.actor),
        text: words,
        person: about.map(|id| room.stands_for(id)),
        speaks_of,
        corrected_by: None,
        corrects,
        alarm,
        show,
    })
}

/// Returns the first role of the actor, if any.
fn first_role(room: &Room, actor: Actor) -> Option<Role> {
    match actor {
        Actor::Member(member) => room.members.get(&member)?.profile.roles.first().copied(),
        Actor::Screen | Actor::System | Actor::Importer => None,
    }
}
