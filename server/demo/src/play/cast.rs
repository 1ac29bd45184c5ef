//! The cast of the day: which person, member or home each label stands for.

use std::collections::BTreeMap;

use intake::{homes, labels::Labels, people::Fate, staff};
use node::{
    clock::{SystemClock, fresh_id},
    operator::InviteRequest,
};
use proto::{
    command::{Command, Envelope},
    details::PersonChange,
    home,
    id::{CommandId, HomeId, MemberId, PersonId, RoomId},
    member::{self, Profile},
    nouns::Plan,
    role::{Audience, Ceiling, Role},
    text::{PersonName, Short},
};

use super::error::PlayError;
use crate::harbour_rise;

/// People of the day beyond the team of sixteen: label, name, job, roles. The carers have no role in the
/// procedure; others sign them in and out.
const GUESTS: [(&str, &str, &str, &[Role]); 7] = [
    ("AM", "Beverley Stott", "Appointed manager", &[Role::HomeManager]),
    ("NC", "Femi Alade", "Agency nurse in charge", &[Role::Nurse]),
    ("N2", "Lucy Barraclough", "Agency nurse", &[Role::Nurse]),
    ("NN", "Comfort Boateng", "Night nurse", &[Role::Nurse]),
    ("C1", "Joan Tilling", "Carer of the council's team", &[]),
    ("C2", "Samuel Ordway", "Carer of the council's team", &[]),
    ("C3", "Nadia Fosse", "Carer of the council's team", &[]),
];

/// A person who acts.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) member: MemberId,
    pub(super) profile: Profile,
    pub(super) face: Audience,
    outside: bool,
}

/// The meaning of the day's labels.
#[derive(Debug)]
pub(super) struct Cast {
    pub(super) room: RoomId,
    parts: BTreeMap<String, Part>,
    people: BTreeMap<String, (PersonId, PersonChange)>,
    homes: BTreeMap<String, (HomeId, Short)>,
}

impl Cast {
    /// Reads the cast.
    pub(super) fn read(room: RoomId) -> Result<Self, PlayError> {
        let plan = harbour_rise::plan(room)?;
        let labels = Labels::read(harbour_rise::LABELS).map_err(|why| why.of("labels.csv"))?;
        let mut people = BTreeMap::new();
        for (label, row) in labels.of_file(harbour_rise::LIST) {
            let report = plan.rows.iter().find(|report| report.row == row);
            let Some(Fate::Taken { person, details, .. }) = report.map(|report| &report.fate)
            else {
                return Err(PlayError::Story(format!("nobody on the list is {label}")));
            };
            people.insert(label.to_owned(), (*person, (**details).clone()));
        }
        let mut named = BTreeMap::new();
        for command in homes::read(room, harbour_rise::HOMES).map_err(|why| why.of("homes.csv"))? {
            if let Command::Plan(Plan::Home(home::Plan::Add { home })) = command {
                named.insert(home.home, home.short_name);
            }
        }
        let homes = labels.of_file("homes.csv").filter_map(|(label, _)| {
            let home = homes::id(room, label);
            Some((label.to_owned(), (home, named.get(&home)?.clone())))
        });
        Ok(Self { room, parts: parts(room)?, people, homes: homes.collect() })
    }

    /// Returns a person who acts.
    pub(super) fn part(&self, label: &str) -> Result<&Part, PlayError> {
        self.parts.get(label).ok_or_else(|| PlayError::Story(format!("nobody acts as {label:?}")))
    }

    /// Records the member id of a person who came in by the door code, which assigns a fresh one.
    pub(super) fn came_in(&mut self, label: &str, member: MemberId) -> Result<(), PlayError> {
        let unknown = || PlayError::Story(format!("nobody acts as {label:?}"));
        self.parts.get_mut(label).ok_or_else(unknown)?.member = member;
        Ok(())
    }

    /// Returns a resident's id.
    pub(super) fn person(&self, label: &str) -> Result<PersonId, PlayError> {
        Ok(self.resident(label)?.0)
    }

