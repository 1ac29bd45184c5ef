//! One of two nodes is stopped while a room full of screens follows both (I-33).

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use proof::{
    balancer::Balancer, device::Device, nodes::Nodes, postgres::shared, screen::Screen,
    socket::Heard, soon,
};
use proto::{
    frame::ServerFrame,
    id::{Cursor, Seq},
    role::{Audience, Role},
};
use tokio::{sync::watch, task::JoinSet};

use crate::told::{Told, Worker, some_more};

/// Screens in the room.
const SCREENS: usize = 200;
/// How long a screen may be offline when its node stops.
const LIVE_AGAIN: Duration = Duration::from_secs(10);

/// The result for a screen that was disconnected.
#[derive(Debug)]
struct Moved {
    window: [u32; 2],
    /// From the goodbye until it was live again.
    took: Duration,
}

/// Keeps a screen connected as a page does, and reports each disconnection.
async fn follows(
    mut screen: Screen,
    mut goal: watch::Receiver<Option<Seq>>,
) -> (Screen, Vec<Moved>) {
    let (mut moved, mut asked) = (Vec::new(), None);
    loop {
        let aim = *goal.borrow_and_update();
        if aim.is_some_and(|aim| screen.cursor.seq >= aim) {
            return (screen, moved);
        }
        let heard = tokio::select! {
            heard = screen.hear() => heard,
            changed = goal.changed() => { changed.unwrap(); continue }
        };
        if let Heard::Frame(ServerFrame::Bye { after_ms, .. }) = &heard {
            asked = Some((*after_ms, Instant::now()));
        }
        let is_over = matches!(heard, Heard::Closed(_));
        if screen.take_in(heard).await.is_err() && is_over {
            let (window, since) = asked.take().expect("every goodbye has a reconnect window");
            let wait = rand::random_range(window[0]..=window[1]);
            tokio::time::sleep(Duration::from_millis(wait.into())).await;
            comes(&mut screen).await;
            moved.push(Moved { window, took: since.elapsed() });
        }
    }
}

/// Reconnects, and waits until the node has sent the room's position.
async fn comes(screen: &mut Screen) {
    while screen.come().await.is_err() {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let heard = screen.hear().await;
    assert!(matches!(heard, Heard::Frame(ServerFrame::Beat { .. })), "{heard:?}");
    screen.take_in(heard).await.unwrap();
}

/// I-5, I-7, I-8, I-23, I-33, P-36: all screens are live on the other node within ten seconds,
/// spread over time; and interrupted commands get their answer when they are sent again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn screens_of_a_stopping_node_are_live_on_the_other_within_ten_seconds() {
    let url = shared().database().await;
    let mut nodes = Nodes::on(2, &url, &[]).started().await;
    let balancer = Balancer::before(nodes.addrs()).await;
    let room = nodes.door(0).open_room(3).await;
    let (is_over, done) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let goal = watch::Sender::new(None);
    let (mut screens, mut workers) = (JoinSet::new(), JoinSet::new());
    // Each has one connection, and nobody else connects meanwhile: every other screen is on the
    // first node.
    for (face, roles) in [(Audience::Wall, [].as_slice()), (Audience::Desk, &[Role::Lead])] {
        let device = nodes.door(0).come_in(room, face, roles).await.through(balancer.addr());
        let at = device.snapshot().await;
        for _ in 0..SCREENS / 2 {
            let mut screen = Screen::blank(device.clone());
            screen.rows = proof::fold::kept(at.put.clone());
            screen.cursor = Cursor { seq: at.to, tag: at.tag };
            screen.come().await.unwrap();
            screens.spawn(follows(screen, goal.subscribe()));
        }
    }
    for n in 0..3 {
        let desk = nodes.door(0).come_in(room, Audience::Desk, &[Role::Lead]).await;
        let faces: Vec<Device> = vec![desk.through(balancer.addr())];
        let (is_over, done) = (Arc::clone(&is_over), Arc::clone(&done));
        workers.spawn(Worker { faces, name: format!("worker {n}"), is_over, done }.works());
    }
    some_more(&done, 40).await;
    nodes.0[0].ask_to_stop();
    assert_eq!(nodes.0[0].ended().await, Some(0), "{}", nodes.0[0].log());
    some_more(&done, 60).await;
    is_over.store(true, Ordering::SeqCst);
    let told = soon("the end of the work", workers.join_all()).await;
    let told = told.into_iter().fold(Told::default(), Told::and);
    let desk = nodes.door(1).come_in(room, Audience::Desk, &[Role::Lead]).await;
    let head = desk.snapshot().await.to;
    goal.send_replace(Some(head));
    let screens = soon("every screen", screens.join_all()).await;
    told.stands(&desk).await;
    told.is_kept(&url).await;
    let moved: Vec<&Moved> = screens.iter().flat_map(|(_, moved)| moved).collect();
    assert!(moved.len() >= SCREENS / 2, "half were on the first node: {}", moved.len());
    for one in &moved {
        assert!(one.took < LIVE_AGAIN, "{one:?}");
        assert!(one.window[0] < one.window[1], "{one:?}");
    }
    let spread = moved.iter().map(|one| one.window[1]).max().unwrap();
    assert!(spread >= 1_000, "so many screens do not reconnect at once: {spread}");
    for (screen, _) in &screens {
        assert!(screen.seen.iter().is_sorted_by_key(|at| at.seq), "I-19");
        let rows = screen.device.through(nodes.0[1].addr()).snapshot().await.put;
        assert_eq!(screen.rows, proof::fold::kept(rows), "I-16");
    }
}
