//! Fuzzed input: real bodies and frames with bytes changed, cut, duplicated and made up. The node is a
//! separate process, so that its whole output can be checked (I-35).

use std::{collections::BTreeSet, time::Duration};

use proof::{
    cast,
    child::Node,
    device::Device,
    dice::Dice,
    screen::Screen,
    seeds::{Raising, seeds},
    socket::Heard,
    soon,
};
use proto::{
    close::Close,
    frame::{ClientFrame, VERSION},
    http::{CommandsAnswer, CommandsRequest, ErrorAnswer, RedeemRequest},
    id::{CommandId, Cursor, Seq, Time},
    outcome::Fate,
    role::{Audience, Role},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};
use tokio_tungstenite::tungstenite::Message;

/// Bodies, sockets and raw connections per seed.
const BODIES: u64 = 300;
const SOCKETS: u64 = 100;
const RAW: u64 = 40;
/// Maximum frames sent on one socket.
const FRAMES: u64 = 6;
/// Devices that send them: each login is rate limited.
const SENDERS: usize = 16;
/// The close codes for invalid frames and for text that is not UTF-8 (P-20).
const NO_FRAMES: [u16; 2] = [1002, 1007];
/// The maximum wait of a well-behaved client while all this goes on.
const CALM: Duration = Duration::from_secs(20);
/// The maximum time until a raw connection is answered or closed.
const RAW_ENDS: Duration = Duration::from_secs(60);
/// The maximum peak memory of the node in bytes.
const MEMORY_MAX: u64 = 512 * 1024 * 1024;

/// Returns mutated bytes.
fn mangled(dice: &mut Dice, what: &[u8]) -> Vec<u8> {
    let mut bytes = what.to_vec();
    for _ in 0..1 + dice.below(3) {
        let end = bytes.len() as u64;
        let (one, other) = (at(dice.below(end + 1)), at(dice.below(end + 1)));
        let (from, to) = (one.min(other), one.max(other).min(one.min(other) + 40));
        match dice.below(9) {
            0 | 1 if from < bytes.len() => bytes[from] ^= 1 << dice.below(8),
            2 => drop(bytes.drain(from..to)),
            3 => bytes.truncate(from),
            4 => {
                let twice = bytes[from..to].to_vec();
                drop(bytes.splice(to..to, twice));
            }
            5 => {
                let noise: Vec<u8> = (0..dice.below(20)).map(|_| dice.bytes()[0]).collect();
                drop(bytes.splice(from..from, noise));
            }
            6 => {
                let deep = *dice.pick(&["[", "{\"a\":", "\"", "\\ud800", "\u{0}", "-"]);
                drop(bytes.splice(from..from, deep.repeat(at(dice.below(3_000))).into_bytes()));
            }
            _ => number(dice, &mut bytes),
        }
    }
    bytes
}

/// Replaces the start of a number, a string or a list.
fn number(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let places: Vec<usize> =
        (0..bytes.len()).filter(|place| bytes[*place] == b':').map(|place| place + 1).collect();
    if places.is_empty() {
        return;
    }
    let place = *dice.pick(&places);
    let end = bytes[place..].iter().position(|byte| b",}]".contains(byte));
    let end = end.map_or(bytes.len(), |end| place + end);
    let values =
        ["null", "-1", "18446744073709551616", "1e999", "[]", "{}", "\"\"", "true", "0.5", "NaN"];
    drop(bytes.splice(place..end, dice.pick(&values).bytes()));
}

