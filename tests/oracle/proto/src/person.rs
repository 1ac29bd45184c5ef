//! The service user: who is moved or re-provided (PROCEDURE 3.5).

use serde::{Deserialize, Serialize};

use crate::text::{Bedroom, BirthDate, Line, NhsNumber, Note, PersonName, Short, Telephone};

/// The kind of care somebody needs, or a home is registered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Care {
    /// General nursing.
    GeneralNursing,
    /// Dementia nursing.
    DementiaNursing,
    /// Residential care.
    Residential,
    /// Tube feeding, tracheostomy, bariatric care.
    Complex,
}

/// How somebody moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mobility {
    /// Walks, with or without an aid.
    Walking,
    /// In a wheelchair.
    Wheelchair,
    /// On a stretcher.
    Stretcher,
}

/// Who pays (PROCEDURE 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FundingSource {
    /// This council.
    ThisCouncil,
    /// The person.
    SelfFunded,
    /// A personal budget or direct payment.
    PersonalBudget,
    /// NHS continuing healthcare, local.
    NhsChc,
    /// Another NHS body, fully.
    OtherNhs,
    /// Council and NHS together.
    Joint,
    /// Another council.
    OtherCouncil,
}

/// What is known of who pays. The sources are kept side by side and disagreement is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Funding {
    /// The provider's words, as sent.
    pub claimed_by_provider: Option<Short>,
    /// What the provider's words mean.
    pub provider_source: Option<FundingSource>,
    /// What the council's records say.
    pub council_record: Option<FundingSource>,
    /// What the NHS body's records say.
    pub nhs_record: Option<FundingSource>,
    /// What people agreed on.
    pub agreed: Option<FundingSource>,
    /// The council's share in per cent, for joint funding.
    pub council_share: Option<u8>,
    /// The other council or NHS body.
    pub funder: Option<Short>,
    /// Here for respite.
    pub respite: bool,
    /// Under section 117.
    pub section_117: bool,
    /// The NHS pays the nursing contribution.
    pub nursing_contribution: bool,
}

impl Funding {
    /// Returns the source to act on: agreed, else the records where they do not contradict the list.
    pub fn source(&self) -> Option<FundingSource> {
        if self.agreed.is_some() {
            return self.agreed;
        }
        if self.disagrees() {
            return None;
        }
        self.council_record.or(self.nhs_record).or(self.provider_source)
    }

    /// Tells whether two sources say different things and nobody has settled it.
    pub fn disagrees(&self) -> bool {
        let said = [self.provider_source, self.council_record, self.nhs_record];
        let mut said = said.into_iter().flatten();
        let first = said.next();
        self.agreed.is_none() && said.any(|source| Some(source) != first)
    }
}

/// Who leads the move (rule R1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadBody {
    /// This council.
    Council,
    /// The local NHS body.
    Nhs,
    /// The local NHS body, on behalf of the placing NHS body.
    NhsForOther,
    /// The placing council, once it agrees; until then this council co-ordinates.
    OtherCouncilToAgree,
    /// Undefined by the procedure, or the sources disagree: a person decides.
    Undecided,
}

/// How worried the room is about somebody. A rating has a reason (R46).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// At risk.
    AtRisk,
    /// Watch.
    Watch,
    /// On track.
    OnTrack,
}

/// Marks that everybody who handles the person must see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Marks {
    /// Two people move this person.
    pub two_person: bool,
    /// Equipment is needed at the new home from the first hour.
    pub equipment: bool,
    /// Very frail, or nearing end of life.
    pub frail: bool,
}

/// What an import could not settle; it is marked and blocks nobody else (G1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenQuestion {
    /// May be the same person as another row: a person decides.
    Duplicate,
    /// The NHS number as sent fails its check.
    NhsNumber,
    /// No NHS number.
    NhsNumberMissing,
    /// The birth date cannot be read.
    BirthDate,
    /// The funding words are unknown, or contradict the records.
    Funding,
    /// The kind of care is unknown.
    Care,
    /// The bedroom is missing, or somebody else's.
    Bedroom,
}

/// A relative or friend to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextOfKin {
    /// Name.
    pub name: PersonName,
    /// Relation.
    pub relation: Option<Short>,
    /// Telephone.
    pub telephone: Option<Telephone>,
}

/// Everything the register holds about a service user that people edit. Each field is one group: edits
/// of different groups merge, edits of one group on old ground are set aside (DESIGN 4.1).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PersonChange {
    /// Full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// What the person likes to be called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_as: Option<PersonName>,
    /// Birth date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<BirthDate>,
    /// NHS number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nhs_number: Option<NhsNumber>,
    /// The code on the wristband.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wristband: Option<Short>,
    /// Bedroom at the failing home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bedroom: Option<Bedroom>,
    /// How the person moves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobility: Option<Mobility>,
    /// The kind of care needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub care: Option<Care>,
    /// Who pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub funding: Option<Funding>,
    /// What the person needs, in words (on the card only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<Note>,
    /// The one line whoever handles the person must read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handle_safely: Option<Line>,
    /// Marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marks: Option<Marks>,
    /// The keep-together group (R9).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_together: Option<Short>,
    /// Who is to be told (on the card only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_of_kin: Option<NextOfKin>,
    /// Notes (on the card only).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<Note>,
}

