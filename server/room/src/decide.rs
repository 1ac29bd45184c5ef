//! The decision: a command becomes events, or a refusal. The first of decide, append, apply, tell.

use proto::{
    command::Command,
    incident,
    nouns::{Event, Plan},
    refusal::{Code, Refusal},
};

use crate::{context::Context, noun::refuse, nouns, room::Room};

impl Room {
    /// Decides a command on this state. Returns its events, none when it changes nothing, or the refusal.
    ///
    /// Facts (PROCEDURE 4.1.3) are refused only to those who are no members of the room, and to those who read counts.
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
