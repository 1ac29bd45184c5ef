//! Plays the day of Harbour Rise with real clients: each team member has their own login and sends commands,
//! screens follow over sockets, and every frame's counts are checked against its rows.
//!
//! The day is `harbour-rise/day.csv`. A turn becomes a scene in [`presence`], [`travel`] or [`room`]; if the
//! room has no command for it, the loggist writes a line, by the table in [`words`].

mod cast;
mod census;
mod deed;
mod error;
mod gathering;
mod opening;
mod player;
mod power;
mod presence;
mod prompt;
mod report;
mod room;
mod screen;
mod story;
mod travel;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use cast::Cast;
use deed::{Deed, Expected, Scene, Wants};
use gathering::Gathering;
use hub::Clock;
use node::clock::{Pace, StoryClock};
use player::{Door, Player};
use prompt::{LOGGIST, Prompter};
use proto::{
    id::{MemberId, Seq, Time},
    key::Key,
    outcome::{CommandFate, Fate},
    role::Audience,
    row::Row,
    sign_in::Presence,
};
use screen::{Held, Screen, Wrong};
use story::Turn;

pub use census::Counts;
pub use error::PlayError;
pub use opening::{Opened, begins, open};
pub use power::{House, PowerCut};
pub use report::{Refused, Report};
pub use story::{asked, clock};

/// Milliseconds after somebody's last act at the home when they tap that they are well.
const WELL_MS: i64 = 50 * 60_000;
/// The person who stays silent in the day, so that somebody has to check on them.
const SILENT: &str = "S15";

/// How to play the day.
#[derive(Debug, Clone, Copy)]
pub struct How {
    /// The speed, from `until` on.
    pub pace: Pace,
    /// Play as fast as the room can answer until this time.
    pub until: Option<Time>,
    /// Whether to keep what is sent to the wall, for the report.
    pub keeps: bool,
}

/// The day, ready to play.
pub struct Day<'a> {
    how: How,
    clock: Arc<StoryClock>,
    house: &'a House,
    door: Door,
    prompter: Prompter,
    /// The index of the next turn.
    at: usize,
    /// The team, until it has gathered.
    gathering: Option<Gathering>,
    players: BTreeMap<String, Player>,
    screens: BTreeMap<Audience, Screen>,
    /// The first impossible thing that a screen showed.
    wrong: Wrong,
    /// When each person at the home last acted, by label.
    heard: BTreeMap<String, Time>,
    report: Report,
    /// Lines to print once `play` starts; none after that.
    untold: Option<Vec<String>>,
    tell: &'a (dyn Fn(&str) + Send + Sync),
}

impl std::fmt::Debug for Day<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Day {{ how: {:?}, .. }}", self.how)
    }
}

impl<'a> Day<'a> {
    /// Connects the screens, and plays at full speed until the team has gathered. `tell` receives the lines
    /// for the viewer, from [`Day::play`] on.
    pub async fn begin(
        opened: Opened,
        house: &'a House,
        how: How,
        tell: &'a (dyn Fn(&str) + Send + Sync),
    ) -> Result<Self, PlayError> {
        let Opened { room, door, order, workers } = opened;
        let turns = story::turns()?;
        let gathering = Some(Gathering::read(&turns, workers)?);
        let prompter = Prompter {
            cast: Cast::read(room)?,
            turns,
            references: BTreeMap::new(),
            sign_ins: BTreeMap::new(),
            places: BTreeMap::new(),
            gone: BTreeSet::new(),
            rated: BTreeSet::new(),
            calls: BTreeMap::new(),
            marks: BTreeMap::new(),
            head: Seq(0),
            order,
        };
        let mut day = Self {
            how,
            clock: house.clock(),
            house,
            door,
            prompter,
            at: 0,
            gathering,
            players: BTreeMap::new(),
            screens: BTreeMap::new(),
            wrong: Wrong::default(),
            heard: BTreeMap::new(),
            report: Report::default(),
            untold: Some(Vec::new()),
            tell,
        };
        day.hang_screens().await?;
        let until = day.how.until.take();
        day.clock.set_pace(Pace::AtOnce);
        while day.gathering.is_some() && day.turn().await? {}
        day.how.until = until.map(|until| until.max(day.clock.now()));
        Ok(day)
    }

    /// Returns the member id of a team member.
    pub fn member(&self, label: &str) -> Result<MemberId, PlayError> {
        Ok(self.prompter.cast.part(label)?.member)
    }

    /// Returns a future that resolves when a screen shows something impossible.
    pub fn watch(&self) -> impl Future<Output = PlayError> + use<> {
        self.wrong.clone().wait()
    }

