//! The room: the state of one incident, folded from its entries.

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    alarm::Timer,
    home::Home,
    id::{CommandId, HelpId, HomeId, MemberId, PersonId, Seq, SignInId, SiteId, Time},
    key::Key,
    member::Profile,
    refusal::{Code, Refusal},
    role::Role,
    site::Site,
    text::{Bedroom, Reference},
};

use crate::{
    noun::{
        census::Census,
        details::Edit,
        door::{Asker, Door},
        help::HelpCall,
        incident::IncidentState,
        log::Log,
        member::Member,
        pack::PackHeld,
        person::Person,
        refuse,
        sign_in::SignIn,
    },
    privacy::{
        boards::Shown,
        homes::HomeNames,
        names::{Names, PlaceNames},
    },
};

/// The keys of the rows that an entry changed, sorted and unique.
pub type Touched = BTreeSet<Key>;

/// A room. It is never serialised: the journal is the source of truth, and this is its fold.
#[derive(Debug, Clone, Default)]
pub struct Room {
    pub(crate) head: Seq,
    pub(crate) last_at: Time,
    pub(crate) roster_at: Seq,
    pub(crate) incident: Option<IncidentState>,
    pub(crate) sites: BTreeMap<SiteId, Site>,
    pub(crate) homes: BTreeMap<HomeId, Home>,
    pub(crate) members: BTreeMap<MemberId, Member>,
    pub(crate) sign_ins: BTreeMap<SignInId, SignIn>,
    pub(crate) people: BTreeMap<PersonId, Person>,
    pub(crate) merged: BTreeMap<PersonId, PersonId>,
    /// People whose destination is protected.
    pub(crate) protected: BTreeSet<PersonId>,
    pub(crate) home_names: HomeNames,
    /// The names of service users and members.
    pub(crate) names: Names,
    /// The names of sites and homes.
    pub(crate) places: PlaceNames,
    /// The words shown on boards.
    pub(crate) shown: Shown,
    pub(crate) references: BTreeSet<Reference>,
    pub(crate) bedrooms: BTreeSet<Bedroom>,
    pub(crate) likenesses: BTreeMap<String, BTreeSet<PersonId>>,
    pub(crate) edits: BTreeMap<CommandId, Edit>,
    pub(crate) help: BTreeMap<HelpId, HelpCall>,
    pub(crate) door: Option<Door>,
    pub(crate) askers: BTreeMap<MemberId, Asker>,
    pub(crate) expected: BTreeMap<MemberId, Profile>,
    pub(crate) packs: Vec<PackHeld>,
    pub(crate) census: Census,
    pub(crate) log: Log,
    /// The active alarms by due time, with the entry that set each.
    pub(crate) timers: BTreeMap<(Time, Timer), Seq>,
    /// The keys each entry touched, for screens that resume from a cursor.
    touched: Vec<Touched>,
}

impl Room {
    /// Returns the number of the last entry folded.
    pub fn head(&self) -> Seq {
        self.head
    }

    /// Returns the time of the last entry; entry times never decrease.
    pub fn last_at(&self) -> Time {
        self.last_at
    }

    /// Returns the entry that last changed the roster: rights may change there.
    pub fn roster_at(&self) -> Seq {
        self.roster_at
    }

    /// Returns the next timer and its due time.
    pub fn next_timer(&self) -> Option<(Time, Timer)> {
        self.timers.first_key_value().map(|(timer, _)| timer.clone())
    }

    /// Returns the entry that set an active timer. A timer set again for the same time after it was raised is a
    /// different alarm.
    pub fn timer_set_by(&self, due: Time, timer: &Timer) -> Option<Seq> {
        self.timers.get(&(due, timer.clone())).copied()
    }

    /// Returns the keys touched after entry `since`, up to the head, without duplicates.
    pub fn touched_since(&self, since: Seq) -> Touched {
        let skip = usize::try_from(since.0).unwrap_or(usize::MAX);
        self.touched.iter().skip(skip).flatten().copied().collect()
    }

    /// Returns an upper bound on the rows an audience could hold, for choosing a snapshot.
    pub fn rows_at_most(&self) -> usize {
        self.people.len()
            + self.members.len()
            + self.sign_ins.len()
            + self.homes.len()
            + self.sites.len()
            + self.edits.len()
            + self.help.len()
            + self.askers.len()
            + self.expected.len()
            + self.packs.len()
            + self.census.pace.len()
            + self.census.planned.len()
            + self.log.len()
            + 4
    }

    /// Returns the surviving id of this person, following recorded merges.
    pub(crate) fn stands_for(&self, person: PersonId) -> PersonId {
        self.merged.get(&person).copied().unwrap_or(person)
    }

    /// Returns the person of this id, following recorded merges.
    pub(crate) fn person(&self, person: PersonId) -> Option<&Person> {
        self.people.get(&self.stands_for(person))
    }

    /// Returns the person a plan names, or a refusal if they are not on this register.
    pub(crate) fn known(&self, person: PersonId) -> Result<&Person, Refusal> {
        match self.person(person) {
            Some(person) => Ok(person),
            None => refuse(Code::Unknown, "nobody on this register has that id"),
        }
    }

    /// Returns a member's acting roles, including cover; empty if the member is unknown.
    pub(crate) fn roles(&self, member: MemberId) -> &[Role] {
        self.members.get(&member).map_or(&[], |member| member.acting.as_slice())
    }

    /// Returns whether a member is lead or deputy, by their own roles or by cover.
    pub(crate) fn leads(&self, member: MemberId) -> bool {
        let roles = self.roles(member);
        roles.contains(&Role::Lead) || roles.contains(&Role::Deputy)
    }

    /// Records the keys an entry touched and advances the head to it.
    pub(crate) fn remember(&mut self, seq: Seq, at: Time, touched: Touched) {
        self.head = seq;
        self.last_at = at;
        self.touched.push(touched);
    }
}
