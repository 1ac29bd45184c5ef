//! The commands people sent and the answers they got. At the end every node is checked against
//! them.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use journal::{Journal, Postgres};
use proof::{cast, device::Device, soon};
use proto::{
    command::Envelope,
    http::CommandsAnswer,
    id::{CommandId, Seq},
    limit,
    outcome::Fate,
};

use crate::cut::address;

/// The time after which a client without an answer goes to another node.
const PATIENCE: Duration = Duration::from_secs(2);
/// The interval between two commands of one device: about the rate limit of a login.
pub const PACE: Duration = Duration::from_millis(1_000 / limit::REQUESTS_PER_S as u64 + 1);

/// The commands of one device.
#[derive(Debug, Default)]
pub struct Told {
    /// The accepted commands, with their entries.
    pub kept: Vec<(Envelope, Seq)>,
    /// The commands without an answer.
    pub open: Vec<Envelope>,
}

impl Told {
    /// Writes a line to the log. Returns its fate, if there was an answer.
    pub async fn ask(&mut self, device: &Device, words: &str) -> Option<Fate> {
        let command = cast::asks(cast::line(words));
        let fate = told(device, &command).await;
        match &fate {
            Some(Fate::Ok { seq }) => self.kept.push((command, *seq)),
            Some(Fate::Retry { .. }) | None => self.open.push(command),
            Some(other) => panic!("{other:?}"),
        }
        fate
    }

    /// Sends unanswered commands again, until they are answered.
    pub async fn settle(&mut self, device: &Device) {
        for command in std::mem::take(&mut self.open) {
            tokio::time::sleep(PACE).await;
            let seq = soon("its fate", decided(device, &command)).await;
            self.kept.push((command, seq));
        }
    }

    /// I-5, I-8: answers are repeated identically.
    pub async fn stands(&self, device: &Device) {
        for some in self.kept.chunks(limit::COMMANDS_MAX) {
            tokio::time::sleep(PACE).await;
            let commands: Vec<Envelope> = some.iter().map(|(command, _)| command.clone()).collect();
            let fates = device.fates(&commands).await;
            assert_eq!(fates.len(), some.len(), "{fates:?}");
            for (fate, (_, seq)) in fates.iter().zip(some) {
                assert_eq!(fate.fate, Fate::Dup { seq: *seq });
            }
        }
    }

    /// I-1, I-5, I-7: each command is in the database once, in its acknowledged entry.
    pub async fn is_kept(&self, url: &str) {
        journal::postgres::verify(&address(url)).await.unwrap();
        let store = Postgres::open(address(url)).await.unwrap();
        let mut places: BTreeMap<CommandId, Vec<Seq>> = BTreeMap::new();
        for room in store.rooms().await.unwrap() {
            for stored in store.read(room, Seq(1), usize::MAX).await.unwrap() {
                let entry = proto::entry::Entry::from_bytes(&stored.body).unwrap();
                places.entry(entry.command).or_default().push(entry.seq);
            }
        }
        for (command, seq) in &self.kept {
            let kept = places.get(&command.id);
            assert_eq!(kept, Some(&vec![*seq]), "{command:?}");
        }
    }

    /// Adds another device's commands.
    pub fn and(mut self, other: Self) -> Self {
        self.kept.extend(other.kept);
        self.open.extend(other.open);
        self
    }
}

/// Sends one command. Returns its fate, if there was an answer.
pub async fn told(device: &Device, command: &Envelope) -> Option<Fate> {
    let answer = device.sends(std::slice::from_ref(command)).try_send().await.ok()?;
    match answer.status.as_u16() {
        200 => Some(answer.read::<CommandsAnswer>().fates.remove(0).fate),
        429 | 502..=504 => None,
        other => panic!("{other}: {answer:?}"),
    }
}

/// Sends one command until it is accepted, and returns its entry.
async fn decided(device: &Device, command: &Envelope) -> Seq {
    loop {
        match told(device, command).await {
            Some(Fate::Ok { seq } | Fate::Dup { seq }) => return seq,
            Some(Fate::Retry { .. }) | None => tokio::time::sleep(PACE).await,
            Some(Fate::Refused(no)) => panic!("{no:?}"),
        }
    }
}

/// A member at work, who goes to the next node whenever one does not answer.
#[derive(Debug)]
pub struct Worker {
    /// The device, by each node's address.
    pub faces: Vec<Device>,
    pub name: String,
    pub is_over: Arc<AtomicBool>,
    /// Counts everybody's answers.
    pub done: Arc<AtomicU64>,
}

impl Worker {
    /// Works until all is over. Every command is sent until it is answered.
    pub async fn works(self) -> Told {
        let mut told = Told::default();
        let mut face = 0;
        let mut pace = tokio::time::interval(PACE);
        for n in 0.. {
            if self.is_over.load(Ordering::SeqCst) {
                break;
            }
            let command = cast::asks(cast::line(&format!("{}, line {n}", self.name)));
            let seq = loop {
                pace.tick().await;
                let device = &self.faces[face % self.faces.len()];
                let asked = tokio::time::timeout(PATIENCE, self::told(device, &command)).await;
                match asked {
                    Ok(Some(Fate::Ok { seq } | Fate::Dup { seq })) => break seq,
                    Ok(Some(Fate::Retry { .. }) | None) | Err(_) => face += 1,
                    Ok(Some(Fate::Refused(no))) => panic!("{no:?}"),
                }
            };
            told.kept.push((command, seq));
            self.done.fetch_add(1, Ordering::SeqCst);
        }
        told
    }
}

/// Waits until this many more answers have come.
pub async fn some_more(done: &AtomicU64, more: u64) {
    let goal = done.load(Ordering::SeqCst) + more;
    let reached = async {
        while done.load(Ordering::SeqCst) < goal {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    soon("more of their work", reached).await;
}
