//! The writer's ledger, and the check that a store still holds it.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use journal::{Chain, Journal, Sqlite, verify::verify};
use proto::id::{CommandId, Cursor, RoomId, Seq};

/// The lines of a ledger.
#[derive(Debug, Default)]
pub struct Ledger {
    pub lines: Vec<String>,
    pub acks: Vec<(RoomId, Cursor)>,
}

impl Ledger {
    pub fn read(path: &Path) -> Self {
        Self::parse(&std::fs::read_to_string(path).unwrap_or_default())
    }

    /// An incomplete last line was not yet written.
    pub fn parse(text: &str) -> Self {
        let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
        let mut ledger = Self::default();
        for line in whole.lines() {
            ledger.lines.push(line.to_owned());
            if let Some(ack) = line.strip_prefix("ack ") {
                ledger.acks.push(parse_ack(ack));
            }
        }
        ledger
    }

    pub fn has(&self, line: &str) -> bool {
        self.lines.iter().any(|said| said == line)
    }

    /// Panics if anything was acknowledged that was first tried after this line. Anything tried
    /// before it may have been answered in time, and logged later.
    pub fn assert_no_ack_after(&self, line: &str) {
        let mut late = BTreeSet::new();
        for said in self.lines.iter().skip_while(|said| *said != line) {
            let mut words = said.split(' ');
            let (what, room) = (words.next(), words.next());
            if what == Some("try") {
                late.insert(room);
            }
            let told_late = what == Some("ack") && late.contains(&room);
            assert!(!told_late, "acknowledged after \"{line}\": {said}");
        }
    }
}

fn parse_ack(ack: &str) -> (RoomId, Cursor) {
    let words: Vec<&str> = ack.split(' ').collect();
    let [room, seq, tag] = words[..] else { panic!("no ack: {ack}") };
    let seq = Seq(seq.parse().unwrap());
    (room.parse().unwrap(), Cursor { seq, tag: tag.parse().unwrap() })
}

/// Opens the store and returns what it has lost of the ledger, or any other fault: I-1 dense, I-3
/// chained, I-5 everything acknowledged is there, I-6 entries and outcomes together.
pub async fn judge(database: &Path, ledger: &Ledger) -> Result<(), String> {
    if ledger.acks.is_empty() && !database.exists() {
        return Ok(());
    }
    let told = |error: journal::Error| error.to_string();
    let store = Sqlite::open(database).map_err(told)?;
    let mut tags = BTreeMap::new();
    for room in store.rooms().await.map_err(told)? {
        let entries = store.read(room, Seq(1), usize::MAX).await.map_err(told)?;
        let mut chain = Chain::default();
        let mut commands = Vec::new();
        for (entry, seq) in entries.iter().zip(1..) {
            chain = chain.link(&entry.body);
            if (entry.seq, entry.chain) != (Seq(seq), chain) {
                return Err(format!("entry {seq} of {room} does not follow"));
            }
            tags.insert((room, entry.seq), chain.tag());
            commands.push(command_of(room, entry.seq, &entry.body));
        }
        let outcomes = store.outcomes(room, &commands).await.map_err(told)?;
        if outcomes.len() != commands.len() {
            return Err(format!("{room} has {} of {} outcomes", outcomes.len(), commands.len()));
        }
    }
    for (room, head) in &ledger.acks {
        if tags.get(&(*room, head.seq)) != Some(&head.tag) {
            return Err(format!("lost: entry {} of {room} was acknowledged", head.seq));
        }
    }
    drop(store);
    if tags.is_empty() {
        return Ok(());
    }
    verify(database).map(drop).map_err(|fault| fault.to_string())
}

fn command_of(room: RoomId, seq: Seq, body: &[u8]) -> CommandId {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap();
    let salt = body["nonce"].as_str().unwrap();
    crate::history::History::after(room, None).command(seq, salt)
}
