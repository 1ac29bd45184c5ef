//! Exports: files that leave a room, for authorised readers, recorded, and safe to open.

use calamine::{Data, Reader, Xlsx};
use proof::{
    cast,
    device::Device,
    host::Host,
    web::{Answer, Ask},
};
use proto::{
    command::Command,
    details::PersonChange,
    export::KeptEntry,
    id::{Seq, Time},
    log::{self, DeskLog},
    person::{Funding, FundingSource},
    register,
    role::{Audience, Role},
    text::{BirthDate, NhsNumber, Note},
    whereabouts,
};
use sha2::{Digest, Sha256};

const ALL: [&str; 5] = ["people.csv", "people.xlsx", "movements.csv", "log.csv", "log.jsonl"];

fn takes(device: &Device, export: &str) -> Ask {
    let path = format!("/api/rooms/{}/exports/{export}", device.room);
    device.post(&path).json(&serde_json::json!({ "why": "evening handover" }))
}

async fn taken(device: &Device, export: &str) -> Answer {
    let answer = takes(device, export).send().await;
    assert_eq!(answer.status.as_u16(), 200, "{export}: {answer:?}");
    answer
}

/// A table as a spreadsheet reads it: the header, then the rows.
struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(answer: &Answer) -> Self {
        let body = answer.body.strip_prefix(b"\xEF\xBB\xBF").expect("the mark of UTF-8");
        let mut lines = csv::ReaderBuilder::new().has_headers(false).from_reader(body);
        let mut rows: Vec<Vec<String>> =
            lines.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        let heads = rows.remove(0);
        Self { heads, rows }
    }

    fn cell(&self, row: usize, head: &str) -> &str {
        let at = self.heads.iter().position(|there| there == head);
        &self.rows[row][at.unwrap_or_else(|| panic!("no column {head}"))]
    }
}

/// Returns the last line of the log.
async fn last_line(device: &Device) -> DeskLog {
    let path = format!("/api/rooms/{}/log?before=1000000", device.room);
    device.get(&path).send().await.read::<Vec<DeskLog>>().remove(0)
}

/// Registers a person whose every field is an attack on spreadsheets.
async fn register_a_trap(host: &Host, room: proto::id::RoomId) {
    let details = Box::new(PersonChange {
        name: Some(cast::name("=HYPERLINK(\"http://evil.example\",\"O'Neil, \"\"Peg\"\"\")")),
        known_as: Some(cast::name("@Peg مريم")),
        date_of_birth: Some(BirthDate::parse("1938-04-03").unwrap()),
        nhs_number: Some(NhsNumber::parse("9998234328").unwrap()),
        needs: Some(Note::parse("-1 step\n=2 and \"quoted\", with commas").unwrap()),
        funding: Some(Funding {
            council_record: Some(FundingSource::ThisCouncil),
            ..Funding::default()
        }),
        next_of_kin: Some(proto::person::NextOfKin {
            name: cast::name("Lucasta Featherstonehaugh"),
            relation: None,
            telephone: Some(cast::text("+447700900461")),
        }),
        ..PersonChange::default()
    });
    let person = cast::person(77);
    let questions = Vec::new();
    host.door
        .sets_up(room, Command::from(register::Plan::Register { person, details, questions }))
        .await;
}

