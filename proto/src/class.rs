//! Data classes and the need-to-know matrix: which role reads and writes which class, and how the login's ceiling
//! caps it (SECURITY.md). The matrix is `matrix.tsv`; it also lists roles and classes that have no data yet.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize, de::IntoDeserializer};

use crate::role::{Ceiling, Role};

/// A class of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Place now, stage, marks, by reference or bedroom.
    Census,
    /// Name, birth date, NHS number, photograph.
    Ident,
    /// The handle-safely card.
    Card,
    /// Needs, assessments, equipment, medicines.
    Health,
    /// Capacity, lawful route, deprivation of liberty, attorneys.
    Law,
    /// The person's funding and fees.
    Money,
    /// Family, what they were told, contacts.
    Circle,
    /// Destination and journey.
    Dest,
    /// A protected destination, and who must not learn it.
    Prot,
    /// Homes, vacancies, contact log.
    Beds,
    /// Sign-ins, roll, home cover, help.
    Site,
    /// Staff telephone numbers.
    Phones,
    /// The log, decisions, passes, breaches.
    Log,
    /// Complaints and concerns.
    Compl,
    /// Safeguarding.
    Safe,
    /// Approvals, debts, spending.
    Costs,
    /// Scripts, enquiries, briefs.
    Words,
    /// The sitrep.
    Sitrep,
    /// The roster, cover, who has access.
    Team,
    /// Exports and paper packs.
    Exp,
}

impl Class {
    /// Every class, in the order of the matrix.
    pub const ALL: [Self; 20] = [
        Self::Census,
        Self::Ident,
        Self::Card,
        Self::Health,
        Self::Law,
        Self::Money,
        Self::Circle,
        Self::Dest,
        Self::Prot,
        Self::Beds,
        Self::Site,
        Self::Phones,
        Self::Log,
        Self::Compl,
        Self::Safe,
        Self::Costs,
        Self::Words,
        Self::Sitrep,
        Self::Team,
        Self::Exp,
    ];
}

/// The level of access, in ascending order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    #[default]
    None,
    /// Counts.
    Counts,
    /// A reference, a mark, or yes/no; never the content.
    Masked,
    /// Published and cleared content, or meeting papers.
    Published,
    /// Read.
    Read,
    /// Read, add, change.
    Write,
}

/// The subjects that access covers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Everybody.
    #[default]
    All,
    /// The people assigned to the member.
    Assigned,
    /// The people at the site where the member is signed in.
    AtSite,
    /// The member's agency or home.
    OwnAgency,
    /// The member's own entries.
    OwnEntries,
}

/// A cell of the matrix.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cell {
    /// The level.
    pub level: Level,
    /// The scope.
    pub scope: Scope,
    /// Break-glass raises the level.
    pub break_glass: bool,
}

impl Cell {
    /// Parses a cell: `r`, `w-s`, `m+BG`.
    fn parse(text: &str) -> Option<Self> {
        let (text, break_glass) = match text.strip_suffix("+BG") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let (level, scope) = match text.split_once('-') {
            Some(("", "")) | None => (text, ""),
            Some((level, scope)) => (level, scope),
        };
        let level = match level {
            "-" => Level::None,
            "n" => Level::Counts,
            "m" => Level::Masked,
            "p" | "i" => Level::Published,
            "r" => Level::Read,
            "w" => Level::Write,
            _ => return None,
        };
        let scope = match scope {
            "" => Scope::All,
            "s" => Scope::Assigned,
            "h" => Scope::AtSite,
            "a" => Scope::OwnAgency,
            "o" => Scope::OwnEntries,
            _ => return None,
        };
        Some(Self { level, scope, break_glass })
    }
}

/// The matrix: a row per role and per ceiling.
#[derive(Debug, Default)]
struct Matrix {
    rows: BTreeMap<String, BTreeMap<Class, Cell>>,
    /// The cells of the roles and ceilings of this release.
    roles: BTreeMap<(Role, Class), Cell>,
    ceilings: BTreeMap<(Ceiling, Class), Cell>,
    /// Cells and classes that cannot be parsed; a test asserts that there are none.
    faults: Vec<String>,
}

