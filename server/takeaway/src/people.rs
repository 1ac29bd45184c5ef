//! The columns of the list of people.

use proto::{
    export::PersonLine,
    gate::BreachState,
    text::{NhsNumber, Text},
};

use super::{
    cell::Cell,
    column::Column,
    word::{listed, spoken},
};

/// The columns of the people.
pub(crate) const PEOPLE: &[Column<PersonLine>] = &[
    Column { head: "person_ref", width: 11, cell: |p| Cell::text(p.person.reference.as_str()) },
    Column { head: "name", width: 26, cell: |p| Cell::text(p.person.name.as_str()) },
    Column { head: "known_as", width: 14, cell: |p| words(p.person.known_as.as_ref()) },
    Column { head: "other_names", width: 18, cell: |p| joined(&p.card.aliases) },
    Column { head: "date_of_birth", width: 13, cell: born },
    Column { head: "nhs_number", width: 14, cell: |p| number(p.card.nhs_number.as_ref()) },
    Column { head: "bedroom", width: 9, cell: bedroom },
    Column { head: "place_now", width: 17, cell: |p| Cell::text(spoken(&p.person.place)) },
    Column { head: "place_detail", width: 22, cell: |p| words(p.person.place_words.as_ref()) },
    Column { head: "place_since", width: 17, cell: |p| Cell::at(p.person.times.since) },
    Column { head: "stage", width: 17, cell: |p| Cell::text(spoken(&p.person.stage)) },
    Column { head: "rating", width: 10, cell: |p| one(p.person.rating.as_ref()) },
    Column { head: "rating_reason", width: 24, cell: |p| words(p.person.rating_reason.as_ref()) },
    Column { head: "named_worker", width: 22, cell: |p| words(p.worker.as_ref()) },
    Column { head: "destination", width: 24, cell: |p| words(p.home.as_ref()) },
    Column { head: "vehicle", width: 14, cell: |p| journey(p).0 },
    Column { head: "crew", width: 14, cell: |p| journey(p).1 },
    Column { head: "leaves_at", width: 17, cell: |p| Cell::at(p.person.times.leaves_at) },
    Column { head: "expected_at", width: 17, cell: |p| Cell::at(p.person.times.arrives_at) },
    Column { head: "left_at", width: 17, cell: |p| Cell::at(p.person.times.left_at) },
    Column { head: "arrived_at", width: 17, cell: |p| Cell::at(p.person.times.arrived_at) },
    Column { head: "to_confirm", width: 11, cell: |p| Cell::yes(p.person.to_confirm) },
    Column { head: "two_person", width: 11, cell: |p| Cell::yes(p.person.marks.two_person) },
    Column { head: "equipment", width: 11, cell: |p| Cell::yes(p.person.marks.equipment) },
    Column { head: "frail", width: 8, cell: |p| Cell::yes(p.person.marks.frail) },
    Column { head: "mobility", width: 12, cell: |p| one(p.person.mobility.as_ref()) },
    Column { head: "care", width: 17, cell: |p| one(p.person.care.as_ref()) },
    Column { head: "handle_safely", width: 40, cell: |p| words(p.person.handle_safely.as_ref()) },
    Column { head: "needs", width: 40, cell: |p| words(p.card.needs.as_ref()) },
    Column { head: "keep_together", width: 14, cell: |p| words(p.person.keep_together.as_ref()) },
    Column { head: "lead_body", width: 16, cell: |p| Cell::text(spoken(&p.person.lead_body)) },
    Column { head: "funding", width: 16, cell: |p| one(p.funding.as_ref()) },
    Column { head: "next_of_kin", width: 24, cell: |p| kin(p).0 },
    Column { head: "relation", width: 12, cell: |p| kin(p).1 },
    Column { head: "kin_telephone", width: 16, cell: |p| kin(p).2 },
    Column { head: "wristband", width: 12, cell: |p| words(p.card.wristband.as_ref()) },
    Column { head: "notes", width: 40, cell: |p| words(p.card.notes.as_ref()) },
    Column { head: "open_questions", width: 20, cell: |p| Cell::text(listed(&p.person.questions)) },
    Column { head: "gates_passed", width: 24, cell: passes },
    Column { head: "breaches_open", width: 14, cell: breaches },
    Column { head: "troubles", width: 20, cell: troubles },
];

/// Formats an NHS number in groups: with spaces, every spreadsheet treats it as text.
pub(super) fn number(number: Option<&NhsNumber>) -> Cell {
    let Some(digits) = number.map(NhsNumber::as_str) else { return Cell::Empty };
    let group = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    Cell::text(format!("{} {} {}", group(0, 3), group(3, 6), group(6, 10)))
}

/// Returns a text cell, or an empty one.
pub(super) fn words(text: Option<&impl AsRef<str>>) -> Cell {
    text.map_or(Cell::Empty, |text| Cell::text(text.as_ref()))
}

fn one<T: serde::Serialize>(value: Option<&T>) -> Cell {
    value.map_or(Cell::Empty, |value| Cell::text(spoken(value)))
}

fn joined<const N: usize>(texts: &[Text<N>]) -> Cell {
    Cell::text(texts.iter().map(Text::as_str).collect::<Vec<_>>().join("; "))
}

fn born(line: &PersonLine) -> Cell {
    line.person.date_of_birth.clone().map_or(Cell::Empty, Cell::Day)
}

fn bedroom(line: &PersonLine) -> Cell {
    line.person.bedroom.as_ref().map_or(Cell::Empty, |bedroom| Cell::text(bedroom.as_str()))
}

fn journey(line: &PersonLine) -> (Cell, Cell) {
    let journey = line.person.journey.as_ref();
    let vehicle = journey.and_then(|journey| journey.vehicle.as_ref());
    (words(vehicle), words(journey.and_then(|journey| journey.crew.as_ref())))
}

fn kin(line: &PersonLine) -> (Cell, Cell, Cell) {
    let kin = line.card.next_of_kin.as_ref();
    (
        kin.map_or(Cell::Empty, |kin| Cell::text(kin.name.as_str())),
        words(kin.and_then(|kin| kin.relation.as_ref())),
        words(kin.and_then(|kin| kin.telephone.as_ref())),
    )
}

fn passes(line: &PersonLine) -> Cell {
    let passes = line.person.passes.iter();
    let told = passes.map(|pass| format!("{}: {}", spoken(&pass.gate), pass.reason.as_str()));
    Cell::text(told.collect::<Vec<_>>().join("; "))
}

fn breaches(line: &PersonLine) -> Cell {
    let open = line.person.breaches.iter().filter(|breach| breach.state == BreachState::Open);
    Cell::text(listed(open.map(|breach| breach.gate)))
}

fn troubles(line: &PersonLine) -> Cell {
    Cell::text(listed(line.person.troubles.iter().map(|open| open.trouble)))
}
