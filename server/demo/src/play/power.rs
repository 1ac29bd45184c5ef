//! The node on which the day is played, and its power cut: it loses power once, and comes back.

use std::{path::PathBuf, sync::Arc, time::Duration};

use hub::Clock as _;
use node::{
    client::Client,
    clock::{Pace, StoryClock},
    config::Config,
    stop::Ending,
    wiring::{Doorbell, Memory, Running, Setup, StartError, start},
};
use proto::id::{Seq, Time};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{Mutex, MutexGuard, watch},
    time::Instant,
};

use super::{Day, PlayError, deed::Deed, story::Turn};

/// How long the power stays off while somebody watches: long enough to see how the screens react.
const DARK: Duration = Duration::from_secs(6);
/// The time for a runtime to drop everything that ran in it.
const GONE: Duration = Duration::from_secs(5);

/// A node whose power can be cut.
///
/// It runs on a runtime of its own that is dropped between two steps of any task: nothing is notified,
/// nothing is finished, and only what is on disk survives.
#[derive(Debug)]
pub struct House {
    setup: Layout,
    node: Mutex<Option<Powered>>,
    /// The number of power cuts.
    cuts: watch::Sender<u32>,
}

/// The settings that the node is started with, each time.
#[derive(Debug)]
struct Layout {
    config: Config,
    folder: PathBuf,
    clock: Arc<StoryClock>,
}

/// A node with power.
#[derive(Debug)]
struct Powered {
    running: Running,
    runtime: Runtime,
}

/// The result of a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PowerCut {
    /// When, by the day's clock.
    pub at: Time,
    /// The real time until a command was answered again and every screen was back.
    pub took: Duration,
    /// The last entry acknowledged before.
    pub before: Seq,
    /// The first entry acknowledged after.
    pub after: Seq,
}

impl House {
    /// Starts the node.
    pub async fn open(
        config: Config,
        folder: PathBuf,
        clock: Arc<StoryClock>,
    ) -> Result<Self, StartError> {
        let mut setup = Layout { config, folder, clock };
        let node = setup.power().await?;
        // Reuse the address, so that the screens can reconnect.
        setup.config.listen = node.running.addr();
        Ok(Self { setup, node: Mutex::new(Some(node)), cuts: watch::Sender::new(0) })
    }

    /// Returns the running node; an error if it did not restart.
    pub async fn node(&self) -> Result<impl std::ops::Deref<Target = Running>, PlayError> {
        let node = MutexGuard::try_map(self.node.lock().await, |node| {
            node.as_mut().map(|powered| &mut powered.running)
        });
        node.map_err(|_| PlayError::Power("it did not start again".to_owned()))
    }

    /// Returns the day's clock.
    pub(super) fn clock(&self) -> Arc<StoryClock> {
        Arc::clone(&self.setup.clock)
    }

    /// Cuts the power, and restores it after a while.
    async fn fail(&self, dark: Duration) -> Result<(), PlayError> {
        let mut node = self.node.lock().await;
        self.cuts.send_modify(|cuts| *cuts += 1);
        if let Some(Powered { running, runtime }) = node.take() {
            let gone = tokio::task::spawn_blocking(move || runtime.shutdown_timeout(GONE)).await;
            gone.map_err(|error| PlayError::Power(error.to_string()))?;
            running.lost().await;
        }
        tokio::time::sleep(dark).await;
        let back = self.setup.power().await.map_err(|error| PlayError::Power(error.to_string()))?;
        *node = Some(back);
        Ok(())
    }

    /// Waits until the node ends by itself; a power cut does not count.
    pub async fn ended(&self) -> Ending {
        let mut cuts = self.cuts.subscribe();
        loop {
            let Ok(ended) = self.node().await.map(|node| node.ended()) else {
                return std::future::pending().await;
            };
            tokio::select! {
                biased;
                _ = cuts.changed() => {}
                ending = ended => return ending,
            }
        }
    }

    /// Stops the node gracefully.
    pub async fn stop(&self) {
        if let Some(Powered { running, runtime }) = self.node.lock().await.take() {
            running.stop().await;
            runtime.shutdown_background();
        }
    }
}

impl Drop for House {
    /// Dropping a runtime waits for its tasks, which an async caller must not do.
    fn drop(&mut self) {
        if let Some(Powered { runtime, .. }) = self.node.get_mut().take() {
            runtime.shutdown_background();
        }
    }
}

impl Layout {
    async fn power(&self) -> Result<Powered, StartError> {
        let setup = Setup {
            config: self.config.clone(),
            memory: Memory::Folder(self.folder.clone()),
            doorbell: Doorbell::Local,
            clock: Arc::<StoryClock>::clone(&self.clock),
            trusts: Vec::new(),
        };
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.map_err(StartError::Runtime)?;
        let started = runtime.spawn(start(setup)).await;
        match started.map_err(|error| StartError::Runtime(error.into())).flatten() {
            Ok(running) => Ok(Powered { running, runtime }),
            Err(error) => {
                runtime.shutdown_background();
                Err(error)
            }
        }
    }
}

/// Returns whether the node's power fails in this turn (T25).
pub(super) fn fails(turn: &Turn) -> bool {
    turn.step == "T25" && turn.words().starts_with("power of the server lost")
}

impl Day<'_> {
    /// Cuts the power while somebody taps, and checks the restored state against what was acknowledged: the
    /// entry number goes on (I-1), the tap is there once (I-7), and every screen is live again.
    pub(super) async fn lose_power(&mut self) -> Result<(), PlayError> {
        let watched = self.how.until.is_none() && self.how.pace != Pace::AtOnce;
        let dark = if watched { DARK } else { Duration::ZERO };
        let (at, before) = (self.clock.now(), self.prompter.head);
        if watched {
            self.say(format!("{}  The power of the server fails", super::clock(at)));
        }
        let lines: Vec<_> =
            self.screens.iter().map(|(face, screen)| (*face, screen.held().lines)).collect();
        let who = self.heard.keys().next().cloned();
        let who = who.ok_or_else(|| PlayError::Story("nobody is at the home".to_owned()))?;
        let tap = Deed {
            by: self.prompter.hand(&who).to_owned(),
            asked: vec![self.prompter.check_in(&who)?],
        };
        let began = Instant::now();
        let house = self.house;
        let (failed, tapped) = tokio::join!(house.fail(dark), self.send(tap));
        failed?;
        tapped?;
        let token = house.node().await?.operator_token();
        self.door.operator = Client::new(&self.door.url).operator(&token);
        let after = self.prompter.head;
        for (face, lines) in lines {
            let screen = self.screen(face)?;
            screen.until("the room again", |held| held.lines > lines).await?;
            screen.reach(after).await?;
        }
        let took = began.elapsed();
        self.report.cuts.push(PowerCut { at, took, before, after });
        self.say(format!(
            "{}  The server was without power; {:.1} s later every screen was live again at entry {after}",
            super::clock(at),
            took.as_secs_f64()
        ));
        Ok(())
    }
}
