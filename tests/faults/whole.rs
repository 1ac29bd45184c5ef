//! Copies a store's whole content into another one: unaltered, in one snapshot (E28), all or
//! nothing.

use std::{path::Path, sync::Arc};

use journal::{
    Decided, Error, Journal, Postgres, Registry, Shelf, Sqlite,
    postgres::{Address, Asked, PostgresWhole},
    registry::{Access, Invite, Profile, Reading, Redemption},
    sqlite::SqliteWhole,
    whole::{Failed, Fill, Nowhere, Page, Pour, Record, Sum, carry},
};
use proto::{
    id::{CommandId, DeviceId, MemberId, PersonId, RoomId, Time},
    outcome::Outcome,
    refusal::{Code, Refusal},
    role::{Audience, Ceiling, Role},
    text::PersonName,
};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::channel;
use uuid::Uuid;

use crate::history::{History, hash};

const NOW: Time = Time(1_760_000_000_000);

trait Store: Journal + Registry {}
impl<T: Journal + Registry> Store for T {}

fn refused(id: u128) -> Decided {
    let id = CommandId(Uuid::from_u128(id));
    let outcome = Outcome::Refused(Refusal::new(Code::Gate, "not yet"));
    Decided { id, body_hash: hash(id), outcome }
}

/// Stores some of everything: rooms with entries and refusals, a room of refusals alone, used and
/// unused links, live and revoked logins, card readings, documents.
async fn keep_everything(store: &dyn Store) {
    for room in [7, 3] {
        let mut history = History::of(room);
        let mut batch = history.write(40, "naïve “quotes” \\\\ and \u{1F3E0}");
        batch.outcomes.push(refused(room));
        store.append(batch).await.unwrap();
        store.append(history.write(2, "later")).await.unwrap();
    }
    let mut alone = History::of(5).nothing();
    alone.outcomes.push(refused(1));
    store.append(alone).await.unwrap();
    for secret in [9, 1] {
        store.make_invite(invite(secret, (secret == 9).then_some(3))).await.unwrap();
        store.redeem(asking(secret, secret + 100)).await.unwrap().unwrap();
    }
    let device = |n: u8| DeviceId(Uuid::from_u128(n.into()));
    store.revoke(device(101)).await.unwrap();
    store.extend(device(109), NOW.plus_ms(90_000)).await.unwrap();
    for (at, what) in [(5, Reading::Opened), (4, Reading::Fetched), (5, Reading::Opened)] {
        let person = PersonId(Uuid::from_u128(8));
        let member = MemberId(Uuid::from_u128(42));
        let at = NOW.plus_ms(at);
        let room = History::of(3).room;
        let access = Access { at, room, member, device: device(101), person, what };
        store.record_access(access).await.unwrap();
    }
    let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    store.keep(Shelf::Directory, "b", bytes, NOW).await.unwrap();
    store.keep(Shelf::Directory, "B", Vec::new(), NOW).await.unwrap();
    store.keep(Shelf::Mapping, "é\u{7}", b"{}".to_vec(), NOW.plus_ms(1)).await.unwrap();
}

const KEPT: [u64; 7] = [2, 84, 87, 2, 2, 3, 3];

fn counts(sum: &Sum) -> [u64; 7] {
    let Sum { rooms, entries, outcomes, invites, logins, accesses, documents, .. } = *sum;
    [rooms, entries, outcomes, invites, logins, accesses, documents]
}

fn invite(secret: u8, uses_left: Option<u32>) -> Invite {
    let profile = Profile {
        name: PersonName::parse("Asha Rahman").unwrap(),
        organisation: None,
        job: None,
        mobile: None,
        roles: vec![Role::NamedSw],
    };
    Invite {
        secret_hash: [secret; 32],
        room: History::of(3).room,
        audience: Audience::Phone,
        ceiling: Ceiling::Staff,
        profile,
        member: MemberId(Uuid::from_u128(42)),
        uses_left,
        expires: NOW.plus_ms(1000),
    }
}

fn asking(secret: u8, device: u8) -> Redemption {
    Redemption {
        secret_hash: [secret; 32],
        now: NOW,
        token_hash: [device; 32],
        device: DeviceId(Uuid::from_u128(device.into())),
        login_expires: NOW.plus_ms(5000),
    }
}

/// Returns all records of a source.
async fn poured(from: &dyn Pour) -> Vec<Record> {
    let (into, mut out) = channel(1);
    let taking = async {
        let mut records = Vec::new();
        while let Some(page) = out.recv().await {
            records.extend(page);
        }
        records
    };
    let (poured, records) = tokio::join!(from.pour(into), taking);
    poured.unwrap();
    records
}

