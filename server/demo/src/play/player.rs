//! A person of the day with their own login, who acts only through the API.

use std::time::Duration;

use hyper::StatusCode;
use node::{
    client::{Client, ClientError, Reply},
    operator::InviteRequest,
};
use proto::{
    command::Envelope,
    http::{CommandsAnswer, CommandsRequest, Me, RedeemRequest},
    id::RoomId,
    outcome::{CommandFate, Fate},
    role::Audience,
};
use tokio::time::Instant;

use super::error::PlayError;

/// The time to earn one request of allowance: a little slower than a node permits.
const BETWEEN: Duration = Duration::from_millis(36);
/// Requests that may be sent in a burst.
const AT_ONCE: u32 = 20;
/// Maximum retries of a request before the day stops.
const TRIES_MAX: u32 = 40;
/// The wait after no answer.
const NO_ANSWER: Duration = Duration::from_millis(250);
/// The wait after a rate-limit answer.
const TOO_MANY: Duration = Duration::from_millis(1_100);

/// A node with its operator API and its pages' origin.
#[derive(Debug, Clone)]
pub(super) struct Door {
    pub(super) url: String,
    pub(super) operator: Client,
}

/// A person with their own login.
#[derive(Debug)]
pub(super) struct Player {
    pub(super) client: Client,
    pub(super) room: RoomId,
    pub(super) face: Audience,
    /// `name=value`, as a browser sends it.
    pub(super) cookie: String,
    /// When the full allowance of requests is restored.
    full_at: Instant,
}

impl Door {
    /// Makes an invite and redeems it, as the join page does.
    pub(super) async fn let_in(&self, request: &InviteRequest) -> Result<Player, PlayError> {
        let made = self.operator.invite(request).await?;
        let strange = || PlayError::Story("an invite's link has no secret".to_owned());
        let (_, secret) = made.link.split_once('#').ok_or_else(strange)?;
        let page = self.page();
        let asked = RedeemRequest { secret: secret.to_owned() };
        let reply = page.post_for_reply("/api/invites/redeem", &asked).await?;
        Ok(Player::of(page, &reply, &reply.read()?))
    }

    /// Returns a client for a page of this node, without a login.
    pub(super) fn page(&self) -> Client {
        Client::new(&self.url).with("origin", &self.url)
    }
}

impl Player {
    /// Returns the player that this answer logged in.
    pub(super) fn of(page: Client, reply: &Reply, me: &Me) -> Self {
        let cookie = reply.cookie();
        let client = page.with("cookie", &cookie).with("x-muster-face", me.audience.word());
        let full_at = Instant::now();
        Self { client, room: me.room, face: me.audience, cookie, full_at }
    }

    /// Sends commands in order, and retries until each has a fate.
    pub(super) async fn send(
        &mut self,
        commands: Vec<Envelope>,
    ) -> Result<Vec<CommandFate>, PlayError> {
        let path = format!("/api/rooms/{}/commands", self.room);
        let request = CommandsRequest { commands };
        for _ in 0..TRIES_MAX {
            self.wait().await;
            match self.client.post::<CommandsAnswer>(&path, &request).await {
                Ok(answer) => match answer.fates.last().map(|told| &told.fate) {
                    Some(Fate::Retry { after_ms, .. }) => {
                        tokio::time::sleep(Duration::from_millis(*after_ms)).await;
                    }
                    Some(Fate::Ok { .. } | Fate::Dup { .. } | Fate::Refused(_)) | None => {
                        return Ok(answer.fates);
                    }
                },
                Err(ClientError::Refused(told)) if told.error == "too_many" => {
                    tokio::time::sleep(TOO_MANY).await;
                }
                // As a phone keeps a tap until it is answered.
                Err(ClientError::NoAnswer { .. }) => tokio::time::sleep(NO_ANSWER).await,
                Err(error) => return Err(error.into()),
            }
        }
        Err(ClientError::Strange { status: StatusCode::SERVICE_UNAVAILABLE }.into())
    }

    /// Waits until the rate limit permits another request: a person does not tap thirty times a second.
    async fn wait(&mut self) {
        let now = Instant::now();
        self.full_at = self.full_at.max(now) + BETWEEN;
        let ahead = self.full_at.duration_since(now);
        tokio::time::sleep(ahead.saturating_sub(BETWEEN * AT_ONCE)).await;
    }
}
