//! An attacker on the bus's channel: replays messages late, out of order and truncated, and
//! publishes anything else (I-30).

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ::redis::{
    AsyncConnectionConfig, Client, IntoConnectionInfo, ProtocolVersion, PushInfo, PushKind,
    RedisError, RedisResult, Value, aio::MultiplexedConnection,
};
use bus::redis::CHANNEL;
use tokio::{sync::mpsc, task::JoinHandle, time::sleep};

use crate::dice::Dice;

/// Time before an attacker disconnected by Redis returns.
const AGAIN: Duration = Duration::from_millis(50);
/// Messages held back to be replayed late.
const LATE_MAX: usize = 4;
/// Messages remembered to be replayed.
const OLD_MAX: usize = 500;
/// Maximum size of a random message; one in a hundred is as long as [`LONG`].
const NOTHING_MAX: u64 = 300;
/// Size of an oversized message.
const LONG: usize = 200_000;

/// The attacker. It ends when it is dropped.
#[derive(Debug)]
pub struct Liar {
    told: Arc<AtomicU64>,
    lying: JoinHandle<()>,
}

/// The attacker's state.
struct Tongue {
    dice: Dice,
    told: Arc<AtomicU64>,
    old: VecDeque<Vec<u8>>,
    late: Vec<Vec<u8>>,
    /// Its own messages not yet received back: they are not replayed again.
    own: HashMap<Vec<u8>, u32>,
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.lying.abort();
    }
}

impl Liar {
    /// Attacks this address from here on, whatever happens to the Redis there.
    pub fn at(url: &str, dice: Dice) -> Self {
        let told = Arc::<AtomicU64>::default();
        let info = url.into_connection_info().unwrap();
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let client = Client::open(info.set_redis_settings(settings)).unwrap();
        let (old, late, own) = (VecDeque::new(), Vec::new(), HashMap::new());
        let mut tongue = Tongue { dice, told: Arc::clone(&told), old, late, own };
        let lying = tokio::spawn(async move {
            loop {
                drop(tongue.lies(&client).await);
                sleep(AGAIN).await;
            }
        });
        Self { told, lying }
    }

    /// Returns the number of messages it published.
    pub fn told(&self) -> u64 {
        self.told.load(Ordering::SeqCst)
    }
}

impl Tongue {
    /// Attacks until Redis goes away.
    async fn lies(&mut self, client: &Client) -> Result<(), RedisError> {
        let (pushed, mut pushes) = mpsc::unbounded_channel();
        let config = AsyncConnectionConfig::new().set_push_sender(move |push: PushInfo| {
            let is_end = push.kind == PushKind::Disconnection;
            let bytes = match push.data.into_iter().nth(1) {
                Some(Value::BulkString(bytes)) if push.kind == PushKind::Message => Some(bytes),
                _ => None,
            };
            if is_end || bytes.is_some() {
                drop(pushed.send(bytes));
            }
            Ok::<_, Infallible>(())
        });
        let mut link = client.get_multiplexed_async_connection_with_config(&config).await?;
        link.subscribe(CHANNEL).await?;
        self.own.clear();
        while let Some(Some(heard)) = pushes.recv().await {
            if !self.is_own(&heard) {
                self.hears(heard, &mut link).await?;
            }
        }
        Ok(())
    }

    fn is_own(&mut self, heard: &[u8]) -> bool {
        let Some(left) = self.own.get_mut(heard) else { return false };
        *left -= 1;
        if *left == 0 {
            self.own.remove(heard);
        }
        true
    }

    /// Publishes something derived from a message, or nothing.
    async fn hears(&mut self, heard: Vec<u8>, link: &mut MultiplexedConnection) -> RedisResult<()> {
        if self.old.len() == OLD_MAX {
            self.old.pop_front();
        }
        self.old.push_back(heard.clone());
        match self.dice.below(8) {
            0 => self.tell(heard, link).await,
            1 => {
                self.late.push(heard);
                let is_due = self.late.len() == LATE_MAX;
                while is_due && !self.late.is_empty() {
                    let at = usize::try_from(self.dice.below(self.late.len() as u64)).unwrap();
                    let late = self.late.swap_remove(at);
                    self.tell(late, link).await?;
                }
                Ok(())
            }
            2 | 3 => {
                let mut torn = heard;
                let bit = usize::try_from(self.dice.below(8 * torn.len() as u64)).unwrap();
                if let Some(byte) = torn.get_mut(bit / 8) {
                    *byte ^= 1 << (bit % 8);
                }
                self.tell(torn, link).await
            }
            4 => {
                let length = usize::try_from(self.dice.below(NOTHING_MAX)).unwrap();
                let length = if self.dice.once_in(100) { LONG } else { length };
                let nothing = (0..length).map(|_| self.dice.number().to_be_bytes()[0]).collect();
                self.tell(nothing, link).await
            }
            5 => {
                let at = usize::try_from(self.dice.below(self.old.len() as u64)).unwrap();
                let old = self.old[at].clone();
                self.tell(old, link).await
            }
            _ => Ok(()),
        }
    }

    async fn tell(&mut self, bytes: Vec<u8>, link: &mut MultiplexedConnection) -> RedisResult<()> {
        *self.own.entry(bytes.clone()).or_default() += 1;
        let mut publish = ::redis::cmd("PUBLISH");
        publish.arg(CHANNEL).arg(bytes).query_async::<()>(link).await?;
        self.told.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}
