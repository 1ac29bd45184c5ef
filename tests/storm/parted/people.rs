//! Network partitions between people and a node, one way or both (E8, L7): their screens stop
//! looking live, the node drops their connections, and they resume from their cursor.

use std::process::Command;

use proof::{
    apart,
    device::Device,
    lan::{Lan, Part},
    soon,
    web::Web,
};
use proto::{
    id::Seq,
    limit::{BEAT_MS, PONG_MS, PRESENCE_TTL_MS, SILENCE_MS},
    outcome::Fate,
    role::{Audience, Role},
};
use tokio::time::{Duration, Instant, sleep};

use crate::quiet::Quiet;

/// How people are partitioned from each node but the first: `There` is from people to node.
const PARTS: [Part; 3] = [Part::There, Part::Back, Part::Both];
/// A beat.
const BEAT: Duration = Duration::from_millis(BEAT_MS);
/// Silence after which a screen shows that it is not live. A beat may be in transit meanwhile.
const SILENCE: Duration = Duration::from_millis(SILENCE_MS);
/// Silence after which a node closes a socket.
const PONG: Duration = Duration::from_millis(PONG_MS);
/// How long the node waits for the reply to its close frame.
const CLOSE: Duration = Duration::from_secs(2);
/// Silence after which a member no longer counts as connected.
const TTL: Duration = Duration::from_millis(PRESENCE_TTL_MS);
/// How long a screen's failed attempt takes, plus the retransmission of its packets.
const BACK: Duration = Duration::from_secs(4);
/// Allowance for a busy machine; the benchmark measures a quiet one.
const SPARE: Duration = Duration::from_secs(10);

/// I-7, I-8, I-16, I-19 to I-23, I-34, P-35: commands and answers are lost, and screens cannot
/// receive or send.
#[test]
fn partitioned_screens_show_it_and_resume_from_their_cursor() {
    let name = "parted_people::partitioned_screens_show_it_and_resume_from_their_cursor";
    apart::run(name, async |mut lan| {
        let quiet = Quiet::of(&mut lan, 1 + PARTS.len()).await;
        let (here, ground) = (Lan::here(), quiet.city.ground.clone());
        let watcher = quiet.city.nodes.door(0);
        let watcher = watcher.come_in(quiet.room, Audience::Desk, &[Role::Lead]).await;
        let mut company = watcher.following().await;
        let everybody = quiet.posts.len() + 1;
        while company.presence().await.len() < everybody {}
        // Connections that are already open.
        let mut open = Vec::new();
        for device in &quiet.writer[1..] {
            let web = Web::kept_open(device.web.addr());
            let device = Device { web, ..device.clone() };
            assert_eq!(device.get("/api/me").send().await.status.as_u16(), 200);
            open.push(device);
        }
        for (node, part) in ground.nodes[1..].iter().zip(PARTS) {
            here.parts(node, part);
        }
        let silent = Instant::now();
        vanish(&quiet, &open).await;
        for post in &quiet.posts[1..] {
            post.shows("that it is not live", |shown| !shown.is_live).await;
            let took = silent.elapsed();
            assert!(took < SILENCE + BEAT + SPARE, "L7: not live after {took:?}");
        }
        println!("not live after {:?}", silent.elapsed());
        for _ in 0..3 {
            let seq = quiet.visitor().is_told(&quiet.writer[0]).await;
            quiet.posts[0].shows_entry(seq).await;
        }
        while company.presence().await.len() > 2 {}
        println!("no longer present after {:?}", silent.elapsed());
        assert!(silent.elapsed() < TTL + BEAT + SPARE, "I-34: {:?}", silent.elapsed());
        for (node, machine) in quiet.city.nodes.0.iter().zip(&ground.nodes).skip(1) {
            let port = node.addr().port();
            let let_go = async {
                while is_held(machine.runs("ss"), port) {
                    sleep(Duration::from_millis(100)).await;
                }
            };
            soon("the end of a dead socket", let_go).await;
            let took = silent.elapsed();
            assert!(took < PONG + BEAT + CLOSE + SPARE, "held for {took:?}");
        }
        println!("closed after {:?}", silent.elapsed());
        // None of it reached them, on any connection.
        let written = quiet.posts[0].shown().seq;
        for post in &quiet.posts[1..] {
            assert!(
                !post.shown().is_live && Seq(post.shown().seq.0 + 3) <= written,
                "{:?}",
                post.shown()
            );
        }
        for (node, part) in ground.nodes[1..].iter().zip(PARTS) {
            here.joins(node, part);
        }
        let joined = Instant::now();
        for post in &quiet.posts {
            post.shows("it again", |shown| shown.is_live && shown.seq >= written).await;
            // They resume entry by entry, and not from a snapshot.
            assert_eq!(post.shown().snapshots, 1, "I-20, I-21");
        }
        println!("live after {:?}", joined.elapsed());
        assert!(joined.elapsed() < BACK + SPARE, "live after {:?}", joined.elapsed());
        while company.presence().await.len() < everybody {}
        quiet.judge().await;
    });
}

/// A lost command is accepted when it is sent again; a lost answer is repeated.
async fn vanish(quiet: &Quiet, open: &[Device]) {
    for (device, part) in open.iter().zip(PARTS) {
        let sent = quiet.visitor();
        let before = quiet.head().await;
        let again = async {
            if part == Part::Back {
                quiet.posts[0].shows_entry(Seq(before.0 + 1)).await;
            }
            let fate = sent.asks(&quiet.writer[0]).await;
            let seq = Seq(before.0 + 1);
            let is = if part == Part::Back { Fate::Dup { seq } } else { Fate::Ok { seq } };
            assert_eq!(fate, Some(is), "{part:?}");
        };
        tokio::select! {
            fate = sent.asks(device) => panic!("{part:?}: {fate:?} came all the same"),
            () = again => {}
        }
    }
}

/// Returns whether a machine has a connection on this port.
fn is_held(mut ss: Command, port: u16) -> bool {
    let port = format!("sport = :{port}");
    let said = ss.args(["-Htn", "state", "established", &port]).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    !said.stdout.is_empty()
}
