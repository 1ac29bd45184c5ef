//! The directory: every provider in the regulator's files, to be searched when a room needs homes.

use serde::{Deserialize, Serialize};

use crate::{
    home::Home,
    id::{HomeId, Time},
    text::{Line, Short},
};

/// What a provider's place is registered to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// A care home with nursing.
    Nursing,
    /// A care home without nursing.
    Residential,
    /// Care in people's own homes.
    HomeCare,
}

/// Whom it is registered to care for: the regulator's service user bands and specialisms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Older people.
    OlderPeople,
    /// Dementia.
    Dementia,
    /// Adults under 65.
    YoungerAdults,
    /// Learning disabilities and autism.
    LearningDisability,
    /// Mental health.
    MentalHealth,
    /// Physical disabilities.
    PhysicalDisability,
    /// Sensory impairments.
    SensoryImpairment,
    /// Eating disorders.
    EatingDisorder,
    /// Drugs and alcohol.
    Substances,
    /// People detained under the Mental Health Act.
    Detained,
    /// Children.
    Children,
    /// Everybody.
    Everybody,
}

/// The regulator's rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CqcRating {
    /// Outstanding.
    Outstanding,
    /// Good.
    Good,
    /// Requires improvement.
    RequiresImprovement,
    /// Inadequate.
    Inadequate,
}

/// What of a place is rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// Is it safe?
    Safe,
    /// Is it effective?
    Effective,
    /// Is it caring?
    Caring,
    /// Is it responsive to people's needs?
    Responsive,
    /// Is it well led?
    WellLed,
}

/// The files from which the directory is put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// The care directory: names, addresses, telephones, specialisms.
    Directory,
    /// The care directory with filters: beds, ratings, the place on the map.
    Filters,
    /// The latest ratings, one line for each question asked.
    Ratings,
    /// Places whose registration has ended.
    Deactivated,
    /// A council's own list, made from the regulator's.
    Local,
}

/// A part of what is told about a place, as far as files differ in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HomeField {
    /// Its name.
    Name,
    /// Its address and postcode.
    Address,
    /// Its telephone.
    Telephone,
    /// Its website.
    Website,
    /// What it is registered to do.
    Kinds,
    /// Whom it is registered to care for.
    Categories,
    /// How many beds it is registered for.
    Beds,
    /// Who runs it.
    Provider,
    /// The council in whose area it is.
    Authority,
    /// Its rating.
    Rating,
    /// Where it is on the map.
    Place,
    /// Its code in the NHS.
    Ods,
}

/// A file of which the directory is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListFile {
    /// What kind of file.
    pub kind: FileKind,
    /// The day of which it tells, `YYYY-MM-DD`.
    pub day: String,
    /// How many places it tells of that care for people.
    pub places: u32,
    /// When it was taken in.
    pub kept_at: Time,
}

/// From which file some of a place's fields come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file.
    pub kind: FileKind,
    /// The day of which it tells.
    pub day: String,
    /// The fields.
    pub fields: Vec<HomeField>,
}

/// One registration of a place. A change of provider leaves the same place with two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// The regulator's id of it.
    pub location: String,
    /// The id that a home added from it has in this room.
    pub home: HomeId,
    /// Its name under this registration.
    pub name: String,
    /// Who runs it under this registration.
    pub provider: Option<String>,
    /// Since when it is registered.
    pub since: Option<String>,
}

/// A rating, and how much it is worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingTold {
    /// The rating.
    pub rating: CqcRating,
    /// When it was published.
    pub day: Option<String>,
    /// It was given to an earlier provider of the same place.
    pub inherited: bool,
    /// It was published more than three years ago.
    pub old: bool,
    /// The rating of each question, where it is known.
    pub domains: Vec<(Domain, CqcRating)>,
}

/// What somebody's vacancy list said. It is a word to ring about, and nothing can be held on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VacancySaid {
    /// How many vacancies.
    pub vacant: u16,
    /// The day of which the list tells.
    pub day: String,
    /// How many days ago that is.
    pub days: u16,
    /// Whose list.
    pub source: Short,
}

/// One choice of a search: a place, with all its registrations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedHome {
    /// What adds it to the room.
    pub home: Home,
    /// Its registrations, the newest first; there is at least one.
    pub registrations: Vec<Registration>,
    /// What else it is known as.
    pub known_as: Option<String>,
    /// Its postcode.
    pub postcode: Option<String>,
    /// Its website, as the file has it.
    pub website: Option<String>,
    /// What it is registered to do.
    pub kinds: Vec<ProviderKind>,
    /// Whom it is registered to care for.
    pub categories: Vec<Category>,
    /// How many beds it is registered for. That is never a vacancy.
    pub beds: Option<u16>,
    /// The council in whose area it is.
    pub authority: Option<String>,
    /// Its rating.
    pub rating: Option<RatingTold>,
    /// Its code in the NHS.
    pub ods: Option<String>,
    /// Miles in a straight line from where the search looks.
    pub miles: Option<u16>,
    /// Where all this comes from.
    pub origins: Vec<Origin>,
    /// What a vacancy list said of it.
    pub vacancy: Option<VacancySaid>,
}

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomesAnswer {
    /// The files of which the directory is made; none means that there is no directory yet.
    pub files: Vec<ListFile>,
    /// The councils that have a place in it, in order.
    pub authorities: Vec<String>,
    /// How many choices match.
    pub found: u32,
    /// How many match but for the distance, because nothing tells where they are.
    pub unplaced: u32,
    /// Which page this is, from 1.
    pub page: u32,
    /// How many pages there are.
    pub pages: u32,
    /// The choices of this page.
    pub homes: Vec<ListedHome>,
}

/// What became of a file that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTaken {
    /// What the file turned out to be.
    pub kind: FileKind,
    /// The day of which it tells.
    pub day: String,
    /// Rows read below the column names.
    pub rows: u32,
    /// Places kept.
    pub places: u32,
    /// What was left out or could not be read, in words.
    pub notes: Vec<Line>,
}

/// What became of a vacancy list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum VacanciesTaken {
    /// It was read.
    Taken {
        /// Rows that tell of a place in the directory.
        matched: u32,
        /// Rows that could not be brought together with one, and why, in words.
        notes: Vec<Line>,
    },
    /// Somebody must say which column is which.
    WhichColumns {
        /// The columns of the list.
        columns: Vec<String>,
        /// What is not clear, in words.
        words: Line,
    },
}
