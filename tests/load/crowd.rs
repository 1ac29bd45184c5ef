//! Many sockets of one cheap client. Each checks that nothing is missed and nothing comes twice, and notes
//! when each frame came.

use std::{
    cell::RefCell,
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Semaphore,
    task::JoinHandle,
};

use crate::{
    frame::{self, Frame},
    wire,
};

/// Upgrades under way at once.
const OPENING: usize = 64;
/// Sockets from one address: loopback has many, each with its own ports, of which some rest.
const PER_ADDRESS: usize = 2_000;
/// Sockets opened so far: the next ones come from addresses that have rested longest.
static OPENED: AtomicUsize = AtomicUsize::new(0);
/// Addresses to take in turn.
const ADDRESSES: usize = 200;

thread_local! {
    /// Where a thread reads to: a socket keeps only what is not whole.
    static CHUNK: RefCell<Vec<u8>> = RefCell::new(vec![0; 256 * 1024]);
}

/// What the sockets are told when they are opened.
#[derive(Clone)]
pub struct Door {
    /// The server.
    pub addr: SocketAddr,
    /// What is asked for.
    pub path: &'static str,
    /// Header lines of the upgrade.
    pub headers: String,
    /// What the client says first.
    pub greeting: Vec<u8>,
    /// The entry that it holds.
    pub cursor: u64,
}

/// What one socket has seen.
#[derive(Default)]
pub struct Seen {
    /// The last entry held.
    pub cursor: u64,
    /// Its tag, once rows or a snapshot brought one.
    pub tag: [u8; 16],
    /// The head that the last beat told.
    pub head: u64,
    /// Times that the server wanted a snapshot to be fetched.
    pub resyncs: u64,
    /// Frames that began after the cursor: something is missing.
    pub gaps: u64,
    /// Frames that began before the cursor: something came twice.
    pub doubled: u64,
    /// Frames and their bytes.
    pub frames: u64,
    /// Bytes of those frames.
    pub bytes: u64,
    /// The first frame of rows, as it came.
    pub sample: Vec<u8>,
    /// Each frame: from, to, and the microseconds since the crowd came.
    pub notes: Vec<(u32, u32, u32)>,
    /// A beat was heard, and everything up to the head that it told.
    pub is_live: bool,
    /// When that was so first, in microseconds since the crowd came.
    pub live_at: u32,
    /// When it was asked to come back, by a node that stops.
    pub bye: Option<(u64, u64)>,
    /// The socket ended, with this code.
    pub ended: Option<u16>,
}

impl Seen {
    /// Notes when the socket has all that a beat told of.
    fn look(&mut self, now: u32) {
        if !self.is_live && self.head > 0 && self.cursor >= self.head {
            (self.is_live, self.live_at) = (true, now);
        }
    }
}

