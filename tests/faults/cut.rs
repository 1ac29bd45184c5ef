//! The way to the database breaks, at every message of a commit (E18, D3).

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

/// Returns the way to a database.
pub fn address(url: &str) -> Address {
    Address::parse(&Asked { url: url.to_owned(), ..Asked::default() }).unwrap()
}

/// A store on a way that breaks, and one on a way that does not.
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

    /// Appends what must be in afterwards, whatever happens on the way. The break may meet the watchman instead,
    /// and the store then says that nothing was written: a false word of that ends in a conflict here.
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

    /// Holds what is there against what was said to be.
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

/// Returns the ways in which each message can break the way, from the first of a direction on.
fn cuts(from: From, message: usize) -> impl Iterator<Item = Cut> {
    let ways = [Break::Before, Break::Within, Break::After];
    ways.into_iter().map(move |how| Cut { from, message, how })
}

/// A batch that writes nothing but a refusal.
fn refusal(history: &History, n: usize) -> Batch {
    let mut batch = history.nothing();
    let id = history.command(Seq(0), &format!("refused {n}"));
    let outcome = Outcome::Refused(Refusal::new(Code::Already, "has left already"));
    batch.outcomes.push(journal::Decided { id, body_hash: hash(id), outcome });
    batch
}

/// I-1, I-5, I-7, I-13: every message of a commit, both ways, each arriving not at all, by half, or as the last
/// one; with entries and without. What was appended is in, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_connection_breaks_at_any_message_is_in_once() {
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
    // Five messages there and six back, three ways, two kinds, or the proxy cut nothing.
    assert!(tried >= (5 + 6) * 3 * 2, "only {tried} cuts");
    two.judge(&history, &commands).await;
}

/// I-7, I-13: the connection by which it is found out breaks as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_in_once_although_the_way_breaks_again_while_it_is_found_out() {
    let two = Two::open(shared()).await;
    let mut history = History::of(1);
    let mut commands = Vec::new();
    // The statement arrives whole, and its answer does not.
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
    assert!(history.head().seq > Seq(20), "the connection was made without a word");
    two.judge(&history, &commands).await;
}

/// I-1, I-5, I-7: the statement that was given up arrives after all, when the same batch was written by another
/// connection, and when others have been written after it.
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

/// I-7, I-9: a command that another node decided meanwhile keeps the outcome that it has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_statement_does_not_decide_what_was_decided_meanwhile() {
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
