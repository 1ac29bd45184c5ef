//! Redis killed, flushed, hung, cut off and moved (E13, E14, E15): nodes reconnect on their own,
//! and check everything if they may have missed something (I-30).

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bus::{Bus, Dropped, Heard, Hearing, Key, Listener};
use node::trust::{self, Trust};
use proof::{
    redis::{Server, node, set},
    soon,
};
use proto::id::{Cursor, DeviceId, RoomId, Seq, Tag};
use rustls::client::danger::ServerCertVerifier;
use uuid::Uuid;

fn moved(seq: u64) -> Heard {
    let head = Cursor { seq: Seq(seq), tag: Tag([7; 8]) };
    Heard::Moved { room: RoomId(Uuid::from_u128(5)), head }
}

/// Waits until a node receives the others, or does not.
async fn hears(bus: &Bus, how: Hearing) {
    soon("a turn of hearing", bus.hearing().wait_for(|is| *is == how)).await.unwrap();
}

/// Waits for a notification; returns those received before it.
async fn heard(listener: &mut Listener, what: Heard) -> Vec<Heard> {
    let mut before = Vec::new();
    loop {
        let next = soon("a ring", listener.next()).await.expect("the bus is there");
        if next == what {
            return before;
        }
        before.push(next);
    }
}

/// Two nodes that receive each other.
struct Pair {
    one: Bus,
    two: Bus,
    at_two: Listener,
    /// Notifications so far.
    rings: u64,
}

impl Pair {
    async fn at(url: &str) -> Self {
        let (one, two) = (node(url, 1), node(url, 2));
        let at_two = two.listen();
        let mut pair = Self { one, two, at_two, rings: 0 };
        pair.both_hear().await;
        pair.ring().await;
        pair
    }

    async fn both_hear(&mut self) {
        hears(&self.one, Hearing::Well).await;
        hears(&self.two, Hearing::Well).await;
    }

    /// Publishes on one node and waits until the other receives it; returns what it received
    /// before.
    async fn ring(&mut self) -> Vec<Heard> {
        self.rings += 1;
        self.one.tell(moved(self.rings));
        heard(&mut self.at_two, moved(self.rings)).await
    }
}

#[tokio::test]
async fn a_notification_reaches_the_other_node_and_not_its_sender() {
    let server = Server::start();
    let mut pair = Pair::at(&server.url()).await;
    let mut at_one = pair.one.listen();
    let ended = Heard::LoginEnded(DeviceId(Uuid::from_u128(3)));
    pair.one.tell(ended);
    heard(&mut pair.at_two, ended).await;
    pair.two.tell(moved(77));
    assert_eq!(heard(&mut at_one, moved(77)).await, [], "a node does not receive its own messages");
    assert_eq!(pair.two.dropped(), Dropped::default());
}

