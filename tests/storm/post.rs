//! A screen that stays with one node, whatever happens to the network, and reports what it shows.

use proof::{device::Device, screen::Screen, soon};
use proto::{frame::Mode, id::Seq, limit::SILENCE_MS};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Duration, Instant, sleep, timeout},
};

/// Timeout for connecting, before it tries again.
const REACH: Duration = Duration::from_secs(2);
/// Interval between retries.
const AGAIN: Duration = Duration::from_millis(200);

/// The screen.
#[derive(Debug)]
pub struct Post {
    shown: watch::Receiver<Shown>,
    leave: watch::Sender<bool>,
    watching: JoinHandle<Screen>,
}

/// The state of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// The last entry it shows.
    pub seq: Seq,
    /// The room's mode, as reported by the node.
    pub mode: Option<Mode>,
    /// The number of changes of the mode.
    pub turns: u32,
    /// Whether anything was received recently: otherwise the screen shows that it is not live.
    pub is_live: bool,
    /// The number of snapshots fetched.
    pub snapshots: u32,
}

impl Post {
    /// Starts a screen on this device's node.
    pub fn at(device: Device) -> Self {
        let nothing = Shown { seq: Seq(0), mode: None, turns: 0, is_live: false, snapshots: 0 };
        let (tell, shown) = watch::channel(nothing);
        let (leave, left) = watch::channel(false);
        let watching = tokio::spawn(watches(Screen::blank(device), tell, left));
        Self { shown, leave, watching }
    }

    /// Returns what it currently shows.
    pub fn shown(&self) -> Shown {
        *self.shown.borrow()
    }

    /// Waits until its state matches, and returns how long that took.
    pub async fn shows(&self, what: &str, is_so: impl Fn(&Shown) -> bool) -> Duration {
        let (begun, mut shown) = (Instant::now(), self.shown.clone());
        soon(what, shown.wait_for(is_so)).await.expect("it is watching");
        begun.elapsed()
    }

    /// Waits until it shows this entry.
    pub async fn shows_entry(&self, seq: Seq) -> Duration {
        self.shows("an entry", |shown| shown.seq >= seq).await
    }

    /// Waits until the node reports this mode.
    pub async fn shows_mode(&self, mode: Mode) -> Duration {
        self.shows("a change of the mode", |shown| shown.is_live && shown.mode == Some(mode)).await
    }

    /// Stops the screen, and returns everything it saw.
    pub async fn leaves(self) -> Screen {
        self.leave.send_replace(true);
        soon("the screen", self.watching).await.unwrap()
    }
}

/// Follows the room and reconnects after each silence, until stopped.
async fn watches(
    mut screen: Screen,
    tell: watch::Sender<Shown>,
    mut leave: watch::Receiver<bool>,
) -> Screen {
    let silence = Duration::from_millis(SILENCE_MS);
    loop {
        tokio::select! {
            _ = leave.wait_for(|is| *is) => return screen,
            is_live = goes_on(&mut screen, silence) => tells(&tell, &screen, is_live),
        }
    }
}

/// Processes the next message, or reconnects; returns whether anything was received. Cancelling is
/// safe: a received message is processed without waiting, except for a snapshot.
async fn goes_on(screen: &mut Screen, silence: Duration) -> bool {
    if !screen.is_connected() {
        if !matches!(timeout(REACH, screen.come()).await, Ok(Ok(()))) {
            sleep(AGAIN).await;
        }
        return false;
    }
    match timeout(silence, screen.hear()).await {
        // A snapshot may have to be fetched.
        Ok(heard) => matches!(timeout(silence, screen.take_in(heard)).await, Ok(Ok(()))),
        Err(_) => {
            screen.drop_line();
            false
        }
    }
}

fn tells(tell: &watch::Sender<Shown>, screen: &Screen, is_live: bool) {
    tell.send_modify(|shown| {
        let has_turned = shown.mode.is_some() && shown.mode != screen.mode;
        *shown = Shown {
            seq: screen.cursor.seq,
            mode: screen.mode,
            turns: shown.turns + u32::from(has_turned),
            is_live,
            snapshots: screen.snapshots,
        };
    });
}
