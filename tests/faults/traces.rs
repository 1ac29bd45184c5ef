//! Traces: the spans that a collector receives of a command over two nodes, and the behaviour
//! without a collector.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use proof::{
    LOST_MS, cast,
    child::Node,
    collector::{Collector, Span},
    device::{Device, Door},
    postgres, redis,
    screen::Screen,
};
use proto::{
    command::Envelope,
    id::Time,
    limit,
    outcome::Fate,
    role::{Audience, Role},
};

use crate::process::{muster, text};

/// Nanoseconds by which the clocks of two processes on one machine may differ.
const APART: u64 = 5_000_000;
/// The same within one node, which follows the machine's clock by a millisecond at a time.
const STEP: u64 = 1_500_000;

/// The attributes of all spans and resources; none holds user content.
const SAID: [&str; 20] = [
    "muster.audience",
    "muster.batch.commands",
    "muster.batch.entries",
    "muster.by",
    "muster.code",
    "muster.command",
    "muster.fate",
    "muster.first_ms",
    "muster.followers",
    "muster.kind",
    "muster.last_ms",
    "muster.listen",
    "muster.result",
    "muster.room",
    "muster.seq",
    "muster.sockets",
    "muster.tried",
    "muster.waited_on_device_ms",
    "service.instance.id",
    "service.name",
];

/// These tests need a program built with traces.
fn is_built() {
    let url = ["--data", "unused", "--traces", "http://127.0.0.1:4318"];
    let told = muster().args(["config", "check"]).args(url).output().unwrap();
    let words = String::from_utf8_lossy(&told.stderr);
    let how = "build it with: cargo build --package muster --features otel";
    assert!(
        told.status.success(),
        "{words}\nThe program beside these tests makes no traces; {how}"
    );
}

/// Two nodes on one database and one Redis that export to a collector.
struct Pair {
    nodes: [Node; 2],
    collector: Collector,
    _redis: redis::Server,
}

impl Pair {
    async fn start() -> Self {
        is_built();
        let (redis, collector) = (redis::Server::start(), Collector::start().await);
        let settings = [
            ("MUSTER_DATABASE", postgres::shared().database().await),
            ("MUSTER_REDIS", redis.url()),
            ("MUSTER_BUS_KEY", redis::KEY.to_owned()),
            ("MUSTER_TRACES", collector.url()),
        ];
        let mut nodes = [Node::with(&settings), Node::with(&settings)];
        for node in &mut nodes {
            node.start().await;
        }
        Self { nodes, collector, _redis: redis }
    }

    fn doors(&self) -> [Door; 2] {
        self.nodes.each_ref().map(Node::door)
    }
}

/// Returns a device as it reaches another node of the same rooms.
fn moved(device: &Device, to: &Door) -> Device {
    Device { web: to.web.clone(), origin: to.origin.clone(), ..device.clone() }
}

/// Returns the names of a trace's spans, each with the number of nodes that sent it.
fn names(spans: &[Span]) -> BTreeMap<&str, usize> {
    let mut names = BTreeMap::new();
    for span in spans {
        *names.entry(span.name.as_str()).or_default() += 1;
    }
    names
}

/// Returns the span of this name, from this node.
fn step<'a>(spans: &'a [Span], name: &str, node: &str) -> &'a Span {
    let mut found = spans.iter().filter(|span| span.name == name && span.node == node);
    let span = found.next().unwrap_or_else(|| panic!("no {name} of {node} in {spans:#?}"));
    assert!(found.next().is_none(), "{name} was sent twice");
    span
}

/// Waits until later frames are delivered to a screen: the first of two entries may be in its
/// snapshot, and the second in its catch-up.
async fn follows(screen: &mut Screen, device: &Device) {
    for line in ["everybody is on the bus", "and so are the bags"] {
        screen.reach(device.does(cast::line(line)).await).await;
    }
}

/// Returns a fact that waited on the phone for three seconds.
fn departs_late() -> Envelope {
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let happened = Time(i64::try_from(now).unwrap()).plus_ms(-3_000);
    Envelope { happened_at: Some(happened), ..cast::asks(cast::departs(1)) }
}