/// Fills a destination with these records.
async fn fills(to: &dyn Fill, records: Vec<Record>) -> Result<Sum, Failed> {
    let (into, out) = channel::<Page>(records.len().max(1));
    for some in records.chunks(50) {
        into.send(some.to_vec()).await.unwrap();
    }
    drop(into);
    to.fill(out).await
}

async fn database() -> Address {
    let url = proof::postgres::shared().database().await;
    Address::parse(&Asked { url, ..Asked::default() }).unwrap()
}

fn file(folder: &Path) -> SqliteWhole {
    SqliteWhole::new(&folder.join("muster.db"))
}

/// I-2, I-3: from a file into a file, into a database, and back into a file; each has identical
/// content.
#[tokio::test]
async fn everything_is_copied_from_store_to_store_and_back_unaltered() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| {
        std::fs::create_dir_all(folder.path().join(name)).unwrap();
        folder.path().join(name).join("muster.db")
    };
    let begun = Sqlite::open(&at("first")).unwrap();
    keep_everything(&begun).await;
    let first = SqliteWhole::new(&at("first"));
    let records = poured(&first).await;
    let twin = SqliteWhole::new(&at("twin"));
    let sum = carry(&first, &twin).await.unwrap();
    assert_eq!(counts(&sum), KEPT);
    assert_eq!(poured(&twin).await, records);
    let address = database().await;
    let many = PostgresWhole::new(address.clone());
    assert_eq!(carry(&twin, &many).await.unwrap(), sum);
    assert_eq!(poured(&many).await, records);
    let back = SqliteWhole::new(&at("back"));
    assert_eq!(carry(&many, &back).await.unwrap(), sum);
    assert_eq!(poured(&back).await, records);
    // The copies work like the original.
    let (one, other) = (Sqlite::open(&at("back")).unwrap(), Postgres::open(address).await.unwrap());
    let stores: [&dyn Store; 2] = [&one, &other];
    for store in stores {
        goes_on(store).await;
    }
    assert_eq!(poured(&first).await, records, "where it came from is as it was");
}

/// Appends to the histories, admits the right devices, and has the stored outcomes.
async fn goes_on(store: &dyn Store) {
    for room in [3, 7] {
        let room = History::of(room).room;
        let entries = store.read(room, proto::id::Seq(1), 100).await.unwrap();
        let mut history = History::after(room, entries.last());
        assert_eq!(store.head(room).await.unwrap(), Some(history.head()));
        store.append(history.write(1, "after")).await.unwrap();
    }
    let mut alone = History::of(5);
    let again = Decided { outcome: Outcome::Ok { seq: proto::id::Seq(0) }, ..refused(1) };
    let mut batch = alone.nothing();
    batch.outcomes.push(again);
    let conflict = store.append(batch).await;
    assert!(matches!(conflict, Err(Error::Conflict(_))), "it already has an outcome: {conflict:?}");
    store.append(alone.write(1, "first")).await.unwrap();
    assert!(store.redeem(asking(9, 50)).await.unwrap().is_ok());
    assert!(store.login_by_token([109; 32], NOW.plus_ms(80_000)).await.unwrap().is_some());
    assert!(store.login_by_token([101; 32], NOW).await.unwrap().is_none(), "it was revoked");
    let person = PersonId(Uuid::from_u128(8));
    let read = store.accesses(History::of(3).room, person).await.unwrap();
    let times: Vec<_> = read.iter().map(|access| access.at.0 - NOW.0).collect();
    assert_eq!(times, [5, 4, 5], "in the order in which they were recorded");
    let kept = store.kept(Shelf::Directory, "b").await.unwrap().unwrap();
    assert_eq!(kept.body.len(), 70_000);
}

/// Returns the records with a matching end record, so that only the records' own checks can find a
/// fault.
fn ended(mut records: Vec<Record>) -> Vec<Record> {
    let Some(Record::End(told)) = records.pop() else { panic!("no end") };
    let mut digest = Sha256::new();
    let mut sum = Sum { rooms: told.rooms, ..Sum::default() };
    for record in &records {
        digest.update(serde_json::to_vec(record).unwrap());
        digest.update(b"\n");
        match record {
            Record::Entry { .. } => sum.entries += 1,
            Record::Outcome { .. } => sum.outcomes += 1,
            Record::Invite { .. } => sum.invites += 1,
            Record::Login { .. } => sum.logins += 1,
            Record::Access { .. } => sum.accesses += 1,
            Record::Document { .. } => sum.documents += 1,
            Record::End(_) => panic!("two ends"),
        }
    }
    sum.digest = digest.finalize().into();
    records.push(Record::End(sum));
    records
}

