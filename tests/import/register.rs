//! Lists compared with a room: Harbour Rise as it arrives, later lists, and very long ones.

use std::time::Instant;

use demo::harbour_rise;
use intake::{
    pace::Pace,
    register::{Intake, List, Room},
};
use proof::host::Host;
use proto::{
    details::PersonChange,
    id::Seq,
    intake::{
        Enrolled, IntakeAgreed, IntakeAsked, IntakeChoices, IntakeDecision, IntakeDone, IntakeFate,
        IntakePreview, IntakeRow, IntakeRowChoice, Register,
    },
    limit::{IMPORT_ROWS_MAX, PEOPLE_MAX},
    role::Audience,
    text::{BirthDate, NhsNumber, Reference},
    transfer::PlaceNow,
};

use super::room;

fn held(bytes: &[u8], choices: &IntakeChoices, register: &Register) -> Intake {
    let list = List::open(bytes, choices, Pace::default()).unwrap();
    let of = Room { room: room(), register, this_year: 2026 };
    Intake::of(list, "list.csv", choices, None, of)
}

fn row(intake: &Intake, number: u32) -> &IntakeRow {
    intake.preview.rows.iter().find(|row| row.row == number).unwrap()
}

/// Returns a person in the room.
fn enrolled(
    number: u128,
    name: &str,
    born: Option<&str>,
    nhs: Option<&str>,
    bed: &str,
) -> Enrolled {
    Enrolled {
        person: proto::id::PersonId(uuid::Uuid::from_u128(number)),
        reference: Reference::parse("K7F").unwrap(),
        details: PersonChange {
            name: Some(proof::cast::name(name)),
            date_of_birth: born.map(|born| BirthDate::parse(born).unwrap()),
            nhs_number: nhs.map(|nhs| NhsNumber::parse(nhs).unwrap()),
            ..proof::cast::bedroom(bed)
        },
        unread: Vec::new(),
        edited: Vec::new(),
        aliases: Vec::new(),
        questions: Vec::new(),
        place: PlaceNow::AtTheHome,
    }
}

fn in_room(people: Vec<Enrolled>) -> Register {
    Register { head: Seq(9), people, ..Register::default() }
}

fn adds_up(intake: &Intake) {
    let c = intake.preview.counts;
    let sum = c.new + c.known + c.changed + c.doubles + c.nobody + c.left_out + c.hidden;
    assert_eq!(sum, c.rows, "{c:?}");
}

/// T05: 63 rows; the person typed in twice is found and a decision requested.
#[test]
fn t05_the_list_has_63_people_until_a_person_decides_that_two_are_one() {
    let empty = Register::default();
    let intake = held(harbour_rise::PEOPLE, &IntakeChoices::default(), &empty);
    adds_up(&intake);
    assert_eq!((intake.preview.counts.rows, intake.preview.counts.new), (63, 63));
    let pair = row(&intake, 64).pair.as_ref().unwrap();
    assert_eq!((pair.row, pair.is_one), (Some(31), None));
    let same = IntakeRowChoice { row: 64, is: IntakeDecision::SameRow { row: 31 } };
    let choices = IntakeChoices { rows: vec![same], ..IntakeChoices::default() };
    let intake = held(harbour_rise::PEOPLE, &choices, &empty);
    adds_up(&intake);
    let counts = intake.preview.counts;
    assert_eq!((counts.new, counts.doubles, counts.register), (62, 1, 62));
    assert_eq!(intake.register.len(), 64, "63 registrations, one merge");
    assert!(intake.changes.is_empty());
}

/// T05, P-74: the whole flow, as a browser runs it.
#[tokio::test]
async fn t05_a_workbook_is_previewed_and_imported_over_the_wire_as_62_people() {
    let host = Host::start().await;
    let (at, desk) = host.room(0).await;
    let book = super::spreadsheet::harbour_rise();
    let same = IntakeRowChoice { row: 64, is: IntakeDecision::SameRow { row: 31 } };
    let choices = IntakeChoices { rows: vec![same], ..IntakeChoices::default() };
    let post = async |agreed: Option<IntakeAgreed>| {
        let file = proof::cast::text("residents.xlsx");
        let asked = IntakeAsked { file, choices: choices.clone(), agreed };
        let mut body = serde_json::to_vec(&asked).unwrap();
        body.push(b'\n');
        body.extend(&book);
        let path = format!("/api/rooms/{at}/intake");
        desk.post(&path).body("application/vnd.muster.intake", body).send().await
    };
    let preview: IntakePreview = post(None).await.read();
    assert_eq!((preview.form.as_str(), preview.counts.rows), ("Excel workbook", 63));
    let agreed = IntakeAgreed { digest: preview.digest, head: preview.head };
    let done: IntakeDone = post(Some(agreed)).await.read();
    assert_eq!((done.registered, done.merged, done.refused.len()), (63, 1, 0));
    let rows = host.running.hub().snapshot(at, Audience::Desk, None).await.unwrap();
    let rows: serde_json::Value = serde_json::from_slice(&rows.body).unwrap();
    let rows = rows["put"].as_array().unwrap().iter().map(|put| &put["row"]);
    let census = rows.clone().find(|row| row["row"] == "census").unwrap();
    assert_eq!(census["register"], 62);
    assert_eq!(rows.filter(|row| row["row"] == "desk_person").count(), 62);
}

