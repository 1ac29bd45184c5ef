//! The coded words of a list and their usual meaning. A suggestion is never applied by itself: a person has
//! to accept it.

use std::collections::BTreeMap;

use proto::{
    intake::{IntakeFunding, IntakeMeaning, IntakeTable, IntakeWord, IntakeWords},
    person::{Care, FundingSource, Mobility},
};

use super::{Mapping, Table, preview::number};
use crate::{cell::fold, column::Field, value::is_nothing};

/// Words listed for one table; a column with more distinct words is free text.
const WORDS_MAX: usize = 60;

/// Returns the words that a list uses.
pub(super) fn words(table: &Table, mapping: &Mapping, said: &IntakeWords) -> Vec<IntakeWord> {
    let mut all = Vec::new();
    for (kind, field) in [
        (IntakeTable::Funding, Field::Funding),
        (IntakeTable::Care, Field::Care),
        (IntakeTable::Mobility, Field::Mobility),
    ] {
        let mut used: BTreeMap<String, (String, usize)> = BTreeMap::new();
        for row in table.rows.iter().filter(|row| !row.is_hidden) {
            let cell = mapping.text(row, field).trim();
            if !is_nothing(cell) {
                used.entry(fold(cell)).or_insert((cell.to_owned(), 0)).1 += 1;
            }
        }
        let mut used: Vec<(String, (String, usize))> = used.into_iter().collect();
        used.sort_by_key(|(_, (_, rows))| std::cmp::Reverse(*rows));
        for (folded, (word, rows)) in used.into_iter().take(WORDS_MAX) {
            let is_said = |known: &String| fold(known) == folded;
            let is_explained = match kind {
                IntakeTable::Funding => said.funding.keys().any(is_said),
                IntakeTable::Care => said.care.keys().any(is_said),
                IntakeTable::Mobility => said.mobility.keys().any(is_said),
            };
            let suggested = suggested(kind, &folded);
            all.push(IntakeWord { table: kind, word, rows: number(rows), is_explained, suggested });
        }
    }
    all
}

/// Returns the usual meaning of a word.
fn suggested(table: IntakeTable, word: &str) -> Option<IntakeMeaning> {
    let none = IntakeMeaning { funding: None, care: None, mobility: None, why: String::new() };
    let with =
        |meaning: IntakeMeaning, why: &str| Some(IntakeMeaning { why: why.to_owned(), ..meaning });
    match table {
        IntakeTable::Funding => {
            let (funding, why) = funding(word)?;
            with(IntakeMeaning { funding: Some(funding), ..none }, why)
        }
        IntakeTable::Care => {
            let (care, why) = care(word)?;
            with(IntakeMeaning { care: Some(care), ..none }, why)
        }
        IntakeTable::Mobility => {
            let (mobility, why) = mobility(word)?;
            with(IntakeMeaning { mobility: Some(mobility), ..none }, why)
        }
    }
}

/// Returns the usual meaning of a word for the funding source.
fn funding(word: &str) -> Option<(IntakeFunding, &'static str)> {
    let bare = word.replace("+ fnc", "").replace("and fnc", "").replace("& fnc", "");
    let bare = bare.trim().trim_end_matches(['+', '&']).trim();
    let nursing_contribution = bare != word || word == "fnc";
    let of = |source| IntakeFunding { source, nursing_contribution, ..IntakeFunding::default() };
    Some(match bare {
        "fnc" => {
            (of(None), "FNC is the NHS's part of nursing care; it does not say who pays the rest.")
        }
        "chc"
        | "nhs chc"
        | "chc fast track"
        | "fast track"
        | "continuing healthcare"
        | "continuing care" => (
            of(Some(FundingSource::NhsChc)),
            "CHC is NHS continuing healthcare. Is it the local NHS body's?",
        ),
        "sf" | "self" | "self funded" | "self-funded" | "self funder" | "self-funder"
        | "self funding" | "private" => {
            (of(Some(FundingSource::SelfFunded)), "SF and private are how homes write self-funded.")
        }
        "la" | "la funded" | "local authority" | "council" | "council funded"
        | "social services" | "ss" => {
            (of(Some(FundingSource::ThisCouncil)), "LA is a council. Is it this one?")
        }
        "la top-up" | "la top up" | "la + top up" | "la with top up" => (
            of(Some(FundingSource::ThisCouncil)),
            "LA is a council, and somebody else pays the top-up. Is it this council?",
        ),
        "dp" | "direct payment" | "personal budget" | "php" => {
            (of(Some(FundingSource::PersonalBudget)), "A direct payment is a personal budget.")
        }
        "joint" | "jointly funded" | "joint funded" | "la/chc" => {
            (of(Some(FundingSource::Joint)), "Council and NHS pay together.")
        }
        "s117" | "section 117" | "s.117" | "s 117" => (
            IntakeFunding { section_117: true, ..of(None) },
            "Section 117 is aftercare that the council and the NHS must provide; it does not say who pays how much.",
        ),
        "respite" => {
            (IntakeFunding { respite: true, ..of(None) }, "Respite does not say who pays.")
        }
        _ => return None,
    })
}

/// Returns the usual meaning of a word for the kind of care.
fn care(word: &str) -> Option<(Care, &'static str)> {
    let has = |part: &str| word.contains(part);
    if has("peg") || has("tube") || has("trache") || has("bariatric") {
        Some((Care::Complex, "Tube feeding, tracheostomy and bariatric care are complex care."))
    } else if (has("emi") || has("dementia")) && has("nursing") {
        Some((Care::DementiaNursing, "EMI is an old word for dementia care."))
    } else if has("nursing") {
        Some((Care::GeneralNursing, "Nursing without another word is general nursing."))
    } else if word.starts_with("res") && !has("dementia") && !has("emi") {
        Some((Care::Residential, "The word says residential."))
    } else {
        None
    }
}

/// Returns the usual meaning of a word for mobility.
fn mobility(word: &str) -> Option<(Mobility, &'static str)> {
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    if has(&["stretcher", "bed bound", "bedbound", "cared for in bed", "nursed in bed"]) {
        Some((Mobility::Stretcher, "A person cared for in bed travels on a stretcher."))
    } else if has(&["wheelchair", "hoist", "non-weight", "non weight"]) {
        Some((Mobility::Wheelchair, "A person who is hoisted or uses a wheelchair travels in one."))
    } else if has(&["walk", "independent", "zimmer", "stick", "frame", "mobile"])
        && !has(&["immobile"])
    {
        Some((Mobility::Walking, "The word says that the person walks."))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_homes_use_have_a_usual_meaning() {
        let source =
            |word| funding(word).map(|(means, _)| (means.source, means.nursing_contribution));
        assert_eq!(source("chc"), Some((Some(FundingSource::NhsChc), false)));
        assert_eq!(source("fnc"), Some((None, true)));
        assert_eq!(source("sf + fnc"), Some((Some(FundingSource::SelfFunded), true)));
        assert_eq!(source("la top-up"), Some((Some(FundingSource::ThisCouncil), false)));
        assert!(funding("s117").is_some_and(|(means, _)| means.section_117));
        assert_eq!(source("hants"), None);
        assert_eq!(care("emi nursing").map(|(care, _)| care), Some(Care::DementiaNursing));
        assert_eq!(care("emi").map(|(care, _)| care), None);
        assert_eq!(mobility("wheelchair, hoist").map(|(m, _)| m), Some(Mobility::Wheelchair));
    }
}
