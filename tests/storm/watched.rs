//! The reports of a witness while two nodes write one room at once: complete, and without
//! duplicates.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use bus::Bus;
use hub::{Author, Delivery, Hub, Leg, Sighting, Witness};
use journal::{Journal, Memory};
use proof::{cast, clock::HandClock, soon};
use proto::{
    command::Command,
    id::{CommandId, RoomId, Seq},
    incident,
    member::Actor,
    outcome::Fate,
};
use tokio::task::JoinSet;
use uuid::Uuid;

const ROOM: RoomId = RoomId(Uuid::from_u128(5));
const IMPORTER: Author = Author { actor: Actor::Importer, ceiling: None, device: None };
/// Commands sent to each node at once.
const COMMANDS: usize = 40;

/// A witness that records everything.
#[derive(Debug, Default)]
struct Notes(Mutex<Vec<Sighting>>);

impl Witness for Notes {
    fn watches(&self, _: CommandId) -> bool {
        true
    }

    fn saw(&self, sighting: Sighting) {
        self.0.lock().unwrap().push(sighting);
    }

    fn delivers(&self, delivery: Arc<Delivery>) {
        panic!("a delivery without followers: {delivery:?}");
    }
}

impl Notes {
    /// Returns a command's legs on this node, in order.
    fn of(&self, command: CommandId) -> Vec<Leg> {
        let notes = self.0.lock().unwrap();
        notes.iter().filter(|saw| saw.command == command).map(|saw| saw.leg.clone()).collect()
    }
}

/// Returns two nodes with one room, each with its own witness.
async fn two() -> [(Hub, Arc<Notes>); 2] {
    let (journal, bus) = (Arc::new(Memory::shared()), Bus::local());
    let nodes = [1, 2].map(|seed| {
        let notes = Arc::<Notes>::default();
        let journal = Arc::clone(&journal) as Arc<dyn Journal>;
        let witness = Some(Arc::clone(&notes) as Arc<dyn Witness>);
        (Hub::watched(journal, bus.clone(), Arc::new(HandClock::new(seed)), witness), notes)
    });
    let opens =
        vec![cast::asks(Command::from(incident::Plan::Open { incident: cast::incident() }))];
    let told = nodes[0].0.submit(ROOM, IMPORTER, opens).await.unwrap();
    assert!(matches!(told[0].fate, Fate::Ok { .. }));
    nodes
}

/// Waits until a node has followed the room to an entry.
async fn follows(hub: &Hub, seq: Seq) {
    let followed = async {
        while hub.head(ROOM).await.unwrap().is_none_or(|head| head.seq < seq) {
            tokio::task::yield_now().await;
        }
    };
    soon("the other node's entries", followed).await;
}

#[tokio::test]
async fn each_leg_on_two_writing_nodes_is_reported_once_and_by_the_right_node() {
    let nodes = two().await;
    for (hub, _) in &nodes {
        follows(hub, Seq(1)).await;
    }
    let mut asked = JoinSet::new();
    for n in 0..2 * COMMANDS {
        let (hub, command) = (nodes[n % 2].0.clone(), cast::asks(cast::register(n)));
        asked.spawn(async move {
            let id = command.id;
            let mut told = hub.submit(ROOM, IMPORTER, vec![command]).await.unwrap();
            (n % 2, id, told.remove(0).fate)
        });
    }
    let told = soon("every answer", asked.join_all()).await;
    let last = Seq(1 + u64::try_from(told.len()).unwrap());
    for (hub, _) in &nodes {
        follows(hub, last).await;
    }
    let mut late = 0;
    for (node, id, fate) in told {
        let Fate::Ok { seq } = fate else { panic!("{fate:?}") };
        let (here, there) = (nodes[node].1.of(id), nodes[1 - node].1.of(id));
        assert!(matches!(there[..], [Leg::Heard { seq: heard, .. }] if heard == seq), "{there:?}");
        late += tried(&here, seq);
    }
    assert!(late > 0, "no node ever lost a race, so the test proves nothing");
}

/// Checks the legs of a command that became this entry; returns how many attempts were late.
fn tried(legs: &[Leg], entry: Seq) -> u32 {
    let [Leg::Waited, tries @ .., Leg::Told { seq }, Leg::Answered(answered)] = legs else {
        panic!("{legs:?}");
    };
    assert_eq!(*seq, entry);
    assert!(answered.is_first && &*answered.kind == "register_service_user", "{answered:?}");
    let mut late = 0;
    for try_at in tries.chunks(3) {
        let [Leg::Recalled, Leg::Decided, Leg::Committed { tried, result, .. }] = try_at else {
            panic!("{tries:?}");
        };
        assert_eq!(*tried, late + 1, "{tries:?}");
        assert!(["late", "done"].contains(result), "{tries:?}");
        late += u32::from(*result == "late");
    }
    assert_eq!(usize::try_from(late + 1).unwrap(), tries.len() / 3, "the last one is done");
    late
}

/// I-7, I-9: a repeated answer starts no second trace.
#[tokio::test]
async fn a_repeated_command_is_not_reported_as_the_first() {
    let [(hub, notes), _] = two().await;
    let taken = cast::asks(cast::register(0));
    let refused = cast::edits(77, 1, cast::bedroom("9"));
    let mut counts = BTreeMap::new();
    for _ in 0..3 {
        for command in [&taken, &refused] {
            hub.submit(ROOM, IMPORTER, vec![command.clone()]).await.unwrap();
        }
    }
    for command in [&taken, &refused] {
        for leg in notes.of(command.id) {
            let Leg::Answered(answered) = leg else { continue };
            let word = answered.became.unwrap().word();
            *counts.entry((word, answered.is_first)).or_insert(0) += 1;
        }
    }
    let expected = [
        (("done", true), 1),
        (("refused", false), 2),
        (("refused", true), 1),
        (("repeated", false), 2),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}
