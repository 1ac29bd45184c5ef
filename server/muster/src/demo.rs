//! `muster demo`: runs a node on this machine only, with a fictional home in it.

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

/// Default speed of the day, as a multiple of real time: the day takes five minutes.
const SPEED: u32 = 180;
/// Maximum speed: a day any faster is impossible to follow.
const SPEED_MAX: u32 = 3_600;
/// Milliseconds between heartbeats while the day runs fast: screens take the time from heartbeats, and a
/// slower rate would leave their clocks many minutes behind.
const DAY_BEAT_MS: u64 = 500;

/// Arguments of `muster demo`.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// The port to listen on; 0 picks a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Print the links as one line of JSON.
    #[arg(long)]
    links_json: bool,
    /// Keep the room in this folder; by default it is deleted when the demo ends.
    #[arg(long = "data", value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Play the day of the closure with real clients: the team arrives at 06:41, and the day runs from there.
    #[arg(long)]
    play: bool,
    /// Speed of the day as a multiple of real time: 1 is real time, 0 is paused.
    #[arg(long, requires = "play", value_name = "N", default_value_t = SPEED,
        value_parser = speed)]
    speed: u32,
    /// Play as fast as the room can answer until this time of day, such as 11:30.
    #[arg(long, requires = "play", value_name = "HH:MM", value_parser = play::asked)]
    until: Option<Time>,
}

pub(super) async fn run(args: DemoArgs) -> Result<(), Failure> {
    trace::begin(LogStyle::Human, "warn");
    let temporary = tempfile::tempdir()
        .map_err(|error| Failure::Words(format!("cannot create a temporary folder: {error}")))?;
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

/// Parses a speed, or returns an error message.
fn speed(text: &str) -> Result<u32, String> {
    let asked = text.parse().ok().filter(|times| *times <= SPEED_MAX);
    asked.ok_or_else(|| {
        format!(
            "give a whole number: 0 is paused, 1 is real time, the fastest is up to {SPEED_MAX}"
        )
    })
}

/// Runs a node on the story clock and plays the day in a fresh room.
async fn run_day(args: &DemoArgs, folder: &Path) -> Result<(), Failure> {
    let clock = Arc::new(StoryClock::new(play::begins()?));
    let config = Config { beat_ms: DAY_BEAT_MS, ..Config::loopback(args.port) };
    let house = House::open(config, folder.to_owned(), clock).await?;
    let opened = {
        let running = house.node().await?;
        if known_room(&running).await?.is_some() {
            drop(running);
            house.stop().await;
            let words = "the day needs a fresh room: give --data a folder that does not have one";
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

/// Plays the day and keeps watching its screens; returns only on an error.
async fn go_through(mut day: Day<'_>) -> PlayError {
    let watch = day.watch();
    let through = async {
        let report = match day.play().await {
            Ok(report) => report,
            Err(error) => return error,
        };
        say::line(&format!(
            "The day is over. {report} The room stays open; press Ctrl-C to end the demo."
        ));
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
        "Harbour Rise is open on this machine only. Each link opens one screen:\n\n  \
         the lead's desk          {desk}\n  \
         the wall screen          {wall}\n  \
         a social worker's phone  {phone}\n  \
         a director's sitrep      {sitrep}\n\n\
         The room is {room}. Press Ctrl-C to end the demo."
    ));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_a_whole_number_up_to_the_limit() {
        assert_eq!((speed("0"), speed("1"), speed("3600")), (Ok(0), Ok(1), Ok(3_600)));
        for bad in ["", "-1", "1.5", "fast", "3601", "99999999999"] {
            assert!(speed(bad).unwrap_err().ends_with("to 3600"), "{bad}");
        }
    }
}
