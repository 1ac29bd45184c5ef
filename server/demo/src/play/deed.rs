//! What a turn of the day comes to: commands of somebody, and what is to become of them.

use proto::{
    command::{Command, Envelope},
    gate::Gate,
    id::{SignInId, Time},
    text::Line,
};

use super::cast::fresh;

/// Commands that somebody sends in one request.
#[derive(Debug)]
pub(super) struct Deed {
    /// Who, by label.
    pub(super) by: String,
    /// What, in order.
    pub(super) asked: Vec<Asked>,
}

/// One command, and what is to become of it.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) envelope: Envelope,
    pub(super) wants: Wants,
    /// What its entry is remembered as.
    pub(super) mark: Option<String>,
}

/// What is to become of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wants {
    /// It is taken.
    Taken,
    /// This gate refuses it.
    Refused(Gate),
}

/// What the room itself is to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// This sign-in's check-in is overdue.
    Overdue(SignInId),
    /// This sign-in's planned end has passed, and somebody was told.
    EndPassed(SignInId),
}

/// A turn as it is played.
#[derive(Debug, Default)]
pub(super) struct Scene {
    pub(super) deeds: Vec<Deed>,
    pub(super) expected: Option<Expected>,
    /// The census that the day gives.
    pub(super) census: Option<super::census::Counts>,
    /// What a newcomer reads, without names.
    pub(super) told: Option<String>,
}

impl Asked {
    /// Returns a command that is to be taken.
    pub(super) fn taken(command: Command) -> Self {
        Self { envelope: fresh(command), wants: Wants::Taken, mark: None }
    }

    /// Returns a command that a gate is to refuse.
    pub(super) fn refused(command: Command, gate: Gate) -> Self {
        Self { envelope: fresh(command), wants: Wants::Refused(gate), mark: None }
    }

    /// Returns it with the time at which it happened, and why it comes late.
    pub(super) fn at(mut self, happened: Option<Time>, why: &Line) -> Self {
        self.envelope.happened_at = happened;
        self.envelope.late_reason = happened.map(|_| why.clone());
        self
    }

    /// Returns it with what its entry is remembered as.
    pub(super) fn marked(mut self, mark: &str) -> Self {
        self.mark = Some(mark.to_owned());
        self
    }
}

impl Scene {
    /// Adds what somebody sends; what they send at once goes in one request.
    pub(super) fn add(&mut self, by: &str, asked: impl IntoIterator<Item = Asked>) {
        if let Some(deed) = self.deeds.last_mut().filter(|deed| deed.by == by) {
            deed.asked.extend(asked);
            return;
        }
        let (by, asked) = (by.to_owned(), asked.into_iter().collect());
        self.deeds.push(Deed { by, asked });
    }

    /// Adds one command that is to be taken.
    pub(super) fn does(&mut self, by: &str, command: Command) {
        self.add(by, [Asked::taken(command)]);
    }

    /// Returns this scene with what a newcomer reads.
    pub(super) fn telling(mut self, words: String) -> Self {
        self.told = Some(words);
        self
    }
}
