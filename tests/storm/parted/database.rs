//! Network partitions between a node and its database, one way or both (E8): the node shows what it
//! has, read-only, answers every request, and recovers on its own.

use std::sync::{Arc, atomic::Ordering};

use futures_util::future::join_all;
use proof::{
    apart, child,
    device::Device,
    dice::Dice,
    lan::{Lan, Part},
    soon,
};
use proto::{
    frame::Mode,
    id::{RoomId, Seq},
    limit::BEAT_MS,
    outcome::Fate,
    role::{Audience, Role},
};
use tokio::{
    sync::oneshot,
    time::{Duration, Instant, sleep, timeout},
};

use crate::{
    city::{City, Ground, busy, some_work, while_people_work},
    node_storm::Sky,
    post::Post,
    quiet::Quiet,
    visitor::Visitor,
};

/// How long a node may take to notice: it checks every two seconds, with two attempts of four
/// seconds at most.
const FOUND: Duration = Duration::from_secs(11);
/// How long a request may wait meanwhile: as long as the commit's result is being resolved, plus
/// one or two failed connection attempts.
const ANSWERED: Duration = Duration::from_secs(15);
/// How long a request may wait on a node that has noticed: one second for a connection attempt, and
/// no queue behind other attempts.
const TURNED_AWAY: Duration = Duration::from_millis(1_500);
/// How long a node may take to recover once packets arrive: it retries every two seconds, with a
/// timeout of one second.
const BACK: Duration = Duration::from_secs(6);
/// A beat, which carries the mode to screens.
const BEAT: Duration = Duration::from_millis(BEAT_MS);
/// With each of this many attempts delayed, the cause is not a busy machine.
const TRIES: usize = 6;
/// Allowance for a busy machine; the benchmark measures a quiet one.
const SPARE: Duration = Duration::from_secs(10);
/// The first number of the test's visitors, above those of all members.
const SENT: usize = 100;

/// How each node but the first is partitioned.
const PARTS: [Part; 3] = [Part::There, Part::Back, Part::Both];

/// I-1 to I-13, I-16, I-19 to I-23, P-9, P-34: while people work through all nodes, and for as long
/// as it takes.
#[test]
fn nodes_partitioned_from_the_database_go_read_only_and_recover_on_their_own() {
    let name = "parted_database::nodes_partitioned_from_the_database_go_read_only_and_recover_on_their_own";
    apart::run(name, async |mut lan| {
        let ground = Ground::apart(&mut lan, 1 + PARTS.len());
        let city = City::on(ground, &child::binary()).await;
        let (give, given) = oneshot::channel();
        let does = |sky, city, room, _| async move {
            let (city, posts) = parted(sky, city, room).await;
            drop(give.send(posts));
            city
        };
        let left = while_people_work(city, Dice::new(8), does, busy()).await;
        let mut screens = Vec::new();
        for post in given.await.unwrap() {
            screens.push(post.leaves().await);
        }
        let acked = left.with(screens).await.judge().await;
        assert!(acked > 100, "{acked} commands were acknowledged");
    });
}

/// Partitions every node but the first from the database, each in another way, and reconnects them;
/// returns the screens on those nodes.
async fn parted(sky: Arc<Sky>, city: City, room: RoomId) -> (City, Vec<Post>) {
    let mut posts = Vec::new();
    for addr in city.nodes.addrs() {
        let desk = city.nodes.door(0).come_in(room, Audience::Desk, &[Role::Lead]).await;
        posts.push(Post::at(desk.through(addr)));
    }
    let asks = city.nodes.door(0).come_in(room, Audience::Desk, &[Role::Lead]).await;
    let asks = city.nodes.faces(&asks);
    some_work(&sky, 60).await;
    for post in &posts {
        post.shows_mode(Mode::Live).await;
    }
    // Known to each node, so that it accepts their logins while it cannot check them (P-9).
    for device in &asks {
        device.snapshot().await;
    }
    let pids: Vec<_> = city.nodes.0.iter().map(child::Node::pid).collect();
    for (node, part) in city.ground.nodes[1..].iter().zip(PARTS) {
        node.parts(&city.ground.database, part);
    }
    let silent = Instant::now();
    let early = PARTS.len() + SENT;
    tokio::join!(
        join_all(
            asks[1..].iter().zip(early..).map(|(device, nth)| {
                is_told_nothing(Visitor::new(&sky, nth), device, &asks[0])
            })
        ),
        join_all(posts[1..].iter().map(says_that_it_is_parted)),
    );
    println!("every screen shows it after {:?}", silent.elapsed());
    for (device, nth) in asks[1..].iter().zip(SENT..) {
        let sent = Visitor::new(&sky, nth);
        shows_and_takes_nothing(&sent, device).await;
        // A client that is turned away tries another node.
        sent.is_told(&asks[0]).await;
    }
    // The other nodes continue, and only their screens show new work.
    let shown = posts[0].shown().seq;
    some_work(&sky, 60).await;
    posts[0].shows_entry(Seq(shown.0 + 5)).await;
    assert_eq!(posts[0].shown().mode, Some(Mode::Live));
    for post in &posts[1..] {
        assert_eq!((post.shown().mode, post.shown().turns), (Some(Mode::ReadOnly), 1), "by turns");
        assert!(post.shown().is_live && post.shown().seq < posts[0].shown().seq);
    }
    let written = posts[0].shown().seq;
    for (node, part) in city.ground.nodes[1..].iter().zip(PARTS) {
        node.joins(&city.ground.database, part);
    }
    let joined = Instant::now();
    for post in &posts[1..] {
        post.shows_entry(written).await;
        let took = joined.elapsed();
        assert!(took < BACK + SPARE, "the screen caught up after {took:?}");
    }
    for (device, nth) in asks[1..].iter().zip(SENT + 2 * PARTS.len()..) {
        let (waiting, sent) = (Instant::now(), Visitor::new(&sky, nth));
        sent.is_told(device).await;
        println!("accepted after {:?}, waited {:?}", joined.elapsed(), waiting.elapsed());
    }
    for post in &posts {
        post.shows_mode(Mode::Live).await;
        assert!(joined.elapsed() < BACK + BEAT + SPARE, "{:?}", joined.elapsed());
    }
    for post in &posts[1..] {
        assert_eq!((post.shown().turns, post.shown().snapshots), (2, posts[0].shown().snapshots));
    }
    // No node was restarted.
    assert_eq!(city.nodes.0.iter().map(child::Node::pid).collect::<Vec<_>>(), pids);
    sky.goes_on.store(false, Ordering::SeqCst);
    (city, posts)
}

