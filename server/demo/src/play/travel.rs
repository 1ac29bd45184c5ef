//! Turns about one resident: the plans and the facts of their journey.

use proto::{
    arrival,
    command::Command,
    details::{self, PersonChange},
    gate,
    help::{self, HelpKind},
    id::{HelpId, HomeId, PersonId, Time},
    identity::{self, IdentifiedBy, Moment, SecondIdentifier},
    journey::{self, Journey},
    needs,
    person::Care,
    place,
    protection::{self, Protection, ProtectionSource},
    rating::Rating,
    readiness, register,
    side::{self, SideKind, SidePlan},
    text::{Line, PersonName, Short},
    whereabouts, worker,
};

use super::{
    deed::{Asked, Scene},
    error::PlayError,
    prompt::{LIAISON, Prompter, gate, late},
    story::{Turn, clock, hour},
};

/// Milliseconds in a minute: departures are planned in whole minutes.
const MINUTE_MS: i64 = 60_000;
/// The team leader at the home, who deals with problems there.
const TEAM_LEADER: &str = "S14";
/// The resident whose destination is protected.
const PROTECTED: &str = "SU26";
/// The person who books journeys.
const TRANSPORT: &str = "S05";

impl Prompter {
    /// Plays a plan; returns none for any other turn.
    pub(super) fn plan(
        &mut self,
        turn: &Turn,
        at: usize,
        label: &str,
    ) -> Result<Option<Scene>, PlayError> {
        let person = self.cast.person(label)?;
        let (who, known) = (self.writer(turn).to_owned(), gate(turn));
        let mut scene = Scene::default();
        match (turn.kind.as_str(), known) {
            ("assessed", _) => self.assessed(&mut scene, turn, label)?,
            ("named_worker", _) => {
                let worker = Some(self.cast.part(turn.words())?.member);
                scene.does(&who, Command::from(worker::Plan::Name { person, worker }));
            }
            ("confirmed", _) => {
                let identified_by = vec![IdentifiedBy::DateOfBirth, IdentifiedBy::Bedroom];
                scene.does(&who, Command::from(register::Plan::Confirm { person, identified_by }));
            }
            ("accepted", _) => {
                let home = self.to_home(turn)?;
                scene.does(&who, Command::from(place::Plan::Accept { person, home }));
                self.places.insert(label.to_owned(), turn.home.clone());
                self.ease(&mut scene, label, "A place stands again")?;
            }
            ("protected", _) => scene.does(&who, protects(person)?),
            ("accept_refused", Some(gate)) => {
                let home = self.to_home(turn)?;
                scene.add(
                    &who,
                    [Asked::refused(Command::from(place::Plan::Accept { person, home }), gate)],
                );
            }
            ("released", _) if self.places.get(label) == Some(&turn.home) => {
                self.places.remove(label);
                let why = Line::parse(&self.book().say(turn.words()))?;
                scene.does(LIAISON, Command::from(place::Plan::GiveUp { person, why }));
            }
            ("booked" | "journey_details", _) => {
                self.book_journey(&mut scene, turn, at, label)?;
                self.ease(&mut scene, label, "Another vehicle is booked")?;
            }
            ("ready" | "ready_refused", _) => return self.ready(turn, label),
            ("door_check", _) => {
                self.check(&mut scene, turn, label, Moment::Door)?;
                scene.does(&who, Command::from(readiness::Plan::Clear { person }));
            }
            ("arrival_confirmed" | "confirm_refused", _) => {
                return self.arrival(turn, label).map(Some);
            }
            ("exceptional", _) => {
                let reason = Line::parse("Last days: stays until a hospice bed is free (A-3.5)")?;
                let until = Some(hour("2026-05-23 10:00")?);
                let plan = SidePlan { side: SideKind::Exceptional, reason, until };
                scene.does(&who, Command::from(side::Plan::Start { person, plan }));
                scene.told = Some(format!("{} stays the night", self.called(label)));
            }
            ("pass", Some(gate)) => {
                let (people, reason) = (vec![person], Line::parse(turn.words())?);
                scene.does(
                    &who,
                    Command::from(gate::Plan::Pass { gate, people, reason, until: None }),
                );
            }
            _ => return Ok(None),
        }
        Ok(Some(scene))
    }

