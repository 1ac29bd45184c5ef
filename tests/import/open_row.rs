//! Rows that nobody has settled are marked, registered, and block nobody else.

use intake::people::{Fate, Kind};
use proto::register::OpenQuestion;

use super::{decided, details, plan, questions, row, rows_with};

const HEADER: &str =
    "Room,Title,First name,Surname,D.O.B,NHS No.,Funding,Type of care,NOK,NOK Tel\n";

fn list(rows: &[&str]) -> intake::plan::Plan {
    plan(format!("{HEADER}{}\n", rows.join("\n")).as_bytes()).unwrap()
}

#[test]
fn an_invalid_birth_date_is_never_guessed() {
    for (date, what) in [
        ("03/04/38", "two digits"),
        ("31/02/1938", "does not exist"),
        ("04/25/1938", "month first"),
        ("13973", "count of days"),
        ("", "is missing"),
    ] {
        let plan = list(&[&format!("1,Mrs,Mary,Ellis,{date},999 823 4328,,,,")]);
        let told = plan.faults().find(|(_, fault)| fault.kind == Kind::BirthDate).unwrap().1;
        assert!(told.what.contains(what), "{date}: {}", told.what);
        assert!(questions(&plan, 2).contains(&OpenQuestion::BirthDate));
        assert!(details(&plan, 2).date_of_birth.is_none());
    }
}

#[test]
fn a_decided_birth_date_is_taken_with_its_reason() {
    let people = format!("{HEADER}1,Mrs,Mary,Ellis,03/04/38,999 823 4328,,,,\n");
    let decision = "[[birth_date]]\nrow = 2\nas_sent = \"03/04/38\"\nagreed = \"1938-04-03\"\n\
        decided_by = \"duty manager\"\nreason = \"Passport seen\"\n";
    let plan = decided(&people, decision).unwrap();
    assert_eq!(details(&plan, 2).date_of_birth.as_ref().unwrap().as_str(), "1938-04-03");
    let settled = serde_json::to_string(&plan.commands.last().unwrap().command).unwrap();
    assert!(settled.contains("settle_question") && settled.contains("Passport seen"), "{settled}");
    let moved = people.replace("03/04/38", "03/04/1938");
    assert!(decided(&moved, decision).unwrap_err().to_string().contains("another date"));
}

#[test]
fn two_people_in_one_row_are_marked_and_counted_as_a_fault() {
    let plan = list(&[
        "1,Mr & Mrs,Stan,Wojcik,18/04/1932,999 185 0082,,,,",
        "2,,Stan and Halina,Wojcik,18/04/1932,,,,,",
        "3,Mr,Alexander,Anderson,18/04/1930,,,,,",
    ]);
    assert_eq!(rows_with(&plan, Kind::TwoPeople), [2, 2, 3, 3]);
    assert!(questions(&plan, 2).contains(&OpenQuestion::Duplicate));
    assert_eq!((plan.people_rows, plan.people), (3, 5), "nobody is left out");
    let names: Vec<_> = plan
        .rows
        .iter()
        .filter_map(|row| match &row.fate {
            Fate::Taken { details, .. } => details.name.as_ref(),
            Fate::Merged { .. } | Fate::NotAPerson { .. } => None,
        })
        .map(|name| name.as_str().to_owned())
        .collect();
    assert_eq!(names[1], "Mrs Wojcik");
    assert_eq!(names[2..4], ["Stan Wojcik", "Halina Wojcik"]);
    assert!(details(&plan, 2).date_of_birth.is_none(), "one date is neither's");
    let notes = details(&plan, 2).notes.as_ref().unwrap().as_str();
    assert!(notes.contains("18/04/1932") && notes.contains("999 185 0082"), "{notes}");
}

#[test]
fn a_repeated_nhs_number_or_name_and_birth_date_raises_a_question_on_both_rows() {
    let plan = list(&[
        "1,,Kathleen,Brannigan,15/01/1933,999 648 3673,,,,",
        "2,,Cathleen,Branigan,15/01/1933,999 648 3673,,,,",
        "3,,Mary,Ellis,01/02/1930,,,,,",
        "4,,mary,ELLIS,1930-02-01,,,,,",
        "5,,Mary,Ellis,02/02/1930,,,,,",
    ]);
    assert_eq!(rows_with(&plan, Kind::Duplicate), [2, 3, 4, 5]);
    assert!(!questions(&plan, 6).contains(&OpenQuestion::Duplicate), "another day, another person");
}