/// P-80, P-65: a file with its own name, which no cache stores.
#[tokio::test]
async fn a_desk_exports_every_file_under_its_own_name() {
    let host = Host::start().await;
    let (_, lead) = host.room(2).await;
    for export in ALL {
        let answer = taken(&lead, export).await;
        let (what, kind) = export.split_once('.').unwrap();
        let name = answer.header("content-disposition");
        assert!(name.starts_with(&format!("attachment; filename=\"muster_{what}_")), "{name}");
        let entry = last_line(&lead).await.seq;
        assert!(name.ends_with(&format!("_entry-{entry}.{kind}\"")), "{name}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(!answer.body.is_empty());
    }
    for strange in ["people.pdf", "people", "..", "log.xlsx"] {
        let answer = takes(&lead, strange).send().await;
        assert_eq!(answer.status.as_u16(), 404, "{strange}");
    }
    let path = format!("/api/rooms/{}/exports/people.csv", lead.room);
    assert_eq!(lead.get(&path).send().await.error(), (405, "method".to_owned()));
    for body in ["{}", r#"{"why":""}"#, r#"{"why":"x","as":"lead"}"#, "x"] {
        let answer = lead.post(&path).body("application/json", body).send().await;
        assert_eq!(answer.error(), (400, "malformed".to_owned()), "{body}");
    }
}

/// P-81: who, what and why are recorded before the file is sent, and the file is as of that entry.
#[tokio::test]
async fn the_log_records_each_export_and_the_file_is_as_of_that_entry() {
    let host = Host::start().await;
    let (_, lead) = host.room(1).await;
    for export in ALL {
        let before = last_line(&lead).await.seq;
        let answer = taken(&lead, export).await;
        let line = last_line(&lead).await;
        assert_eq!(line.seq, before.next(), "one line for one file");
        assert_eq!(line.by, proto::member::Actor::Member(lead.member));
        assert!(line.text.starts_with("Taken away: ") && line.text.contains("evening handover"));
        if export == "log.csv" {
            let table = Table::read(&answer);
            let last = table.rows.len() - 1;
            assert_eq!(table.cell(last, "entry_no"), line.seq.to_string());
            assert_eq!(table.cell(last, "by"), "Ignatius Vavasour");
            assert_eq!(table.cell(last, "text"), line.text.as_str());
        }
    }
}

/// P-82: the roles in the matrix, with a staff login, at a desk; a refusal leaves no trace.
#[tokio::test]
async fn only_lead_deputy_and_business_support_can_export() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    let deputy = host.door.come_in(room, Audience::Desk, &[Role::Deputy]).await;
    let support = host.door.come_in(room, Audience::Desk, &[Role::Bizsup]).await;
    for export in ALL {
        taken(&deputy, export).await;
    }
    for export in &ALL[..3] {
        taken(&support, export).await;
    }
    let mut denied = Vec::new();
    for export in &ALL[3..] {
        denied.push(takes(&support, export));
    }
    for role in [Role::Finance, Role::Records, Role::Transport, Role::NamedSw, Role::Director] {
        let other = host.door.come_in(room, Audience::Desk, &[role]).await;
        denied.extend(ALL.map(|export| takes(&other, export)));
    }
    for face in [Audience::Phone, Audience::Sitrep, Audience::Wall] {
        let roles: &[Role] = if face == Audience::Wall { &[] } else { &[Role::Lead] };
        let other = host.door.come_in(room, face, roles).await;
        denied.push(takes(&other, "people.csv"));
    }
    let mut link = proof::device::Door::asks_for(room, Audience::Phone, &[Role::Lead]);
    link.outside = true;
    let invite = host.door.invite(&link).await;
    denied.push(takes(&host.door.let_in(&invite).await, "people.csv"));
    let head = lead.snapshot().await.to;
    for ask in denied {
        let answer = ask.send().await;
        assert_eq!(answer.error(), (403, "not_yours".to_owned()));
    }
    assert_eq!(lead.snapshot().await.to, head, "a refused export is no line of the log");
}

/// P-82, P-7: not for another room, another site, or no login.
#[tokio::test]
async fn nobody_exports_another_room() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let other = host.door.open_room(1).await;
    let foreign = Device { room: other, ..lead.clone() };
    assert_eq!(takes(&foreign, "people.csv").send().await.error(), (404, "no_room".to_owned()));
    let evil = takes(&lead, "people.csv").instead("origin", "http://evil.example");
    assert_eq!(evil.send().await.error(), (403, "foreign_origin".to_owned()));
    let nobody = takes(&lead, "people.csv").without("cookie");
    assert_eq!(nobody.send().await.error(), (401, "no_login".to_owned()));
}