    /// Plays a fact; returns none for any other turn.
    pub(super) fn fact(&mut self, turn: &Turn, label: &str) -> Result<Option<Scene>, PlayError> {
        let (person, why) = (self.cast.person(label)?, late(turn)?);
        let (who, called) = (self.writer(turn).to_owned(), self.called(label));
        let home = self.cast.home(&turn.home);
        let name = self.cast.home_name(&turn.home).filter(|_| label != PROTECTED);
        let name = name.unwrap_or("another place").to_owned();
        let mut scene = Scene::default();
        let happened = |command| Asked::taken(command).at(turn.happened, &why);
        let told = match turn.kind.as_str() {
            "left" => {
                let vehicle = Some(&turn.vehicle).filter(|vehicle| !vehicle.is_empty());
                let vehicle = vehicle.map(|vehicle| Short::parse(vehicle)).transpose()?;
                scene.add(
                    &who,
                    [happened(Command::from(whereabouts::Fact::Depart { person, home, vehicle }))],
                );
                self.gone.insert(label.to_owned());
                if self.places.get(label) != Some(&turn.home) {
                    let rating = (Rating::AtRisk, "Left, destination to confirm");
                    self.rate(&mut scene, LIAISON, label, rating)?;
                }
                match turn.happened {
                    Some(at) => format!("{called} left for {name} at {}: recorded late", clock(at)),
                    None => format!("{called} leaves for {name}"),
                }
            }
            "arrived" => {
                scene.add(
                    &who,
                    [happened(Command::from(whereabouts::Fact::Arrive { person, home }))],
                );
                match turn.happened {
                    Some(at) => format!("{called} is at {name} since {}: recorded late", clock(at)),
                    None => format!("{called} arrives at {name}"),
                }
            }
            "hospital" => {
                let command =
                    Command::from(whereabouts::Fact::TakeToHospital { person, hospital: None });
                scene.add(&who, [happened(command)]);
                if let Some(call) = self.calls.remove(label) {
                    let words = Line::parse("Taken to hospital by ambulance")?;
                    scene.does(TEAM_LEADER, Command::from(help::Fact::End { call, words }));
                }
                format!("{called} is in hospital")
            }
            "with_family" => {
                let with = Some(Short::parse("Their son")?);
                scene.add(
                    &who,
                    [happened(Command::from(whereabouts::Fact::GoWithFamily { person, with }))],
                );
                self.gone.insert(label.to_owned());
                format!("{called} goes home with family")
            }
            "help" => {
                let (help, place) = (HelpKind::ResidentUnwell, Some(Short::parse("Corridor")?));
                let asked =
                    happened(Command::from(help::Fact::Call { help, person: Some(person), place }));
                let call = HelpId(asked.envelope.id.0);
                scene.add(&who, [asked]);
                scene.does(TEAM_LEADER, Command::from(help::Fact::Answer { call }));
                self.calls.insert(label.to_owned(), call);
                format!("Help: {called} is unwell; the team leader answers")
            }
            _ => return Ok(None),
        };
        Ok(Some(scene.telling(told)))
    }

    /// Plays a mishap on the way; returns none for any other turn.
    pub(super) fn mishap(&mut self, turn: &Turn, label: &str) -> Result<Option<Scene>, PlayError> {
        let person = self.cast.person(label)?;
        let (who, called) = (self.writer(turn).to_owned(), self.called(label));
        let name = self.cast.home_name(&turn.home).unwrap_or("another place").to_owned();
        let mut scene = Scene::default();
        let told = match turn.kind.as_str() {
            "diverted" => {
                if who == LIAISON {
                    let home = self.to_home(turn)?;
                    scene.does(&who, Command::from(place::Plan::Accept { person, home }));
                }
                let journey = journey(turn, Some("crew rung"), None)?;
                scene.does(&who, Command::from(journey::Plan::Book { person, journey }));
                self.ease(&mut scene, label, "The crew have the address")?;
                format!("{called} goes to {name} instead: the crew are rung")
            }
            "arrival_late" => {
                self.rate(&mut scene, LIAISON, label, (Rating::AtRisk, "Arrival is late"))?;
                self.write(&mut scene, turn)?;
                format!("{called} is late at {name}")
            }
            "note" if turn.words().contains("conflicts with") => {
                let rating =
                    (Rating::AtRisk, "The vehicle comes too late for what is due at 17:00");
                self.rate(&mut scene, &who, label, rating)?;
                self.write(&mut scene, turn)?;
                format!("The vehicle of {called} would come too late; transport escalates")
            }
            _ => return Ok(None),
        };
        Ok(Some(scene.telling(told)))
    }

