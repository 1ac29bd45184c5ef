//! The decision: turns a command into events or a refusal. First step of decide, append, apply, tell.

use proto::{
    command::Command,
    incident,
    nouns::{Event, Plan},
    refusal::{Code, Refusal},
};

use crate::{context::Context, noun::refuse, nouns, room::Room};

impl Room {
    /// Decides a command against this state. Returns its events (empty if nothing changes) or a refusal.
    ///
    /// Facts (PROCEDURE 4.1.3) are refused only to non-members and to readers of counts.
    pub fn decide(&self, by: &Context, command: &Command) -> Result<Vec<Event>, Refusal> {
        let opens = matches!(command, Command::Plan(Plan::Incident(incident::Plan::Open { .. })));
        if self.incident.is_none() && !opens {
            return refuse(Code::Unknown, "this room has not been opened");
        }
        self.allow(by, command)?;
        match command {
            Command::Plan(plan) => nouns::decide(self, by, plan),
            Command::Fact(fact) => Ok(nouns::record(self, by, fact)),
        }
    }
}
