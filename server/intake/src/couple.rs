//! Splits a row that names two people into two rows, where it is clear who is who. A value that cannot be
//! assigned to one of them goes to neither and is kept.

use super::{
    cell::{Cell, fold},
    column::Field,
    decisions::Decisions,
    mapping::Mapping,
    name::{is_two_people, split_title},
    table::{Row, Table},
};

/// One of the two people in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Whether it is the second.
    pub is_second: bool,
    /// The names as sent.
    pub sent: Cell,
    /// Values that could belong to either person.
    pub unshared: Vec<(&'static str, Cell)>,
}

/// The names of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Names {
    title: String,
    first: String,
    surname: String,
}

/// Replaces each row that names two people with two rows, unless a decision says that it is one person.
pub(super) fn split(table: &mut Table, mapping: &Mapping, decisions: &Decisions) {
    let rows = std::mem::take(&mut table.rows);
    for row in rows {
        let is_one = decisions.one_person.iter().any(|one| one.row == row.row);
        let two = (!is_one && !row.is_hidden).then(|| two(&row, mapping)).flatten();
        match two {
            Some(two) => table.rows.extend(two),
            None => table.rows.push(row),
        }
    }
}

/// Returns both people of a row.
fn two(row: &Row, mapping: &Mapping) -> Option<[Row; 2]> {
    let raw = |field| mapping.text(row, field).trim();
    let cells = [Field::Title, Field::FirstName, Field::Surname, Field::Name].map(raw);
    let [title, first, surname, whole] = cells;
    if !is_two_people(&cells.map(fold).join(" ")) {
        return None;
    }
    let is_whole = first.is_empty() && surname.is_empty();
    let is_word = |half: &String| half.contains(char::is_alphabetic);
    if !cells.iter().all(|cell| name_halves(cell).iter().all(is_word)) {
        return None;
    }
    let names = if is_whole { of_whole(title, whole)? } else { of_columns(title, first, surname)? };
    let sent = cells.into_iter().filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ");
    let [one, other] = names;
    let make = |names: Names, is_second: bool| {
        let mut row = row.clone();
        let mut part = Part { is_second, sent: Cell::new(sent.clone()), unshared: Vec::new() };
        for field in [Field::BirthDate, Field::NhsNumber, Field::KnownAs, Field::Sex] {
            share(&mut row, &mut part, mapping, field);
        }
        put(&mut row, mapping, Field::Title, &names.title);
        if is_whole {
            let full = [names.first.as_str(), names.surname.as_str()];
            let full = full.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
            put(&mut row, mapping, Field::Name, &full.join(" "));
        } else {
            put(&mut row, mapping, Field::FirstName, &names.first);
            put(&mut row, mapping, Field::Surname, &names.surname);
        }
        row.part = Some(part);
        row
    };
    Some([make(one, false), make(other, true)])
}

/// Gives a person their half of a cell with two values; a single value goes to neither.
fn share(row: &mut Row, part: &mut Part, mapping: &Mapping, field: Field) {
    let sent = mapping.text(row, field).trim().to_owned();
    if sent.is_empty() {
        return;
    }
    let halves = halves(&sent);
    if let [one, other] = halves.as_slice() {
        put(row, mapping, field, if part.is_second { other } else { one });
    } else {
        put(row, mapping, field, "");
        part.unshared.push((field.word(), Cell::new(sent)));
    }
}

/// Splits a cell into its values. A slash separates only with spaces around it, because dates contain
/// slashes.
fn halves(text: &str) -> Vec<String> {
    let text = format!(" {} ", text.replace(['\n', ';', '+'], " & ").replace(", ", " & "));
    let text = text.replace(" and ", " & ").replace(" AND ", " & ").replace(" / ", " & ");
    let parts = text.split('&').map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    parts.filter(|part| !part.is_empty()).collect()
}

/// Splits names like [`halves`], except that a slash needs no spaces.
fn name_halves(text: &str) -> Vec<String> {
    halves(&text.replace('/', " & "))
}

/// Overwrites the cell of a field.
fn put(row: &mut Row, mapping: &Mapping, field: Field, text: &str) {
    if let Some(cell) = mapping.place(field).and_then(|column| row.cells.get_mut(column)) {
        *cell = Cell::new(text);
    }
}

