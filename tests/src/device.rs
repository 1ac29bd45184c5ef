//! One audience on one device: it redeems an invite, then identifies itself by its cookie.

use node::{
    client::Client,
    operator::{InviteRequest, OpenRequest},
};
use proto::{
    command::{Command, Envelope},
    frame::Rows,
    http::{CommandsAnswer, CommandsRequest, Me, RedeemRequest},
    id::{Cursor, MemberId, PersonId, RoomId, Seq},
    outcome::{CommandFate, Fate},
    role::{Audience, Role},
};

use crate::{
    cast,
    socket::{Socket, Upgrade},
    web::{Answer, Ask, Web},
};

/// A node as its operator and its visitors reach it.
#[derive(Debug, Clone)]
pub struct Door {
    pub web: Web,
    /// The origin of the node's own pages.
    pub origin: String,
    pub operator: Client,
}

/// An invite's secret and its member.
#[derive(Debug, Clone)]
pub struct Invite {
    pub secret: String,
    pub member: MemberId,
}

/// A device with a login.
#[derive(Debug, Clone)]
pub struct Device {
    pub web: Web,
    pub origin: String,
    pub room: RoomId,
    pub face: Audience,
    pub member: MemberId,
    /// `name=value`, as a browser sends it.
    pub cookie: String,
}

impl Door {
    /// Opens a room with a site and these people on its register.
    pub async fn open_room(&self, people: usize) -> RoomId {
        let (incident, sites) = (cast::incident(), vec![cast::site()]);
        let asked = OpenRequest { room: None, incident, sites, deadline: None };
        let room = self.operator.open(&asked).await.unwrap().room;
        for n in 0..people {
            self.sets_up(room, cast::register(n)).await;
        }
        room
    }

    /// Runs a command as the operator's import; it must be accepted.
    pub async fn sets_up(&self, room: RoomId, command: Command) -> Seq {
        let told = self.operator.import(room, vec![cast::asks(command)]).await.unwrap();
        match &told.fates[0].fate {
            Fate::Ok { seq } => *seq,
            other => panic!("{other:?}"),
        }
    }

    pub fn asks_for(room: RoomId, face: Audience, roles: &[Role]) -> InviteRequest {
        InviteRequest {
            room,
            face,
            name: cast::name("Ignatius Vavasour"),
            organisation: None,
            job: None,
            mobile: None,
            roles: roles.to_vec(),
            outside: false,
            many: false,
            hours: None,
            member: None,
        }
    }

    pub async fn invite(&self, asked: &InviteRequest) -> Invite {
        let made = self.operator.invite(asked).await.unwrap();
        let secret = made.link.split_once("/join#").unwrap().1.to_owned();
        Invite { secret, member: made.member }
    }

    /// Redeems an invite, as the join page does.
    pub fn redeem(&self, secret: &str) -> Ask {
        let asked = RedeemRequest { secret: secret.to_owned() };
        self.web.post("/api/invites/redeem").with("origin", &self.origin).json(&asked)
    }

    /// Logs a device in with this invite.
    pub async fn let_in(&self, invite: &Invite) -> Device {
        let answer = self.redeem(&invite.secret).send().await;
        assert!(answer.status.is_success(), "{answer:?}");
        let me: Me = answer.read();
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        Device {
            web: self.web.clone(),
            origin: self.origin.clone(),
            room: me.room,
            face: me.audience,
            member: invite.member,
            cookie,
        }
    }

    /// Invites a member with these roles and logs their device in.
    pub async fn come_in(&self, room: RoomId, face: Audience, roles: &[Role]) -> Device {
        let invite = self.invite(&Self::asks_for(room, face, roles)).await;
        self.let_in(&invite).await
    }

    /// Logs in one more device of the same member.
    pub async fn another(&self, of: &Device, face: Audience, roles: &[Role]) -> Device {
        let asked =
            InviteRequest { member: Some(of.member), ..Self::asks_for(of.room, face, roles) };
        let invite = self.invite(&asked).await;
        self.let_in(&invite).await
    }
}

impl Device {
    /// Adds the headers that this audience's page would send.
    pub fn signed(&self, ask: Ask) -> Ask {
        ask.with("cookie", &self.cookie)
            .with("x-muster-face", self.face.word())
            .with("origin", &self.origin)
    }

    pub fn get(&self, path: &str) -> Ask {
        self.signed(self.web.get(path))
    }

    pub fn post(&self, path: &str) -> Ask {
        self.signed(self.web.post(path))
    }

    pub fn commands_path(&self) -> String {
        format!("/api/rooms/{}/commands", self.room)
    }

    /// Returns the request that sends these commands.
    pub fn sends(&self, commands: &[Envelope]) -> Ask {
        self.post(&self.commands_path()).json(&CommandsRequest { commands: commands.to_vec() })
    }

    /// Sends commands and returns their fates.
    pub async fn fates(&self, commands: &[Envelope]) -> Vec<CommandFate> {
        let answer = self.sends(commands).send().await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        answer.read::<CommandsAnswer>().fates
    }

    /// Sends one command and returns its fate.
    pub async fn fate(&self, command: &Envelope) -> Fate {
        let mut fates = self.fates(std::slice::from_ref(command)).await;
        assert_eq!(fates.len(), 1);
        fates.remove(0).fate
    }

    /// Sends one command that must be accepted, and returns its entry.
    pub async fn does(&self, command: Command) -> Seq {
        match self.fate(&cast::asks(command)).await {
            Fate::Ok { seq } => seq,
            other => panic!("{other:?}"),
        }
    }

    pub fn rows_path(&self) -> String {
        format!("/api/rooms/{}/rows?audience={}", self.room, self.face.word())
    }

    /// Fetches a snapshot.
    pub async fn snapshot(&self) -> Rows {
        let answer = self.get(&self.rows_path()).send().await;
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        answer.read()
    }

    /// Fetches the rows, unless they are those at this cursor.
    pub async fn rows_since(&self, at: Cursor) -> Answer {
        let path = format!("{}&at={}.{}", self.rows_path(), at.seq, at.tag);
        self.get(&path).send().await
    }

    pub fn card(&self, person: PersonId) -> Ask {
        self.get(&format!("/api/rooms/{}/people/{person}", self.room))
    }

    /// Returns the upgrade request of this audience's page.
    pub fn upgrade(&self) -> Upgrade {
        let upgrade = Upgrade::new(self.web.addr(), self.face.word(), &self.origin);
        upgrade.instead("cookie", &self.cookie)
    }

    /// Opens a socket.
    pub async fn socket(&self) -> Socket {
        self.upgrade().open().await.unwrap()
    }

    /// Opens a socket and waits for the welcome.
    pub async fn welcomed(&self) -> Socket {
        let mut socket = self.socket().await;
        socket.hello().await;
        socket
    }

    /// Returns a socket that follows this audience's room from a fresh snapshot.
    pub async fn following(&self) -> Socket {
        let at = self.snapshot().await;
        let mut socket = self.welcomed().await;
        socket.say(&self.sub(Some(Cursor { seq: at.to, tag: at.tag }))).await;
        socket
    }

    /// Returns the frame that subscribes to this audience's room.
    pub const fn sub(&self, at: Option<Cursor>) -> proto::frame::ClientFrame {
        proto::frame::ClientFrame::Sub { room: self.room, audience: self.face, at }
    }
}
