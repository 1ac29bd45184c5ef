//! The nouns of a room: a module for each, and what each of them is asked.

use proto::{
    entry::Entry,
    id::{HomeId, MemberId, PersonId, Seq},
    log::{AlarmKind, Show},
    nouns::Event,
    refusal::{Code, Refusal},
    text::{Line, Short},
    transfer::PlaceNow,
};

use crate::{
    context::Context,
    rights::Needs,
    room::{Room, Touched},
};

pub(crate) mod alarm;
pub(crate) mod arrival;
pub(crate) mod census;
pub(crate) mod cover;
pub(crate) mod deadline;
pub(crate) mod details;
pub(crate) mod door;
pub(crate) mod expected;
pub(crate) mod export;
pub(crate) mod gate;
pub(crate) mod help;
pub(crate) mod home;
pub(crate) mod identity;
pub(crate) mod incident;
pub(crate) mod journey;
pub(crate) mod log;
pub(crate) mod member;
pub(crate) mod needs;
pub(crate) mod pack;
pub(crate) mod person;
pub(crate) mod place;
pub(crate) mod premises;
pub(crate) mod protection;
pub(crate) mod rating;
pub(crate) mod readiness;
pub(crate) mod register;
pub(crate) mod side;
pub(crate) mod sign_in;
pub(crate) mod site;
pub(crate) mod stranger;
pub(crate) mod transfer;
pub(crate) mod trouble;
pub(crate) mod whereabouts;
pub(crate) mod worker;

/// What a plan becomes: the events that it makes, none when it changes nothing, or a refusal.
pub(crate) type Decision = Result<Vec<Event>, Refusal>;

/// A noun with plans, which the rules may refuse.
pub(crate) trait Plans {
    /// Its plans.
    type Plan;

    /// Returns what a plan needs of its author.
    fn needs(plan: &Self::Plan) -> Needs;

    /// Decides a plan.
    fn decide(room: &Room, by: &Context, plan: &Self::Plan) -> Decision;
}

/// A noun with facts. A fact has no refusal (R34): it always becomes events.
pub(crate) trait Facts {
    /// Its facts.
    type Fact;

    /// Records a fact.
    fn record(room: &Room, by: &Context, fact: &Self::Fact) -> Vec<Event>;

    /// Tells whether a fact is about help, or about the author's own presence in a building: what no member is ever kept
    /// from, whatever their role (SECURITY, the matrix; P-106).
    fn is_own_safety(_room: &Room, _member: MemberId, _fact: &Self::Fact) -> bool {
        false
    }
}

/// A noun with events, which the room is folded from.
pub(crate) trait Fold {
    /// Its events.
    type Event;

    /// Folds an event into the room, and marks the rows that it changes. It cannot fail.
    fn fold(room: &mut Room, entry: &Entry, event: &Self::Event, touched: &mut Touched);

    /// Returns what the log says of an event, on the state that its entry left; nothing where it is not worth a line.
    fn line(room: &Room, event: &Self::Event) -> Option<Said>;

    /// Returns what an event says about where somebody is, and who that is; nothing for what moves nobody.
    fn seen(_event: &Self::Event) -> Option<(PersonId, Seen<'_>)> {
        None
    }

    /// Tells whether an event may change how rows about somebody protected read; `is_any_protected` tells whether there
    /// is anybody.
    fn retells(_event: &Self::Event, _is_any_protected: bool) -> bool {
        false
    }

    /// Hands what speaks of somebody who was merged away over to the one who stands for them.
    fn merged(_room: &mut Room, _from: PersonId, _into: PersonId, _touched: &mut Touched) {}
}

/// Where somebody is said to be, before it is put in words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// What was recorded, in a word or two.
    pub(crate) state: &'static str,
    pub(crate) place: PlaceNow,
    pub(crate) home: Option<HomeId>,
    pub(crate) words: Option<&'a str>,
    pub(crate) vehicle: Option<&'a Short>,
    /// On whose word.
    pub(crate) via: Option<&'a Line>,
}

impl Seen<'_> {
    pub(crate) const fn at(state: &'static str, place: PlaceNow) -> Self {
        Self { state, place, home: None, words: None, vehicle: None, via: None }
    }
}

/// What the log says of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) words: String,
    /// Whom it is about.
    pub(crate) about: Option<PersonId>,
    /// Whom else it speaks of, though it does not name them.
    pub(crate) speaks_of: Vec<PersonId>,
    /// What somebody must see to.
    pub(crate) alarm: Option<AlarmKind>,
    /// Where else the line is shown.
    pub(crate) show: Show,
    /// The line that it corrects.
    pub(crate) corrects: Option<Seq>,
}

impl Said {
    /// Returns a line about nobody.
    pub(crate) fn new(words: impl Into<String>) -> Self {
        let (words, show) = (words.into(), Show::default());
        Self { words, about: None, speaks_of: Vec::new(), alarm: None, show, corrects: None }
    }

    /// Returns a line about somebody.
    pub(crate) fn of(person: PersonId, words: impl Into<String>) -> Self {
        Self { about: Some(person), ..Self::new(words) }
    }

    /// Returns the line as one that somebody must see to.
    pub(crate) fn alarm(self, kind: AlarmKind) -> Self {
        Self { alarm: Some(kind), ..self }
    }
}

/// Returns one event.
pub(crate) fn one(event: impl Into<Event>) -> Vec<Event> {
    vec![event.into()]
}

/// Refuses.
pub(crate) fn refuse<T>(code: Code, words: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(code, words))
}

/// Refuses what is there already, or what no longer fits.
pub(crate) fn fits(is_there: bool, full: bool, what: &str) -> Result<(), Refusal> {
    if is_there {
        return refuse(Code::Already, format!("this {what} is in the room"));
    }
    if full {
        return refuse(Code::Full, format!("the room takes no further {what}"));
    }
    Ok(())
}

/// Returns ", on the word of …".
pub(crate) fn on_word(word: Option<&Line>) -> String {
    word.map(|word| format!(", on the word of {}", word.as_str())).unwrap_or_default()
}
