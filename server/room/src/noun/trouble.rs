//! Trouble: a deviation from plan (PROCEDURE 3.7).

use proto::{
    entry::Entry,
    id::{PersonId, Seq, Time},
    log::AlarmKind,
    nouns,
    role::Role,
    text::Line,
    transfer::PlaceNow,
    trouble::{Event, Fact, OpenTrouble, Trouble},
};

use super::{
    Facts, Fold, Said, Seen, one,
    person::{self, Person},
    stranger, whereabouts,
};
use crate::{
    context::Context,
    privacy::protected,
    room::{Room, Touched},
};

/// An unanswered report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    /// The entry that made it.
    pub(crate) entry: Seq,
    pub(crate) trouble: Trouble,
    pub(crate) words: Option<Line>,
    pub(crate) at: Time,
}

/// Troubles.
pub(crate) struct Troubles;

impl Facts for Troubles {
    type Fact = Fact;

    fn record(room: &Room, _by: &Context, fact: &Fact) -> Vec<nouns::Event> {
        match fact {
            Fact::Report { person, trouble, words } => {
                stranger::about(room, *person, "not going to plan", |person| {
                    let (trouble, words) = (*trouble, words.clone());
                    one(Event::Reported { person: person.id, trouble, words })
                })
            }
            Fact::Answer { person, report } => {
                stranger::about(room, *person, "trouble answered", |person| {
                    one(Event::Answered { person: person.id, report: *report })
                })
            }
        }
    }
}

impl Fold for Troubles {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Reported { person, trouble, words } => {
                let open = Report {
                    entry: entry.seq,
                    trouble: *trouble,
                    words: words.clone(),
                    at: entry.happened(),
                };
                person::change(room, entry, *person, touched, |person| {
                    person.troubles.push(open);
                    if *trouble == Trouble::NotFound {
                        whereabouts::not_found(person, entry.happened(), words.clone());
                    }
                });
            }
            Event::Answered { person, report } => {
                person::change(room, entry, *person, touched, |person| {
                    person.troubles.retain(|open| open.entry != *report);
                });
            }
        }
    }

    fn seen(event: &Event) -> Option<(PersonId, Seen<'_>)> {
        match event {
            Event::Reported { person, trouble: Trouble::NotFound, words } => {
                let seen = Seen::at("not found", PlaceNow::BeingConfirmed);
                Some((*person, Seen { words: words.as_ref().map(Line::as_str), ..seen }))
            }
            Event::Reported { .. } | Event::Answered { .. } => None,
        }
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        Some(match event {
            Event::Reported { person, trouble, words } => {
                let (who, what) = (person::called(room, *person), what(*trouble));
                let words = words.as_ref().map(|words| format!(": {}", words.as_str()));
                let words = words.unwrap_or_default();
                Said::of(*person, format!("Not going to plan, {who}: {what}{words}."))
                    .alarm(AlarmKind::Trouble)
            }
            Event::Answered { person, .. } => Said::of(
                *person,
                format!("Somebody is seeing to {}.", person::called(room, *person)),
            ),
        })
    }
}

/// Returns a person's open troubles as rows show them.
pub(crate) fn rows(room: &Room, person: &Person) -> Vec<OpenTrouble> {
    let words = |words: &Line| protected::row_text(room, Some(person.id), words.as_str());
    let open = person.troubles.iter().map(|open| OpenTrouble {
        report: open.entry,
        trouble: open.trouble,
        words: open.words.as_ref().map(words),
        at: open.at,
    });
    open.collect()
}

/// Describes a trouble.
const fn what(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Refuses => "refuses to go",
        Trouble::Unwell => "unwell",
        Trouble::FamilyTakingThem => "family is taking them",
        Trouble::CrewProblem => "a problem with the crew",
        Trouble::WrongPapers => "wrong papers",
        Trouble::NotFound => "not found",
    }
}

/// Returns the role accountable for a trouble.
pub(crate) const fn answers_for(trouble: Trouble) -> Role {
    match trouble {
        Trouble::Refuses => Role::NamedSw,
        Trouble::Unwell => Role::Nurse,
        Trouble::FamilyTakingThem => Role::Family,
        Trouble::CrewProblem => Role::Transport,
        Trouble::WrongPapers => Role::Bizsup,
        Trouble::NotFound => Role::TeamLeaderSite,
    }
}
