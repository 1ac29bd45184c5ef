//! Several nodes as processes on one database, behind one public address.

use std::net::SocketAddr;

use crate::{
    child::Node,
    device::{Device, Door},
    lan::Machine,
    web::Web,
};

/// The public address.
pub const PUBLIC: &str = "https://muster.test";

/// The nodes.
#[derive(Debug)]
pub struct Nodes(pub Vec<Node>);

impl Nodes {
    /// Returns so many stopped nodes on a database, with more in their environment.
    pub fn on(count: usize, database: &str, more: &[(&'static str, String)]) -> Self {
        Self::at(&vec![Machine::own(); count], database, more)
    }

    /// Returns a stopped node on each of these machines, on one database, with more in their
    /// environment.
    pub fn at(machines: &[Machine], database: &str, more: &[(&'static str, String)]) -> Self {
        let mut settings = vec![
            ("MUSTER_DATABASE", database.to_owned()),
            ("MUSTER_BEHIND_PROXY", "true".to_owned()),
            ("MUSTER_PUBLIC_URL", PUBLIC.to_owned()),
        ];
        settings.extend_from_slice(more);
        let node = |machine| {
            let mut node = Node::on(machine);
            node.say(settings.clone());
            node
        };
        Self(machines.iter().map(node).collect())
    }

    /// Starts the nodes that are not running.
    pub async fn started(mut self) -> Self {
        for node in &mut self.0 {
            node.start().await;
        }
        self
    }

    /// Returns the entrance through one of them, for its operator and for others.
    pub fn door(&self, nth: usize) -> Door {
        let own = self.0[nth].door();
        Door { origin: PUBLIC.to_owned(), ..own }
    }

    /// Returns the nodes' addresses.
    pub fn addrs(&self) -> Vec<SocketAddr> {
        self.0.iter().map(Node::addr).collect()
    }

    /// Returns a device as it reaches each of them.
    pub fn faces(&self, device: &Device) -> Vec<Device> {
        self.addrs().into_iter().map(|addr| device.through(addr)).collect()
    }
}

impl Device {
    /// Returns this device with another address of the same nodes.
    #[must_use]
    pub fn through(&self, addr: SocketAddr) -> Self {
        Self { web: Web::new(addr), ..self.clone() }
    }
}
