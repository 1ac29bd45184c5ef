//! A storm around several nodes on one PostgreSQL and one Redis: each connection goes to any node, and
//! everything of it is killed, stopped, paused, emptied, cut and shown another day while people work.

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
};

use journal::{
    Journal, Postgres,
    postgres::{Address, Asked},
};
use proof::{
    balancer::Balancer, bellrope::Bellrope, cast, child, device::Door, dice::Dice, liar::Liar,
    nodes::Nodes, postgres, redis, screen::Screen, shim::Dial, soon, web::Web,
};
use proto::id::RoomId;
use tokio::time::{Duration, sleep};

use crate::{
    deeds::PEOPLE,
    node_storm::{Sky, begin, everybody, hold_against, hold_told_against, says_nothing},
};

/// Nodes.
const NODES: usize = 3;
/// Troubles in one storm.
const TROUBLES: u64 = 6;
/// Milliseconds of a day.
const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// Milliseconds at most that something stands still.
const STILL_MS: u64 = 1_500;

/// Everything that a storm goes over.
pub struct City {
    pub nodes: Nodes,
    balancer: Balancer,
    postgres: postgres::Server,
    redis: redis::Server,
    /// The way of each node to Redis.
    ropes: Vec<Bellrope>,
    /// Who lies on the channel, once somebody does.
    liar: Option<Liar>,
    /// A node without rooms, which hears what the others hear and counts what it passes over.
    listener: bus::Bus,
    database: String,
    /// How far ahead each node's clock is.
    clocks: Vec<Dial>,
    _folder: tempfile::TempDir,
}

impl City {
    /// Returns the journal, as it is behind all nodes.
    pub async fn journal(&self) -> Postgres {
        let asked = Asked { url: self.database.clone(), ..Asked::default() };
        Postgres::open(Address::parse(&asked).unwrap()).await.unwrap()
    }

