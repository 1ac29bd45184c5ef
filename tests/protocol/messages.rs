//! The messages that a client may send on a socket, and what closes it.

use proof::{host::Host, socket::Heard};
use proto::{close::Close, frame::ClientFrame, id::Cursor, limit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Message;

/// P-17
#[tokio::test]
async fn an_invalid_frame_closes_the_socket() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let sub = serde_json::to_string(&desk.sub(None)).unwrap();
    for strange in [
        "".to_owned(),
        "hello".to_owned(),
        "{".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        r#"{"t":"fly"}"#.to_owned(),
        r#"{"v":1}"#.to_owned(),
        r#"{"t":"hello"}"#.to_owned(),
        r#"{"t":"hello","v":-1}"#.to_owned(),
        r#"{"t":"hello","v":1,"as":"lead"}"#.to_owned(),
        r#"{"t":"pong"}"#.to_owned(),
        r#"{"t":"pong","cursor":{"seq":1,"tag":"no"}}"#.to_owned(),
        sub.replace("\"desk\"", "\"everything\""),
        format!("{sub}{sub}"),
        "[".repeat(1_000),
    ] {
        for greeted in [false, true] {
            let mut socket = if greeted { desk.welcomed().await } else { desk.socket().await };
            socket.text(&strange).await;
            let told = Heard::Closed(Some(Close::Malformed.code()));
            assert_eq!(socket.hear().await, told, "{strange} ({greeted})");
        }
    }
}

/// P-17
#[tokio::test]
async fn a_binary_message_closes_the_socket() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let hello = serde_json::to_vec(&ClientFrame::Hello { v: 1 }).unwrap();
    let mut socket = desk.socket().await;
    socket.message(Message::binary(hello)).await;
    assert_eq!(socket.close_code().await, Some(Close::Malformed.code()));
}

/// P-18: the largest message is accepted, one byte more is not, whole or fragmented.
#[tokio::test]
async fn a_message_that_is_too_large_closes_the_socket() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let hello = r#"{"t":"hello","v":1}"#;
    let padded = |bytes: usize| format!("{hello}{}", " ".repeat(bytes - hello.len()));
    let mut socket = desk.socket().await;
    socket.text(&padded(limit::CLIENT_FRAME_BYTES_MAX)).await;
    socket.frame().await;
    socket.text(&padded(limit::CLIENT_FRAME_BYTES_MAX + 1)).await;
    assert_eq!(socket.close_code().await, Some(Close::TooLarge.code()));
    let mut socket = desk.welcomed().await;
    socket.text(&padded(1024 * 1024)).await;
    assert!(matches!(socket.close_code().await, None | Some(4501)), "given up");
}

/// P-19: a burst is accepted, a flood is not, and a screen's normal rate never counts.
#[tokio::test]
async fn a_client_that_floods_is_closed() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let mut socket = desk.welcomed().await;
    let pong = ClientFrame::Pong { cursor: Cursor::default() };
    for _ in 0..200 {
        socket.say(&pong).await;
    }
    assert_eq!(socket.close_code().await, Some(Close::TooMany.code()));
    let mut socket = desk.welcomed().await;
    for _ in 0..200 {
        socket.message(Message::Ping(bytes::Bytes::from_static(b"there?"))).await;
    }
    assert_eq!(socket.close_code().await, Some(Close::TooMany.code()), "pings count too");
    let mut calm = desk.welcomed().await;
    for _ in 0..limit::CLIENT_FRAMES_PER_S {
        calm.say(&pong).await;
    }
    calm.hello().await;
}

/// Opens a socket by hand, sends these bytes and returns the server's last bytes.
async fn raw(host: &Host, cookie: &str, bytes: &[u8]) -> Vec<u8> {
    let addr = host.running.addr();
    let mut stream = tokio::net::TcpStream::connect(addr).await.unwrap();
    let upgrade = format!(
        "GET /ws?face=desk HTTP/1.1\r\nhost: {addr}\r\norigin: http://{addr}\r\ncookie: {cookie}\r\n\
         connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: muster.v1\r\n\r\n"
    );
    stream.write_all(upgrade.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
    stream.write_all(bytes).await.unwrap();
    let mut rest = Vec::new();
    proof::soon("the end", stream.read_to_end(&mut rest)).await.unwrap_or_default();
    rest
}

/// Returns the code of a close frame.
fn code(frame: &[u8]) -> u16 {
    assert_eq!(frame.first(), Some(&0x88), "a close: {frame:02x?}");
    u16::from_be_bytes([frame[2], frame[3]])
}

/// P-20, P-11: bytes that none of our clients sends.
#[tokio::test]
async fn invalid_websocket_bytes_are_closed_as_the_standard_says() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let (unmasked, packed, reserved) = (
        b"\x81\x02hi".as_slice(),
        b"\xc1\x82\0\0\0\0hi".as_slice(),
        b"\x83\x80\0\0\0\0".as_slice(),
    );
    for bytes in [unmasked, packed, reserved] {
        assert_eq!(code(&raw(&host, &desk.cookie, bytes).await), 1002, "{bytes:02x?}");
    }
    let no_utf8 = b"\x81\x82\0\0\0\0\xff\xfe";
    assert_eq!(code(&raw(&host, &desk.cookie, no_utf8).await), 1007);
}

/// P-18: a declared length of a million gigabytes is refused by its header.
#[tokio::test]
async fn a_declared_length_costs_nothing() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let claimed = b"\x81\xff\x00\x03\x8d\x7e\xa4\xc6\x80\x00\0\0\0\0abc";
    assert_eq!(code(&raw(&host, &desk.cookie, claimed).await), Close::TooLarge.code());
}
