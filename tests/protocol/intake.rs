//! Lists of people: previewed, confirmed, imported, and followed by later lists.

use journal::registry::Reading;
use proof::{cast, device::Device, host::Host, web::Answer};
use proto::{
    command::Command,
    details,
    id::{PersonId, Seq},
    intake::{
        IntakeAgreed, IntakeAsked, IntakeChoices, IntakeDecision, IntakeDone, IntakeFate,
        IntakeFieldChoice, IntakePreview, IntakeRow, IntakeRowChoice, IntakeWords,
    },
    outcome::Fate,
    person::Care,
    role::{Audience, Role},
};

/// Six rows: three people, one of them twice, a couple, and a total.
const LIST: &str = "Lantern Court,,,,\n\
    Room,Name,D.O.B,NHS No.,Next of kin\n\
    1,Margaret Ellis,03/04/1938,999 823 4328,Robert Ellis\n\
    2,Doreen Haddock,02/11/1934,999 131 5659,\n\
    3,Emrys Lloyd,13/09/1944,,\n\
    9,Doreen Haddok,02/11/1934,999 131 5659,\n\
    7,Mr & Mrs Wojcik,18/04/1932 & 02/12/1934,,\n\
    Total,6,,,\n";

const KIND: &str = "application/vnd.muster.intake";

fn asked(choices: IntakeChoices, agreed: Option<IntakeAgreed>) -> IntakeAsked {
    IntakeAsked { file: cast::text("residents.csv"), choices, agreed }
}

async fn post(desk: &Device, asked: &IntakeAsked, file: &[u8]) -> Answer {
    let mut body = serde_json::to_vec(asked).unwrap();
    body.push(b'\n');
    body.extend(file);
    let path = format!("/api/rooms/{}/intake", desk.room);
    desk.post(&path).body(KIND, body).send().await
}

async fn look(desk: &Device, choices: &IntakeChoices, file: &str) -> IntakePreview {
    let answer = post(desk, &asked(choices.clone(), None), file.as_bytes()).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    answer.read()
}

fn agrees(preview: &IntakePreview) -> Option<IntakeAgreed> {
    Some(IntakeAgreed { digest: preview.digest.clone(), head: preview.head })
}

async fn take(
    desk: &Device,
    choices: &IntakeChoices,
    preview: &IntakePreview,
    file: &str,
) -> IntakeDone {
    let answer = post(desk, &asked(choices.clone(), agrees(preview)), file.as_bytes()).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    answer.read()
}

fn row(preview: &IntakePreview, number: u32) -> &IntakeRow {
    preview.rows.iter().find(|row| row.row == number).unwrap()
}

fn adds_up(preview: &IntakePreview) {
    let c = preview.counts;
    let sum = c.new + c.known + c.changed + c.doubles + c.nobody + c.left_out + c.hidden;
    assert_eq!(sum, c.rows, "{c:?}");
    let rows = preview.rows.iter().filter(|row| !row.is_second).count();
    assert_eq!(u32::try_from(rows).unwrap(), c.rows);
}

fn person_of(preview: &IntakePreview, number: u32) -> PersonId {
    match &row(preview, number).fate {
        IntakeFate::Known { person, .. } | IntakeFate::Changed { person, .. } => *person,
        other => panic!("{other:?}"),
    }
}

async fn register(host: &Host, desk: &Device) -> u32 {
    let rows = host.running.hub().snapshot(desk.room, Audience::Desk, None).await.unwrap();
    let text = String::from_utf8(rows.body.to_vec()).unwrap();
    u32::try_from(text.matches("\"desk_person\"").count()).unwrap()
}

