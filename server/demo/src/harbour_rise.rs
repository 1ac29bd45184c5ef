//! Harbour Rise, a fictional home that closes in a day, as commands for a room.

use std::collections::{BTreeMap, BTreeSet};

use intake::{
    error::{Error, Why},
    homes,
    id::derived,
    labels::Labels,
    people::Fate,
    plan::{Plan, Sources},
    staff::{self, Colleague},
    table::{Row, Table},
};
use jiff::{Timestamp, ToSpan, civil, tz::TimeZone};
use proto::{
    command::{Command, Envelope},
    deadline::{self, Deadline},
    details::PersonChange,
    id::{CommandId, MemberId, PersonId, RoomId, SiteId, Time},
    identity::IdentifiedBy,
    incident::{self, Cause, Incident, IncidentKind, Service, Timescale},
    member, needs, register,
    role::Ceiling,
    site::{self, Site, SiteKind},
    text::{Line, Short, Telephone, TextError},
    whereabouts, worker,
};

/// The provider's list.
pub const PEOPLE: &[u8] = include_bytes!("../harbour-rise/people.csv");
/// The decisions about it.
pub const DECISIONS: &[u8] = include_bytes!("../harbour-rise/decisions.toml");
/// The council's records.
pub const COUNCIL: &[u8] = include_bytes!("../harbour-rise/council-records.csv");
/// The team.
pub const STAFF: &[u8] = include_bytes!("../harbour-rise/staff.csv");
/// Homes with possible vacancies.
pub const HOMES: &[u8] = include_bytes!("../harbour-rise/homes.csv");
/// The labels with which these files refer to people.
pub const LABELS: &[u8] = include_bytes!("../harbour-rise/labels.csv");
/// The day, minute by minute.
pub const DAY: &[u8] = include_bytes!("../harbour-rise/day.csv");

/// The list's file name, as the labels use it.
pub const LIST: &str = "people.csv";
/// When the demo starts in the day's timeline: shortly after the order was granted.
const MEETS: &str = "2026-05-22T08:50:30";
/// The hour of the deadline for emptying the home.
const DEADLINE_HOUR: i8 = 20;
/// The minimum hours before the deadline; a demo started later gets the next day's deadline.
const NEEDED_HOURS: i64 = 1;

/// The address of the fictional home. No real postcode ends in these letters.
const HOME_ADDRESS: &str = "1 Harbour Walk, Harbourtown, PO6 4CV";

/// Derives the id of a site from its label: `HR` is the home, `ROOM` the incident room.
pub fn site_id(room: RoomId, label: &str) -> SiteId {
    SiteId(derived(room, &[b"site", label.as_bytes()]))
}

/// Returns the team.
pub fn team() -> Result<Vec<Colleague>, Error> {
    staff::read(STAFF).map_err(|why| why.of("staff.csv"))
}

/// Plans the import of the list, with the decisions and the council's records.
pub fn plan(room: RoomId) -> Result<Plan, Error> {
    let job = |colleague: Colleague| Some((colleague.label, colleague.profile.job?));
    let deciders: BTreeMap<String, Short> = team()?.into_iter().filter_map(job).collect();
    Plan::read(
        room,
        &Sources {
            file_name: LIST,
            people: PEOPLE,
            decisions: Some(DECISIONS),
            council: Some(COUNCIL),
            maps: &[],
            deciders,
            ..Sources::default()
        },
    )
}

/// Returns the whole room as the demo starts: [`opening`], then [`head_start`].
pub fn envelopes(room: RoomId, now: Time) -> Result<Vec<Envelope>, Error> {
    let mut all = opening(room, now)?;
    all.extend(head_start(room)?);
    Ok(all)
}

/// Returns the set-up of the room: incident, sites, deadline, team, homes, people, confirmations, named
/// workers. One person is left unconfirmed and one without a worker, because the day does both.
pub fn opening(room: RoomId, now: Time) -> Result<Vec<Envelope>, Error> {
    let day = Day::read(room)?;
    let stage = Stage { room };
    let words = |error: TextError| {
        let what = error.to_string();
        Why::Value { row: 0, column: "demo".to_owned(), what }.of("demo")
    };
    let mut all = stage.incident(now).map_err(words)?;
    let team = team()?;
    for colleague in &team {
        let member = staff::id(room, &colleague.label);
        let profile = colleague.profile.clone();
        let command =
            Command::from(member::Plan::Admit { member, profile, ceiling: Ceiling::Staff });
        all.push(stage.envelope(&format!("member {}", colleague.label), command));
    }
    let homes = homes::read(room, HOMES).map_err(|why| why.of("homes.csv"))?;
    let homes = homes.into_iter().enumerate();
    all.extend(homes.map(|(place, home)| stage.envelope(&format!("home {place}"), home)));
    all.extend(day.plan.commands.iter().cloned());
    all.extend(stage.confirmations(&day));
    all.extend(stage.workers(&day, &team));
    Ok(all)
}