    /// Plays the day to its end and returns the report. At speed 0 it never ends.
    pub async fn play(&mut self) -> Result<Report, PlayError> {
        let fast = self.how.until.is_some();
        self.clock.set_pace(if fast { Pace::AtOnce } else { self.how.pace });
        self.untold.take().into_iter().flatten().for_each(|line| (self.tell)(&line));
        while self.turn().await? {}
        if let Some(until) = self.how.until {
            self.come_to(until).await;
        }
        self.end().await
    }

    /// Plays the next turn, with the turns grouped with it; returns whether there was one.
    async fn turn(&mut self) -> Result<bool, PlayError> {
        let at = self.at;
        let Some(turn) = self.prompter.turns.get(at).cloned() else { return Ok(false) };
        let count = self.prompter.together(at).max(1);
        self.at = at.saturating_add(count);
        let last = self.prompter.turns.get(self.at.saturating_sub(1));
        let when = Time(last.map_or(turn.at, |last| last.at));
        if let Some(team) = self.gathering.take_if(|team| team.opens <= when) {
            self.come_to(team.opens).await;
            self.gather(team).await?;
        }
        self.check_in(when).await?;
        self.come_to(when).await;
        if power::fails(&turn) {
            self.lose_power().await?;
        }
        let scene = self.prompter.scene(at, count)?;
        self.perform(&turn, scene).await?;
        Ok(true)
    }

    /// Prints a line for the viewer, once `play` has started.
    fn say(&mut self, line: String) {
        match &mut self.untold {
            Some(untold) => untold.push(line),
            None => (self.tell)(&line),
        }
    }