#[tokio::test]
async fn forged_messages_are_dropped() {
    let server = Server::start();
    let mut pair = Pair::at(&server.url()).await;
    let key = Key::parse("a key that no node of this test has").unwrap();
    let stranger =
        Bus::redis(bus::Redis { key, ..set(&server.url()) }, Uuid::from_u128(3)).unwrap();
    for device in 0..50 {
        stranger.tell(Heard::LoginEnded(DeviceId(Uuid::from_u128(device))));
        stranger.tell(Heard::Missed);
        stranger.tell(moved(1_000 + u64::try_from(device).unwrap()));
    }
    server.ask(&["PUBLISH", bus::redis::CHANNEL, "what is this"]);
    soon("the stranger's messages", async {
        while pair.two.dropped().forged < 50 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(pair.ring().await, [], "no forged message is delivered");
    hears(&stranger, Hearing::Well).await;
}

#[tokio::test]
async fn nodes_reconnect_to_a_redis_that_was_killed_and_returns_empty() {
    let mut server = Server::start();
    let mut pair = Pair::at(&server.url()).await;
    server.kill();
    hears(&pair.one, Hearing::Unwell).await;
    hears(&pair.two, Hearing::Unwell).await;
    // Queued while nobody is subscribed; only the latest is sent later.
    (0..1_000).for_each(|seq| pair.one.tell(moved(10_000 + seq)));
    server.again();
    let begun = Instant::now();
    pair.both_hear().await;
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let before = heard_or_missed(&mut pair).await;
    assert!(before.contains(&Heard::Missed), "it checks everything: {before:?}");
    assert!(before.len() < 10, "of a thousand notifications the latest is sent: {}", before.len());
}

/// Publishes, and returns everything the other node received since.
async fn heard_or_missed(pair: &mut Pair) -> Vec<Heard> {
    pair.rings += 100_000;
    pair.ring().await
}

#[tokio::test]
async fn a_connection_closed_by_redis_is_reopened_and_everything_checked() {
    let server = Server::start();
    let mut pair = Pair::at(&server.url()).await;
    for (what, words) in [
        ("killed", vec!["CLIENT", "KILL", "TYPE", "pubsub"]),
        ("overrun", vec!["CONFIG", "SET", "client-output-buffer-limit", "pubsub 32kb 32kb 0"]),
    ] {
        let said = server.ask(&words);
        if what == "overrun" {
            assert_eq!(said.trim(), "OK");
            // More than the limit at once: Redis disconnects the subscriber.
            server.ask(&["PUBLISH", bus::redis::CHANNEL, &"x".repeat(100_000)]);
        }
        heard(&mut pair.at_two, Heard::Missed).await;
        pair.both_hear().await;
        pair.ring().await;
    }
}

#[tokio::test]
async fn flushing_redis_loses_nothing() {
    let server = Server::start();
    let mut pair = Pair::at(&server.url()).await;
    assert_eq!(server.ask(&["FLUSHALL"]).trim(), "OK");
    assert_eq!(pair.ring().await, []);
    assert_eq!(server.ask(&["DBSIZE"]).trim(), "0", "nothing is stored in Redis");
}

#[tokio::test]
async fn a_hanging_redis_blocks_nobody_and_is_noticed() {
    let server = Server::start();
    let mut pair = Pair::at(&server.url()).await;
    server.pause();
    let begun = Instant::now();
    (0..100_000).for_each(|seq| pair.one.tell(moved(10_000 + seq)));
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "publishing takes no time: {:?}",
        begun.elapsed()
    );
    hears(&pair.one, Hearing::Unwell).await;
    hears(&pair.two, Hearing::Unwell).await;
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    server.go_on();
    pair.both_hear().await;
    let before = heard_or_missed(&mut pair).await;
    assert!(before.len() < 20, "of all the notifications the latest is sent: {}", before.len());
}

#[tokio::test]
async fn over_tls_redis_needs_a_trusted_certificate() {
    let (server, _) = Server::tls();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, server.trusted().unwrap()).unwrap();
    let of = |node, file| {
        let trust: Arc<dyn ServerCertVerifier> = Trust::of(trust::Server::Redis, file).unwrap();
        Bus::redis(bus::Redis { trust: Some(trust), ..set(&server.url()) }, Uuid::from_u128(node))
            .unwrap()
    };
    let (one, two) = (of(1, Some(file.as_path())), of(2, Some(&file)));
    let stranger = of(3, None);
    let mut at_two = two.listen();
    hears(&one, Hearing::Well).await;
    hears(&two, Hearing::Well).await;
    one.tell(moved(1));
    heard(&mut at_two, moved(1)).await;
    assert_eq!(*stranger.hearing().borrow(), Hearing::Unwell);
    let untold = Bus::redis(set(&server.url()), Uuid::from_u128(4));
    assert!(matches!(untold, Err(bus::RedisError::NoTrust)), "{untold:?}");
    std::fs::write(&file, &server.trusted().unwrap()[..100]).unwrap();
    assert!(Trust::of(trust::Server::Redis, Some(&file)).is_err());
}

#[tokio::test]
async fn nodes_follow_sentinel_to_the_promoted_server() {
    let mut master = Server::start();
    let replica = master.replica();
    let in_step = || master.ask(&["INFO", "replication"]).contains("state=online");
    until("the replica is in step", in_step).await;
    let sentinel = master.sentinel();
    let known =
        || sentinel.ask(&["SENTINEL", "REPLICAS", "rooms"]).contains(&replica.port().to_string());
    until("the Sentinel knows the replica", known).await;
    let mut pair = Pair::at(&sentinel.watched_url()).await;
    master.kill();
    hears(&pair.one, Hearing::Unwell).await;
    hears(&pair.two, Hearing::Unwell).await;
    pair.both_hear().await;
    assert!(pair.ring().await.contains(&Heard::Missed), "both check everything");
    assert!(replica.ask(&["INFO", "replication"]).contains("role:master"));
}

/// Waits until a condition of another program holds.
async fn until(what: &str, holds: impl Fn() -> bool) {
    soon(what, async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}

/// SECURITY 38: with the manual's ACL, a node's password allows publishing and subscribing, and
/// nothing else.
#[tokio::test]
async fn a_node_may_publish_to_redis_and_do_nothing_else() {
    let server = Server::start();
    let rung = server.ask_as_node(&["PUBLISH", "muster:doorbell", "x"]);
    assert_eq!(rung.trim(), "0", "permitted, without subscribers");
    for more in [
        &["PUBLISH", "another:channel", "x"][..],
        &["SUBSCRIBE", "another:channel"],
        &["PSUBSCRIBE", "*"],
        &["KEYS", "*"],
        &["GET", "x"],
        &["SET", "x", "1"],
        &["EVAL", "return 1", "0"],
        &["CONFIG", "GET", "*"],
        &["ACL", "LIST"],
        &["CLIENT", "LIST"],
        &["MONITOR"],
        &["FLUSHALL"],
        &["SHUTDOWN"],
        &["REPLICAOF", "NO", "ONE"],
    ] {
        let said = server.ask_as_node(more);
        assert!(said.starts_with("NOPERM"), "{more:?}: {said}");
    }
}