/// One trace from the phone's request on one node to the wall on the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_traced_from_a_phone_on_one_node_to_a_wall_on_another() {
    let pair = Pair::start().await;
    let [here, there] = pair.doors();
    let room = here.open_room(3).await;
    let phone = here.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let wall = moved(&here.come_in(room, Audience::Wall, &[]).await, &there);
    let mut wall = Screen::live(wall).await;
    follows(&mut wall, &phone).await;

    let command = departs_late();
    let Fate::Ok { seq } = phone.fate(&command).await else { panic!("a fact is taken") };
    wall.reach(seq).await;
    assert!(matches!(phone.fate(&command).await, Fate::Dup { .. }));

    let is_whole = |spans: &[Span]| {
        let names = names(spans);
        ["command", "command again", "hear", "deliver wall"]
            .iter()
            .all(|name| names.contains_key(name))
    };
    let spans = pair.collector.trace(command.id.0, is_whole).await;
    let at_wall = spans.iter().find(|span| span.name == "deliver wall").unwrap();
    let root = spans.iter().find(|span| span.parent.is_empty()).expect("the trace begins");
    let (a, b) = (root.node.as_str(), at_wall.node.as_str());
    assert_ne!(a, b, "the phone is at one node and the wall at the other");
    assert_eq!((root.name.as_str(), root.said["muster.fate"].as_str()), ("command", "done"));
    assert_eq!(root.said["muster.kind"], "depart_service_user");
    let pocket: i64 = root.said["muster.waited_on_device_ms"].parse().unwrap();
    assert!((3_000..60_000).contains(&pocket), "{pocket}");

    let again = step(&spans, "command again", a);
    assert_eq!((again.said["muster.fate"].as_str(), &again.parent), ("repeated", &root.id));
    // Of the spans that each request has, those of the first.
    let first: Vec<Span> = spans.iter().filter(|span| span.began < again.began).cloned().collect();
    let [wait, recall, decide, commit, tell] =
        ["wait", "recall", "decide", "commit", "tell"].map(|name| step(&first, name, a));
    let hear = step(&spans, "hear", b);
    for step in [wait, recall, decide, commit, tell, hear] {
        assert_eq!(step.parent, root.id, "{} is within the command", step.name);
    }
    assert_eq!(at_wall.parent, hear.id, "the wall is served by the node that followed");

    let in_turn = [wait, recall, decide, commit, tell];
    let within = |step: &&Span| root.began <= step.began + STEP && step.ended <= root.ended + STEP;
    assert!(in_turn.iter().all(within), "{in_turn:?}");
    for (one, next) in in_turn.iter().zip(in_turn.iter().skip(1)) {
        assert!(one.began <= one.ended && one.ended <= next.began + STEP, "{one:?} {next:?}");
    }
    assert!(commit.began < hear.began + APART, "nothing is followed before it is written");
    assert!(hear.began <= at_wall.began + STEP && at_wall.began <= hear.ended + STEP);
    assert!(at_wall.began <= at_wall.ended);

    for told in [tell, hear, at_wall] {
        assert_eq!(told.said["muster.seq"], seq.to_string());
    }
    assert_eq!(commit.said["muster.batch.entries"], "1");
    assert_eq!(
        (at_wall.said["muster.sockets"].as_str(), at_wall.said["muster.followers"].as_str()),
        ("1", "1")
    );
    assert!(at_wall.said["muster.first_ms"].parse::<f64>().unwrap() < 10_000.0);
    tells_of_nobody(&pair.collector);
}

