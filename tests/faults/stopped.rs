//! A node that is paused for longer than any timeout, as when a virtual machine is migrated, and
//! then resumes as if nothing had happened (E12).

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use proof::{
    cast, device::Device, nodes::Nodes, postgres::shared, redis, screen::Screen, socket::Heard,
    soon,
};
use proto::{
    close::Close,
    frame::Rows,
    id::{Cursor, RoomId, Seq},
    limit,
    outcome::Fate,
    role::{Audience, Role},
};
use tokio::task::JoinSet;

use crate::told::{self, Told, Worker, some_more};

/// The length of the pause: longer than a node waits for a client, and a client for a node.
const STILL: Duration = Duration::from_millis(limit::PONG_MS + 1_000);
/// Interval before a device retries.
const AGAIN: Duration = Duration::from_millis(100);
/// Commands in progress on the node when it is paused.
const IN_HAND: usize = 8;

/// Three nodes, of which the last one is paused.
struct Three {
    nodes: Nodes,
    room: RoomId,
    url: String,
    _redis: redis::Server,
}

impl Three {
    async fn start() -> Self {
        let url = shared().database().await;
        let redis = redis::Server::start();
        let rings = [("MUSTER_REDIS", redis.url()), ("MUSTER_BUS_KEY", redis::KEY.to_owned())];
        let nodes = Nodes::on(3, &url, &rings).started().await;
        let room = nodes.door(0).open_room(2).await;
        Self { nodes, room, url, _redis: redis }
    }

    async fn come_in(&self, face: Audience, roles: &[Role]) -> Vec<Device> {
        self.nodes.faces(&self.nodes.door(0).come_in(self.room, face, roles).await)
    }
}

/// A screen of the paused node: it receives nothing, and goes to another node after its timeout.
async fn goes_elsewhere(mut screen: Screen, elsewhere: Device) -> (Screen, Duration) {
    let silence = Duration::from_millis(limit::SILENCE_MS);
    let begun = Instant::now();
    while let Ok(heard) = tokio::time::timeout(silence, screen.hear()).await {
        screen.take_in(heard).await.expect("the node is only paused");
    }
    screen.device = elsewhere;
    screen.come().await.unwrap();
    (screen, begun.elapsed())
}

/// I-5, I-7, I-8, I-12, I-13, I-16, I-20, I-22, I-23: commands in progress get a correct answer
/// when it resumes, or none; screens that left are live elsewhere, and one that stayed is
/// disconnected or caught up, and never misled.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_paused_for_half_a_minute_misleads_nobody() {
    let three = Three::start().await;
    let (is_over, done) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let mut workers = JoinSet::new();
    for n in 0..3 {
        let mut faces = three.come_in(Audience::Desk, &[Role::Lead]).await;
        faces.rotate_left(n);
        let (is_over, done) = (Arc::clone(&is_over), Arc::clone(&done));
        workers.spawn(Worker { faces, name: format!("worker {n}"), is_over, done }.works());
    }
    let wall = three.come_in(Audience::Wall, &[]).await;
    let desk = three.come_in(Audience::Desk, &[Role::Lead]).await;
    let mut leaves = Screen::live(wall[2].clone()).await;
    let mut stays = Screen::live(desk[2].clone()).await;
    some_more(&done, 30).await;
    let head = stays.device.snapshot().await.to;
    stays.reach(head).await;
    leaves.reach(head).await;
    // Some are sent a moment before the pause, and some during it.
    let (mut in_hand, mut told) = (JoinSet::new(), Told::default());
    let hands = three.come_in(Audience::Desk, &[Role::Lead]).await;
    for n in 0..IN_HAND {
        if n == IN_HAND / 2 {
            three.nodes.0[2].pause();
        }
        let command = cast::asks(cast::line(&format!("in hand {n}")));
        told.open.push(command.clone());
        let device = hands[2].clone();
        in_hand.spawn(async move { (told::told(&device, &command).await, command.id) });
        tokio::task::yield_now().await;
    }
    let stopped = Instant::now();
    let leaving = tokio::spawn(goes_elsewhere(leaves, wall[1].clone()));
    // Meanwhile the same commands are sent to another node, as a client without an answer does.
    told.settle(&hands[0]).await;
    let (mut left, waited) = soon("a screen to go elsewhere", leaving).await.unwrap();
    let patience = Duration::from_millis(limit::SILENCE_MS + 2 * limit::BEAT_MS);
    assert!(waited < patience, "{waited:?}");
    left.reach(desk[0].snapshot().await.to).await;
    while stopped.elapsed() < STILL {
        some_more(&done, 5).await;
    }
    let before = desk[0].snapshot().await.to;
    three.nodes.0[2].resume();
    while let Some(answered) = soon("an answer or an end", in_hand.join_next()).await {
        let (fate, id) = answered.unwrap();
        let known = told.kept.iter().find(|(command, _)| command.id == id).map(|(_, seq)| *seq);
        match fate {
            Some(Fate::Ok { seq } | Fate::Dup { seq }) => assert_eq!(Some(seq), known, "I-8"),
            Some(Fate::Retry { .. }) | None => {}
            Some(Fate::Refused(no)) => panic!("{no:?}"),
        }
    }
    // I-22: what others wrote during the pause is in the first rows it shows to a client that knows
    // of it.
    let shown = soon("its first rows", first_rows(&desk[2], before)).await;
    assert!(shown.to >= before, "I-22: shown {} after {before}", shown.to);
    soon("what it missed", stayed(&mut stays)).await;
    some_more(&done, 30).await;
    is_over.store(true, Ordering::SeqCst);
    let theirs = soon("the end of the work", workers.join_all()).await;
    told = theirs.into_iter().fold(told, Told::and);
    told.is_kept(&three.url).await;
    for device in &hands {
        told.stands(device).await;
    }
    let head = desk[0].snapshot().await;
    for screen in [&mut left, &mut stays] {
        screen.reach(head.to).await;
        assert_eq!(screen.cursor, Cursor { seq: head.to, tag: head.tag });
        assert_eq!(screen.rows, proof::fold::kept(screen.device.snapshot().await.put), "I-16");
    }
}

/// Returns the first rows that a node gives to a device with an acknowledged entry: while its
/// database is unreachable, as when its connections were closed meanwhile, it answers "busy".
async fn first_rows(device: &Device, told: Seq) -> Rows {
    let path = format!("{}&after={told}", device.rows_path());
    loop {
        let answer = device.get(&path).try_send().await.unwrap();
        match answer.status.as_u16() {
            200 => return answer.read(),
            503 => tokio::time::sleep(AGAIN).await,
            other => panic!("{other}: {answer:?}"),
        }
    }
}

/// Follows a screen that stayed until it is disconnected, or has caught up.
async fn stayed(screen: &mut Screen) {
    let missed = screen.device.snapshot().await.to;
    while screen.cursor.seq < missed {
        match screen.hear().await {
            Heard::Closed(code) => {
                let silent = Some(Close::Silent.code());
                assert!(code == silent || code.is_none(), "{code:?}");
                screen.come().await.unwrap();
            }
            heard => drop(screen.take_in(heard).await),
        }
    }
}
