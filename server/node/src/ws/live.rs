//! An active socket: it reads from its client, follows its room, and sends heartbeats.

use std::{pin::pin, time::Duration};

use hub::{Author, Ended, Follower, Join, Step};
use proto::{
    close::Close,
    frame::{ClientFrame, ServerFrame, Why},
    id::{Cursor, DeviceId, RoomId, Seq},
    limit,
    role::Audience,
};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::Instant,
};

use super::{
    beat::{self, Beats},
    budget::Budget,
    company::Company,
    end::End,
    hello,
    pipe::{Heard, Pipe},
};
use crate::{
    catch_up::TooMany,
    login::{self, Login},
    node::Node,
    stop::Stopping,
};

/// The followed room was reloaded.
const REOPENED: End = End::Close(Close::RoomReopened);
/// The timeout for looking up the login, so that heartbeats go on.
const LOGIN: Duration = Duration::from_millis(limit::LOGINS_AGAIN_MS);
/// A larger frame could never fit into the unsent buffer; a snapshot replaces it.
const FRAME_BYTES_MAX: usize = limit::SOCKET_UNSENT_BYTES_MAX - 2 * limit::SOCKET_WRITE_BYTES;

/// What a socket keeps of its login.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pass {
    pub(super) room: RoomId,
    pub(super) audience: Audience,
    pub(super) author: Author,
    pub(super) device: DeviceId,
    pub(super) token_hash: [u8; 32],
}

impl Pass {
    pub(super) fn of(login: &Login, token_hash: [u8; 32]) -> Self {
        Self {
            room: login.room,
            audience: login.audience,
            author: login::author(login),
            device: login.device,
            token_hash,
        }
    }
}

/// The followed room. A login has one room and one audience, so there is one.
#[derive(Debug)]
struct Following {
    follower: Follower,
    /// The roster version at the last check of the right to follow.
    roster: Seq,
}

/// An active socket.
#[derive(Debug)]
pub(super) struct Live<'a> {
    node: &'a Node,
    pass: Pass,
    following: Option<Following>,
    budget: Budget,
    beats: Beats,
    endings: broadcast::Receiver<DeviceId>,
    stopping: Stopping,
    company: Company,
}

/// An event of the loop.
#[derive(Debug)]
enum Happened {
    Heard(Result<Heard, End>),
    Changed(Result<(), Ended>),
    Company,
    Beat,
    LoginEnded(Result<DeviceId, RecvError>),
    Stopping,
}

impl<'a> Live<'a> {
    pub(super) fn new(node: &'a Node, pass: Pass, endings: broadcast::Receiver<DeviceId>) -> Self {
        Self {
            node,
            following: None,
            budget: Budget::new(),
            beats: Beats::new(node.beat_ms),
            endings,
            stopping: node.stop.listen(),
            company: Company::of(node, &pass),
            pass,
        }
    }

    /// Runs until the socket ends, and returns why.
    pub(super) async fn follow(mut self, pipe: &mut Pipe) -> End {
        loop {
            // Every branch is cancel safe: nothing is written here. Reasons to end come first, so that
            // nothing is shown after them (I-18).
            let happened = tokio::select! {
                biased;
                device = self.endings.recv() => Happened::LoginEnded(device),
                _ = self.stopping.wait() => Happened::Stopping,
                () = self.beats.next() => Happened::Beat,
                heard = pipe.hear() => Happened::Heard(heard),
                changed = changed(&mut self.following) => Happened::Changed(changed),
                () = self.company.changed(), if self.following.is_some() => Happened::Company,
            };
            let done = match happened {
                Happened::Heard(Ok(heard)) => Box::pin(self.hear(heard, pipe)).await,
                Happened::Heard(Err(end)) => Err(end),
                Happened::Changed(Ok(())) => self.step(pipe).await,
                Happened::Changed(Err(Ended)) => Err(REOPENED),
                Happened::Company => self.tell_company(pipe).await,
                Happened::Beat => Box::pin(self.beat(pipe)).await,
                Happened::LoginEnded(device) => Box::pin(self.login_ended(device)).await,
                Happened::Stopping => Err(End::Stopping),
            };
            if let Err(end) = done {
                return end;
            }
        }
    }

    async fn hear(&mut self, heard: Heard, pipe: &mut Pipe) -> Result<(), End> {
        let now = Instant::now();
        if self.budget.is_spent(now) {
            return Err(End::Close(Close::TooMany));
        }
        self.beats.heard(now);
        self.company.heard();
        match heard {
            Heard::Life | Heard::Frame(ClientFrame::Pong { .. }) => Ok(()),
            Heard::Frame(ClientFrame::Sub { room, audience, at }) => {
                self.subscribe(room, audience, at, pipe).await
            }
            Heard::Frame(ClientFrame::Look { room, person }) => {
                let taken = room == self.pass.room && self.company.looks_at(person);
                if taken { Ok(()) } else { Err(End::Close(Close::NotYours)) }
            }
            Heard::Frame(ClientFrame::Hello { v }) if v == proto::frame::VERSION => {
                hello::welcome(self.node, pipe).await
            }
            Heard::Frame(ClientFrame::Hello { .. }) => Err(End::Close(Close::Version)),
            #[cfg(plant = "strange_unanswered")]
            Heard::Strange(_) => Err(End::Gone),
            #[cfg(not(plant = "strange_unanswered"))]
            Heard::Strange(_) => Err(End::Close(Close::Malformed)),
        }
    }

