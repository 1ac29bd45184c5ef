//! Turns of the roll: who is in which building.

use proto::{
    command::Command,
    id::{SignInId, Time},
    sign_in::{self, Word},
    text::Line,
};

use super::{
    deed::{Asked, Expected, Scene},
    error::PlayError,
    prompt::{LOGGIST, Prompter, late},
    story::{Turn, hour},
};
use crate::harbour_rise::site_id;

/// The nurse at the home who signs on and checks in people without a login.
const AT_THE_DOOR: &str = "S10";

impl Prompter {
    /// Plays a turn about the roll; returns none for any other turn.
    pub(super) fn presence(&mut self, turn: &Turn) -> Result<Option<Scene>, PlayError> {
        let who = turn.who.as_str();
        let job = self.cast.job(who).to_owned();
        let mut scene = Scene::default();
        let told = match turn.kind.as_str() {
            "sign_on" => {
                let end = planned_end(turn)?;
                let asked = self.sign_on(who, &turn.site, end)?;
                self.sign_ins.insert(who.to_owned(), SignInId(asked.envelope.id.0));
                scene.add(self.hand(who), [asked]);
                let place = if turn.site == "HR" { "the home" } else { "the incident room" };
                Some(format!("{job} signs on at {place}"))
            }
            "shift_extended" => {
                let asked = self.sign_on(who, &turn.site, planned_end(turn)?)?;
                scene.add(who, [asked]);
                Some(format!("{job} stays longer"))
            }
            "sign_off" => Some(self.sign_off(&mut scene, turn)?),
            "sign_off_asked" => {
                let sign_in = self.sign_in(who)?;
                scene.does(
                    who,
                    Command::from(sign_in::Fact::SignOff { sign_in, word: Word::default() }),
                );
                Some(format!("{job} asks the desk to sign off"))
            }
            "check_in" => {
                scene.does(who, Command::from(sign_in::Fact::CheckIn { word: Word::default() }));
                None
            }
            "confirmed_safe" => {
                let sign_in = self.sign_in(&turn.member)?;
                let seen_by = Line::parse(&format!("{job}: {}", turn.words()))?;
                scene.does(who, Command::from(sign_in::Fact::ConfirmSafe { sign_in, seen_by }));
                Some(format!("{}: seen, and safe", self.cast.job(&turn.member)))
            }
            "check_in_overdue" => {
                scene.expected = Some(Expected::Overdue(self.sign_in(&turn.member)?));
                let job = self.cast.job(&turn.member);
                Some(format!("{job}: the check-in is overdue, says the room; the deputy rings"))
            }
            "sign_off_missing" => {
                scene.expected = Some(Expected::EndPassed(self.sign_in(&turn.member)?));
                let job = self.cast.job(&turn.member);
                Some(format!("{job}: the planned end has passed, says the room; nobody signed off"))
            }
            // Every screen computes these from its own times.
            "check_in_due" | "planned_end_passed" => None,
            _ => return Ok(None),
        };
        scene.told = told;
        Ok(Some(scene))
    }

    /// Returns the person whose login a sign-on or check-in uses.
    pub(super) fn hand<'a>(&self, who: &'a str) -> &'a str {
        if self.cast.has_login(who) { who } else { AT_THE_DOOR }
    }

    /// Returns the check-in of a person at the home.
    pub(super) fn check_in(&self, who: &str) -> Result<Asked, PlayError> {
        Ok(Asked::taken(Command::from(sign_in::Fact::CheckIn { word: self.word(who)? })))
    }

    fn sign_on(&self, who: &str, site: &str, planned_end: Time) -> Result<Asked, PlayError> {
        let site = site_id(self.cast.room, site);
        let word = self.word(who)?;
        Ok(Asked::taken(Command::from(sign_in::Fact::SignOn {
            site,
            planned_end,
            duty: None,
            word,
        })))
    }

    /// Returns the source of a roll entry: a person's own tap needs none.
    fn word(&self, who: &str) -> Result<Word, PlayError> {
        if self.cast.has_login(who) {
            return Ok(Word::default());
        }
        let member = Some(self.cast.part(who)?.member);
        Ok(Word { member, on_word_of: Some(Line::parse("own, to a nurse at the home")?) })
    }

    fn sign_off(&mut self, scene: &mut Scene, turn: &Turn) -> Result<String, PlayError> {
        let about = if turn.member.is_empty() { turn.who.as_str() } else { turn.member.as_str() };
        let (sign_in, job) = (self.sign_in(about)?, self.cast.job(about).to_owned());
        self.sign_ins.remove(about);
        let on_word = |words: &str| -> Result<Word, PlayError> {
            Ok(Word { member: None, on_word_of: Some(Line::parse(words)?) })
        };
        if about != turn.who && turn.happened.is_none() {
            scene.does(&turn.who, Command::from(sign_in::Plan::Acknowledge { sign_in }));
            return Ok(format!("{job}: the desk has heard of the sign-off"));
        }
        if about != turn.who {
            let word = on_word("own, by telephone")?;
            let asked = Asked::taken(Command::from(sign_in::Fact::SignOff { sign_in, word }));
            scene.add(&turn.who, [asked.at(turn.happened, &late(turn)?)]);
            return Ok(format!("{job}: signed off late, on their own word"));
        }
        if turn.site == "ROOM" {
            scene.does(
                about,
                Command::from(sign_in::Fact::SignOff { sign_in, word: Word::default() }),
            );
            return Ok(format!("{job} signs off in the incident room"));
        }
        let word = on_word("own, by call to the desk")?;
        scene.does(LOGGIST, Command::from(sign_in::Fact::SignOff { sign_in, word }));
        Ok(format!("{job} is signed off at the home"))
    }
}

/// Parses the planned end in a turn.
fn planned_end(turn: &Turn) -> Result<Time, PlayError> {
    let missing = || PlayError::Story(format!("a turn names no planned end: {}", turn.detail));
    let said = turn.said("planned end now ").or_else(|| turn.said("planned end "));
    hour(said.ok_or_else(missing)?)
}
