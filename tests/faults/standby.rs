//! The database server is lost and a standby is promoted (E17, D9).

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use proof::{cast, device::Device, nodes::Nodes, postgres::Server, screen::Screen, soon};
use proto::{
    close::Close,
    frame::{ServerFrame, Why},
    id::{Cursor, RoomId},
    outcome::Fate,
    role::{Audience, Role},
};
use tokio::task::JoinSet;

use crate::told::{self, Told, Worker, some_more};

/// The longest time from the loss of a server, after the promotion, until commands are answered
/// (D9).
const FAILOVER: Duration = Duration::from_secs(30);

/// A server, its standby, and nodes that know both.
struct Pair {
    first: Server,
    second: Server,
    /// The database on the first.
    url: String,
    nodes: Nodes,
    room: RoomId,
}

impl Pair {
    /// Starts both, with synchronous replication or without.
    async fn start(waits_for_both: bool) -> Self {
        let first = Server::start();
        let url = first.database().await;
        let second = tokio::task::block_in_place(|| first.standby());
        let administrator = first.client(&url).await;
        if waits_for_both {
            let set = "ALTER SYSTEM SET synchronous_standby_names = '*'";
            administrator.batch_execute(set).await.unwrap();
            administrator.batch_execute("SELECT pg_reload_conf()").await.unwrap();
            until(
                &administrator,
                "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'",
            )
            .await;
        }
        let nodes = Nodes::on(2, &first.or(&second, &url), &[]).started().await;
        let room = nodes.door(0).open_room(2).await;
        Self { first, second, url, nodes, room }
    }

    /// Returns the database on the second server.
    fn url_after(&self) -> String {
        self.first.url_at(&self.second, &self.url)
    }

    async fn desk(&self) -> Vec<Device> {
        let door = self.nodes.door(0);
        self.nodes.faces(&door.come_in(self.room, Audience::Desk, &[Role::Lead]).await)
    }

    /// Stops replication to the second server.
    async fn part(&self) {
        let standby = self.second.client(&self.url_after()).await;
        standby.batch_execute("ALTER SYSTEM SET primary_conninfo = ''").await.unwrap();
        standby.batch_execute("SELECT pg_reload_conf()").await.unwrap();
        until(&standby, "SELECT count(*) = 0 FROM pg_stat_wal_receiver").await;
    }
}

/// Waits until a condition holds on a server.
async fn until(client: &tokio_postgres::Client, sql: &str) {
    let holds = async {
        while !client.query_one(sql, &[]).await.unwrap().get::<_, bool>(0) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    soon(sql, holds).await;
}

/// Returns the number of entries on a server.
async fn entries(server: &Server, url: &str) -> i64 {
    let client = server.client(url).await;
    client.query_one("SELECT count(*) FROM entries", &[]).await.unwrap().get(0)
}

/// People who write through both nodes.
struct Crowd {
    workers: JoinSet<Told>,
    is_over: Arc<AtomicBool>,
    done: Arc<AtomicU64>,
}

impl Crowd {
    async fn at(pair: &Pair) -> Self {
        let (is_over, done) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
        let mut workers = JoinSet::new();
        for n in 0..4 {
            let mut faces = pair.desk().await;
            faces.rotate_left(n % 2);
            let (is_over, done) = (Arc::clone(&is_over), Arc::clone(&done));
            let worker = Worker { faces, name: format!("worker {n}"), is_over, done };
            workers.spawn(worker.works());
        }
        Self { workers, is_over, done }
    }

    async fn rests(self) -> Told {
        self.is_over.store(true, Ordering::SeqCst);
        let told = soon("the end of the work", self.workers.join_all()).await;
        told.into_iter().fold(Told::default(), Told::and)
    }
}

/// Terminates the nodes' connections to a server, so that they look for one again.
async fn ends_connections(server: &Server, url: &str) {
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'muster' AND datname = current_database()";
    server.client(url).await.query(end, &[]).await.unwrap();
}

/// I-5, I-7, I-13, D9: with a synchronous standby nothing is lost; and the lost server is never
/// written again, although it comes back and accepts writes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failover_under_load_loses_nothing_acknowledged() {
    let mut pair = Pair::start(true).await;
    let crowd = Crowd::at(&pair).await;
    some_more(&crowd.done, 40).await;
    let lost = Instant::now();
    tokio::task::block_in_place(|| {
        pair.first.kill();
        pair.second.promote();
    });
    some_more(&crowd.done, 1).await;
    assert!(lost.elapsed() < FAILOVER, "{:?}", lost.elapsed());
    some_more(&crowd.done, 40).await;
    // It does not know that it was replaced, and waits for no standby.
    tokio::task::block_in_place(|| pair.first.run());
    let old = pair.first.client(&pair.url).await;
    old.batch_execute("ALTER SYSTEM SET synchronous_standby_names = ''").await.unwrap();
    old.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    let held = entries(&pair.first, &pair.url).await;
    for _ in 0..3 {
        ends_connections(&pair.second, &pair.url_after()).await;
        some_more(&crowd.done, 20).await;
    }
    let told = crowd.rests().await;
    assert_eq!(entries(&pair.first, &pair.url).await, held, "the old server was written");
    told.is_kept(&pair.url_after()).await;
    for face in pair.desk().await {
        told.stands(&face).await;
    }
}

