//! A city on machines that can be parted, in which nobody writes but whom the test sends: how long something takes is
//! then measured, and nobody else's work is in the way.

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

/// The city, and a screen at each of its nodes.
pub struct Quiet {
    pub city: City,
    pub sky: Sky,
    pub room: RoomId,
    /// Whom the test sends, by each node's address.
    pub writer: Vec<Device>,
    /// Each of them somebody else's.
    pub posts: Vec<Post>,
    /// How many were sent.
    sent: AtomicUsize,
}

impl Quiet {
    /// Starts so many nodes, the first of them where the test is, and waits until all screens show the room.
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

    /// Returns somebody with a command.
    pub fn visitor(&self) -> Visitor<'_> {
        let nth = self.sent.fetch_add(1, Ordering::SeqCst);
        Visitor::new(&self.sky, nth)
    }

    /// Lets something be written by a node, and waits until every screen shows it.
    pub async fn writes(&self, node: usize) -> Seq {
        let seq = self.visitor().is_told(&self.writer[node]).await;
        for post in &self.posts {
            post.shows_entry(seq).await;
        }
        seq
    }

    /// Returns the last entry, as it is in the database.
    pub async fn head(&self) -> Seq {
        self.city.journal().await.head(self.room).await.unwrap().unwrap().seq
    }

    /// Holds everything that was told and shown against the database that is left, once every screen has come to its
    /// end; returns how many commands were acknowledged.
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

    /// Waits until the doorbell is heard by a node, or no more.
    pub async fn hears(&self, node: usize, it_does: bool) {
        let is_so = |figure: f64| (figure > 0.5) == it_does;
        self.city.figures(node).figure_until("muster_doorbell_hearing", is_so).await;
    }
}
