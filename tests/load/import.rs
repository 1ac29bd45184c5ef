//! Importing a provider's list into a live room, through the importer that `muster import people` uses.

use std::{
    fmt::Write,
    sync::Arc,
    time::{Duration, Instant},
};

use demo::harbour_rise;
use intake::plan::{Plan, Sources};
use proto::{
    limit,
    outcome::Fate,
    role::{Audience, Role},
};

use crate::{
    Effort,
    crowd::Crowd,
    process,
    room::Room,
    window::{median, share},
};

/// Rows of the lists.
const ROWS: [usize; 3] = [500, 2_000, limit::IMPORT_ROWS_MAX];
/// Every so many rows somebody is on the list twice.
const TWIN: usize = 50;
/// Every so many rows two people have names that sound alike.
const LIKE: usize = 20;

/// What one import took.
struct Found {
    read_ms: f64,
    commit_ms: f64,
    shown_ms: f64,
    p99_ms: f64,
}

/// Measures and prints.
pub async fn run(effort: Effort) {
    println!("\n## Importing a list\n");
    println!(
        "| rows | KiB | read and matched ms | questions | committed ms | on every screen ms | people | \
         others' commands p99 ms |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|--:|");
    for rows in ROWS {
        size(effort, rows).await;
    }
}

async fn size(effort: Effort, rows: usize) {
    let list = list(rows);
    let kib = list.len() as f64 / 1024.0;
    let mut rounds = Vec::new();
    let (mut questions, mut people) = (0, 0);
    for _ in 0..effort.rounds() {
        let server = process::muster();
        let room = Arc::new(Room::open(&server, 0, 40).await);
        let begun = Instant::now();
        let read = Plan::read(
            room.id,
            &Sources { file_name: "list.csv", people: &list, ..Sources::default() },
        );
        let read_ms = begun.elapsed().as_secs_f64() * 1e3;
        let mut found =
            Found { read_ms, commit_ms: f64::NAN, shown_ms: f64::NAN, p99_ms: f64::NAN };
        let plan = read.expect("a list as long as lists may be is taken");
        (questions, people) = (plan.faults().count(), plan.people);
        commit(&room, &plan, &mut found).await;
        rounds.push(found);
    }
    let of = |value: fn(&Found) -> f64| median(rounds.iter().map(value));
    println!(
        "| {rows} | {kib:.0} | {:.0} | {questions} | {:.0} | {:.0} | {people} | {:.1} |",
        of(|found| found.read_ms),
        of(|found| found.commit_ms),
        of(|found| found.shown_ms),
        of(|found| found.p99_ms),
    );
}

/// Sends what the plan says while a screen of each audience follows and somebody else writes.
async fn commit(room: &Arc<Room>, plan: &Plan, found: &mut Found) {
    let mut doors = Vec::new();
    for (face, roles) in [
        (Audience::Wall, Vec::new()),
        (Audience::Desk, vec![Role::Lead]),
        (Audience::Phone, vec![Role::NamedSw]),
        (Audience::Sitrep, vec![Role::Director]),
    ] {
        let invite = room.invite(face, roles).await;
        let login = room.redeem(face, &invite).await;
        doors.push(room.door(&login, &room.stand(&login).await));
    }
    let crowd = Crowd::open(doors.len(), |number| doors[number].clone(), true).await;
    let writer = tokio::spawn(others(Arc::clone(room)));
    let begun = Instant::now();
    let mut last = 0;
    for batch in plan.commands.chunks(limit::COMMANDS_MAX) {
        let answer = room.operator.import(room.id, batch.to_vec()).await.expect("an import");
        for told in answer.fates {
            match told.fate {
                Fate::Ok { seq } => last = seq.0,
                other => panic!("the room takes it, not {other:?}"),
            }
        }
    }
    found.commit_ms = begun.elapsed().as_secs_f64() * 1e3;
    assert!(crowd.wait(Duration::from_secs(10), |seen| seen.cursor >= last).await);
    found.shown_ms = begun.elapsed().as_secs_f64() * 1e3;
    writer.abort();
    let mut delays = DELAYS.lock().expect("nobody panics with it");
    delays.sort_unstable();
    found.p99_ms = share(&delays, 0.99) / 1e3;
    delays.clear();
}

/// How long the commands of others took, in microseconds.
static DELAYS: std::sync::Mutex<Vec<u32>> = std::sync::Mutex::new(Vec::new());

/// Writes a log line every twenty milliseconds, each by another lead.
async fn others(room: Arc<Room>) {
    let mut wire = room.wire().await;
    for lead in room.leads.iter().cycle() {
        let begun = Instant::now();
        if room.say(&mut wire, lead).await.is_some() {
            let took = begun.elapsed().as_micros() as u32;
            DELAYS.lock().expect("nobody panics with it").push(took);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Makes a list like the invented home's, of so many rows: other names, birth dates and NHS numbers, some
/// people twice, some with names that sound alike.
fn list(rows: usize) -> Vec<u8> {
    let home = String::from_utf8_lossy(harbour_rise::PEOPLE).into_owned();
    let mut lines = home.lines();
    let mut list = lines.next().expect("column names").to_owned();
    // The first seven cells are plain; what follows them is taken as it stands.
    let tails: Vec<&str> = lines.filter_map(|line| line.splitn(8, ',').nth(7)).collect();
    for row in 0..rows {
        // A twin is the row before it again, in another bedroom.
        let number = if row % TWIN == TWIN - 1 { row - 1 } else { row };
        let (first, surname) = name(number);
        let (day, month, year) = (1 + number % 28, 1 + number % 12, 1925 + number % 25);
        let nhs = nhs_number(number);
        let tail = tails[number % tails.len()];
        let written = write!(
            list,
            "\r\n{},Mrs,{first},{surname},,{day:02}/{month:02}/{year},{nhs},{tail}",
            row + 1
        );
        written.expect("a text grows");
    }
    list.into_bytes()
}

/// Returns a first name and a surname; every so often a surname that sounds like the one before.
fn name(number: usize) -> (String, String) {
    const SOUNDS: [&str; 16] = [
        "kal", "tor", "pel", "fen", "sim", "mar", "lud", "ron", "ash", "bel", "dov", "gar", "hin",
        "wes", "nor", "cob",
    ];
    const FIRST: [&str; 12] = [
        "Ada", "Edith", "Ivy", "Nora", "Olive", "Rose", "Stan", "Walter", "Percy", "Cyril",
        "Doris", "Hilda",
    ];
    let is_like = number % LIKE == LIKE - 1;
    let of = if is_like { number - 1 } else { number };
    let sound = |place: u32| SOUNDS[of / 16_usize.pow(place) % 16];
    let surname = format!("{}{}{}{}", sound(0), sound(1), sound(2), if is_like { "e" } else { "" });
    let (head, tail) = surname.split_at(1);
    (FIRST[of % 12].to_owned(), format!("{}{tail}", head.to_uppercase()))
}

/// Returns a valid number of the range that is given to nobody.
fn nhs_number(number: usize) -> String {
    // The check digit of some is ten: those numbers do not exist.
    let digits = (number * 8..)
        .find_map(|candidate| {
            let nine = format!("999{candidate:06}");
            let sum: usize =
                nine.bytes().zip((2..=10).rev()).map(|(b, w)| usize::from(b - b'0') * w).sum();
            let check = (11 - sum % 11) % 11;
            (check < 10).then(|| format!("{nine}{check}"))
        })
        .expect("a number that exists");
    format!("{} {} {}", &digits[..3], &digits[3..6], &digits[6..])
}