/// I-5, I-7, E12: a paused server accepts connections and answers nothing. When it resumes, no node
/// uses it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_server_is_replaced_and_fenced() {
    let pair = Pair::start(true).await;
    let crowd = Crowd::at(&pair).await;
    some_more(&crowd.done, 40).await;
    let lost = Instant::now();
    pair.first.pause();
    tokio::task::block_in_place(|| pair.second.promote());
    some_more(&crowd.done, 1).await;
    assert!(lost.elapsed() < FAILOVER, "{:?}", lost.elapsed());
    some_more(&crowd.done, 40).await;
    pair.first.resume();
    ends_connections(&pair.second, &pair.url_after()).await;
    some_more(&crowd.done, 40).await;
    let told = crowd.rests().await;
    told.is_kept(&pair.url_after()).await;
}

/// I-5, I-8, I-13: a commit that waits for its standby when the server is restarted is on that
/// server's disk, visible, and nowhere else. No node acknowledges it, however often it is asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_missing_on_the_standby_is_acknowledged_to_nobody() {
    let mut pair = Pair::start(true).await;
    let desk = pair.desk().await;
    let mut told = Told::default();
    told.ask(&desk[0], "on both").await;
    let second = pair.url_after();
    let command = cast::asks(cast::line("on one"));
    tokio::task::block_in_place(|| pair.second.stop());
    let (device, asked) = (desk[0].clone(), command.clone());
    let first_answer = tokio::spawn(async move { told::told(&device, &asked).await });
    let administrator = pair.first.client(&pair.url).await;
    until(&administrator, "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        .await;
    tokio::task::block_in_place(|| {
        pair.first.kill();
        pair.first.run();
    });
    let administrator = pair.first.client(&pair.url).await;
    let shown = "SELECT count(*) = 1 FROM outcomes WHERE id = $1";
    let is_shown: bool = administrator.query_one(shown, &[&command.id.0]).await.unwrap().get(0);
    assert!(is_shown, "the server has committed it");
    let again = desk.iter().map(|device| {
        let (device, asked) = (device.clone(), command.clone());
        tokio::spawn(async move { told::told(&device, &asked).await })
    });
    for asked in again.collect::<Vec<_>>() {
        let fate = soon("an answer", asked).await.unwrap();
        assert!(matches!(fate, None | Some(Fate::Retry { .. })), "promised: {fate:?}");
    }
    let fate = soon("the first answer", first_answer).await.unwrap();
    assert!(matches!(fate, None | Some(Fate::Retry { .. })), "promised: {fate:?}");
    tokio::task::block_in_place(|| {
        pair.first.kill();
        pair.second.run();
        pair.second.promote();
    });
    told.open.push(command);
    told.settle(&desk[1]).await;
    told.stands(&desk[0]).await;
    told.is_kept(&second).await;
}

