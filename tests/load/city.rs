//! Several nodes over one `PostgreSQL` and one Redis, all of them processes of this program's own.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use proof::{
    postgres,
    redis::{self, KEY},
};
use tokio::{task::JoinHandle, time::sleep};

use crate::{
    frame, kernel,
    process::{self, Server, Settings},
    wire::{Wire, source},
};

/// How long nodes may take to hear each other again.
const HEAR: Duration = Duration::from_secs(30);
/// How long Redis is there, and is not, in turns.
const TURN: Duration = Duration::from_secs(1);

/// The nodes, and what they stand on.
pub struct City {
    /// The nodes, each with the address of its figures.
    pub nodes: Vec<Server>,
    figures: Vec<SocketAddr>,
    postgres: Option<postgres::Server>,
    redis: Option<Arc<Mutex<redis::Server>>>,
}

/// What is the matter with Redis while something is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Nothing.
    Well,
    /// It was killed.
    Dead,
    /// It is killed and started again, for a second each.
    Killed,
    /// It is stopped and let go on, for a second each: its connections stay.
    Hung,
}

impl Weather {
    /// Returns words for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Dead => "dead",
            Self::Killed => "killed and started, a second each",
            Self::Hung => "stopped and let go on, a second each",
        }
    }
}

/// Weather that has been made, until it is ended.
pub struct Spell {
    is_over: Arc<AtomicBool>,
    making: Option<JoinHandle<()>>,
}

impl Drop for Spell {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
    }
}

/// Processor time in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Used {
    /// That of all nodes together.
    pub nodes: f64,
    /// That of `PostgreSQL`.
    pub postgres: f64,
    /// That of Redis, since it was started last.
    pub redis: f64,
}

impl Used {
    /// Returns what was used since.
    pub fn since(self, before: Self) -> Self {
        Self {
            nodes: self.nodes - before.nodes,
            postgres: self.postgres - before.postgres,
            redis: self.redis - before.redis,
        }
    }
}

/// Returns what to install first; nothing when all of it is there.
pub fn missing() -> Option<String> {
    let is_there = kernel::has_postgresql() && kernel::has_program("redis-server");
    (!is_there).then(|| {
        "several nodes need PostgreSQL and Redis: apt-get install postgresql redis-server"
            .to_owned()
    })
}

impl City {
    /// Starts so many nodes, and waits until they hear each other.
    pub async fn with(nodes: usize) -> Self {
        let (postgres, redis) = (postgres::Server::start(), redis::Server::start());
        let url = redis.url();
        let database = postgres.database().await;
        let (postgres, redis) = (Some(postgres), Some(Arc::new(Mutex::new(redis))));
        let mut city = Self { nodes: Vec::new(), figures: Vec::new(), postgres, redis };
        for _ in 0..nodes {
            let figures = SocketAddr::from(([127, 0, 0, 1], postgres::free_port()));
            let settings: Settings = vec![
                ("MUSTER_DATABASE", database.clone()),
                ("MUSTER_REDIS", url.clone()),
                ("MUSTER_BUS_KEY", KEY.to_owned()),
                ("MUSTER_METRICS", figures.to_string()),
            ];
            city.nodes.push(process::muster_with(settings));
            city.figures.push(figures);
        }
        city.hear().await;
        city
    }

    /// Starts a node that has its rooms in a file and hears nobody.
    pub fn alone() -> Self {
        let nodes = vec![process::muster()];
        Self { nodes, figures: Vec::new(), postgres: None, redis: None }
    }

    /// Kills every node and starts it again where it was.
    pub async fn again(&mut self) {
        self.nodes = std::mem::take(&mut self.nodes).into_iter().map(Server::again).collect();
        self.hear().await;
    }

    /// Returns what was used so far.
    pub fn used(&self) -> Used {
        let redis = self.redis.as_ref().and_then(|redis| lock(redis).pid());
        Used {
            nodes: self.cpu_s(),
            postgres: self.postgres.as_ref().map_or(0.0, |server| kernel::cpu_s(server.pid())),
            redis: redis.map_or(0.0, kernel::cpu_s),
        }
    }

    /// Returns the processor time of all nodes, in seconds.
    pub fn cpu_s(&self) -> f64 {
        self.nodes.iter().map(Server::cpu_s).sum()
    }

    /// Returns the resident memory of all nodes, in KiB.
    pub fn resident_kib(&self) -> f64 {
        self.nodes.iter().map(Server::resident_kib).sum()
    }

    /// Returns a figure of all nodes, added up.
    pub async fn figure(&self, name: &str) -> u64 {
        let mut sum = 0;
        for addr in &self.figures {
            let mut wire = Wire::to(*addr, source(0)).await.expect("a node's figures");
            let page = wire.ask("GET", "/metrics", "", b"").await.expect("a node's figures");
            let name = format!("\n{name} ");
            sum += frame::number(&page.body, name.as_bytes()).expect("a figure of that name");
        }
        sum
    }

    /// Waits until all nodes hear each other.
    async fn hear(&self) {
        let wanted = self.figures.len() as u64;
        let begun = Instant::now();
        while self.figure("muster_doorbell_hearing").await != wanted {
            assert!(begun.elapsed() < HEAR, "the nodes never heard each other");
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Makes weather.
    pub fn make(&self, weather: Weather) -> Spell {
        let is_over = Arc::new(AtomicBool::new(false));
        let redis = Arc::clone(self.redis.as_ref().expect("a city has Redis"));
        let over = Arc::clone(&is_over);
        let making = tokio::task::spawn_blocking(move || {
            while !over.load(Ordering::Acquire) {
                match weather {
                    Weather::Well => return,
                    Weather::Dead | Weather::Killed => lock(&redis).kill(),
                    Weather::Hung => lock(&redis).pause(),
                }
                std::thread::sleep(TURN);
                while weather == Weather::Dead && !over.load(Ordering::Acquire) {
                    std::thread::sleep(Duration::from_millis(10));
                }
                match weather {
                    Weather::Well => {}
                    Weather::Dead | Weather::Killed => lock(&redis).again(),
                    Weather::Hung => lock(&redis).go_on(),
                }
                if !over.load(Ordering::Acquire) {
                    std::thread::sleep(TURN);
                }
            }
        });
        Spell { is_over, making: Some(making) }
    }
}

impl Spell {
    /// Ends it, and waits until all nodes of the city hear each other again.
    pub async fn end(mut self, city: &City) {
        self.is_over.store(true, Ordering::Release);
        if let Some(making) = self.making.take() {
            making.await.expect("Redis is there again");
        }
        city.hear().await;
    }
}

fn lock(redis: &Mutex<redis::Server>) -> MutexGuard<'_, redis::Server> {
    redis.lock().expect("nobody panics with it")
}
