//! The prompter: turns each turn of the day into a scene, as a person at a desk or a phone would act.

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    command::Command,
    gate::Gate,
    id::{HelpId, Seq, SignInId},
    log,
    rating::{self, Rating},
    text::{Line, Note, Reference},
};

use super::{
    cast::Cast,
    deed::{Asked, Scene},
    error::PlayError,
    story::Turn,
    words::{self, Book},
};

/// The loggist, who writes whatever the room has no command for.
pub(super) const LOGGIST: &str = "S12";
/// The person who enters what a home reports by telephone: a home has no screen of its own.
pub(super) const LIAISON: &str = "S04";

/// The state of the day so far.
#[derive(Debug)]
pub(super) struct Prompter {
    pub(super) cast: Cast,
    pub(super) turns: Vec<Turn>,
    /// The residents' references on screens, by label.
    pub(super) references: BTreeMap<String, Reference>,
    /// Who is signed in, by label.
    pub(super) sign_ins: BTreeMap<String, SignInId>,
    /// Which home has a place for which resident, by label.
    pub(super) places: BTreeMap<String, String>,
    /// Who has left, by label.
    pub(super) gone: BTreeSet<String>,
    /// Who is rated at risk or watch, by label.
    pub(super) rated: BTreeSet<String>,
    /// Open calls for help, by the resident concerned.
    pub(super) calls: BTreeMap<String, HelpId>,
    /// Entries that later turns refer to.
    pub(super) marks: BTreeMap<String, Seq>,
    /// The last known entry.
    pub(super) head: Seq,
    /// The effects of the order, once granted.
    pub(super) order: Vec<Command>,
}

impl Prompter {
    /// Returns how many turns from this one on to play together: what a phone had queued goes in one request,
    /// and a meeting becomes one line.
    pub(super) fn together(&self, at: usize) -> usize {
        let mut turns = self.turns.iter().skip(at);
        let Some(first) = turns.next() else { return 0 };
        let is_meeting = |turn: &Turn| turn.step == "T11a" && turn.words().contains("' meeting");
        let belongs = |turn: &&Turn| {
            let queued = first.was_queued() && turn.was_queued();
            let meeting = is_meeting(first) && is_meeting(turn);
            turn.who == first.who && (queued || (meeting && turn.kind == first.kind))
        };
        turns.take_while(belongs).count().saturating_add(1)
    }

    /// Builds the scene of these turns.
    pub(super) fn scene(&mut self, at: usize, count: usize) -> Result<Scene, PlayError> {
        let turns: Vec<Turn> = self.turns.iter().skip(at).take(count).cloned().collect();
        let Some(first) = turns.first() else { return Ok(Scene::default()) };
        if count > 1 && !first.was_queued() {
            return self.meeting(first, count);
        }
        let mut all = Scene::default();
        for (turn, at) in turns.iter().zip(at..) {
            let scene = self.play(turn, at)?;
            for deed in scene.deeds {
                all.add(&deed.by, deed.asked);
            }
            all.expected = all.expected.or(scene.expected);
            all.census = all.census.or(scene.census);
            all.told = match (all.told, scene.told) {
                (Some(told), Some(more)) => Some(format!("{told}; {more}")),
                (told, more) => told.or(more),
            };
        }
        Ok(all)
    }

    /// Plays one turn: a fact, a plan, a presence, or a line by the loggist.
    fn play(&mut self, turn: &Turn, at: usize) -> Result<Scene, PlayError> {
        if let Some(scene) = self.presence(turn)? {
            return Ok(scene);
        }
        if let Some(scene) = self.room(turn)? {
            return Ok(scene);
        }
        if let Some(label) = turn.person() {
            if let Some(scene) = self.plan(turn, at, label)? {
                return Ok(scene);
            }
            if let Some(scene) = self.fact(turn, label)? {
                return Ok(scene);
            }
            if let Some(scene) = self.mishap(turn, label)? {
                return Ok(scene);
            }
        }
        let mut scene = Scene::default();
        self.write(&mut scene, turn)?;
        let is_worth_telling = words::shown(turn) != log::Show::default()
            || turn.kind.ends_with("_refused")
            || matches!(turn.kind.as_str(), "no_signal" | "enquiry" | "hold_lost" | "hold_ended");
        if is_worth_telling && let Some(line) = words::line(turn, &self.book()) {
            scene.told = Some(line);
        }
        Ok(scene)
    }

