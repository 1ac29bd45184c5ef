//! A screen that follows the day over a socket, and checks its counts against its rows.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use proto::{
    frame::{ClientFrame, Rows, SUBPROTOCOL, ServerFrame, VERSION},
    id::{Cursor, Seq},
    key::Key,
    role::Audience,
    row::Row,
};
use tokio::{net::TcpStream, sync::watch, task::JoinHandle};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

use super::{
    census::{self, Counts},
    error::PlayError,
    player::Player,
};

/// The maximum seconds until a screen shows a durable entry.
const SHOWN_S: u64 = 20;
/// The wait before a disconnected screen reconnects.
const BACK: Duration = Duration::from_millis(500);

type Line = WebSocketStream<TcpStream>;

/// A screen of the day.
#[derive(Debug)]
pub(super) struct Screen {
    face: Audience,
    held: Arc<Mutex<Held>>,
    stands: watch::Receiver<Stands>,
    following: JoinHandle<()>,
}

/// The state of a screen.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) rows: BTreeMap<Key, Row>,
    cursor: Cursor,
    /// The counts of the last frame.
    pub(super) counts: Counts,
    /// Frames checked against their rows.
    pub(super) frames: u64,
    /// The number of connections accepted by the node.
    pub(super) lines: u32,
    /// Everything sent to this screen, byte for byte, if kept.
    pub(super) sent: Option<Vec<String>>,
}

/// The position of a screen.
#[derive(Debug, Clone, Default)]
struct Stands {
    seq: Seq,
    wrong: Option<String>,
}

/// Why a screen stopped following.
enum Ended {
    /// The connection was lost; it reconnects.
    Line,
    /// It showed something impossible.
    Wrong(String),
}

/// The first impossible thing that any screen showed.
#[derive(Debug, Clone, Default)]
pub(super) struct Wrong(watch::Sender<Option<(Audience, String)>>);

impl Wrong {
    fn say(&self, face: Audience, what: &str) {
        self.0.send_modify(|wrong| {
            wrong.get_or_insert_with(|| (face, what.to_owned()));
        });
    }

    /// Waits until a screen shows something impossible.
    pub(super) async fn wait(self) -> PlayError {
        let mut told = self.0.subscribe();
        let wrong = told.wait_for(Option::is_some).await.ok().and_then(|wrong| wrong.clone());
        match wrong {
            Some((face, what)) => PlayError::Screen { face: face.word(), what },
            None => std::future::pending().await,
        }
    }
}

impl Screen {
    /// Returns a screen of this login that follows its room. `keeps` keeps what is sent to it. Anything
    /// impossible that it shows also goes to `wrong`.
    pub(super) fn follow(player: &Player, keeps: bool, wrong: &Wrong) -> Self {
        let sent = keeps.then(Vec::new);
        let held = Arc::new(Mutex::new(Held { sent, ..Held::default() }));
        let (tell, stands) = watch::channel(Stands::default());
        let follower = Follower {
            url: player.client.url().to_owned(),
            client: player.client.clone(),
            cookie: player.cookie.clone(),
            face: player.face,
            room: player.room,
            held: Arc::clone(&held),
            tell,
            wrong: wrong.clone(),
        };
        let following = tokio::spawn(follower.run());
        Self { face: player.face, held, stands, following }
    }

    /// Returns the screen's state.
    pub(super) fn held(&self) -> MutexGuard<'_, Held> {
        lock(&self.held)
    }

    /// Returns an error if the screen showed something impossible.
    pub(super) fn sound(&self) -> Result<(), PlayError> {
        match &self.stands.borrow().wrong {
            Some(what) => Err(PlayError::Screen { face: self.face.word(), what: what.clone() }),
            None => Ok(()),
        }
    }

    /// Waits until the screen has reached an entry.
    pub(super) async fn reach(&mut self, seq: Seq) -> Result<(), PlayError> {
        self.until(&format!("entry {seq}"), |held| held.cursor.seq >= seq).await
    }

    /// Waits until the screen's state satisfies a condition.
    pub(super) async fn until(
        &mut self,
        what: &str,
        is_shown: impl Fn(&Held) -> bool,
    ) -> Result<(), PlayError> {
        let held = Arc::clone(&self.held);
        let shown = self.stands.wait_for(|stands| stands.wrong.is_some() || is_shown(&lock(&held)));
        let limit = Duration::from_secs(SHOWN_S);
        let is_shown = tokio::time::timeout(limit, shown).await.is_ok_and(|shown| shown.is_ok());
        self.sound()?;
        if is_shown {
            return Ok(());
        }
        let (face, what) = (self.face.word(), what.to_owned());
        Err(PlayError::Late { face, what, seconds: SHOWN_S })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.following.abort();
    }
}

