//! A service user: details and transfer tracks. Every mutation goes through [`change`], which maintains the census
//! and the pace.

use std::collections::BTreeMap;

use proto::{
    details::{Group, PersonChange},
    entry::Entry,
    gate::{Breach, Gate},
    id::{DeviceId, HomeId, MemberId, PersonId, Seq, Time},
    identity::Moment,
    journey::Journey,
    key::Key,
    member::Actor,
    protection::StandingProtection,
    rating::Rating,
    register::OpenQuestion,
    side::{SideKind, SidePlan},
    text::{Line, PersonName, Reference},
    transfer::PlaceNow,
};

use crate::{
    noun::{
        census::{Moved, Share},
        gate::StandingPass,
        premises,
        trouble::Report,
    },
    privacy::{
        boards::{calls, rename},
        protected::whereto,
    },
    room::{Room, Touched},
};

pub(crate) mod card;
pub(crate) mod likeness;
pub(crate) mod row;

/// The tolerance, in milliseconds, between two reports of one time: paper and telephone give whole minutes.
pub(crate) const TELLING_MS: i64 = 60_000;

/// Completed work: when and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Done {
    /// When.
    pub(crate) at: Time,
    /// The author; `None` for the import and for the room itself.
    pub(crate) by: Option<MemberId>,
}

/// A service user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: PersonId,
    pub(crate) reference: Reference,
    pub(crate) details: PersonChange,
    pub(crate) questions: Vec<OpenQuestion>,
    pub(crate) aliases: Vec<PersonName>,
    /// The entry and device that last changed each group of fields.
    pub(crate) edited: BTreeMap<Group, (Seq, Option<DeviceId>)>,
    /// The entry that last changed the card.
    pub(crate) card: Seq,

    pub(crate) confirmed: Option<Done>,
    pub(crate) worker: Option<(MemberId, Done)>,
    pub(crate) assessed: Option<Done>,
    pub(crate) rating: Option<(Rating, Line)>,

    /// The standing protections of the destination, by the entry that set each.
    pub(crate) protections: BTreeMap<Seq, StandingProtection>,
    pub(crate) destination: Option<(HomeId, Done)>,
    /// The home named by the witness of a departure or arrival.
    pub(crate) claimed: Option<HomeId>,
    pub(crate) to_confirm: bool,
    pub(crate) journey: Option<(Journey, Done)>,
    /// Matching identity checks.
    pub(crate) checks: BTreeMap<Moment, Done>,
    pub(crate) ready: Option<Done>,
    pub(crate) cleared: Option<Done>,

    pub(crate) place: PlaceNow,
    pub(crate) since: Time,
    pub(crate) place_words: Option<Line>,
    /// The facts show a departure from the home; not set for a person who died there or is being confirmed.
    pub(crate) has_left: bool,
    pub(crate) left_at: Option<Time>,
    pub(crate) arrived_at: Option<Time>,
    pub(crate) arrival: Option<Done>,
    pub(crate) family_told: bool,

    pub(crate) sides: BTreeMap<SideKind, SidePlan>,
    pub(crate) passes: BTreeMap<Gate, StandingPass>,
    pub(crate) breaches: Vec<Breach>,
    pub(crate) troubles: Vec<Report>,
}

impl Done {
    /// Returns evidence with a time and no author.
    pub(crate) const fn at(at: Time) -> Self {
        Self { at, by: None }
    }

    /// Returns evidence recorded by an entry.
    pub(crate) fn by(entry: &Entry) -> Self {
        let by = match entry.actor {
            Actor::Member(member) => Some(member),
            Actor::Screen | Actor::System | Actor::Importer => None,
        };
        Self { at: entry.happened(), by }
    }

    /// Returns whether it was done by a time.
    pub(crate) fn is_by(self, at: Time) -> bool {
        self.at <= at
    }
}

impl Person {
    /// Returns a newly registered person: at the home, known only from the list.
    pub(crate) fn new(
        id: PersonId,
        reference: Reference,
        details: PersonChange,
        questions: Vec<OpenQuestion>,
        seq: Seq,
    ) -> Self {
        Self {
            id,
            reference,
            details,
            questions,
            aliases: Vec::new(),
            edited: BTreeMap::new(),
            card: seq,
            confirmed: None,
            worker: None,
            assessed: None,
            rating: None,
            protections: BTreeMap::new(),
            destination: None,
            claimed: None,
            to_confirm: false,
            journey: None,
            checks: BTreeMap::new(),
            ready: None,
            cleared: None,
            place: PlaceNow::AtTheHome,
            // Every fact is later than this: people were at the home before they were listed.
            since: Time(i64::MIN),
            place_words: None,
            has_left: false,
            left_at: None,
            arrived_at: None,
            arrival: None,
            family_told: false,
            sides: BTreeMap::new(),
            passes: BTreeMap::new(),
            breaches: Vec::new(),
            troubles: Vec::new(),
        }
    }

