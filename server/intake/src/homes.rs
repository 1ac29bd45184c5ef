//! Homes with possible vacancies: `homes.csv`.

use proto::{
    command::Command,
    home::{self, Home},
    id::{HomeId, RoomId},
    person::Care,
    text::{Line, Short, Telephone},
};

use super::{
    cell::fold,
    error::Why,
    id::derived,
    table::{Row, Table},
};

/// Derives the id of a home from its label.
pub fn id(room: RoomId, label: &str) -> HomeId {
    HomeId(derived(room, &[b"home", label.as_bytes()]))
}

/// Parses the homes, each into the command that adds it.
pub fn read(room: RoomId, bytes: &[u8]) -> Result<Vec<Command>, Why> {
    let table = Table::with_columns(bytes, &["label", "name", "registered_for"])?;
    table
        .rows
        .iter()
        .map(|row| home(room, &table, row).map(|home| Command::from(home::Plan::Add { home })))
        .collect()
}

/// Parses one home.
fn home(room: RoomId, table: &Table, row: &Row) -> Result<Home, Why> {
    let text = |column| table.text(row, column);
    let wrong =
        |column: &str, what: String| Why::Value { row: row.row, column: column.to_owned(), what };
    let given = |column| Some(table.text(row, column)).filter(|text| !text.is_empty());
    let name = Short::parse(text("name")).map_err(|error| wrong("name", error.to_string()))?;
    let address = given("postcode_area").map(Line::parse).transpose();
    let telephone = given("telephone").map(Telephone::parse).transpose();
    let miles = given("miles").map(str::parse).transpose();
    let registered_for = registered_for(text("registered_for"));
    Ok(Home {
        home: id(room, text("label")),
        short_name: name.clone(),
        name,
        address: address.map_err(|error| wrong("postcode_area", error.to_string()))?,
        telephone: telephone.map_err(|error| wrong("telephone", error.to_string()))?,
        registered_for: registered_for.map_err(|what| wrong("registered_for", what))?,
        miles: miles.map_err(|_| wrong("miles", "is not a number of miles".to_owned()))?,
    })
}

/// Parses the kinds of care that a home is registered for. Dementia beside nursing means dementia nursing; in
/// a residential home it means residential care.
fn registered_for(words: &str) -> Result<Vec<Care>, String> {
    let words: Vec<String> = words.split('|').map(fold).collect();
    let has_nursing = words.iter().any(|word| word == "nursing");
    let mut cares = Vec::new();
    for word in &words {
        let care = match word.as_str() {
            "nursing" => Care::GeneralNursing,
            "dementia" if has_nursing => Care::DementiaNursing,
            "residential" | "dementia" => Care::Residential,
            "complex" | "bariatric" => Care::Complex,
            other => return Err(format!("{other:?} is not a kind of care")),
        };
        if !cares.contains(&care) {
            cares.push(care);
        }
    }
    Ok(cares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_care_is_parsed_from_words() {
        let nursing = vec![Care::GeneralNursing, Care::DementiaNursing];
        assert_eq!(registered_for("nursing|dementia"), Ok(nursing));
        assert_eq!(registered_for("residential|dementia"), Ok(vec![Care::Residential]));
        assert_eq!(
            registered_for("nursing|bariatric"),
            Ok(vec![Care::GeneralNursing, Care::Complex])
        );
        assert!(registered_for("spa").is_err());
    }
}
