//! A clock that was wrong, and a room written all the same.

use std::sync::Arc;

use bus::Bus;
use hub::{Author, Hub};
use journal::{Journal, Memory};
use proof::{cast, clock::HandClock, fold};
use proto::{
    alarm::{self, Timer},
    command::Command,
    entry::Entry,
    id::{MemberId, Time},
    incident,
    member::{self, Profile},
    nouns::Event,
    outcome::Fate,
    role::{Ceiling, Role},
    site,
};
use tokio::time::{Duration, Instant, sleep};

use crate::hub_storm::{ROOM, author};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const MINUTE: Duration = Duration::from_mins(1);

/// A room, its node's clock, and its journal.
struct Scene {
    hub: Hub,
    clock: Arc<HandClock>,
    memory: Arc<Memory>,
}

impl Scene {
    /// Opens a room with one member, on a clock with this error.
    async fn open(off_ms: i64) -> Self {
        let clock = Arc::new(HandClock::following(1, Instant::now(), off_ms));
        let memory = Arc::new(Memory::default());
        let journal = Arc::clone(&memory) as Arc<dyn Journal>;
        let hub = Hub::new(journal, Bus::local(), Arc::clone(&clock) as Arc<dyn hub::Clock>);
        let scene = Self { hub, clock, memory };
        let MemberOf(member, profile) = lead();
        let importer =
            Author { actor: proto::member::Actor::Importer, ceiling: None, device: None };
        for command in [
            Command::from(incident::Plan::Open { incident: cast::incident() }),
            Command::from(site::Plan::Open { site: cast::site() }),
            Command::from(member::Plan::Admit { member, profile, ceiling: Ceiling::Staff }),
        ] {
            scene.does(importer, command).await;
        }
        scene
    }

    async fn does(&self, by: Author, command: Command) {
        let fates = self.hub.submit(ROOM, by, vec![cast::asks(command)]).await.unwrap();
        assert!(matches!(fates[0].fate, Fate::Ok { .. }), "{fates:?}");
    }

    async fn entries(&self) -> Vec<Entry> {
        let stored = fold::entries(&*self.memory, ROOM).await;
        stored.iter().map(|stored| Entry::from_bytes(&stored.body).unwrap()).collect()
    }

    /// Returns when the alarms about missed check-ins were raised.
    async fn overdue(&self) -> Vec<Time> {
        let raised = |entry: &Entry| {
            entry.events.iter().any(|event| {
                let Event::Alarm(alarm::Event::Raised { timer }) = event else { return false };
                matches!(timer, Timer::CheckInOverdue { .. })
            })
        };
        let entries = self.entries().await;
        entries.iter().filter(|entry| raised(entry)).map(|entry| entry.at).collect()
    }

    async fn never_went_back(&self) {
        let entries = self.entries().await;
        assert!(
            entries.is_sorted_by_key(|entry| entry.at),
            "an entry is earlier than the one before it"
        );
    }
}

struct MemberOf(MemberId, Profile);

fn lead() -> MemberOf {
    let Some(device) = author(0).device else { panic!("it has one") };
    let (name, roles) = (cast::name("Ignatius Vavasour"), vec![Role::Lead]);
    let profile = Profile { name, organisation: None, job: None, mobile: None, roles };
    MemberOf(MemberId(device.0), profile)
}

/// I-31: an alarm for a lone worker is raised an hour and five minutes after their last sign of
/// life, although the clock was a day ahead at that time, or before, and has been corrected since.
#[tokio::test(start_paused = true)]
async fn a_missed_check_in_alarms_on_time_after_a_clock_error_is_corrected() {
    for signs_on_first in [true, false] {
        let scene = Scene::open(DAY_MS).await;
        let until = scene.clock.now().plus_ms(DAY_MS);
        if signs_on_first {
            scene.does(author(0), cast::signs_on(until)).await;
            scene.clock.forward_ms(-DAY_MS);
        } else {
            scene.clock.forward_ms(-DAY_MS);
            scene.does(author(0), cast::signs_on(until)).await;
        }
        sleep(64 * MINUTE).await;
        assert_eq!(scene.overdue().await, [], "too early");
        sleep(2 * MINUTE).await;
        assert_eq!(scene.overdue().await.len(), 1, "too late, signed on first: {signs_on_first}");
        sleep(60 * MINUTE).await;
        assert_eq!(scene.overdue().await.len(), 1, "more than once");
        scene.does(author(0), cast::line("still here")).await;
        scene.never_went_back().await;
    }
}

/// I-31: a clock that is set forward raises what is due by it once, and not again when it is set
/// back.
#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_to_and_fro_raises_an_alarm_once() {
    let scene = Scene::open(0).await;
    let until = scene.clock.now().plus_ms(3 * DAY_MS);
    scene.does(author(0), cast::signs_on(until)).await;
    for jump_ms in [DAY_MS, -DAY_MS, -DAY_MS, DAY_MS] {
        scene.clock.forward_ms(jump_ms);
        sleep(2 * MINUTE).await;
        scene.does(author(0), cast::line("at work")).await;
    }
    assert_eq!(scene.overdue().await.len(), 1);
    scene.never_went_back().await;
}
