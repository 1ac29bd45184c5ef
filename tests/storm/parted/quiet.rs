//! A city on separate machines in which only the test writes: times can be measured without other
//! work in the way.

use std::sync::atomic::{AtomicUsize, Ordering};

use journal::Journal;
use proof::{cast, child, device::Device, lan::Lan};
use proto::{
    id::{RoomId, Seq},
    role::{Audience, Role},
};

use crate::{
    city::{City, Ground},
    deeds::PEOPLE,
    node_storm::{Sky, hold_against, says_nothing},
    post::Post,
    visitor::Visitor,
};

/// The city, and a screen on each of its nodes.
pub struct Quiet {
    pub city: City,
    pub sky: Sky,
    pub room: RoomId,
    /// The test's writers, one per node address.
    pub writer: Vec<Device>,
    /// The screens, each of another member.
    pub posts: Vec<Post>,
    /// The number of visitors so far.
    sent: AtomicUsize,
}

impl Quiet {
    /// Starts this many nodes, the first on the test's machine, and waits until all screens show
    /// the room.
    pub async fn of(lan: &mut Lan, nodes: usize) -> Self {
        let city = City::on(Ground::apart(lan, nodes), &child::binary()).await;
        let door = city.nodes.door(0);
        let room = door.open_room(PEOPLE).await;
        door.sets_up(room, cast::adds_home(1)).await;
        let lead = async || door.come_in(room, Audience::Desk, &[Role::Lead]).await;
        let writer = city.nodes.faces(&lead().await);
        let mut posts = Vec::new();
        for addr in city.nodes.addrs() {
            posts.push(Post::at(lead().await.through(addr)));
        }
        let quiet = Self { city, sky: Sky::default(), room, writer, posts, sent: 0.into() };
        quiet.writes(0).await;
        quiet
    }

    /// Returns a visitor with a command.
    pub fn visitor(&self) -> Visitor<'_> {
        let nth = self.sent.fetch_add(1, Ordering::SeqCst);
        Visitor::new(&self.sky, nth)
    }

    /// Writes through a node, and waits until every screen shows it.
    pub async fn writes(&self, node: usize) -> Seq {
        let seq = self.visitor().is_told(&self.writer[node]).await;
        for post in &self.posts {
            post.shows_entry(seq).await;
        }
        seq
    }

    /// Returns the database's last entry.
    pub async fn head(&self) -> Seq {
        self.city.journal().await.head(self.room).await.unwrap().unwrap().seq
    }

    /// Checks everything acknowledged and shown against the remaining database, once every screen
    /// has finished; returns how many commands were acknowledged.
    pub async fn judge(mut self) -> usize {
        let head = self.head().await;
        let mut screens = Vec::new();
        for post in self.posts.drain(..) {
            post.shows_entry(head).await;
            screens.push(post.leaves().await);
        }
        let acked = hold_against(&self.city.journal().await, &self.sky, &screens, self.room).await;
        for node in &self.city.nodes.0 {
            says_nothing(&node.log(), &screens);
        }
        acked
    }

    /// Waits until a node receives from the bus, or does not.
    pub async fn hears(&self, node: usize, it_does: bool) {
        let is_so = |figure: f64| (figure > 0.5) == it_does;
        self.city.figures(node).figure_until("muster_doorbell_hearing", is_so).await;
    }
}