/// A group of fields that is edited as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Name and known-as.
    Name,
    /// Birth date, NHS number, wristband.
    Identity,
    /// Bedroom.
    Bedroom,
    /// Mobility and marks.
    Handling,
    /// Kind of care and needs.
    Needs,
    /// Who pays.
    Funding,
    /// The handle-safely line.
    HandleSafely,
    /// The keep-together group.
    KeepTogether,
    /// Who is to be told.
    Circle,
    /// Notes.
    Notes,
}

/// How a second identifier was checked (G22, G24). Two identifiers never agree by likeness (R42).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum SecondIdentifier {
    /// The birth date, as the person or a document says it.
    DateOfBirth {
        /// The date.
        date: BirthDate,
    },
    /// The NHS number.
    NhsNumber {
        /// The number.
        number: NhsNumber,
    },
    /// The code on the wristband.
    Wristband {
        /// The code.
        code: Short,
    },
    /// A photograph on the record.
    Photograph,
    /// A carer who knows the person, and the birth date.
    Carer {
        /// The carer's name.
        carer: PersonName,
        /// The date.
        date: BirthDate,
    },
}

/// What somebody on the list was identified by (G1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentifiedBy {
    /// Name.
    Name,
    /// Birth date.
    DateOfBirth,
    /// NHS number.
    NhsNumber,
    /// Wristband.
    Wristband,
    /// Photograph.
    Photograph,
    /// Bedroom.
    Bedroom,
}

impl PersonChange {
    /// Returns the groups of fields this change touches, in order, each once.
    pub fn groups(&self) -> Vec<Group> {
        let touched = [
            (Group::Name, self.name.is_some() || self.known_as.is_some()),
            (
                Group::Identity,
                self.date_of_birth.is_some()
                    || self.nhs_number.is_some()
                    || self.wristband.is_some(),
            ),
            (Group::Bedroom, self.bedroom.is_some()),
            (Group::Handling, self.mobility.is_some() || self.marks.is_some()),
            (Group::Needs, self.care.is_some() || self.needs.is_some()),
            (Group::Funding, self.funding.is_some()),
            (Group::HandleSafely, self.handle_safely.is_some()),
            (Group::KeepTogether, self.keep_together.is_some()),
            (Group::Circle, self.next_of_kin.is_some()),
            (Group::Notes, self.notes.is_some()),
        ];
        touched.into_iter().filter_map(|(group, is)| is.then_some(group)).collect()
    }

    /// Returns only the fields of one group.
    #[must_use]
    pub fn only(&self, group: Group) -> Self {
        /// Returns the value where its group is the one wanted.
        fn of<T: Clone>(wanted: bool, value: Option<&T>) -> Option<T> {
            value.filter(|_| wanted).cloned()
        }
        let is = |candidate: Group| candidate == group;
        Self {
            name: of(is(Group::Name), self.name.as_ref()),
            known_as: of(is(Group::Name), self.known_as.as_ref()),
            date_of_birth: of(is(Group::Identity), self.date_of_birth.as_ref()),
            nhs_number: of(is(Group::Identity), self.nhs_number.as_ref()),
            wristband: of(is(Group::Identity), self.wristband.as_ref()),
            bedroom: of(is(Group::Bedroom), self.bedroom.as_ref()),
            mobility: of(is(Group::Handling), self.mobility.as_ref()),
            marks: of(is(Group::Handling), self.marks.as_ref()),
            care: of(is(Group::Needs), self.care.as_ref()),
            needs: of(is(Group::Needs), self.needs.as_ref()),
            funding: of(is(Group::Funding), self.funding.as_ref()),
            handle_safely: of(is(Group::HandleSafely), self.handle_safely.as_ref()),
            keep_together: of(is(Group::KeepTogether), self.keep_together.as_ref()),
            next_of_kin: of(is(Group::Circle), self.next_of_kin.as_ref()),
            notes: of(is(Group::Notes), self.notes.as_ref()),
        }
    }

    /// Puts the fields that `change` gives over these.
    pub fn take(&mut self, change: Self) {
        /// Replaces `old` when `new` holds something.
        fn over<T>(old: &mut Option<T>, new: Option<T>) {
            if new.is_some() {
                *old = new;
            }
        }
        over(&mut self.name, change.name);
        over(&mut self.known_as, change.known_as);
        over(&mut self.date_of_birth, change.date_of_birth);
        over(&mut self.nhs_number, change.nhs_number);
        over(&mut self.wristband, change.wristband);
        over(&mut self.bedroom, change.bedroom);
        over(&mut self.mobility, change.mobility);
        over(&mut self.care, change.care);
        over(&mut self.funding, change.funding);
        over(&mut self.needs, change.needs);
        over(&mut self.handle_safely, change.handle_safely);
        over(&mut self.marks, change.marks);
        over(&mut self.keep_together, change.keep_together);
        over(&mut self.next_of_kin, change.next_of_kin);
        over(&mut self.notes, change.notes);
    }
}
