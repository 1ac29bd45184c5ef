//! A node whose clock is a day wrong, beside one whose clock is right (E16): all use the database's
//! clock.

use std::time::{Duration, SystemTime};

use journal::{Journal, Postgres};
use proof::{cast, device::Device, nodes::Nodes, postgres::shared, shim::Dial, soon};
use proto::{
    alarm::{self, Timer},
    command::Command,
    deadline::{self, Deadline},
    entry::Entry,
    frame::ServerFrame,
    id::{RoomId, Seq, Time},
    nouns::Event,
    role::{Audience, Role},
};

use crate::cut::address;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Tolerance for times reported by a node, on a busy machine.
const OFF_MS: i64 = 30_000;

/// Returns this machine's time, which is the database's too.
fn now() -> Time {
    let passed = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    Time(i64::try_from(passed.as_millis()).unwrap())
}

fn is_now(told: Time) {
    assert!(told.since_ms(now()).abs() < OFF_MS, "{told:?} at {:?}", now());
}

/// Two nodes; the test sets the clock of the second.
struct Clocks {
    nodes: Nodes,
    ahead: Dial,
    url: String,
    _folder: tempfile::TempDir,
}

impl Clocks {
    async fn start(ahead_ms: i64) -> Self {
        let url = shared().database().await;
        let folder = tempfile::tempdir().unwrap();
        let ahead = Dial::at(&folder.path().join("ahead"), ahead_ms);
        let mut nodes = Nodes::on(2, &url, &[]);
        nodes.0[1].say(ahead.as_clock());
        Self { nodes: nodes.started().await, ahead, url, _folder: folder }
    }

    /// Returns a lead's device as it reaches both nodes, logged in through one of them.
    async fn lead(&self, room: RoomId, by: usize) -> Vec<Device> {
        let door = self.nodes.door(by);
        self.nodes.faces(&door.come_in(room, Audience::Desk, &[Role::Lead]).await)
    }

    async fn entries(&self, room: RoomId) -> Vec<Entry> {
        let store = Postgres::open(address(&self.url)).await.unwrap();
        let stored = store.read(room, Seq(1), usize::MAX).await.unwrap();
        stored.iter().map(|stored| Entry::from_bytes(&stored.body).unwrap()).collect()
    }

    /// Sets the expiry of a device's login.
    async fn login_ends(&self, device: &Device, at: Time) {
        let sql = "UPDATE logins SET expires = $1 WHERE device = (
            SELECT device FROM logins WHERE room = $2 AND pass LIKE '%' || $3 || '%')";
        let member = device.member.to_string();
        let client = shared().client(&self.url).await;
        let changed = client.execute(sql, &[&at.0, &device.room.0, &member]).await.unwrap();
        assert_eq!(changed, 1);
    }
}

/// I-12, I-31, P-56: whatever a node's clock shows and however it jumps, entries are in the order
/// and at the time of writing, and screens receive that time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_clock_jumps_a_day_keeps_the_shared_time() {
    let clocks = Clocks::start(DAY_MS + 3_600_000).await;
    let room = clocks.nodes.door(1).open_room(1).await;
    let desk = clocks.lead(room, 1).await;
    let mut last = Seq(0);
    for ahead_ms in [DAY_MS + 3_600_000, -DAY_MS - 3_600_000, DAY_MS, 0, -DAY_MS] {
        clocks.ahead.turn(ahead_ms);
        for face in [1, 0, 1, 1, 0] {
            let seq = desk[face].does(cast::line("at work")).await;
            assert!(seq > last, "I-12");
            last = seq;
        }
        let mut socket = desk[1].socket().await;
        let ServerFrame::Welcome { time, .. } = socket.hello().await else { panic!("no welcome") };
        is_now(time);
        let entries = clocks.entries(room).await;
        is_now(entries.last().unwrap().at);
    }
    let entries = clocks.entries(room).await;
    assert!(
        entries.is_sorted_by_key(|entry| entry.at),
        "an entry is earlier than the one before it"
    );
}

/// E16, P-9: a login or a link expires within a minute of its time, on every node.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_expires_on_time_on_a_node_whose_clock_is_a_day_wrong() {
    let clocks = Clocks::start(DAY_MS + 3_600_000).await;
    let room = clocks.nodes.door(0).open_room(1).await;
    for ahead_ms in [DAY_MS + 3_600_000, -DAY_MS - 3_600_000] {
        clocks.ahead.turn(ahead_ms);
        for by in [0, 1] {
            let device = clocks.lead(room, by).await;
            let asks = async |face: usize| device[face].get("/api/me").send().await.status.as_u16();
            assert_eq!((asks(0).await, asks(1).await), (200, 200), "{ahead_ms} ms ahead, by {by}");
            clocks.login_ends(&device[0], now().plus_ms(-60_000)).await;
            assert_eq!((asks(0).await, asks(1).await), (401, 401), "{ahead_ms} ms ahead, by {by}");
        }
        // A link made on one node is redeemed on the other; it is a day old at most.
        let asked = proof::device::Door::asks_for(room, Audience::Desk, &[Role::Lead]);
        for (made, used) in [(0, 1), (1, 0)] {
            let invite = clocks.nodes.door(made).invite(&asked).await;
            clocks.nodes.door(used).let_in(&invite).await;
        }
    }
}

/// I-31: by the shared time, and once, whichever clock is ahead.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alarm_fires_on_time_and_once_although_a_node_is_a_day_ahead() {
    let clocks = Clocks::start(DAY_MS).await;
    let room = clocks.nodes.door(0).open_room(1).await;
    let desk = clocks.lead(room, 0).await;
    // Both nodes have the room open.
    let screens = [desk[0].following().await, desk[1].following().await];
    let at = now().plus_ms(4_000);
    let (set_by, why) = (cast::text("the regulator"), cast::text("closed by order"));
    desk[1]
        .does(Command::from(deadline::Plan::Set { deadline: Deadline { at, set_by, why } }))
        .await;
    let raised = async || {
        let entries = clocks.entries(room).await;
        let is_it = |event: &Event| matches!(event, Event::Alarm(alarm::Event::Raised { timer: Timer::DeadlinePassed { at: due } }) if *due == at);
        let raised = entries.into_iter().filter(|entry| entry.events.iter().any(is_it));
        raised.collect::<Vec<_>>()
    };
    let alarm = soon("the alarm", async {
        loop {
            if let Some(first) = raised().await.first() {
                return first.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    assert!(now() >= at && alarm.at >= at, "too early: {:?} of {at:?}", alarm.at);
    assert!(alarm.at.since_ms(at) < OFF_MS, "too late: {:?} of {at:?}", alarm.at);
    // Both check their timers again, once a second.
    for ahead_ms in [-DAY_MS, 2 * DAY_MS] {
        clocks.ahead.turn(ahead_ms);
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        desk[1].does(cast::line("after it")).await;
    }
    assert_eq!(raised().await.len(), 1);
    drop(screens);
}
