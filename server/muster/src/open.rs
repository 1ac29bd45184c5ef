//! `muster open`: opens a room for a real incident.

use clap::Args;
use jiff::{civil::DateTime, tz::TimeZone};
use node::{
    clock::{SystemClock, fresh_id},
    operator::OpenRequest,
    say,
};
use proto::{
    deadline::Deadline,
    id::{SiteId, Time},
    incident::{Cause, Incident, IncidentKind, Service, Timescale},
    site::{Site, SiteKind},
    text::{Line, Note, Short, Telephone},
};
use serde::de::DeserializeOwned;

use super::{Data, Failure};

/// Arguments of `muster open`.
#[derive(Debug, Args)]
pub(super) struct OpenArgs {
    #[command(flatten)]
    data: Data,
    /// The name of the home or service, as screens show it.
    #[arg(long, value_parser = Short::parse)]
    title: Short,
    /// Why it closes: regulator-closure, commissioner-termination, premises-damage, owner-closure, redesign
    /// or staff-loss.
    #[arg(long, value_parser = word::<Cause>)]
    cause: Cause,
    /// The kind of service: residential, supported-living, home-care, day-service or other.
    #[arg(long, value_parser = word::<Service>, default_value = "residential")]
    service: Service,
    /// A planned exit rather than a sudden failure.
    #[arg(long)]
    planned: bool,
    /// The address of the home.
    #[arg(long, value_parser = Line::parse)]
    address: Option<Line>,
    /// The telephone number of the incident room.
    #[arg(long, value_parser = Telephone::parse)]
    telephone: Option<Telephone>,
    /// The order under which the home closes, in words.
    #[arg(long, value_parser = Line::parse)]
    order: Option<Line>,
    /// Other contacts who must be reached, in words.
    #[arg(long, value_parser = Note::parse)]
    contacts: Option<Note>,
    /// When the premises must be empty, in UK local time: 2026-11-21T20:00.
    #[arg(long, requires = "set_by")]
    deadline: Option<DateTime>,
    /// The body or role that set the deadline; never a person's name.
    #[arg(long, value_parser = Short::parse)]
    set_by: Option<Short>,
    /// The reason for this deadline.
    #[arg(long, value_parser = Line::parse, default_value = "as set")]
    why: Line,
}

pub(super) async fn run(args: OpenArgs) -> Result<(), Failure> {
    let node = args.data.node()?;
    let request = args.request()?;
    let opened = node.open(&request).await?;
    say::line(&opened.room.to_string());
    Ok(())
}

impl OpenArgs {
    fn request(self) -> Result<OpenRequest, Failure> {
        let deadline = match (self.deadline, self.set_by) {
            (Some(local), Some(set_by)) => {
                Some(Deadline { at: moment(local)?, set_by, why: self.why })
            }
            (Some(_) | None, _) => None,
        };
        let site = |name, kind, address| Site {
            site: SiteId(fresh_id(&SystemClock)),
            name,
            kind,
            address,
        };
        let room =
            Short::parse("Incident room").map_err(|error| Failure::Words(error.to_string()))?;
        let sites = vec![
            site(self.title.clone(), SiteKind::Home, self.address),
            site(room, SiteKind::IncidentRoom, None),
        ];
        let (kind, timescale) = if self.planned {
            (IncidentKind::Exit, Timescale::Planned)
        } else {
            (IncidentKind::Failure, Timescale::Immediate)
        };
        let incident = Incident {
            title: self.title,
            kind,
            cause: self.cause,
            service: self.service,
            timescale,
            telephone: self.telephone,
            order: self.order,
            contacts: self.contacts,
        };
        Ok(OpenRequest { room: None, incident, sites, deadline })
    }
}

/// Converts a UK local time to a moment; refuses a time that is ambiguous or does not exist.
fn moment(local: DateTime) -> Result<Time, Failure> {
    let words = |why: String| Failure::Words(format!("the deadline {local} is invalid: {why}"));
    let zone = TimeZone::get("Europe/London").map_err(|error| words(error.to_string()))?;
    let there = zone.to_ambiguous_zoned(local).unambiguous();
    there.map(|moment| Time(moment.timestamp().as_millisecond())).map_err(|e| words(e.to_string()))
}

/// Parses a wire value, written with hyphens or underscores.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_value(text.replace('-', "_").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_in_uk_local_time() {
        let summer = moment("2026-07-01T20:00".parse().unwrap()).unwrap();
        assert_eq!(summer, Time(1_782_932_400_000));
        assert!(moment("2026-10-25T01:30".parse().unwrap()).is_err());
    }
}
