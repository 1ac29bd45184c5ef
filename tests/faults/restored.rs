//! A restored older journal (I-32, E29): screens that had seen more resync, and commands still on a
//! phone are accepted again.

use std::path::{Path, PathBuf};

use proof::{cast, child::Node, device::Device, screen::Screen};
use proto::{
    frame::{ServerFrame, Why},
    id::{Cursor, Seq},
    key::Key,
    outcome::Fate,
    role::{Audience, Role},
    row::Row,
};

use crate::process::{ran, text};

/// A node, and a backup of it in another folder.
struct Kept {
    node: Node,
    out: tempfile::TempDir,
}

impl Kept {
    fn at(&self, name: &str) -> PathBuf {
        self.out.path().join(name)
    }

    fn says(&self, words: &[&str]) {
        let ended = ran(words);
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }

    fn back_up(&self) {
        let (key, public, file) = (self.at("key"), self.at("key.pub"), self.at("backup.age"));
        self.says(&["backup-key", "--out", text(&key)]);
        let data = self.node.data();
        let to = ["--to", text(&file), "--key-file", text(&public)];
        self.says(&[["backup", "--data", text(&data)].as_slice(), &to].concat());
    }

    /// The machine is lost with everything on it, and the backup goes into service at the same
    /// address.
    async fn lose_and_restore(&mut self) {
        self.node.kill();
        let data = self.node.data();
        std::fs::remove_dir_all(&data).unwrap();
        let from = ["restore", "--from"];
        let (file, key) = (self.at("backup.age"), self.at("key"));
        let rest = [text(&file), "--key-file", text(&key), "--data", text(&data)];
        self.says(&[from.as_slice(), &rest].concat());
        self.says(&["verify", "--data", text(&data)]);
        self.node.start().await;
    }
}

/// Returns the answer to a screen that resumes at a cursor.
async fn answered(device: &Device, at: Cursor) -> ServerFrame {
    let mut socket = device.welcomed().await;
    socket.say(&device.sub(Some(at))).await;
    socket.frame().await
}

fn resync(device: &Device, why: Why) -> ServerFrame {
    ServerFrame::Resync { room: device.room, audience: device.face, why }
}

/// Returns the size of the register, and the sum of the counts by place.
async fn counted(device: &Device) -> (u32, u32) {
    let rows = proof::fold::kept(device.snapshot().await.put);
    let Some(Row::Census(census)) = rows.get(&Key::Census) else { panic!("no census") };
    (census.register, census.places.iter().map(|place| place.people).sum())
}

async fn head(device: &Device) -> Cursor {
    let rows = device.snapshot().await;
    Cursor { seq: rows.to, tag: rows.tag }
}

/// I-32, P-24: every screen that is ahead, or on the lost history, resyncs at its first resume, at
/// whatever entry; a screen that saw no more than the backup continues.
#[tokio::test]
async fn after_restoring_an_older_journal_screens_that_saw_more_resync() {
    let mut kept = Kept { node: Node::new(), out: tempfile::tempdir().unwrap() };
    kept.node.start().await;
    let door = kept.node.door();
    let room = door.open_room(4).await;
    let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    let phone = door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let wall = door.come_in(room, Audience::Wall, &[]).await;
    let faces = [&desk, &phone, &wall];
    let early = cast::asks(cast::departs(0));
    let Fate::Ok { seq: early_seq } = phone.fate(&early).await else { panic!("a fact is taken") };
    let mut calm = Screen::live(wall.clone()).await;
    calm.reach(early_seq).await;
    calm.drop_line();
    kept.back_up();
    let saved = head(&desk).await;
    // What will be lost.
    let late = cast::asks(cast::departs(1));
    assert!(matches!(phone.fate(&late).await, Fate::Ok { .. }));
    let mut stood = Vec::new();
    for n in 0..6 {
        desk.does(cast::line(&format!("lost {n}"))).await;
        stood.push(head(&desk).await);
    }
    kept.lose_and_restore().await;
    assert_eq!(head(&desk).await, saved, "everything acknowledged before the backup is there");
    for face in faces {
        for at in &stood {
            assert_eq!(answered(face, *at).await, resync(face, Why::Ahead), "{at:?}");
        }
    }
    // Another history takes the numbers of the lost one.
    for n in 0..4 {
        desk.does(cast::line(&format!("other {n}"))).await;
    }
    let reached = head(&desk).await;
    for face in faces {
        for at in &stood {
            let why = if at.seq > reached.seq { Why::Ahead } else { Why::OtherHistory };
            assert_eq!(answered(face, *at).await, resync(face, why), "{at:?}");
        }
    }
    assert!(stood.iter().any(|at| at.seq <= reached.seq));
    let mut back = Screen::blank(desk.clone());
    back.cursor = *stood.last().unwrap();
    back.come().await.unwrap();
    let seen = back.seen.len();
    while back.seen.len() == seen {
        back.step().await.unwrap();
    }
    assert_eq!(back.cursor, reached);
    assert_eq!(back.rows, proof::fold::kept(desk.snapshot().await.put));
    calm.come().await.unwrap();
    calm.reach(reached.seq).await;
    assert_eq!(calm.rows, proof::fold::kept(wall.snapshot().await.put));
    assert!(calm.seen.iter().all(|at| at.seq > Seq(0)), "it never resynced");
}

/// I-8, I-32: a command answered before the backup gets the same answer; one that was lost with the
/// journal is decided again, once; and the count adds up on every screen.
#[tokio::test]
async fn commands_still_on_a_phone_are_accepted_again_after_a_restore() {
    let mut kept = Kept { node: Node::new(), out: tempfile::tempdir().unwrap() };
    kept.node.start().await;
    let door = kept.node.door();
    let room = door.open_room(4).await;
    let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    let phone = door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let wall = door.come_in(room, Audience::Wall, &[]).await;
    let (early, late) = (cast::asks(cast::departs(0)), cast::asks(cast::departs(1)));
    let Fate::Ok { seq: early_seq } = phone.fate(&early).await else { panic!("a fact is taken") };
    kept.back_up();
    let Fate::Ok { seq: lost } = phone.fate(&late).await else { panic!("a fact is taken") };
    let newcomer = kept.node.door().come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    kept.lose_and_restore().await;
    assert_eq!(phone.fate(&early).await, Fate::Dup { seq: early_seq });
    for n in 0..3 {
        desk.does(cast::line(&format!("other {n}"))).await;
    }
    let Fate::Ok { seq: anew } = phone.fate(&late).await else { panic!("it was never decided") };
    assert!(anew > lost, "it has an entry of its own in this history: {anew} {lost}");
    assert_eq!(phone.fate(&late).await, Fate::Dup { seq: anew });
    for face in [&desk, &phone, &wall] {
        assert_eq!(counted(face).await, (4, 4), "{:?}", face.face);
    }
    // A login created after the backup is unknown, and is created again.
    let status = newcomer.get(&newcomer.rows_path()).send().await.status.as_u16();
    assert_eq!(status, 401);
    let folder: &Path = &kept.node.data();
    assert!(ran(&["verify", "--data", text(folder)]).status.success());
}
