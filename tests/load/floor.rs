//! The floor: what fanning out costs at the least. One thread, one `write` for each socket and message of
//! bytes that are framed already; no epoll, no parsing, no room.
//!
//! Sockets come first. The connection that begins with `CONTROL` brings the messages, each behind its
//! length, until it ends; then more sockets may come.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

/// The head of the connection that brings the messages.
pub const CONTROL: &[u8] = b"CONTROL\r\n\r\n";
/// The answer to an upgrade. The client of this program does not check the key.
const UPGRADED: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\
                          connection: upgrade\r\nsec-websocket-accept: floor\r\n\r\n";

/// Serves until it is ended.
pub fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("an address"));
    let mut sockets: Vec<TcpStream> = Vec::new();
    loop {
        let Ok((mut stream, _)) = listener.accept() else {
            // No file is left: the sockets of an earlier crowd, to which nothing was written since.
            sockets.retain_mut(is_there);
            continue;
        };
        let _ = stream.set_nodelay(true);
        let head = head(&mut stream);
        if head == CONTROL {
            publish(&mut stream, &mut sockets);
        } else if stream.write_all(UPGRADED).is_ok() && stream.set_nonblocking(true).is_ok() {
            sockets.push(stream);
        }
    }
}

/// Tells whether the other side has not gone. What it said is passed over.
fn is_there(socket: &mut TcpStream) -> bool {
    let mut said = [0; 1024];
    loop {
        match socket.read(&mut said) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::WouldBlock,
        }
    }
}

/// Reads up to the blank line and not beyond.
fn head(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    head
}

/// Writes every message to every socket. One that is full or gone is let go: its reader misses the rest.
fn publish(control: &mut TcpStream, sockets: &mut Vec<TcpStream>) {
    let mut length = [0; 4];
    let mut message = Vec::new();
    while control.read_exact(&mut length).is_ok() {
        message.resize(u32::from_be_bytes(length) as usize, 0);
        if control.read_exact(&mut message).is_err() {
            return;
        }
        sockets.retain_mut(|socket| socket.write(&message).is_ok_and(|n| n == message.len()));
    }
}
