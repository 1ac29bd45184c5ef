//! A node within the test's own process.

use std::{num::NonZeroUsize, sync::Arc};

use journal::{Journal, Registry};
use node::{
    client::Client,
    config::{Config, PublicUrl},
    wiring::{self, Doorbell, Memory, Running, Setup},
};
use proto::{
    id::RoomId,
    role::{Audience, Role},
};

use crate::{
    clock::HandClock,
    device::{Device, Door},
    web::Web,
};

/// A node, its clock, and its entrance.
#[derive(Debug)]
pub struct Host {
    pub running: Running,
    pub clock: Arc<HandClock>,
    pub door: Door,
    folder: Option<tempfile::TempDir>,
}

impl Host {
    /// Starts a node with its database in a fresh folder.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::on(folder, Arc::new(HandClock::new(1)), Config::loopback(0)).await
    }

    /// Starts a node behind a trusted proxy.
    pub async fn proxied(url: &str) -> Self {
        let public_url = Some(PublicUrl::parse(url).unwrap());
        let config = Config { public_url, ..Config::loopback(0) };
        Self::on(tempfile::tempdir().unwrap(), Arc::new(HandClock::new(1)), config).await
    }

    /// Starts a node with its metrics enabled.
    pub async fn watched() -> Self {
        let config = Config { metrics: "127.0.0.1:0".parse().ok(), ..Config::loopback(0) };
        Self::on(tempfile::tempdir().unwrap(), Arc::new(HandClock::new(1)), config).await
    }

    async fn on(folder: tempfile::TempDir, clock: Arc<HandClock>, config: Config) -> Self {
        let memory = Memory::Folder(folder.path().to_owned());
        Self { folder: Some(folder), ..Self::with(memory, clock, config).await }
    }

    /// Starts a node on a store that the test controls.
    pub async fn given(journal: Arc<dyn Journal>, registry: Arc<dyn Registry>) -> Self {
        let memory = Memory::Given { journal, registry };
        Self::with(memory, Arc::new(HandClock::new(1)), Config::loopback(0)).await
    }

    /// Starts a node with its store in memory. Without a store thread, its time can be paused.
    pub async fn forgetful() -> Self {
        let store = Arc::new(journal::Memory::default());
        Self::given(Arc::clone(&store) as Arc<dyn Journal>, store).await
    }

    /// Starts a node in memory that sends so many bytes a second to returning screens.
    pub async fn slow(catch_up_bytes_per_s: NonZeroUsize) -> Self {
        let store = Arc::new(journal::Memory::default());
        let memory =
            Memory::Given { journal: Arc::clone(&store) as Arc<dyn Journal>, registry: store };
        let config = Config { catch_up_bytes_per_s, ..Config::loopback(0) };
        Self::with(memory, Arc::new(HandClock::new(1)), config).await
    }

    /// Starts one of several nodes on one store, with a shared bus and its own dice.
    pub async fn among(
        journal: Arc<dyn Journal>,
        registry: Arc<dyn Registry>,
        doorbell: Doorbell,
        seed: u64,
    ) -> Self {
        let memory = Memory::Given { journal, registry };
        let clock = Arc::new(HandClock::new(seed));
        Self::rung(memory, clock, Config::loopback(0), doorbell).await
    }

    async fn with(memory: Memory, clock: Arc<HandClock>, config: Config) -> Self {
        Self::rung(memory, clock, config, Doorbell::Local).await
    }

    async fn rung(
        memory: Memory,
        clock: Arc<HandClock>,
        config: Config,
        doorbell: Doorbell,
    ) -> Self {
        let is_proxied = config.public_url.is_some();
        let time = Arc::clone(&clock) as Arc<dyn hub::Clock>;
        let setup = Setup { config, memory, doorbell, clock: time, trusts: Vec::new() };
        let running = wiring::start(setup).await.unwrap();
        let here = format!("http://{}", running.addr());
        let operator = Client::new(&here).operator(&running.operator_token());
        let origin = if is_proxied { running.url().to_owned() } else { here };
        let door = Door { web: Web::new(running.addr()), origin, operator };
        Self { running, clock, door, folder: None }
    }

    /// Restarts the node on the same folder.
    pub async fn again(self) -> Self {
        let (folder, clock) = (self.folder.unwrap(), self.clock);
        self.running.stop().await;
        Self::on(folder, clock, Config::loopback(0)).await
    }

    /// Opens a room with these people and logs its lead in at a desk.
    pub async fn room(&self, people: usize) -> (RoomId, Device) {
        let room = self.door.open_room(people).await;
        let lead = self.door.come_in(room, Audience::Desk, &[Role::Lead]).await;
        (room, lead)
    }
}

impl Device {
    /// Returns this device as it reaches a restarted node.
    #[must_use]
    pub fn moved_to(&self, host: &Host) -> Self {
        let (web, origin) = (host.door.web.clone(), host.door.origin.clone());
        Self { web, origin, ..self.clone() }
    }
}
