//! A room to measure: its people, who may enter it, and the change that is made over and over.

use std::{
    io,
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use demo::harbour_rise;
use node::{
    client::Client,
    operator::{InviteRequest, OpenRequest},
};
use proto::{
    command::{Command, Envelope},
    deadline,
    details::PersonChange,
    home,
    http::{CommandsAnswer, CommandsRequest},
    id::{MemberId, PersonId, RoomId, Time},
    identity::IdentifiedBy,
    incident, limit, member,
    nouns::Plan,
    outcome::Fate,
    register,
    role::{Audience, Role},
    site,
    text::{Bedroom, BirthDate, PersonName},
    worker,
};
use uuid::Uuid;

use crate::{
    crowd::Door,
    deed::{self, envelope},
    frame,
    process::Server,
    wire::{Wire, source},
};

/// Invites that one address may redeem in a minute; the next ones come from another address.
const REDEEMED_FROM_ONE: usize = limit::REDEEM_PER_MINUTE as usize;
/// Invites redeemed so far.
static REDEEMED: AtomicUsize = AtomicUsize::new(0);

/// What a client says first.
const HELLO: &str = r#"{"t":"hello","v":1}"#;

/// A way in: the header lines that carry it.
#[derive(Clone)]
pub struct Login {
    face: Audience,
    /// Header lines: the face and its cookie.
    pub headers: String,
}

/// A room on a running node.
pub struct Room {
    /// Its id.
    pub id: RoomId,
    /// The first of its nodes, and often the only one.
    pub addr: SocketAddr,
    /// All of its nodes.
    pub addrs: Vec<SocketAddr>,
    /// The operator's way in.
    pub operator: Client,
    people: Vec<PersonId>,
    made: AtomicUsize,
    /// People who are where they are at noon.
    noon: AtomicUsize,
    /// Who makes the changes: more than one, for each may ask only so often.
    pub leads: Vec<Login>,
}

/// What was answered to commands.
pub enum Told {
    /// They are done, the last one in this entry.
    Done(u64),
    /// They are to be sent again, when so much time has passed.
    Later(Duration),
    /// This login asks too often.
    TooOften,
}

/// Where a room stands.
pub struct Stand {
    /// The last entry.
    pub seq: u64,
    /// Its tag.
    pub tag: String,
}

impl Stand {
    /// Reads it from the beginning of a snapshot.
    pub fn of(body: &[u8]) -> Option<Self> {
        let seq = frame::number(body, b"\"to\":")?;
        let tag = frame::after(body, b"\"tag\":\"")?.get(..16)?;
        Some(Self { seq, tag: String::from_utf8_lossy(tag).into_owned() })
    }
}

impl Room {
    /// Opens a room with the invented home's team and so many people, and lets so many leads in.
    pub async fn open(server: &Server, people: usize, leads: usize) -> Self {
        Self::across(std::slice::from_ref(server), people, leads).await
    }

    /// Opens such a room that several nodes serve.
    pub async fn across(nodes: &[Server], people: usize, leads: usize) -> Self {
        let addrs = nodes.iter().map(|node| node.addr).collect();
        Self::by(operator(&nodes[0]), addrs, people, leads).await
    }

    /// Opens such a room by an operator's client.
    pub async fn by(operator: Client, addrs: Vec<SocketAddr>, people: usize, leads: usize) -> Self {
        let id = RoomId(Uuid::new_v4());
        let now = std::time::UNIX_EPOCH.elapsed().expect("a clock after 1970").as_millis();
        let now = Time(i64::try_from(now).expect("a clock before the year 292 million"));
        let setting = harbour_rise::opening(id, now).expect("the invented home can be read");
        let mut room = Self {
            id,
            addr: addrs[0],
            addrs,
            operator,
            people: Vec::new(),
            made: AtomicUsize::new(0),
            noon: AtomicUsize::new(0),
            leads: Vec::new(),
        };
        let mut commands = room.setting(&setting).await;
        commands.extend(room.register(&setting, people));
        for batch in commands.chunks(limit::COMMANDS_MAX) {
            let answer = room.operator.import(id, batch.to_vec()).await.expect("an import");
            for told in answer.fates {
                assert!(matches!(told.fate, Fate::Ok { .. }), "the room takes {:?}", told.fate);
            }
        }
        let invite = room.invite(Audience::Desk, vec![Role::Lead]).await;
        for _ in 0..leads {
            let lead = room.redeem(Audience::Desk, &invite).await;
            room.leads.push(lead);
        }
        room
    }

    /// Opens the room, and returns what else the home brings but for its people.
    async fn setting(&self, setting: &[Envelope]) -> Vec<Envelope> {
        let mut rest = Vec::new();
        for one in setting {
            match &one.command {
                Command::Plan(Plan::Incident(incident::Plan::Open { incident })) => {
                    let request = OpenRequest {
                        room: Some(self.id),
                        incident: incident.clone(),
                        sites: Vec::new(),
                        deadline: None,
                    };
                    self.operator.open(&request).await.expect("the room opens");
                }
                Command::Plan(Plan::Site(site::Plan::Open { .. }))
                | Command::Plan(Plan::Deadline(deadline::Plan::Set { .. }))
                | Command::Plan(Plan::Member(member::Plan::Admit { .. }))
                | Command::Plan(Plan::Home(home::Plan::Add { .. })) => rest.push(one.clone()),
                _ => {}
            }
        }
        rest
    }

    /// Returns what puts so many people on the register: the home's own, again and again, each time
    /// under other names, so that a large room differs from a small one in nothing but its size.
    fn register(&mut self, setting: &[Envelope], people: usize) -> Vec<Envelope> {
        let of_home = setting.iter().filter_map(|one| match &one.command {
            Command::Plan(Plan::Register(register::Plan::Register { details, .. })) => {
                Some(&**details)
            }
            _ => None,
        });
        let patterns: Vec<&PersonChange> = of_home.take(62).collect();
        let workers = setting.iter().filter_map(|one| match one.command {
            Command::Plan(Plan::Worker(worker::Plan::Name { worker, .. })) => worker,
            _ => None,
        });
        let workers: Vec<MemberId> = workers.collect();
        let mut commands = Vec::new();
        for number in 0..people {
            let person = PersonId(Uuid::new_v4());
            let details = Box::new(invented(number, patterns[number % patterns.len()]));
            let worker = workers.get(number % patterns.len()).copied();
            let identified_by = vec![IdentifiedBy::Name, IdentifiedBy::DateOfBirth];
            commands.extend([
                Command::from(register::Plan::Register { person, details, questions: Vec::new() }),
                Command::from(register::Plan::Confirm { person, identified_by }),
                Command::from(worker::Plan::Name { person, worker }),
            ]);
            self.people.push(person);
        }
        commands.into_iter().map(envelope).collect()
    }

    /// Returns the secret of an invite that may be used many times.
    pub async fn invite(&self, face: Audience, roles: Vec<Role>) -> String {
        let request = InviteRequest {
            room: self.id,
            face,
            name: PersonName::parse("Load program").expect("a name"),
            organisation: None,
            job: None,
            mobile: None,
            roles,
            outside: false,
            many: true,
            hours: None,
            member: None,
        };
        let made = self.operator.invite(&request).await.expect("an invite");
        made.link.split_once('#').expect("a link with a secret").1.to_owned()
    }

    /// Redeems an invite for a login of its own.
    pub async fn redeem(&self, face: Audience, secret: &str) -> Login {
        let number = REDEEMED.fetch_add(1, Ordering::Relaxed);
        let from = source(1_000 + number / REDEEMED_FROM_ONE);
        let mut wire = Wire::to(self.addr, from).await.expect("a connection");
        let body = format!(r#"{{"secret":"{secret}"}}"#);
        let answer = wire.ask("POST", "/api/invites/redeem", "", body.as_bytes()).await;
        let answer = answer.expect("an answer");
        let words = String::from_utf8_lossy(&answer.body);
        assert_eq!(answer.status, 200, "the invite is taken: {words}");
        let cookie = answer.head.split_once("set-cookie: ").expect("a cookie").1;
        let cookie = cookie.split(';').next().expect("its first part");
        let headers = format!("x-muster-face: {}\r\ncookie: {cookie}\r\n", face.word());
        Login { face, headers }
    }

    /// Opens a connection for requests.
    pub async fn wire(&self) -> Wire {
        self.wire_to(self.addr).await
    }

    /// Opens a connection to one of the nodes.
    pub async fn wire_to(&self, addr: SocketAddr) -> Wire {
        Wire::to(addr, source(0)).await.expect("a connection")
    }

    /// Returns where the room stands, as a face sees it.
    pub async fn stand(&self, login: &Login) -> Stand {
        let body = self.snapshot(&mut self.wire().await, login, "identity").await;
        Stand::of(&body).expect("a snapshot says where it stands")
    }

    /// Fetches the snapshot of a face, packed as told.
    pub async fn snapshot(&self, wire: &mut Wire, login: &Login, encoding: &str) -> Vec<u8> {
        self.try_snapshot(wire, login, encoding).await.expect("the snapshot is given")
    }

    /// Asks for the snapshot of a face.
    pub async fn try_snapshot(
        &self,
        wire: &mut Wire,
        login: &Login,
        encoding: &str,
    ) -> io::Result<Vec<u8>> {
        let path = format!("/api/rooms/{}/rows?audience={}", self.id, login.face.word());
        let headers = format!("{}accept-encoding: {encoding}\r\n", login.headers);
        let answer = wire.ask("GET", &path, &headers, b"").await?;
        match answer.status {
            200 => Ok(answer.body),
            other => Err(io::Error::other(format!("answered {other}"))),
        }
    }

    /// Returns the door of a socket that follows as a face from where the room stands.
    pub fn door(&self, login: &Login, stand: &Stand) -> Door {
        self.door_at(self.addr, login, stand)
    }

    /// Returns the same at one of the nodes.
    pub fn door_at(&self, addr: SocketAddr, login: &Login, stand: &Stand) -> Door {
        let mut greeting = frame::masked(HELLO);
        greeting.extend(self.sub(login, stand));
        Door { greeting, cursor: stand.seq, ..self.bare_door_at(addr, login) }
    }

    /// Returns a client's frame that asks to follow from where the room stands.
    pub fn sub(&self, login: &Login, stand: &Stand) -> Vec<u8> {
        let Stand { seq, tag } = stand;
        let sub = format!(
            r#"{{"t":"sub","room":"{}","audience":"{}","at":{{"seq":{seq},"tag":"{tag}"}}}}"#,
            self.id,
            login.face.word()
        );
        frame::masked(&sub)
    }

    /// Returns the door of a socket that says hello to one of the nodes and waits.
    pub fn bare_door_at(&self, addr: SocketAddr, login: &Login) -> Door {
        let headers = format!(
            "{}origin: http://{addr}\r\nsec-websocket-protocol: {}\r\n",
            login.headers,
            proto::frame::SUBPROTOCOL
        );
        Door { addr, path: "/ws?face=phone", headers, greeting: frame::masked(HELLO), cursor: 0 }
    }

    /// Rates the next person, by this lead; returns the entry, or nothing when the lead asks too often.
    pub async fn change(&self, wire: &mut Wire, lead: &Login) -> Option<u64> {
        self.ask(wire, lead, vec![self.next_change()]).await
    }

    /// Returns the command that rates the next person.
    pub fn next_change(&self) -> Envelope {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let count = self.people.len();
        envelope(deed::rate(self.people[number % count], (number / count).is_multiple_of(2)))
    }

    /// Adds a log line, by this lead; returns the entry, or nothing when it is to be sent later.
    pub async fn say(&self, wire: &mut Wire, lead: &Login) -> Option<u64> {
        self.ask(wire, lead, vec![envelope(deed::line())]).await
    }

    /// Does the next things of a long day, by this lead; returns the last entry, or nothing when the lead
    /// asks too often.
    pub async fn live_on(&self, wire: &mut Wire, lead: &Login, count: usize) -> Option<u64> {
        let first = self.made.fetch_add(count, Ordering::Relaxed);
        let deeds = (first..first + count).map(|number| envelope(deed::deed(number, &self.people)));
        self.ask(wire, lead, deeds.collect()).await
    }

    /// Makes the next change to a person, by this lead.
    pub async fn move_on(&self, wire: &mut Wire, lead: &Login) -> Option<u64> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        self.ask(wire, lead, vec![envelope(deed::change(number, &self.people))]).await
    }

    /// Lets the next people be where they are at noon; tells whether there were any.
    pub async fn reach_noon(&self, wire: &mut Wire, lead: &Login) -> bool {
        let first = self.noon.load(Ordering::Relaxed);
        let most = self.people.len().min(first + limit::COMMANDS_MAX / 3);
        let deeds = (first..most).flat_map(|number| deed::noon(number, self.people[number]));
        let deeds: Vec<Envelope> = deeds.map(envelope).collect();
        if !deeds.is_empty() && self.ask(wire, lead, deeds).await.is_some() {
            self.noon.store(most, Ordering::Relaxed);
        }
        most < self.people.len()
    }

    /// Sends commands; returns the last entry, or nothing when they are to be sent later.
    async fn ask(&self, wire: &mut Wire, lead: &Login, commands: Vec<Envelope>) -> Option<u64> {
        match self.tell(wire, lead, &commands).await.expect("an answer") {
            Told::Done(seq) => Some(seq),
            Told::Later(_) | Told::TooOften => None,
        }
    }

    /// Sends commands and returns what was answered; an error when nobody knows what became of them.
    pub async fn tell(
        &self,
        wire: &mut Wire,
        lead: &Login,
        commands: &[Envelope],
    ) -> io::Result<Told> {
        let request = CommandsRequest { commands: commands.to_vec() };
        let body = serde_json::to_vec(&request).expect("commands are JSON");
        let path = format!("/api/rooms/{}/commands", self.id);
        let answer = wire.ask("POST", &path, &lead.headers, &body).await?;
        match answer.status {
            200 => {}
            429 => return Ok(Told::TooOften),
            other => {
                let words = String::from_utf8_lossy(&answer.body);
                return Err(io::Error::other(format!("answered {other}: {words}")));
            }
        }
        let told: CommandsAnswer = serde_json::from_slice(&answer.body).expect("fates");
        match told.fates.last().map(|last| &last.fate) {
            Some(Fate::Ok { seq } | Fate::Dup { seq }) => Ok(Told::Done(seq.0)),
            Some(Fate::Retry { after_ms, .. }) => Ok(Told::Later(Duration::from_millis(*after_ms))),
            other => panic!("the change is taken, not {other:?}"),
        }
    }
}

/// Returns the operator's way into a node.
pub fn operator(server: &Server) -> Client {
    Client::new(&format!("http://{}", server.addr)).operator(&server.token)
}

/// Returns a pattern's details under a name that sounds like no other's.
fn invented(number: usize, pattern: &PersonChange) -> PersonChange {
    const SOUNDS: [&str; 8] = ["kal", "tor", "pel", "fen", "sim", "mar", "lud", "ron"];
    let sound = |place: u32| SOUNDS[number / 8_usize.pow(place) % 8];
    let name = format!("Ada {}{}{}{}", sound(0), sound(1), sound(2), sound(3));
    let born = format!("19{}-{:02}-{:02}", 25 + number % 25, 1 + number % 12, 1 + number % 28);
    PersonChange {
        name: PersonName::parse(&name).ok(),
        date_of_birth: BirthDate::parse(&born).ok(),
        nhs_number: None,
        bedroom: Bedroom::parse(&(100 + number).to_string()).ok(),
        ..pattern.clone()
    }
}
