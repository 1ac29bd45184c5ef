//! Packets between a node and its database vanish, one way or both (E8): the node shows what it has and says that it
//! is not for writing, whoever waits is answered, and it comes back by itself.

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

/// How long a node may take to find that its database is silent: it looks every two seconds, twice by four at most.
const FOUND: Duration = Duration::from_secs(11);
/// How long whoever asks may wait for an answer meanwhile: as long as it is tried to find out what became of a commit,
/// with a connection or two in vain.
const ANSWERED: Duration = Duration::from_secs(15);
/// How long somebody may wait who asks a node that has found it: a second for a try to connect, and not behind all who
/// would try as well.
const TURNED_AWAY: Duration = Duration::from_millis(1_500);
/// How long a node may take to be back once packets arrive: it tries every two seconds, with a second for each try.
const BACK: Duration = Duration::from_secs(6);
/// A beat, which tells screens of the mode.
const BEAT: Duration = Duration::from_millis(BEAT_MS);
/// Where each of so many was held up, it was not by a busy machine.
const TRIES: usize = 6;
/// What a busy machine may add; how soon it is on a quiet one is for the benchmark to tell.
const SPARE: Duration = Duration::from_secs(10);
/// The first number of those who are sent by the test, behind everybody who works.
const SENT: usize = 100;

/// What each node but the first is parted by.
const PARTS: [Part; 3] = [Part::There, Part::Back, Part::Both];

/// I-1 to I-13, I-16, I-19 to I-23, P-9, P-34: while people work by all nodes, and for as long as it takes.
#[test]
fn nodes_whose_database_is_silent_show_what_they_have_and_come_back_by_themselves() {
    let name = "parted_database::nodes_whose_database_is_silent_show_what_they_have_and_come_back_by_themselves";
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

/// Parts every node but the first from the database, each in another way, and joins them again; returns the screens
/// that stood at them.
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
    // Known to each node, so that it believes them when it can ask nobody (P-9).
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
    println!("every screen says it after {:?}", silent.elapsed());
    for (device, nth) in asks[1..].iter().zip(SENT..) {
        let sent = Visitor::new(&sky, nth);
        shows_and_takes_nothing(&sent, device).await;
        // Whoever is turned away asks another node.
        sent.is_told(&asks[0]).await;
    }
    // The others go on, and what they do is on their screens alone.
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
        assert!(took < BACK + SPARE, "the screen shows what it missed after {took:?}");
    }
    for (device, nth) in asks[1..].iter().zip(SENT + 2 * PARTS.len()..) {
        let (waiting, sent) = (Instant::now(), Visitor::new(&sky, nth));
        sent.is_told(device).await;
        println!("taken {:?} after, asked for {:?}", joined.elapsed(), waiting.elapsed());
    }
    for post in &posts {
        post.shows_mode(Mode::Live).await;
        assert!(joined.elapsed() < BACK + BEAT + SPARE, "{:?}", joined.elapsed());
    }
    for post in &posts[1..] {
        assert_eq!((post.shown().turns, post.shown().snapshots), (2, posts[0].shown().snapshots));
    }
    // No restart.
    assert_eq!(city.nodes.0.iter().map(child::Node::pid).collect::<Vec<_>>(), pids);
    sky.goes_on.store(false, Ordering::SeqCst);
    (city, posts)
}

/// Whoever asks before the node has found anything out is neither told what nobody knows nor left to wait, and is told
/// by another node.
async fn is_told_nothing(sent: Visitor<'_>, device: &Device, elsewhere: &Device) {
    let began = Instant::now();
    let fate = timeout(ANSWERED + SPARE, sent.asks(device)).await;
    println!("{fate:?} after {:?}", began.elapsed());
    let is_open = matches!(fate, Ok(None | Some(Fate::Retry { .. })));
    assert!(is_open, "I-13: {fate:?} after {:?}", began.elapsed());
    sent.is_told(elsewhere).await;
}

/// P-34: the screen says so as soon as the node knows it, and a beat has told it.
async fn says_that_it_is_parted(post: &Post) {
    let told = timeout(FOUND + BEAT + SPARE, post.shows_mode(Mode::ReadOnly)).await;
    assert!(told.is_ok(), "P-34: {:?}", post.shown());
}

/// A node that has found that it cannot ask its database shows rows to whoever it knows, and takes nothing.
async fn shows_and_takes_nothing(sent: &Visitor<'_>, device: &Device) {
    let ready = device.web.get("/ready").send().await;
    assert_eq!(ready.status.as_u16(), 503);
    for _ in 0..TRIES {
        let began = Instant::now();
        let shown = device.snapshot().await;
        assert!(!shown.put.is_empty(), "it shows what it has");
        let rows = began.elapsed();
        let fate = sent.asks(device).await;
        assert!(matches!(fate, None | Some(Fate::Retry { .. })), "taken: {fate:?}");
        let turned_away = began.elapsed() - rows;
        println!("rows after {rows:?}, turned away after {turned_away:?}");
        if rows.max(turned_away) < TURNED_AWAY {
            return;
        }
    }
    panic!("whoever asks waits behind others, every time");
}

/// I-4, I-7, I-8, I-13, I-23: the commit arrives and is done, and its answer vanishes.
#[test]
fn a_commit_whose_answer_vanishes_is_told_once_by_whichever_node_is_asked() {
    let name =
        "parted_database::a_commit_whose_answer_vanishes_is_told_once_by_whichever_node_is_asked";
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
            // It is in the database's hands, and waits there to be done.
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
            // Others show it while the one who asked knows nothing.
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
        assert!(took < ANSWERED + SPARE, "whoever asked waited for {took:?}");
        for node in [0, 1, 0] {
            assert_eq!(sent.asks(&quiet.writer[node]).await, Some(Fate::Dup { seq: done }));
        }
        ground.nodes[2].joins(&ground.database, Part::Back);
        assert_eq!(sent.is_told(&quiet.writer[2]).await, done, "I-8");
        quiet.writes(2).await;
        quiet.judge().await;
    });
}
