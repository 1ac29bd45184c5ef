//! A small HTTP client on one connection that is kept, so that asking costs little beside answering.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use crate::frame::after;

/// One connection.
pub struct Wire {
    stream: TcpStream,
    addr: SocketAddr,
    read: Vec<u8>,
}

/// What was answered.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The head, as it came.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

/// Returns one of many addresses of this machine: limits for each address are not what is measured.
pub fn source(number: usize) -> IpAddr {
    let [high, low] = u16::try_from(number + 1).expect("not so many").to_be_bytes();
    Ipv4Addr::new(127, 1, high, low).into()
}

/// Connects from one of the machine's own addresses.
pub async fn connect(addr: SocketAddr, from: IpAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(from, 0))?;
    let stream = socket.connect(addr).await?;
    stream.set_nodelay(true)?;
    // Closed at once and for good, as by a proxy that falls over; no port rests behind it.
    stream.set_zero_linger()?;
    Ok(stream)
}

impl Wire {
    /// Connects.
    pub async fn to(addr: SocketAddr, from: IpAddr) -> io::Result<Self> {
        Ok(Self { stream: connect(addr, from).await?, addr, read: Vec::new() })
    }

    /// Asks and waits for the answer. `headers` are whole lines.
    pub async fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> io::Result<Answer> {
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{headers}content-type: application/json\r\n\
             content-length: {length}\r\n\r\n",
            self.addr
        );
        let mut request = head.into_bytes();
        request.extend(body);
        self.stream.write_all(&request).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> io::Result<Answer> {
        self.read.clear();
        let head = loop {
            if let Some(at) = self.read.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let text = String::from_utf8_lossy(&self.read[..head]).into_owned();
        let status = text.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(0);
        // Servers write the names of their headers as they like.
        let names = text.to_ascii_lowercase();
        let length = after(names.as_bytes(), b"content-length: ").unwrap_or_default();
        let digits = length.iter().take_while(|byte| byte.is_ascii_digit());
        let length = digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0'));
        while self.read.len() < head + length {
            self.more().await?;
        }
        let body = self.read[head..head + length].to_vec();
        Ok(Answer { status, head: text, body })
    }

    async fn more(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}