/// P-82: field by field, as on the card.
#[tokio::test]
async fn a_file_contains_only_fields_that_its_reader_may_read() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    register_a_trap(&host, room).await;
    let support = host.door.come_in(room, Audience::Desk, &[Role::Bizsup]).await;
    let whole = Table::read(&taken(&lead, "people.csv").await);
    let part = Table::read(&taken(&support, "people.csv").await);
    assert_eq!(whole.heads, part.heads);
    for head in ["needs", "funding"] {
        assert!(!whole.cell(0, head).is_empty(), "{head}");
        assert_eq!(part.cell(0, head), "", "business support reads no {head}");
    }
    for head in ["name", "nhs_number", "next_of_kin"] {
        assert_eq!(whole.cell(0, head), part.cell(0, head));
        assert!(!part.cell(0, head).is_empty(), "{head}");
    }
    let sheet = taken(&support, "people.xlsx").await;
    let rows = people_sheet(&sheet);
    let needs = rows[0].iter().position(|head| *head == Data::String("needs".to_owned())).unwrap();
    assert_eq!(rows[1][needs], Data::Empty);
}

fn people_sheet(answer: &Answer) -> Vec<Vec<Data>> {
    let bytes = std::io::Cursor::new(answer.body.clone());
    let mut book: Xlsx<_> = Xlsx::new(bytes).unwrap();
    assert!(book.worksheet_formula("People").unwrap().is_empty(), "there is a formula");
    book.worksheet_range("People").unwrap().rows().map(<[Data]>::to_vec).collect()
}

/// P-83: typed text is text in every program that opens the file.
#[tokio::test]
async fn no_cell_is_a_formula() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    register_a_trap(&host, room).await;
    lead.does(cast::line("=1+1 said the first")).await;
    lead.does(cast::line("+44 7700 900461 rang\nand again")).await;
    for export in ["people.csv", "log.csv", "movements.csv"] {
        let answer = taken(&lead, export).await;
        assert!(answer.body.ends_with(b"\r\n"));
        let table = Table::read(&answer);
        for cell in table.rows.iter().flatten() {
            assert!(!cell.trim_start().starts_with(['=', '+', '-', '@']), "{export}: {cell:?}");
        }
    }
    let people = Table::read(&taken(&lead, "people.csv").await);
    let name = "'=HYPERLINK(\"http://evil.example\",\"O'Neil, \"\"Peg\"\"\")";
    assert_eq!(people.cell(0, "name"), name);
    assert_eq!(people.cell(0, "needs"), "'-1 step\n=2 and \"quoted\", with commas");
    assert_eq!(people.cell(0, "kin_telephone"), "'+447700900461");
    assert_eq!(people.cell(0, "nhs_number"), "999 823 4328");
    let rows = people_sheet(&taken(&lead, "people.xlsx").await);
    let cell = |head: &str| {
        let at = rows[0].iter().position(|there| *there == Data::String(head.to_owned()));
        rows[1][at.unwrap()].clone()
    };
    assert_eq!(cell("name"), Data::String(name[1..].to_owned()));
    assert_eq!(cell("nhs_number"), Data::String("999 823 4328".to_owned()));
    assert!(matches!(cell("date_of_birth"), Data::DateTime(_)));
}

