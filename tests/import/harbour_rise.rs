//! The acceptance day's list (T05): 63 rows become 62 people, and nothing is fixed silently.

use demo::harbour_rise;
use intake::{
    people::{Fate, Kind},
    plan::{Plan, Sources},
};
use proto::{
    command::{Command, Envelope},
    nouns,
    person::{Care, FundingSource, Mobility},
    register::{self, OpenQuestion},
};

use super::{details, questions, room, row, rows_with};

fn whole() -> Plan {
    harbour_rise::plan(room()).unwrap()
}

fn list_alone() -> Plan {
    Plan::read(
        room(),
        &Sources { file_name: "people.csv", people: harbour_rise::PEOPLE, ..Sources::default() },
    )
    .unwrap()
}

#[test]
fn t05_63_rows_become_62_people() {
    let plan = whole();
    assert_eq!((plan.rows_read, plan.people_rows, plan.people), (63, 63, 62));
    let count = |is: fn(&Command) -> bool| plan.commands.iter().filter(|e| is(&e.command)).count();
    assert_eq!(
        count(|c| matches!(
            c,
            Command::Plan(nouns::Plan::Register(register::Plan::Register { .. }))
        )),
        63
    );
    assert_eq!(
        count(|c| matches!(c, Command::Plan(nouns::Plan::Register(register::Plan::Merge { .. })))),
        1
    );
    assert_eq!(
        count(|c| matches!(
            c,
            Command::Plan(nouns::Plan::Register(register::Plan::SettleQuestion { .. }))
        )),
        7
    );
    assert!(plan.unlisted.is_empty(), "everybody in the council's records is on the list");
}

#[test]
fn t05_every_faulty_row_has_a_decision_and_no_other_row_is_faulty() {
    let plan = whole();
    assert_eq!(rows_with(&plan, Kind::NhsNumber), [52]);
    assert_eq!(rows_with(&plan, Kind::NhsNumberMissing), [59, 63]);
    assert_eq!(rows_with(&plan, Kind::Duplicate), [31, 64]);
    assert_eq!(rows_with(&plan, Kind::Funding), [10, 11, 32, 53]);
    assert_eq!(plan.faults().count(), 9);
    assert!(plan.faults().all(|(_, fault)| fault.decided.is_some()));
}

#[test]
fn t05_the_second_spelling_is_registered_and_then_merged_with_its_reason() {
    let plan = whole();
    assert!(matches!(row(&plan, 64).fate, Fate::Merged { into_row: 31, .. }));
    assert!(questions(&plan, 31).is_empty() && questions(&plan, 64).is_empty());
    let at = plan
        .commands
        .iter()
        .position(|e| {
            matches!(e.command, Command::Plan(nouns::Plan::Register(register::Plan::Merge { .. })))
        })
        .unwrap();
    let Command::Plan(nouns::Plan::Register(register::Plan::Merge { from, into, why })) =
        &plan.commands[at].command
    else {
        panic!("no merge")
    };
    assert_eq!((Some(*from), Some(*into)), (plan.person(64), plan.person(31)));
    assert!(why.as_str().contains("one person, typed in twice"));
    assert!(why.as_str().ends_with("Decided by: Business support manager"), "no label is shown");
    let is_register = |e: &Envelope| {
        matches!(e.command, Command::Plan(nouns::Plan::Register(register::Plan::Register { .. })))
    };
    assert!(plan.commands[..at].iter().all(is_register), "registrations come first");
    let is_answer = |e: &Envelope| {
        matches!(
            e.command,
            Command::Plan(nouns::Plan::Register(register::Plan::SettleQuestion { .. }))
        )
    };
    assert!(plan.commands[at + 1..].iter().all(is_answer), "answers come last");
}

#[test]
fn t05_dates_are_read_day_first_and_the_report_says_so() {
    let plan = whole();
    assert_eq!(details(&plan, 30).date_of_birth.as_ref().unwrap().as_str(), "1938-04-03");
    // Five more have equal day and month, and are unambiguous.
    assert_eq!(plan.rows.iter().filter(|row| row.both_ways).count(), 20);
    assert!(plan.report().contains("20 could be read month first"));
}

