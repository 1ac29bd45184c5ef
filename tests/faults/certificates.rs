//! Certificates of the database and of Redis that expire, are replaced, or belong to somebody else,
//! under running nodes (E23).

use std::path::PathBuf;

use proof::{
    cast,
    certificate::{Authority, Certificate},
    child::Node,
    device::Device,
    nodes::Nodes,
    postgres::{self, free_port},
    redis, soon,
    web::Web,
};
use proto::{
    frame::Mode,
    outcome::Fate,
    role::{Audience, Role},
};

use crate::full::{hears, says};

/// An expiry date in the past, and how an operator reads it.
const PAST: ((i32, u8, u8), &str) = ((2_021, 3, 4), "expired on 4 March 2021 at 00:00 UTC");
/// The expiry of a long-lived certificate, in seconds since 1970.
const ENDS: f64 = 4_102_444_800.0;

/// Returns the name of a certificate metric of a server.
fn figure(name: &str, server: &str) -> String {
    format!("muster_certificate_{name}{{server=\"{server}\"}}")
}

/// A node that verifies the certificates of its database, and of its Redis if it has one.
struct Proved {
    node: Node,
    figures: Web,
    database: postgres::Server,
    url: String,
    /// The authority of the database's certificate.
    authority: Authority,
    /// The node's CA file.
    known: PathBuf,
    _folder: tempfile::TempDir,
}

