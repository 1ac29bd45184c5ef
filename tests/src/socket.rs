//! A raw socket: it sends what a browser would send, and what no browser would.

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

/// Beats after which an awaited frame counts as lost: as long as [`crate::LOST_MS`].
const BEATS_MAX: usize = 24;

/// An upgrade request being built.
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
    /// The headers of the upgrade's response.
    pub headers: hyper::HeaderMap,
}

/// What was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    Frame(ServerFrame),
    /// The peer closed; no code when the connection broke.
    Closed(Option<u16>),
}

impl Upgrade {
    /// Returns an upgrade request like our own page's, without a cookie.
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

    /// Opens the socket, or returns the status and body of the refusal.
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

    /// Sends a message. Its effect shows in the replies.
    pub async fn message(&mut self, message: Message) {
        drop(self.line.send(message).await);
    }

    /// Sends hello and returns the welcome.
    pub async fn hello(&mut self) -> ServerFrame {
        self.say(&ClientFrame::Hello { v: VERSION }).await;
        self.frame().await
    }

    /// Returns the next message.
    pub async fn hear(&mut self) -> Heard {
        soon("a frame", self.next()).await
    }

    async fn next(&mut self) -> Heard {
        loop {
            match self.line.next().await {
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str(&text);
                    let frame = frame.unwrap_or_else(|error| panic!("{error}: {text}"));
                    // Presence arrives at any time; only the tests about it ask for it.
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

    /// Returns the next presence; beats are answered meanwhile.
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
        panic!("no presence was received");
    }

    /// Returns the next frame that is not a beat.
    pub async fn news(&mut self) -> ServerFrame {
        for _ in 0..BEATS_MAX {
            let frame = self.frame().await;
            if !matches!(frame, ServerFrame::Beat { .. }) {
                return frame;
            }
        }
        panic!("nothing was received but beats");
    }

    /// Returns the close code, whatever comes before it.
    pub async fn close_code(&mut self) -> Option<u16> {
        loop {
            if let Heard::Closed(code) = self.hear().await {
                return code;
            }
        }
    }
}
