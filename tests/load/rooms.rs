//! Many rooms at once: what a thousand closures on one day would cost, and what an open room costs at which
//! nothing happens.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, stream};
use proto::role::{Audience, Role};
use tokio::time::sleep;

use crate::{
    Effort,
    city::{self, City, Used},
    crowd::{Crowd, Door},
    pace::{self, Pace},
    room::{Login, Room, operator},
    window::{Window, measure, median},
};

/// People in each room: Harbour Rise.
const PEOPLE: usize = 62;
/// Sockets in each room.
const SOCKETS: usize = 4;
/// Seconds between two changes in a room.
const BETWEEN_S: u32 = 10;
/// Rooms opened at once.
const OPENING: usize = 8;
/// How long nodes rest after something was opened.
const SETTLE: Duration = Duration::from_secs(3);
/// Nobody may wait longer at the 99th per cent.
const P99_MS: f64 = 250.0;

/// Rooms, and a login for the phones of each.
struct Many {
    city: City,
    rooms: Vec<Arc<Room>>,
    phones: Vec<Login>,
}

/// Measures and prints.
pub async fn run(effort: Effort) {
    let count = if effort == Effort::Full { 1_000 } else { 100 };
    println!("\n## {count} rooms of {PEOPLE} people at once\n");
    let mut cities = vec![("one node, a file", City::alone())];
    match city::missing() {
        Some(words) => println!("Over two nodes not measured: {words}\n"),
        None => cities.push(("two nodes, PostgreSQL, Redis", City::with(2).await)),
    }
    println!(
        "| where | rooms | sockets in each | changes/s | CPU of the nodes % | PostgreSQL % | Redis % | p50 ms | \
         p99 ms | lost | doubled | nodes MiB |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut all = Vec::new();
    for (place, city) in cities {
        let mut many = Many::open(city, count).await;
        many.work(place, effort).await;
        let idle = many.idle(effort).await;
        all.push((place, idle));
    }
    println!("\n### What an open room costs at which nothing happens\n");
    println!(
        "| where | sockets in each | KiB of a room, all nodes | CPU µs of a room in a second, all nodes | \
         PostgreSQL | Redis |"
    );
    println!("|---|--:|--:|--:|--:|--:|");
    for (place, rows) in all {
        for Idle { sockets, kib, used } in rows {
            println!(
                "| {place} | {sockets} | {kib:.1} | {:.1} | {:.1} | {:.1} |",
                used.nodes, used.postgres, used.redis
            );
        }
    }
}

/// What an idle room costs.
struct Idle {
    sockets: usize,
    kib: f64,
    /// Microseconds in a second.
    used: Used,
}

impl Many {
    /// Opens the rooms.
    async fn open(city: City, count: usize) -> Self {
        let operator = operator(&city.nodes[0]);
        let addrs: Vec<_> = city.nodes.iter().map(|node| node.addr).collect();
        let opening = stream::iter(0..count).map(|_| async {
            let room = Room::by(operator.clone(), addrs.clone(), PEOPLE, 1).await;
            let invite = room.invite(Audience::Phone, vec![Role::NamedSw]).await;
            let phone = room.redeem(Audience::Phone, &invite).await;
            (Arc::new(room), phone)
        });
        let (rooms, phones) = opening.buffered(OPENING).unzip().await;
        Self { city, rooms, phones }
    }

    /// Returns sockets of each room, which are at its nodes in turn.
    async fn follow(&self, sockets: usize) -> Crowd {
        let count = self.rooms.len();
        let doors = stream::iter(self.rooms.iter().zip(&self.phones)).map(async |(room, phone)| {
            let stand = room.stand(phone).await;
            let doors = room.addrs.iter().map(|addr| room.door_at(*addr, phone, &stand));
            doors.collect::<Vec<Door>>()
        });
        let doors: Vec<Vec<Door>> = doors.buffered(OPENING).collect().await;
        let door = |number: usize| {
            let doors = &doors[number % count];
            // With one socket a room, as many rooms have theirs at each node.
            doors[(number / count + number % count) % doors.len()].clone()
        };
        let mut crowd = Crowd::open(count * sockets, door, true).await;
        crowd.rooms = count;
        crowd
    }

    /// Measures while something happens in every room.
    ///
    /// # Panics
    ///
    /// When anything was lost or doubled.
    async fn work(&self, place: &str, effort: Effort) {
        let crowd = self.follow(SOCKETS).await;
        let per_s = (self.rooms.len() as u32 / BETWEEN_S).max(1);
        let seconds = if effort == Effort::Full { 2 * BETWEEN_S } else { BETWEEN_S };
        let pace = Pace { per_s, seconds };
        let (mut windows, mut used) = (Vec::new(), Vec::new());
        for _ in 0..effort.rounds() {
            let before = self.city.used();
            let make = async |epoch| pace::rooms(&self.rooms, pace, epoch).await;
            windows.push(measure(&crowd, || self.city.cpu_s(), make).await);
            used.push(self.city.used().since(before));
        }
        let of = |value: fn(&Window) -> f64| median(windows.iter().map(value));
        let share =
            |value: fn(&Used) -> f64| median(used.iter().map(value)) * 100.0 / f64::from(seconds);
        let lost: u64 = windows.iter().map(|window| window.lost).sum();
        let doubled: u64 = windows.iter().map(|window| window.doubled).sum();
        let ended: usize = windows.iter().map(|window| window.ended).sum();
        println!(
            "| {place} | {} | {SOCKETS} | {per_s} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {lost} | {doubled} \
             | {:.0} |",
            self.rooms.len(),
            share(|used| used.nodes),
            share(|used| used.postgres),
            share(|used| used.redis),
            of(|window| window.p50_ms),
            of(|window| window.p99_ms),
            self.city.resident_kib() / 1024.0,
        );
        let is_late = of(|window| window.p99_ms) >= P99_MS;
        if is_late {
            println!(
                "| missed: the 99th per cent is to be below {P99_MS} ms | | | | | | | | | | | |"
            );
        }
        assert_eq!(
            lost + doubled + ended as u64,
            0,
            "nothing is lost or doubled, every socket stays"
        );
    }

    /// Measures rooms that are open, without a socket and with one each, against nodes that have just been
    /// started and have no room open.
    async fn idle(&mut self, effort: Effort) -> Vec<Idle> {
        self.city.again().await;
        sleep(SETTLE).await;
        let (nothing, none) = self.rest(effort).await;
        let mut found = Vec::new();
        self.touch().await;
        sleep(SETTLE).await;
        let (kib, used) = self.rest(effort).await;
        found.push(self.idle_row(0, kib - nothing, used.since(none)));
        let crowd = self.follow(1).await;
        sleep(SETTLE).await;
        let (kib, used) = self.rest(effort).await;
        found.push(self.idle_row(1, kib - nothing, used.since(none)));
        assert_eq!(crowd.count(|seen| seen.ended.is_none()), crowd.len(), "every socket stays");
        found
    }

    fn idle_row(&self, sockets: usize, kib: f64, used: Used) -> Idle {
        let each = |s: f64| s * 1e6 / self.rooms.len() as f64;
        let used = Used {
            nodes: each(used.nodes),
            postgres: each(used.postgres),
            redis: each(used.redis),
        };
        Idle { sockets, kib: kib / self.rooms.len() as f64, used }
    }

    /// Returns what is resident, and the processor seconds used in a second, after a rest.
    async fn rest(&self, effort: Effort) -> (f64, Used) {
        let seconds = if effort == Effort::Full { 30 } else { 6 };
        let before = self.city.used();
        sleep(Duration::from_secs(seconds)).await;
        let Used { nodes, postgres, redis } = self.city.used().since(before);
        let each = |s: f64| s / seconds as f64;
        let used = Used { nodes: each(nodes), postgres: each(postgres), redis: each(redis) };
        (self.city.resident_kib(), used)
    }

    /// Opens every room on every node, and makes nothing that a socket or a snapshot would leave there: asks
    /// for log lines before the first.
    async fn touch(&self) {
        for room in &self.rooms {
            for addr in &room.addrs {
                let mut wire = room.wire_to(*addr).await;
                let path = format!("/api/rooms/{}/log?before=1", room.id);
                let answer = wire.ask("GET", &path, &room.leads[0].headers, b"").await;
                assert_eq!(answer.expect("an answer").status, 200, "the room opens");
            }
        }
    }
}
