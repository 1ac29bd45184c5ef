//! A load balancer before several nodes: each connection goes to the next node that accepts it.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// The balancer. It ends when it is dropped.
#[derive(Debug)]
pub struct Balancer {
    addr: SocketAddr,
    cuts: watch::Sender<u64>,
    serving: JoinHandle<()>,
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Balancer {
    /// Starts a balancer before these nodes.
    pub async fn before(nodes: Vec<SocketAddr>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let cuts = watch::Sender::new(0);
        let (nodes, next) = (Arc::new(nodes), Arc::new(AtomicUsize::new(0)));
        let cut = cuts.subscribe();
        let serving = tokio::spawn(async move {
            loop {
                let Ok((client, _)) = listener.accept().await else { continue };
                let first = next.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(carry(client, Arc::clone(&nodes), first, cut.clone()));
            }
        });
        Self { addr, cuts, serving }
    }

    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Cuts every open connection.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

/// Copies bytes both ways until either side ends or all are cut.
async fn carry(
    mut client: TcpStream,
    nodes: Arc<Vec<SocketAddr>>,
    first: usize,
    mut cut: watch::Receiver<u64>,
) {
    cut.mark_unchanged();
    for turn in 0..nodes.len() {
        let Ok(mut node) = TcpStream::connect(nodes[(first + turn) % nodes.len()]).await else {
            continue;
        };
        let carried = copy_bidirectional(&mut client, &mut node);
        tokio::select! {
            // Whichever side ended, the other one sees it.
            _ = carried => {}
            _ = cut.changed() => {}
        }
        return;
    }
}