#[test]
fn a_shared_bedroom_raises_a_question_unless_the_rows_may_be_one_person() {
    let plan = list(&[
        "12,,Mary,Ellis,01/02/1930,,,,,",
        "12,,Doreen,Haddock,02/11/1934,,,,,",
        "13,,Ivy,Threadgold,28/02/1927,999 191 8795,,,,",
        "13,,Ivy,Thredgold,28/02/1927,999 191 8795,,,,",
        ",,Emrys,Llewellyn,13/09/1944,,,,,",
    ]);
    assert_eq!(rows_with(&plan, Kind::Bedroom), [2, 3, 6]);
}

#[test]
fn totals_headings_and_empty_bedrooms_are_reported_and_are_not_people() {
    let plan = list(&[
        "Ground floor,,,,,,,,,",
        "1,,Mary,Ellis,01/02/1930,999 823 4328,SF,,,",
        "2,,,VACANT,,,,,,",
        "Room,Title,First name,Surname,D.O.B,NHS No.,Funding,Type of care,NOK,NOK Tel",
        "63 residents,,,,,,,,,",
        "Total,,,1,,,,,,",
    ]);
    let nobody: Vec<usize> = plan
        .rows
        .iter()
        .filter(|row| matches!(row.fate, Fate::NotAPerson { .. }))
        .map(|row| row.row)
        .collect();
    assert_eq!(nobody, [2, 4, 5, 6, 7]);
    assert_eq!((plan.rows_read, plan.people), (6, 1));
    for line in ["row 4  says that nobody lives there", "row 6  counts people"] {
        assert!(plan.report().contains(line), "{}", plan.report());
    }
}

#[test]
fn a_row_without_a_name_is_a_person_if_it_has_enough_values() {
    let plan = list(&["7,,,,,,SF,Nursing,Gino,07700 900255", "8,,,,01/02/1930,,,,,"]);
    assert_eq!(plan.people, 2);
    assert_eq!(rows_with(&plan, Kind::Name), [2, 3]);
    assert_eq!(details(&plan, 2).name.as_ref().unwrap().as_str(), "Name not known");
    assert!(questions(&plan, 3).contains(&OpenQuestion::Duplicate));
}

#[test]
fn invisible_characters_are_removed_and_reported() {
    let plan = list(&["1,,Ma\u{202E}ry,El\u{200B}lis,01/02/1930,999 823 4328,,,,"]);
    assert_eq!(details(&plan, 2).name.as_ref().unwrap().as_str(), "Mary Ellis");
    assert_eq!(rows_with(&plan, Kind::Text), [2, 2]);
    let report = plan.report();
    assert!(report.contains("El·lis") && !report.contains('\u{202E}'), "{report}");
}

#[test]
fn a_formula_is_text_and_a_telephone_number_is_kept_as_sent() {
    let plan = list(&["1,,=1+1,Ellis,01/02/1930,999 823 4328,=cmd(),,Robert Ellis,7700900255"]);
    assert_eq!(details(&plan, 2).name.as_ref().unwrap().as_str(), "=1+1 Ellis");
    let funding = details(&plan, 2).funding.as_ref().unwrap();
    assert_eq!(funding.claimed_by_provider.as_ref().unwrap().as_str(), "=cmd()");
    assert_eq!(rows_with(&plan, Kind::Telephone), [2]);
    let kin = details(&plan, 2).next_of_kin.as_ref().unwrap();
    assert_eq!(kin.telephone.as_ref().unwrap().as_str(), "7700900255");
}

#[test]
fn a_short_row_is_registered_and_reported_and_other_rows_are_unaffected() {
    let plan = list(&["1,,Mary,Ellis", "2,,Ivy,Threadgold,28/02/1927,999 191 8795,,,,"]);
    assert_eq!(rows_with(&plan, Kind::ShortRow), [2]);
    assert!(row(&plan, 3).faults.iter().all(|f| matches!(f.kind, Kind::Funding | Kind::Care)));
}

#[test]
fn text_too_long_for_its_field_is_kept_in_the_notes() {
    let long = "x".repeat(200);
    let plan = list(&[&format!("1,,{long},Ellis,01/02/1930,999 823 4328,{long},,,")]);
    let details = details(&plan, 2);
    assert_eq!(details.name.as_ref().unwrap().as_str().len(), 120);
    let notes = details.notes.as_ref().unwrap().as_str();
    assert!(
        notes.contains(&format!("{long} Ellis")) && notes.contains(&format!("Funding: {long}"))
    );
}