/// No exported byte contains names, references or user content.
fn tells_of_nobody(collector: &Collector) {
    let bytes = collector.bytes();
    for canary in cast::canaries().chain(["everybody", "Lantern"]) {
        let found = bytes.windows(canary.len()).any(|part| part == canary.as_bytes());
        assert!(!found, "{canary} is in a trace");
    }
    let is_word = |text: &str| text.chars().all(|c| c.is_ascii_lowercase() || " _".contains(c));
    for span in collector.spans() {
        for (key, value) in &span.said {
            assert!(SAID.contains(&key.as_str()) || key == "service.version", "{key}: {value}");
            let is_id = value.parse::<uuid::Uuid>().is_ok();
            let is_number = value.parse::<f64>().is_ok();
            let is_place = value.parse::<std::net::SocketAddr>().is_ok();
            let is_fine = is_id || is_number || is_place || is_word(value);
            assert!(is_fine || key == "service.version", "{key}: {value}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_traced_with_its_code_and_without_an_entry() {
    let pair = Pair::start().await;
    let [here, _] = pair.doors();
    let room = here.open_room(1).await;
    let desk = here.come_in(room, Audience::Desk, &[Role::Lead]).await;
    let unknown = cast::edits(77, 1, cast::bedroom("9"));
    for _ in 0..2 {
        assert!(matches!(desk.fate(&unknown).await, Fate::Refused(_)));
    }
    let is_whole = |spans: &[Span]| names(spans).contains_key("command again");
    let spans = pair.collector.trace(unknown.id.0, is_whole).await;
    for name in ["command", "command again"] {
        let span = spans.iter().find(|span| span.name == name).unwrap();
        let said = [&span.said["muster.fate"], &span.said["muster.code"]];
        assert_eq!(said, ["refused", "unknown"], "{name}");
    }
    let names = names(&spans);
    assert_eq!((names["decide"], names["commit"]), (1, 1), "it is decided once: {names:?}");
    assert!(!names.contains_key("tell"), "a refusal makes no entry");
}

/// A collector that never answers, or is unreachable, concerns the operator alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_collector_blocks_nobody_and_is_logged_once() {
    is_built();
    let hangs = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    for (addr, what) in [(gone, "is away"), (hangs.local_addr().unwrap(), "hangs")] {
        let mut node = Node::with(&[("MUSTER_TRACES", format!("http://{addr}"))]);
        node.start().await;
        let door = node.door();
        let room = door.open_room(1).await;
        let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
        let complaints = || node.log().matches("the collector does not accept traces").count();
        let mut pace = tokio::time::interval(Duration::from_millis(100));
        // Until it is noticed, and then through some more failing requests.
        let (begun, mut more) = (Instant::now(), 20_usize);
        while more > 0 {
            pace.tick().await;
            let asked = Instant::now();
            desk.does(cast::line("as quick as ever")).await;
            assert!(asked.elapsed() < Duration::from_secs(2), "{what}: {:?}", asked.elapsed());
            assert!(
                begun.elapsed() < Duration::from_millis(LOST_MS),
                "{what}, and nothing is logged"
            );
            more = more.saturating_sub(complaints());
        }
        let asked = Instant::now();
        node.ask_to_stop();
        assert_eq!(node.ended().await, Some(0), "{what}: {}", node.log());
        assert!(asked.elapsed() < Duration::from_millis(limit::STOP_MS), "{:?}", asked.elapsed());
        let complaints = node.log().matches("the collector does not accept traces").count();
        assert_eq!(complaints, 1, "{what}: {}", node.log());
    }
}

/// The last spans are exported although the node was told to stop at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_spans_are_exported_before_shutdown() {
    is_built();
    let collector = Collector::start().await;
    let mut node = Node::with(&[("MUSTER_TRACES", collector.url())]);
    node.start().await;
    let door = node.door();
    let room = door.open_room(1).await;
    let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    let mut screen = Screen::live(desk.clone()).await;
    follows(&mut screen, &desk).await;
    let last = cast::asks(cast::departs(0));
    let Fate::Ok { seq } = desk.fate(&last).await else { panic!("a fact is taken") };
    screen.reach(seq).await;
    node.ask_to_stop();
    assert_eq!(node.ended().await, Some(0), "{}", node.log());
    let spans: Vec<Span> = collector.spans();
    let spans: Vec<Span> =
        spans.into_iter().filter(|span| span.trace == last.id.0.as_bytes()).collect();
    let names = names(&spans);
    for name in ["command", "wait", "recall", "decide", "commit", "tell", "deliver desk"] {
        assert_eq!(names.get(name), Some(&1), "{name}: {names:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_sampling_share_of_zero_nothing_is_exported() {
    is_built();
    let collector = Collector::start().await;
    let share = ("MUSTER_TRACES_SHARE", "0".to_owned());
    let mut node = Node::with(&[("MUSTER_TRACES", collector.url()), share]);
    node.start().await;
    let door = node.door();
    let room = door.open_room(1).await;
    let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    desk.does(cast::departs(0)).await;
    node.ask_to_stop();
    assert_eq!(node.ended().await, Some(0), "{}", node.log());
    assert!(collector.bytes().is_empty());
}

/// A collector must prove its identity before anything is sent to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_https_a_collector_needs_a_trusted_certificate() {
    is_built();
    let (collector, known) = Collector::over_tls().await;
    let (stranger, _, _) = proof::certificate::for_here();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("trusted.pem");
    for (authority, is_known) in [(stranger, false), (known, true)] {
        std::fs::write(&file, authority).unwrap();
        let trusted = ("SSL_CERT_FILE", text(&file).to_owned());
        let mut node = Node::with(&[("MUSTER_TRACES", collector.url()), trusted]);
        node.start().await;
        let door = node.door();
        door.open_room(1).await;
        node.ask_to_stop();
        assert_eq!(node.ended().await, Some(0), "{}", node.log());
        assert_eq!(!collector.bytes().is_empty(), is_known, "{}", node.log());
        assert_eq!(node.log().contains("certificate"), !is_known, "{}", node.log());
    }
}
