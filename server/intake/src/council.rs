//! The council's own records, compared with the list.

use proto::{
    person::FundingSource,
    text::{BirthDate, NhsNumber, PersonName, Short},
};

use super::{
    cell::fold,
    error::Why,
    table::{Row, Table},
};

/// Required columns. Optional ones are `council_share_percent`, `funder`, `respite` and `section_117`.
const COLUMNS: [&str; 5] = ["surname", "forename", "date_of_birth", "nhs_number", "funding"];

/// The council's record of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouncilRecord {
    /// The row in the file.
    pub row: usize,
    /// Forename and surname.
    pub name: PersonName,
    /// Date of birth.
    pub date_of_birth: BirthDate,
    /// NHS number.
    pub nhs_number: Option<NhsNumber>,
    /// The funding source.
    pub funding: Option<FundingSource>,
    /// The council's share as a percentage.
    pub share: Option<u8>,
    /// The body that pays.
    pub funder: Option<Short>,
    /// In respite care.
    pub respite: bool,
    /// Under section 117.
    pub section_117: bool,
}

/// The council's records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CouncilRecords {
    /// The records, in file order.
    pub records: Vec<CouncilRecord>,
}

/// How a record was matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// By NHS number.
    NhsNumber,
    /// By name and birth date.
    NameAndBirthDate,
}

impl CouncilRecords {
    /// Parses the council's file.
    pub fn read(bytes: &[u8]) -> Result<Self, Why> {
        let table = Table::with_columns(bytes, &COLUMNS)?;
        let records = table.rows.iter().map(|row| record(&table, row)).collect::<Result<_, _>>()?;
        Ok(Self { records })
    }

    /// Returns a person's record, matched by NHS number, else by name and date of birth.
    pub fn find(
        &self,
        name: Option<&PersonName>,
        date_of_birth: Option<&BirthDate>,
        nhs_number: Option<&NhsNumber>,
    ) -> Option<(&CouncilRecord, FoundBy)> {
        let by_number =
            |r: &&CouncilRecord| nhs_number.is_some() && r.nhs_number.as_ref() == nhs_number;
        if let Some(record) = self.records.iter().find(by_number) {
            return Some((record, FoundBy::NhsNumber));
        }
        let name = fold(name?.as_str());
        let date_of_birth = date_of_birth?;
        let same = |r: &&CouncilRecord| {
            r.date_of_birth == *date_of_birth
                && fold(r.name.as_str()) == name
                && (nhs_number.is_none() || r.nhs_number.is_none())
        };
        self.records.iter().find(same).map(|record| (record, FoundBy::NameAndBirthDate))
    }
}

/// Parses one record.
fn record(table: &Table, row: &Row) -> Result<CouncilRecord, Why> {
    let text = |column| table.text(row, column);
    let wrong =
        |column: &str, what: String| Why::Value { row: row.row, column: column.to_owned(), what };
    let name = PersonName::parse(&format!("{} {}", text("forename"), text("surname")))
        .map_err(|error| wrong("surname", error.to_string()))?;
    let date_of_birth = BirthDate::parse(text("date_of_birth"))
        .map_err(|error| wrong("date_of_birth", error.to_string()))?;
    let nhs_number = filled(text("nhs_number"))
        .map(NhsNumber::parse)
        .transpose()
        .map_err(|error| wrong("nhs_number", error.to_string()))?;
    let funding = filled(text("funding"))
        .map(|word| serde_json::from_value(serde_json::Value::String(word.to_owned())))
        .transpose()
        .map_err(|_| {
            wrong("funding", "is not one of the allowed values, such as this_council".to_owned())
        })?;
    let share = filled(text("council_share_percent"))
        .map(|share| share.parse().ok().filter(|share| *share <= 100))
        .map(|share| {
            share.ok_or_else(|| wrong("council_share_percent", "is not a percentage".to_owned()))
        })
        .transpose()?;
    let funder = filled(text("funder"))
        .map(Short::parse)
        .transpose()
        .map_err(|error| wrong("funder", error.to_string()))?;
    let yes = |column| match fold(text(column)).as_str() {
        "y" | "yes" => Ok(true),
        "" | "n" | "no" => Ok(false),
        _ => Err(wrong(column, "is not Y or N".to_owned())),
    };
    Ok(CouncilRecord {
        row: row.row,
        name,
        date_of_birth,
        nhs_number,
        funding,
        share,
        funder,
        respite: yes("respite")?,
        section_117: yes("section_117")?,
    })
}

/// Returns the text unless it is empty.
fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str =
        "surname,forename,date_of_birth,nhs_number,funding,council_share_percent,respite";

    #[test]
    fn a_record_matches_by_nhs_number_else_by_name_and_birth_date() {
        let text = format!(
            "{HEADER}\nEllis,Margaret,1938-03-04,9996392872,self_funded,,N\n\
            Tapley,Norman,1939-05-06,,this_council,,Y\n"
        );
        let records = CouncilRecords::read(text.as_bytes()).unwrap();
        let name = |text| PersonName::parse(text).unwrap();
        let born = |text| BirthDate::parse(text).unwrap();
        let number = NhsNumber::parse("9996392872").unwrap();
        let found = records.find(Some(&name("M. Elis")), None, Some(&number)).unwrap();
        assert_eq!((found.0.row, found.1), (2, FoundBy::NhsNumber));
        let found = records.find(Some(&name("norman TAPLEY")), Some(&born("1939-05-06")), None);
        assert_eq!(found.map(|(record, _)| (record.row, record.respite)), Some((3, true)));
        let other = NhsNumber::parse("9998854075").unwrap();
        let born = born("1938-03-04");
        assert_eq!(records.find(Some(&name("Margaret Ellis")), Some(&born), Some(&other)), None);
    }

    #[test]
    fn an_invalid_value_is_reported_with_its_row_and_column() {
        for (row, column) in [
            ("Ellis,Margaret,04/03/1938,,self_funded,,N", "date_of_birth"),
            ("Ellis,Margaret,1938-03-04,123,self_funded,,N", "nhs_number"),
            ("Ellis,Margaret,1938-03-04,,rich,,N", "funding"),
            ("Ellis,Margaret,1938-03-04,,joint,120,N", "council_share_percent"),
            ("Ellis,Margaret,1938-03-04,,joint,,perhaps", "respite"),
        ] {
            let why = CouncilRecords::read(format!("{HEADER}\n{row}\n").as_bytes()).unwrap_err();
            assert!(
                matches!(&why, Why::Value { row: 2, column: found, .. } if found == column),
                "{why}"
            );
        }
    }
}
