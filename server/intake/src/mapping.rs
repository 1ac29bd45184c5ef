//! Column mapping: which column fills which field, as stated by a person or guessed from names and contents.

use std::collections::BTreeMap;

use proto::text::NhsNumber;

use super::{
    cell::fold_name,
    column::Field,
    date::{self, Style},
    error::Why,
    name::split_title,
    table::{Row, Table},
};

/// Rows sampled to guess the contents of a column.
const ROWS_LOOKED_AT: usize = 200;
/// The minimum number of filled cells for a guess.
const CELLS_MIN: usize = 3;

/// The basis of a column's mapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// A person stated it.
    Said,
    /// The column name.
    Name,
    /// The contents of the column.
    Contents,
    /// The column name is not recognised.
    NotKnown,
    /// Another column already fills the same field.
    Taken,
    /// The file hides the column.
    Hidden,
}

/// A column and the field that it fills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The column name.
    pub name: String,
    /// The field.
    pub field: Option<Field>,
    /// The basis of the mapping.
    pub because: Because,
}

/// The mapping that people stated.
#[derive(Debug, Clone, Copy)]
pub enum Told<'a> {
    /// Sentences `Column=field` that override guesses.
    Sentences(&'a [String]),
    /// The field of every column, in file order; nothing is guessed.
    Columns(&'a [Option<Field>]),
}

/// The columns of one file and their fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The columns, in file order.
    pub columns: Vec<Column>,
    places: BTreeMap<Field, usize>,
    fields: BTreeMap<usize, Field>,
}

impl Mapping {
    /// Builds the mapping of a table. A column mapped to `none` is left out; if two columns mean the same
    /// field, the first wins.
    pub fn of(table: &Table, told: Told<'_>) -> Result<Self, Why> {
        let mut guess = Guess::new(table);
        match told {
            Told::Sentences(sentences) => {
                guess.follow(sentences)?;
                guess.names();
                guess.contents();
            }
            Told::Columns(fields) => guess.columns(fields)?,
        }
        Ok(guess.mapping())
    }

    /// Checks that some column holds names.
    pub fn check(&self) -> Result<(), Why> {
        let names = [Field::Name, Field::Surname, Field::FirstName];
        if names.iter().any(|field| self.places.contains_key(field)) {
            Ok(())
        } else {
            let words = "no column holds the names; map one, for example --map \"Who=name\"";
            Err(Why::Mapping(words.to_owned()))
        }
    }

    /// Returns whether a column fills the field.
    pub fn has(&self, field: Field) -> bool {
        self.places.contains_key(&field)
    }

    /// Returns the index of the column that fills a field.
    pub fn place(&self, field: Field) -> Option<usize> {
        self.places.get(&field).copied()
    }

    /// Returns the field that a column fills.
    pub fn field(&self, column: usize) -> Option<Field> {
        self.fields.get(&column).copied()
    }

    /// Returns the text of a field as sent; empty if no column fills it.
    pub fn text<'a>(&self, row: &'a Row, field: Field) -> &'a str {
        self.place(field).map_or("", |column| row.cell(column))
    }

    /// Returns the name of the column that fills a field, else the field's own name.
    pub fn title(&self, field: Field) -> &str {
        let column = self.place(field).and_then(|column| self.columns.get(column));
        column.map_or(field.word(), |column| &column.name)
    }

    /// Returns the names of the unmapped columns.
    pub fn unmapped(&self) -> impl Iterator<Item = &str> {
        let columns = self.columns.iter().filter(|column| column.field.is_none());
        columns.map(|column| column.name.as_str())
    }
}

/// A mapping under construction.
struct Guess<'a> {
    table: &'a Table,
    places: BTreeMap<Field, usize>,
    because: Vec<Option<Because>>,
}

impl<'a> Guess<'a> {
    fn new(table: &'a Table) -> Self {
        Self { table, places: BTreeMap::new(), because: vec![None; table.header.len()] }
    }

    /// Maps a column to a field, unless another column fills it.
    fn put(&mut self, column: usize, field: Field, because: Because) {
        let is_free = !self.places.contains_key(&field);
        if is_free {
            self.places.insert(field, column);
        }
        if let Some(slot) = self.because.get_mut(column) {
            *slot = Some(if is_free { because } else { Because::Taken });
        }
    }

    /// Applies the stated sentences.
    fn follow(&mut self, sentences: &[String]) -> Result<(), Why> {
        for sentence in sentences {
            let (column, field) = follow(self.table, sentence)?;
            if let Some(slot) = self.because.get_mut(column) {
                *slot = Some(Because::Said);
            }
            let Some(field) = field else { continue };
            if self.places.insert(field, column).is_some() {
                let words = format!("two columns are mapped to {:?}; one is enough", field.word());
                return Err(Why::Mapping(words));
            }
        }
        Ok(())
    }