    /// Returns the person's destination or home: the one a witness named, otherwise the accepted one.
    pub(crate) fn goes_to(&self) -> Option<HomeId> {
        self.claimed.or(self.destination.map(|(home, _)| home))
    }

    /// Returns whether the destination is protected (R35).
    pub(crate) fn is_protected(&self) -> bool {
        !self.protections.is_empty()
    }

    /// Returns the name and reference for the log.
    pub(crate) fn called(&self) -> String {
        let name = self.details.name.as_ref().map_or("name not known", |name| name.as_str());
        format!("{name} ({})", self.reference.as_str())
    }

    /// Returns whether a time is clearly before the person's last move. Within a minute the last report wins, so that
    /// a difference of seconds cannot show a departed person as still present.
    pub(crate) fn predates(&self, at: Time) -> bool {
        at.plus_ms(TELLING_MS) < self.since
    }

    /// Returns whether the person has died and the family has not been informed (R51).
    pub(crate) fn death_is_held(&self) -> bool {
        self.place == PlaceNow::Died && !self.family_told
    }
}

/// Returns a person's name and reference for the log.
pub(crate) fn called(room: &Room, id: PersonId) -> String {
    room.person(id).map_or_else(|| "somebody not on the register".to_owned(), Person::called)
}

/// Returns the keys of people.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.people.keys().copied().map(Key::Person));
}

/// Changes a person and updates the counts and marks derived from them.
pub(crate) fn change(
    room: &mut Room,
    entry: &Entry,
    id: PersonId,
    touched: &mut Touched,
    change: impl FnOnce(&mut Person),
) {
    let id = room.stands_for(id);
    let Some(mut person) = room.people.remove(&id) else { return };
    let before = Share::of(&person);
    let keys_before = likeness::keys(&person.details);
    let to_before = whereto(&person);
    let called_before = calls(&person);
    change(&mut person);
    if whereto(&person) != to_before {
        person.card = entry.seq;
    }
    if person.is_protected() {
        room.protected.insert(id);
    } else {
        room.protected.remove(&id);
    }
    let after = Share::of(&person);
    let keys_after = likeness::keys(&person.details);
    room.census.take(&before);
    room.census.put(&after);
    #[cfg(plant = "register_shrinks")]
    if after.place == PlaceNow::Died {
        room.census.take(&after);
    }
    touched.insert(Key::Person(id));
    #[cfg(plant = "everybody_touched")]
    touched.extend(room.people.keys().copied().map(Key::Person));
    touch_counts(Some(&before), Some(&after), touched);
    if before.place != after.place {
        let (from, to) = (before.place, after.place);
        let moved = Moved::Between { from, to, left: !before.has_left && after.has_left };
        let quarter = room.census.keep_pace(entry.at, moved);
        touched.insert(Key::Pace(quarter));
        if matches!(after.place, PlaceNow::AtTheHome | PlaceNow::BeingConfirmed) {
            premises::reopen(room, touched);
        }
    }
    room.bedrooms.extend(person.details.bedroom.clone());
    let called = calls(&person);
    room.people.insert(id, person);
    if called != called_before {
        rename(room, &called_before, &called, touched);
    }
    if keys_before != keys_after {
        likeness::unmark(room, id, &keys_before, touched);
        likeness::mark(room, id, &keys_after, touched);
    }
}

/// Marks the rows of the counts in which the person's share changed.
pub(crate) fn touch_counts(before: Option<&Share>, after: Option<&Share>, touched: &mut Touched) {
    if before != after {
        touched.insert(Key::Census);
    }
    let gates = |share: Option<&Share>| {
        let share = share?;
        let any = !share.breaches.is_empty() || !share.passes.is_empty();
        any.then(|| (share.breaches.clone(), share.passes.clone()))
    };
    if gates(before) != gates(after) {
        touched.insert(Key::Gates);
    }
    let planned = |share: Option<&Share>| share.and_then(|share| share.planned);
    if planned(before) != planned(after) {
        touched.extend(planned(before).into_iter().chain(planned(after)).map(Key::Planned));
    }
}