/// I-32, and the control of the two above: with an asynchronous standby, acknowledged commits are
/// lost. The loss is detected: the room is opened again from the journal, and screens that have
/// seen more resync.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_asynchronous_standby_loses_commits_and_the_loss_is_detected() {
    let mut pair = Pair::start(false).await;
    let desk = pair.desk().await;
    let mut told = Told::default();
    told.ask(&desk[0], "on both").await;
    let behind = pair.second.client(&pair.url_after()).await;
    let sql = format!("SELECT count(*) = {} FROM entries", entries(&pair.first, &pair.url).await);
    until(&behind, &sql).await;
    pair.part().await;
    let mut lost = Told::default();
    for n in 0..6 {
        lost.ask(&desk[n % 2], &format!("on one, {n}")).await;
    }
    assert_eq!(lost.kept.len(), 6);
    let last = lost.kept[5].1;
    let mut screens = Vec::new();
    for face in &desk {
        let mut screen = Screen::live(face.clone()).await;
        screen.reach(last).await;
        screens.push(screen);
    }
    tokio::task::block_in_place(|| {
        pair.first.kill();
        pair.second.promote();
    });
    for screen in &mut screens {
        let ahead = screen.cursor;
        // The room ends as soon as a node sees the head; then the cursor belongs to no history.
        let code = loop {
            if let Err(gone) = screen.step().await {
                break gone.0;
            }
        };
        assert_eq!(code, Some(Close::RoomReopened.code()));
        assert_eq!(why(&screen.device, ahead).await, Why::Ahead);
    }
    let kept = told.kept[0].1;
    for (command, seq) in &lost.kept {
        assert!(*seq > kept);
        let fate = desk[0].fate(command).await;
        assert!(matches!(fate, Fate::Ok { .. }), "it is missing, and is decided again: {fate:?}");
    }
    told.stands(&desk[1]).await;
    // The old server comes back with the lost commits, accepting writes: no node uses it.
    tokio::task::block_in_place(|| pair.first.run());
    let held = entries(&pair.first, &pair.url).await;
    ends_connections(&pair.second, &pair.url_after()).await;
    pair.second.pause();
    for device in &desk {
        let fate = told.ask(device, "while the old one alone answers").await;
        assert!(matches!(fate, None | Some(Fate::Retry { .. })), "{fate:?}");
    }
    pair.second.resume();
    for n in 0..6 {
        let answered = async {
            while !matches!(told.ask(&desk[n % 2], "after it").await, Some(Fate::Ok { .. })) {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        tokio::time::timeout(FAILOVER, answered).await.expect("people are answered again");
    }
    assert_eq!(entries(&pair.first, &pair.url).await, held, "the old server was written");
    told.settle(&desk[0]).await;
    told.is_kept(&pair.url_after()).await;
    let head = desk[0].snapshot().await;
    for mut screen in screens {
        screen.come().await.unwrap();
        screen.reach(head.to).await;
        assert_eq!(screen.rows, proof::fold::kept(screen.device.snapshot().await.put));
    }
}

/// Returns why a screen at this cursor must resync; retries while the room is being opened.
async fn why(device: &Device, at: Cursor) -> Why {
    loop {
        let mut socket = device.welcomed().await;
        socket.say(&device.sub(Some(at))).await;
        match socket.hear().await {
            proof::socket::Heard::Frame(ServerFrame::Resync { why, .. }) => return why,
            proof::socket::Heard::Frame(other) => panic!("{other:?}"),
            proof::socket::Heard::Closed(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