/// P-73: for roles that register people, at a desk; nothing happens before a person confirms.
#[tokio::test]
async fn a_preview_is_for_members_who_register_people_and_changes_nothing() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    let choices = IntakeChoices::default();
    for (roles, may) in [
        (&[Role::Bizsup][..], true),
        (&[Role::Records], true),
        (&[Role::Finance], false),
        (&[Role::Director], false),
    ] {
        let desk = host.door.come_in(room, Audience::Desk, roles).await;
        let answer = post(&desk, &asked(choices.clone(), None), LIST.as_bytes()).await;
        if may {
            assert_eq!(answer.status.as_u16(), 200, "{roles:?}: {answer:?}");
        } else {
            assert_eq!(answer.error(), (403, "not_yours".to_owned()), "{roles:?}");
        }
    }
    let preview = look(&lead, &choices, LIST).await;
    assert_eq!(register(&host, &lead).await, 0);
    adds_up(&preview);
    let counts = preview.counts;
    assert_eq!((counts.rows, counts.new, counts.nobody, counts.above), (6, 5, 1, 1));
    assert_eq!((counts.seconds, counts.register), (1, 6));
    assert_eq!(preview.header_row, Some(2));
    assert_eq!(preview.columns[2].field.as_deref(), Some("date_of_birth"));
    assert_eq!(preview.columns[2].samples[0], "03/04/1938");
    let pair = row(&preview, 6).pair.as_ref().unwrap();
    assert_eq!((pair.row, pair.is_one), (Some(4), None));
    assert!(row(&preview, 6).asks && row(&preview, 4).asks);
}

/// P-73: invalid bodies, and unreadable files.
#[tokio::test]
async fn an_unreadable_file_is_reported_in_words() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let bare = asked(IntakeChoices::default(), None);
    for (file, words) in [
        (
            &b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"[..],
            "without a password",
        ),
        (b"PK\x03\x04nonsense", "damaged"),
        (b"", "empty"),
        (b"%PDF-1.7", "neither a spreadsheet"),
    ] {
        let answer = post(&lead, &bare, file).await;
        assert_eq!(answer.error(), (422, "file".to_owned()), "{words}");
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(text.contains(words), "{text}");
    }
    let large = vec![b'x'; proto::limit::IMPORT_BYTES_MAX + 1];
    assert_eq!(post(&lead, &bare, &large).await.error(), (422, "file".to_owned()));
    let path = format!("/api/rooms/{}/intake", lead.room);
    let json = lead.post(&path).json(&bare).send().await;
    assert_eq!(json.error(), (400, "malformed".to_owned()));
    let lined = lead.post(&path).body(KIND, b"{}".to_vec()).send().await;
    assert_eq!(lined.error(), (400, "malformed".to_owned()));
    // A list without column names is shown, so that a person can point them out.
    let preview = look(&lead, &IntakeChoices::default(), "a,b\nMargaret Ellis,1\n").await;
    assert!(preview.problem.is_some() && preview.top.len() == 2);
    let pointed = IntakeChoices {
        header_row: Some(1),
        columns: Some(vec![Some("name".to_owned()), Some("room".to_owned())]),
        ..IntakeChoices::default()
    };
    let preview = look(&lead, &pointed, "a,b\nMargaret Ellis,1\n").await;
    assert_eq!((preview.problem, preview.counts.new), (None, 1));
}

/// P-74: confirmed, imported, and imported again: nobody twice.
#[tokio::test]
async fn a_list_imported_twice_adds_nobody_twice() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let same = IntakeRowChoice { row: 6, is: IntakeDecision::SameRow { row: 4 } };
    let choices = IntakeChoices { rows: vec![same], ..IntakeChoices::default() };
    let preview = look(&lead, &choices, LIST).await;
    adds_up(&preview);
    assert_eq!((preview.counts.new, preview.counts.doubles, preview.counts.register), (4, 1, 5));
    let wrong = IntakeAgreed { digest: "0".repeat(64), head: preview.head };
    let refused = post(&lead, &asked(choices.clone(), Some(wrong)), LIST.as_bytes()).await;
    assert_eq!(refused.error(), (409, "changed".to_owned()));
    assert_eq!(register(&host, &lead).await, 0);
    let done = take(&lead, &choices, &preview, LIST).await;
    assert_eq!((done.registered, done.merged, done.refused.len()), (6, 1, 0), "one is merged");
    assert_eq!(register(&host, &lead).await, 5);
    // The response was lost, and the browser retries.
    let again = take(&lead, &choices, &preview, LIST).await;
    assert!(again.refused.is_empty(), "{again:?}");
    assert_eq!(register(&host, &lead).await, 5);
    // Somebody previews the same file later.
    let later = look(&lead, &IntakeChoices::default(), LIST).await;
    adds_up(&later);
    assert_eq!((later.counts.new, later.counts.register, later.missing.len()), (0, 0, 0));
    assert_eq!(register(&host, &lead).await, 5);
}

