//! A node with little memory (E20): its buffers are bounded under slow readers and large uploads,
//! and when memory runs out all the same nothing acknowledged is lost.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use proof::{
    cast,
    child::{Node, binary},
    device::Device,
    nodes::Nodes,
    postgres::{free_port, shared},
    screen::{Gone, Screen},
    soon,
    web::Web,
};
use proto::{
    close::Close,
    command::Command,
    id::Seq,
    limit,
    log::Show,
    outcome::Fate,
    pack::{self, PackKind},
    role::{Audience, Role},
};
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet};

use crate::told::{PACE, Told};

/// The node's memory limit in KiB: more than it needs with every buffer at its limit.
const ENOUGH_KIB: usize = 512 * 1024;
/// Too little: less than the uploads alone.
const TOO_LITTLE_KIB: usize = 64 * 1024;
/// The base size of a debug build with a room, including what its allocator retains.
const NODE_BYTES: usize = 96 * 1024 * 1024;
/// Size of a list being uploaded.
const LIST_BYTES: usize = limit::IMPORT_BYTES_MAX;
/// Concurrent uploads: without a bound they would exceed the node's memory.
const LISTS: usize = 60;
/// Screens per audience that never read, for each of three audiences.
const STALLED: usize = 8;
/// Requests with long lines: more than all buffers between a node and a screen hold.
const REQUESTS: usize = 45;

/// Returns the maximum total size of a node's buffers, from the protocol's limits.
fn bound(screens: usize) -> usize {
    let rings = Audience::ALL.len() * limit::RING_BYTES_MAX;
    let socket = limit::SOCKET_UNSENT_BYTES_MAX + limit::STEP_BYTES_MAX + limit::SOCKET_READ_BYTES;
    let mailbox = limit::MAILBOX_MAX * limit::COMMANDS_BYTES_MAX;
    NODE_BYTES + rings + screens * socket + mailbox + limit::FILES_BYTES_MAX
}

/// Returns a process's peak memory in bytes.
fn most(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().strip_suffix(" kB").unwrap().parse::<usize>().unwrap() * 1024
}

/// Uploads a list except for its last byte, and counts it once it was received that far.
async fn sends_a_list(desk: Device, taken: Arc<AtomicUsize>) {
    let mut line = TcpStream::connect(desk.web.addr()).await.unwrap();
    let head = format!(
        "POST /api/rooms/{}/intake HTTP/1.1\r\nhost: x\r\ncookie: {}\r\norigin: {}\r\n\
         x-muster-face: desk\r\ncontent-type: application/vnd.muster.intake\r\n\
         content-length: {LIST_BYTES}\r\n\r\n",
        desk.room, desk.cookie, desk.origin
    );
    // A node that has ended receives nothing.
    let sent = async {
        line.write_all(head.as_bytes()).await?;
        line.write_all(&vec![b'x'; LIST_BYTES - 1]).await
    };
    if sent.await.is_ok() {
        taken.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<()>().await;
    }
}

/// Returns a long line for every audience.
fn long(n: usize) -> Command {
    let show = Show { wall: true, phones: true, directors: true };
    cast::shown(&format!("{n} {}", "x".repeat(1_900)), show)
}

/// Writes as many long lines as a request takes, and fetches all packs and the rows again; returns
/// the last entry.
async fn writes(desk: &Device, nth: usize) -> Seq {
    let people = (0..6).map(cast::person).collect();
    let packs = Command::from(pack::Plan::Print { pack: PackKind::Person, people, held_by: None });
    let lines = (1..limit::COMMANDS_MAX).map(|n| cast::asks(long(nth * 100 + n)));
    let commands: Vec<_> = std::iter::once(cast::asks(packs)).chain(lines).collect();
    let fates = desk.fates(&commands).await;
    for encoding in ["br", "gzip", "identity"] {
        let rows = desk.get(&desk.rows_path()).with("accept-encoding", encoding).send().await;
        assert_eq!(rows.status.as_u16(), 200, "{rows:?}");
    }
    match fates.last().map(|told| &told.fate) {
        Some(Fate::Ok { seq }) => *seq,
        other => panic!("{other:?}"),
    }
}

/// Reads a screen's backlog until it is closed as too slow; then reconnects it and reaches an
/// entry.
async fn comes_back(screen: &mut Screen, head: Seq) {
    let slow = Some(Close::Slow.code());
    let let_go = async {
        loop {
            if let Err(Gone(code)) = screen.step().await {
                break code;
            }
        }
    };
    let code = soon("the end of a screen that read nothing", let_go).await;
    assert!(code.is_none() || code == slow, "{code:?}");
    assert!(screen.cursor.seq < head, "it was closed before it had everything");
    soon("a screen to come back", screen.come()).await.unwrap();
    screen.reach(head).await;
    let room = screen.device.snapshot().await.put;
    assert!(screen.rows == proof::fold::kept(room), "I-16, I-20: other rows than the room's");
}

