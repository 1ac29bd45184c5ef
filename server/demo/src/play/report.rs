//! The report of the day.

use proto::{
    command::Command,
    gate::Gate,
    id::{CommandId, Seq, Time},
    refusal::{Code, Refusal},
};

use super::{census::Counts, deed::Wants, power::PowerCut, story::clock};

/// The outcome of the day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Logins of the team.
    pub logins: u32,
    /// Facts recorded.
    pub facts: u32,
    /// Plans accepted.
    pub plans: u32,
    /// Plans refused, as expected.
    pub refusals: Vec<Refused>,
    /// The wall's counts at each sitrep.
    pub censuses: Vec<(Time, Counts)>,
    /// Deviations from the day, in words.
    pub surprises: Vec<String>,
    /// Facts refused: always zero.
    pub facts_refused: u32,
    /// Acknowledged commands, with their entry numbers.
    pub acknowledged: Vec<(Seq, CommandId)>,
    /// The power cuts.
    pub cuts: Vec<PowerCut>,
    /// Frames checked against their rows.
    pub frames: u64,
    /// What was sent to the wall, if kept.
    pub sent_to_the_wall: Vec<String>,
}

/// A refused plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// When.
    pub at: Time,
    /// The refusal code.
    pub code: Code,
    /// The unmet gates.
    pub gates: Vec<Gate>,
    /// The message to the person.
    pub words: String,
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} people with a login of their own recorded {} facts and {} plans; {} plans were refused \
             with a reason; {} frames added up.",
            self.logins,
            self.facts,
            self.plans,
            self.refusals.len(),
            self.frames
        )?;
        self.surprises.iter().try_for_each(|words| write!(f, "\nOther than planned: {words}."))
    }
}

impl Report {
    /// Records an accepted command.
    pub(super) fn taken(&mut self, command: &Command, was_wanted: bool) {
        if matches!(command, Command::Fact(_)) {
            self.facts += 1;
        } else {
            self.plans += 1;
        }
        if !was_wanted {
            self.surprises.push("a command was accepted that should have been refused".to_owned());
        }
    }

    /// Records a refused command.
    pub(super) fn refused(&mut self, at: Time, command: &Command, no: &Refusal, wants: Wants) {
        let gates: Vec<Gate> = no.unmet.iter().map(|unmet| unmet.gate).collect();
        let is_wanted = match wants {
            Wants::Refused(gate) => gates.contains(&gate),
            Wants::Taken => false,
        };
        if matches!(command, Command::Fact(_)) {
            self.facts_refused += 1;
        }
        let words = no.words.clone();
        if is_wanted {
            self.refusals.push(Refused { at, code: no.code, gates, words });
        } else {
            self.surprises.push(format!("{}: refused: {words}", clock(at)));
        }
    }
}