    /// Advances the clock to a time in the day.
    async fn come_to(&mut self, at: Time) {
        if let Some(until) = self.how.until.filter(|until| at >= *until) {
            self.how.until = None;
            self.clock.go_on(until);
            self.clock.set_pace(self.how.pace);
            let stands = if self.how.pace == Pace::Times(0) { " and stands still" } else { "" };
            self.say(format!("The day has come to {}{stands}.", clock(until)));
        }
        self.clock.go_on(at);
        while self.clock.now() < at {
            match self.clock.time_to(at) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => std::future::pending().await,
            }
        }
    }

    /// Checks in everybody at the home before their check-in becomes overdue.
    async fn check_in(&mut self, before: Time) -> Result<(), PlayError> {
        loop {
            let next = self.heard.iter().min_by_key(|(_, at)| **at);
            let Some((who, due)) = next.map(|(who, at)| (who.clone(), at.plus_ms(WELL_MS))) else {
                return Ok(());
            };
            if due > before {
                return Ok(());
            }
            self.come_to(due.max(self.clock.now())).await;
            let asked = vec![self.prompter.check_in(&who)?];
            let by = self.prompter.hand(&who).to_owned();
            self.send(Deed { by, asked }).await?;
            self.heard.insert(who, self.clock.now());
        }
    }

    /// Performs a scene and reports it.
    async fn perform(&mut self, turn: &Turn, scene: Scene) -> Result<(), PlayError> {
        let Scene { deeds, expected, census, told } = scene;
        let mut refused = Vec::new();
        for deed in deeds {
            refused.extend(self.send(deed).await?);
        }
        self.keep_roll(turn);
        if let Some(expected) = expected {
            let what = told.as_deref().unwrap_or_default();
            self.screen(Audience::Desk)?.until(what, |held| is_said(held, expected)).await?;
        }
        if let Some(census) = census {
            self.compare(census).await?;
        }
        for screen in self.screens.values() {
            screen.sound()?;
        }
        if let Some(told) = told {
            let said: Vec<String> = std::iter::once(told).chain(refused).collect();
            self.say(format!("{}  {}", clock(self.clock.now()), said.join(". Refused: ")));
        }
        Ok(())
    }

    /// Sends a deed and returns the refusal messages.
    async fn send(&mut self, deed: Deed) -> Result<Vec<String>, PlayError> {
        let Deed { by, asked } = deed;
        if !self.players.contains_key(&by) {
            let player = self.door.let_in(&self.prompter.cast.invite(&by)?).await?;
            self.players.insert(by.clone(), player);
            self.report.logins += 1;
        }
        let nobody = || PlayError::Story(format!("{by:?} has no login"));
        let player = self.players.get_mut(&by).ok_or_else(nobody)?;
        let fates = player.send(asked.iter().map(|asked| asked.envelope.clone()).collect()).await?;
        let mut words = Vec::new();
        for (asked, CommandFate { fate, .. }) in asked.into_iter().zip(fates) {
            match (&fate, asked.wants) {
                (Fate::Ok { seq } | Fate::Dup { seq }, wants) => {
                    self.prompter.head = self.prompter.head.max(*seq);
                    self.report.acknowledged.push((*seq, asked.envelope.id));
                    self.prompter.marks.extend(asked.mark.map(|mark| (mark, *seq)));
                    self.heard.entry(by.clone()).and_modify(|at| *at = self.clock.now());
                    self.report.taken(&asked.envelope.command, wants == Wants::Taken);
                }
                (Fate::Refused(no), wants) => {
                    words.push(no.words.clone());
                    let at = self.clock.now();
                    self.report.refused(at, &asked.envelope.command, no, wants);
                }
                (Fate::Retry { .. }, _) => {}
            }
        }
        Ok(words)
    }

    /// Tracks who is at the home and has to check in.
    fn keep_roll(&mut self, turn: &Turn) {
        match turn.kind.as_str() {
            "sign_on" if turn.site == "HR" && turn.who != SILENT => {
                self.heard.insert(turn.who.clone(), self.clock.now());
            }
            "sign_off" => {
                let about = if turn.member.is_empty() { &turn.who } else { &turn.member };
                self.heard.remove(about);
            }
            _ => {}
        }
    }

    /// Compares the counts of every screen with the day's.
    async fn compare(&mut self, said: Counts) -> Result<(), PlayError> {
        let head = self.prompter.head;
        let now = self.clock.now();
        let mut surprises = Vec::new();
        for (face, screen) in &mut self.screens {
            screen.reach(head).await?;
            let shown = screen.held().counts;
            if shown != said {
                let words = format!(
                    "{}: the {} counts {shown}; the day has {said}",
                    clock(now),
                    face.word()
                );
                surprises.push(words);
            }
        }
        for words in surprises {
            self.say(format!("{words}. Somebody else acts in this room too."));
            self.report.surprises.push(words);
        }
        let counts = self.screen(Audience::Wall)?.held().counts;
        self.report.censuses.push((now, counts));
        Ok(())
    }

    /// Connects a wall, a sitrep and the loggist's desk, and waits for their first rows.
    async fn hang_screens(&mut self) -> Result<(), PlayError> {
        for face in [Audience::Wall, Audience::Sitrep] {
            let player = self.door.let_in(&self.prompter.cast.screen(face)?).await?;
            let keeps = self.how.keeps && face == Audience::Wall;
            self.screens.insert(face, Screen::follow(&player, keeps, &self.wrong));
        }
        let player = self.door.let_in(&self.prompter.cast.invite(LOGGIST)?).await?;
        self.screens.insert(player.face, Screen::follow(&player, false, &self.wrong));
        self.players.insert(LOGGIST.to_owned(), player);
        self.report.logins += 1;
        for screen in self.screens.values_mut() {
            screen.reach(Seq(1)).await?;
        }
        let residents: Vec<(String, _)> =
            self.prompter.cast.residents().map(|(label, id)| (label.to_owned(), id)).collect();
        let desk = self.screen(Audience::Desk)?;
        let held = desk.held();
        let references = residents.into_iter().filter_map(|(label, person)| {
            let Some(Row::DeskPerson(row)) = held.rows.get(&Key::Person(person)) else {
                return None;
            };
            Some((label, row.reference.clone()))
        });
        let references = references.collect();
        drop(held);
        self.prompter.references = references;
        Ok(())
    }

    /// Lets the clock run freely, and returns the report.
    async fn end(&mut self) -> Result<Report, PlayError> {
        let (head, mut frames) = (self.prompter.head, 0);
        for screen in self.screens.values_mut() {
            screen.reach(head).await?;
            frames += screen.held().frames;
        }
        let sent = self.screen(Audience::Wall)?.held().sent.take();
        self.report.sent_to_the_wall = sent.unwrap_or_default();
        self.report.frames = frames;
        let stands = self.how.pace == Pace::Times(0);
        self.clock.set_pace(Pace::Times(u32::from(!stands)));
        self.clock.go_on(Time(i64::MAX));
        Ok(std::mem::take(&mut self.report))
    }

    fn screen(&mut self, face: Audience) -> Result<&mut Screen, PlayError> {
        let missing = || PlayError::Story(format!("no {} is watched", face.word()));
        self.screens.get_mut(&face).ok_or_else(missing)
    }
}

/// Returns whether the desk shows what the room was expected to raise.
fn is_said(held: &Held, expected: Expected) -> bool {
    let (Expected::Overdue(sign_in) | Expected::EndPassed(sign_in)) = expected;
    match held.rows.get(&Key::SignIn(sign_in)) {
        Some(Row::DeskSignIn(row)) => match expected {
            Expected::Overdue(_) => row.state == Presence::Overdue,
            Expected::EndPassed(_) => row.end_passed,
        },
        Some(_) | None => false,
    }
}