/// I-26, I-27, I-28, E20: twenty-four screens never read and sixty lists are being uploaded, and
/// others keep working.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_is_bounded_under_slow_readers_and_large_uploads() {
    let figures = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let mut node = Node::with(&[("MUSTER_METRICS", figures.to_string())]);
    let figures = Web::new(figures);
    node.after(&format!("ulimit -d {ENOUGH_KIB}"));
    node.start().await;
    let door = node.door();
    let room = door.open_room(6).await;
    let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    // Uploads beyond a login's rate are neither read nor queued.
    let mut senders = Vec::new();
    for _ in 0..LISTS.div_ceil(limit::REQUESTS_PER_S as usize) {
        senders.push(door.come_in(room, Audience::Desk, &[Role::Lead]).await);
    }
    let phone = door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let wall = door.come_in(room, Audience::Wall, &[]).await;
    let mut stalled = Vec::new();
    for face in [&desk, &phone, &wall] {
        for _ in 0..STALLED {
            let mut screen = Screen::live(face.clone()).await;
            screen.reach(Seq(1)).await;
            stalled.push(screen);
        }
    }
    let (taken, mut sending) = (Arc::<AtomicUsize>::default(), JoinSet::new());
    for sender in senders.iter().cycle().take(LISTS) {
        sending.spawn(sends_a_list(sender.clone(), Arc::clone(&taken)));
    }
    let mut live = Screen::live(wall.clone()).await;
    let mut head = Seq(0);
    for nth in 0..REQUESTS {
        head = writes(&desk, nth).await;
        live.reach(head).await;
    }
    let are_let_go = |told: f64| told > stalled.len() as f64 - 0.5;
    figures.figure_until("muster_socket_ends_total{code=\"slow\"}", are_let_go).await;
    live.reach(writes(&desk, REQUESTS).await).await;
    for screen in &mut stalled {
        comes_back(screen, head).await;
    }
    let places = limit::FILES_BYTES_MAX / LIST_BYTES;
    let read = taken.load(Ordering::SeqCst);
    assert!((1..=places).contains(&read), "{read} lists were read, and {places} have a place");
    let encoded = figures.figure("muster_snapshots_encoded_total").await;
    assert!(encoded < 2.0 * REQUESTS as f64, "I-28: rows were encoded {encoded} times");
    let (most, bound) = (most(node.pid().unwrap()), bound(stalled.len() + 1));
    assert!(most < bound, "it had {most} bytes, and all that waits takes {bound} at most");
    // The places are free again once the uploads are gone.
    drop(sending);
    let list = [&b"{}\n"[..], &vec![b'x'; 1_000]].concat();
    let path = format!("/api/rooms/{room}/intake");
    let kind = "application/vnd.muster.intake";
    let answer = senders[0].post(&path).body(kind, list).send().await;
    assert_eq!(answer.status.as_u16(), 400, "{answer:?}");
}

/// Works until there is no answer.
async fn works(device: Device, name: usize) -> Told {
    let mut told = Told::default();
    let mut pace = tokio::time::interval(PACE);
    for n in 0.. {
        pace.tick().await;
        if told.ask(&device, &format!("worker {name}, line {n}")).await.is_none() {
            break;
        }
    }
    told
}

/// Exhausts the memory of a node in which people work; returns their answers.
async fn ends(node: &mut Node, desks: [Device; 3]) -> Told {
    let [sender, workers @ ..] = desks;
    let mut working = JoinSet::new();
    for (name, desk) in workers.into_iter().enumerate() {
        working.spawn(works(desk, name));
    }
    let mut before = Told::default();
    for n in 0..10 {
        before.ask(&sender, &format!("before, line {n}")).await;
        tokio::time::sleep(PACE).await;
    }
    let (taken, mut sending) = (Arc::<AtomicUsize>::default(), JoinSet::new());
    for _ in 0..LISTS {
        sending.spawn(sends_a_list(sender.clone(), Arc::clone(&taken)));
    }
    let code = node.ended().await;
    assert_ne!(code, Some(0), "{}", node.log());
    let told = soon("the end of the work", working.join_all()).await;
    let told = told.into_iter().fold(before, Told::and);
    assert!(told.kept.len() > 10, "nothing was acknowledged before memory ran out");
    told
}

/// I-5, I-7, I-8, E20, E2: the node ends as if it had been killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn running_out_of_memory_ends_the_node_and_loses_nothing_acknowledged() {
    let url = shared().database().await;
    let nodes = Nodes::on(1, &url, &[]).0;
    for (mut node, is_shared) in
        std::iter::once((Node::new(), false)).chain(nodes.into_iter().map(|node| (node, true)))
    {
        node.after(&format!("ulimit -d {TOO_LITTLE_KIB}"));
        node.start().await;
        let own = node.door();
        let origin = if is_shared { proof::nodes::PUBLIC.to_owned() } else { own.origin.clone() };
        let door = proof::device::Door { origin, ..own };
        let room = door.open_room(2).await;
        let mut desks = Vec::new();
        for _ in 0..3 {
            desks.push(door.come_in(room, Audience::Desk, &[Role::Lead]).await);
        }
        let desk = desks[0].clone();
        let mut told = ends(&mut node, desks.try_into().unwrap()).await;
        node.becomes(&binary());
        node.start().await;
        told.settle(&desk).await;
        told.stands(&desk).await;
        if is_shared {
            told.is_kept(&url).await;
        } else {
            node.kill();
            journal::verify::verify(&node.database()).unwrap();
        }
    }
}
