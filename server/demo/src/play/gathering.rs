//! The team comes in: a pasted roster, a door code on the whiteboard, and one approval for everybody who
//! asks.

use std::collections::BTreeMap;

use hyper::Method;
use node::client::Client;
use proto::{
    command::Command,
    door::{self, Admission, AskerRow},
    entrance::{AskRequest, AtDoor, DoorAnswer, DoorRequest},
    expected::{self, Expected, ExpectedRow},
    id::{MemberId, PersonId, Time},
    limit::COMMANDS_MAX,
    role::Audience,
    row::Row,
    worker,
};

use super::{
    Day,
    cast::Part,
    deed::{Asked, Deed},
    error::PlayError,
    player::{Door, Player},
    prompt::LOGGIST,
    screen::{Held, Screen},
    story::{Turn, hour},
};

/// The lead, who pastes the roster, opens the door and approves the requests.
const LEAD: &str = "S01";
/// When the lead opens the door.
const OPENS: &str = "06:40";
/// Hours that the door stays open: people who come later have a link.
const OPEN_HOURS: u8 = 1;
/// The person whose phone is one of the watched screens.
const WATCHED: &str = "S14";

/// The team while it gathers.
#[derive(Debug)]
pub(super) struct Gathering {
    /// When the door opens.
    pub(super) opens: Time,
    /// The people who come in by code, by label.
    by_code: Vec<String>,
    /// The named social worker of each person, by the roster's ids.
    workers: Vec<(PersonId, MemberId)>,
}

impl Gathering {
    /// Reads from the day who comes in by code.
    pub(super) fn read(
        turns: &[Turn],
        workers: Vec<(PersonId, MemberId)>,
    ) -> Result<Self, PlayError> {
        let comes = |turn: &&Turn| turn.kind == "sign_on" && turn.words().starts_with("door code");
        let by_code = turns.iter().filter(comes).map(|turn| turn.who.clone()).collect();
        Ok(Self { opens: hour(OPENS)?, by_code, workers })
    }
}

impl Day<'_> {
    /// Lets in everybody who comes by code, and names the social workers among them.
    pub(super) async fn gather(&mut self, team: Gathering) -> Result<(), PlayError> {
        let Gathering { by_code, workers, .. } = team;
        let parts = by_code.iter().map(|label| self.prompter.cast.part(label).cloned());
        let parts: Vec<Part> = parts.collect::<Result<_, _>>()?;
        let expected =
            |part: &Part| Expected { member: part.member, profile: part.profile.clone() };
        let members = parts.iter().map(expected).collect();
        self.does(LEAD, [Command::from(expected::Plan::Expect { members })]).await?;
        let code = self.open_door().await?;
        let mut asking = Vec::new();
        for part in &parts {
            asking.push(self.door.ask(&code, part).await?);
        }
        let admissions = self.waiting(parts.len()).await?;
        self.does(LEAD, [Command::from(door::Plan::LetIn { admissions })]).await?;
        let mut came = BTreeMap::new();
        for ((label, part), page) in by_code.iter().zip(&parts).zip(asking) {
            let (player, member) = self.door.enter(page).await?;
            self.prompter.cast.came_in(label, member)?;
            came.insert(part.member, member);
            if label == WATCHED {
                self.screens.insert(player.face, Screen::follow(&player, false, &self.wrong));
            }
            self.players.insert(label.clone(), player);
            self.report.logins += 1;
        }
        let named = workers.into_iter().map(|(person, worker)| {
            Command::from(worker::Plan::Name {
                person,
                worker: Some(*came.get(&worker).unwrap_or(&worker)),
            })
        });
        let named: Vec<Command> = named.collect();
        for some in named.chunks(COMMANDS_MAX) {
            self.does(LOGGIST, some.iter().cloned()).await?;
        }
        let told =
            format!("{} ask at the door by its code; one approval lets them in", by_code.len());
        self.say(format!("{OPENS}  {told}"));
        Ok(())
    }

    async fn does(
        &mut self,
        who: &str,
        commands: impl IntoIterator<Item = Command>,
    ) -> Result<(), PlayError> {
        let asked = commands.into_iter().map(Asked::taken).collect();
        self.send(Deed { by: who.to_owned(), asked }).await.map(drop)
    }

    async fn open_door(&self) -> Result<String, PlayError> {
        let lead = self.players.get(LEAD);
        let lead = lead.ok_or_else(|| PlayError::Story("the lead is not in".to_owned()))?;
        let path = format!("/api/rooms/{}/door", lead.room);
        let asked = DoorRequest { hours: OPEN_HOURS };
        Ok(lead.client.post::<DoorAnswer>(&path, &asked).await?.code)
    }

    /// Waits until the desk shows `count` people at the door; returns each with the roles that the roster
    /// offers.
    async fn waiting(&mut self, count: usize) -> Result<Vec<Admission>, PlayError> {
        let desk = self.screen(Audience::Desk)?;
        desk.until("who is at the door", |held| admissions(held).len() == count).await?;
        Ok(admissions(&desk.held()))
    }
}

impl Door {
    /// Asks to come in, as the page behind the code does.
    async fn ask(&self, code: &str, part: &Part) -> Result<Client, PlayError> {
        let Part { profile, face, .. } = part.clone();
        let asked = AskRequest {
            code: code.to_owned(),
            name: profile.name,
            organisation: profile.organisation,
            job: profile.job,
            mobile: profile.mobile,
            wishes: profile.roles,
            face,
        };
        let page = self.page();
        let reply = page.post_for_reply("/api/door/ask", &asked).await?;
        match reply.read()? {
            AtDoor::Waiting { .. } => Ok(page.with("cookie", &reply.cookie())),
            AtDoor::In { .. } | AtDoor::TurnedAway | AtDoor::NotAsking => {
                Err(PlayError::Story("nobody is let in before the lead says so".to_owned()))
            }
        }
    }

    /// Takes up the login of a person who was let in.
    async fn enter(&self, asking: Client) -> Result<(Player, MemberId), PlayError> {
        let reply = asking.ask(Method::POST, "/api/door/enter", None).await?;
        let AtDoor::In { me } = reply.read()? else {
            return Err(PlayError::Story(
                "the lead let them in, but the server did not".to_owned(),
            ));
        };
        let stranger = || PlayError::Story("a login by door code has no member".to_owned());
        let member = me.member.ok_or_else(stranger)?;
        Ok((Player::of(self.page(), &reply, &me), member))
    }
}

/// Returns the people waiting at the door, as a desk shows them, each with the roles that the roster offers.
fn admissions(held: &Held) -> Vec<Admission> {
    let expected = held.rows.values().filter_map(|row| {
        let Row::Expected(ExpectedRow { member, roles, .. }) = row else { return None };
        Some((*member, roles))
    });
    let offered: BTreeMap<_, _> = expected.collect();
    let waiting = held.rows.values().filter_map(|row| {
        let Row::Asker(AskerRow { asking, expected, .. }) = row else { return None };
        let roles = (*offered.get(expected.as_ref()?)?).clone();
        Some(Admission { asking: *asking, roles })
    });
    waiting.collect()
}