    /// Returns a resident's details on the register.
    pub(super) fn details(&self, label: &str) -> Result<&PersonChange, PlayError> {
        Ok(&self.resident(label)?.1)
    }

    fn resident(&self, label: &str) -> Result<&(PersonId, PersonChange), PlayError> {
        let unknown = || PlayError::Story(format!("nobody on the list is {label:?}"));
        self.people.get(label).ok_or_else(unknown)
    }

    /// Returns the residents with their labels.
    pub(super) fn residents(&self) -> impl Iterator<Item = (&str, PersonId)> {
        self.people.iter().map(|(label, (person, _))| (label.as_str(), *person))
    }

    /// Returns a home's id; none if the day names no home.
    pub(super) fn home(&self, label: &str) -> Option<HomeId> {
        self.homes.get(label).map(|(home, _)| *home)
    }

    /// Returns a home's name; none if the day names no home.
    pub(super) fn home_name(&self, label: &str) -> Option<&str> {
        self.homes.get(label).map(|(_, name)| name.as_str())
    }

    /// Returns a person's job, for text without names.
    pub(super) fn job(&self, label: &str) -> &str {
        let job = self.parts.get(label).and_then(|part| part.profile.job.as_ref());
        job.map_or("somebody", |job| job.as_str())
    }

    /// Returns the commands that add to the roster the people without a role in the procedure.
    pub(super) fn without_roles(&self) -> Vec<Envelope> {
        let none = self.parts.values().filter(|part| part.profile.roles.is_empty());
        let admit = none.map(|part| {
            Command::from(member::Plan::Admit {
                member: part.member,
                profile: part.profile.clone(),
                ceiling: Ceiling::Staff,
            })
        });
        admit.map(fresh).collect()
    }

    /// Returns whether a person has their own login.
    pub(super) fn has_login(&self, label: &str) -> bool {
        self.parts.get(label).is_some_and(|part| !part.profile.roles.is_empty())
    }

    /// Returns the invite request for a person.
    pub(super) fn invite(&self, label: &str) -> Result<InviteRequest, PlayError> {
        let Part { member, profile, face, outside } = self.part(label)?.clone();
        Ok(InviteRequest {
            outside,
            member: Some(member),
            ..InviteRequest::of(self.room, face, profile)
        })
    }

    /// Returns the invite request for a screen that no person of the day holds.
    pub(super) fn screen(&self, face: Audience) -> Result<InviteRequest, PlayError> {
        let (name, roles) = match face {
            Audience::Wall => ("Wall screen of the day", Vec::new()),
            Audience::Desk | Audience::Phone | Audience::Sitrep => {
                ("Miles Farrant", vec![Role::Director])
            }
        };
        let (name, job) = (PersonName::parse(name)?, Some(Short::parse("Director")?));
        let profile = Profile { name, organisation: None, job, mobile: None, roles };
        Ok(InviteRequest::of(self.room, face, profile))
    }
}

/// Returns everybody who acts. People at the home have a phone, people in the incident room a desk.
fn parts(room: RoomId) -> Result<BTreeMap<String, Part>, PlayError> {
    let mut parts = BTreeMap::new();
    for colleague in harbour_rise::team()? {
        let face = if colleague.site == "HR" { Audience::Phone } else { Audience::Desk };
        let member = staff::id(room, &colleague.label);
        let part = Part { member, profile: colleague.profile, face, outside: false };
        parts.insert(colleague.label, part);
    }
    for (label, name, job, roles) in GUESTS {
        let profile = Profile {
            name: PersonName::parse(name)?,
            organisation: None,
            job: Some(Short::parse(job)?),
            mobile: None,
            roles: roles.to_vec(),
        };
        let (member, face) = (staff::id(room, label), Audience::Phone);
        parts.insert(label.to_owned(), Part { member, profile, face, outside: true });
    }
    Ok(parts)
}

/// Wraps a command with a fresh id.
pub(super) fn fresh(command: Command) -> Envelope {
    let id = CommandId(fresh_id(&SystemClock));
    Envelope { id, based_on: None, happened_at: None, late_reason: None, command }
}
