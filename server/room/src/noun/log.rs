//! The log: numbered by entry, append-only; a correction strikes a line through (PROCEDURE 8.2).

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proto::{
    class::Class,
    entry::Entry,
    id::{PersonId, Seq, Time},
    key::Key,
    limit::{LATE_MS, LOG_ROWS},
    log::{AlarmKind, DeskLog, Event, PhoneLog, Plan, Show, ShownLog},
    member::Actor,
    refusal::Code,
    role::{Audience, Role},
    row::Row,
    text::{Line, Note},
};

use super::{Decision, Fold, Plans, Said, one, refuse};
use crate::{
    context::Context,
    privacy::{boards, protected},
    rights::Needs,
    room::{Room, Touched},
};

/// A log line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogLine {
    pub(crate) at: Time,
    pub(crate) recorded: Time,
    pub(crate) late_reason: Option<Line>,
    pub(crate) claimed_at: Option<Time>,
    pub(crate) by: Actor,
    /// The author's first role at the time of writing. Boards show it, even if someone else holds the role later.
    pub(crate) role: Option<Role>,
    pub(crate) text: String,
    pub(crate) person: Option<PersonId>,
    /// Other people it concerns without naming them.
    pub(crate) speaks_of: Vec<PersonId>,
    pub(crate) corrected_by: Option<Seq>,
    pub(crate) corrects: Option<Seq>,
    pub(crate) alarm: Option<AlarmKind>,
    pub(crate) show: Show,
}

impl LogLine {
    /// Returns whether an audience is ever shown this line.
    pub(crate) const fn is_for(&self, audience: Audience) -> bool {
        match audience {
            Audience::Desk => true,
            Audience::Wall => self.show.wall,
            Audience::Phone => self.show.phones,
            Audience::Sitrep => self.show.directors,
        }
    }
}

/// All lines, and the recent window of each audience.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    lines: BTreeMap<Seq, LogLine>,
    windows: BTreeMap<Audience, VecDeque<Seq>>,
}

impl Log {
    /// Returns the number of lines.
    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Returns a line.
    pub(crate) fn get(&self, seq: Seq) -> Option<&LogLine> {
        self.lines.get(&seq)
    }

    /// Returns all lines in order, iterable from either end.
    pub(crate) fn lines(&self) -> impl DoubleEndedIterator<Item = (&Seq, &LogLine)> {
        self.lines.iter()
    }

    /// Returns the lines from an entry on, oldest first.
    pub(crate) fn from(&self, from: Seq) -> impl Iterator<Item = (Seq, &LogLine)> {
        self.lines.range(from..).map(|(seq, line)| (*seq, line))
    }

    /// Adds a line and returns the keys it touches: its own, and those it pushes out of a window.
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

    /// Returns the lines in any audience's window.
    pub(crate) fn held(&self) -> BTreeSet<Seq> {
        self.windows.values().flatten().copied().collect()
    }

    /// Returns whether the line is in an audience's window.
    pub(crate) fn is_held(&self, audience: Audience, seq: Seq) -> bool {
        let Some(window) = self.windows.get(&audience) else { return false };
        window.binary_search(&seq).is_ok()
    }
}

/// Lines of the log.
pub(crate) struct Lines;

impl Plans for Lines {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Add { .. } | Plan::Correct { .. } => Needs::add(&[Class::Log]),
        }
    }

    fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Add { text, person, show } => write(room, by, text, *person, *show),
            Plan::Correct { line, text, why } => correct(room, *line, text, why),
        }
    }
}

/// Adds a log line. A line shown on boards must name nobody; a late one must give a reason.
fn write(room: &Room, by: &Context, text: &Note, person: Option<PersonId>, show: Show) -> Decision {
    let late = by.now.since_ms(by.happened()) > LATE_MS;
    if late && by.late_reason.is_none() {
        let words = "a line entered more than five minutes late says why";
        return refuse(Code::ReasonNeeded, words);
    }
    if show.wall || show.directors {
        boards::names_nobody(room, "this", text.as_str())?;
    }
    let person = person.map(|id| room.stands_for(id));
    Ok(one(Event::Added { text: text.clone(), person, show }))
}

/// Corrects a line. A line is corrected once; after that, its correction is.
fn correct(room: &Room, line: Seq, text: &Note, why: &Line) -> Decision {
    let Some(old) = room.log.get(line) else {
        return refuse(Code::Unknown, "the log has no such line");
    };
    if old.corrected_by.is_some() {
        return refuse(Code::Already, "correct the line that corrects this one");
    }
    // Boards show the reason with the text.
    if old.show.wall || old.show.directors {
        boards::names_nobody(room, "this", text.as_str())?;
        boards::names_nobody(room, "the reason", why.as_str())?;
    }
    Ok(one(Event::Corrected { line, text: text.clone(), why: why.clone() }))
}

impl Fold for Lines {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Added { .. } => {}
            Event::Corrected { line, .. } => {
                room.log.strike(*line, entry.seq);
                touched.insert(Key::Log(*line));
            }
        }
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        Some(match event {
            Event::Added { text, person, show } => {
                Said { about: *person, show: *show, ..Said::new(text.as_str()) }
            }
            Event::Corrected { line, text, why } => {
                let show = room.log.get(*line).map(|old| old.show).unwrap_or_default();
                let words = format!("{} (corrects entry {line}: {})", text.as_str(), why.as_str());
                Said { show, corrects: Some(*line), ..Said::new(words) }
            }
        })
    }
}

/// Returns whether an audience can ever hold a row under a key, as far as that depends on a log line.
pub(crate) fn concerns(room: &Room, audience: Audience, key: Key) -> bool {
    let Key::Log(line) = key else { return true };
    room.log.get(line).is_some_and(|line| line.is_for(audience))
}

/// Returns the keys of the lines.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.log.lines().map(|(seq, _)| Key::Log(*seq)));
}

/// Returns a log line's row while it is in the audience's window.
pub(crate) fn row(room: &Room, audience: Audience, seq: Seq) -> Option<Row> {
    let line = room.log.get(seq).filter(|_| room.log.is_held(audience, seq))?;
    let (at, corrected_by) = (line.at, line.corrected_by);
    Some(match audience {
        Audience::Desk => Row::DeskLog(desk(room, seq, line)),
        Audience::Phone => {
            let text = protected::told(room, line);
            Row::PhoneLog(PhoneLog { seq, at, text, corrected_by })
        }
        Audience::Wall | Audience::Sitrep => {
            let (role, text) = (line.role, boards::line(room, line));
            Row::ShownLog(ShownLog { seq, at, text, corrected_by, role })
        }
    })
}

/// Returns a line as the desk renders it.
pub(crate) fn desk(room: &Room, seq: Seq, line: &LogLine) -> DeskLog {
    DeskLog {
        seq,
        at: line.at,
        recorded: line.recorded,
        late_reason: protected::told_late(room, line),
        claimed_at: line.claimed_at,
        by: line.by,
        text: protected::told(room, line),
        person: line.person,
        corrected_by: line.corrected_by,
        corrects: line.corrects,
        alarm: line.alarm,
        show: line.show,
        withheld: boards::is_withheld(room, line),
    }
}

impl Room {
    /// Returns the desk's log lines before an entry, latest first: those that have left the window.
    pub fn log_before(&self, before: Seq, limit: usize) -> Vec<DeskLog> {
        let older = self.log.lines().rev().filter(|(seq, _)| **seq < before);
        older.take(limit).map(|(seq, line)| desk(self, *seq, line)).collect()
    }
}