    async fn subscribe(
        &mut self,
        room: RoomId,
        audience: Audience,
        at: Option<Cursor>,
        pipe: &mut Pipe,
    ) -> Result<(), End> {
        self.following = None;
        if (room, audience) != (self.pass.room, self.pass.audience) {
            return Err(End::Close(Close::NotYours));
        }
        let joined = self.node.hub.join(room, audience, at).await.map_err(failed)?;
        // The right is checked after joining, so that a roster change in between is not missed.
        match joined {
            Join::Following(follower) => {
                let roster = follower.roster();
                self.ask_right().await?;
                self.wait_for_turn(follower.missed_bytes()).await?;
                self.following = Some(Following { follower, roster });
                self.tell_head(pipe).await
            }
            Join::Resync(why) => {
                self.ask_right().await?;
                self.resync(why, pipe).await
            }
        }
    }

    /// Waits for a turn to send what was missed, while watching for reasons to end.
    async fn wait_for_turn(&mut self, bytes: usize) -> Result<(), End> {
        let mut turn = pin!(self.node.catch_up.turn(bytes));
        loop {
            let device = tokio::select! {
                biased;
                device = self.endings.recv() => device,
                _ = self.stopping.wait() => return Err(End::Stopping),
                turn = &mut turn => return turn.map_err(|TooMany| End::Close(Close::GoingAway)),
            };
            Box::pin(self.login_ended(device)).await?;
        }
    }

    /// Writes one step; if there is more, the follower is ready again at once.
    async fn step(&mut self, pipe: &mut Pipe) -> Result<(), End> {
        let Some(following) = &mut self.following else { return Ok(()) };
        let frames = match following.follower.step().await.map_err(|Ended| REOPENED)? {
            Step::UpToDate => {
                tokio::task::yield_now().await;
                return Ok(());
            }
            Step::Resync(why) => return Box::pin(self.resync(why, pipe)).await,
            Step::Frames(frames) => frames,
        };
        // Before anything is written: a client that lost the right gets nothing that came after (I-18).
        let roster = following.follower.roster();
        if roster != following.roster {
            following.roster = roster;
            Box::pin(self.ask_right()).await?;
        }
        if frames.iter().any(|frame| frame.len() > FRAME_BYTES_MAX) {
            return Box::pin(self.resync(Why::Smaller, pipe)).await;
        }
        pipe.write(frames).await?;
        if let Some(following) = &mut self.following {
            following.follower.written();
        }
        Ok(())
    }

    /// Sends presence to a desk, unless its right is about to be checked again (I-18).
    async fn tell_company(&mut self, pipe: &mut Pipe) -> Result<(), End> {
        let frame = self.company.frame();
        match &self.following {
            Some(following) if following.follower.roster() == following.roster => {
                pipe.write(frame.into_iter().collect()).await
            }
            Some(_) | None => Ok(()),
        }
    }

    async fn resync(&mut self, why: Why, pipe: &mut Pipe) -> Result<(), End> {
        self.following = None;
        self.node.tally.resyncs.add(why);
        let Pass { room, audience, .. } = self.pass;
        pipe.tell(&ServerFrame::Resync { room, audience, why }).await
    }

    async fn ask_right(&self) -> Result<(), End> {
        let Pass { room, audience, ref author, .. } = self.pass;
        match self.node.hub.may_follow(room, author, audience).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(End::Close(Close::NotYours)),
            Err(error) => Err(failed(error)),
        }
    }

    async fn beat(&mut self, pipe: &mut Pipe) -> Result<(), End> {
        if self.beats.is_silent() {
            return Err(End::Close(Close::Silent));
        }
        self.tell_head(pipe).await?;
        if self.beats.is_login_due() {
            // It is only extended; a hanging registry delays no heartbeat.
            let asked = tokio::time::timeout(LOGIN, self.ask_login()).await;
            asked.unwrap_or(Ok(()))?;
        }
        Ok(())
    }

    async fn tell_head(&self, pipe: &mut Pipe) -> Result<(), End> {
        match &self.following {
            Some(following) => {
                pipe.tell(&beat::beat(self.node, self.pass.room, following.follower.head())).await
            }
            None => Ok(()),
        }
    }

    async fn login_ended(&self, device: Result<DeviceId, RecvError>) -> Result<(), End> {
        match device {
            Ok(device) if device != self.pass.device => Ok(()),
            Ok(_) => Err(End::Close(Close::LoginEnded)),
            Err(RecvError::Lagged(_) | RecvError::Closed) => self.ask_login().await,
        }
    }

    async fn ask_login(&self) -> Result<(), End> {
        match self.node.door.login(self.pass.token_hash).await {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(End::Close(Close::LoginEnded)),
            Err(error) => {
                // The right was proved when the socket opened; it is checked again soon.
                tracing::warn!(%error, device = %self.pass.device, "a login could not be looked up");
                Ok(())
            }
        }
    }
}

/// Waits until there is something after the cursor. Cancel safe.
async fn changed(following: &mut Option<Following>) -> Result<(), Ended> {
    match following {
        Some(following) => following.follower.changed().await,
        None => std::future::pending().await,
    }
}

/// Maps a room failure to an end: after a transient one, the client reconnects.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn failed(error: hub::Error) -> End {
    match error {
        hub::Error::NoRoom => End::Close(Close::NotYours),
        hub::Error::Busy => End::Close(Close::GoingAway),
        hub::Error::Stopped | hub::Error::Journal(_) | hub::Error::Json { .. } => {
            tracing::warn!(%error, "cannot follow a room");
            End::Close(Close::GoingAway)
        }
    }
}