/// Returns altered streams, each with its expected error.
fn spoilt(good: &[Record]) -> Vec<(&'static str, Vec<Record>)> {
    let with = |change: &dyn Fn(&mut Vec<Record>)| {
        let mut records = good.to_vec();
        change(&mut records);
        records
    };
    let last = good.len() - 1;
    let first_outcome = good.iter().position(|r| matches!(r, Record::Outcome { .. })).unwrap();
    let first_invite = good.iter().position(|r| matches!(r, Record::Invite { .. })).unwrap();
    let first_login = good.iter().position(|r| matches!(r, Record::Login { .. })).unwrap();
    let body = |records: &mut Vec<Record>| {
        let Record::Entry { body, .. } = &mut records[10] else { panic!() };
        *body = body.replace("events", "event5");
    };
    let chain = |records: &mut Vec<Record>| {
        let Record::Entry { chain, .. } = &mut records[10] else { panic!() };
        chain[31] ^= 1;
    };
    let ahead = |records: &mut Vec<Record>| {
        let Record::Outcome { outcome, .. } = &mut records[first_outcome] else { panic!() };
        *outcome = r#"{"is":"ok","seq":4000}"#.to_owned();
    };
    let pass = |records: &mut Vec<Record>| {
        let Record::Login { pass, .. } = &mut records[first_login] else { panic!() };
        *pass = pass.replace("phone", "bone");
    };
    let count = |records: &mut Vec<Record>| {
        let Record::End(sum) = &mut records[last] else { panic!() };
        sum.accesses += 1;
    };
    let digest = |records: &mut Vec<Record>| {
        let Record::End(sum) = &mut records[last] else { panic!() };
        sum.digest[0] ^= 1;
    };
    let more = |records: &mut Vec<Record>| records.push(good[last - 1].clone());
    vec![
        ("does not fit its chain", ended(with(&body))),
        ("does not fit its chain", ended(with(&chain))),
        ("is missing", ended(with(&|records| drop(records.remove(10))))),
        ("is missing", ended(with(&|records| records.insert(10, good[10].clone())))),
        ("is missing", ended(with(&|records| records.swap(10, 11)))),
        ("answered with it", ended(with(&|records| drop(records.remove(41))))),
        ("answered with it", ended(with(&ahead))),
        ("out of order", ended(with(&|records| records.swap(first_invite, first_invite + 1)))),
        ("out of order", ended(with(&|records| records.swap(first_outcome, last - 1)))),
        ("or one comes twice", ended(with(&|r| r.insert(first_login, good[first_login].clone())))),
        ("a login cannot be read", ended(with(&pass))),
        ("match the totals", with(&|records| drop(records.remove(last - 1)))),
        ("match the totals", with(&count)),
        ("match the totals", with(&digest)),
        ("after the end", with(&more)),
        ("ended too early", with(&|records| drop(records.pop()))),
        ("ended too early", with(&|records| records.truncate(60))),
        ("ended too early", Vec::new()),
    ]
}

/// I-1, I-2, I-3: whatever was altered, nothing is left behind, and the correct stream still
/// restores.
#[tokio::test]
async fn a_tampered_stream_restores_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let begun = Sqlite::open(&folder.path().join("begun.db")).unwrap();
    keep_everything(&begun).await;
    let good = poured(&SqliteWhole::new(&folder.path().join("begun.db"))).await;
    assert_eq!(ended(good.clone()), good);
    let place = tempfile::tempdir().unwrap();
    let address = database().await;
    let (file, many) = (file(place.path()), PostgresWhole::new(address));
    for (told, records) in spoilt(&good) {
        let places: [&dyn Fill; 3] = [&file, &many, &Nowhere];
        for to in places {
            let failed = fills(to, records.clone()).await.unwrap_err().to_string();
            assert!(failed.contains(told), "{told}: {failed}");
            assert!(!failed.contains("Asha"), "{failed}");
        }
        let names = std::fs::read_dir(place.path()).unwrap().map(|at| at.unwrap().file_name());
        assert_eq!(names.collect::<Vec<_>>(), ["muster.db.lock"], "{told}");
    }
    let places: [&dyn Fill; 2] = [&file, &many];
    for to in places {
        assert_eq!(counts(&fills(to, good.clone()).await.unwrap()), KEPT);
    }
}

