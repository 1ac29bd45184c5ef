//! The nouns of a room: one module each, and the traits they implement.

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

/// The result of a plan: its events (empty if nothing changes) or a refusal.
pub(crate) type Decision = Result<Vec<Event>, Refusal>;

/// A noun with plans, which the rules may refuse.
pub(crate) trait Plans {
    /// Its plans.
    type Plan;

    /// Returns the rights that a plan requires of its author.
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

    /// Returns whether a fact concerns help or the author's own presence in a building. No role is denied these
    /// (SECURITY, the matrix; P-106).
    fn is_own_safety(_room: &Room, _member: MemberId, _fact: &Self::Fact) -> bool {
        false
    }
}

/// A noun with events, which are folded into the room.
pub(crate) trait Fold {
    /// Its events.
    type Event;

    /// Folds an event into the room and marks the rows it changes. It cannot fail.
    fn fold(room: &mut Room, entry: &Entry, event: &Self::Event, touched: &mut Touched);

    /// Returns the log line of an event on the state after its entry, or `None` if it has none.
    fn line(room: &Room, event: &Self::Event) -> Option<Said>;

    /// Returns the person and the whereabouts that an event reports, or `None` if it moves nobody.
    fn seen(_event: &Self::Event) -> Option<(PersonId, Seen<'_>)> {
        None
    }

    /// Returns whether an event may change the text of rows about protected people; `is_any_protected` is whether
    /// there are any.
    fn retells(_event: &Self::Event, _is_any_protected: bool) -> bool {
        false
    }

    /// Moves references from a merged person to the surviving one.
    fn merged(_room: &mut Room, _from: PersonId, _into: PersonId, _touched: &mut Touched) {}
}

/// Reported whereabouts before they are put into words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// A short description of what was recorded.
    pub(crate) state: &'static str,
    pub(crate) place: PlaceNow,
    pub(crate) home: Option<HomeId>,
    pub(crate) words: Option<&'a str>,
    pub(crate) vehicle: Option<&'a Short>,
    /// The source of the report.
    pub(crate) via: Option<&'a Line>,
}

impl Seen<'_> {
    pub(crate) const fn at(state: &'static str, place: PlaceNow) -> Self {
        Self { state, place, home: None, words: None, vehicle: None, via: None }
    }
}

/// The log line of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) words: String,
    /// The person it is about.
    pub(crate) about: Option<PersonId>,
    /// Other people it concerns without naming them.
    pub(crate) speaks_of: Vec<PersonId>,
    /// The alarm it raises.
    pub(crate) alarm: Option<AlarmKind>,
    /// The other audiences that see it.
    pub(crate) show: Show,
    /// The line it corrects.
    pub(crate) corrects: Option<Seq>,
}

impl Said {
    /// Returns a line that is about no person.
    pub(crate) fn new(words: impl Into<String>) -> Self {
        let (words, show) = (words.into(), Show::default());
        Self { words, about: None, speaks_of: Vec::new(), alarm: None, show, corrects: None }
    }

    /// Returns a line about a person.
    pub(crate) fn of(person: PersonId, words: impl Into<String>) -> Self {
        Self { about: Some(person), ..Self::new(words) }
    }

    /// Returns the line with an alarm.
    pub(crate) fn alarm(self, kind: AlarmKind) -> Self {
        Self { alarm: Some(kind), ..self }
    }
}

/// Returns one event.
pub(crate) fn one(event: impl Into<Event>) -> Vec<Event> {
    vec![event.into()]
}

/// Returns a refusal.
pub(crate) fn refuse<T>(code: Code, words: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(code, words))
}

/// Refuses a duplicate, or one that exceeds a limit.
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
