//! A storm on several nodes with one PostgreSQL and one Redis: each connection goes to any node,
//! and everything is killed, stopped, paused, emptied, cut and given a wrong clock while people
//! work.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, atomic::Ordering},
};

use journal::{
    Journal, Postgres,
    postgres::{Address, Asked},
};
use proof::{
    balancer::Balancer,
    bellrope::Bellrope,
    cast, child,
    device::Door,
    dice::Dice,
    lan::{Lan, Machine},
    liar::Liar,
    nodes::Nodes,
    postgres, redis,
    screen::Screen,
    shim::Dial,
    soon,
    web::Web,
};
use proto::id::RoomId;
use tokio::time::{Duration, sleep};

use crate::{
    deeds::PEOPLE,
    node_storm::{Sky, begin, everybody, hold_against, hold_told_against, says_nothing},
    trouble::{Pair, Spell},
};

/// The number of nodes.
pub const NODES: usize = 3;
/// Faults in one storm.
const TROUBLES: usize = 6;
/// The metrics port of a node on its own machine.
const FIGURES: u16 = 9464;

/// Everything a storm runs on.
pub struct City {
    pub nodes: Nodes,
    pub ground: Ground,
    pub balancer: Balancer,
    pub postgres: postgres::Server,
    pub redis: redis::Server,
    /// Each node's proxy to Redis, where there is one.
    pub ropes: Vec<Bellrope>,
    /// The attacker on the channel, once there is one.
    liar: Option<Liar>,
    /// A node without rooms, which receives what the others receive and counts what it drops.
    listener: bus::Bus,
    database: String,
    /// How far ahead each node's clock is.
    pub clocks: Vec<Dial>,
    _folder: tempfile::TempDir,
}

/// Where the parts of a city run.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The first is the machine of the people and the judge.
    pub nodes: Vec<Machine>,
    pub database: Machine,
    pub redis: Machine,
    /// Whether there is a proxy on the way to Redis.
    is_roped: bool,
}

impl Ground {
    /// Returns this machine, for all parts.
    fn here() -> Self {
        let own = Machine::own();
        Self { nodes: vec![own.clone(); NODES], database: own.clone(), redis: own, is_roped: true }
    }

    /// Returns a machine for each part, with this many nodes.
    pub fn apart(lan: &mut Lan, nodes: usize) -> Self {
        let nodes = (0..nodes).map(|nth| if nth == 0 { Lan::here() } else { lan.machine() });
        let nodes = nodes.collect();
        Self { nodes, database: lan.machine(), redis: lan.machine(), is_roped: false }
    }

    /// Adds a proxy on the way to Redis.
    pub fn roped(self) -> Self {
        Self { is_roped: true, ..self }
    }

    fn is_apart(&self) -> bool {
        !self.database.is_here()
    }
}

/// Returns the metrics address of a node on this machine.
fn figures(machine: &Machine) -> SocketAddr {
    SocketAddr::from((machine.addr(), FIGURES))
}

impl City {
    /// Returns the journal behind all nodes.
    pub async fn journal(&self) -> Postgres {
        let (url, may_be_plain) = (self.database.clone(), self.ground.is_apart());
        let asked = Asked { url, may_be_plain, ..Asked::default() };
        Postgres::open(Address::parse(&asked).unwrap()).await.unwrap()
    }

    /// Returns a database connection for the test's own statements.
    pub async fn administrator(&self) -> tokio_postgres::Client {
        self.postgres.client(&self.database).await
    }

    /// Starts everything on this machine, with this program as nodes.
    pub async fn of(program: &Path) -> Self {
        Self::on(Ground::here(), program).await
    }