static MATRIX: LazyLock<Matrix> = LazyLock::new(|| Matrix::parse(include_str!("matrix.tsv")));

impl Matrix {
    fn parse(text: &str) -> Self {
        let mut matrix = Self::default();
        let mut lines = text.lines();
        let head: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
        for line in lines {
            let mut cells = line.split('\t').zip(&head);
            let Some((key, _)) = cells.next() else { continue };
            let row = matrix.rows.entry(key.to_owned()).or_default();
            // The second column is the kind of role, for readers.
            for (text, class) in cells.skip(1) {
                match (named::<Class>(class), Cell::parse(text)) {
                    (Some(class), Some(cell)) => {
                        row.insert(class, cell);
                    }
                    _ => matrix.faults.push(format!("{key} {class}: {text:?}")),
                }
            }
        }
        for class in Class::ALL {
            let cell = |key: String| matrix.rows.get(&key)?.get(&class).copied();
            let roles = Role::ALL.into_iter();
            let roles = roles.filter_map(|role| Some(((role, class), cell(name_of(role))?)));
            let roles: Vec<_> = roles.collect();
            let ceilings = Ceiling::ALL.into_iter();
            let ceilings = ceilings.filter_map(|one| Some(((one, class), cell(name_of(one))?)));
            let ceilings: Vec<_> = ceilings.collect();
            matrix.roles.extend(roles);
            matrix.ceilings.extend(ceilings);
        }
        matrix
    }
}

/// Returns the value with this wire name.
fn named<T: for<'de> Deserialize<'de>>(name: &str) -> Option<T> {
    let name: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
        name.into_deserializer();
    T::deserialize(name).ok()
}

/// Returns the wire name of a value.
fn name_of(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(_) | Err(_) => String::new(),
    }
}

impl Role {
    /// Returns the role's access to a class; none if the matrix has no such row.
    pub fn on(self, class: Class) -> Cell {
        MATRIX.roles.get(&(self, class)).copied().unwrap_or_default()
    }
}

impl Ceiling {
    /// Returns the ceiling's cap on a class.
    pub fn on(self, class: Class) -> Cell {
        MATRIX.ceilings.get(&(self, class)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_of_the_matrix_parses() {
        let none: [String; 0] = [];
        assert_eq!(MATRIX.faults, none);
        for (key, row) in &MATRIX.rows {
            assert_eq!(row.len(), Class::ALL.len(), "{key}");
        }
        for role in Role::ALL {
            assert!(MATRIX.rows.contains_key(&name_of(role)), "{role:?}");
        }
        for ceiling in [Ceiling::Staff, Ceiling::Code, Ceiling::Link, Ceiling::Screen] {
            assert!(MATRIX.rows.contains_key(&name_of(ceiling)), "{ceiling:?}");
        }
    }

    #[test]
    fn a_cell_parses_into_level_and_scope() {
        let cell = |level, scope, break_glass| Some(Cell { level, scope, break_glass });
        for (text, wanted) in [
            ("-", cell(Level::None, Scope::All, false)),
            ("w", cell(Level::Write, Scope::All, false)),
            ("w-o", cell(Level::Write, Scope::OwnEntries, false)),
            ("m+BG", cell(Level::Masked, Scope::All, true)),
            ("r-h", cell(Level::Read, Scope::AtSite, false)),
            ("x", None),
            ("r-x", None),
            ("", None),
        ] {
            assert_eq!(Cell::parse(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_finance_officer_reads_money_and_a_director_counts() {
        assert_eq!(Role::Finance.on(Class::Money).level, Level::Write);
        assert_eq!(Role::Director.on(Class::Census).level, Level::Counts);
        assert_eq!(Role::NamedSw.on(Class::Prot).scope, Scope::Assigned);
        assert_eq!(Ceiling::Code.on(Class::Money).level, Level::Masked);
    }
}
