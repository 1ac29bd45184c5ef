//! Builds the answer to a search.

use intake::homes;
use jiff::civil::Date;
use proto::{
    directory::{HomesAnswer, ListedHome, RatingTold, Registration},
    home::Home,
    id::RoomId,
    limit::{HOMES_PAGE, RATING_OLD_YEARS},
    text::{Line, Short, Telephone},
};

use super::{
    care,
    index::{Choice, Index},
    merge::Place,
    part::Rated,
    postcode,
    query::{Asked, Query},
};

/// Maximum length of a home's name in a room, which is the width that boards have for it.
const NAME_CHARS: usize = 80;
const SHORT_NAME_CHARS: usize = 28;

impl Index {
    /// Answers a search for a room, or explains why it cannot.
    pub fn answer(&self, asked: &Asked, room: RoomId, today: Date) -> Result<HomesAnswer, String> {
        let query = asked.parse()?;
        let found = self.search(&query);
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let page = found.page.into_iter();
        let homes = page.filter_map(|(choice, miles)| {
            self.listed(choice, &query, miles.map(postcode::shown), room, today)
        });
        Ok(HomesAnswer {
            files: self.files().cloned().collect(),
            authorities: self.authorities().to_vec(),
            found: count(found.total),
            unplaced: count(found.unplaced),
            page: count(query.page),
            pages: count(found.total.div_ceil(HOMES_PAGE)),
            homes: homes.collect(),
        })
    }

    fn listed(
        &self,
        choice: &Choice,
        query: &Query,
        miles: Option<u16>,
        room: RoomId,
        today: Date,
    ) -> Option<ListedHome> {
        let newest = self.members(choice).next()?;
        let registrations = self.members(choice).map(|place| registration(room, place)).collect();
        let from_there =
            query.from.zip(choice.spot()).map(|(from, spot)| postcode::miles(from, spot));
        Some(ListedHome {
            home: home(room, newest, from_there.map(postcode::shown))?,
            registrations,
            known_as: newest.known_as.clone(),
            postcode: newest.postcode.clone(),
            website: newest.website.clone(),
            kinds: newest.kinds.clone(),
            categories: newest.categories.clone(),
            beds: self.members(choice).find_map(|place| place.beds),
            authority: newest.authority.clone(),
            rating: self.rating(choice, today),
            ods: newest.ods.clone(),
            miles,
            origins: newest.origins(|kind| self.day(kind)),
            vacancy: self
                .vacancies()
                .said(self.members(choice).map(|place| &*place.location), today),
        })
    }

    /// Returns the rating of the latest registration that has one; a rating from an earlier registration is
    /// inherited.
    fn rating(&self, choice: &Choice, today: Date) -> Option<RatingTold> {
        let rated = |place: &&Place| place.rating.is_some();
        let place = self.members(choice).find(rated)?;
        let is_earlier = self.members(choice).next().is_some_and(|newest| !rated(&newest));
        let Rated { rating, day, inherited } = place.rating.as_ref()?;
        Some(RatingTold {
            rating: *rating,
            day: day.map(|day| day.to_string()),
            inherited: *inherited || is_earlier,
            old: day.is_some_and(|day| is_old(day, today)),
            domains: place.domains.clone(),
        })
    }
}

fn is_old(day: Date, today: Date) -> bool {
    let years = jiff::Span::new().years(RATING_OLD_YEARS);
    today.checked_sub(years).is_ok_and(|limit| day < limit)
}

fn registration(room: RoomId, place: &Place) -> Registration {
    Registration {
        location: place.location.clone(),
        home: homes::id(room, &place.location),
        name: place.name.clone(),
        provider: place.provider.clone(),
        since: place.since.map(|day| day.to_string()),
    }
}

/// Returns the home as a room stores it. Its id is derived from the room and the regulator's id, so repeated
/// requests add it once.
fn home(room: RoomId, place: &Place, miles: Option<u16>) -> Option<Home> {
    let address = [place.address.as_deref(), place.postcode.as_deref()];
    let address = address.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let telephone = place.telephone.as_deref();
    Some(Home {
        home: homes::id(room, &place.location),
        name: Short::parse(&shortened(&place.name, NAME_CHARS)).ok()?,
        short_name: Short::parse(&shortened(&place.name, SHORT_NAME_CHARS)).ok()?,
        address: Line::parse(&shortened(&address, 300)).ok(),
        telephone: telephone.and_then(|telephone| Telephone::parse(telephone).ok()),
        registered_for: care::registered_for(&place.kinds, &place.categories),
        miles,
    })
}

/// Truncates text between words if it is too long.
fn shortened(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars_max - 1).collect();
    let whole = kept.rfind(' ').and_then(|end| kept.get(..end)).unwrap_or(&kept);
    format!("{}…", whole.trim_end_matches([',', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_are_ordered_best_first() {
        use proto::directory::CqcRating::{Good, Inadequate, Outstanding, RequiresImprovement};
        assert!([Outstanding, Good, RequiresImprovement, Inadequate].is_sorted());
    }

    #[test]
    fn a_rating_is_old_after_three_years() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(is_old(day("2023-11-20"), day("2026-11-21")));
        assert!(!is_old(day("2023-11-21"), day("2026-11-21")));
    }

    #[test]
    fn a_long_name_is_truncated_between_words() {
        assert_eq!(shortened("Ashlea", 28), "Ashlea");
        let cut = shortened("The Order of the Sisters of Harbourtown Nursing Home", 28);
        assert_eq!(cut, "The Order of the Sisters…");
    }
}