    /// Starts everything on its machine.
    pub async fn on(ground: Ground, program: &Path) -> Self {
        let postgres = postgres::Server::on(&ground.database);
        let redis = redis::Server::on(&ground.redis);
        let database = postgres.database().await;
        let listener = redis::far_node(&redis, u128::MAX);
        let settings = [
            ("MUSTER_BUS_KEY", redis::KEY.to_owned()),
            ("MUSTER_ALLOW_OPEN_DATABASE", ground.is_apart().to_string()),
            ("MUSTER_ALLOW_OPEN_REDIS", ground.is_apart().to_string()),
        ];
        let folder = tempfile::tempdir().unwrap();
        let clock = |node: usize| Dial::at(&folder.path().join(node.to_string()), 0);
        let clocks: Vec<Dial> = (0..ground.nodes.len()).map(clock).collect();
        let mut nodes = Nodes::at(&ground.nodes, &database, &settings);
        let mut ropes = Vec::new();
        for ((node, clock), machine) in nodes.0.iter_mut().zip(&clocks).zip(&ground.nodes) {
            node.say(clock.as_clock());
            let mut rings_at = redis.url();
            if ground.is_roped {
                let rope = Bellrope::start(ground.nodes[0].addr(), redis.addr()).await;
                rings_at = rope.on_the_way(&rings_at, redis.addr());
                ropes.push(rope);
            }
            node.say([("MUSTER_REDIS", rings_at)]);
            if ground.is_apart() {
                node.say([("MUSTER_METRICS", figures(machine).to_string())]);
            }
            node.becomes(program);
        }
        let nodes = nodes.started().await;
        let balancer = Balancer::before(nodes.addrs()).await;
        Self {
            nodes,
            ground,
            balancer,
            postgres,
            redis,
            ropes,
            liar: None,
            listener,
            database,
            clocks,
            _folder: folder,
        }
    }

    /// Returns a client for the metrics of a node on its own machine.
    pub fn figures(&self, node: usize) -> Web {
        Web::new(figures(&self.ground.nodes[node]))
    }

    /// Makes Redis unreliable from here on: it loses, withholds, duplicates and truncates messages,
    /// and an attacker who can publish on the channel replays and forges more.
    fn lies(&mut self, dice: &mut Dice) {
        self.ropes.iter().for_each(|rope| rope.lies(Dice::new(dice.number())));
        self.liar = Some(Liar::at(&self.redis.url(), Dice::new(dice.number())));
    }

    /// Returns the entrance: through the balancer, and for the operator at the first node.
    fn door(&self) -> Door {
        Door { web: Web::new(self.balancer.addr()), ..self.nodes.door(0) }
    }
}

/// Waits until this much more has happened.
pub async fn some_work(sky: &Sky, more: u64) {
    let at = sky.ledger.ticks() + more;
    while sky.ledger.ticks() < at {
        sleep(Duration::from_millis(2)).await;
    }
}

/// Injects one fault after the other while people work. The work continues after the last fault, so
/// that no restart repairs its effects.
async fn troubles(sky: Arc<Sky>, mut city: City, spells: Vec<Spell>) -> City {
    for Spell { after, trouble, lasts } in spells {
        some_work(&sky, after).await;
        trouble.begins(&mut city).await;
        sleep(Duration::from_millis(lasts)).await;
        trouble.ends(&mut city).await;
        sky.lives.send_modify(|lives| *lives += 1);
    }
    sky.goes_on.store(false, Ordering::SeqCst);
    city
}

/// Injects two faults at once, repeatedly.
async fn pairs(sky: Arc<Sky>, mut city: City, pairs: Vec<Pair>) -> City {
    for Pair { after, begin, end, lasts } in pairs {
        some_work(&sky, after).await;
        for (trouble, lasts) in begin.into_iter().zip(lasts) {
            trouble.begins(&mut city).await;
            sleep(Duration::from_millis(lasts)).await;
        }
        end[0].ends(&mut city).await;
        sky.lives.send_modify(|lives| *lives += 1);
        sleep(Duration::from_millis(lasts[2])).await;
        end[1].ends(&mut city).await;
        sky.lives.send_modify(|lives| *lives += 1);
    }
    sky.goes_on.store(false, Ordering::SeqCst);
    city
}

/// The remains of a storm.
pub struct Left {
    city: City,
    sky: Arc<Sky>,
    screens: Vec<Screen>,
    room: RoomId,
}

/// Runs one storm.
pub async fn blow(seed: u64) -> Left {
    let mut city = City::of(&child::binary()).await;
    let mut dice = Dice::new(seed);
    city.lies(&mut dice);
    let spells: Vec<Spell> = (0..TROUBLES).map(|_| Spell::drawn(&mut dice)).collect();
    println!("{spells:#?}");
    while_people_work(city, dice, |sky, city, _, _| troubles(sky, city, spells), busy()).await
}