/// Returns what has happened in the day before the demo starts, in order: the needs assessments. The rest is
/// done by people.
pub fn head_start(room: RoomId) -> Result<Vec<Envelope>, Error> {
    let day = Day::read(room)?;
    let stage = Stage { room };
    let assessed = day.before_the_demo("assessed").map(|(label, person, _)| {
        stage.envelope(&format!("assessed {label}"), Command::from(needs::Plan::Assess { person }))
    });
    Ok(assessed.collect())
}

/// Returns the facts that team members have entered by then, each with its member: an import records no
/// facts. Two people were in hospital before the room was opened.
pub fn in_hospital(room: RoomId, now: Time) -> Result<Vec<(MemberId, Envelope)>, Error> {
    let day = Day::read(room)?;
    let stage = Stage { room };
    let meets = story_time(MEETS);
    let facts = day.before_the_demo("hospital").map(|(label, person, row)| {
        let command = Command::from(whereabouts::Fact::TakeToHospital { person, hospital: None });
        let mut envelope = stage.envelope(&format!("hospital {label}"), command);
        let happened = story_time(day.table.text(row, "happened_local")).zip(meets);
        envelope.happened_at = happened.map(|(happened, meets)| {
            now.plus_ms(happened.as_millisecond().saturating_sub(meets.as_millisecond()))
        });
        envelope.late_reason = Line::parse("In hospital before this room was opened").ok();
        (staff::id(room, day.table.text(row, "who")), envelope)
    });
    Ok(facts.collect())
}

/// The day, minute by minute, with the people of each row.
struct Day {
    table: Table,
    plan: Plan,
    labels: Labels,
}

impl Day {
    /// Parses the day.
    fn read(room: RoomId) -> Result<Self, Error> {
        let columns = ["time_local", "who", "kind", "person", "happened_local"];
        Ok(Self {
            table: Table::with_columns(DAY, &columns).map_err(|why| why.of("day.csv"))?,
            plan: plan(room)?,
            labels: Labels::read(LABELS).map_err(|why| why.of("labels.csv"))?,
        })
    }

    /// Returns the rows of one kind that are about one person each.
    fn of_kind(&self, kind: &str) -> impl Iterator<Item = (&str, PersonId, &Row)> {
        let [kinds, people] = ["kind", "person"].map(|name| self.table.column(name));
        let rows = self.table.rows.iter();
        let of_kind = rows.filter(move |row| kinds.is_some_and(|column| row.cell(column) == kind));
        of_kind.filter_map(move |row| {
            let label = row.cell(people?);
            let person = self.plan.person(self.labels.row(label, LIST)?)?;
            Some((label, person, row))
        })
    }

    /// Returns those of them before the start of the demo.
    fn before_the_demo(&self, kind: &str) -> impl Iterator<Item = (&str, PersonId, &Row)> {
        let meets = story_time(MEETS);
        self.of_kind(kind)
            .filter(move |(_, _, row)| story_time(self.table.text(row, "time_local")) <= meets)
    }

    /// Returns the people for whom the day does this itself, so the set-up leaves it out.
    fn left_to(&self, kind: &str) -> BTreeSet<PersonId> {
        self.of_kind(kind).map(|(_, person, _)| person).collect()
    }
}

/// Converts a local time in the day's file.
pub(crate) fn story_time(text: &str) -> Option<Timestamp> {
    let local: civil::DateTime = text.parse().ok()?;
    let zone = TimeZone::get("Europe/London").ok()?;
    zone.to_timestamp(local).ok()
}

/// Builds envelopes with ids derived from the room and a label, so that each is applied once.
struct Stage {
    room: RoomId,
}

impl Stage {
    /// Returns the envelope with a label.
    fn envelope(&self, label: &str, command: Command) -> Envelope {
        let id = CommandId(derived(self.room, &[b"demo", label.as_bytes()]));
        Envelope { id, based_on: None, happened_at: None, late_reason: None, command }
    }