/// P-74: an open question on a row is marked on the person, and blocks nobody.
#[tokio::test]
async fn an_unsettled_row_is_imported_with_its_questions() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let choices = IntakeChoices::default();
    let preview = look(&lead, &choices, LIST).await;
    let done = take(&lead, &choices, &preview, LIST).await;
    assert_eq!((done.registered, done.merged), (6, 0));
    let rows = host.running.hub().snapshot(lead.room, Audience::Desk, None).await.unwrap();
    let text = String::from_utf8(rows.body.to_vec()).unwrap();
    assert!(text.contains("\"duplicate\"") && text.contains("\"nhs_number_missing\""));
}

/// P-76: a word explained after the import answers the questions it had left open.
#[tokio::test]
async fn a_word_explained_later_answers_what_the_list_left_open() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let list = "Room,Name,D.O.B,NHS No.,Type of care\n\
        12,Margaret Ellis,03/04/1938,999 823 4328,Nursing\n\
        14,Doreen Haddock,02/11/1934,999 131 5659,Chalet\n";
    let none = IntakeChoices::default();
    let first = look(&lead, &none, list).await;
    take(&lead, &none, &first, list).await;
    assert_eq!(left_open(&host, &lead, "care").await, 2);
    let words = IntakeWords {
        care: [("Nursing".to_owned(), Care::GeneralNursing)].into(),
        ..IntakeWords::default()
    };
    let choices = IntakeChoices { words, ..none };
    let again = look(&lead, &choices, list).await;
    let done = take(&lead, &choices, &again, list).await;
    assert_eq!((done.changed, done.refused.len()), (1, 0), "{:?}", done.refused);
    assert_eq!(left_open(&host, &lead, "care").await, 1, "nobody explained the chalet");
    let after = look(&lead, &choices, list).await;
    assert_eq!((after.counts.known, after.counts.changed), (2, 0));
}

/// Returns the number of people with this question open.
async fn left_open(host: &Host, desk: &Device, question: &str) -> usize {
    let rows = host.running.hub().snapshot(desk.room, Audience::Desk, None).await.unwrap();
    let rows: serde_json::Value = serde_json::from_slice(&rows.body).unwrap();
    let people = rows["put"].as_array().unwrap().iter();
    let open = people.filter_map(|put| put["row"]["questions"].as_array());
    open.filter(|questions| questions.iter().any(|one| one == question)).count()
}

/// P-76: a later list shows what changed, asks before it changes anything, and removes nobody.
#[tokio::test]
async fn a_later_list_changes_only_what_was_agreed_to() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let none = IntakeChoices::default();
    let first = look(&lead, &none, LIST).await;
    take(&lead, &none, &first, LIST).await;
    let known = look(&lead, &none, LIST).await;
    let (ellis, haddock) = (person_of(&known, 3), person_of(&known, 4));
    // The desk moves one of them; the home's next list moves both, and omits one.
    let change = cast::bedroom("21");
    let command = Command::from(details::Plan::Change { person: ellis, change: Box::new(change) });
    let edit = proto::command::Envelope { based_on: Some(known.head), ..cast::asks(command) };
    assert!(matches!(lead.fate(&edit).await, Fate::Ok { .. }));
    let second = "Room,Name,D.O.B,NHS No.\n14,Margaret Ellis,03/04/1938,999 823 4328\n\
        15,Doreen Haddock,02/11/1934,999 131 5659\n8,Ivy Threadgold,28/02/1927,999 191 8795\n";
    let preview = look(&lead, &none, second).await;
    adds_up(&preview);
    assert_eq!((preview.counts.new, preview.counts.changed), (1, 2));
    assert_eq!(preview.counts.differences, 1, "what was changed by hand is left");
    let IntakeFate::Changed { person, fields, .. } = &row(&preview, 2).fate else { panic!() };
    assert_eq!(*person, ellis);
    assert_eq!((fields[0].field.as_str(), fields[0].room.as_deref()), ("bedroom", Some("21")));
    assert!(fields[0].list == "14" && fields[0].by_hand && !fields[0].take);
    assert!(preview.missing.len() >= 3, "Emrys Lloyd and both Wojciks stay: {:?}", preview.missing);
    let before = register(&host, &lead).await;
    let done = take(&lead, &none, &preview, second).await;
    assert_eq!((done.registered, done.changed), (1, 1));
    assert_eq!(register(&host, &lead).await, before + 1);
    let after = look(&lead, &none, second).await;
    assert_eq!((after.counts.changed, after.counts.known), (1, 2));
    let take_it = IntakeFieldChoice { person: ellis, field: "bedroom".to_owned(), take: true };
    let choices = IntakeChoices { fields: vec![take_it], ..none.clone() };
    let preview = look(&lead, &choices, second).await;
    take(&lead, &choices, &preview, second).await;
    let last = look(&lead, &none, second).await;
    assert_eq!((last.counts.known, last.counts.changed), (3, 0));
    assert_ne!(haddock, ellis);
}

