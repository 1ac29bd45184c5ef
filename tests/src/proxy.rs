//! A proxy to the database that breaks the connection on demand: at any message of its protocol, in
//! either direction.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, watch},
};

/// The sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// Muster.
    Client,
    /// The database.
    Server,
}

/// What happens to the message at which the connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// It does not arrive.
    Before,
    /// Half of it arrives.
    Within,
    /// It arrives, and nothing after it.
    After,
    /// The client's connection breaks; its message arrives when the test releases it.
    Late,
}

/// Where the connection breaks.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    pub from: From,
    /// The index of the message since the cut was armed, from 0.
    pub message: usize,
    pub how: Break,
}

/// The proxy.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    plan: Arc<Plan>,
}

#[derive(Debug, Default)]
struct Plan {
    cuts: Mutex<VecDeque<Cut>>,
    heard: [AtomicUsize; 2],
    broke: Notify,
    released: Notify,
    done: Notify,
}

impl Proxy {
    /// Starts a proxy to the server on this port.
    pub async fn start(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let plan = Arc::new(Plan::default());
        let used = Arc::clone(&plan);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server, Arc::clone(&used)));
            }
        });
        Self { port, plan }
    }

    /// Returns the server's URL through this proxy.
    pub fn on_the_way(&self, url: &str, server: u16) -> String {
        url.replace(&format!(":{server}/"), &format!(":{}/", self.port))
    }

    /// Arms cuts; each one counts from where the previous one broke the connection.
    pub fn cut(&self, cuts: &[Cut]) {
        let mut waiting = self.plan.cuts.lock().unwrap();
        waiting.clear();
        waiting.extend(cuts);
        self.plan.count_anew();
    }

    /// Returns whether every cut was reached; the remaining ones are discarded.
    pub fn is_through(&self) -> bool {
        let mut waiting = self.plan.cuts.lock().unwrap();
        let is_through = waiting.is_empty();
        waiting.clear();
        is_through
    }

    /// Waits until the connection has broken.
    pub async fn broke(&self) {
        crate::soon("the cut", self.plan.broke.notified()).await;
    }

    /// Releases the late message, and waits until the server has executed it.
    pub async fn release(&self) {
        self.plan.released.notify_one();
        let done = self.plan.done.notified();
        crate::soon("the late message's end", done).await;
    }
}

impl Plan {
    fn count_anew(&self) {
        self.heard.iter().for_each(|heard| heard.store(0, Ordering::SeqCst));
    }

    /// Counts a message, and returns how the connection breaks at it, if it does.
    fn count(&self, from: From) -> Option<Break> {
        let mut waiting = self.cuts.lock().unwrap();
        let place = match from {
            From::Client => 0,
            From::Server => 1,
        };
        let heard = self.heard[place].fetch_add(1, Ordering::SeqCst);
        let cut = waiting.front().copied()?;
        if cut.from != from || cut.message != heard {
            return None;
        }
        waiting.pop_front();
        self.count_anew();
        self.broke.notify_one();
        Some(cut.how)
    }
}

async fn carry(client: TcpStream, server: u16, plan: Arc<Plan>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    client.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let cut = Arc::new(watch::Sender::new(None));
    let up = pass(From::Client, from_client, to_server, Arc::clone(&plan), Arc::clone(&cut));
    let down = pass(From::Server, from_server, to_client, plan, cut);
    tokio::join!(up, down);
}

/// Forwards one side's messages until it ends or the connection breaks.
async fn pass(
    from: From,
    mut read: impl AsyncRead + Unpin,
    mut write: impl AsyncWrite + Unpin,
    plan: Arc<Plan>,
    cut: Arc<watch::Sender<Option<Break>>>,
) {
    let mut broken = cut.subscribe();
    let mut is_first = from == From::Client;
    loop {
        let message = tokio::select! {
            message = message(&mut read, is_first) => message,
            () = async { drop(broken.wait_for(Option::is_some).await) } => {
                drop(write);
                drain(read, &plan, &cut).await;
                return;
            }
        };
        let Some(message) = message else { break };
        is_first = false;
        let arrives = match plan.count(from) {
            None => {
                if write.write_all(&message).await.is_err() {
                    break;
                }
                continue;
            }
            Some(Break::Before) => 0,
            Some(Break::Within) => message.len() / 2,
            Some(Break::After) => message.len(),
            Some(Break::Late) => {
                late(message, &mut read, &mut write, &plan, &cut).await;
                return;
            }
        };
        write.write_all(&message[..arrives]).await.ok();
        break;
    }
    write.shutdown().await.ok();
    cut.send_if_modified(|known| known.replace(Break::Before).is_none());
}

/// Reads the server's replies to a late message: it closes once it has executed it.
async fn drain(mut read: impl AsyncRead + Unpin, plan: &Plan, cut: &watch::Sender<Option<Break>>) {
    let is_late = *cut.borrow() == Some(Break::Late);
    if is_late {
        tokio::io::copy(&mut read, &mut tokio::io::sink()).await.ok();
        plan.done.notify_one();
    }
}

/// Reads the rest of the statement, breaks the client's connection, and forwards it all when
/// released.
async fn late(
    mut said: Vec<u8>,
    read: &mut (impl AsyncRead + Unpin),
    write: &mut (impl AsyncWrite + Unpin),
    plan: &Plan,
    cut: &watch::Sender<Option<Break>>,
) {
    // A statement ends with an empty "sync" message.
    while !said.ends_with(&[b'S', 0, 0, 0, 4]) {
        let Some(more) = message(read, false).await else { break };
        said.extend(more);
    }
    cut.send_replace(Some(Break::Late));
    plan.released.notified().await;
    write.write_all(&said).await.ok();
    // Closed cleanly, so that the server executes the statement first.
    write.write_all(&[b'X', 0, 0, 0, 4]).await.ok();
    write.shutdown().await.ok();
}

/// Reads one protocol message; a client's first message has no type byte.
async fn message(read: &mut (impl AsyncRead + Unpin), is_first: bool) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    if !is_first {
        message.push(read.read_u8().await.ok()?);
    }
    let length = read.read_u32().await.ok()?;
    message.extend(length.to_be_bytes());
    let start = message.len();
    message.resize(start + usize::try_from(length).ok()?.checked_sub(4)?, 0);
    read.read_exact(&mut message[start..]).await.ok()?;
    Some(message)
}
