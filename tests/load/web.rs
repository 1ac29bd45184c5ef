//! The faces in a real browser: `web/bench` measures them, this program keeps the room and its writer.

use std::{
    path::Path,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use proto::role::{Audience, Role};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
    time::MissedTickBehavior,
};

use crate::{Effort, process, room::Room};

/// People in the room.
const PEOPLE: usize = 500;
/// Changes in a second.
const PER_S: u32 = 50;
/// Connections that make them.
const WIRES: u32 = 5;

/// Measures and prints.
pub async fn run(effort: Effort) {
    println!("\n## The faces");
    let server = process::muster();
    let room = Arc::new(Room::open(&server, PEOPLE, 60).await);
    noon(&room).await;
    let mut links = serde_json::Map::new();
    for (face, roles) in [
        (Audience::Wall, Vec::new()),
        (Audience::Desk, vec![Role::Lead]),
        (Audience::Phone, vec![Role::NamedSw]),
        (Audience::Sitrep, vec![Role::Director]),
    ] {
        let link = format!("http://{}/join#{}", server.addr, room.invite(face, roles).await);
        links.insert(face.word().to_owned(), link.into());
    }
    let task = serde_json::json!({
        "origin": format!("http://{}", server.addr),
        "links": links,
        "rounds": effort.rounds(),
        "seconds": if effort == Effort::Full { 10 } else { 5 },
    });
    let is_writing = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..WIRES).map(|wire| writer(&room, wire, &is_writing)).collect();
    let mut browser = start();
    hand_over(&mut browser, &task).await;
    let mut lines = BufReader::new(browser.stdout.take().expect("it was piped")).lines();
    while let Some(line) = lines.next_line().await.expect("the browser's report") {
        match line.as_str() {
            "> write" => is_writing.store(true, Ordering::Release),
            "> rest" => is_writing.store(false, Ordering::Release),
            report => println!("{report}"),
        }
    }
    let ended = browser.wait().await.expect("it ends");
    writers.iter().for_each(tokio::task::JoinHandle::abort);
    assert!(ended.success(), "the faces were measured");
}

/// Brings the room to the middle of its day: people of every stage that facts alone lead to.
async fn noon(room: &Room) {
    let mut wire = room.wire().await;
    for lead in room.leads.iter().cycle() {
        if !room.reach_noon(&mut wire, lead).await {
            return;
        }
    }
}

/// Starts the browser's program.
fn start() -> Child {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web");
    let started = Command::new("node")
        .arg("bench/run.mjs")
        .current_dir(web)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    started.expect("node starts; run this by `cargo xtask bench web`")
}

async fn hand_over(browser: &mut Child, task: &serde_json::Value) {
    let mut stdin = browser.stdin.take().expect("it was piped");
    stdin.write_all(format!("{task}\n").as_bytes()).await.expect("it reads its task");
}

/// Does its part of the changes while they are wanted.
fn writer(
    room: &Arc<Room>,
    number: u32,
    is_writing: &Arc<AtomicBool>,
) -> tokio::task::JoinHandle<()> {
    let (room, is_writing) = (Arc::clone(room), Arc::clone(is_writing));
    tokio::spawn(async move {
        // A connection that rests is closed by the node, so there is one only while it is used.
        let mut wire = None;
        // Each connection's changes lie between those of the others.
        tokio::time::sleep(Duration::from_secs(1) * number / PER_S).await;
        let mut ticks = tokio::time::interval(Duration::from_secs(1) * WIRES / PER_S);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let first = usize::try_from(number).expect("a small number");
        let step = usize::try_from(WIRES).expect("a small number");
        for lead in room.leads.iter().skip(first).step_by(step).cycle() {
            ticks.tick().await;
            if !is_writing.load(Ordering::Acquire) {
                wire = None;
                continue;
            }
            if wire.is_none() {
                wire = Some(room.wire().await);
            }
            if let Some(wire) = &mut wire {
                room.move_on(wire, lead).await;
            }
        }
    })
}
