//! Turns about the room itself: the order, a home that withdraws, sitreps, the claim that the premises are
//! clear.

use proto::{
    command::Command,
    id::PersonId,
    incident::{self, IncidentChange},
    limit::NAMED_MAX,
    log::{self, Show},
    pack::{self, PackKind, PackState},
    place, premises,
    rating::Rating,
    text::{Line, Note, Short},
};

use super::{
    census::Counts,
    deed::{Asked, Scene},
    error::PlayError,
    prompt::{LIAISON, LOGGIST, Prompter, gate},
    story::Turn,
};

/// The lead, who claims that the premises are clear.
const LEAD: &str = "S01";
/// The person who takes the paper packs to the home.
const PACKER: &str = "S10";
/// Packs still with crews when the others are back.
const WITH_CREWS: u32 = 2;
/// The two people who swept the home.
const SWEPT_BY: [&str; 2] = ["S10", "S16"];

impl Prompter {
    /// Plays a turn about the room; returns none for any other turn.
    pub(super) fn room(&mut self, turn: &Turn) -> Result<Option<Scene>, PlayError> {
        let mut scene = Scene::default();
        match turn.kind.as_str() {
            "note" if turn.words().starts_with("order under section 30") => {
                self.granted(&mut scene, turn)?;
            }
            "note" if turn.step == "T33" => {
                let line = self.marks.get("rung again").copied();
                let missing =
                    || PlayError::Story("no line of the log is to be corrected".to_owned());
                let line = line.ok_or_else(missing)?;
                let text = Note::parse("Social worker rung again at 18:55: no answer")?;
                let why = Line::parse("The line gave no time")?;
                scene.does(&turn.who, Command::from(log::Plan::Correct { line, text, why }));
                scene.told =
                    Some(format!("Line {line} of the log is struck through and corrected"));
            }
            "note" if turn.words().starts_with("paper packs printed") => {
                self.print(&mut scene, turn)?;
            }
            "note" if turn.words().starts_with("hot debrief") => self.collect(&mut scene, turn)?,
            "home_withdrew" => self.withdraws(&mut scene, turn)?,
            "sitrep" => {
                self.write(&mut scene, turn)?;
                scene.census = Counts::said(turn.words());
                let head = turn.words().split("; beds").next().unwrap_or_default();
                scene.told = Some(format!("SITREP {head}").replace("SITREP sitrep", "SITREP"));
            }
            "clear_refused" | "clear" => self.clear(&mut scene, turn)?,
            _ => return Ok(None),
        }
        Ok(Some(scene))
    }

    /// The order is granted: update the incident and set the deadline.
    fn granted(&mut self, scene: &mut Scene, turn: &Turn) -> Result<(), PlayError> {
        let order = Some(Line::parse("s.30 order granted 08:47")?);
        let change = IncidentChange { order, ..IncidentChange::default() };
        let mut asked = Asked::taken(Command::from(incident::Plan::Change { change }));
        asked.envelope.based_on = Some(self.head);
        scene.add(&turn.who, [asked]);
        for command in std::mem::take(&mut self.order) {
            scene.does(&turn.who, command);
        }
        let text = Note::parse("The order under section 30 is granted")?;
        let show = Show { wall: true, phones: true, directors: true };
        scene.does(&turn.who, Command::from(log::Plan::Add { text, person: None, show }));
        scene.told = Some("The order is granted".to_owned());
        Ok(())
    }

    /// Prints a sheet for everybody, numbered as the room numbers them.
    fn print(&self, scene: &mut Scene, turn: &Turn) -> Result<(), PlayError> {
        let people: Vec<PersonId> = self.cast.residents().map(|(_, person)| person).collect();
        let held_by = Some(Short::parse(self.cast.job(PACKER))?);
        for people in people.chunks(NAMED_MAX) {
            let (people, pack) = (people.to_vec(), PackKind::Person);
            let held_by = held_by.clone();
            scene.does(&turn.who, Command::from(pack::Plan::Print { pack, people, held_by }));
        }
        let (pack, people) = (PackKind::SignInSheet, Vec::new());
        scene.does(&turn.who, Command::from(pack::Plan::Print { pack, people, held_by }));
        self.write(scene, turn)
    }

    /// Collects the packs, except two that crews still have.
    fn collect(&self, scene: &mut Scene, turn: &Turn) -> Result<(), PlayError> {
        let all = u32::try_from(self.cast.residents().count()).unwrap_or_default();
        let (back, with_crews) = (1..=all.saturating_sub(WITH_CREWS), all.saturating_sub(1)..=all);
        let back: Vec<u32> = back.collect();
        let state = PackState::Returned;
        for packs in back.chunks(NAMED_MAX) {
            let packs = packs.to_vec();
            scene.does(LOGGIST, Command::from(pack::Plan::Account { packs, state, held_by: None }));
        }
        let (packs, state) = (with_crews.collect(), PackState::WithCrew);
        scene.does(LOGGIST, Command::from(pack::Plan::Account { packs, state, held_by: None }));
        scene.told = Some(format!("{} packs are back, {WITH_CREWS} with crews", back.len()));
        self.write(scene, turn)
    }

    /// A home withdraws: people with a place there who have not arrived need another.
    fn withdraws(&mut self, scene: &mut Scene, turn: &Turn) -> Result<(), PlayError> {
        self.write(scene, turn)?;
        let had: Vec<String> = self
            .places
            .iter()
            .filter(|(_, home)| **home == turn.home)
            .map(|(label, _)| label.clone())
            .collect();
        let named = |label: &String| turn.detail.contains(label.as_str());
        for label in had.iter().filter(|label| named(label)) {
            if self.gone.contains(label) {
                let rating = (Rating::AtRisk, "The home withdrew while they are on the road");
                self.rate(scene, LIAISON, label, rating)?;
                continue;
            }
            let (person, why) = (self.cast.person(label)?, Line::parse("The home withdrew")?);
            scene.does(LIAISON, Command::from(place::Plan::GiveUp { person, why }));
            self.places.remove(label);
            self.rate(scene, LIAISON, label, (Rating::Watch, "The home withdrew its bed"))?;
        }
        let home = self.cast.home_name(&turn.home).unwrap_or("A home");
        scene.told = Some(format!("{home} withdraws: one on the road, three without a place"));
        Ok(())
    }

    /// Claims that the premises are clear, as the lead does on the word of the two who swept.
    fn clear(&self, scene: &mut Scene, turn: &Turn) -> Result<(), PlayError> {
        let [first, second] = SWEPT_BY.map(|label| Short::parse(self.cast.job(label)));
        let swept_by = [first?, second?];
        if let Some(gate) = gate(turn) {
            let claim =
                Command::from(premises::Plan::ClaimCleared { swept_by, except: Vec::new() });
            scene.add(LEAD, [Asked::refused(claim, gate)]);
            scene.told = Some("The premises are claimed clear".to_owned());
            return Ok(());
        }
        let stay = turn.people.iter().map(|label| self.cast.person(label));
        let except = stay.collect::<Result<_, _>>()?;
        scene.does(LEAD, Command::from(premises::Plan::ClaimCleared { swept_by, except }));
        scene.told = Some("The premises are clear, but for the one who stays".to_owned());
        Ok(())
    }
}