impl Proved {
    async fn start(more: &[(&'static str, String)]) -> Self {
        let (database, authority) = postgres::Server::over_tls();
        let (url, folder) = (database.database().await, tempfile::tempdir().unwrap());
        let known = folder.path().join("ca.pem");
        std::fs::write(&known, authority.pem()).unwrap();
        let figures = std::net::SocketAddr::from(([127, 0, 0, 1], free_port()));
        let mut settings = vec![
            ("MUSTER_DATABASE_CA", known.to_str().unwrap().to_owned()),
            ("MUSTER_METRICS", figures.to_string()),
        ];
        settings.extend_from_slice(more);
        let nodes = Nodes::on(1, &format!("{url}?sslmode=verify-full"), &settings);
        let node = nodes.started().await.0.remove(0);
        let figures = Web::new(figures);
        Self { node, figures, database, url, authority, known, _folder: folder }
    }

    async fn desk(&self) -> Device {
        let door =
            proof::device::Door { origin: proof::nodes::PUBLIC.to_owned(), ..self.node.door() };
        let room = door.open_room(1).await;
        door.come_in(room, Audience::Desk, &[Role::Lead]).await
    }

    /// Waits until the metrics say whether a server's certificate is refused.
    async fn is_refused(&self, server: &str, is: bool) {
        let wanted = if is { 1.0 } else { 0.0 };
        let is_so = |told: f64| (told - wanted).abs() < 0.1;
        self.figures.figure_until(&figure("refused", server), is_so).await;
    }

    async fn tells(&self, words: &str) {
        soon(words, async {
            while !self.node.log().contains(words) {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        })
        .await;
    }

    /// Terminates every database connection of the node.
    async fn breaks(&self) {
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE application_name = 'muster' AND datname = current_database()";
        self.database.client(&self.url).await.batch_execute(end).await.unwrap();
    }

    /// Presents an untrusted certificate: existing connections continue; once they break, the room
    /// can be read and not written, and the reason is logged.
    async fn disbelieves(&self, shown: &Certificate, words: &str, desk: &Device) {
        self.database.shows(shown).await;
        for n in 0..5 {
            desk.does(cast::line(&format!("connected before, {n}"))).await;
        }
        assert_eq!(desk.web.get("/ready").send().await.status.as_u16(), 200);
        self.breaks().await;
        says(desk, Mode::ReadOnly).await;
        let held = desk.fate(&cast::asks(cast::line("held"))).await;
        assert!(matches!(held, Fate::Retry { .. }), "{held:?}");
        assert_eq!(desk.web.get("/ready").send().await.status.as_u16(), 503);
        assert_eq!(desk.web.get("/health").send().await.status.as_u16(), 200);
        self.is_refused("database", true).await;
        self.tells(words).await;
    }

    /// Waits until it accepts commands again, on its own.
    async fn goes_on(&self, desk: &Device) {
        says(desk, Mode::Live).await;
        desk.does(cast::line("goes on")).await;
        self.is_refused("database", false).await;
        self.tells("the certificate is trusted again").await;
    }
}

/// E23, P-34, P-68: no restart is needed, neither for a certificate nor for a CA.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_untrusted_database_is_reported_and_the_node_recovers_on_its_own() {
    let proved = Proved::start(&[]).await;
    let desk = proved.desk().await;
    let mut at_desk = desk.following().await;
    let ends = proved.figures.figure(&figure("expires_seconds", "database")).await;
    assert!((ends - ENDS).abs() < 1.0, "it ends at {ends}");
    proved.is_refused("database", false).await;
    let good = proved.authority.vouches_here();
    let another = Authority::new();
    let elsewhere = another.vouches_here();
    let signer = format!("not signed by a CA in {}", proved.known.display());
    for (shown, words) in [
        (proved.authority.vouches("127.0.0.1", PAST.0), PAST.1),
        (
            proved.authority.vouches("db-old.example", (2_100, 1, 1)),
            "is for db-old.example, but the server is called 127.0.0.1 here",
        ),
        (elsewhere.clone(), signer.as_str()),
    ] {
        proved.disbelieves(&shown, words, &desk).await;
        proved.database.shows(&good).await;
        proved.goes_on(&desk).await;
    }
    proved.disbelieves(&elsewhere, &signer, &desk).await;
    hears(&mut at_desk, Mode::ReadOnly).await;
    std::fs::write(&proved.known, another.pem()).unwrap();
    proved.goes_on(&desk).await;
    hears(&mut at_desk, Mode::Live).await;
    // The operator replaces the file piece by piece.
    std::fs::write(&proved.known, &another.pem()[..100]).unwrap();
    proved.breaks().await;
    proved.tells("its previous contents stay in use").await;
    desk.does(cast::line("a file that is half there")).await;
}

/// E23: a bad certificate of Redis concerns the operator alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_untrusted_certificate_is_reported_before_connections_break() {
    let (redis, vouching) = redis::Server::tls();
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("ca.pem");
    std::fs::write(&known, vouching.pem()).unwrap();
    let proved = Proved::start(&[
        ("MUSTER_REDIS", redis.url()),
        ("MUSTER_REDIS_CA", known.to_str().unwrap().to_owned()),
        ("MUSTER_BUS_KEY", redis::KEY.to_owned()),
    ])
    .await;
    let desk = proved.desk().await;
    let hears_well = |told: f64| told > 0.5;
    proved.figures.figure_until("muster_doorbell_hearing", hears_well).await;
    proved.database.shows(&proved.authority.vouches("127.0.0.1", PAST.0)).await;
    redis.shows(&vouching.vouches("127.0.0.1", PAST.0));
    for server in ["database", "redis"] {
        proved.is_refused(server, true).await;
    }
    for whose in ["the database", "Redis"] {
        proved.tells(&format!("the certificate that {whose} shows at 127.0.0.1 {}", PAST.1)).await;
    }
    desk.does(cast::line("nobody in the room is told")).await;
    assert_eq!(desk.web.get("/ready").send().await.status.as_u16(), 200);
    assert!(hears_well(proved.figures.figure("muster_doorbell_hearing").await));

    redis.ask(&["CLIENT", "KILL", "TYPE", "pubsub"]);
    proved.figures.figure_until("muster_doorbell_hearing", |told| told < 0.5).await;
    desk.does(cast::line("nobody waits for Redis")).await;
    redis.shows(&vouching.vouches_here());
    proved.figures.figure_until("muster_doorbell_hearing", hears_well).await;
    proved.is_refused("redis", false).await;
    proved.database.shows(&proved.authority.vouches_here()).await;
    proved.breaks().await;
    proved.is_refused("database", false).await;
}