#[test]
fn t05_four_funding_sources_contradict_the_council_and_are_agreed() {
    let plan = whole();
    for (at, provider, council, agreed) in [
        (10, None, FundingSource::ThisCouncil, FundingSource::ThisCouncil),
        (11, Some(FundingSource::NhsChc), FundingSource::ThisCouncil, FundingSource::NhsChc),
        (
            32,
            Some(FundingSource::SelfFunded),
            FundingSource::ThisCouncil,
            FundingSource::ThisCouncil,
        ),
        (
            53,
            Some(FundingSource::ThisCouncil),
            FundingSource::SelfFunded,
            FundingSource::SelfFunded,
        ),
    ] {
        let funding = details(&plan, at).funding.as_ref().unwrap();
        assert_eq!(funding.provider_source, provider, "row {at}");
        assert_eq!(funding.council_record, Some(council), "row {at}");
        assert_eq!(funding.source(), Some(agreed), "row {at}");
        assert_eq!(questions(&plan, at), [OpenQuestion::Funding], "row {at}");
    }
}

#[test]
fn the_breakdowns_of_the_acceptance_day_match_the_list() {
    let plan = whole();
    let people: Vec<_> = (2..=63).map(|at| details(&plan, at)).collect();
    let paid = |source| {
        people.iter().filter(|p| p.funding.as_ref().unwrap().source() == Some(source)).count()
    };
    assert_eq!(paid(FundingSource::ThisCouncil), 26);
    assert_eq!(paid(FundingSource::SelfFunded), 15);
    assert_eq!(paid(FundingSource::NhsChc), 9);
    assert_eq!(paid(FundingSource::Joint), 5);
    assert_eq!(paid(FundingSource::OtherCouncil), 5);
    assert_eq!(paid(FundingSource::OtherNhs), 2);
    let flag = |is: fn(&proto::person::Funding) -> bool| {
        people.iter().filter(|p| is(p.funding.as_ref().unwrap())).count()
    };
    assert_eq!((flag(|f| f.respite), flag(|f| f.section_117)), (2, 2));
    let mut shares: Vec<u8> =
        people.iter().filter_map(|p| p.funding.as_ref().unwrap().council_share).collect();
    shares.sort_unstable();
    assert_eq!(shares, [30, 50, 60, 60, 60], "two of them as the council's record has it");
    let needs = |care| people.iter().filter(|p| p.care == Some(care)).count();
    assert_eq!(needs(Care::GeneralNursing), 30);
    assert_eq!(needs(Care::DementiaNursing), 18);
    assert_eq!(needs(Care::Residential), 10);
    assert_eq!(needs(Care::Complex), 4);
    let moves = |mobility| people.iter().filter(|p| p.mobility == mobility).count();
    assert_eq!(moves(Some(Mobility::Walking)), 9);
    assert_eq!(moves(Some(Mobility::Wheelchair)), 33);
    assert_eq!(moves(Some(Mobility::Stretcher)), 18);
    assert_eq!(moves(None), 2, "the two in hospital");
    assert_eq!(people.iter().filter(|p| p.marks.is_some_and(|m| m.frail)).count(), 3);
    assert_eq!(people.iter().filter(|p| p.next_of_kin.is_none()).count(), 5);
}

#[test]
fn an_nhs_number_with_a_wrong_check_digit_is_kept_only_in_the_notes() {
    let plan = whole();
    assert!(details(&plan, 52).nhs_number.is_none());
    let notes = details(&plan, 52).notes.as_ref().unwrap();
    assert!(notes.as_str().contains("NHS No.: 999 551 7977"));
    assert_eq!(questions(&plan, 52), [OpenQuestion::NhsNumber]);
    let first = details(&plan, 2);
    assert_eq!(first.name.as_ref().unwrap().as_str(), "Roy Mapperley");
    assert_eq!(
        first.notes.as_ref().unwrap().as_str(),
        "No next of kin. Solicitor wrote once, no reply\nTitle: Mr\nM/F: M\nType of care: Nursing\n\
         Mobility: Wheelchair, hoist\nDoLS: Yes\nNext of kin: None known"
    );
}

#[test]
fn a_repeated_import_gives_the_same_bytes() {
    let bytes = || serde_json::to_vec(&whole().commands).unwrap();
    assert_eq!(bytes(), bytes());
    let ids: std::collections::BTreeSet<_> = whole().commands.iter().map(|e| e.id).collect();
    assert_eq!(ids.len(), whole().commands.len(), "one id, one command");
    assert_eq!(whole().person(2), list_alone().person(2), "decisions do not make other people");
    let other = proto::id::RoomId("00000000-0000-7000-8000-000000000002".parse().unwrap());
    assert_ne!(harbour_rise::plan(other).unwrap().person(2), whole().person(2));
}