/// A request to a node that has not yet noticed gets neither a wrong answer nor an endless wait,
/// and is answered by another node.
async fn is_told_nothing(sent: Visitor<'_>, device: &Device, elsewhere: &Device) {
    let began = Instant::now();
    let fate = timeout(ANSWERED + SPARE, sent.asks(device)).await;
    println!("{fate:?} after {:?}", began.elapsed());
    let is_open = matches!(fate, Ok(None | Some(Fate::Retry { .. })));
    assert!(is_open, "I-13: {fate:?} after {:?}", began.elapsed());
    sent.is_told(elsewhere).await;
}

/// P-34: the screen shows the mode as soon as the node has noticed and a beat has carried it.
async fn says_that_it_is_parted(post: &Post) {
    let told = timeout(FOUND + BEAT + SPARE, post.shows_mode(Mode::ReadOnly)).await;
    assert!(told.is_ok(), "P-34: {:?}", post.shown());
}

/// A node that has noticed shows rows to users it knows, and accepts nothing.
async fn shows_and_takes_nothing(sent: &Visitor<'_>, device: &Device) {
    let ready = device.web.get("/ready").send().await;
    assert_eq!(ready.status.as_u16(), 503);
    for _ in 0..TRIES {
        let began = Instant::now();
        let shown = device.snapshot().await;
        assert!(!shown.put.is_empty(), "the node shows the rows it has");
        let rows = began.elapsed();
        let fate = sent.asks(device).await;
        assert!(matches!(fate, None | Some(Fate::Retry { .. })), "accepted: {fate:?}");
        let turned_away = began.elapsed() - rows;
        println!("rows after {rows:?}, turned away after {turned_away:?}");
        if rows.max(turned_away) < TURNED_AWAY {
            return;
        }
    }
    panic!("every request waits in a queue behind others");
}

/// I-4, I-7, I-8, I-13, I-23: the commit arrives and is executed, and its reply is lost.
#[test]
fn a_commit_whose_reply_is_lost_is_acknowledged_once_by_every_node() {
    let name = "parted_database::a_commit_whose_reply_is_lost_is_acknowledged_once_by_every_node";
    apart::run(name, async |mut lan: Lan| {
        let quiet = Quiet::of(&mut lan, 3).await;
        let ground = &quiet.city.ground;
        let (holder, looks) = (quiet.city.administrator().await, quiet.city.administrator().await);
        holder.batch_execute("BEGIN; LOCK TABLE entries IN SHARE MODE").await.unwrap();
        let before = quiet.head().await;
        let sent = quiet.visitor();
        let asked = async {
            let began = Instant::now();
            (sent.asks(&quiet.writer[2]).await, began.elapsed())
        };
        let happens = async {
            // The database has it, and it waits there for a lock.
            let waits = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'
                AND application_name = 'muster' AND host(client_addr) = $1";
            let from = ground.nodes[2].addr().to_string();
            let reaches = async {
                while !looks.query_one(waits, &[&from]).await.unwrap().get::<_, bool>(0) {
                    sleep(Duration::from_millis(5)).await;
                }
            };
            soon("the commit", reaches).await;
            ground.nodes[2].parts(&ground.database, Part::Back);
            holder.batch_execute("COMMIT").await.unwrap();
            // Other nodes show it while the submitter has no answer.
            let done = Seq(before.0 + 1);
            for post in &quiet.posts[..2] {
                let took = post.shows_entry(done).await;
                assert!(took < SPARE, "on the screens of others after {took:?}");
            }
            assert_eq!(quiet.head().await, done);
            done
        };
        let ((fate, took), done) = tokio::join!(asked, happens);
        println!("{fate:?} after {took:?}");
        assert!(matches!(fate, None | Some(Fate::Retry { .. })), "I-13: {fate:?}");
        assert!(took < ANSWERED + SPARE, "the request waited {took:?}");
        for node in [0, 1, 0] {
            assert_eq!(sent.asks(&quiet.writer[node]).await, Some(Fate::Dup { seq: done }));
        }
        ground.nodes[2].joins(&ground.database, Part::Back);
        assert_eq!(sent.is_told(&quiet.writer[2]).await, done, "I-8");
        quiet.writes(2).await;
        quiet.judge().await;
    });
}
