//! The bus between the nodes of a storm: it loses, duplicates, delays, reorders and forges messages
//! (I-30).

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use bus::{Bus, Heard};
use proof::dice::Dice;
use proto::id::{Cursor, RoomId, Seq, Tag};

/// Messages held back for reordering, at most.
const HELD_MAX: usize = 4;

/// The buses of all nodes.
#[derive(Debug)]
pub struct Gossip {
    buses: Vec<Bus>,
    /// Messages that gossip put on each bus, which are not to be passed on again.
    passed: Mutex<Vec<VecDeque<Heard>>>,
}

impl Gossip {
    /// Returns a bus for each node.
    pub fn among(nodes: usize) -> Arc<Self> {
        let buses = (0..nodes).map(|_| Bus::local()).collect();
        Arc::new(Self { buses, passed: Mutex::new(vec![VecDeque::new(); nodes]) })
    }

    /// Returns a node's bus.
    pub fn bus(&self, node: usize) -> Bus {
        self.buses[node].clone()
    }

    /// Passes on one node's messages, unreliably. Ends with the test.
    pub async fn spread(self: Arc<Self>, from: usize, room: RoomId, mut dice: Dice) {
        let mut listener = self.buses[from].listen();
        let mut held = Vec::new();
        while let Some(heard) = listener.next().await {
            if self.is_passed(from, heard) {
                continue;
            }
            match dice.below(8) {
                0 => {}
                1 | 2 => held.push(heard),
                3 => {
                    let tag = Tag::default();
                    let head = Cursor { seq: Seq(dice.below(100_000)), tag };
                    self.pass(from, Heard::Moved { room, head });
                    self.pass(from, heard);
                }
                4 => (0..3).for_each(|_| self.pass(from, heard)),
                5 => self.pass(from, Heard::Missed),
                _ => self.pass(from, heard),
            }
            if held.len() == HELD_MAX {
                while !held.is_empty() {
                    let at = usize::try_from(dice.below(held.len() as u64)).unwrap();
                    self.pass(from, held.swap_remove(at));
                }
            }
        }
    }

    fn pass(&self, from: usize, heard: Heard) {
        for (node, bus) in self.buses.iter().enumerate().filter(|(node, _)| *node != from) {
            self.passed.lock().unwrap()[node].push_back(heard);
            bus.tell(heard);
        }
    }

    fn is_passed(&self, node: usize, heard: Heard) -> bool {
        let mut passed = self.passed.lock().unwrap();
        let found = passed[node].iter().position(|one| *one == heard);
        found.is_some_and(|at| passed[node].remove(at).is_some())
    }
}
