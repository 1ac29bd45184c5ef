//! Snapshots: all rows, at one entry.

use std::io::Read;

use proof::{cast, fold, host::Host};
use proto::{
    frame::Rows,
    id::{Cursor, Seq},
    role::{Audience, Role},
};

fn cursor(rows: &Rows) -> Cursor {
    Cursor { seq: rows.to, tag: rows.tag }
}

/// P-57: for the client's own audience, matching the journal.
#[tokio::test]
async fn a_snapshot_has_every_row_of_the_clients_audience() {
    let host = Host::start().await;
    let (room, lead) = host.room(3).await;
    lead.does(cast::departs(1)).await;
    for (face, roles) in [
        (Audience::Wall, [].as_slice()),
        (Audience::Desk, &[Role::Bizsup]),
        (Audience::Phone, &[Role::Nurse]),
        (Audience::Sitrep, &[Role::Director]),
    ] {
        let device = host.door.come_in(room, face, roles).await;
        let rows = device.snapshot().await;
        assert_eq!((rows.room, rows.audience, rows.from), (room, face, Seq(0)));
        assert!(rows.del.is_empty());
        let entries = fold::entries(&**host.running.journal(), room).await;
        let (folded, _, cursors) = fold::fold(&entries);
        assert_eq!(cursor(&rows), *cursors.last().unwrap());
        assert_eq!(fold::kept(rows.put), fold::rows(&folded, face));
        for other in Audience::ALL.into_iter().filter(|other| *other != face) {
            let path = format!("/api/rooms/{room}/rows?audience={}", other.word());
            let told = device.get(&path).send().await.error();
            assert_eq!(told, (403, "not_yours".to_owned()), "{face:?} as {other:?}");
        }
    }
}

/// P-58
#[tokio::test]
async fn a_client_that_is_up_to_date_gets_nothing() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    let at = cursor(&desk.snapshot().await);
    let current = desk.rows_since(at).await;
    assert_eq!((current.status.as_u16(), current.body.len()), (204, 0));
    assert_eq!(current.header("cache-control"), "no-store");
    let forged = Cursor { tag: proto::id::Tag([9; 8]), ..at };
    let early = Cursor { seq: Seq(1), ..at };
    let ahead = Cursor { seq: at.seq.next(), ..at };
    for other in [forged, early, ahead, Cursor::default()] {
        let whole = desk.rows_since(other).await;
        assert_eq!(cursor(&whole.read::<Rows>()), at, "{other:?}");
    }
    for bad in ["", "7", "7.", "x.0000000000000000", "1.00000000000000zz", "1.1.1"] {
        let answer = desk.get(&format!("{}&at={bad}", desk.rows_path())).send().await;
        assert_eq!(answer.error(), (400, "malformed".to_owned()), "{bad}");
    }
    let strange = desk.get(&format!("/api/rooms/{}/rows?audience=door", desk.room));
    assert_eq!(strange.send().await.error(), (400, "malformed".to_owned()));
}

/// P-59: after `ok`, a client reads its own write at once (I-22).
#[tokio::test]
async fn a_client_reads_its_own_write_at_once() {
    let host = Host::forgetful().await;
    let (_, desk) = host.room(0).await;
    for n in 0..10 {
        desk.does(cast::line(&format!("first {n}"))).await;
        let at = cursor(&desk.snapshot().await);
        let seq = desk.does(cast::line(&format!("second {n}"))).await;
        let answer = desk.rows_since(at).await;
        assert_eq!(answer.status.as_u16(), 200, "told to be current at {} after ok {seq}", at.seq);
        assert!(answer.read::<Rows>().to >= seq);
    }
}

/// P-60: smaller in transit, the same when decompressed.
#[tokio::test]
async fn a_snapshot_is_compressed_as_the_client_accepts() {
    let host = Host::start().await;
    let (_, desk) = host.room(6).await;
    let ask = |taken: &str| desk.get(&desk.rows_path()).with("accept-encoding", taken).send();
    let plain = ask("identity").await;
    assert_eq!(plain.header("content-encoding"), "");
    for (taken, told) in [("gzip", "gzip"), ("gzip, deflate, br", "br"), ("br;q=0, gzip", "gzip")] {
        let packed = ask(taken).await;
        assert_eq!(packed.header("content-encoding"), told);
        assert_eq!(packed.header("vary"), "accept-encoding");
        assert_eq!(packed.header("content-type"), "application/json");
        assert!(packed.body.len() < plain.body.len() / 2, "{taken}");
        if told == "gzip" {
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(&packed.body[..]).read_to_end(&mut unpacked).unwrap();
            assert_eq!(unpacked, plain.body);
        }
    }
}

/// P-60: however many clients ask at once, rows are encoded once, and compressed once per encoding (I-28).
#[tokio::test]
async fn a_snapshot_is_made_once_for_all_clients() {
    let host = Host::start().await;
    let (_, desk) = host.room(6).await;
    let before = host.door.operator.figures().await.unwrap().snapshots;
    let ask = |taken: &str| desk.get(&desk.rows_path()).with("accept-encoding", taken).send();
    let all = (0..90).map(|n| ask(["br", "gzip", "identity"][n % 3]));
    for answer in futures_util::future::join_all(all).await {
        assert_eq!(answer.status.as_u16(), 200);
    }
    let after = host.door.operator.figures().await.unwrap().snapshots;
    let made = (after.asked - before.asked, after.encoded - before.encoded);
    assert_eq!((made, after.packed - before.packed), ((90, 1), 2));
}
