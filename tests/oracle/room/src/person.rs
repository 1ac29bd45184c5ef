//! A service user as the room holds them: who they are, and their transfer's tracks.

use std::collections::BTreeMap;

use proto::{
    gate::Gate,
    id::{DeviceId, HomeId, MemberId, PersonId, Seq, Time},
    person::{Group, OpenQuestion, PersonChange, Rating},
    protection::StandingProtection,
    row::person::OpenTrouble,
    text::{Line, PersonName, Reference},
    transfer::{Breach, Journey, Moment, Pass, PlaceNow, SideKind, SidePlan},
};

/// Milliseconds by which two people's times of one moment may differ: paper and telephone tell minutes.
pub(crate) const TELLING_MS: i64 = 60_000;

/// Something done: when it happened, and who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Done {
    /// When.
    pub(crate) at: Time,
    /// By whom; nobody when the import or the room itself did it.
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
    /// The entry and device that changed each group of fields last.
    pub(crate) edited: BTreeMap<Group, (Seq, Option<DeviceId>)>,
    /// The entry that changed the card last.
    pub(crate) card: Seq,

    pub(crate) confirmed: Option<Done>,
    pub(crate) worker: Option<(MemberId, Done)>,
    pub(crate) assessed: Option<Done>,
    pub(crate) rating: Option<(Rating, Line)>,

    /// Who may not be told where the person goes, by the entry that set it.
    pub(crate) protections: BTreeMap<Seq, StandingProtection>,
    pub(crate) destination: Option<(HomeId, Done)>,
    /// The home named by whoever saw them leave or arrive.
    pub(crate) claimed: Option<HomeId>,
    pub(crate) to_confirm: bool,
    pub(crate) journey: Option<(Journey, Done)>,
    /// Identity checks that matched.
    pub(crate) checks: BTreeMap<Moment, Done>,
    pub(crate) ready: Option<Done>,
    pub(crate) cleared: Option<Done>,

    pub(crate) place: PlaceNow,
    pub(crate) since: Time,
    pub(crate) place_words: Option<Line>,
    /// By facts the person has left the home; whoever died there, or is being confirmed, has not.
    pub(crate) has_left: bool,
    pub(crate) left_at: Option<Time>,
    pub(crate) arrived_at: Option<Time>,
    pub(crate) arrival: Option<Done>,
    pub(crate) family_told: bool,

    pub(crate) sides: BTreeMap<SideKind, SidePlan>,
    pub(crate) passes: BTreeMap<Gate, Pass>,
    pub(crate) breaches: Vec<Breach>,
    pub(crate) troubles: Vec<OpenTrouble>,
}

impl Done {
    /// Tells whether it was done by a moment.
    pub(crate) fn is_by(self, at: Time) -> bool {
        self.at <= at
    }
}

impl Person {
    /// Returns somebody just registered: at the home, nothing known but the list.
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
            // Any fact of the past is later than this: people were at the home before the list came.
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

    /// Returns the home the person goes to or is at: the one named by whoever saw it, else the accepted.
    pub(crate) fn goes_to(&self) -> Option<HomeId> {
        self.claimed.or(self.destination.map(|(home, _)| home))
    }

    /// Tells whether nobody is to be told where the person goes but those who may know (R35).
    pub(crate) fn is_protected(&self) -> bool {
        !self.protections.is_empty()
    }

    /// Returns the name and reference, as the log says it.
    pub(crate) fn called(&self) -> String {
        let name = self.details.name.as_ref().map_or("name not known", |name| name.as_str());
        format!("{name} ({})", self.reference.as_str())
    }

    /// Tells whether something happened clearly before the person came to where they are. Within a minute
    /// what is told last counts: nobody who has left is shown as still there for the sake of seconds.
    pub(crate) fn predates(&self, at: Time) -> bool {
        at.plus_ms(TELLING_MS) < self.since
    }

    /// Tells whether the person has died and the family was not told (R51).
    pub(crate) fn death_is_held(&self) -> bool {
        self.place == PlaceNow::Died && !self.family_told
    }
}
