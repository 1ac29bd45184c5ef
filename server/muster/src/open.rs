//! `muster open`: a room for a real incident.

use clap::{Args, ValueEnum};
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

use super::{Data, Failure};

/// What `muster open` takes.
#[derive(Debug, Args)]
pub(super) struct OpenArgs {
    #[command(flatten)]
    data: Data,
    /// The name of the home or service, as boards show it.
    #[arg(long, value_parser = Short::parse)]
    title: Short,
    /// Why it closes.
    #[arg(long, value_enum)]
    cause: Why,
    /// What kind of service it is.
    #[arg(long, value_enum, default_value_t = Kind::Residential)]
    service: Kind,
    /// A planned exit rather than a failure.
    #[arg(long)]
    planned: bool,
    /// Where the home is.
    #[arg(long, value_parser = Line::parse)]
    address: Option<Line>,
    /// The incident room's telephone.
    #[arg(long, value_parser = Telephone::parse)]
    telephone: Option<Telephone>,
    /// The order under which the home closes, in words.
    #[arg(long, value_parser = Line::parse)]
    order: Option<Line>,
    /// Who else must be reached, in words.
    #[arg(long, value_parser = Note::parse)]
    contacts: Option<Note>,
    /// When the premises must be empty, by the clocks of the country: 2026-11-21T20:00.
    #[arg(long, requires = "set_by")]
    deadline: Option<DateTime>,
    /// The body or role that set the deadline; never a person's name.
    #[arg(long, value_parser = Short::parse)]
    set_by: Option<Short>,
    /// Why this time.
    #[arg(long, value_parser = Line::parse, default_value = "as set")]
    why: Line,
}

/// Why it closes.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Why {
    RegulatorClosure,
    CommissionerTermination,
    PremisesDamage,
    OwnerClosure,
    Redesign,
    StaffLoss,
}

/// What kind of service it is.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Residential,
    SupportedLiving,
    HomeCare,
    DayService,
    Other,
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
            cause: self.cause.into(),
            service: self.service.into(),
            timescale,
            telephone: self.telephone,
            order: self.order,
            contacts: self.contacts,
        };
        Ok(OpenRequest { room: None, incident, sites, deadline })
    }
}

/// Returns the moment of a local time of the country; one that the clocks show twice is refused.
fn moment(local: DateTime) -> Result<Time, Failure> {
    let words = |why: String| Failure::Words(format!("the deadline {local} cannot be used: {why}"));
    let zone = TimeZone::get("Europe/London").map_err(|error| words(error.to_string()))?;
    let there = zone.to_ambiguous_zoned(local).unambiguous();
    there.map(|moment| Time(moment.timestamp().as_millisecond())).map_err(|e| words(e.to_string()))
}

impl From<Why> for Cause {
    fn from(why: Why) -> Self {
        match why {
            Why::RegulatorClosure => Self::RegulatorClosure,
            Why::CommissionerTermination => Self::CommissionerTermination,
            Why::PremisesDamage => Self::PremisesDamage,
            Why::OwnerClosure => Self::OwnerClosure,
            Why::Redesign => Self::Redesign,
            Why::StaffLoss => Self::StaffLoss,
        }
    }
}

impl From<Kind> for Service {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Residential => Self::Residential,
            Kind::SupportedLiving => Self::SupportedLiving,
            Kind::HomeCare => Self::HomeCare,
            Kind::DayService => Self::DayService,
            Kind::Other => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_by_the_clocks_of_the_country() {
        let summer = moment("2026-07-01T20:00".parse().unwrap()).unwrap();
        assert_eq!(summer, Time(1_782_932_400_000));
        assert!(moment("2026-10-25T01:30".parse().unwrap()).is_err());
    }
}
