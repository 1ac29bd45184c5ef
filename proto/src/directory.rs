//! The directory: every provider in the regulator's files, for a room's search for homes.

use serde::{Deserialize, Serialize};

use crate::{
    home::Home,
    id::{HomeId, Time},
    text::{Line, Short},
};

/// The registered services of a provider's location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
#[serde(rename_all = "snake_case")]
pub enum ProviderKind {
    /// A care home with nursing.
    Nursing,
    /// A care home without nursing.
    Residential,
    /// Care in people's own homes.
    HomeCare,
}

/// The people it is registered to care for: the regulator's service user bands and specialisms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
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
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
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

/// The regulator's rated questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
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

/// The kinds of file that make up the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// The care directory: names, addresses, telephones, specialisms.
    Directory,
    /// The care directory with filters: beds, ratings, coordinates.
    Filters,
    /// The latest ratings, one line for each question asked.
    Ratings,
    /// Places whose registration has ended.
    Deactivated,
    /// A council's own list, made from the regulator's.
    Local,
}

/// A group of fields about a location that can come from different files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
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
    /// Its provider.
    Provider,
    /// The council for its area.
    Authority,
    /// Its rating.
    Rating,
    /// Its coordinates.
    Place,
    /// Its NHS code.
    Ods,
}

/// A file in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
pub struct ListFile {
    /// What kind of file.
    pub kind: FileKind,
    /// The file's date, `YYYY-MM-DD`.
    pub day: String,
    /// How many care locations it lists.
    pub places: u32,
    /// When it was uploaded.
    pub kept_at: Time,
}

/// The file that some of a location's fields come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
pub struct Origin {
    /// The file.
    pub kind: FileKind,
    /// The file's date.
    pub day: String,
    /// The fields.
    pub fields: Vec<HomeField>,
}

/// One registration of a location. A change of provider leaves the same location with two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
pub struct Registration {
    /// The regulator's id.
    pub location: String,
    /// The id in this room of a home added from it.
    pub home: HomeId,
    /// Its name under this registration.
    pub name: String,
    /// Its provider under this registration.
    pub provider: Option<String>,
    /// The date of registration.
    pub since: Option<String>,
}

/// A rating, with its caveats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
pub struct RatingTold {
    /// The rating.
    pub rating: CqcRating,
    /// The date of publication.
    pub day: Option<String>,
    /// Whether it was given to an earlier provider of the same location.
    pub inherited: bool,
    /// Whether it was published more than three years ago.
    pub old: bool,
    /// The known ratings per question.
    pub domains: Vec<(Domain, CqcRating)>,
}

/// What a vacancy list says about a location. Confirm it by telephone; it holds no place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
pub struct VacancySaid {
    /// How many vacancies.
    pub vacant: u16,
    /// The list's date.
    pub day: String,
    /// The age of the list in days.
    pub days: u16,
    /// The list's source.
    pub source: Short,
}

/// One search result: a location, with all its registrations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
pub struct ListedHome {
    /// The command value that adds it to the room.
    pub home: Home,
    /// Its registrations, newest first; there is at least one.
    pub registrations: Vec<Registration>,
    /// Its other names.
    pub known_as: Option<String>,
    /// Its postcode.
    pub postcode: Option<String>,
    /// Its website, as the file has it.
    pub website: Option<String>,
    /// What it is registered to do.
    pub kinds: Vec<ProviderKind>,
    /// Whom it is registered to care for.
    pub categories: Vec<Category>,
    /// How many beds it is registered for, which is never a vacancy.
    pub beds: Option<u16>,
    /// The council for its area.
    pub authority: Option<String>,
    /// Its rating.
    pub rating: Option<RatingTold>,
    /// Its NHS code.
    pub ods: Option<String>,
    /// Straight-line distance in miles from the search's origin.
    pub miles: Option<u16>,
    /// The sources of all this.
    pub origins: Vec<Origin>,
    /// What the latest vacancy list says about it.
    pub vacancy: Option<VacancySaid>,
}

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
pub struct HomesAnswer {
    /// The files in the directory; none if there is no directory yet.
    pub files: Vec<ListFile>,
    /// The councils with a location in it, sorted.
    pub authorities: Vec<String>,
    /// How many results match.
    pub found: u32,
    /// How many match except for the distance, because their position is unknown.
    pub unplaced: u32,
    /// The page number, from 1.
    pub page: u32,
    /// How many pages there are.
    pub pages: u32,
    /// The results on this page.
    pub homes: Vec<ListedHome>,
}

/// The result of an upload to the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
pub struct FileTaken {
    /// The detected kind of file.
    pub kind: FileKind,
    /// The file's date.
    pub day: String,
    /// Rows read below the header row.
    pub rows: u32,
    /// Locations stored.
    pub places: u32,
    /// What was skipped or could not be parsed, in words.
    pub notes: Vec<Line>,
}

/// The result of uploading a vacancy list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "directory.ts"))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum VacanciesTaken {
    /// It was parsed.
    Taken {
        /// Rows that matched a location in the directory.
        matched: u32,
        /// Rows that matched none, and why, in words.
        notes: Vec<Line>,
    },
    /// A person must identify the columns.
    WhichColumns {
        /// The columns of the list.
        columns: Vec<String>,
        /// What is ambiguous, in words.
        words: Line,
    },
}
