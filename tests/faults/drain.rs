//! Graceful shutdown of a node while people work in its rooms.

use std::time::{Duration, Instant};

use proof::{
    cast,
    child::Node,
    device::Device,
    socket::{Heard, Socket},
    soon,
};
use proto::{
    command::Envelope,
    frame::ServerFrame,
    id::{Cursor, Seq},
    limit,
    outcome::Fate,
    role::{Audience, Role},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
};

/// Sends commands one after the other until there is no answer; returns those acknowledged.
async fn works(
    device: Device,
    name: usize,
    told: mpsc::UnboundedSender<()>,
) -> Vec<(Envelope, Seq)> {
    let mut kept = Vec::new();
    // As fast as one login may.
    let pace = Duration::from_millis(1_000 / u64::from(limit::REQUESTS_PER_S) + 1);
    let mut pace = tokio::time::interval(pace);
    for n in 0.. {
        pace.tick().await;
        let command = cast::asks(cast::line(&format!("worker {name}, line {n}")));
        let sent = device.sends(std::slice::from_ref(&command)).try_send().await;
        let Ok(answer) = sent else { break };
        if !answer.status.is_success() {
            assert_eq!(answer.status.as_u16(), 503, "{answer:?}");
            break;
        }
        let fates = answer.read::<proto::http::CommandsAnswer>().fates;
        match &fates[0].fate {
            Fate::Ok { seq } => kept.push((command, *seq)),
            Fate::Retry { .. } => {}
            other => panic!("{other:?}"),
        }
        told.send(()).ok();
    }
    kept
}

/// Returns a socket that follows its room.
async fn follows(device: &Device) -> Socket {
    let snapshot = device.snapshot().await;
    let mut socket = device.welcomed().await;
    let cursor = Cursor { seq: snapshot.to, tag: snapshot.tag };
    socket.say(&device.sub(Some(cursor))).await;
    socket
}

/// Returns the reconnect window of a goodbye and the close code.
async fn goodbye(mut socket: Socket) -> (Option<[u32; 2]>, Option<u16>) {
    let mut window = None;
    loop {
        match socket.hear().await {
            Heard::Frame(ServerFrame::Bye { after_ms, why }) => {
                assert!(!why.is_empty());
                window = Some(after_ms);
            }
            Heard::Frame(_) => assert!(window.is_none(), "a frame came after the goodbye"),
            Heard::Closed(code) => return (window, code),
        }
    }
}

/// I-33, I-5, P-36: nothing acknowledged is lost or duplicated, and every screen gets a goodbye.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graceful_shutdown_under_load_loses_nothing_acknowledged() {
    let mut node = Node::new();
    node.start().await;
    let door = node.door();
    let room = door.open_room(3).await;
    let (told, mut heard) = mpsc::unbounded_channel();
    let (mut workers, mut screens) = (Vec::new(), Vec::new());
    for name in 0..4 {
        let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
        screens.push(tokio::spawn(goodbye(follows(&desk).await)));
        workers.push(tokio::spawn(works(desk, name, told.clone())));
    }
    let wall = door.come_in(room, Audience::Wall, &[]).await;
    screens.push(tokio::spawn(goodbye(follows(&wall).await)));
    for _ in 0..60 {
        heard.recv().await.unwrap();
    }
    let asked = Instant::now();
    node.ask_to_stop();
    assert_eq!(node.ended().await, Some(0), "{}", node.log());
    assert!(asked.elapsed() < Duration::from_millis(limit::STOP_MS), "{:?}", asked.elapsed());
    for screen in screens {
        let (window, code) = screen.await.unwrap();
        let [soonest, latest] = window.expect("every screen gets a goodbye");
        assert!(soonest < latest && code == Some(4000), "{code:?}");
    }
    let mut kept = Vec::new();
    for worker in workers {
        kept.extend(worker.await.unwrap());
    }
    assert!(kept.len() >= 60);
    node.start().await;
    let again = node.door().come_in(room, Audience::Desk, &[Role::Lead]).await;
    for some in kept.chunks(limit::COMMANDS_MAX) {
        let commands: Vec<Envelope> = some.iter().map(|(command, _)| command.clone()).collect();
        let fates = again.fates(&commands).await;
        for (fate, (_, seq)) in fates.iter().zip(some) {
            assert_eq!(fate.fate, Fate::Dup { seq: *seq });
        }
        assert_eq!(fates.len(), some.len());
    }
}

