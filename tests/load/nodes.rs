//! One room on one, two and three nodes over one `PostgreSQL` and one Redis, beside the floor, while Redis is
//! well, dead, and comes and goes.

use std::{sync::Arc, time::Instant};

use crate::{
    Effort,
    city::{self, City, Used, Weather},
    crowd::Crowd,
    fan::{self, LEADS, P99_MS, PEOPLE, PER_S, PHONES},
    pace::{self, Bare, Pace, Sent},
    process, rivals,
    room::Room,
    window::{self, Window, measure, median, share},
};

/// Numbers of nodes.
const NODES: [usize; 3] = [1, 2, 3];
/// Sockets, spread over the nodes.
const SOCKETS: usize = 5_000;
/// Processor time for a delivery that two nodes should not exceed, in floors.
const RATIO: f64 = 1.6;
/// Milliseconds that the 99th per cent may be later while Redis is dead.
const DEAD_MS: f64 = 400.0;

/// One window.
struct Seen {
    window: Window,
    /// The floor's window of the same round.
    floor: Window,
    /// The seconds in which changes were due.
    seconds: f64,
    /// What was used in it.
    used: Used,
    /// Half and 99 of 100 at sockets of the node that took the command, in milliseconds.
    near: (f64, f64),
    /// The same at other nodes' sockets.
    far: (f64, f64),
}

/// What was found for a number of nodes and one weather.
struct Found {
    nodes: usize,
    weather: Weather,
    seen: Vec<Seen>,
    most: u32,
}

impl Found {
    fn of(&self, value: impl Fn(&Seen) -> f64) -> f64 {
        median(self.seen.iter().map(value))
    }

    fn ratio(&self) -> f64 {
        self.of(|seen| seen.window.cpu_per_million() / seen.floor.cpu_per_million())
    }

    /// Returns everything that was lost or doubled, and every socket that ended.
    fn wrong(&self) -> u64 {
        let wrong = |seen: &Seen| seen.window.lost + seen.window.doubled + seen.window.ended as u64;
        self.seen.iter().map(wrong).sum()
    }
}

