//! The team: `staff.csv`.

use std::ops::RangeInclusive;

use proto::{
    id::{MemberId, RoomId},
    member::Profile,
    role::Role,
    text::{PersonName, Short, Telephone},
};

use super::{
    cell::fold,
    error::Why,
    id::derived,
    table::{Row, Table},
};

/// The wording of each role.
const ROLES: [(&str, &[Role]); 18] = [
    ("lead co-ordinating manager", &[Role::Lead]),
    ("deputy", &[Role::Deputy]),
    ("staff support", &[Role::Staffsup]),
    ("vacancies", &[Role::Vacancies]),
    ("placements and new-home liaison", &[Role::Placements]),
    ("transport", &[Role::Transport]),
    ("family liaison", &[Role::Family]),
    ("finance", &[Role::Finance]),
    ("mental capacity assessment", &[Role::Mca]),
    ("best interests meetings", &[Role::Bim]),
    ("moving and handling and equipment", &[Role::Moving]),
    ("medicines, belongings and packing", &[Role::Meds]),
    ("case record update", &[Role::Records]),
    ("business support", &[Role::Bizsup]),
    ("media, councillor and mp enquiries", &[Role::Media]),
    ("reassessments", &[Role::Reassess]),
    ("named social worker", &[Role::NamedSw]),
    ("appointed manager", &[Role::HomeManager]),
];

/// Words in a note that add a role to those listed.
const NOTED: [(&str, Role); 4] = [
    ("named social worker", Role::NamedSw),
    ("team leader at the home", Role::TeamLeaderSite),
    ("nurse", Role::Nurse),
    ("loggist", Role::Loggist),
];

/// A member of the team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The label that other files use.
    pub label: String,
    /// Their profile.
    pub profile: Profile,
    /// The label of the site where they work: `ROOM` or `HR`.
    pub site: String,
    /// The label numbers of the people whose named social worker they are.
    pub people: Option<RangeInclusive<u16>>,
}

/// Derives the id of a member from their label.
pub fn id(room: RoomId, label: &str) -> MemberId {
    MemberId(derived(room, &[b"member", label.as_bytes()]))
}

/// Parses the team.
pub fn read(bytes: &[u8]) -> Result<Vec<Colleague>, Why> {
    let table = Table::with_columns(bytes, &["label", "name", "roles", "site"])?;
    table.rows.iter().map(|row| colleague(&table, row)).collect()
}

/// Parses one member.
fn colleague(table: &Table, row: &Row) -> Result<Colleague, Why> {
    let text = |column| table.text(row, column);
    let wrong =
        |column: &str, what: String| Why::Value { row: row.row, column: column.to_owned(), what };
    let short = |column| {
        let given = Some(table.text(row, column)).filter(|text| !text.is_empty());
        given.map(Short::parse).transpose().map_err(|error| wrong(column, error.to_string()))
    };
    let mobile =
        Some(text("mobile")).filter(|text| !text.is_empty()).map(Telephone::parse).transpose();
    let name = PersonName::parse(text("name")).map_err(|error| wrong("name", error.to_string()))?;
    let roles = roles(text("roles"), text("note")).map_err(|what| wrong("roles", what))?;
    Ok(Colleague {
        label: text("label").to_owned(),
        profile: Profile {
            name,
            organisation: short("organisation")?,
            job: short("job")?,
            mobile: mobile.map_err(|error| wrong("mobile", error.to_string()))?,
            roles,
        },
        site: text("site").to_owned(),
        people: people(text("note")),
    })
}

/// Parses roles.
fn roles(words: &str, note: &str) -> Result<Vec<Role>, String> {
    let mut found: Vec<Role> = Vec::new();
    for word in words.split(';').map(fold).filter(|word| !word.is_empty()) {
        let known = ROLES.iter().find(|(known, _)| *known == word);
        let (_, roles) = known.ok_or_else(|| format!("{word:?} is not a role of the procedure"))?;
        found.extend(*roles);
    }
    let note = fold(note);
    let noted = NOTED
        .iter()
        .filter(|(words, _)| note.split([',', ';']).any(|part| part.trim().starts_with(words)));
    found.extend(noted.map(|(_, role)| *role));
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Parses "named social worker SU01 to SU15".
fn people(note: &str) -> Option<RangeInclusive<u16>> {
    let (_, rest) = note.split_once("named social worker SU")?;
    let (first, rest) = rest.split_once(" to SU")?;
    let last: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(first.parse().ok()?..=last.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_read_from_the_list_and_the_note() {
        let note = "named social worker SU01 to SU15; team leader at the home, may pass G22";
        assert_eq!(
            roles("reassessments", note),
            Ok(vec![Role::Reassess, Role::NamedSw, Role::TeamLeaderSite])
        );
        assert_eq!(people(note), Some(1..=15));
        assert_eq!(roles("business support", "loggist"), Ok(vec![Role::Bizsup, Role::Loggist]));
        assert_eq!(people("loggist"), None);
        assert!(roles("wizard", "").is_err());
    }
}
