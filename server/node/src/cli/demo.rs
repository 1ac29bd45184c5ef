//! `muster demo`: a node on this machine alone, with an invented home in it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::Args;
use hub::{Author, Clock as _};
use intake::staff;
use proto::{
    command::Envelope,
    id::{MemberId, RoomId, Time},
    limit,
    member::{Actor, Profile},
    outcome::Fate,
    role::{Audience, Ceiling, Role},
    text::PersonName,
};
use serde::Serialize;

use super::{Failure, serve};
use crate::{
    client::Client,
    clock::{Pace, StoryClock, SystemClock, fresh_id},
    config::Config,
    harbour_rise,
    operator::InviteRequest,
    play::{self, Day, House, How, PlayError},
    say,
    trace::{self, LogStyle},
    wiring::{self, Running, Setup},
};

/// Hours for which the demo's links last.
const LINK_HOURS: i64 = 30 * 24;
/// The lead co-ordinating manager, by the label of the invented team.
const LEAD: &str = "S01";
/// A named social worker at the home, likewise.
const WORKER: &str = "S15";
/// How much faster than the world's the day goes when nobody says otherwise: it takes five minutes.
const SPEED: u32 = 180;
/// Faster than this, nobody could follow it.
const SPEED_MAX: u32 = 3_600;
/// Milliseconds between two beats while the day goes faster than the world: screens take the time from
/// beats, and would show one that is many minutes old.
const DAY_BEAT_MS: u64 = 500;
/// How often a batch is sent again when the room is busy.
const TRIES_MAX: u32 = 20;

/// What `muster demo` takes.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// The port to listen on; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Print the links as one line of JSON.
    #[arg(long)]
    links_json: bool,
    /// Keep the room in this folder; otherwise it is forgotten in the end.
    #[arg(long = "data", value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Let the day of the closure happen, by real clients: the team is in at 06:41, and the day goes on.
    #[arg(long)]
    play: bool,
    /// How many times as fast as the world the day goes: 1 is as fast, 0 stands still.
    #[arg(long, requires = "play", value_name = "N", default_value_t = SPEED,
        value_parser = speed)]
    speed: u32,
    /// Play as fast as the room answers up to this hour of the day, such as 11:30.
    #[arg(long, requires = "play", value_name = "HH:MM", value_parser = play::asked)]
    until: Option<Time>,
}

/// The ways into the demo.
#[derive(Debug, Serialize)]
struct Links {
    desk: String,
    wall: String,
    phone: String,
    sitrep: String,
    room: RoomId,
}

pub(super) async fn run(args: DemoArgs) -> Result<(), Failure> {
    trace::begin(LogStyle::Human, "warn");
    let temporary = tempfile::tempdir()
        .map_err(|error| Failure::Words(format!("no temporary folder can be made: {error}")))?;
    let folder = args.folder.clone().unwrap_or_else(|| temporary.path().to_owned());
    if args.play {
        return Box::pin(run_day(&args, &folder)).await;
    }
    let running = wiring::start(Setup::folder(Config::loopback(args.port), &folder)).await?;
    let room = match known_room(&running).await? {
        Some(room) => room,
        None => set_up(&running).await?,
    };
    let links = links(&running, room, staff::id(room, WORKER)).await?;
    tell(&links, args.links_json)?;
    serve::until_stopped(running.ended(), running.stop(), std::future::pending()).await
}

/// Returns the speed that somebody asked for, or the words that say what is wrong with it.
fn speed(text: &str) -> Result<u32, String> {
    let asked = text.parse().ok().filter(|times| *times <= SPEED_MAX);
    asked.ok_or_else(|| {
        format!(
            "say a whole number from 0, which stands still, over 1, the world's, to {SPEED_MAX}"
        )
    })
}

/// Runs a node whose clock is the day's, and plays the day in a fresh room.
async fn run_day(args: &DemoArgs, folder: &Path) -> Result<(), Failure> {
    let clock = Arc::new(StoryClock::new(play::begins()?));
    let config = Config { beat_ms: DAY_BEAT_MS, ..Config::loopback(args.port) };
    let house = House::open(config, folder.to_owned(), clock).await?;
    let opened = {
        let running = house.node().await?;
        if known_room(&running).await?.is_some() {
            drop(running);
            house.stop().await;
            let words = "the day is played in a fresh room: give --data a folder without one";
            return Err(Failure::Words(words.to_owned()));
        }
        play::open(running.url(), &running.operator_token()).await?
    };
    let room = opened.room;
    let how = How { pace: Pace::Times(args.speed), until: args.until, keeps: false };
    let day = Day::begin(opened, &house, how, &say::line).await?;
    let worker = day.member(WORKER)?;
    tell(&links(&*house.node().await?, room, worker).await?, args.links_json)?;
    let failing = Box::pin(async { go_through(day).await.into() });
    serve::until_stopped(house.ended(), house.stop(), failing).await
}

/// Plays the day and goes on watching its screens; ends only when something is wrong.
async fn go_through(mut day: Day<'_>) -> PlayError {
    let watch = day.watch();
    let through = async {
        let report = match day.play().await {
            Ok(report) => report,
            Err(error) => return error,
        };
        say::line(&format!("The day is over. {report} The room goes on; Ctrl-C ends the demo."));
        std::future::pending().await
    };
    tokio::select! {
        wrong = watch => wrong,
        error = through => error,
    }
}

