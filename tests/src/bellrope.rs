//! An unreliable proxy between one node and Redis: messages are lost, duplicated, truncated and
//! reordered (I-30). The node's own beacons keep coming back, so that it considers the bus healthy.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::watch,
    task::JoinHandle,
};

use crate::dice::Dice;

/// The kind of a beacon, in the byte after the version.
const BEACON: u8 = 4;
/// Messages held back for reordering, at most.
const HELD_MAX: usize = 4;

/// The proxy. It ends when it is dropped.
#[derive(Debug)]
pub struct Bellrope {
    addr: SocketAddr,
    rope: Arc<Rope>,
    serving: JoinHandle<()>,
}

/// State shared by all connections.
#[derive(Debug)]
struct Rope {
    /// Decides the fate of each message, once the proxy is unreliable.
    dice: Mutex<Option<Dice>>,
    cuts: watch::Sender<u64>,
    is_silent: watch::Sender<bool>,
    lies: AtomicU64,
}

impl Drop for Bellrope {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Bellrope {
    /// Starts a reliable proxy to the server at this address, listening on the other one.
    pub async fn start(at: Ipv4Addr, server: SocketAddr) -> Self {
        let listener = TcpListener::bind((at, 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let rope = Arc::new(Rope {
            dice: Mutex::default(),
            cuts: watch::Sender::new(0),
            is_silent: watch::Sender::new(false),
            lies: AtomicU64::new(0),
        });
        let used = Arc::clone(&rope);
        let serving = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&used).carry(client, server));
            }
        });
        Self { addr, rope, serving }
    }

    /// Returns the server's URL through this proxy.
    pub fn on_the_way(&self, url: &str, server: SocketAddr) -> String {
        url.replace(&server.to_string(), &self.addr.to_string())
    }

    /// Makes the proxy unreliable from here on.
    pub fn lies(&self, dice: Dice) {
        *self.rope.dice.lock().unwrap() = Some(dice);
    }

    /// Returns how many messages did not arrive as they were sent.
    pub fn lied(&self) -> u64 {
        self.rope.lies.load(Ordering::SeqCst)
    }

    /// Cuts every open connection.
    pub fn cut(&self) {
        self.rope.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Stops all traffic, or lets everything through that waited; connections stay open.
    pub fn is_silent(&self, it_is: bool) {
        self.rope.is_silent.send_replace(it_is);
    }
}

impl Rope {
    async fn carry(self: Arc<Self>, client: TcpStream, server: SocketAddr) {
        let mut cut = self.cuts.subscribe();
        let Ok(server) = TcpStream::connect(server).await else { return };
        client.set_nodelay(true).unwrap();
        server.set_nodelay(true).unwrap();
        let (mut from_client, to_client) = client.into_split();
        let (from_server, mut to_server) = server.into_split();
        // Whichever way it ends, both sides see it.
        tokio::select! {
            _ = copy(&mut from_client, &mut to_server) => {}
            _ = self.pass(from_server, to_client) => {}
            _ = cut.changed() => {}
        }
    }

    /// Forwards Redis's replies until they end.
    async fn pass(&self, read: OwnedReadHalf, mut write: OwnedWriteHalf) -> std::io::Result<()> {
        let mut read = BufReader::new(read);
        let mut silence = self.is_silent.subscribe();
        let mut held = Vec::new();
        loop {
            let said = said(&mut read).await?;
            drop(silence.wait_for(|is| !is).await);
            for said in self.becomes(said, &mut held) {
                write.write_all(&said).await?;
            }
        }
    }

    /// Returns what arrives in place of this reply.
    fn becomes(&self, said: Vec<u8>, held: &mut Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let mut dice = self.dice.lock().unwrap();
        let (Some(dice), Some(body)) = (dice.as_mut(), ring(&said)) else { return vec![said] };
        let arrives = match dice.below(8) {
            0 => Vec::new(),
            1 | 2 => {
                held.push(said);
                let mut arrives = Vec::new();
                if held.len() == HELD_MAX {
                    while !held.is_empty() {
                        let at = usize::try_from(dice.below(held.len() as u64)).unwrap();
                        arrives.push(held.swap_remove(at));
                    }
                }
                arrives
            }
            3 => vec![said.clone(), said.clone(), said],
            4 => {
                let mut torn = said;
                let bit = usize::try_from(dice.below(8 * body.len() as u64)).unwrap();
                torn[body.start + bit / 8] ^= 1 << (bit % 8);
                vec![torn]
            }
            _ => return vec![said],
        };
        self.lies.fetch_add(1, Ordering::SeqCst);
        arrives
    }
}

/// Returns the range of a message's body in a reply, if it is a message and not a beacon.
fn ring(said: &[u8]) -> Option<std::ops::Range<usize>> {
    let channel = format!("{}\r\n$", bus::redis::CHANNEL);
    if !said.starts_with(b">3\r\n$7\r\nmessage\r\n") {
        return None;
    }
    let length = said.windows(channel.len()).position(|at| at == channel.as_bytes())?;
    let begin = length + channel.len();
    let begin = begin + said[begin..].iter().position(|byte| *byte == b'\n')? + 1;
    let body = begin..said.len() - 2;
    (said.get(begin + 1) != Some(&BEACON)).then_some(body).filter(|body| !body.is_empty())
}

/// Reads one reply with everything in it, as bytes (RESP 3).
async fn said(read: &mut BufReader<OwnedReadHalf>) -> std::io::Result<Vec<u8>> {
    let (mut said, mut more) = (Vec::new(), 1_u64);
    while more > 0 {
        more -= 1;
        let begin = said.len();
        if read.read_until(b'\n', &mut said).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8_lossy(&said[begin..]).into_owned();
        let count = || line[1..].trim_end().parse::<u64>().unwrap_or(0);
        match line.as_bytes()[0] {
            b'$' | b'=' | b'!' if !line.starts_with("$-1") => {
                let begin = said.len();
                said.resize(begin + usize::try_from(count()).unwrap() + 2, 0);
                read.read_exact(&mut said[begin..]).await?;
            }
            b'*' | b'~' | b'>' => more += count(),
            b'%' => more += 2 * count(),
            _ => {}
        }
    }
    Ok(said)
}
