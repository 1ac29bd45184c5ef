//! The faults of a city, and pairs of simultaneous faults (E33), all determined by a seed.

use proof::{dice::Dice, lan::Part};
use proto::limit::SILENCE_MS;

use crate::city::{City, NODES};

/// Milliseconds in a day.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// The longest pause of a process, in milliseconds.
const STILL_MS: u64 = 1_500;
/// Pairs per storm.
const PAIRS: usize = 3;

/// Ends the nodes' database connections in the middle of their work.
const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'muster' AND datname = current_database()";

/// One fault, of one node or of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A node is killed and restarted.
    Killed(usize),
    /// A node is shut down and restarted.
    Ended(usize),
    /// A node is paused.
    Still(usize),
    /// A node's clock jumps by this much, and stays there.
    Clock(usize, i64),
    /// A node's connections to Redis are cut.
    RopeCut(usize),
    /// A node receives nothing from Redis.
    RopeSilent(usize),
    /// A node is partitioned from the database.
    Parted(usize, Part),
    RedisKilled,
    RedisStill,
    RedisEmptied,
    DatabaseKilled,
    DatabaseStill,
    /// Every node's database connections are ended, whatever is being committed on them.
    DatabaseCut,
    /// Everybody's connections are cut.
    LinesCut,
}

/// The set of faults to draw from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Faults possible on one machine.
    OneMachine,
    /// These, and faults of the network between machines.
    Several,
}

/// A single fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// The amount of work before it.
    pub after: u64,
    pub trouble: Trouble,
    /// Its duration in milliseconds.
    pub lasts: u64,
}

/// Two faults that overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The amount of work before them.
    pub after: u64,
    /// In the order in which they begin.
    pub begin: [Trouble; 2],
    /// In the order in which they end.
    pub end: [Trouble; 2],
    /// The durations in milliseconds of the first alone, of both, and of the one that is left.
    pub lasts: [u64; 3],
}

impl Trouble {
    fn drawn(dice: &mut Dice, of: Of) -> Self {
        let node = usize::try_from(dice.below(NODES as u64)).unwrap();
        let kinds = match of {
            Of::OneMachine => 14,
            Of::Several => 20,
        };
        match dice.below(kinds) {
            0 | 1 => Self::Killed(node),
            2 => Self::Ended(node),
            3 => Self::Still(node),
            4 => Self::RedisKilled,
            5 => Self::RedisStill,
            6 => Self::DatabaseKilled,
            7 => Self::DatabaseStill,
            8 => {
                let off_ms = i64::try_from(dice.below(4 * DAY_MS)).unwrap();
                Self::Clock(node, off_ms - 2 * i64::try_from(DAY_MS).unwrap())
            }
            9 => Self::RedisEmptied,
            10 => Self::RopeCut(node),
            11 | 12 => Self::RopeSilent(node),
            13 => Self::LinesCut,
            14 => Self::DatabaseCut,
            // The first node is on the judge's machine, which must reach the database.
            _ => {
                let node = 1 + usize::try_from(dice.below(NODES as u64 - 1)).unwrap();
                Self::Parted(node, *dice.pick(&[Part::There, Part::Back, Part::Both]))
            }
        }
    }

    /// Returns what the fault affects: two faults of one thing count as one.
    const fn thing(self) -> (&'static str, usize) {
        match self {
            Self::Killed(node) | Self::Ended(node) | Self::Still(node) => ("node", node),
            Self::Clock(node, _) => ("clock", node),
            Self::RopeCut(node) | Self::RopeSilent(node) => ("rope", node),
            Self::Parted(node, _) => ("way", node),
            Self::RedisKilled | Self::RedisStill | Self::RedisEmptied => ("redis", 0),
            Self::DatabaseKilled | Self::DatabaseStill | Self::DatabaseCut => ("database", 0),
            Self::LinesCut => ("lines", 0),
        }
    }

    /// Returns whether no node can start meanwhile: a node without a database exits with an error.
    const fn is_of_the_database(self) -> bool {
        matches!(self, Self::DatabaseKilled | Self::DatabaseStill | Self::Parted(..))
    }

    /// Returns whether a node must be started when it ends.
    const fn is_of_a_life(self) -> bool {
        matches!(self, Self::Killed(_) | Self::Ended(_))
    }

    /// Returns whether it is over as soon as it has begun.
    const fn is_at_once(self) -> bool {
        matches!(self, Self::RopeCut(_) | Self::RedisEmptied | Self::DatabaseCut | Self::LinesCut)
    }

