//! The commands of a turn and their expected outcomes.

use proto::{
    command::{Command, Envelope},
    gate::Gate,
    id::{SignInId, Time},
    text::Line,
};

use super::cast::fresh;

/// Commands that a person sends in one request.
#[derive(Debug)]
pub(super) struct Deed {
    /// The person, by label.
    pub(super) by: String,
    /// The commands, in order.
    pub(super) asked: Vec<Asked>,
}

/// A command and its expected outcome.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) envelope: Envelope,
    pub(super) wants: Wants,
    /// The name under which later turns refer to its entry.
    pub(super) mark: Option<String>,
}

/// The expected outcome of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    /// Accepted.
    Taken,
    /// Refused by this gate.
    Refused(Gate),
}

/// An alarm that the room itself is expected to raise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// This sign-in's check-in is overdue.
    Overdue(SignInId),
    /// This sign-in's planned end has passed, and an alarm was raised.
    EndPassed(SignInId),
}

/// A turn to perform.
#[derive(Debug, Default)]
pub(super) struct Scene {
    pub(super) deeds: Vec<Deed>,
    pub(super) expected: Option<Expected>,
    /// The counts that the day states.
    pub(super) census: Option<super::census::Counts>,
    /// The line for the viewer, without names.
    pub(super) told: Option<String>,
}

impl Asked {
    /// Returns a command that must be accepted.
    pub(super) fn taken(command: Command) -> Self {
        Self { envelope: fresh(command), wants: Wants::Taken, mark: None }
    }

    /// Returns a command that a gate must refuse.
    pub(super) fn refused(command: Command, gate: Gate) -> Self {
        Self { envelope: fresh(command), wants: Wants::Refused(gate), mark: None }
    }

    /// Adds the time at which it happened, and why it is entered late.
    pub(super) fn at(mut self, happened: Option<Time>, why: &Line) -> Self {
        self.envelope.happened_at = happened;
        self.envelope.late_reason = happened.map(|_| why.clone());
        self
    }

    /// Adds the name of its entry.
    pub(super) fn marked(mut self, mark: &str) -> Self {
        self.mark = Some(mark.to_owned());
        self
    }
}

impl Scene {
    /// Adds commands of a person; consecutive commands of the same person go in one request.
    pub(super) fn add(&mut self, by: &str, asked: impl IntoIterator<Item = Asked>) {
        if let Some(deed) = self.deeds.last_mut().filter(|deed| deed.by == by) {
            deed.asked.extend(asked);
            return;
        }
        let (by, asked) = (by.to_owned(), asked.into_iter().collect());
        self.deeds.push(Deed { by, asked });
    }

    /// Adds one command that must be accepted.
    pub(super) fn does(&mut self, by: &str, command: Command) {
        self.add(by, [Asked::taken(command)]);
    }

    /// Adds the line for the viewer.
    pub(super) fn telling(mut self, words: String) -> Self {
        self.told = Some(words);
        self
    }
}