/// Splits names held in separate columns.
fn of_columns(title: &str, first: &str, surname: &str) -> Option<[Names; 2]> {
    let titles = name_halves(title);
    let firsts = name_halves(first);
    let surnames = name_halves(surname);
    if titles.len() > 2 || firsts.len() > 2 || surnames.len() > 2 {
        return None;
    }
    let of = |place: usize| {
        let title = titles.get(place.min(titles.len().saturating_sub(1)));
        let title = title.cloned().unwrap_or_default();
        let surname = surnames.get(place).or(surnames.first()).cloned().unwrap_or_default();
        let first = firsts.get(place).cloned().unwrap_or_default();
        let first = if first.is_empty() { title.clone() } else { first };
        Names { title, first, surname }
    };
    let (one, other) = (of(0), of(1));
    ((&one.first, &one.surname) != (&other.first, &other.surname)).then_some([one, other])
}

/// Splits names held in one column.
fn of_whole(title: &str, whole: &str) -> Option<[Names; 2]> {
    let (surname, given) = match whole.split_once(',') {
        Some((surname, given)) if !name_halves(given).is_empty() => (surname.trim(), given),
        _ => ("", whole),
    };
    let parts = name_halves(given);
    let [one, other] = parts.as_slice() else {
        return of_columns(title, "", whole).filter(|_| surname.is_empty());
    };
    let ((one_title, one), (other_title, other)) = (split_title(one), split_title(other));
    let titles = name_halves(title);
    let title_of = |own: Option<&str>, place: usize| {
        own.map_or_else(|| titles.get(place).cloned().unwrap_or_default(), str::to_owned)
    };
    let last = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
    let both = |name: &str| name.contains(' ');
    // In "Stan, Halina and Ivy Wojcik" the comma does not follow a surname.
    if !surname.is_empty() && (both(one) || both(other)) {
        return None;
    }
    let family = if !surname.is_empty() {
        surname.to_owned()
    } else if both(other) || (one.is_empty() && !other.is_empty()) {
        last(other)
    } else {
        last(one)
    };
    let of = |own: Option<&str>, name: &str, place: usize| {
        let title = title_of(own, place);
        let is_family = fold(name) == fold(&family);
        let name = if is_family { "" } else { name };
        let (first, surname) = match name.rsplit_once(' ') {
            Some((first, last)) if surname.is_empty() => (first.to_owned(), last.to_owned()),
            _ => (name.to_owned(), family.clone()),
        };
        let first = if first.is_empty() { title.clone() } else { first };
        Names { title, first, surname }
    };
    let (one, other) = (of(one_title, one, 0), of(other_title, other, 1));
    let is_plain =
        !family.is_empty() && (&one.first, &one.surname) != (&other.first, &other.surname);
    (is_plain && !one.first.is_empty() && !other.first.is_empty()).then_some([one, other])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(names: Option<[Names; 2]>) -> Option<[String; 2]> {
        names.map(|names| names.map(|n| format!("{} {}", n.first, n.surname)))
    }

    #[test]
    fn a_couple_becomes_two_people_with_their_names() {
        for (whole, one, other) in [
            ("Mr & Mrs Wojcik", "Mr Wojcik", "Mrs Wojcik"),
            ("Stan and Halina Wojcik", "Stan Wojcik", "Halina Wojcik"),
            ("Stan/Halina Wojcik", "Stan Wojcik", "Halina Wojcik"),
            ("Mr Stan & Mrs Halina Wojcik", "Stan Wojcik", "Halina Wojcik"),
            ("Wojcik, Stan & Halina", "Stan Wojcik", "Halina Wojcik"),
            ("Stan Wojcik & Halina Nowak", "Stan Wojcik", "Halina Nowak"),
            ("Stan Wojcik and Halina", "Stan Wojcik", "Halina Wojcik"),
        ] {
            let told = told(of_whole("", whole));
            assert_eq!(told, Some([one.to_owned(), other.to_owned()]), "{whole}");
        }
        assert_eq!(told(of_whole("", "Stan, Halina and Ivy Wojcik")), None);
        let columns = told(of_columns("Mr & Mrs", "Stan & Halina", "Wojcik"));
        assert_eq!(columns, Some(["Stan Wojcik".to_owned(), "Halina Wojcik".to_owned()]));
        let titles = told(of_columns("Mr & Mrs", "", "Wojcik"));
        assert_eq!(titles, Some(["Mr Wojcik".to_owned(), "Mrs Wojcik".to_owned()]));
    }

    #[test]
    fn a_date_with_slashes_is_one_value() {
        assert_eq!(halves("18/04/1932"), ["18/04/1932"]);
        assert_eq!(halves("18/04/1932 & 02/11/1934"), ["18/04/1932", "02/11/1934"]);
        assert_eq!(halves("18/04/1932 / 02/11/1934"), ["18/04/1932", "02/11/1934"]);
        assert_eq!(halves("999 185 0082\n999 191 8795"), ["999 185 0082", "999 191 8795"]);
    }
}