fn lock(held: &Mutex<Held>) -> MutexGuard<'_, Held> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The screen's background task.
struct Follower {
    url: String,
    client: node::client::Client,
    cookie: String,
    face: Audience,
    room: proto::id::RoomId,
    held: Arc<Mutex<Held>>,
    tell: watch::Sender<Stands>,
    wrong: Wrong,
}

impl Follower {
    async fn run(self) {
        loop {
            if let Err(Ended::Wrong(what)) = self.once().await {
                self.wrong.say(self.face, &what);
                self.tell.send_modify(|stands| stands.wrong = Some(what));
                return;
            }
            tokio::time::sleep(BACK).await;
        }
    }

    /// Follows the room until the connection is lost.
    async fn once(&self) -> Result<(), Ended> {
        let mut line = self.connect().await.ok_or(Ended::Line)?;
        say(&mut line, &ClientFrame::Hello { v: VERSION }).await?;
        while let Some(message) = line.next().await {
            let Message::Text(text) = message.map_err(|_| Ended::Line)? else { continue };
            let frame = serde_json::from_str(&text);
            let frame = frame.map_err(|error| Ended::Wrong(format!("a frame is odd: {error}")))?;
            match frame {
                ServerFrame::Welcome { .. } => {
                    lock(&self.held).lines += 1;
                    say(&mut line, &self.sub()).await?;
                }
                ServerFrame::Rows(rows) => self.take(rows, &text)?,
                ServerFrame::Resync { .. } => {
                    self.fetch().await?;
                    say(&mut line, &self.sub()).await?;
                }
                ServerFrame::Beat { .. } => {
                    let cursor = lock(&self.held).cursor;
                    say(&mut line, &ClientFrame::Pong { cursor }).await?;
                }
                ServerFrame::Presence { .. } | ServerFrame::Bye { .. } => {}
            }
        }
        Err(Ended::Line)
    }

    async fn connect(&self) -> Option<Line> {
        let host = self.url.strip_prefix("http://")?;
        let stream = TcpStream::connect(host).await.ok()?;
        let asked = format!("ws://{host}/ws?face={}", self.face.word());
        let mut request = asked.into_client_request().ok()?;
        let headers = [
            ("origin", self.url.as_str()),
            ("sec-websocket-protocol", SUBPROTOCOL),
            ("cookie", self.cookie.as_str()),
        ];
        for (name, value) in headers {
            request.headers_mut().insert(name, HeaderValue::from_str(value).ok()?);
        }
        Some(client_async(request, stream).await.ok()?.0)
    }

    fn sub(&self) -> ClientFrame {
        let at = Some(lock(&self.held).cursor).filter(|at| at.seq > Seq(0));
        ClientFrame::Sub { room: self.room, audience: self.face, at }
    }

    /// Fetches a snapshot of all rows.
    async fn fetch(&self) -> Result<(), Ended> {
        let path = format!("/api/rooms/{}/rows?audience={}", self.room, self.face.word());
        let reply = self.client.get(&path).await.map_err(|_| Ended::Line)?;
        let rows: Rows = reply.read().map_err(|_| Ended::Line)?;
        lock(&self.held).rows.clear();
        self.put(rows, &String::from_utf8_lossy(&reply.body))
    }

    /// Applies a frame, if it follows the last one.
    fn take(&self, rows: Rows, text: &str) -> Result<(), Ended> {
        let stands = lock(&self.held).cursor.seq;
        if rows.from != stands {
            let what = format!("a frame from {} came to a screen at {stands}", rows.from);
            return Err(Ended::Wrong(what));
        }
        self.put(rows, text)
    }

    /// Replaces rows and checks the counts against them.
    fn put(&self, rows: Rows, text: &str) -> Result<(), Ended> {
        let mut held = lock(&self.held);
        held.rows.extend(rows.put.into_iter().map(|put| (put.key, put.row)));
        for key in &rows.del {
            held.rows.remove(key);
        }
        held.cursor = Cursor { seq: rows.to, tag: rows.tag };
        held.frames += 1;
        if let Some(sent) = &mut held.sent {
            sent.push(text.to_owned());
        }
        let words = |what: String| Ended::Wrong(format!("{what}, at entry {}", rows.to));
        held.counts = census::counts(&held.rows).map_err(words)?;
        drop(held);
        self.tell.send_modify(|stands| stands.seq = rows.to);
        Ok(())
    }
}

async fn say(line: &mut Line, frame: &ClientFrame) -> Result<(), Ended> {
    let text = serde_json::to_string(frame).map_err(|_| Ended::Line)?;
    line.send(Message::text(text)).await.map_err(|_| Ended::Line)
}
