//! The connection to the database breaks, at every message of a commit (E18, D3).

use std::sync::Arc;

use journal::{
    Batch, Error, Health, Journal, Postgres,
    postgres::{Address, Asked, verify},
};
use proof::{
    postgres::{Server, shared},
    proxy::{Break, Cut, From, Proxy},
};
use proto::{
    id::{CommandId, Seq},
    outcome::Outcome,
    refusal::{Code, Refusal},
};

use crate::history::{History, hash};

/// Returns the address of a database.
pub fn address(url: &str) -> Address {
    Address::parse(&Asked { url: url.to_owned(), ..Asked::default() }).unwrap()
}

/// Two stores: one on a connection that breaks, one on a reliable one.
struct Two {
    proxy: Proxy,
    broken: Arc<Postgres>,
    whole: Postgres,
    url: String,
}

impl Two {
    async fn open(server: &Server) -> Self {
        let url = server.database().await;
        let proxy = Proxy::start(server.port()).await;
        let whole = Postgres::open(address(&url)).await.unwrap();
        let on_the_way = address(&proxy.on_the_way(&url, server.port()));
        let broken = Arc::new(Postgres::open(on_the_way).await.unwrap());
        Self { proxy, broken, whole, url }
    }

    /// Appends a batch that must be committed afterwards, whatever happens to the connection. The
    /// break may hit the watchman instead, and the store then reports that nothing was written: if
    /// that were false, the retry would conflict.
    async fn appends(&self, batch: Batch, at: &str) {
        let reached = batch.entries.last().map_or(batch.after, |entry| proto::id::Cursor {
            seq: entry.seq,
            tag: entry.chain.tag(),
        });
        loop {
            let append = self.broken.append(batch.clone());
            match proof::soon("the append", append).await {
                Ok(head) => return assert_eq!(head, reached, "{at}"),
                Err(Error::Away(_)) => {
                    let mut health = self.broken.health();
                    let well = health.wait_for(|health| *health == Health::Writable);
                    proof::soon("the database", well).await.unwrap();
                }
                Err(error) => panic!("{at}: {error}"),
            }
        }
    }

    /// Compares the database with what was reported.
    async fn judge(&self, history: &History, commands: &[CommandId]) {
        let read = self.whole.read(history.room, Seq(1), usize::MAX).await.unwrap();
        let numbers: Vec<u64> = read.iter().map(|entry| entry.seq.0).collect();
        assert_eq!(numbers, (1..=history.head().seq.0).collect::<Vec<_>>());
        assert_eq!(read.last().unwrap().chain.tag(), history.head().tag);
        let kept = self.whole.outcomes(history.room, commands).await.unwrap();
        assert_eq!(kept.len(), commands.len());
        let report = verify(&address(&self.url)).await.unwrap();
        assert_eq!(report.entries, history.head().seq.0);
        assert_eq!(report.outcomes, u64::try_from(commands.len()).unwrap());
    }
}

/// Returns the ways in which each message can break the connection, from the first message of a
/// direction on.
fn cuts(from: From, message: usize) -> impl Iterator<Item = Cut> {
    let ways = [Break::Before, Break::Within, Break::After];
    ways.into_iter().map(move |how| Cut { from, message, how })
}

/// Returns a batch that writes nothing but a refusal.
fn refusal(history: &History, n: usize) -> Batch {
    let mut batch = history.nothing();
    let id = history.command(Seq(0), &format!("refused {n}"));
    let outcome = Outcome::Refused(Refusal::new(Code::Already, "has left already"));
    batch.outcomes.push(journal::Decided { id, body_hash: hash(id), outcome });
    batch
}

/// I-1, I-5, I-7, I-13: every message of a commit, in both directions, is dropped, truncated, or
/// the last one; with entries and without. The batch is committed exactly once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_connection_breaks_at_any_message_happens_once() {
    let two = Two::open(shared()).await;
    let mut history = History::of(1);
    let mut commands = Vec::new();
    let mut tried = 0;
    for from in [From::Client, From::Server] {
        for message in 0.. {
            let mut is_through = false;
            for cut in cuts(from, message) {
                for is_refusal in [false, true] {
                    tried += 1;
                    let salt = format!("{cut:?} {is_refusal}");
                    let batch =
                        if is_refusal { refusal(&history, tried) } else { history.write(2, &salt) };
                    commands.extend(batch.outcomes.iter().map(|decided| decided.id));
                    two.proxy.cut(&[cut]);
                    two.appends(batch, &salt).await;
                    is_through |= two.proxy.is_through();
                }
            }
            if !is_through {
                break;
            }
        }
    }
    // Five messages there and six back, three ways, two kinds; otherwise the proxy cut nothing.
    assert!(tried >= (5 + 6) * 3 * 2, "only {tried} cuts");
    two.judge(&history, &commands).await;
}

