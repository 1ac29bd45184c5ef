//! Parses a search from a query string.

use intake::cell::fold;
use proto::{
    directory::{Category, CqcRating, ProviderKind},
    limit::{HOMES_PAGE, SEARCH_WORDS_MAX},
};
use serde::Deserialize;

use super::{merge::Place, part::Spot, postcode};

/// Raw search parameters. A blank one is ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    #[serde(rename = "type")]
    kind: String,
    category: String,
    authority: String,
    /// The postcode to search near.
    near: String,
    within_miles: String,
    /// The postcode of the closing home, from which distances are shown.
    from: String,
    /// The minimum rating.
    rating: String,
    beds_min: String,
    words: String,
    page: String,
    /// The regulator's id of one registration.
    location: String,
}

/// A parsed search.
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
    /// Parses the search, or returns an error message.
    pub(super) fn parse(&self) -> Result<Query, String> {
        let near = spot(&self.near)?;
        let from = spot(&self.from)?;
        let within_miles = number(&self.within_miles, "The distance")?;
        if within_miles.is_some() && near.is_none() {
            return Err("Enter the postcode that the distance is from.".to_owned());
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
    /// Returns whether a home matches, apart from its location, given its registrations (latest first) and
    /// its searchable text.
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
        // A field that the latest registration lacks comes from an earlier one, as in the answer.
        let beds = || all.clone().find_map(|place| place.beds);
        let rating = || all.clone().find_map(|place| place.rating.as_ref());
        self.kind.is_none_or(|kind| newest.kinds.contains(&kind))
            && self.words.iter().all(|word| words.contains(word.as_str()))
            && self.category.is_none_or(takes)
            && self.authority.as_ref().is_none_or(is_in)
            && self.rating.is_none_or(|least| rating().is_some_and(|rated| rated.rating <= least))
            && self.beds_min.is_none_or(|least| beds().is_some_and(|beds| beds >= least))
    }

    /// Returns the number of results before this page.
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

/// Parses a wire value such as `nursing`.
fn word<T: serde::de::DeserializeOwned>(text: &str, what: &str) -> Result<Option<T>, String> {
    let Some(text) = said(text) else { return Ok(None) };
    let value = serde_json::Value::String(text.to_owned());
    serde_json::from_value(value).map(Some).map_err(|_| format!("There is no such {what}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_search_is_answered_with_a_message() {
        let asked = |near: &str, within: &str, rating: &str| Asked {
            near: near.to_owned(),
            within_miles: within.to_owned(),
            rating: rating.to_owned(),
            ..Asked::default()
        };
        let words = |asked: &Asked| asked.parse().unwrap_err();
        assert!(words(&asked("harbour", "", "")).starts_with("That is not a postcode"));
        assert!(words(&asked("BT1 1AA", "", "")).contains("Northern Ireland"));
        assert!(words(&asked("", "10", "")).contains("Enter the postcode"));
        assert!(words(&asked("PO7", "ten", "")).contains("whole number"));
        assert!(words(&asked("", "", "splendid")).contains("no such rating"));
        assert!(asked("PO7 5AB", "10", "good").parse().is_ok());
        assert!(Asked::default().parse().is_ok());
    }
}