fn tell(links: &Links, as_json: bool) -> Result<(), Failure> {
    if as_json {
        let line = serde_json::to_string(links);
        say::line(&line.map_err(|error| Failure::Words(error.to_string()))?);
        return Ok(());
    }
    let Links { desk, wall, phone, sitrep, room } = links;
    say::line(&format!(
        "Harbour Rise is open, on this machine alone. Each link is one face:\n\n  \
         the lead's desk          {desk}\n  \
         the wall screen          {wall}\n  \
         a social worker's phone  {phone}\n  \
         a director's sitrep      {sitrep}\n\n\
         The room is {room}. Ctrl-C ends the demo."
    ));
    Ok(())
}

/// Returns the room of a folder that was used before.
async fn known_room(running: &Running) -> Result<Option<RoomId>, Failure> {
    let rooms = running.journal().rooms().await;
    let rooms = rooms.map_err(|error| Failure::Words(error.to_string()))?;
    Ok(rooms.first().copied())
}

/// Opens the room and brings in its people, as the importer does, and what its team has recorded.
async fn set_up(running: &Running) -> Result<RoomId, Failure> {
    let room = RoomId(fresh_id(&SystemClock));
    let now = SystemClock.now();
    let importer = Author { actor: Actor::Importer, ceiling: None, device: None };
    for batch in harbour_rise::envelopes(room, now)?.chunks(limit::COMMANDS_MAX) {
        send(running, room, importer, batch).await?;
    }
    for (member, fact) in harbour_rise::in_hospital(room, now)? {
        let actor = Actor::Member(member);
        let by = Author { actor, ceiling: Some(Ceiling::Staff), device: None };
        send(running, room, by, &[fact]).await?;
    }
    Ok(room)
}

/// Sends a batch until all of it is decided. A refusal is a fault of the demo.
async fn send(
    running: &Running,
    room: RoomId,
    by: Author,
    batch: &[Envelope],
) -> Result<(), Failure> {
    for _ in 0..TRIES_MAX {
        let fates = running.hub().submit(room, by, batch.to_vec()).await;
        let fates = fates.map_err(|error| Failure::Words(error.to_string()))?;
        let mut is_decided = true;
        for told in fates {
            match told.fate {
                Fate::Ok { .. } | Fate::Dup { .. } => {}
                Fate::Refused(no) => {
                    let words = format!("Harbour Rise does not fit the rules: {}", no.words);
                    return Err(Failure::Words(words));
                }
                Fate::Retry { after_ms, .. } => {
                    is_decided = false;
                    tokio::time::sleep(Duration::from_millis(after_ms)).await;
                }
            }
        }
        if is_decided {
            return Ok(());
        }
    }
    Err(Failure::Words("the demo's room stayed busy".to_owned()))
}

/// Makes the four links, through the operator's own way in; the phone's is for the worker as this member.
async fn links(running: &Running, room: RoomId, worker_is: MemberId) -> Result<Links, Failure> {
    let node = Client::new(running.url()).operator(&running.operator_token());
    let named = |name: &str, roles| -> Result<Profile, Failure> {
        let name = PersonName::parse(name).map_err(|error| Failure::Words(error.to_string()))?;
        Ok(Profile { name, organisation: None, job: None, mobile: None, roles })
    };
    let (lead, (_, worker)) = (colleague(room, LEAD)?, colleague(room, WORKER)?);
    let director = named("Harriet Oakley", vec![Role::Director])?;
    let wall = named("Wall screen, incident room", Vec::new())?;
    let link = async |face, profile: Profile, member| {
        let request = InviteRequest {
            room,
            face,
            name: profile.name,
            organisation: profile.organisation,
            job: profile.job,
            mobile: profile.mobile,
            roles: profile.roles,
            outside: false,
            many: true,
            hours: Some(LINK_HOURS),
            member,
        };
        node.invite(&request).await.map(|made| made.link)
    };
    Ok(Links {
        desk: link(Audience::Desk, lead.1, Some(lead.0)).await?,
        wall: link(Audience::Wall, wall, None).await?,
        phone: link(Audience::Phone, worker, Some(worker_is)).await?,
        sitrep: link(Audience::Sitrep, director, None).await?,
        room,
    })
}

/// Returns one of the invented team.
fn colleague(room: RoomId, label: &str) -> Result<(MemberId, Profile), Failure> {
    let team =
        staff::read(harbour_rise::STAFF).map_err(|error| Failure::Words(error.to_string()))?;
    let found = team.into_iter().find(|colleague| colleague.label == label);
    let found = found.ok_or_else(|| Failure::Words(format!("nobody of the team is {label}")))?;
    Ok((staff::id(room, label), found.profile))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_a_whole_number_within_what_can_be_followed() {
        assert_eq!((speed("0"), speed("1"), speed("3600")), (Ok(0), Ok(1), Ok(3_600)));
        for bad in ["", "-1", "1.5", "fast", "3601", "99999999999"] {
            assert!(speed(bad).unwrap_err().ends_with("to 3600"), "{bad}");
        }
    }
}
