//! Rows: what each audience is sent (the table of DESIGN 4.1). A field an audience may not see does not exist in its
//! row, so it cannot be sent by mistake.

use serde::{Deserialize, Serialize};

use crate::{
    census::{CensusRow, PaceRow, PlannedRow},
    details::EditRow,
    door::{AskerRow, DoorRow},
    expected::ExpectedRow,
    gate::GatesRow,
    help::{HelpRow, WallHelp},
    home::{HomeRow, WallHome},
    incident::{DeskIncident, PhoneIncident, SitrepIncident, WallIncident},
    key::Key,
    log::{DeskLog, PhoneLog, ShownLog},
    member::{DeskMember, PhoneMember, TeamRow, WallMember},
    pack::PackRow,
    person::row::{DeskPerson, PhonePerson, WallPerson},
    sign_in::{DeskSignIn, PhoneSignIn, WallSignIn},
    site::SiteRow,
};

/// A row, by type and audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "row.ts"))]
#[serde(tag = "row", rename_all = "snake_case")]
pub enum Row {
    /// The incident, on the wall.
    WallIncident(WallIncident),
    /// The incident, on the desk.
    DeskIncident(DeskIncident),
    /// The incident, on a phone.
    PhoneIncident(PhoneIncident),
    /// The incident, on the sitrep.
    SitrepIncident(SitrepIncident),
    /// The counts of people; every audience.
    Census(CensusRow),
    /// The counts of the team; the sitrep.
    Team(TeamRow),
    /// A quarter hour; every audience but phones.
    Pace(PaceRow),
    /// A quarter hour with booked departures; the sitrep.
    Planned(PlannedRow),
    /// The counts of breaches and passes; the sitrep.
    Gates(GatesRow),
    /// A site; desk and phones.
    Site(SiteRow),
    /// A home; desk and phones.
    Home(HomeRow),
    /// A home, on the wall.
    WallHome(WallHome),
    /// A member, on the wall.
    WallMember(WallMember),
    /// A member, on the desk.
    DeskMember(DeskMember),
    /// A member, on a phone.
    PhoneMember(PhoneMember),
    /// A sign-in, on the wall.
    WallSignIn(WallSignIn),
    /// A sign-in, on the desk.
    DeskSignIn(DeskSignIn),
    /// A sign-in, on a phone.
    PhoneSignIn(PhoneSignIn),
    /// A service user, on the wall.
    WallPerson(WallPerson),
    /// A service user, on the desk.
    DeskPerson(DeskPerson),
    /// A service user, on a phone.
    PhonePerson(PhonePerson),
    /// An edit that was set aside; desk and phones.
    Edit(EditRow),
    /// A log line, on the desk.
    DeskLog(DeskLog),
    /// A log line, on a phone.
    PhoneLog(PhoneLog),
    /// A log line shown on the wall or to directors.
    ShownLog(ShownLog),
    /// A call for help, on the wall.
    WallHelp(WallHelp),
    /// A call for help; desk and phones.
    Help(HelpRow),
    /// The door; the desk.
    Door(DoorRow),
    /// A person waiting at the door; the desk.
    Asker(AskerRow),
    /// A member whom the roster expects; the desk.
    Expected(ExpectedRow),
    /// A paper pack; the desk.
    Pack(PackRow),
}

/// A row and its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "row.ts"))]
pub struct Put {
    /// The key.
    pub key: Key,
    /// The row that replaces the previous one under this key.
    pub row: Row,
}
