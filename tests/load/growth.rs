//! What grows with the people of a room, and what must not: snapshots may, one change may not.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use proto::role::{Audience, Role};

use crate::{
    Effort,
    crowd::Crowd,
    pace::{self, Pace},
    process::{self, Server},
    room::{Login, Room},
    window::median,
};

/// People: Harbour Rise, and eight of it.
const PEOPLE: [usize; 2] = [62, 500];
/// Changes in a second, while their cost is measured.
const PER_S: u32 = 200;

/// A room, and somebody of each audience in it.
struct Measured {
    room: Arc<Room>,
    faces: Vec<(Audience, Login)>,
}

/// Measures and prints.
pub async fn run(effort: Effort) {
    let server = process::muster();
    let mut rooms = Vec::new();
    for people in PEOPLE {
        let room = Arc::new(Room::open(&server, people, 40).await);
        let mut faces = Vec::new();
        for face in Audience::ALL {
            let roles = match face {
                Audience::Wall => Vec::new(),
                Audience::Desk => vec![Role::Lead],
                Audience::Phone => vec![Role::NamedSw],
                Audience::Sitrep => vec![Role::Director],
            };
            let invite = room.invite(face, roles).await;
            faces.push((face, room.redeem(face, &invite).await));
        }
        rooms.push(Measured { room, faces });
    }
    snapshots(&rooms).await;
    change(&server, &rooms, effort).await;
}

/// Fetches each snapshot right after a change, so that nothing of it is kept.
async fn snapshots(rooms: &[Measured]) {
    println!("\n## Snapshots\n");
    println!("| people | audience | plain KiB | ms | gzip KiB | ms | again ms |");
    println!("|--:|---|--:|--:|--:|--:|--:|");
    for (people, measured) in PEOPLE.iter().zip(rooms) {
        let Measured { room, faces } = measured;
        let mut wire = room.wire().await;
        for (face, login) in faces {
            let [mut plain, mut packed, mut again] = [const { Vec::new() }; 3];
            let mut bytes = (0, 0);
            for number in 0..7 {
                room.change(&mut wire, &room.leads[number]).await.expect("a change");
                let begun = Instant::now();
                bytes.0 = room.snapshot(&mut wire, login, "identity").await.len();
                plain.push(begun.elapsed().as_secs_f64() * 1e3);
                room.change(&mut wire, &room.leads[number]).await.expect("a change");
                let begun = Instant::now();
                bytes.1 = room.snapshot(&mut wire, login, "gzip").await.len();
                packed.push(begun.elapsed().as_secs_f64() * 1e3);
                let begun = Instant::now();
                room.snapshot(&mut wire, login, "gzip").await;
                again.push(begun.elapsed().as_secs_f64() * 1e3);
            }
            println!(
                "| {people} | {} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} |",
                face.word(),
                bytes.0 as f64 / 1024.0,
                median(plain),
                bytes.1 as f64 / 1024.0,
                median(packed),
                median(again),
            );
        }
    }
}

/// Makes changes in each room in turn, with a screen of each audience, and compares.
async fn change(server: &Server, rooms: &[Measured], effort: Effort) {
    let mut crowds = Vec::new();
    for Measured { room, faces } in rooms {
        let mut doors = Vec::new();
        for (_, login) in faces {
            doors.push(room.door(login, &room.stand(login).await));
        }
        crowds.push(Crowd::open(doors.len(), |number| doors[number].clone(), true).await);
    }
    let pace = Pace { per_s: PER_S, seconds: effort.window_s() };
    let mut costs = [const { Vec::new() }; 2];
    for _ in 0..effort.rounds() {
        for ((Measured { room, .. }, crowd), costs) in rooms.iter().zip(&crowds).zip(&mut costs) {
            let used = server.cpu_s();
            let sent = pace::room(room, pace, crowd.epoch).await;
            let last = sent.last().map_or(0, |sent| sent.seq);
            assert!(crowd.wait(Duration::from_secs(5), |seen| seen.cursor >= last).await);
            costs.push((server.cpu_s() - used) * 1e6 / sent.len() as f64);
        }
    }
    println!("\n## One change, with a screen of each audience\n");
    println!(
        "| people | CPU µs | wall bytes | desk bytes | phone bytes | sitrep bytes | all bytes |"
    );
    println!("|--:|--:|--:|--:|--:|--:|--:|");
    let mut found = Vec::new();
    for ((people, crowd), costs) in PEOPLE.iter().zip(&crowds).zip(&costs) {
        let mut bytes = Vec::new();
        let made = f64::from(pace.per_s * pace.seconds) * costs.len() as f64;
        crowd.each(|seen| bytes.push(seen.bytes as f64 / made));
        let all: f64 = bytes.iter().sum();
        let cpu = median(costs.iter().copied());
        println!(
            "| {people} | {cpu:.0} | {:.0} | {:.0} | {:.0} | {:.0} | {all:.0} |",
            bytes[0], bytes[1], bytes[2], bytes[3]
        );
        found.push((cpu, all));
    }
    println!("| ratio | {:.2} | | | | | {:.2} |", found[1].0 / found[0].0, found[1].1 / found[0].1);
}
