//! Point-in-time recovery of the database with PostgreSQL's own tools (`deploy/BACKUP.md`), from a
//! base backup and the archive.

use proof::{device::Device, nodes::Nodes, postgres::Server, screen::Screen, soon};
use proto::{
    frame::{ServerFrame, Why},
    id::Cursor,
    outcome::Fate,
    role::{Audience, Role},
};

use crate::{process::ran, told::Told};

/// Waits until everything written so far is in the archive.
async fn archived(client: &tokio_postgres::Client) {
    let sql = "SELECT pg_walfile_name(pg_switch_wal())";
    let last: String = client.query_one(sql, &[]).await.unwrap().get(0);
    let sql = "SELECT coalesce(last_archived_wal >= $1, false) FROM pg_stat_archiver";
    let kept = async {
        while !client.query_one(sql, &[&last]).await.unwrap().get::<_, bool>(0) {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    soon("the archive", kept).await;
}

/// Writes lines that must be accepted.
async fn writes(told: &mut Told, desk: &Device, words: &str) {
    for n in 0..5 {
        let fate = told.ask(desk, &format!("{words} {n}")).await;
        assert!(matches!(fate, Some(Fate::Ok { .. })), "{fate:?}");
    }
}

/// I-32: everything acknowledged before the moment is there and nothing after it, entry by entry in
/// its chain; screens that saw more resync, and commands still on a phone are accepted again, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_point_in_time_recovery_the_journal_is_intact_and_screens_resync() {
    let mut lost = tokio::task::block_in_place(Server::archiving);
    let url = lost.database().await;
    let mut nodes = Nodes::on(1, &url, &[]).started().await;
    let room = nodes.door(0).open_room(2).await;
    let desk = nodes.door(0).come_in(room, Audience::Desk, &[Role::Lead]).await;
    let (mut before, mut after) = (Told::default(), Told::default());
    writes(&mut before, &desk, "before the base").await;
    let mut restored = tokio::task::block_in_place(|| lost.base());
    writes(&mut before, &desk, "after the base").await;
    let mut calm = Screen::live(desk.clone()).await;
    calm.reach(before.kept[9].1).await;
    calm.drop_line();
    let administrator = lost.client(&url).await;
    let moment: String =
        administrator.query_one("SELECT clock_timestamp()::text", &[]).await.unwrap().get(0);
    writes(&mut after, &desk, "after the moment").await;
    let mut ahead = Screen::live(desk.clone()).await;
    ahead.reach(after.kept[4].1).await;
    ahead.drop_line();
    archived(&administrator).await;
    nodes.0[0].kill();
    tokio::task::block_in_place(|| {
        lost.kill();
        restored.recover(&lost, &moment);
    });
    let url = lost.url_at(&restored, &url);
    let client = restored.client(&url).await;
    soon("the end of the recovery", async {
        let sql = "SELECT NOT pg_is_in_recovery()";
        while !client.query_one(sql, &[]).await.unwrap().get::<_, bool>(0) {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    })
    .await;
    let verified = ran(&["verify", "--database", &url]);
    let words = String::from_utf8(verified.stdout).unwrap();
    let told = before.kept[9].1.0;
    assert!(verified.status.success() && words.contains(&format!("{told} entries")), "{words}");
    nodes.0[0].say([("MUSTER_DATABASE", url.clone())]);
    nodes.0[0].start().await;
    before.stands(&desk).await;
    assert_eq!(answered(&desk, ahead.cursor).await, Some(Why::Ahead));
    assert_eq!(answered(&desk, calm.cursor).await, None, "it goes on where it stands");
    for (command, _) in &after.kept {
        let fate = desk.fate(command).await;
        assert!(matches!(fate, Fate::Ok { .. }), "{fate:?}");
        assert!(matches!(desk.fate(command).await, Fate::Dup { .. }));
    }
    assert_eq!(answered(&desk, ahead.cursor).await, Some(Why::OtherHistory));
    let head = desk.snapshot().await;
    for mut screen in [calm, ahead] {
        screen.come().await.unwrap();
        screen.reach(head.to).await;
        while screen.cursor != (Cursor { seq: head.to, tag: head.tag }) {
            screen.step().await.unwrap();
        }
        assert_eq!(screen.rows, proof::fold::kept(desk.snapshot().await.put));
    }
    before.is_kept(&url).await;
}

/// Returns why a screen at this cursor must resync, or `None` if it need not.
async fn answered(desk: &Device, at: Cursor) -> Option<Why> {
    let mut socket = desk.welcomed().await;
    socket.say(&desk.sub(Some(at))).await;
    match socket.frame().await {
        ServerFrame::Resync { why, .. } => Some(why),
        ServerFrame::Beat { .. } => None,
        other => panic!("{other:?}"),
    }
}
