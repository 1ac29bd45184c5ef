//! Random actions of people in a storm: anything, in any order, about anybody.

use proof::{cast, dice::Dice};
use proto::{
    command::{Command, Envelope},
    details,
    gate::{self, Gate},
    id::{CommandId, Seq, SignInId, Time},
    identity::{self, IdentifiedBy, Moment, SecondIdentifier},
    log::Show,
    needs, place,
    rating::{self, Rating},
    readiness, register,
    sign_in::{self, Word},
    text::Bedroom,
    trouble::{self, Trouble},
    whereabouts::{self, FoundAt},
};

/// People on the register; one more is mentioned who is not on it.
pub const PEOPLE: usize = 5;

/// Returns an action of a member under a fresh id, based on this entry.
pub fn deed(dice: &mut Dice, seen: Seq, until: Time) -> Envelope {
    let command = match dice.below(10) {
        0..5 => fact(dice, until),
        5 => register(dice),
        6 => log(dice),
        _ => plan(dice),
    };
    let based_on = Some(Seq(dice.below(seen.0 + 1)));
    Envelope { based_on, ..cast::under(CommandId(dice.uuid()), command) }
}

/// Returns whether a command is a fact, which is never refused to a member (PROCEDURE 4.1.3).
pub const fn is_fact(command: &Command) -> bool {
    matches!(command, Command::Fact(_))
}

fn who(dice: &mut Dice) -> usize {
    usize::try_from(dice.below(PEOPLE as u64 + 1)).unwrap()
}

fn fact(dice: &mut Dice, until: Time) -> Command {
    let n = who(dice);
    let person = cast::person(n);
    match dice.below(12) {
        0 | 1 => cast::departs(n),
        2 => cast::arrives(n),
        3 => Command::from(whereabouts::Fact::Return { person }),
        4 => Command::from(whereabouts::Fact::TakeToHospital { person, hospital: None }),
        5 => Command::from(whereabouts::Fact::Find { person, at: FoundAt::AtTheHome, words: None }),
        6 => Command::from(trouble::Fact::Report {
            person,
            trouble: Trouble::CrewProblem,
            words: None,
        }),
        7 => Command::from(trouble::Fact::Answer { person, report: Seq(dice.below(40)) }),
        8 => cast::signs_on(until),
        9 => Command::from(sign_in::Fact::CheckIn { word: Word::default() }),
        10 => {
            let sign_in = SignInId(dice.uuid());
            Command::from(sign_in::Fact::SignOff { sign_in, word: Word::default() })
        }
        _ => {
            let moment = *dice.pick(&[Moment::Ready, Moment::Door]);
            let identifier = SecondIdentifier::Photograph;
            Command::from(identity::Fact::Check { person, moment, identifier })
        }
    }
}

fn plan(dice: &mut Dice) -> Command {
    let person = cast::person(who(dice));
    let reason = cast::text("because of the day");
    match dice.below(7) {
        0 => Command::from(place::Plan::Accept { person, home: cast::home(1) }),
        1 => Command::from(place::Plan::GiveUp { person, why: reason }),
        2 => Command::from(readiness::Plan::Declare { person }),
        3 => {
            let identified_by = vec![IdentifiedBy::Name, IdentifiedBy::DateOfBirth];
            Command::from(register::Plan::Confirm { person, identified_by })
        }
        4 => {
            let gate = *dice.pick(&[Gate::G1, Gate::G3, Gate::G22]);
            Command::from(gate::Plan::Pass { gate, people: vec![person], reason, until: None })
        }
        5 => Command::from(needs::Plan::Assess { person }),
        _ => {
            let rating = *dice.pick(&[Rating::AtRisk, Rating::Watch, Rating::OnTrack]);
            Command::from(rating::Plan::Rate { person, rating, reason })
        }
    }
}

fn register(dice: &mut Dice) -> Command {
    let n = who(dice);
    match dice.below(4) {
        0 => cast::register(n),
        _ => {
            let bedroom = Bedroom::parse(&dice.below(30).to_string()).unwrap();
            let change = proto::details::PersonChange {
                bedroom: Some(bedroom),
                ..proto::details::PersonChange::default()
            };
            Command::from(details::Plan::Change {
                person: cast::person(n),
                change: Box::new(change),
            })
        }
    }
}

fn log(dice: &mut Dice) -> Command {
    let mut yes = || dice.once_in(2);
    let show = Show { wall: yes(), phones: yes(), directors: yes() };
    cast::shown(&format!("line {}", dice.below(1_000)), show)
}
