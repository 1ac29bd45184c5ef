//! The ledger: what was sent, how it was answered, and when. At the end it is checked against the
//! journal.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use journal::Decided;
use proto::{
    command::Envelope,
    entry::Entry,
    id::{CommandId, Seq},
    outcome::{CommandFate, Fate, Outcome},
    refusal::Refusal,
};

use crate::deeds::is_fact;

/// The record of one command.
#[derive(Debug, Clone)]
struct Line {
    command: Envelope,
    device: usize,
    first_sent: u64,
    first_told: Option<u64>,
    seq: Option<Seq>,
    refused: Option<Refusal>,
    fresh: u32,
}

/// Every command of a storm.
#[derive(Debug, Default)]
pub struct Ledger {
    /// A logical clock of events, in real-time order.
    ticks: AtomicU64,
    /// The commands, with each device's in the order in which it made them.
    lines: Mutex<BTreeMap<CommandId, Line>>,
    made: Mutex<Vec<CommandId>>,
}

impl Ledger {
    /// Returns the logical time.
    pub fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::SeqCst)
    }

    fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::SeqCst)
    }

    /// Records commands that are about to be sent, for the first time or again.
    pub fn sends(&self, device: usize, commands: &[Envelope]) {
        let now = self.tick();
        let mut lines = self.lines.lock().unwrap();
        for command in commands {
            lines.entry(command.id).or_insert_with(|| {
                self.made.lock().unwrap().push(command.id);
                Line {
                    command: command.clone(),
                    device,
                    first_sent: now,
                    first_told: None,
                    seq: None,
                    refused: None,
                    fresh: 0,
                }
            });
        }
    }

    /// Records the answers, and returns how many of these commands were decided; those after a
    /// `retry` were not. A repeated answer must be identical (I-8).
    pub fn told(&self, sent: &[Envelope], fates: &[CommandFate]) -> usize {
        let now = self.tick();
        let mut lines = self.lines.lock().unwrap();
        for (nth, told) in fates.iter().enumerate() {
            assert_eq!(told.id, sent[nth].id, "fates are in the order of the commands");
            let line = lines.get_mut(&told.id).unwrap();
            match &told.fate {
                Fate::Retry { .. } => {
                    assert_eq!(nth + 1, fates.len(), "a retry is the last fate");
                    return nth;
                }
                Fate::Ok { seq } | Fate::Dup { seq } => {
                    line.fresh += u32::from(matches!(told.fate, Fate::Ok { .. }));
                    assert!(line.fresh < 2, "ok twice: {told:?}");
                    assert_eq!(*line.seq.get_or_insert(*seq), *seq, "I-8: {told:?}");
                    assert!(line.refused.is_none(), "I-8: {told:?} was refused");
                }
                Fate::Refused(no) => {
                    assert!(!is_fact(&line.command.command), "a fact was refused: {no:?}");
                    assert_eq!(line.refused.get_or_insert_with(|| no.clone()), no, "I-8");
                    assert!(line.seq.is_none(), "I-8: {told:?} was taken");
                }
            }
            line.first_told.get_or_insert(now);
        }
        assert_eq!(fates.len(), sent.len(), "every command gets a fate");
        sent.len()
    }

    /// Returns one of the commands that have been answered.
    pub fn told_before(&self, dice: &mut proof::dice::Dice) -> Option<Envelope> {
        let lines = self.lines.lock().unwrap();
        let told: Vec<&Line> = lines.values().filter(|line| line.first_told.is_some()).collect();
        (!told.is_empty()).then(|| dice.pick(&told).command.clone())
    }

    /// Returns the last acknowledged entry.
    pub fn last(&self) -> Seq {
        let lines = self.lines.lock().unwrap();
        lines.values().filter_map(|line| line.seq).max().unwrap_or_default()
    }

    /// Returns the ids of all commands.
    pub fn ids(&self) -> Vec<CommandId> {
        self.made.lock().unwrap().clone()
    }

    /// Checks the ledger against the journal; returns how many commands were acknowledged.
    pub fn agrees(&self, entries: &[Entry], outcomes: &[Decided]) -> usize {
        let lines = self.lines.lock().unwrap();
        let kept: BTreeMap<CommandId, &Outcome> =
            outcomes.iter().map(|decided| (decided.id, &decided.outcome)).collect();
        let mut entered: BTreeMap<CommandId, Seq> = BTreeMap::new();
        for entry in entries {
            let twice = entered.insert(entry.command, entry.seq);
            assert_eq!(twice, None, "I-7: {} is in the journal twice", entry.command);
        }
        for (id, line) in lines.iter() {
            assert!(line.first_told.is_some(), "{id} was never answered");
            let told = match (line.seq, &line.refused) {
                (Some(seq), None) => Outcome::Ok { seq },
                (None, Some(no)) => Outcome::Refused(no.clone()),
                other => panic!("{id}: {other:?}"),
            };
            assert_eq!(kept.get(id), Some(&&told), "I-5: the answer to {id} is not stored");
            match entered.get(id) {
                Some(seq) => assert_eq!(line.seq, Some(*seq), "I-5: {id} is in another entry"),
                None => assert!(
                    line.refused.is_some() || line.seq <= entries.last().map(|entry| entry.seq),
                    "I-5: {id} is missing"
                ),
            }
        }
        self.keeps_order(&lines, &entered);
        lines.len()
    }

    /// I-10: one device's entries are in the order in which it made them. I-12: a command answered
    /// before another was sent comes before it.
    fn keeps_order(&self, lines: &BTreeMap<CommandId, Line>, entered: &BTreeMap<CommandId, Seq>) {
        let made = self.made.lock().unwrap();
        let mut last: BTreeMap<usize, Seq> = BTreeMap::new();
        for (line, seq) in made.iter().filter_map(|id| Some((&lines[id], entered.get(id)?))) {
            let before = last.insert(line.device, *seq);
            assert!(before < Some(*seq), "I-10: device {} was reordered", line.device);
        }
        let mut by_sent: Vec<&Line> = lines.values().collect();
        by_sent.sort_by_key(|line| line.first_sent);
        let mut by_told: Vec<&Line> = lines.values().filter(|line| line.seq.is_some()).collect();
        by_told.sort_by_key(|line| line.first_told);
        let mut told = by_told.into_iter().peekable();
        let mut highest = Seq(0);
        for line in by_sent {
            while let Some(earlier) = told.next_if(|told| told.first_told < Some(line.first_sent)) {
                highest = highest.max(earlier.seq.unwrap());
            }
            if let Some(seq) = line.seq {
                let is_entry = entered.contains_key(&line.command.id);
                let follows = if is_entry { seq > highest } else { seq >= highest };
                assert!(follows, "I-12: {seq} was sent after {highest} was acknowledged");
            }
        }
    }
}
