//! The little of WebSocket and of Muster's frames that a cheap client needs: lengths, and a few numbers
//! found by their names. socket.io's own packets within them are told by the digits they begin with.

/// What the server sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// Rows between two entries.
    Rows { from: u64, to: u64, tag: &'a [u8] },
    /// The head, and its tag.
    Beat { seq: u64, tag: &'a [u8] },
    /// The cursor is of no use: a snapshot is to be fetched.
    Resync,
    /// A socket of socket.io's is in.
    Joined,
    /// A socket of socket.io's is asked whether it is there.
    Ping,
    /// Who is here, and what time it is.
    Welcome,
    /// The node stops: come back after a random time between these, in milliseconds.
    Bye { after_ms: (u64, u64) },
    /// The server ends the socket, with this code.
    Close(u16),
    /// A text of another kind.
    Other,
}

/// Returns the first frame of these bytes and how long it is, once it is whole.
pub fn first(bytes: &[u8]) -> Option<(Frame<'_>, usize)> {
    let (start, length) = match *bytes.get(1)? {
        126 => (4, usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?))),
        127 => (10, u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?) as usize),
        short => (2, usize::from(short & 0x7f)),
    };
    let end = start + length;
    let payload = bytes.get(start..end)?;
    let frame = match bytes[0] & 0x0f {
        8 => Frame::Close(payload.get(..2).map_or(1005, |c| u16::from_be_bytes([c[0], c[1]]))),
        1 => text(payload),
        _ => Frame::Other,
    };
    Some((frame, end))
}

fn text(payload: &[u8]) -> Frame<'_> {
    let rows = || {
        let tag = after(payload, b"\"tag\":\"")?.get(..16)?;
        Some((number(payload, b"\"from\":")?, number(payload, b"\"to\":")?, tag))
    };
    let beat = || {
        let tag = after(payload, b"\"tag\":\"")?.get(..16)?;
        Some((number(payload, b"\"seq\":")?, tag))
    };
    let is_event = payload.starts_with(b"42[\"rows\",");
    if is_event || payload.starts_with(b"{\"t\":\"rows\"") {
        rows().map_or(Frame::Other, |(from, to, tag)| Frame::Rows { from, to, tag })
    } else if payload.starts_with(b"{\"t\":\"beat\"") {
        beat().map_or(Frame::Other, |(seq, tag)| Frame::Beat { seq, tag })
    } else if payload.starts_with(b"{\"t\":\"welcome\"") {
        Frame::Welcome
    } else if payload.starts_with(b"{\"t\":\"bye\"") {
        bye(payload).map_or(Frame::Other, |after_ms| Frame::Bye { after_ms })
    } else if payload.starts_with(b"{\"t\":\"resync\"") {
        Frame::Resync
    } else if payload.starts_with(b"40") {
        Frame::Joined
    } else if payload == b"2" {
        Frame::Ping
    } else {
        Frame::Other
    }
}

/// Returns when a screen of a node that stops is to come back.
fn bye(payload: &[u8]) -> Option<(u64, u64)> {
    let window = after(payload, b"\"after_ms\":")?;
    Some((number(window, b"[")?, number(window, b",")?))
}

/// Returns what stands behind the first place of these words.
pub fn after<'a>(text: &'a [u8], words: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(words.len()).position(|window| window == words)?;
    text.get(at + words.len()..)
}

/// Returns the number behind a name.
pub fn number(text: &[u8], name: &[u8]) -> Option<u64> {
    let digits = after(text, name)?.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(None, |sum, digit| Some(sum.unwrap_or(0) * 10 + u64::from(digit - b'0')))
}

/// Returns a text as a client's frame. The mask is nought, so that masking costs nothing.
pub fn masked(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    match u8::try_from(text.len()) {
        Ok(short) if short < 126 => frame.push(0x80 | short),
        _ => {
            frame.push(0x80 | 126);
            frame.extend(u16::try_from(text.len()).expect("a short text").to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(text.as_bytes());
    frame
}

/// Returns a text as a server's frame.
pub fn unmasked(text: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x81];
    match u8::try_from(text.len()) {
        Ok(short) if short < 126 => frame.push(short),
        _ => {
            frame.push(126);
            frame.extend(u16::try_from(text.len()).expect("a frame of rows").to_be_bytes());
        }
    }
    frame.extend(text);
    frame
}