#[test]
fn without_decisions_unclear_values_are_marked_and_everybody_is_registered() {
    let plan = list_alone();
    assert_eq!((plan.people_rows, plan.people), (63, 63));
    assert_eq!(questions(&plan, 31), questions(&plan, 64));
    assert!(questions(&plan, 31).contains(&OpenQuestion::Duplicate));
    for at in 2..=64 {
        let asked = questions(&plan, at);
        assert!(asked.contains(&OpenQuestion::Care) && asked.contains(&OpenQuestion::Funding));
        let details = details(&plan, at);
        assert!(details.care.is_none() && details.mobility.is_none(), "no word is guessed");
        let funding = details.funding.as_ref().unwrap();
        assert_eq!(funding.source(), None);
        assert!(funding.claimed_by_provider.is_some(), "the words are kept");
    }
    assert!(!questions(&plan, 28).contains(&OpenQuestion::Duplicate), "look-alikes are the room's");
    assert!(plan.faults().all(|(_, fault)| fault.decided.is_none() && !fault.advice.is_empty()));
    assert_eq!(plan.commands.len(), 63, "nothing is merged or answered");
}

#[test]
fn the_report_names_every_fault_with_row_column_and_what_to_do() {
    let report = whole().report();
    for part in [
        "63 rows read, 63 with people",
        "62 people on the register",
        "Faults: 0 for a person to settle, 9 decided",
        "row 52  NHS No.: \"999 551 7977\" fails the check digit (modulus 11)",
        "row 59  NHS No.: (empty) is missing",
        "row 32  Funding: \"SF\" the list says self-funded, the council's record says this council",
        "Decided by Finance business partner: Council record is right",
        "Rows 34, 28 are different people",
        "Funding: \"SCC s117\" means this council, section 117 (1)",
        "Everybody in the council's records is on the list",
        "to register:       63\n  to merge:          1\n  answers on record: 7",
    ] {
        assert!(report.contains(part), "{part}\n{report}");
    }
    let alone = list_alone().report();
    for part in ["To do: Give its meaning under [words.care]", "No council records were given"] {
        assert!(alone.contains(part), "{part}\n{alone}");
    }
}

#[test]
fn a_plan_prints_no_personal_data_in_diagnostics() {
    let printed = format!("{:?}", whole());
    for word in ["Mapperley", "9998234328", "1943-04-30", "amputee", "SCC + FNC", "typed in twice"]
    {
        let is_vocabulary = word == "SCC + FNC";
        assert_eq!(printed.contains(word), is_vocabulary, "{word}");
    }
}

#[test]
fn decisions_that_fit_no_row_stop_the_import() {
    let read = |from: &str, to: &str| {
        let text = std::str::from_utf8(harbour_rise::DECISIONS).unwrap();
        assert!(text.contains(from), "{from}");
        let changed = text.replacen(from, to, 1);
        let sources = Sources {
            file_name: "people.csv",
            people: harbour_rise::PEOPLE,
            decisions: Some(changed.as_bytes()),
            council: Some(harbour_rise::COUNCIL),
            ..Sources::default()
        };
        Plan::read(room(), &sources).unwrap_err().to_string()
    };
    for (from, to, words) in [
        ("\"people.csv\"", "\"other.csv\"", "they are about \"other.csv\""),
        ("expect_rows = 63", "expect_rows = 64", "expect_rows is 64, but the list has 63"),
        ("expect_people = 62", "expect_people = 61", "expect_people is 61, but the list has 62"),
        ("from_row = 64", "from_row = 65", "[[merge]] row 65 is not a row with a person"),
        ("into_row = 31", "into_row = 30", "shares neither NHS number nor birth date"),
        ("as_sent = \"999 551 7977\"", "as_sent = \"\"", "[[nhs_number]] row 52 was decided"),
        ("row = 59", "row = 58", "[[nhs_number]] row 58 was decided when"),
        ("provider = \"SF\"", "provider = \"LA\"", "[[funding]] row 32 was decided when the list"),
        (
            "council_record = \"self_funded\"",
            "council_record = \"joint\"",
            "[[funding]] row 53 was decided when the council's record",
        ),
        ("decided_by = \"S12\"\nreason", "reason", "decided_by"),
        ("[[distinct]]", "[[distinkt]]", "distinkt"),
    ] {
        let told = read(from, to);
        assert!(told.starts_with("decisions: ") && told.contains(words), "{told}");
    }
}
