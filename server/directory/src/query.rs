//! What a search asks, read out of an address.

use intake::cell::fold;
use proto::{
    directory::{Category, CqcRating, ProviderKind},
    limit::{HOMES_PAGE, SEARCH_WORDS_MAX},
};
use serde::Deserialize;

use super::{merge::Place, part::Spot, postcode};

/// A search as it is asked. What is blank is not asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    #[serde(rename = "type")]
    kind: String,
    category: String,
    authority: String,
    /// The postcode that the search looks from.
    near: String,
    within_miles: String,
    /// The postcode of the home that closes, from which a home's own miles are told.
    from: String,
    /// The rating that is good enough.
    rating: String,
    beds_min: String,
    words: String,
    page: String,
    /// The regulator's id of one registration, and nothing else.
    location: String,
}

/// A search.
#[derive(Debug, Default)]
pub(super) struct Query {
    kind: Option<ProviderKind>,
    category: Option<Category>,
    authority: Option<String>,
    pub(super) near: Option<Spot>,
    pub(super) within_miles: Option<u16>,
    pub(super) from: Option<Spot>,
    rating: Option<CqcRating>,
    beds_min: Option<u16>,
    words: Vec<String>,
    pub(super) page: usize,
}

impl Asked {
    /// Returns the search, or why it cannot be done, in words.
    pub(super) fn parse(&self) -> Result<Query, String> {
        let near = spot(&self.near)?;
        let from = spot(&self.from)?;
        let within_miles = number(&self.within_miles, "The distance")?;
        if within_miles.is_some() && near.is_none() {
            return Err("Say which postcode the distance is from.".to_owned());
        }
        let words: Vec<String> = fold(&self.words).split(' ').map(str::to_owned).collect();
        let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        if words.len() > SEARCH_WORDS_MAX {
            return Err(format!("Search by at most {SEARCH_WORDS_MAX} words."));
        }
        let page = number(&self.page, "The page")?.unwrap_or(1);
        Ok(Query {
            kind: word(&self.kind, "type of care")?,
            category: word(&self.category, "group of people")?,
            authority: said(&self.authority).map(fold),
            near,
            within_miles,
            from,
            rating: word(&self.rating, "rating")?,
            beds_min: number(&self.beds_min, "The number of beds")?,
            words: words.into_iter().chain(said(&self.location).map(fold)).collect(),
            page: usize::from(page.max(1)),
        })
    }
}

impl Query {
    /// Tells whether a home is asked for, apart from where it is: its registrations, the newest first, and
    /// all the words that it is found by.
    pub(super) fn fits<'a>(
        &self,
        mut members: impl Iterator<Item = &'a Place> + Clone,
        words: &str,
    ) -> bool {
        let all = members.clone();
        let Some(newest) = members.next() else { return false };
        let takes = |category: Category| {
            newest.categories.contains(&category)
                || newest.categories.contains(&Category::Everybody)
        };
        let is_in = |asked: &String| newest.authority.as_deref().map(fold).as_ref() == Some(asked);
        // What the newest registration does not tell, an earlier one does, as in the answer.
        let beds = || all.clone().find_map(|place| place.beds);
        let rating = || all.clone().find_map(|place| place.rating.as_ref());
        self.kind.is_none_or(|kind| newest.kinds.contains(&kind))
            && self.words.iter().all(|word| words.contains(word.as_str()))
            && self.category.is_none_or(takes)
            && self.authority.as_ref().is_none_or(is_in)
            && self.rating.is_none_or(|least| rating().is_some_and(|rated| rated.rating <= least))
            && self.beds_min.is_none_or(|least| beds().is_some_and(|beds| beds >= least))
    }

    /// Returns how many come before this page.
    pub(super) const fn skip(&self) -> usize {
        self.page.saturating_sub(1).saturating_mul(HOMES_PAGE)
    }
}

fn said(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn spot(text: &str) -> Result<Option<Spot>, String> {
    let found = said(text).map(postcode::locate).transpose();
    found.map_err(|lost| lost.to_string())
}

fn number(text: &str, what: &str) -> Result<Option<u16>, String> {
    let found = said(text).map(str::parse).transpose();
    found.map_err(|_| format!("{what} is a whole number, such as 10."))
}

/// Returns a word of the language, as `nursing`.
fn word<T: serde::de::DeserializeOwned>(text: &str, what: &str) -> Result<Option<T>, String> {
    let Some(text) = said(text) else { return Ok(None) };
    let value = serde_json::Value::String(text.to_owned());
    serde_json::from_value(value).map(Some).map_err(|_| format!("There is no such {what}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_asked_is_answered_in_words() {
        let asked = |near: &str, within: &str, rating: &str| Asked {
            near: near.to_owned(),
            within_miles: within.to_owned(),
            rating: rating.to_owned(),
            ..Asked::default()
        };
        let words = |asked: &Asked| asked.parse().unwrap_err();
        assert!(words(&asked("harbour", "", "")).starts_with("That is not a postcode"));
        assert!(words(&asked("BT1 1AA", "", "")).contains("Northern Ireland"));
        assert!(words(&asked("", "10", "")).contains("which postcode"));
        assert!(words(&asked("PO7", "ten", "")).contains("whole number"));
        assert!(words(&asked("", "", "splendid")).contains("no such rating"));
        assert!(asked("PO7 5AB", "10", "good").parse().is_ok());
        assert!(Asked::default().parse().is_ok());
    }
}