/// Runs one storm with pairs of faults, on machines that can be partitioned.
pub async fn blow_by_twos(seed: u64, ground: Ground) -> Left {
    let mut city = City::on(ground, &child::binary()).await;
    let mut dice = Dice::new(seed);
    city.lies(&mut dice);
    let twos = Pair::of(seed);
    println!("{twos:#?}");
    while_people_work(city, dice, |sky, city, _, _| pairs(sky, city, twos), busy()).await
}

/// Returns the shared state of people who work until they are told to stop.
pub fn busy() -> Sky {
    let sky = Sky::default();
    sky.goes_on.store(true, Ordering::SeqCst);
    sky
}

/// Lets people work and watch while something is done to the city.
pub async fn while_people_work<Doing>(
    city: City,
    mut dice: Dice,
    does: impl FnOnce(Arc<Sky>, City, RoomId, Dice) -> Doing,
    sky: Sky,
) -> Left
where
    Doing: Future<Output = City> + Send + 'static,
{
    let door = city.door();
    let room = door.open_room(PEOPLE).await;
    door.sets_up(room, cast::adds_home(1)).await;
    let devices = everybody(&door, room).await;
    let sky = Arc::new(sky);
    let (screens, mut members) = begin(&sky, &devices, &mut dice);
    let (mut doing, mut done) = (tokio::spawn(does(Arc::clone(&sky), city, room, dice)), None);
    loop {
        tokio::select! {
            // When that fails, nobody continues: there may be no node left.
            city = &mut doing, if done.is_none() => done = Some(city.unwrap()),
            member = members.join_next() => match member {
                Some(member) => member.unwrap(),
                None => break,
            },
        }
    }
    sky.is_over.store(true, Ordering::SeqCst);
    let city = match done {
        Some(city) => city,
        None => soon("the end of what is done", doing).await.unwrap(),
    };
    // From the journal: a node that has not yet reconnected to the database knows of less.
    let head = city.journal().await.head(room).await.unwrap().unwrap();
    sky.goal.send_replace(Some(head.seq));
    let screens = soon("every screen", screens.join_all()).await;
    Left { city, sky, screens, room }
}

impl Left {
    /// Adds screens kept elsewhere, once they have caught up with the room.
    pub async fn with(mut self, screens: Vec<Screen>) -> Self {
        let head = self.screens[0].cursor.seq;
        for mut screen in screens {
            screen.reach(head).await;
            self.screens.push(screen);
        }
        self
    }

    /// Checks everything acknowledged and shown against the remaining database; returns how many
    /// commands were acknowledged.
    pub async fn judge(&self) -> usize {
        let store = self.city.journal().await;
        let acked = hold_against(&store, &self.sky, &self.screens, self.room).await;
        let rooms = store.rooms().await.unwrap();
        assert_eq!(rooms, [self.room], "there is one room and no other");
        for node in &self.city.nodes.0 {
            says_nothing(&node.log(), &self.screens);
        }
        acked
    }

    /// Checks that Redis misbehaved, and that nodes received and dropped forged messages.
    pub fn was_lied_to(&self) {
        for (nth, rope) in self.city.ropes.iter().enumerate() {
            assert!(rope.lied() > 0, "every message reached node {nth} as it was sent");
        }
        let lies = self.city.liar.as_ref().expect("there is an attacker").told();
        assert!(lies > 0, "nothing was forged");
        let bus::Dropped { forged, repeated, .. } = self.city.listener.dropped();
        assert!(forged > 0 && repeated > 0, "forged {forged}, repeated {repeated}");
    }

    /// Checks everything acknowledged against the remaining database, whatever was shown.
    pub async fn judge_told(&self) -> usize {
        hold_told_against(&self.city.journal().await, &self.sky, self.room).await
    }

    /// Deletes the last acknowledged entry and all later ones from the database, as a database that
    /// loses acknowledged commits would. The outcomes stay.
    pub async fn forget_the_last_entry(&self) {
        let client = self.city.administrator().await;
        let sql = format!(
            "DELETE FROM entries WHERE seq >= {};
            UPDATE heads SET (seq, chain) =
                (SELECT seq, chain FROM entries ORDER BY seq DESC LIMIT 1)",
            self.sky.ledger.last()
        );
        client.batch_execute(&sql).await.unwrap();
    }
}