    fn assessed(&self, scene: &mut Scene, turn: &Turn, label: &str) -> Result<(), PlayError> {
        let person = self.cast.person(label)?;
        scene.does(&turn.who, Command::from(needs::Plan::Assess { person }));
        if turn.words().starts_with("change of category: residential") {
            let change = PersonChange { care: Some(Care::Residential), ..PersonChange::default() };
            let change = Box::new(change);
            let mut asked = Asked::taken(Command::from(details::Plan::Change { person, change }));
            asked.envelope.based_on = Some(self.head);
            scene.add(&turn.who, [asked]);
        }
        Ok(())
    }

    /// Books a journey, with the final crew and departure that the day later gives.
    fn book_journey(
        &self,
        scene: &mut Scene,
        turn: &Turn,
        at: usize,
        label: &str,
    ) -> Result<(), PlayError> {
        let later = || {
            self.turns
                .iter()
                .skip(at.saturating_add(1))
                .filter(|later| later.person() == Some(label))
        };
        let door = later().take_while(|later| later.kind != "left");
        let door = door.filter(|later| later.kind == "door_check").last();
        let crew = turn.said("crew: ").or_else(|| door.and_then(|door| door.said("crew: ")));
        let leaves = match turn.said(" for ").filter(|said| said.len() == 5) {
            Some(said) => Some(hour(said)?),
            None => later().find(|later| later.kind == "left").map(|left| {
                let at = left.happened.unwrap_or(Time(left.at)).0;
                Time(at.saturating_sub(at.rem_euclid(MINUTE_MS)))
            }),
        };
        let person = self.cast.person(label)?;
        let journey = journey(turn, crew, leaves)?;
        let asked = Asked::taken(Command::from(journey::Plan::Book { person, journey }));
        // What somebody at the home learns of a journey that has begun, transport enters.
        let by = if turn.kind == "journey_details" { TRANSPORT } else { turn.who.as_str() };
        scene.add(by, [asked.at(turn.happened, &late(turn)?)]);
        Ok(())
    }

    /// Declares a resident ready after a second identity check, or fails to.
    fn ready(&self, turn: &Turn, label: &str) -> Result<Option<Scene>, PlayError> {
        let person = self.cast.person(label)?;
        let mut scene = Scene::default();
        if turn.kind == "ready" {
            self.check(&mut scene, turn, label, Moment::Ready)?;
            scene.does(&turn.who, Command::from(readiness::Plan::Declare { person }));
            return Ok(Some(scene));
        }
        let (Some(gate), Some(meant)) = (gate(turn), turn.said("in place of ")) else {
            // Who the person is was not in doubt.
            let (moment, identifier) = (Moment::Ready, self.identifier("date of birth", label)?);
            scene.does(
                &turn.who,
                Command::from(identity::Fact::Check { person, moment, identifier }),
            );
            self.write(&mut scene, turn)?;
            return Ok(Some(scene));
        };
        let meant = meant.split(':').next().unwrap_or(meant);
        let identifier = self.identifier("date of birth", meant)?;
        let moment = Moment::Ready;
        scene.does(&turn.who, Command::from(identity::Fact::Check { person, moment, identifier }));
        scene.add(
            &turn.who,
            [Asked::refused(Command::from(readiness::Plan::Declare { person }), gate)],
        );
        let (called, meant) = (self.called(label), self.called(meant));
        let told = format!("Near miss: {called} was picked in place of {meant}");
        Ok(Some(scene.telling(told)))
    }