/// E29: existing content is left as it is.
#[tokio::test]
async fn a_non_empty_destination_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let begun = Sqlite::open(&folder.path().join("begun.db")).unwrap();
    keep_everything(&begun).await;
    let records = poured(&SqliteWhole::new(&folder.path().join("begun.db"))).await;
    let taken = tempfile::tempdir().unwrap();
    let other = Sqlite::open(&taken.path().join("muster.db")).unwrap();
    let running = fills(&file(taken.path()), records.clone()).await.unwrap_err().to_string();
    assert!(running.contains("another process is using"), "{running}");
    other.append(History::of(1).write(1, "")).await.unwrap();
    drop(other);
    let kept = poured(&file(taken.path())).await;
    let full = fills(&file(taken.path()), records.clone()).await.unwrap_err().to_string();
    assert!(full.contains("is there already"), "{full}");
    assert_eq!(poured(&file(taken.path())).await, kept);
    // A stale log would be applied to any database of its name.
    let left = tempfile::tempdir().unwrap();
    std::fs::write(left.path().join("muster.db-wal"), b"").unwrap();
    let full = fills(&file(left.path()), records.clone()).await.unwrap_err().to_string();
    assert!(full.contains("muster.db-wal is there already"), "{full}");
    let address = database().await;
    let other = Postgres::open(address.clone()).await.unwrap();
    other.keep(Shelf::Mapping, "one", Vec::new(), NOW).await.unwrap();
    let many = PostgresWhole::new(address);
    let full = fills(&many, records).await.unwrap_err().to_string();
    assert!(full.contains("choose an empty database"), "{full}");
    assert_eq!(counts(&carry(&many, &Nowhere).await.unwrap()), [0, 0, 0, 0, 0, 0, 1]);
}

/// The remains of a killed restore are not a store, and do not block the next one.
#[tokio::test]
async fn an_interrupted_restore_is_not_taken_for_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let begun = Sqlite::open(&folder.path().join("begun.db")).unwrap();
    keep_everything(&begun).await;
    let records = poured(&SqliteWhole::new(&folder.path().join("begun.db"))).await;
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("muster.db.fresh"), [7; 5_000]).unwrap();
    std::fs::write(place.path().join("muster.db.fresh-wal"), [7; 5_000]).unwrap();
    let fresh = Sqlite::open(&place.path().join("muster.db")).unwrap();
    assert_eq!(fresh.rooms().await.unwrap(), [], "it is not taken for a store");
    drop(fresh);
    std::fs::remove_file(place.path().join("muster.db")).unwrap();
    assert_eq!(counts(&fills(&file(place.path()), records).await.unwrap()), KEPT);
    assert!(!place.path().join("muster.db.fresh-wal").exists());
}

/// Writes rooms as fast as possible until stopped.
fn writes(
    store: Arc<dyn Store>,
) -> (tokio::sync::oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let (stop, mut stopped) = tokio::sync::oneshot::channel();
    let writing = tokio::spawn(async move {
        let mut histories: Vec<History> = (1..=4).map(History::of).collect();
        while stopped.try_recv().is_err() {
            for history in &mut histories {
                store.append(history.write(3, "busy")).await.unwrap();
            }
        }
    });
    (stop, writing)
}

async fn heads(store: &dyn Store) -> Vec<(RoomId, u64)> {
    let mut heads = Vec::new();
    for room in store.rooms().await.unwrap() {
        heads.push((room, store.head(room).await.unwrap().unwrap().seq.0));
    }
    heads
}

/// E28, D8: every stream is one snapshot, and has everything acknowledged before it began.
async fn of_one_moment(store: Arc<dyn Store>, whole: &dyn Pour) {
    let (stop, writing) = writes(Arc::clone(&store));
    let (mut last, mut growing) = (0, 0);
    while growing < 6 {
        let before: u64 = heads(&*store).await.iter().map(|(_, seq)| seq).sum();
        let sum = carry(whole, &Nowhere).await.unwrap();
        let after: u64 = heads(&*store).await.iter().map(|(_, seq)| seq).sum();
        assert!((before..=after).contains(&sum.entries), "{before} {sum:?} {after}");
        assert_eq!(sum.entries, sum.outcomes, "a batch is in it completely or not at all");
        growing += u32::from(sum.entries > last);
        last = sum.entries;
    }
    stop.send(()).unwrap();
    writing.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_file_under_heavy_writes_is_one_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Sqlite::open(&folder.path().join("muster.db")).unwrap());
    store.append(History::of(9).write(3_000, "long")).await.unwrap();
    of_one_moment(store, &file(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_database_under_heavy_writes_is_one_snapshot() {
    let address = database().await;
    let store = Arc::new(Postgres::open(address.clone()).await.unwrap());
    store.append(History::of(9).write(3_000, "long")).await.unwrap();
    of_one_moment(store, &PostgresWhole::new(address)).await;
}

/// E4: damage is reported when a database is backed up, not when the backup is needed.
#[tokio::test]
async fn a_damaged_database_is_not_backed_up_silently() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("muster.db");
    let store = Sqlite::open(&path).unwrap();
    keep_everything(&store).await;
    drop(store);
    let altering = rusqlite::Connection::open(&path).unwrap();
    altering
        .execute("UPDATE entries SET body = CAST(body || ' ' AS BLOB) WHERE seq = 9", [])
        .unwrap();
    drop(altering);
    let failed = carry(&file(folder.path()), &Nowhere).await.unwrap_err().to_string();
    assert!(failed.contains("entry 9: does not fit its chain"), "{failed}");
}