/// Returns a connection with an incomplete request.
async fn stuck(node: &Node, start: &str) -> TcpStream {
    let mut line = TcpStream::connect(node.door().web.addr()).await.unwrap();
    line.write_all(start.as_bytes()).await.unwrap();
    line
}

const HALF_A_HEAD: &str = "GET /health HTTP/1.1\r\nhost: x\r\n";
const HALF_A_BODY: &str = "POST /api/invites/redeem HTTP/1.1\r\nhost: x\r\ncontent-type: \
    application/json\r\ncontent-length: 100\r\n\r\n{\"secret\":";

/// I-33, P-36: a client that never reads, or never completes its request, delays a shutdown only
/// briefly.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graceful_shutdown_completes_although_clients_are_stuck() {
    let mut node = Node::new();
    node.start().await;
    let door = node.door();
    let room = door.open_room(1).await;
    let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    // Two writers, so that neither exceeds the request rate of one login (P-51).
    let other = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    // It follows without reading, until all buffers on the way are full.
    let deaf = follows(&desk).await;
    let long = "x".repeat(1_900);
    for writer in [&desk, &other].into_iter().cycle().take(40) {
        let lines: Vec<_> =
            (0..limit::COMMANDS_MAX).map(|_| cast::asks(cast::line(&long))).collect();
        writer.fates(&lines).await;
    }
    let (head, body) = (stuck(&node, HALF_A_HEAD).await, stuck(&node, HALF_A_BODY).await);
    let asked = Instant::now();
    node.ask_to_stop();
    assert_eq!(node.ended().await, Some(0), "{}", node.log());
    assert!(asked.elapsed() < Duration::from_millis(limit::STOP_MS), "{:?}", asked.elapsed());
    drop((deaf, head, body));
}

/// P-36: an operator who cannot wait sends the signal again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_stop_signal_ends_the_node_at_once() {
    let mut node = Node::new();
    node.start().await;
    let room = node.door().open_room(0).await;
    let desk = node.door().come_in(room, Audience::Desk, &[Role::Lead]).await;
    let body = stuck(&node, HALF_A_BODY).await;
    let screen = follows(&desk).await;
    let asked = Instant::now();
    node.ask_to_stop();
    // The goodbye marks the start of the shutdown; the stuck request would delay it for seconds.
    assert_eq!(goodbye(screen).await.1, Some(4000));
    node.ask_to_stop();
    let code = node.ended().await;
    assert!(asked.elapsed() < Duration::from_millis(limit::DRAIN_MS), "{:?}", asked.elapsed());
    assert_eq!(code, Some(1), "{}", node.log());
    drop(body);
}

/// P-36, P-68: a draining node answers requests in progress, is not ready, and accepts no
/// connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draining_node_answers_open_requests_and_accepts_no_connection() {
    let mut node = Node::new();
    node.start().await;
    let addr = node.door().web.addr();
    let mut line = stuck(&node, "GET /ready HTTP/1.1\r\nhost: x\r\n").await;
    let room = node.door().open_room(0).await;
    let desk = node.door().come_in(room, Audience::Desk, &[Role::Lead]).await;
    let screen = follows(&desk).await;
    node.ask_to_stop();
    goodbye(screen).await;
    // The goodbye and the end of listening happen together, and are seen in either order.
    soon("a refused connection", async {
        while TcpStream::connect(addr).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    line.write_all(b"\r\n").await.unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert_eq!(node.ended().await, Some(0), "{}", node.log());
}