    pub async fn begins(self, city: &mut City) {
        match self {
            Self::Killed(node) => city.nodes.0[node].kill(),
            Self::Ended(node) => {
                city.nodes.0[node].ask_to_stop();
                city.nodes.0[node].ended().await;
            }
            Self::Still(node) => city.nodes.0[node].pause(),
            Self::Clock(node, off_ms) => city.clocks[node].turn(off_ms),
            Self::RopeCut(node) => city.ropes[node].cut(),
            Self::RopeSilent(node) => city.ropes[node].is_silent(true),
            Self::Parted(node, part) => city.ground.nodes[node].parts(&city.ground.database, part),
            Self::RedisKilled => city.redis.kill(),
            Self::RedisStill => city.redis.pause(),
            Self::RedisEmptied => assert_eq!(city.redis.ask(&["FLUSHALL"]).trim(), "OK"),
            Self::DatabaseKilled => city.postgres.kill(),
            Self::DatabaseStill => city.postgres.pause(),
            Self::DatabaseCut => city.administrator().await.batch_execute(CUT).await.unwrap(),
            Self::LinesCut => city.balancer.cut(),
        }
    }

    pub async fn ends(self, city: &mut City) {
        match self {
            Self::Killed(node) | Self::Ended(node) => city.nodes.0[node].start().await,
            Self::Still(node) => city.nodes.0[node].resume(),
            Self::RopeSilent(node) => city.ropes[node].is_silent(false),
            Self::Parted(node, part) => city.ground.nodes[node].joins(&city.ground.database, part),
            Self::RedisKilled => city.redis.again(),
            Self::RedisStill => city.redis.go_on(),
            Self::DatabaseKilled => city.postgres.run(),
            Self::DatabaseStill => city.postgres.resume(),
            Self::Clock(..)
            | Self::RopeCut(_)
            | Self::RedisEmptied
            | Self::DatabaseCut
            | Self::LinesCut => {}
        }
    }
}

impl Spell {
    pub fn drawn(dice: &mut Dice) -> Self {
        let (after, lasts) = (5 + dice.below(40), dice.below(STILL_MS));
        let trouble = Trouble::drawn(dice, Of::OneMachine);
        // A node that is gone is restarted at once.
        Self { after, trouble, lasts: if trouble.is_of_a_life() { 0 } else { lasts } }
    }
}

impl Pair {
    fn drawn(dice: &mut Dice) -> Self {
        let after = 5 + dice.below(40);
        let first = Trouble::drawn(dice, Of::Several);
        let second = loop {
            let second = Trouble::drawn(dice, Of::Several);
            if second.thing() != first.thing() {
                break second;
            }
        };
        // An instantaneous fault happens while the other one lasts.
        let begin = if first.is_at_once() { [second, first] } else { [first, second] };
        let mut end = if dice.once_in(2) { [begin[1], begin[0]] } else { begin };
        if end[0].is_of_a_life() && end[1].is_of_the_database() {
            end.reverse();
        }
        let mut lasts = [(); 3].map(|()| dice.below(STILL_MS));
        // A long partition becomes a fault of its own once the peer has given up waiting.
        if begin.iter().any(|one| matches!(one, Trouble::Parted(..))) && dice.once_in(2) {
            lasts[1] += SILENCE_MS;
        }
        Self { after, begin, end, lasts }
    }

    /// Returns the faults of a seed, in order.
    pub fn of(seed: u64) -> Vec<Self> {
        // A generator of its own: independent of what else is drawn.
        let mut dice = Dice::new(seed ^ 0x33);
        (0..PAIRS).map(|_| Self::drawn(&mut dice)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn word(trouble: Trouble) -> String {
        format!("{trouble:?}").split('(').next().unwrap().to_owned()
    }

    #[test]
    fn a_seed_determines_its_faults() {
        for seed in 1..100 {
            assert_eq!(Pair::of(seed), Pair::of(seed));
            assert_ne!(Pair::of(seed), Pair::of(seed + 1));
        }
    }

    #[test]
    fn pairs_cover_every_combination_of_two_different_faults() {
        let pairs: Vec<Pair> = (1..1_000).flat_map(Pair::of).collect();
        let mut met = BTreeSet::new();
        for Pair { begin, end, .. } in pairs {
            assert_ne!(begin[0].thing(), begin[1].thing());
            assert!(end == begin || end == [begin[1], begin[0]], "{begin:?} {end:?}");
            let is_startable = !end[0].is_of_a_life() || !end[1].is_of_the_database();
            assert!(
                !begin[0].is_at_once() || begin[1].is_at_once(),
                "not at the same time: {begin:?}"
            );
            assert!(is_startable, "a node is started without its database: {end:?}");
            met.insert(begin.map(word));
        }
        let kinds: BTreeSet<&String> = met.iter().flatten().collect();
        assert_eq!(kinds.len(), 14, "{kinds:?}");
        for one in &kinds {
            let with = met.iter().filter(|pair| pair.contains(one)).count();
            assert!(with >= 10, "{one} was combined with {with} others only");
        }
    }
}
