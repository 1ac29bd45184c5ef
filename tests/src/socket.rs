//! A raw socket: what a browser would send, and what no browser would.

use futures_util::{SinkExt, StreamExt};
use proto::{
    frame::{ClientFrame, SUBPROTOCOL, ServerFrame, VERSION},
    id::Cursor,
    presence::Present,
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use crate::soon;

/// Beats after which what is waited for is lost: as long as [`crate::LOST_MS`].
const BEATS_MAX: usize = 24;

/// An upgrade being put together.
#[derive(Debug, Clone)]
pub struct Upgrade {
    addr: std::net::SocketAddr,
    path: String,
    headers: Vec<(String, String)>,
}

/// An open socket.
#[derive(Debug)]
pub struct Socket {
    line: WebSocketStream<TcpStream>,
    is_told_presence: bool,
    /// The headers that answered the upgrade.
    pub headers: hyper::HeaderMap,
}

/// What came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Frame(ServerFrame),
    /// The other side closed; none without a code, as when the line broke.
    Closed(Option<u16>),
}

impl Upgrade {
    /// Returns an upgrade as our own page would ask for it, without a cookie.
    pub fn new(addr: std::net::SocketAddr, face: &str, origin: &str) -> Self {
        let headers = vec![
            ("origin".to_owned(), origin.to_owned()),
            ("sec-websocket-protocol".to_owned(), SUBPROTOCOL.to_owned()),
        ];
        Self { addr, path: format!("/ws?face={face}"), headers }
    }

    #[must_use]
    pub fn instead(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(there, _)| there != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(there, _)| there != name);
        self
    }

    #[must_use]
    pub fn path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.path);
        self
    }

    /// Opens the socket, or returns the status of the refusal and its body.
    pub async fn open(self) -> Result<Socket, (u16, Vec<u8>)> {
        soon("an upgrade", self.try_open()).await
    }

    async fn try_open(self) -> Result<Socket, (u16, Vec<u8>)> {
        let lost = |error: &dyn std::fmt::Display| (0, error.to_string().into_bytes());
        let stream = TcpStream::connect(self.addr).await.map_err(|error| lost(&error))?;
        let url = format!("ws://{}{}", self.addr, self.path);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in &self.headers {
            let name: hyper::header::HeaderName = name.parse().unwrap();
            request.headers_mut().append(name, value.parse().unwrap());
        }
        match client_async(request, stream).await {
            Ok((line, answer)) => {
                Ok(Socket { line, is_told_presence: false, headers: answer.headers().clone() })
            }
            Err(Error::Http(refusal)) => {
                let status = refusal.status().as_u16();
                Err((status, refusal.into_body().unwrap_or_default()))
            }
            Err(error) => Err(lost(&error)),
        }
    }
}

impl Socket {
    pub async fn say(&mut self, frame: &ClientFrame) {
        self.text(&serde_json::to_string(frame).unwrap()).await;
    }

    pub async fn text(&mut self, text: &str) {
        self.message(Message::text(text)).await;
    }

    /// Sends a message. Whether it arrives is told by what comes back.
    pub async fn message(&mut self, message: Message) {
        drop(self.line.send(message).await);
    }

    /// Says hello and returns the welcome.
    pub async fn hello(&mut self) -> ServerFrame {
        self.say(&ClientFrame::Hello { v: VERSION }).await;
        self.frame().await
    }

    /// Returns what comes next.
    pub async fn hear(&mut self) -> Heard {
        soon("a frame", self.next()).await
    }

    async fn next(&mut self) -> Heard {
        loop {
            match self.line.next().await {
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str(&text);
                    let frame = frame.unwrap_or_else(|error| panic!("{error}: {text}"));
                    // It comes whenever it likes, and only those ask for it that are about it.
                    if !self.is_told_presence && matches!(frame, ServerFrame::Presence { .. }) {
                        continue;
                    }
                    return Heard::Frame(frame);
                }
                Some(Ok(Message::Close(told))) => {
                    return Heard::Closed(told.map(|told| told.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Closed(None),
            }
        }
    }

    /// Returns the next frame.
    ///
    /// # Panics
    ///
    /// When the socket ends instead.
    pub async fn frame(&mut self) -> ServerFrame {
        match self.hear().await {
            Heard::Frame(frame) => frame,
            Heard::Closed(code) => panic!("closed with {code:?}"),
        }
    }

    /// Returns who is connected, as it is told next; beats are answered meanwhile.
    pub async fn presence(&mut self) -> Vec<Present> {
        self.is_told_presence = true;
        for _ in 0..BEATS_MAX {
            loop {
                match self.frame().await {
                    ServerFrame::Presence { present, .. } => {
                        self.is_told_presence = false;
                        return present;
                    }
                    ServerFrame::Beat { seq, tag, .. } => {
                        self.say(&ClientFrame::Pong { cursor: Cursor { seq, tag } }).await;
                        break;
                    }
                    _ => {}
                }
            }
        }
        panic!("nothing is told of who is connected");
    }

    /// Returns the next frame that is no beat.
    pub async fn news(&mut self) -> ServerFrame {
        for _ in 0..BEATS_MAX {
            let frame = self.frame().await;
            if !matches!(frame, ServerFrame::Beat { .. }) {
                return frame;
            }
        }
        panic!("nothing comes but beats");
    }

    /// Returns the code that the socket is closed with, whatever comes before it.
    pub async fn close_code(&mut self) -> Option<u16> {
        loop {
            if let Heard::Closed(code) = self.hear().await {
                return code;
            }
        }
    }
}