#[test]
fn people_match_by_nhs_number_then_name_and_birth_date_then_bedroom() {
    let register = in_room(vec![
        enrolled(1, "Margaret Ellis", Some("1938-04-03"), Some("9998234328"), "1"),
        enrolled(2, "Doreen Haddock", Some("1934-11-02"), None, "2"),
        enrolled(3, "Emrys Lloyd", None, None, "3"),
        enrolled(4, "Ivy Threadgold", Some("1927-02-28"), None, "4"),
        enrolled(5, "Horatio Wimpole", Some("1931-09-12"), Some("9995929848"), "5"),
    ]);
    let list = b"Room,Name,D.O.B,NHS No.\n\
        1,Peggy Elis,03/04/1938,999 823 4328\n\
        2,HADDOCK Doreen,02/11/1934,999 131 5659\n\
        3,Emrys Lloyd,13/09/1944,\n\
        9,Ivy Thredgold,28/02/1927,\n\
        6,Horatio Wimpole,12/09/1931,999 823 4360\n";
    let intake = held(list, &IntakeChoices::default(), &register);
    adds_up(&intake);
    let found = |number: u32| match &row(&intake, number).fate {
        IntakeFate::Known { person, .. } | IntakeFate::Changed { person, .. } => {
            Some(person.0.as_u128())
        }
        _ => None,
    };
    assert_eq!([found(2), found(3), found(4)], [Some(1), Some(2), Some(3)]);
    let asked = row(&intake, 4);
    assert!(asked.pair.is_some() && asked.asks, "the bedroom and the name alone are asked about");
    let IntakeFate::Changed { fields, .. } = &asked.fate else { panic!("{:?}", asked.fate) };
    assert!(fields.iter().all(|field| !field.take), "nothing is taken before the answer");
    let alike = row(&intake, 5);
    assert_eq!(alike.fate, IntakeFate::New);
    assert!(alike.pair.is_some() && alike.asks);
    assert!(alike.questions.contains(&proto::register::OpenQuestion::Duplicate));
    assert_eq!(intake.preview.missing.len(), 2, "Ivy and Horatio are asked about, never removed");
    let person = proto::id::PersonId(uuid::Uuid::from_u128(4));
    let same = IntakeRowChoice { row: 5, is: IntakeDecision::SamePerson { person } };
    let choices = IntakeChoices { rows: vec![same], ..IntakeChoices::default() };
    let intake = held(list, &choices, &register);
    assert!(matches!(row(&intake, 5).fate, IntakeFate::Changed { .. }));
    assert_eq!(intake.preview.missing.len(), 1);
}

#[test]
fn a_blank_cell_clears_nothing() {
    let register = in_room(vec![enrolled(1, "Margaret Ellis", Some("1938-04-03"), None, "1")]);
    let list = b"Name,D.O.B,Room,Needs\nMargaret Ellis,03/04/1938,,\n";
    let intake = held(list, &IntakeChoices::default(), &register);
    assert!(matches!(row(&intake, 2).fate, IntakeFate::Known { .. }), "{:?}", row(&intake, 2).fate);
}

#[test]
fn choices_about_missing_rows_are_ignored() {
    let choices = IntakeChoices {
        rows: vec![
            IntakeRowChoice { row: 900, is: IntakeDecision::SameRow { row: 901 } },
            IntakeRowChoice { row: 2, is: IntakeDecision::SameRow { row: 2 } },
            IntakeRowChoice { row: 3, is: IntakeDecision::LeftOut },
            IntakeRowChoice { row: 5, is: IntakeDecision::SameRow { row: 4 } },
        ],
        ..IntakeChoices::default()
    };
    let list =
        b"Name,Room\nMargaret Ellis,1\nDoreen Haddock,2\nIvy Threadgold,3\nIvy Threadgold,4\n";
    let intake = held(list, &choices, &Register::default());
    adds_up(&intake);
    let counts = intake.preview.counts;
    assert_eq!((counts.new, counts.left_out, counts.doubles), (2, 1, 1), "the others hold");
    assert_eq!(intake.preview.problem, None);
}

#[test]
fn the_longest_list_is_compared_with_a_full_room_quickly() {
    let mut list = "Room,Name,D.O.B,Funding\n".to_owned();
    // Half of them are in the room.
    for n in PEOPLE_MAX / 2..PEOPLE_MAX / 2 + IMPORT_ROWS_MAX {
        let (day, month, year) = (1 + n % 28, 1 + n % 12, 1920 + n % 60);
        list += &format!("{n},Person{n} Number{},{day:02}/{month:02}/{year},SF\n", n % 700);
    }
    let people = (0..PEOPLE_MAX).map(|n| {
        let born = format!("{}-{:02}-{:02}", 1920 + n % 60, 1 + n % 12, 1 + n % 28);
        let name = format!("Person{n} Number{}", n % 700);
        enrolled(u128::try_from(n).unwrap() + 1, &name, Some(&born), None, &n.to_string())
    });
    let register = in_room(people.collect());
    let began = Instant::now();
    let intake = held(list.as_bytes(), &IntakeChoices::default(), &register);
    let took = began.elapsed();
    adds_up(&intake);
    assert_eq!(usize::try_from(intake.preview.counts.rows).unwrap(), IMPORT_ROWS_MAX);
    assert!(intake.preview.problem.as_ref().unwrap().contains("A room can hold 5000 people"));
    // Pairwise comparison would take minutes here; the limit is far above the real duration.
    assert!(took.as_secs() < 30, "{took:?}");
    println!("{IMPORT_ROWS_MAX} rows against {PEOPLE_MAX} people: {took:?}");
}
