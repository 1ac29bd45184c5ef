//! The room: everything that is known of one incident, folded from its entries.

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    home::Home,
    id::{CommandId, HelpId, HomeId, MemberId, PersonId, Seq, SignInId, SiteId, Time},
    key::Key,
    member::{Actor, Profile},
    person::{Group, PersonChange},
    role::{Ceiling, Role},
    site::{Site, Timer},
    text::{Bedroom, Reference},
};

use crate::{
    census::Census,
    door::{Asker, Door},
    help::HelpCall,
    incident::IncidentState,
    log::Log,
    names::{Names, PlaceNames},
    naming::HomeNames,
    pack::PackHeld,
    person::Person,
    shown::Shown,
    site::SignIn,
};

/// The keys of the rows that an entry changed, in order, each once.
pub type Touched = BTreeSet<Key>;

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) profile: Profile,
    pub(crate) ceiling: Ceiling,
    /// The open sign-in.
    pub(crate) signed_in: Option<SignInId>,
    /// The sign-in that ended last; phones show it until the next.
    pub(crate) last: Option<SignInId>,
    /// For whom they cover, and since when.
    pub(crate) covers: BTreeMap<MemberId, Time>,
    /// Their own roles and those of whom they cover for.
    pub(crate) acting: Vec<Role>,
}

/// An edit on old ground, waiting for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) person: PersonId,
    pub(crate) groups: Vec<Group>,
    pub(crate) mine: PersonChange,
    pub(crate) stands: PersonChange,
    pub(crate) by: Actor,
    pub(crate) at: Time,
}

/// A room. It is never serialised: the journal is the truth, and this is its fold.
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
    /// Whose destination is protected.
    pub(crate) protected: BTreeSet<PersonId>,
    pub(crate) home_names: HomeNames,
    /// What everybody is called: service users and members.
    pub(crate) names: Names,
    /// What sites and homes are called.
    pub(crate) places: PlaceNames,
    /// The words that boards are shown.
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
    /// The alarms that stand, by when each is due, and the entry that set it.
    pub(crate) timers: BTreeMap<(Time, Timer), Seq>,
    /// For each entry, the keys it touched: what a screen that comes back must be sent.
    touched: Vec<Touched>,
}

impl Room {
    /// Returns the number of the last entry folded.
    pub fn head(&self) -> Seq {
        self.head
    }

    /// Returns the time of the last entry; a later entry is never before it.
    pub fn last_at(&self) -> Time {
        self.last_at
    }

    /// Returns the entry that changed the roster last: rights may differ from there on.
    pub fn roster_at(&self) -> Seq {
        self.roster_at
    }

    /// Returns the timer that is due next, and when.
    pub fn next_timer(&self) -> Option<(Time, Timer)> {
        self.timers.first_key_value().map(|(timer, _)| timer.clone())
    }

    /// Returns the entry that set a timer which stands. One that is set again for the same time, after it was raised,
    /// is another alarm.
    pub fn timer_set_by(&self, due: Time, timer: &Timer) -> Option<Seq> {
        self.timers.get(&(due, timer.clone())).copied()
    }

    /// Sets a timer by the entry that is being applied; one that stands is left as it is.
    pub(crate) fn set_timer(&mut self, due: Time, timer: Timer) {
        self.timers.entry((due, timer)).or_insert(self.head.next());
    }

    /// Returns the keys touched after entry `since`, up to the head, each once.
    pub fn touched_since(&self, since: Seq) -> Touched {
        let skip = usize::try_from(since.0).unwrap_or(usize::MAX);
        self.touched.iter().skip(skip).flatten().copied().collect()
    }

    /// Returns how many rows an audience could hold, as an upper bound for choosing a snapshot.
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

    /// Returns the id that stands for this person, following recorded merges.
    pub(crate) fn stands_for(&self, person: PersonId) -> PersonId {
        self.merged.get(&person).copied().unwrap_or(person)
    }

    /// Returns the person of this id, following recorded merges.
    pub(crate) fn person(&self, person: PersonId) -> Option<&Person> {
        self.people.get(&self.stands_for(person))
    }

    /// Keeps what an entry touched and moves the head to it.
    pub(crate) fn remember(&mut self, seq: Seq, at: Time, touched: Touched) {
        self.head = seq;
        self.last_at = at;
        self.touched.push(touched);
    }

    /// Tells whether a similar name is in the room.
    pub(crate) fn is_similar(&self, person: &Person) -> bool {
        crate::likeness::keys(&person.details)
            .iter()
            .any(|key| self.likenesses.get(key).is_some_and(|people| people.len() > 1))
    }
}
