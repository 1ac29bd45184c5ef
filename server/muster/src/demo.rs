//! `muster demo`: a node on this machine alone, with an invented home in it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use demo::{
    entrance::{Links, WORKER, known_room, links, set_up},
    play::{self, Day, House, How, PlayError},
};
use intake::staff;
use node::{
    clock::{Pace, StoryClock},
    config::Config,
    say,
    trace::{self, LogStyle},
    wiring::{self, Setup},
};
use proto::id::Time;

use super::{Failure, serve};

/// How much faster than the world's the day goes when nobody says otherwise: it takes five minutes.
const SPEED: u32 = 180;
/// Faster than this, nobody could follow it.
const SPEED_MAX: u32 = 3_600;
/// Milliseconds between two beats while the day goes faster than the world: screens take the time from
/// beats, and would show one that is many minutes old.
const DAY_BEAT_MS: u64 = 500;

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
