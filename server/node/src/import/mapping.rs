//! Which column fills which field: guessed from the column names, or said.

use std::collections::BTreeMap;

use super::{
    cell::fold_name,
    column::Field,
    error::Why,
    table::{Row, Table},
};

/// The columns of one file, and what each fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Each column's name, and its field when it has one, in the order of the file.
    pub columns: Vec<(String, Option<Field>)>,
    places: BTreeMap<Field, usize>,
}

impl Mapping {
    /// Guesses from the column names; `said` are sentences `Column=field` that go before any guess.
    /// A column said to be `none` is left out. Of two columns with one meaning the first is taken.
    pub fn of(table: &Table, said: &[String]) -> Result<Self, Why> {
        let mut places = BTreeMap::new();
        let mut is_said = vec![false; table.header.len()];
        for sentence in said {
            let (column, field) = follow(table, sentence)?;
            if let Some(told) = is_said.get_mut(column) {
                *told = true;
            }
            if let Some(field) = field
                && places.insert(field, column).is_some()
            {
                let words = format!("two columns are mapped to {:?}; one is enough", field.word());
                return Err(Why::Mapping(words));
            }
        }
        for (column, cell) in table.header.iter().enumerate() {
            let guess = Field::of(&fold_name(cell.as_str()));
            if let (Some(field), Some(false)) = (guess, is_said.get(column)) {
                places.entry(field).or_insert(column);
            }
        }
        let mapping = Self { columns: columns(table, &places), places };
        let names = [Field::Name, Field::Surname, Field::FirstName];
        if names.iter().any(|field| mapping.places.contains_key(field)) {
            Ok(mapping)
        } else {
            let words = "no column holds the names; say which does, such as --map \"Who=name\"";
            Err(Why::Mapping(words.to_owned()))
        }
    }

    /// Tells whether a column fills the field.
    pub fn has(&self, field: Field) -> bool {
        self.places.contains_key(&field)
    }

    /// Returns the text that fills a field, as sent; nothing where no column does.
    pub fn text<'a>(&self, row: &'a Row, field: Field) -> &'a str {
        self.places.get(&field).map_or("", |column| row.cell(*column))
    }

    /// Returns the name of the column that fills a field, else the field's own name.
    pub fn title(&self, field: Field) -> &str {
        let column = self.places.get(&field).and_then(|column| self.columns.get(*column));
        column.map_or(field.word(), |(name, _)| name)
    }

    /// Returns the names of the columns that fill nothing.
    pub fn unmapped(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter(|(_, field)| field.is_none()).map(|(name, _)| name.as_str())
    }
}

/// Returns the column and the field that a sentence `Column=field` names.
fn follow(table: &Table, sentence: &str) -> Result<(usize, Option<Field>), Why> {
    let form = || Why::Mapping(format!("{sentence:?} is not of the form Column=field"));
    let (column, field) = sentence.rsplit_once('=').ok_or_else(form)?;
    let place = table.column(column);
    let place = place.ok_or_else(|| Why::Mapping(format!("there is no column {column:?}")))?;
    let word = fold_name(field);
    if word == "none" {
        return Ok((place, None));
    }
    let found = Field::of(&word);
    let words = || {
        let all: Vec<&str> = Field::all().map(Field::word).collect();
        format!("there is no field {:?}; there are {}, none", field.trim(), all.join(", "))
    };
    found.map(|field| (place, Some(field))).ok_or_else(|| Why::Mapping(words()))
}

/// Returns each column's name and field.
fn columns(table: &Table, places: &BTreeMap<Field, usize>) -> Vec<(String, Option<Field>)> {
    let name = |place: usize, text: &str| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() { format!("column {}, without a name", place + 1) } else { text }
    };
    let field =
        |place| places.iter().find(|(_, column)| **column == place).map(|(field, _)| *field);
    let header = table.header.iter().enumerate();
    header.map(|(place, cell)| (name(place, cell.as_str()), field(place))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let text = "Who,Room,Surname,Bed,Colour\nx,1,Ellis,2,red\n";
        Table::read(text.as_bytes(), &|name| Field::of(name).is_some()).unwrap()
    }

    fn said(sentences: &[&str]) -> Result<Mapping, Why> {
        let said: Vec<String> = sentences.iter().map(|s| (*s).to_owned()).collect();
        Mapping::of(&table(), &said)
    }

    #[test]
    fn columns_are_guessed_and_the_others_are_listed() {
        let mapping = said(&[]).unwrap();
        assert_eq!(mapping.text(&table().rows[0], Field::Room), "1");
        assert_eq!(mapping.unmapped().collect::<Vec<_>>(), ["Who", "Bed", "Colour"]);
        assert_eq!(mapping.title(Field::Notes), "notes");
    }

    #[test]
    fn what_is_said_goes_before_what_is_guessed() {
        let mapping = said(&["Who=known_as", "bed=Room", "Room=none"]).unwrap();
        assert_eq!(mapping.text(&table().rows[0], Field::Room), "2");
        assert_eq!(mapping.text(&table().rows[0], Field::KnownAs), "x");
        assert_eq!(mapping.unmapped().collect::<Vec<_>>(), ["Room", "Colour"]);
    }

    #[test]
    fn a_sentence_that_cannot_be_followed_is_told() {
        for bad in [&["Who"][..], &["Shoe=name"], &["Who=shoe"], &["Who=room", "Bed=room"]] {
            assert!(matches!(said(bad), Err(Why::Mapping(_))), "{bad:?}");
        }
        assert!(matches!(said(&["Surname=none"]), Err(Why::Mapping(_))), "nobody has a name");
    }
}