/// Measures and prints.
pub async fn run(effort: Effort) {
    println!("\n## One room on several nodes, {SOCKETS} sockets, {PER_S} changes a second\n");
    if let Some(words) = city::missing() {
        println!("Not measured: {words}");
        return;
    }
    println!(
        "| nodes | Redis | deliveries/s | all nodes: CPU s per million | ratio to the floor | PostgreSQL: CPU s \
         per million | Redis: CPU s per million | same node: p50 ms | p99 ms | other nodes: p50 ms | p99 ms | \
         lost | doubled | at most: changes/s | deliveries/s |"
    );
    println!("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut all = Vec::new();
    for nodes in NODES {
        all.extend(size(effort, nodes).await);
    }
    verdict(&all);
    rivals::run(effort).await;
}

/// Measures a number of nodes. A node alone hears nobody, so that for it Redis is well throughout.
async fn size(effort: Effort, nodes: usize) -> Vec<Found> {
    let city = City::with(nodes).await;
    let room = Arc::new(Room::across(&city.nodes, PEOPLE, LEADS).await);
    let phones = fan::phones(&room, PHONES).await;
    let sample = fan::sample(&room, &phones).await;
    let floor = process::floor();
    let pace = Pace { per_s: PER_S, seconds: effort.window_s() };
    let weathers: &[Weather] = match nodes {
        1 => &[Weather::Well],
        _ => &[Weather::Well, Weather::Dead, Weather::Killed, Weather::Hung],
    };
    let found = |weather: &Weather| Found { nodes, weather: *weather, seen: Vec::new(), most: 0 };
    let mut all: Vec<Found> = weathers.iter().map(found).collect();
    for round in 0..effort.rounds() {
        let crowd = fan::bare_crowd(&floor, SOCKETS).await;
        let mut writer = Bare::new(&floor, &sample).await;
        let bare = async |epoch| writer.write(pace, epoch).await;
        let bare = measure(&crowd, || floor.cpu_s(), bare).await;
        drop((crowd, writer));
        let crowd = fan::follow(&room, &phones, SOCKETS).await;
        for found in &mut all {
            let spell = city.make(found.weather);
            found.seen.push(look(&city, &crowd, &room, pace, bare).await);
            spell.end(&city).await;
            if found.weather == Weather::Well && round + 1 == effort.rounds() {
                let at = async |pace| {
                    let make = async |epoch| pace::room(&room, pace, epoch).await;
                    measure(&crowd, || city.cpu_s(), make).await
                };
                found.most = fan::search(effort, at).await;
            }
        }
    }
    all.iter().for_each(row);
    all
}

/// Measures one window.
async fn look(city: &City, crowd: &Crowd, room: &Arc<Room>, pace: Pace, floor: Window) -> Seen {
    let before = city.used();
    let mut sent: Vec<Sent> = Vec::new();
    let make = async |epoch: Instant| {
        sent = pace::room(room, pace, epoch).await;
        sent.clone()
    };
    let window = measure(crowd, || city.cpu_s(), make).await;
    let used = city.used().since(before);
    let nodes = room.addrs.len();
    let of = |is_near: bool| {
        let delays =
            window::delays(crowd, &sent, |socket, sent| (socket % nodes == sent.node) == is_near);
        (share(&delays, 0.50) / 1e3, share(&delays, 0.99) / 1e3)
    };
    Seen { window, floor, seconds: f64::from(pace.seconds), used, near: of(true), far: of(false) }
}

fn row(found: &Found) {
    let million = |seen: &Seen| 1e6 / seen.window.deliveries.max(1) as f64;
    let sum = |value: fn(&Window) -> u64| found.seen.iter().map(|seen| value(&seen.window)).sum();
    let (lost, doubled): (u64, u64) = (sum(|w| w.lost), sum(|w| w.doubled));
    // A Redis that is started anew has used nothing yet, so what it used before is not known.
    let redis = match found.weather {
        Weather::Well | Weather::Hung => {
            format!("{:.3}", found.of(|seen| seen.used.redis * million(seen)))
        }
        Weather::Dead | Weather::Killed => "-".to_owned(),
    };
    let far = match found.nodes {
        1 => "- | -".to_owned(),
        _ => format!("{:.1} | {:.1}", found.of(|seen| seen.far.0), found.of(|seen| seen.far.1)),
    };
    let most = match found.most {
        0 => "- | -".to_owned(),
        most => format!("{most} | {}", most as usize * SOCKETS),
    };
    println!(
        "| {} | {} | {:.0} | {:.2} | {:.2} | {:.2} | {redis} | {:.1} | {:.1} | {far} | {lost} | {doubled} | \
         {most} |",
        found.nodes,
        found.weather.words(),
        found.of(|seen| seen.window.deliveries as f64 / seen.seconds),
        found.of(|seen| seen.window.cpu_per_million()),
        found.ratio(),
        found.of(|seen| seen.used.postgres * million(seen)),
        found.of(|seen| seen.near.0),
        found.of(|seen| seen.near.1),
    );
}

/// Says which goals are reached.
///
/// # Panics
///
/// When anything was lost or doubled.
fn verdict(all: &[Found]) {
    let of = |nodes: usize, weather: Weather| {
        let found = all.iter().find(|found| (found.nodes, found.weather) == (nodes, weather));
        found.expect("it was measured")
    };
    println!("\n| Goal | Found | |\n|---|---|---|");
    let goal = |words: &str, found: f64, most: f64| {
        let is_reached = if found <= most { "reached" } else { "missed" };
        println!("| {words} | {found:.2} | {is_reached} |");
    };
    let words = format!("CPU of two nodes for each delivery at most {RATIO} times the floor");
    goal(&words, of(2, Weather::Well).ratio(), RATIO);
    for nodes in [2, 3] {
        let well = of(nodes, Weather::Well).of(|seen| seen.far.1);
        goal(
            &format!("{nodes} nodes: 99th per cent at other nodes below {P99_MS} ms"),
            well,
            P99_MS,
        );
        let dead = of(nodes, Weather::Dead).of(|seen| seen.far.1);
        let words = format!("{nodes} nodes: at most {DEAD_MS} ms more while Redis is dead");
        goal(&words, dead - well, DEAD_MS);
    }
    let wrong: u64 = all.iter().map(Found::wrong).sum();
    println!("| nothing lost or doubled, no socket ended | {wrong} | |");
    assert_eq!(wrong, 0, "nothing is lost or doubled, and every socket stays");
}