fn at(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

/// A node under fuzzing, and what it acknowledged.
struct Scene {
    node: Node,
    senders: Vec<Device>,
    calm: Screen,
    /// Acknowledged entries.
    told: BTreeSet<Seq>,
    refused: u64,
    closed: u64,
}

impl Scene {
    async fn open() -> Self {
        let mut node = Node::new();
        node.start().await;
        let door = node.door();
        let room = door.open_room(3).await;
        let mut senders = Vec::new();
        for nth in 0..SENDERS {
            let face = [Audience::Desk, Audience::Phone][nth % 2];
            senders.push(door.come_in(room, face, &[Role::Lead]).await);
        }
        let calm = Screen::live(door.come_in(room, Audience::Desk, &[Role::Lead]).await).await;
        Self { node, senders, calm, told: BTreeSet::new(), refused: 0, closed: 0 }
    }

    /// Sends a request with a mutated body or path. It succeeds, or is refused with a message.
    async fn asks(&mut self, dice: &mut Dice) {
        let sender = dice.pick(&self.senders).clone();
        let commands = CommandsRequest { commands: commands(dice) };
        let (ask, body) = match dice.below(8) {
            0 => {
                let asked = RedeemRequest { secret: "A".repeat(43) };
                (sender.post("/api/invites/redeem"), serde_json::to_vec(&asked).unwrap())
            }
            1 => {
                let path = format!("/api/rooms/{}/links", sender.room);
                (
                    sender.post(&path),
                    br#"{"face":"desk","name":"Ignatius","roles":["lead"]}"#.to_vec(),
                )
            }
            2 => {
                let at = format!("4182.{:016x}", dice.number());
                let at = String::from_utf8_lossy(&mangled(dice, at.as_bytes())).into_owned();
                let at: String = at.chars().filter(char::is_ascii_graphic).take(300).collect();
                let at = at.replace(['"', '<', '>', '\\', '^', '`', '{', '}', '|'], "%");
                let path = format!("{}&at={at}", sender.rows_path());
                return self.answers(sender.get(&path)).await;
            }
            _ => (sender.post(&sender.commands_path()), serde_json::to_vec(&commands).unwrap()),
        };
        let body = mangled(dice, &body);
        self.answers(ask.body("application/json", body)).await;
    }

    async fn answers(&mut self, ask: proof::web::Ask) {
        let answer = ask.send().await;
        let status = answer.status.as_u16();
        if status >= 400 {
            let told: Result<ErrorAnswer, _> = serde_json::from_slice(&answer.body);
            let told = told.unwrap_or_else(|error| panic!("{error}: {answer:?}"));
            assert!(!told.words.is_empty() && !told.error.is_empty(), "{told:?}");
            assert!(status < 500, "{answer:?}");
            self.refused += 1;
            return;
        }
        if let Ok(answer) = serde_json::from_slice::<CommandsAnswer>(&answer.body) {
            for told in answer.fates {
                match told.fate {
                    Fate::Ok { seq } => drop(self.told.insert(seq)),
                    Fate::Refused(no) => assert!(!no.words.is_empty(), "{no:?}"),
                    Fate::Dup { .. } | Fate::Retry { .. } => {}
                }
            }
        }
    }

    /// Sends mutated frames on a socket. It stays open, or is closed with a code of the protocol.
    async fn says(&mut self, dice: &mut Dice) {
        let sender = dice.pick(&self.senders).clone();
        let mut socket = sender.welcomed().await;
        for _ in 0..FRAMES {
            let cursor = Cursor { seq: Seq(dice.below(50)), ..Cursor::default() };
            let frame = match dice.below(4) {
                0 => ClientFrame::Hello { v: VERSION },
                1 => sender.sub(Some(cursor)),
                2 => ClientFrame::Look { room: sender.room, person: Some(cast::person(1)) },
                _ => ClientFrame::Pong { cursor },
            };
            let bytes = mangled(dice, &serde_json::to_vec(&frame).unwrap());
            socket
                .message(match String::from_utf8(bytes) {
                    Ok(text) => Message::text(text),
                    Err(noise) => Message::binary(noise.into_bytes()),
                })
                .await;
        }
        // Consumes whatever is left.
        socket.say(&ClientFrame::Hello { v: VERSION }).await;
        socket.message(Message::binary(Vec::new())).await;
        let code = soon("the socket's end", socket.close_code()).await;
        let is_known = code.is_some_and(|code| {
            NO_FRAMES.contains(&code) || Close::ALL.iter().any(|close| close.code() == code)
        });
        assert!(is_known, "closed with {code:?}");
        self.closed += u64::from(code != Some(Close::Malformed.code()));
    }

    /// Opens a connection, sends a mutated request, closes its own half, and reads to the end (E11).
    async fn calls(&self, dice: &mut Dice) {
        let sender = dice.pick(&self.senders);
        let request = format!(
            "GET /ws?face={} HTTP/1.1\r\nhost: {}\r\norigin: {}\r\ncookie: {}\r\nconnection: Upgrade\r\n\
             upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-protocol: muster.v1\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\ncontent-length: 0\r\n\r\n",
            sender.face.word(),
            self.node.addr(),
            sender.origin,
            sender.cookie,
        );
        let mut line = TcpStream::connect(self.node.addr()).await.unwrap();
        let mut said = mangled(dice, request.as_bytes());
        // After an upgrade, sends an invalid frame.
        said.extend((0..dice.below(40)).map(|_| dice.bytes()[0]));
        drop(line.write_all(&said).await);
        drop(line.shutdown().await);
        let mut heard = Vec::new();
        let ended = timeout(RAW_ENDS, line.read_to_end(&mut heard)).await;
        assert!(ended.is_ok(), "it is held open after {:?}", String::from_utf8_lossy(&said));
    }

    /// A well-behaved client works and its screen shows it; nothing happened that was not acknowledged.
    async fn is_calm(&mut self) {
        let began = Instant::now();
        let seq = self.calm.device.does(cast::line("all is well")).await;
        self.told.insert(seq);
        self.calm.reach(seq).await;
        assert!(began.elapsed() < CALM, "{:?} for a word", began.elapsed());
    }

    /// Returns the node's peak memory in bytes.
    fn memory(&self) -> u64 {
        let pid = self.node.pid().expect("the node lives");
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        most.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }
}

/// Returns commands as people send them.
fn commands(dice: &mut Dice) -> Vec<proto::command::Envelope> {
    let until = Time(i64::MAX / 4);
    let each = |dice: &mut Dice| {
        let n = at(dice.below(4));
        let command = match dice.below(6) {
            0 => cast::departs(n),
            1 => cast::arrives(n),
            2 => cast::signs_on(until),
            3 => cast::register(n + 10),
            4 => return cast::edits(n, 1, cast::bedroom("7")),
            _ => cast::line("a word"),
        };
        cast::under(CommandId(dice.uuid()), command)
    };
    (0..1 + dice.below(3)).map(|_| each(dice)).collect()
}

/// I-35, I-6, P-17, P-20: whatever bytes arrive, the node stays alive, and answers with a code and a message,
/// or closes with a code; nothing happens unacknowledged, nobody else is disturbed, and memory stays within
/// its limit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fuzzed_input_is_refused_with_a_code_and_disturbs_nobody() {
    let mut scene = Scene::open().await;
    let head = scene.calm.device.snapshot().await.to;
    for seed in seeds(4) {
        let _raising = Raising::of(seed);
        let mut dice = Dice::new(seed);
        for nth in 0..BODIES.max(SOCKETS).max(RAW) {
            scene.asks(&mut dice).await;
            if nth < SOCKETS {
                scene.says(&mut dice).await;
            }
            if nth < RAW {
                scene.calls(&mut dice).await;
            }
            if nth % 50 == 0 {
                scene.is_calm().await;
            }
        }
    }
    scene.is_calm().await;
    let after = scene.calm.device.snapshot().await.to;
    let told = scene.told.range(head.next()..).count();
    assert_eq!(u64::try_from(told).unwrap(), after.0 - head.0, "something happened unasked");
    assert!(scene.refused > BODIES / 4, "{} were refused", scene.refused);
    assert!(scene.closed > 0, "no socket was closed otherwise than for being malformed");
    let memory = scene.memory();
    assert!(memory < MEMORY_MAX, "{memory} bytes of memory");
    assert!(!scene.node.log().contains("panicked"), "{}", scene.node.log());
    assert!(matches!(timeout(CALM, scene.calm.hear()).await, Err(_) | Ok(Heard::Frame(_))));
}