/// P-76: a change between preview and confirmation is not overwritten.
#[tokio::test]
async fn a_change_made_during_the_preview_is_not_overwritten() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let none = IntakeChoices::default();
    let list = "Room,Name,D.O.B\n1,Margaret Ellis,03/04/1938\n";
    let first = look(&lead, &none, list).await;
    take(&lead, &none, &first, list).await;
    let later = list.replace("\n1,", "\n2,");
    let preview = look(&lead, &none, &later).await;
    let person = person_of(&preview, 2);
    let change = Box::new(cast::bedroom("30"));
    let command = Command::from(details::Plan::Change { person, change });
    let edit = proto::command::Envelope { based_on: Some(preview.head), ..cast::asks(command) };
    assert!(matches!(lead.fate(&edit).await, Fate::Ok { .. }));
    let agreed = asked(none, agrees(&preview));
    let refused = post(&lead, &agreed, later.as_bytes()).await;
    assert_eq!(refused.error(), (409, "changed".to_owned()));
}

/// P-75: fields that a reader's roles may not see are not compared.
#[tokio::test]
async fn only_permitted_fields_are_compared_and_the_access_is_recorded() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    let bizsup = host.door.come_in(room, Audience::Desk, &[Role::Bizsup]).await;
    let none = IntakeChoices::default();
    let list =
        "Room,Name,D.O.B,Needs,Funding,NOK\n1,Margaret Ellis,03/04/1938,Hoist,SF,Robert Ellis\n";
    let first = look(&lead, &none, list).await;
    take(&lead, &none, &first, list).await;
    let later = list.replace("Hoist", "Two to hoist").replace("SF", "CHC").replace("Robert", "Rob");
    let fields = |preview: &IntakePreview| match &row(preview, 2).fate {
        IntakeFate::Changed { fields, .. } => {
            fields.iter().map(|field| field.field.clone()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(fields(&look(&bizsup, &none, &later).await), ["next_of_kin"]);
    let preview = look(&lead, &none, &later).await;
    let all = fields(&preview);
    assert!(["needs", "funding", "next_of_kin"].iter().all(|f| all.contains(&(*f).to_owned())));
    let person = person_of(&preview, 2);
    let records = host.running.registry().accesses(room, person).await.unwrap();
    let told: Vec<_> = records.iter().map(|record| (record.member, record.what)).collect();
    assert_eq!(told, [(bizsup.member, Reading::Opened), (lead.member, Reading::Opened)]);
}

/// P-74: choices for a list are applied to the next list with the same column names.
#[tokio::test]
async fn a_councils_choices_are_remembered_for_the_next_list() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let list = "Spot,Who,Birthday,Pays\n1,Margaret Ellis,03/04/1938,SF\n";
    let words = |columns: &[&str]| {
        Some(columns.iter().map(|c| Some((*c).to_owned()).filter(|c| !c.is_empty())).collect())
    };
    let mut choices = IntakeChoices {
        header_row: Some(1),
        columns: words(&["room", "name", "date_of_birth", "funding"]),
        ..IntakeChoices::default()
    };
    let means = proto::intake::IntakeFunding {
        source: Some(proto::person::FundingSource::SelfFunded),
        ..Default::default()
    };
    choices.words.funding.insert("SF".to_owned(), means);
    let preview = look(&lead, &choices, list).await;
    take(&lead, &choices, &preview, list).await;
    let next = "Spot,Who,Birthday,Pays\n2,Doreen Haddock,02/11/1934,sf\n";
    let pointed = IntakeChoices { header_row: Some(1), ..IntakeChoices::default() };
    let preview = look(&lead, &pointed, next).await;
    assert!(preview.is_remembered, "{:?}", preview.columns);
    assert_eq!((preview.problem, preview.counts.new), (None, 1));
    assert!(preview.words[0].is_explained);
    assert!(preview.head > Seq(0));
}
