//! A full disk under whole nodes (E5): nothing is acknowledged that is not kept, everything can be read, screens
//! say that nothing can be written for as long as that is so, and it goes on by itself when there is room.

use std::time::{Duration, Instant};

use proof::{
    cast, child::Node, device::Device, disk::Disk, nodes::Nodes, postgres::Server, socket::Socket,
    soon,
};
use proto::{
    frame::{ClientFrame, Mode, ServerFrame},
    id::Cursor,
    outcome::Fate,
    role::{Audience, Role},
};

use crate::told::{PACE, Told};

/// How long it is watched that a full disk stays full, in which a store looks for room several times.
const WATCHED: Duration = Duration::from_secs(4);
/// Lines after which a disk must be full that has no room: they fill whatever had been begun before.
const LINES_MAX: usize = 400;

/// Returns a line that needs so much room: no two parts of it are alike, so that nothing packs it.
fn long(words: &str, chars: usize) -> String {
    let noise = (0..).flat_map(|_| rand::random::<u64>().to_string().into_bytes());
    let noise: String = noise.map(char::from).take(chars).collect();
    format!("{words} {noise}")
}

/// Returns what a screen that comes to this room is told of it; it is shown the room first.
async fn mode(device: &Device) -> Mode {
    let mut socket = device.following().await;
    match socket.frame().await {
        ServerFrame::Beat { mode, .. } => mode,
        other => panic!("no beat but {other:?}"),
    }
}

/// Waits until a screen that is there is told so.
pub async fn hears(socket: &mut Socket, wanted: Mode) {
    loop {
        if let ServerFrame::Beat { seq, tag, mode, .. } = socket.frame().await {
            socket.say(&ClientFrame::Pong { cursor: Cursor { seq, tag } }).await;
            if mode == wanted {
                return;
            }
        }
    }
}

