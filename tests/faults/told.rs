//! What people asked and what they were told. In the end every node answers for it.

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

/// After this somebody who is not answered goes to another node.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two commands of one device: about as many as one login may send.
pub const PACE: Duration = Duration::from_millis(1_000 / limit::REQUESTS_PER_S as u64 + 1);

/// What was asked by one device.
#[derive(Debug, Default)]
pub struct Told {
    /// What was taken, and in which entry.
    pub kept: Vec<(Envelope, Seq)>,
    /// What nobody was told the fate of.
    pub open: Vec<Envelope>,
}

impl Told {
    /// Asks for a line in the log. Returns what became of it, if that was told.
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

    /// Sends again what nobody was told the fate of, until it is told.
    pub async fn settle(&mut self, device: &Device) {
        for command in std::mem::take(&mut self.open) {
            tokio::time::sleep(PACE).await;
            let seq = soon("its fate", decided(device, &command)).await;
            self.kept.push((command, seq));
        }
    }

    /// I-5, I-8: what was told is told again, to the letter.
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

    /// I-1, I-5, I-7: each is in the database once, where it was said to be.
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

    /// Takes in what another one asked.
    pub fn and(mut self, other: Self) -> Self {
        self.kept.extend(other.kept);
        self.open.extend(other.open);
        self
    }
}

/// Sends one command. Returns its fate, if anybody told one.
pub async fn told(device: &Device, command: &Envelope) -> Option<Fate> {
    let answer = device.sends(std::slice::from_ref(command)).try_send().await.ok()?;
    match answer.status.as_u16() {
        200 => Some(answer.read::<CommandsAnswer>().fates.remove(0).fate),
        429 | 502..=504 => None,
        other => panic!("{other}: {answer:?}"),
    }
}

/// Sends one command until it is taken, and returns its entry.
async fn decided(device: &Device, command: &Envelope) -> Seq {
    loop {
        match told(device, command).await {
            Some(Fate::Ok { seq } | Fate::Dup { seq }) => return seq,
            Some(Fate::Retry { .. }) | None => tokio::time::sleep(PACE).await,
            Some(Fate::Refused(no)) => panic!("{no:?}"),
        }
    }
}

/// Somebody at work, who goes to the next node whenever one gives no answer.
#[derive(Debug)]
pub struct Worker {
    /// The device, by each node's address.
    pub faces: Vec<Device>,
    pub name: String,
    pub is_over: Arc<AtomicBool>,
    /// Counts what everybody was told.
    pub done: Arc<AtomicU64>,
}

impl Worker {
    /// Works until all is over. Every command is sent until its fate is told.
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

/// Waits until so much more was told.
pub async fn some_more(done: &AtomicU64, more: u64) {
    let goal = done.load(Ordering::SeqCst) + more;
    let reached = async {
        while done.load(Ordering::SeqCst) < goal {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    soon("more of their work", reached).await;
}