    /// Returns the incident, its sites and its deadline.
    fn incident(&self, now: Time) -> Result<Vec<Envelope>, TextError> {
        let incident = Incident {
            title: Short::parse("Harbour Rise")?,
            kind: IncidentKind::Failure,
            cause: Cause::RegulatorClosure,
            service: Service::Residential,
            timescale: Timescale::Immediate,
            telephone: Some(Telephone::parse("01632 960100")?),
            order: Some(Line::parse("s.30 order granted 08:47")?),
            contacts: None,
        };
        let site = |label, name, kind, address: Option<&str>| -> Result<Command, TextError> {
            let site = site_id(self.room, label);
            let address = address.map(Line::parse).transpose()?;
            Ok(Command::from(site::Plan::Open {
                site: Site { site, name: Short::parse(name)?, kind, address },
            }))
        };
        let (home, room) = (SiteKind::Home, SiteKind::IncidentRoom);
        let deadline = Deadline {
            at: deadline(now),
            set_by: Short::parse("Magistrates' order")?,
            why: Line::parse("The home must be empty by then")?,
        };
        Ok(vec![
            self.envelope("incident", Command::from(incident::Plan::Open { incident })),
            self.envelope("site HR", site("HR", "Harbour Rise", home, Some(HOME_ADDRESS))?),
            self.envelope("site ROOM", site("ROOM", "Incident room", room, None)?),
            self.envelope("deadline", Command::from(deadline::Plan::Set { deadline })),
        ])
    }

    /// Returns the commands that name the social workers, in label order.
    fn workers(&self, day: &Day, team: &[Colleague]) -> Vec<Envelope> {
        let left = day.left_to("named_worker");
        let named = day.labels.of_file(LIST).filter_map(|(label, row)| {
            let number: u16 = label.strip_prefix("SU")?.parse().ok()?;
            let has = |c: &&Colleague| c.people.as_ref().is_some_and(|p| p.contains(&number));
            let worker = Some(staff::id(self.room, &team.iter().find(has)?.label));
            let person = day.plan.person(row).filter(|person| !left.contains(person))?;
            Some(self.envelope(
                &format!("worker {label}"),
                Command::from(worker::Plan::Name { person, worker }),
            ))
        });
        named.collect()
    }

    /// Returns the confirmations of people who have a second identifier and no open questions.
    fn confirmations(&self, day: &Day) -> Vec<Envelope> {
        let left = day.left_to("confirmed");
        let confirm = day.plan.rows.iter().filter_map(|row| match &row.fate {
            Fate::Taken { person, details, .. } => {
                let is_open = row.faults.iter().any(|fault| fault.decided.is_none());
                let identified_by = identifiers(details);
                let command =
                    Command::from(register::Plan::Confirm { person: *person, identified_by });
                let is_left = is_open || left.contains(person);
                (!is_left).then(|| self.envelope(&format!("confirm {}", row.row), command))
            }
            Fate::Merged { .. } | Fate::NotAPerson { .. } => None,
        });
        confirm.collect()
    }
}

/// Returns the identifiers of a person on the list.
fn identifiers(details: &PersonChange) -> Vec<IdentifiedBy> {
    let known = [
        (IdentifiedBy::Name, details.name.is_some()),
        (IdentifiedBy::DateOfBirth, details.date_of_birth.is_some()),
        (IdentifiedBy::NhsNumber, details.nhs_number.is_some()),
        (IdentifiedBy::Bedroom, details.bedroom.is_some()),
    ];
    known.into_iter().filter(|(_, is)| *is).map(|(by, _)| by).collect()
}

/// Returns the next 20:00 UK time that leaves enough time for a demo.
fn deadline(now: Time) -> Time {
    let next = || {
        let zone = TimeZone::get("Europe/London").ok()?;
        let needed =
            Timestamp::from_millisecond(now.0).ok()?.checked_add(NEEDED_HOURS.hours()).ok()?;
        let local = needed.to_zoned(zone.clone()).datetime();
        let today = local.date().at(DEADLINE_HOUR, 0, 0, 0);
        let day = if local <= today { today } else { today.checked_add(1.day()).ok()? };
        Some(Time(zone.to_timestamp(day).ok()?.as_millisecond()))
    };
    next().unwrap_or_else(|| now.plus_ms(12 * 60 * 60 * 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Time {
        Time(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn the_deadline_is_the_next_20_00_in_uk_time() {
        let summer = at("2026-05-22T07:50:00Z");
        assert_eq!(deadline(summer), at("2026-05-22T19:00:00Z"));
        assert_eq!(deadline(at("2026-05-22T18:30:00Z")), at("2026-05-23T19:00:00Z"));
        assert_eq!(deadline(at("2026-12-01T08:00:00Z")), at("2026-12-01T20:00:00Z"));
    }
}