    /// Applies the stated field of every column.
    fn columns(&mut self, fields: &[Option<Field>]) -> Result<(), Why> {
        for (column, slot) in self.because.iter_mut().enumerate() {
            *slot = Some(Because::Said);
            let Some(field) = fields.get(column).copied().flatten() else { continue };
            if self.places.insert(field, column).is_some() {
                let words = format!("two columns are mapped to {:?}; one is enough", field.word());
                return Err(Why::Mapping(words));
            }
        }
        Ok(())
    }

    /// Guesses from the names of the columns that were not stated.
    fn names(&mut self) {
        for (column, cell) in self.table.header.iter().enumerate() {
            if self.because.get(column).copied().flatten().is_some() {
                continue;
            }
            if self.table.hidden_columns.contains(&column) {
                if let Some(slot) = self.because.get_mut(column) {
                    *slot = Some(Because::Hidden);
                }
            } else if let Some(field) = Field::of(&fold_name(cell.as_str())) {
                self.put(column, field, Because::Name);
            }
        }
    }

    /// Guesses from the contents of the columns with unrecognised names, for fields still unfilled.
    fn contents(&mut self) {
        for column in 0..self.table.header.len() {
            if self.because.get(column).copied().flatten().is_some() {
                continue;
            }
            let rows = self.table.rows.iter().take(ROWS_LOOKED_AT);
            let cells = rows.map(|row| row.cell(column).trim()).filter(|text| !text.is_empty());
            let cells: Vec<&str> = cells.collect();
            let Some(field) = looks_like(&cells) else { continue };
            let has_name = [Field::Surname, Field::FirstName, Field::Name]
                .iter()
                .any(|field| self.places.contains_key(field));
            let is_filled = self.places.contains_key(&field) || field == Field::Name && has_name;
            if !is_filled {
                self.put(column, field, Because::Contents);
            }
        }
    }

    fn mapping(self) -> Mapping {
        let fields: BTreeMap<usize, Field> =
            self.places.iter().map(|(field, column)| (*column, *field)).collect();
        let header = self.table.header.iter().zip(self.because).enumerate();
        let columns = header.map(|(place, (cell, because))| Column {
            name: named(place, cell.as_str()),
            field: fields.get(&place).copied(),
            because: because.unwrap_or(Because::NotKnown),
        });
        Mapping { columns: columns.collect(), places: self.places, fields }
    }
}

/// Returns the field that most of these cells look like.
fn looks_like(cells: &[&str]) -> Option<Field> {
    let most = |is: &dyn Fn(&str) -> bool| {
        let count = cells.iter().filter(|cell| is(cell)).count();
        cells.len() >= CELLS_MIN && count * 10 >= cells.len() * 7
    };
    let is_birth = |cell: &str| match date::read(cell, Style::default()) {
        date::Reading::Date { date, .. } => date.as_str() < "2009",
        date::Reading::Unclear(_) => false,
    };
    if most(&|cell| NhsNumber::parse(cell).is_ok()) {
        Some(Field::NhsNumber)
    } else if most(&is_birth) {
        Some(Field::BirthDate)
    } else if most(&|cell| matches!(split_title(cell), (Some(_), rest) if !rest.is_empty())) {
        Some(Field::Name)
    } else {
        None
    }
}

/// Returns the display name of a column, or its number if it has none.
fn named(place: usize, text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() { format!("column {}, without a name", place + 1) } else { text }
}

/// Parses a sentence `Column=field` into a column and a field.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let text = "Who,Room,Surname,Bed,Colour\nx,1,Ellis,2,red\n";
        Table::read(text.as_bytes(), &|name| Field::of(name).is_some()).unwrap()
    }

    fn said(sentences: &[&str]) -> Result<Mapping, Why> {
        let said: Vec<String> = sentences.iter().map(|s| (*s).to_owned()).collect();
        let mapping = Mapping::of(&table(), Told::Sentences(&said))?;
        mapping.check()?;
        Ok(mapping)
    }

    #[test]
    fn columns_are_guessed_and_unmapped_ones_are_listed() {
        let mapping = said(&[]).unwrap();
        assert_eq!(mapping.text(&table().rows[0], Field::Room), "1");
        assert_eq!(mapping.unmapped().collect::<Vec<_>>(), ["Who", "Bed", "Colour"]);
        assert_eq!(mapping.title(Field::Notes), "notes");
    }

    #[test]
    fn a_stated_mapping_overrides_a_guess() {
        let mapping = said(&["Who=known_as", "bed=Room", "Room=none"]).unwrap();
        assert_eq!(mapping.text(&table().rows[0], Field::Room), "2");
        assert_eq!(mapping.text(&table().rows[0], Field::KnownAs), "x");
        assert_eq!(mapping.unmapped().collect::<Vec<_>>(), ["Room", "Colour"]);
    }

    #[test]
    fn an_invalid_mapping_is_reported() {
        for bad in [&["Who"][..], &["Shoe=name"], &["Who=shoe"], &["Who=room", "Bed=room"]] {
            assert!(matches!(said(bad), Err(Why::Mapping(_))), "{bad:?}");
        }
        assert!(matches!(said(&["Surname=none"]), Err(Why::Mapping(_))), "nobody has a name");
    }
}