/// Waits until a screen that comes is told so.
pub async fn says(device: &Device, wanted: Mode) {
    let told = async {
        while mode(device).await != wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon("what a screen is told", told).await;
}

/// Asks for lines until nothing can be written; what was taken until then had room.
async fn fills(told: &mut Told, device: &Device) {
    for n in 0..LINES_MAX {
        match told.ask(device, &long(&format!("filling {n}"), 1_500)).await {
            Some(Fate::Ok { .. }) => {}
            Some(Fate::Retry { words, .. }) => {
                assert!(words.contains("the disk is full"), "{words}");
                return;
            }
            other => panic!("{other:?}"),
        }
        tokio::time::sleep(PACE).await;
    }
    panic!("the disk was never full");
}

/// Holds for a while that nothing is written, everything is shown, and no screen is told otherwise.
async fn stays_full(told: &mut Told, faces: &[Device]) {
    let begun = Instant::now();
    for n in 0.. {
        for face in faces {
            assert_eq!(mode(face).await, Mode::ReadOnly, "after {:?}", begun.elapsed());
            let shown = face.snapshot().await.to;
            let last = told.kept.iter().map(|(_, seq)| *seq).max();
            assert!(Some(shown) >= last, "I-22: {shown} of {last:?}");
            let ready = face.get("/ready").send().await.status.as_u16();
            assert_eq!(ready, 503);
        }
        let face = &faces[n % faces.len()];
        match told.ask(face, &long(&format!("held {n}"), 1_900)).await {
            Some(Fate::Retry { .. }) => {}
            // It found a corner that nothing before it had fitted into; there is a smaller one left.
            Some(Fate::Ok { .. }) => fills(told, face).await,
            other => panic!("{other:?}"),
        }
        if begun.elapsed() > WATCHED {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// I-5, I-7, P-34, P-53: the tables have no room any more; the log has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_whose_database_has_a_full_disk_are_read_and_go_on_by_themselves() {
    let server = Server::on_disk("base");
    let url = server.database().await;
    let nodes = Nodes::on(2, &url, &[]).started().await;
    let room = nodes.door(0).open_room(2).await;
    let desk = nodes.door(0).come_in(room, Audience::Desk, &[Role::Lead]).await;
    let phone = nodes.door(1).come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let wall = nodes.door(1).come_in(room, Audience::Wall, &[]).await.through(nodes.0[1].addr());
    let faces = [desk.clone(), phone.clone()];
    let mut told = Told::default();
    for face in &faces {
        told.ask(face, "before").await;
        assert_eq!(mode(face).await, Mode::Live);
    }
    server.disk().has_left(0);
    fills(&mut told, &desk).await;
    fills(&mut told, &phone).await;
    stays_full(&mut told, &faces).await;
    assert_eq!(mode(&wall).await, Mode::ReadOnly);
    server.disk().has_room();
    for face in &faces {
        says(face, Mode::Live).await;
    }
    told.settle(&phone).await;
    told.ask(&desk, "after").await;
    told.stands(&phone).await;
    told.stands(&desk).await;
    told.is_kept(&url).await;
}

/// I-5, I-7, I-13: without room for its log PostgreSQL ends itself, in the middle of whatever it was doing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_ends_itself_for_want_of_room_loses_nothing_that_was_answered() {
    let mut server = Server::on_disk("pg_wal");
    let url = server.database().await;
    let nodes = Nodes::on(2, &url, &[]).started().await;
    let room = nodes.door(0).open_room(2).await;
    let desk = nodes.door(0).come_in(room, Audience::Desk, &[Role::Lead]).await;
    let phone = nodes.door(1).come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let (mut at_desk, mut at_phone) = (desk.following().await, phone.following().await);
    let mut told = Told::default();
    told.ask(&desk, "before").await;
    let administrator = server.client(&url).await;
    server.disk().has_left(0);
    // The next record needs a file that is not there.
    administrator.batch_execute("SELECT pg_switch_wal()").await.ok();
    for face in [&desk, &phone] {
        let mut n = 0;
        while matches!(told.ask(face, &format!("line {n}")).await, Some(Fate::Ok { .. })) {
            n += 1;
            assert!(n < LINES_MAX, "the disk was never full");
            tokio::time::sleep(PACE).await;
        }
    }
    hears(&mut at_desk, Mode::ReadOnly).await;
    hears(&mut at_phone, Mode::ReadOnly).await;
    server.disk().has_room();
    // It may have given up for good, and then its administrator starts it.
    tokio::task::block_in_place(|| server.restart());
    hears(&mut at_desk, Mode::Live).await;
    hears(&mut at_phone, Mode::Live).await;
    told.settle(&phone).await;
    told.stands(&desk).await;
    told.is_kept(&url).await;
}

/// I-5, I-7, P-34, P-53: however little room is left, it is never said that there is some because a few bytes fit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_whose_own_disk_is_full_is_read_and_goes_on_by_itself() {
    let (mut node, kept) = (Node::new(), tempfile::tempdir().unwrap());
    let disk = Disk::under(&node.data(), kept.path());
    node.say(disk.settings());
    node.start().await;
    let door = node.door();
    let room = door.open_room(2).await;
    let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    let wall = door.come_in(room, Audience::Wall, &[]).await;
    let mut told = Told::default();
    told.ask(&desk, "before").await;
    for left in [0, 5_000, 20_000] {
        disk.has_left(left);
        fills(&mut told, &desk).await;
        stays_full(&mut told, std::slice::from_ref(&desk)).await;
        assert_eq!(mode(&wall).await, Mode::ReadOnly);
        disk.has_room();
        says(&desk, Mode::Live).await;
        told.settle(&desk).await;
        told.stands(&desk).await;
    }
    node.kill();
    journal::verify::verify(&node.database()).unwrap();
    node.start().await;
    told.stands(&desk).await;
    assert!(
        desk.does(cast::line("after")).await > told.kept.iter().map(|(_, seq)| *seq).max().unwrap()
    );
}