    fn check(
        &self,
        scene: &mut Scene,
        turn: &Turn,
        label: &str,
        moment: Moment,
    ) -> Result<(), PlayError> {
        let person = self.cast.person(label)?;
        let identifier = self.identifier(turn.words(), label)?;
        scene.does(&turn.who, Command::from(identity::Fact::Check { person, moment, identifier }));
        Ok(())
    }

    /// Returns the second identifier that the text names, from the register.
    fn identifier(&self, words: &str, label: &str) -> Result<SecondIdentifier, PlayError> {
        let details = self.cast.details(label)?;
        let missing = || PlayError::Story(format!("the register has no {words} of {label}"));
        let date = || details.date_of_birth.clone().ok_or_else(missing);
        if words.contains("NHS number") {
            let number = details.nhs_number.clone().ok_or_else(missing)?;
            return Ok(SecondIdentifier::NhsNumber { number });
        }
        if words.contains("carer who knows") {
            let carer = PersonName::parse("Carer of Harbour Rise")?;
            return Ok(SecondIdentifier::Carer { carer, date: date()? });
        }
        if words.contains("date of birth") {
            return Ok(SecondIdentifier::DateOfBirth { date: date()? });
        }
        Ok(SecondIdentifier::Photograph)
    }

    /// Confirms an arrival on the home's word, or fails to.
    fn arrival(&mut self, turn: &Turn, label: &str) -> Result<Scene, PlayError> {
        let person = self.cast.person(label)?;
        let home = self.cast.home_name(&turn.home).unwrap_or("the home");
        let on_word_of = Some(Line::parse(&format!("{home}, by telephone"))?);
        let mut scene = Scene::default();
        let confirm = |identifier| {
            Command::from(arrival::Plan::Confirm {
                person,
                identifier,
                handover_given: true,
                on_word_of: on_word_of.clone(),
            })
        };
        let Some(gate) = gate(turn).filter(|_| turn.kind == "confirm_refused") else {
            let identifier = self.identifier(turn.words(), label)?;
            scene.does(self.writer(turn), confirm(identifier));
            self.ease(&mut scene, label, "Arrived and confirmed")?;
            return Ok(scene);
        };
        let code = Short::parse("not read out")?;
        let asked = Asked::refused(confirm(SecondIdentifier::Wristband { code }), gate);
        scene.add(&turn.who, [asked]);
        let told = format!("The arrival of {} has no second identifier yet", self.called(label));
        Ok(scene.telling(told))
    }

    fn to_home(&self, turn: &Turn) -> Result<HomeId, PlayError> {
        let unknown = || PlayError::Story(format!("the day has no home {:?}", turn.home));
        self.cast.home(&turn.home).ok_or_else(unknown)
    }
}

/// Returns the command that hides a destination, as the list's note requests.
fn protects(person: PersonId) -> Result<Command, PlayError> {
    let protection = Protection {
        who: PersonName::parse("Joost van der Linde")?,
        relation: Some(Short::parse("nephew")?),
        why: Line::parse("The court order is in the home's file")?,
        source: ProtectionSource::Court,
        until: None,
    };
    Ok(Command::from(protection::Plan::Protect { person, protection: Box::new(protection) }))
}

/// Returns the journey of a turn. A departure after the expected arrival is left open.
fn journey(turn: &Turn, crew: Option<&str>, leaves: Option<Time>) -> Result<Journey, PlayError> {
    let vehicle = Some(&turn.vehicle).filter(|vehicle| !vehicle.is_empty());
    let leaves_at = leaves.filter(|leaves| turn.eta.is_none_or(|eta| *leaves <= eta));
    Ok(Journey {
        vehicle: vehicle.map(|vehicle| Short::parse(vehicle)).transpose()?,
        crew: crew.map(Short::parse).transpose()?,
        leaves_at,
        arrives_at: turn.eta,
    })
}