/// P-80: a journey is listed by its facts, each with both its times.
#[tokio::test]
async fn movements_are_listed_one_fact_per_line() {
    let host = Host::start().await;
    let (room, lead) = host.room(2).await;
    host.door.sets_up(room, cast::adds_home(0)).await;
    let leaves = Command::from(whereabouts::Fact::Depart {
        person: cast::person(0),
        home: Some(cast::home(0)),
        vehicle: Some(cast::text("Taxi 4")),
    });
    let earlier = Time(hub::Clock::now(&*host.clock).0 - 120_000);
    let envelope = proto::command::Envelope { happened_at: Some(earlier), ..cast::asks(leaves) };
    lead.fate(&envelope).await;
    lead.does(cast::arrives(0)).await;
    let hospital = Some(cast::text("the Royal"));
    lead.does(Command::from(whereabouts::Fact::TakeToHospital {
        person: cast::person(1),
        hospital,
    }))
    .await;
    lead.does(cast::line("no movement")).await;
    let table = Table::read(&taken(&lead, "movements.csv").await);
    let told = |row, heads: [&str; 3]| heads.map(|head| table.cell(row, head).to_owned());
    let way = ["from_site", "to_site", "state"];
    assert_eq!(table.rows.len(), 3);
    assert_eq!(told(0, way), ["Lantern Court", "on the way to Ashlea", "left"]);
    assert_eq!(told(1, way), ["on the way to Ashlea", "Ashlea", "arrived"]);
    assert_eq!(told(2, way), ["Lantern Court", "hospital: the Royal", "taken to hospital"]);
    assert_eq!(table.cell(0, "vehicle"), "Taxi 4");
    assert_eq!(table.cell(0, "confirmed_by"), "Ignatius Vavasour");
    assert!(table.cell(0, "override_gate").contains("G22 not met"));
    assert!(table.cell(0, "event_time") < table.cell(0, "recorded_time"));
    for empty in ["cqc_location_id", "escort", "meds_yn", "papers_yn", "belongings_yn"] {
        assert!((0..3).all(|row| table.cell(row, empty).is_empty()));
    }
}

/// P-80: a struck line stays, beside its replacement.
#[tokio::test]
async fn a_corrected_line_is_shown_struck_with_its_correction() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let line = lead.does(cast::line("Twelve are left")).await;
    let text = Note::parse("Eleven are left").unwrap();
    let why = cast::text("miscounted");
    let correction = lead.does(Command::from(log::Plan::Correct { line, text, why })).await;
    let table = Table::read(&taken(&lead, "log.csv").await);
    let row = |seq: Seq| {
        let rows = 0..table.rows.len();
        rows.into_iter().find(|row| table.cell(*row, "entry_no") == seq.to_string()).unwrap()
    };
    let (old, new) = (row(line), row(correction));
    assert_eq!(table.cell(old, "text"), "Twelve are left");
    assert_eq!(table.cell(old, "struck"), "yes");
    assert_eq!(table.cell(old, "corrected_by_entry"), correction.to_string());
    assert!(table.cell(old, "correction").starts_with("Eleven are left"));
    assert_eq!(table.cell(new, "corrects_entry"), line.to_string());
    assert_eq!(table.cell(new, "struck"), "");
}

/// P-84, I-2: the holder of the file can verify it without any program of ours.
#[tokio::test]
async fn an_exported_log_can_be_verified_alone() {
    let host = Host::start().await;
    let (room, lead) = host.room(3).await;
    let lines: Vec<_> = (0..50).map(|n| cast::asks(cast::line(&format!("line {n}")))).collect();
    for _ in 0..12 {
        let fresh: Vec<_> = lines.iter().map(|line| cast::asks(line.command.clone())).collect();
        lead.fates(&fresh).await;
    }
    let answer = taken(&lead, "log.jsonl").await;
    let text = std::str::from_utf8(&answer.body).unwrap();
    let (mut chain, mut seq) = ([0_u8; 32], 0);
    for line in text.lines() {
        let entry: KeptEntry = serde_json::from_str(line).unwrap();
        chain = Sha256::new().chain_update(chain).chain_update(&entry.body).finalize().into();
        let hex: String = chain.map(|byte| format!("{byte:02x}")).concat();
        seq += 1;
        assert_eq!((entry.seq.0, &entry.chain), (seq, &hex));
        assert_eq!(entry.tag.to_string(), hex[..16]);
    }
    let kept = host.running.journal().head(room).await.unwrap().unwrap();
    assert!(seq > 600, "more than one page");
    assert_eq!((kept.seq.0, kept.tag.0), (seq, chain[..8].try_into().unwrap()));
}