/// The sockets.
pub struct Crowd {
    seen: Vec<Arc<Mutex<Seen>>>,
    tasks: Vec<JoinHandle<()>>,
    /// Rooms that the sockets are in, one after the other in turns.
    pub rooms: usize,
    /// When the notes begin.
    pub epoch: Instant,
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Crowd {
    /// Opens sockets, each through its own door, and returns when all of them follow.
    pub async fn open(count: usize, door: impl Fn(usize) -> Door, beats: bool) -> Self {
        Self::try_open(count, door, beats).await.unwrap_or_else(|words| panic!("{words}"))
    }

    /// The same, or words for people when not all of them follow. `beats` says that the server tells a socket
    /// when it is in.
    pub async fn try_open(
        count: usize,
        door: impl Fn(usize) -> Door,
        beats: bool,
    ) -> Result<Self, String> {
        let epoch = Instant::now();
        let turns = Arc::new(Semaphore::new(OPENING));
        let mut crowd = Self { seen: Vec::new(), tasks: Vec::new(), rooms: 1, epoch };
        for number in 0..count {
            let (door, turns) = (door(number), Arc::clone(&turns));
            let cursor = door.cursor;
            let seen = Arc::new(Mutex::new(Seen { cursor, is_live: false, ..Seen::default() }));
            crowd.seen.push(Arc::clone(&seen));
            crowd.tasks.push(tokio::spawn(async move {
                let turn = turns.acquire_owned().await;
                let opened = open(&door).await;
                if !beats {
                    lock(&seen).is_live = true;
                }
                drop(turn);
                match opened {
                    Ok((stream, rest)) => follow(stream, rest, &seen, epoch).await,
                    Err(error) => eprintln!("a socket did not open: {error}"),
                }
                lock(&seen).ended.get_or_insert(0);
            }));
        }
        crowd.wait(Duration::from_secs(60), |seen| seen.is_live || seen.ended.is_some()).await;
        let opened = crowd.count(|seen| seen.is_live && seen.ended.is_none());
        let mut ends = std::collections::BTreeMap::new();
        crowd.each(|seen| *ends.entry(seen.ended).or_insert(0) += 1);
        if opened == count {
            return Ok(crowd);
        }
        Err(format!("{opened} of {count} sockets follow; by the code they ended with: {ends:?}"))
    }

    /// Returns sockets that have not come yet.
    pub fn of(count: usize) -> Self {
        let seen = (0..count).map(|_| Arc::default()).collect();
        Self { seen, tasks: Vec::new(), rooms: 1, epoch: Instant::now() }
    }

    /// Ends every socket at once; what each has seen stays.
    pub async fn cut(&mut self) {
        let tasks = std::mem::take(&mut self.tasks);
        tasks.iter().for_each(JoinHandle::abort);
        for task in tasks {
            // An aborted task ends with an error.
            let _ = task.await;
        }
        self.each(|seen| {
            (seen.is_live, seen.head, seen.ended) = (false, 0, None);
        });
    }

    /// Has every socket live on in a task of its own.
    pub fn come_back<Task>(&mut self, task: impl Fn(usize, Arc<Mutex<Seen>>) -> Task)
    where
        Task: Future<Output = ()> + Send + 'static,
    {
        let tasks = self.seen.iter().enumerate();
        self.tasks =
            tasks.map(|(number, seen)| tokio::spawn(task(number, Arc::clone(seen)))).collect();
    }

    /// Returns how many sockets there are.
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Waits until something is true of every socket; tells whether it came true in time.
    pub async fn wait(&self, most: Duration, is: impl Fn(&Seen) -> bool) -> bool {
        self.wait_each(most, |seen, _| is(seen)).await
    }

    /// The same, with the socket's number.
    pub async fn wait_each(&self, most: Duration, is: impl Fn(&Seen, usize) -> bool) -> bool {
        let begun = Instant::now();
        while !self.seen.iter().enumerate().all(|(number, seen)| is(&lock(seen), number)) {
            if begun.elapsed() > most {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        true
    }

    /// Counts the sockets of which something is true.
    pub fn count(&self, is: impl Fn(&Seen) -> bool) -> usize {
        self.seen.iter().filter(|seen| is(&lock(seen))).count()
    }

    /// Visits what every socket has seen.
    pub fn each(&self, mut visit: impl FnMut(&mut Seen)) {
        self.seen.iter().for_each(|seen| visit(&mut lock(seen)));
    }
}

/// Looks at what a socket has seen.
pub fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().expect("nobody panics with it")
}

/// Returns the address that the next socket comes from.
pub fn source() -> std::net::IpAddr {
    let number = OPENED.fetch_add(1, Ordering::Relaxed);
    wire::source(number / PER_ADDRESS % ADDRESSES)
}

/// Upgrades and greets; returns the stream and what came behind the answer.
pub async fn open(door: &Door) -> io::Result<(TcpStream, Vec<u8>)> {
    let mut stream = wire::connect(door.addr, source()).await?;
    let Door { addr, path, headers, .. } = door;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {addr}\r\nupgrade: websocket\r\n\
         connection: upgrade\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut read = Vec::new();
    let end = loop {
        if let Some(at) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut read).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    if !read.starts_with(b"HTTP/1.1 101") {
        return Err(io::Error::other(String::from_utf8_lossy(&read[..end]).into_owned()));
    }
    stream.write_all(&door.greeting).await?;
    Ok((stream, read.split_off(end)))
}

/// Reads until the socket ends.
pub async fn follow(stream: TcpStream, mut rest: Vec<u8>, seen: &Mutex<Seen>, epoch: Instant) {
    loop {
        if stream.readable().await.is_err() {
            return;
        }
        let read = CHUNK.with_borrow_mut(|chunk| {
            let count = stream.try_read(chunk)?;
            let now = u32::try_from(epoch.elapsed().as_micros()).unwrap_or(u32::MAX);
            let fresh = &chunk[..count];
            if rest.is_empty() {
                let used = take(fresh, &mut lock(seen), now, &stream);
                rest.extend(&fresh[used..]);
            } else {
                rest.extend(fresh);
                let used = take(&rest, &mut lock(seen), now, &stream);
                rest.drain(..used);
            }
            io::Result::Ok(count)
        });
        match read {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(_) => return,
        }
    }
}

/// Takes the frames that are whole; returns how many bytes they were.
fn take(bytes: &[u8], seen: &mut Seen, now: u32, stream: &TcpStream) -> usize {
    let mut used = 0;
    while let Some((frame, length)) = frame::first(&bytes[used..]) {
        match frame {
            Frame::Rows { from, to, tag } => {
                seen.gaps += u64::from(from > seen.cursor);
                seen.doubled += u64::from(from < seen.cursor);
                seen.cursor = to;
                seen.tag.copy_from_slice(tag);
                seen.frames += 1;
                seen.bytes += length as u64;
                if seen.sample.is_empty() {
                    seen.sample = bytes[used..used + length].to_vec();
                }
                seen.notes.push((from as u32, to as u32, now));
                seen.look(now);
            }
            Frame::Beat { seq, tag } => {
                seen.head = seq;
                seen.look(now);
                let tag = String::from_utf8_lossy(tag);
                let pong = format!(r#"{{"t":"pong","cursor":{{"seq":{seq},"tag":"{tag}"}}}}"#);
                // A socket that takes not even this is slow, and will be told so.
                let _ = stream.try_write(&frame::masked(&pong));
            }
            Frame::Bye { after_ms } => seen.bye = Some(after_ms),
            Frame::Close(code) => seen.ended = Some(code),
            Frame::Joined => (seen.is_live, seen.live_at) = (true, now),
            // A socket that takes not even this will be told so.
            Frame::Ping => drop(stream.try_write(&frame::masked("3"))),
            Frame::Resync => seen.resyncs += 1,
            Frame::Welcome | Frame::Other => {}
        }
        used += length;
    }
    used
}
