//! The log: numbered by entry, never erased; a correction strikes through (PROCEDURE 8.2).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proto::{
    command::Show,
    id::{PersonId, Seq, Time},
    key::Key,
    limit::LOG_ROWS,
    member::Actor,
    role::{Audience, Role},
    row::log::AlarmKind,
    text::Line,
};

/// A log line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogLine {
    pub(crate) at: Time,
    pub(crate) recorded: Time,
    pub(crate) late_reason: Option<Line>,
    pub(crate) claimed_at: Option<Time>,
    pub(crate) by: Actor,
    /// The first role that the author held when writing it: boards say it, whoever holds it later.
    pub(crate) role: Option<Role>,
    pub(crate) text: String,
    pub(crate) person: Option<PersonId>,
    pub(crate) corrected_by: Option<Seq>,
    pub(crate) corrects: Option<Seq>,
    pub(crate) alarm: Option<AlarmKind>,
    pub(crate) show: Show,
}

impl LogLine {
    /// Tells whether an audience is ever shown this line.
    pub(crate) const fn is_for(&self, audience: Audience) -> bool {
        match audience {
            Audience::Desk => true,
            Audience::Wall => self.show.wall,
            Audience::Phone => self.show.phones,
            Audience::Sitrep => self.show.directors,
        }
    }
}

/// All lines, and for each audience the last few that it holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    lines: BTreeMap<Seq, LogLine>,
    windows: BTreeMap<Audience, VecDeque<Seq>>,
}

impl Log {
    /// Returns how many lines there are.
    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns a line.
    pub(crate) fn get(&self, seq: Seq) -> Option<&LogLine> {
        self.lines.get(&seq)
    }

    /// Returns the lines from the latest back to, not including, `before`.
    pub(crate) fn lines(&self) -> impl DoubleEndedIterator<Item = (&Seq, &LogLine)> {
        self.lines.iter()
    }

    /// Returns the lines from an entry on, the earliest first.
    pub(crate) fn from(&self, from: Seq) -> impl Iterator<Item = (Seq, &LogLine)> {
        self.lines.range(from..).map(|(seq, line)| (*seq, line))
    }

    /// Adds a line and returns the keys it touches: its own, and those it pushes off somebody's screen.
    pub(crate) fn add(&mut self, seq: Seq, line: LogLine) -> Vec<Key> {
        let mut touched = vec![Key::Log(seq)];
        for audience in Audience::ALL.into_iter().filter(|audience| line.is_for(*audience)) {
            let window = self.windows.entry(audience).or_default();
            window.push_back(seq);
            if window.len() > LOG_ROWS {
                touched.extend(window.pop_front().map(Key::Log));
            }
        }
        self.lines.insert(seq, line);
        touched
    }

    /// Strikes a line through.
    pub(crate) fn strike(&mut self, line: Seq, by: Seq) {
        if let Some(line) = self.lines.get_mut(&line) {
            line.corrected_by = Some(by);
        }
    }

    /// Returns the lines that any audience holds now.
    pub(crate) fn held(&self) -> BTreeSet<Seq> {
        self.windows.values().flatten().copied().collect()
    }

    /// Tells whether an audience holds the line now.
    pub(crate) fn is_held(&self, audience: Audience, seq: Seq) -> bool {
        let Some(window) = self.windows.get(&audience) else { return false };
        window.binary_search(&seq).is_ok()
    }
}