    /// Starts everything; the nodes are this program.
    pub async fn of(program: &Path) -> Self {
        let (postgres, redis) = (postgres::Server::start(), redis::Server::start());
        let database = postgres.database().await;
        let listener = redis::node(&redis.url(), u128::MAX);
        let key = [("MUSTER_BUS_KEY", redis::KEY.to_owned())];
        let folder = tempfile::tempdir().unwrap();
        let clock = |node: usize| Dial::at(&folder.path().join(node.to_string()), 0);
        let clocks: Vec<Dial> = (0..NODES).map(clock).collect();
        let mut nodes = Nodes::on(NODES, &database, &key);
        let mut ropes = Vec::new();
        for (node, clock) in nodes.0.iter_mut().zip(&clocks) {
            node.say(clock.as_clock());
            let rope = Bellrope::start(redis.port()).await;
            node.say([("MUSTER_REDIS", rope.on_the_way(&redis.url(), redis.port()))]);
            ropes.push(rope);
            node.becomes(program);
        }
        let nodes = nodes.started().await;
        let balancer = Balancer::before(nodes.addrs()).await;
        Self {
            nodes,
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

    /// Lets Redis lie from here on: it loses, withholds, doubles and tears rings, and somebody who can publish
    /// on the channel says again what was said, and much that was not.
    fn lies(&mut self, dice: &mut Dice) {
        self.ropes.iter().for_each(|rope| rope.lies(Dice::new(dice.number())));
        self.liar = Some(Liar::at(&self.redis.url(), Dice::new(dice.number())));
    }

    /// Returns the way in: through the balancer, and for the operator at the first node.
    fn door(&self) -> Door {
        Door { web: Web::new(self.balancer.addr()), ..self.nodes.door(0) }
    }

    /// Makes one trouble, and ends it.
    async fn trouble(&mut self, dice: &mut Dice) {
        let still = Duration::from_millis(dice.below(STILL_MS));
        let node = usize::try_from(dice.below(NODES as u64)).unwrap();
        match dice.below(14) {
            0 | 1 => {
                self.nodes.0[node].kill();
                self.nodes.0[node].start().await;
            }
            2 => {
                self.nodes.0[node].ask_to_stop();
                self.nodes.0[node].ended().await;
                self.nodes.0[node].start().await;
            }
            3 => {
                self.nodes.0[node].pause();
                sleep(still).await;
                self.nodes.0[node].resume();
            }
            4 => {
                self.redis.kill();
                sleep(still).await;
                self.redis.again();
            }
            5 => {
                self.redis.pause();
                sleep(still).await;
                self.redis.go_on();
            }
            6 => {
                self.postgres.kill();
                sleep(still).await;
                self.postgres.run();
            }
            7 => {
                self.postgres.pause();
                sleep(still).await;
                self.postgres.resume();
            }
            8 => {
                let off_ms = i64::try_from(dice.below(4 * DAY_MS)).unwrap();
                self.clocks[node].turn(off_ms - 2 * i64::try_from(DAY_MS).unwrap());
            }
            9 => assert_eq!(self.redis.ask(&["FLUSHALL"]).trim(), "OK"),
            10 => self.ropes[node].cut(),
            11 | 12 => {
                self.ropes[node].is_silent(true);
                sleep(still).await;
                self.ropes[node].is_silent(false);
            }
            _ => self.balancer.cut(),
        }
    }
}

/// Makes trouble while people work. They end after it: what they do last is made good by no restart.
async fn troubles(sky: Arc<Sky>, mut city: City, _: RoomId, mut dice: Dice) -> City {
    for _ in 0..TROUBLES {
        let at = sky.ledger.ticks() + 5 + dice.below(40);
        while sky.ledger.ticks() < at {
            sleep(Duration::from_millis(1 + dice.below(4))).await;
        }
        city.trouble(&mut dice).await;
        sky.lives.send_modify(|lives| *lives += 1);
    }
    sky.goes_on.store(false, Ordering::SeqCst);
    city
}

/// What is left when a storm is over.
pub struct Left {
    city: City,
    sky: Arc<Sky>,
    screens: Vec<Screen>,
    room: RoomId,
}

/// Blows one storm.
pub async fn blow(seed: u64) -> Left {
    let mut city = City::of(&child::binary()).await;
    let mut dice = Dice::new(seed);
    city.lies(&mut dice);
    let sky = Sky::default();
    sky.goes_on.store(true, Ordering::SeqCst);
    while_people_work(city, dice, troubles, sky).await
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
    let doing = tokio::spawn(does(Arc::clone(&sky), city, room, dice));
    while let Some(member) = members.join_next().await {
        member.unwrap();
    }
    sky.is_over.store(true, Ordering::SeqCst);
    let city = soon("the end of what is done", doing).await.unwrap();
    // As the journal has it: a node that has not found the database again knows of less.
    let head = city.journal().await.head(room).await.unwrap().unwrap();
    sky.goal.send_replace(Some(head.seq));
    let screens = soon("every screen", screens.join_all()).await;
    Left { city, sky, screens, room }
}

impl Left {
    /// Holds everything that was told and shown against the database that is left; returns how many
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

    /// Holds that Redis lied, and that nodes heard the lies and passed them over.
    pub fn was_lied_to(&self) {
        for (nth, rope) in self.city.ropes.iter().enumerate() {
            assert!(rope.lied() > 0, "every ring came to node {nth} as it was sent");
        }
        let lies = self.city.liar.as_ref().expect("somebody lies").told();
        assert!(lies > 0, "nobody lied");
        let bus::Dropped { forged, repeated, .. } = self.city.listener.dropped();
        assert!(forged > 0 && repeated > 0, "forged {forged}, repeated {repeated}");
    }

    /// Holds everything that was told against the database that is left, whatever was shown.
    pub async fn judge_told(&self) -> usize {
        hold_told_against(&self.city.journal().await, &self.sky, self.room).await
    }

    /// Takes what anybody was told of last out of the database, and what came after it, as one that forgets what it
    /// acknowledged would. The outcomes stay.
    pub async fn forget_the_last_entry(&self) {
        let client = self.city.postgres.client(&self.city.database).await;
        let sql = format!(
            "DELETE FROM entries WHERE seq >= {};
            UPDATE heads SET (seq, chain) =
                (SELECT seq, chain FROM entries ORDER BY seq DESC LIMIT 1)",
            self.sky.ledger.last()
        );
        client.batch_execute(&sql).await.unwrap();
    }
}