/// I-7, I-13: the connection used to resolve the commit breaks as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_happens_once_even_if_resolving_it_fails_too() {
    let two = Two::open(shared()).await;
    let mut history = History::of(1);
    let mut commands = Vec::new();
    // The statement arrives whole, and its reply does not.
    let lost = Cut { from: From::Server, message: 0, how: Break::Before };
    for from in [From::Client, From::Server] {
        for message in 0.. {
            let again = Cut { from, message, how: Break::Before };
            let salt = format!("{again:?}");
            let batch = history.write(1, &salt);
            commands.extend(batch.outcomes.iter().map(|decided| decided.id));
            two.proxy.cut(&[lost, again]);
            two.appends(batch, &salt).await;
            if !two.proxy.is_through() {
                break;
            }
        }
    }
    assert!(history.head().seq > Seq(20), "the connection was opened without a message");
    two.judge(&history, &commands).await;
}

/// I-1, I-5, I-7: the abandoned statement arrives after all, when the same batch was committed on
/// another connection, and when other batches followed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_that_arrives_late_changes_nothing() {
    let two = Two::open(shared()).await;
    let mut history = History::of(1);
    let first = history.write(1, "the connection is made");
    let mut commands: Vec<_> = first.outcomes.iter().map(|decided| decided.id).collect();
    two.appends(first, "the connection is made").await;
    for later in 0..3 {
        for is_refusal in [false, true] {
            let salt = format!("late {later} {is_refusal}");
            let batch = if is_refusal { refusal(&history, later) } else { history.write(1, &salt) };
            commands.extend(batch.outcomes.iter().map(|decided| decided.id));
            two.proxy.cut(&[Cut { from: From::Client, message: 0, how: Break::Late }]);
            two.appends(batch, &salt).await;
            assert!(two.proxy.is_through());
            for n in 0..later {
                let batch = history.write(1, &format!("{salt} {n}"));
                commands.extend(batch.outcomes.iter().map(|decided| decided.id));
                two.appends(batch, &salt).await;
            }
            two.proxy.release().await;
            assert_eq!(two.whole.head(history.room).await.unwrap(), Some(history.head()));
        }
    }
    two.judge(&history, &commands).await;
}

/// I-7, I-9: a command that another node decided meanwhile keeps its outcome.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_statement_does_not_overwrite_an_outcome() {
    let two = Two::open(shared()).await;
    let mut history = History::of(1);
    two.appends(history.write(1, ""), "the connection is made").await;
    let mut ours = history.clone();
    let batch = ours.write(1, "contested");
    let id = batch.outcomes[0].id;
    // The other node is writing the room.
    let other = shared().client(&two.url).await;
    other.batch_execute("BEGIN; SELECT FROM heads FOR UPDATE").await.unwrap();
    two.proxy.cut(&[Cut { from: From::Client, message: 0, how: Break::Late }]);
    let broken = Arc::clone(&two.broken);
    let appending = tokio::spawn(async move { broken.append(batch).await });
    two.proxy.broke().await;
    let refused = "INSERT INTO outcomes SELECT room, $1, '\\x07', '{}' FROM heads";
    let refused = refused.replace("$1", &format!("'{id}'"));
    other.batch_execute(&format!("{refused}; COMMIT")).await.unwrap();
    let ours = proof::soon("the append", appending).await.unwrap();
    assert!(matches!(ours, Err(Error::Conflict(head)) if head == history.head()), "{ours:?}");
    two.proxy.release().await;
    assert_eq!(two.whole.head(history.room).await.unwrap(), Some(history.head()));
    two.appends(history.write(1, "the room goes on"), "").await;
}
