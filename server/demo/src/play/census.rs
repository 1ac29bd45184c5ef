//! Counts of people, as a screen shows them and as the day states them.

use std::collections::BTreeMap;

use proto::{key::Key, row::Row, transfer::PlaceNow};

/// People by location, as in a sitrep of the day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// At the closing home.
    pub at_the_home: u32,
    /// In transit.
    pub on_the_way: u32,
    /// Arrived.
    pub arrived: u32,
    /// In hospital.
    pub in_hospital: u32,
    /// With family.
    pub with_family: u32,
    /// Anywhere else: being confirmed, died.
    pub elsewhere: u32,
}

impl Counts {
    /// Returns the total.
    pub const fn all(&self) -> u32 {
        let known = self.at_the_home + self.on_the_way + self.arrived;
        known + self.in_hospital + self.with_family + self.elsewhere
    }

    const fn of(&mut self, place: PlaceNow) -> &mut u32 {
        match place {
            PlaceNow::AtTheHome => &mut self.at_the_home,
            PlaceNow::OnTheWay => &mut self.on_the_way,
            PlaceNow::Arrived => &mut self.arrived,
            PlaceNow::InHospital => &mut self.in_hospital,
            PlaceNow::WithFamily => &mut self.with_family,
            PlaceNow::BeingConfirmed | PlaceNow::Died => &mut self.elsewhere,
        }
    }

    /// Parses the counts in the text of a sitrep: `at the home 60; on the way 0; ...`.
    pub(super) fn said(words: &str) -> Option<Self> {
        let named = |name: &str| {
            let (_, rest) = words.split_once(name)?;
            let digits: String =
                rest.trim_start().chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        };
        Some(Self {
            at_the_home: named("at the home ")?,
            on_the_way: named("on the way ")?,
            arrived: named("arrived ")?,
            in_hospital: named("hospital ")?,
            with_family: named("with family ")?,
            elsewhere: 0,
        })
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "at the home {}, on the way {}, arrived {}, in hospital {}, with family {}",
            self.at_the_home, self.on_the_way, self.arrived, self.in_hospital, self.with_family
        )?;
        if self.elsewhere > 0 { write!(f, ", elsewhere {}", self.elsewhere) } else { Ok(()) }
    }
}

/// Checks and returns a screen's counts. Counts by place and by stage must add up to the register, and must
/// match the people shown, if the screen shows people; otherwise the error says what does not add up.
pub(super) fn counts(rows: &BTreeMap<Key, Row>) -> Result<Counts, String> {
    let Some(Row::Census(census)) = rows.get(&Key::Census) else {
        return Err("nobody is counted".to_owned());
    };
    let mut counted = Counts::default();
    for place in &census.places {
        *counted.of(place.place) += place.people;
    }
    let stages: u32 = census.stages.iter().map(|stage| stage.people).sum();
    let (all, register) = (counted.all(), census.register);
    if all != register || stages != register {
        return Err(format!(
            "the register has {register} people, by place {all}, by stage {stages}"
        ));
    }
    let mut shown = Counts::default();
    for place in rows.values().filter_map(place) {
        *shown.of(place) += 1;
    }
    let shows_people = shown.all() > 0;
    if shows_people && shown != counted {
        return Err(format!("counted: {counted}; but the people shown are: {shown}"));
    }
    Ok(counted)
}

/// Returns the place of the person in a row; none for other rows.
#[expect(clippy::wildcard_enum_match_arm, reason = "only these rows are people")]
const fn place(row: &Row) -> Option<PlaceNow> {
    match row {
        Row::WallPerson(person) => Some(person.place),
        Row::DeskPerson(person) => Some(person.place),
        Row::PhonePerson(person) => Some(person.place),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::{
        census::{CensusRow, PlaceCount, StageCount},
        transfer::Stage,
    };

    fn census(at_the_home: u32, stages: u32) -> BTreeMap<Key, Row> {
        let places = vec![
            PlaceCount { place: PlaceNow::AtTheHome, people: at_the_home },
            PlaceCount { place: PlaceNow::InHospital, people: 2 },
        ];
        let stages = vec![StageCount { stage: Stage::ToAssess, people: stages }];
        let row = CensusRow {
            register: 62,
            places,
            stages,
            merged: None,
            confirmed: 0,
            without_place: 0,
            at_risk: 0,
            open_breaches: 0,
            passes: 0,
            open_troubles: 0,
        };
        [(Key::Census, Row::Census(row))].into_iter().collect()
    }

    #[test]
    fn a_screen_whose_counts_do_not_add_up_is_reported_in_words() {
        assert_eq!(counts(&census(60, 62)).unwrap().all(), 62);
        let lost = counts(&census(59, 62)).unwrap_err();
        assert_eq!(lost, "the register has 62 people, by place 61, by stage 62");
        assert!(counts(&census(60, 61)).unwrap_err().ends_with("by stage 61"));
        assert!(counts(&BTreeMap::new()).is_err());
    }

    #[test]
    fn the_text_of_a_sitrep_is_parsed_into_counts() {
        let said = Counts::said(
            "sitrep 4: at the home 8; on the way 3; arrived 47; hospital 3; with family 1; beds",
        );
        assert_eq!(said.unwrap().all(), 62);
        assert_eq!(said.unwrap().arrived, 47);
        assert_eq!(Counts::said("sitrep 7: no change"), None);
    }
}
