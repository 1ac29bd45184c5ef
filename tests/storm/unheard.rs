//! How soon a node that receives no notifications follows by polling the journal (I-23, I-30).

use std::sync::Arc;

use bus::{Bus, Hearing};
use hub::{Author, Follower, Hub, Join};
use journal::{Journal, Memory};
use proof::{cast, clock::HandClock, faulty::Faulty, soon};
use proto::{
    command::Command,
    id::{MemberId, RoomId, Seq},
    incident,
    limit::{COALESCE_MS, LOOK_MS, LOOK_UNWELL_MS},
    member::{self, Actor, Profile},
    outcome::Fate,
    role::{Audience, Ceiling, Role},
};
use tokio::time::{Duration, Instant, sleep};
use uuid::Uuid;

use crate::hub_storm::author;

const ROOM: RoomId = RoomId(Uuid::from_u128(6));
/// The coalescing delay, which adds to the polling interval.
const GATHERED_MS: u64 = COALESCE_MS;

/// Two nodes on one journal, with no bus between them, and a screen on the one that does not write.
struct Scene {
    near: Hub,
    bell: Bus,
    screen: Follower,
    /// The access of the screen's node to the journal.
    way: Arc<Faulty>,
    /// Keeps the screen's node alive.
    _far: Hub,
}

impl Scene {
    async fn open() -> Self {
        let memory = Arc::new(Memory::shared());
        let (way, bell) = (Arc::new(Faulty::new(Arc::clone(&memory))), Bus::local());
        let journal = Arc::clone(&way) as Arc<dyn Journal>;
        let near = Hub::new(memory as Arc<dyn Journal>, Bus::local(), Arc::new(HandClock::new(1)));
        let far = Hub::new(journal, bell.clone(), Arc::new(HandClock::new(2)));
        let importer = Author { actor: Actor::Importer, ceiling: None, device: None };
        let id = author(0).device.expect("a member has one").0;
        let (name, roles) = (cast::name("Ignatius Vavasour"), vec![Role::Lead]);
        let profile = Profile { name, organisation: None, job: None, mobile: None, roles };
        let (member, ceiling) = (MemberId(id), Ceiling::Staff);
        does(&near, importer, Command::from(incident::Plan::Open { incident: cast::incident() }))
            .await;
        does(&near, importer, Command::from(member::Plan::Admit { member, profile, ceiling }))
            .await;
        let at = far.snapshot(ROOM, Audience::Desk, None).await.unwrap().cursor;
        let joined = far.join(ROOM, Audience::Desk, Some(at)).await.unwrap();
        let Join::Following(screen) = joined else { panic!("{joined:?}") };
        Self { near, bell, screen, way, _far: far }
    }

    /// Waits, lets the other node write, and returns how long it took until the screen had it.
    async fn shown_after(&mut self, pause: Duration) -> Duration {
        sleep(pause).await;
        let written = does(&self.near, author(0), cast::line("a word")).await;
        let began = Instant::now();
        let shown = async {
            while self.screen.cursor().seq < written {
                self.screen.changed().await.unwrap();
                self.screen.step().await.unwrap();
            }
        };
        soon("the entry on the screen", shown).await;
        began.elapsed()
    }

    /// Returns the longest delay, over different moments within the node's polling interval.
    async fn longest(&mut self) -> Duration {
        let mut longest = Duration::ZERO;
        for nth in 0..100 {
            let took = self.shown_after(Duration::from_millis(7 * nth)).await;
            longest = longest.max(took);
        }
        longest
    }
}

async fn does(hub: &Hub, by: Author, command: Command) -> Seq {
    let told = hub.submit(ROOM, by, vec![cast::asks(command)]).await.unwrap();
    let Fate::Ok { seq } = told[0].fate else { panic!("{told:?}") };
    seq
}

/// Asserts that the longest delay is about one polling interval: the screen did wait.
fn is_between_looks(longest: Duration, look_ms: u64) {
    let most = Duration::from_millis(look_ms + GATHERED_MS);
    let least = Duration::from_millis(look_ms * 9 / 10);
    assert!(
        (least..=most).contains(&longest),
        "{longest:?} with a polling interval of {look_ms} ms"
    );
}

/// I-23, I-30: while no bus is received, what another node wrote is on every screen within 200 ms.
#[tokio::test(start_paused = true)]
async fn a_node_without_its_bus_polls_five_times_a_second() {
    let mut scene = Scene::open().await;
    scene.bell.set_hearing(Hearing::Unwell);
    is_between_looks(scene.longest().await, LOOK_UNWELL_MS);
}

/// I-23: a lost notification with nothing after it costs a second at most.
#[tokio::test(start_paused = true)]
async fn a_lost_notification_is_made_up_by_polling_within_a_second() {
    let mut scene = Scene::open().await;
    is_between_looks(scene.longest().await, LOOK_MS);
}

/// I-30: frequent polling starts when the bus falls silent, and ends when it is received again.
#[tokio::test(start_paused = true)]
async fn a_silent_bus_is_noticed_during_the_wait_for_the_next_poll() {
    let mut scene = Scene::open().await;
    for _ in 0..20 {
        let bell = scene.bell.clone();
        // In the middle of a one-second wait.
        let silence = tokio::spawn(async move {
            sleep(Duration::from_millis(LOOK_UNWELL_MS / 2)).await;
            bell.set_hearing(Hearing::Unwell);
        });
        let took = scene.shown_after(Duration::ZERO).await;
        silence.await.unwrap();
        let most = Duration::from_millis(LOOK_UNWELL_MS * 3 / 2 + GATHERED_MS);
        assert!(took <= most, "{took:?} although the bus is silent");
        scene.bell.set_hearing(Hearing::Well);
        scene.shown_after(Duration::ZERO).await;
    }
    is_between_looks(scene.longest().await, LOOK_MS);
}

/// I-23: a node that sees that a room advanced, and fails to read it, reads it at the next poll
/// although nobody writes again. Found by the storm of several nodes.
#[tokio::test(start_paused = true)]
async fn a_failed_read_is_repeated_at_the_next_poll() {
    let mut scene = Scene::open().await;
    scene.shown_after(Duration::ZERO).await;
    for failures in 1..4 {
        // The heads can be read; then the room cannot, this many times.
        scene.way.doubts((0..failures).flat_map(|_| [false, true]));
        let took = scene.shown_after(Duration::ZERO).await;
        let most = Duration::from_millis((failures + 1) * LOOK_MS + GATHERED_MS);
        assert!(took <= most, "{took:?} although {failures} reads failed");
    }
}
