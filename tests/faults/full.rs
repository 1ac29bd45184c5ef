//! A full disk under whole nodes (E5): nothing is acknowledged that is not stored, everything can
//! be read, screens are read-only for as long as it lasts, and the node recovers on its own.

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

/// How long the disk is watched to stay full, while the store probes for space several times.
const WATCHED: Duration = Duration::from_secs(4);
/// Lines that certainly fill a disk without free space.
const LINES_MAX: usize = 400;

/// Returns an incompressible line of this length.
fn long(words: &str, chars: usize) -> String {
    let noise = (0..).flat_map(|_| rand::random::<u64>().to_string().into_bytes());
    let noise: String = noise.map(char::from).take(chars).collect();
    format!("{words} {noise}")
}

/// Returns the mode reported to a screen that joins this room; it is shown the room first.
async fn mode(device: &Device) -> Mode {
    let mut socket = device.following().await;
    match socket.frame().await {
        ServerFrame::Beat { mode, .. } => mode,
        other => panic!("no beat but {other:?}"),
    }
}

/// Waits until an open screen receives this mode.
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

/// Waits until a screen that joins receives this mode.
pub async fn says(device: &Device, wanted: Mode) {
    let told = async {
        while mode(device).await != wanted {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon("what a screen is told", told).await;
}

/// Writes lines until the disk is full; those accepted before had room.
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

/// Checks for a while that nothing is written, everything is shown, and no screen receives another
/// mode.
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
            // It fitted into a gap; a smaller one is left.
            Some(Fate::Ok { .. }) => fills(told, face).await,
            other => panic!("{other:?}"),
        }
        if begun.elapsed() > WATCHED {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// I-5, I-7, P-34, P-53: the tables have no space left; the log has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_with_a_full_database_disk_serve_reads_and_recover() {
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

/// I-5, I-7, I-13: without space for its log PostgreSQL crashes, in the middle of its work.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_crashes_on_a_full_disk_loses_nothing_acknowledged() {
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
    // The next record needs another file.
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
    // It may have given up, and then its administrator starts it.
    tokio::task::block_in_place(|| server.restart());
    hears(&mut at_desk, Mode::Live).await;
    hears(&mut at_phone, Mode::Live).await;
    told.settle(&phone).await;
    told.stands(&desk).await;
    told.is_kept(&url).await;
}

/// I-5, I-7, P-34, P-53: a disk with a few free bytes still counts as full.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_with_a_full_disk_serves_reads_and_recovers() {
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