    /// Adds the loggist's line of a turn.
    pub(super) fn write(&self, scene: &mut Scene, turn: &Turn) -> Result<(), PlayError> {
        let unknown = || PlayError::Story(format!("nobody knows how to play {:?}", turn.kind));
        let line = words::line(turn, &self.book()).ok_or_else(unknown)?;
        let filed = turn.person().filter(|_| words::is_filed(&turn.kind));
        let person = filed.map(|label| self.cast.person(label)).transpose()?;
        let text = Note::parse(&line)?;
        let command = Command::from(log::Plan::Add { text, person, show: words::shown(turn) });
        let asked = Asked::taken(command).at(turn.happened, &late(turn)?);
        let rung = turn.kind == "note" && turn.member == "S15" && turn.words().contains("again");
        let asked = if rung { asked.marked("rung again") } else { asked };
        scene.add(self.writer(turn), [asked]);
        Ok(())
    }

    /// Adds the line of a meeting.
    fn meeting(&self, first: &Turn, count: usize) -> Result<Scene, PlayError> {
        let what = if first.kind == "told" { "residents told" } else { "families told" };
        let line = format!("{count} {what}: {}", self.book().say(first.words()));
        let (text, show) = (Note::parse(&line)?, log::Show::default());
        let mut scene = Scene::default();
        scene.does(&first.who, Command::from(log::Plan::Add { text, person: None, show }));
        Ok(scene.telling(line))
    }

    /// Returns who records a turn: the person acting, or the liaison for a home, or the loggist.
    pub(super) fn writer<'a>(&self, turn: &'a Turn) -> &'a str {
        let who = turn.who.as_str();
        match who {
            "" => LOGGIST,
            home if self.cast.home(home).is_some() => LIAISON,
            who => who,
        }
    }

    /// Rates a resident, as the person who notices a problem.
    pub(super) fn rate(
        &mut self,
        scene: &mut Scene,
        by: &str,
        label: &str,
        (rating, reason): (Rating, &str),
    ) -> Result<(), PlayError> {
        let (person, reason) = (self.cast.person(label)?, Line::parse(reason)?);
        scene.does(by, Command::from(rating::Plan::Rate { person, rating, reason }));
        self.rated.insert(label.to_owned());
        Ok(())
    }

    /// Withdraws a rating once the day is back on plan.
    pub(super) fn ease(
        &mut self,
        scene: &mut Scene,
        label: &str,
        reason: &str,
    ) -> Result<(), PlayError> {
        if self.rated.contains(label) {
            self.rate(scene, LIAISON, label, (Rating::OnTrack, reason))?;
            self.rated.remove(label);
        }
        Ok(())
    }

    /// Returns the display names of labels.
    pub(super) const fn book(&self) -> Book<'_> {
        Book { cast: &self.cast, references: &self.references }
    }

    /// Returns a resident's reference on screens.
    pub(super) fn called(&self, label: &str) -> String {
        self.book().called(label).unwrap_or_else(|| "somebody".to_owned())
    }

    /// Returns a person's sign-in.
    pub(super) fn sign_in(&self, label: &str) -> Result<SignInId, PlayError> {
        let nobody = || PlayError::Story(format!("{label:?} is not signed in"));
        self.sign_ins.get(label).copied().ok_or_else(nobody)
    }
}

/// Returns why a turn is entered late.
pub(super) fn late(turn: &Turn) -> Result<Line, PlayError> {
    let why = match turn.step.as_str() {
        _ if turn.was_queued() => "No signal on the lower ground floor",
        "T26" => "Entered when they had left",
        "T27" => "Written on a paper slip: no signal",
        "T29" => "Nobody pressed the button; on the home's word",
        "T30" => "Forgot to sign off",
        "" if turn.kind == "hospital" => "In hospital before this room was opened",
        _ => "Entered late",
    };
    Ok(Line::parse(why)?)
}

/// Returns the gate of a turn, if this release has it.
pub(super) fn gate(turn: &Turn) -> Option<Gate> {
    serde_json::from_value(serde_json::Value::String(turn.gate.clone())).ok()
}
