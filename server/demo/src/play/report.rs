//! What became of the day.

use proto::{
    command::Command,
    gate::Gate,
    id::{CommandId, Seq, Time},
    refusal::{Code, Refusal},
};

use super::{census::Counts, deed::Wants, power::PowerCut, story::clock};

/// What became of the day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Logins of the team.
    pub logins: u32,
    /// Facts that were recorded.
    pub facts: u32,
    /// Plans that were taken.
    pub plans: u32,
    /// Plans that were refused as the day has it.
    pub refusals: Vec<Refused>,
    /// What the wall counted at each sitrep.
    pub censuses: Vec<(Time, Counts)>,
    /// What became other than the day has it, in words.
    pub surprises: Vec<String>,
    /// Facts that were refused: there is never one.
    pub facts_refused: u32,
    /// What was acknowledged, with the number of its entry.
    pub acknowledged: Vec<(Seq, CommandId)>,
    /// What became of each failure of the power.
    pub cuts: Vec<PowerCut>,
    /// Frames that were held against their sums.
    pub frames: u64,
    /// What was sent to the wall, where it was to be kept.
    pub sent_to_the_wall: Vec<String>,
}

/// A plan that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// When.
    pub at: Time,
    /// The kind of refusal.
    pub code: Code,
    /// The gates that were not met.
    pub gates: Vec<Gate>,
    /// What the person read.
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
    /// Notes a command that was taken.
    pub(super) fn taken(&mut self, command: &Command, was_wanted: bool) {
        if matches!(command, Command::Fact(_)) {
            self.facts += 1;
        } else {
            self.plans += 1;
        }
        if !was_wanted {
            self.surprises.push("something was taken that the day has refused".to_owned());
        }
    }

    /// Notes a command that was refused.
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
