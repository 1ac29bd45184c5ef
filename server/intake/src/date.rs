//! Birth dates as lists write them: day first, the British order, unless a person says otherwise.

use jiff::civil::Date;
use proto::text::BirthDate;

/// The date order of a list, and the current year.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Whether the list writes the month before the day.
    pub month_first: bool,
    /// The current year; 0 if unknown.
    pub this_year: i16,
}

/// Day 0 of a spreadsheet's serial dates.
const SERIAL_START: Date = jiff::civil::date(1899, 12, 30);

/// The result of reading a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A date; `both_ways` if it would also be a date with the month first.
    Date {
        /// The date.
        date: BirthDate,
        /// Whether it is also a valid, different date with the month first.
        both_ways: bool,
        /// Whether the year has two digits that can mean only one century.
        short_year: bool,
    },
    /// Not a date, and why.
    Unclear(&'static str),
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Parses a date in the style of the list, or as `YYYY-MM-DD`.
pub fn read(text: &str, style: Style) -> Reading {
    let text = text.trim();
    if text.len() > 3 && text.chars().all(|c| c.is_ascii_digit()) {
        let words = "is a number, not a date; it may be a spreadsheet's count of days";
        return Reading::Unclear(words);
    }
    let parts: Vec<&str> = text.split(|c: char| "/.- ,".contains(c)).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    // Spreadsheets may write a date with a time of midnight.
    let parts = match parts.as_slice() {
        [date @ .., time] if date.len() == 3 && time.trim_matches(['0', ':']).is_empty() => date,
        all => all,
    };
    let &[first, second, third] = parts else {
        return Reading::Unclear("is not a date such as 03/04/1938");
    };
    let is_iso = first.len() == 4;
    let is_words = |text| number(text).is_none();
    let turned = style.month_first && !is_iso && !is_words(second);
    let (day, second, year) = match (is_iso, turned || is_words(first)) {
        (true, _) => (third, second, first),
        (false, true) => (second, first, third),
        (false, false) => (first, second, third),
    };
    let short = year.len() == 2 && number(year).is_some();
    let century = |year: i16| if short { whole_year(year, style.this_year) } else { Some(year) };
    let (Some(day), Some(month), Some(year)) = (number(day), month(second), number(year)) else {
        return Reading::Unclear("is not a date such as 03/04/1938");
    };
    let Some(year) = century(year) else {
        return Reading::Unclear(
            "has a year of two digits, which may be of this century or the last",
        );
    };
    let Some(date) = date(year, month, day) else {
        let swapped = !is_iso && date(year, day, month).is_some();
        return Reading::Unclear(match (swapped, turned) {
            (true, false) => "is not a date with the day first, but is one with the month first",
            (true, true) => "is not a date with the month first, but is one with the day first",
            (false, _) => "is a day that does not exist",
        });
    };
    let both_ways = !is_iso && !is_words(second) && day <= 12 && day != month;
    Reading::Date { date, both_ways, short_year: short }
}

/// Expands a two-digit year if only one century is possible for a living person: a year that would be in the
/// future belongs to the last century. Any other year is ambiguous: a child, or a person over a hundred.
fn whole_year(year: i16, this_year: i16) -> Option<i16> {
    let is_future = this_year > 0 && year > this_year.rem_euclid(100);
    let last_century = this_year.div_euclid(100).saturating_sub(1).saturating_mul(100);
    is_future.then(|| last_century.saturating_add(year))
}

/// Returns the date of a spreadsheet serial number, if it is a possible birth date.
pub(super) fn counted(text: &str) -> Option<String> {
    let days: i32 = text.trim().parse().ok().filter(|days| (1_000..60_000).contains(days))?;
    let date = SERIAL_START.checked_add(jiff::Span::new().days(days)).ok()?;
    Some(date.strftime("%-d %B %Y").to_string())
}

/// Parses a number of at most four digits.
fn number(text: &str) -> Option<i16> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let rest = text.get(digits.len()..)?.to_lowercase();
    let is_ordinal = ["", "st", "nd", "rd", "th"].contains(&rest.as_str());
    (digits.len() <= 4 && is_ordinal).then(|| digits.parse().ok()).flatten()
}

/// Parses a month by number or name.
fn month(text: &str) -> Option<i16> {
    let word = text.to_lowercase();
    let named = word.get(..3).and_then(|start| MONTHS.iter().position(|month| *month == start));
    let named = named.and_then(|place| i16::try_from(place + 1).ok());
    number(text).or(named.filter(|_| word.chars().all(char::is_alphabetic)))
}

/// Returns the date if the day exists.
fn date(year: i16, month: i16, day: i16) -> Option<BirthDate> {
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let date = Date::new(year, month, day).ok()?;
    BirthDate::parse(&date.to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_day_first() {
        for text in
            ["03/04/1938", "3.4.1938", "3-4-1938", "1938-04-03", "3 April 1938", "3rd Apr 1938"]
        {
            let Reading::Date { date, both_ways, .. } = read(text, Style::default()) else {
                panic!("{text}")
            };
            assert_eq!(date.as_str(), "1938-04-03", "{text}");
            assert_eq!(
                both_ways,
                text.starts_with("03/") || text.starts_with("3.") || text.starts_with("3-")
            );
        }
        let both =
            |text| matches!(read(text, Style::default()), Reading::Date { both_ways: true, .. });
        assert!(!both("30/04/1943") && !both("04/04/1938"));
    }

    #[test]
    fn an_unclear_date_is_never_guessed() {
        for (text, part) in [
            ("03/04/38", "two digits"),
            ("30/02/1938", "does not exist"),
            ("04/25/1938", "month first"),
            ("13973", "count of days"),
            ("about 1938", "not a date"),
            ("1/1/1066", "does not exist"),
            ("3/Avril/1938x", "not a date"),
        ] {
            let Reading::Unclear(words) = read(text, Style::default()) else { panic!("{text}") };
            assert!(words.contains(part), "{text}: {words}");
        }
    }
    fn read_in(text: &str, month_first: bool) -> Option<String> {
        match read(text, Style { month_first, this_year: 2026 }) {
            Reading::Date { date, .. } => Some(date.as_str().to_owned()),
            Reading::Unclear(_) => None,
        }
    }

    #[test]
    fn a_two_digit_year_is_accepted_only_if_one_century_is_possible() {
        for (text, date) in [
            ("03/04/38", Some("1938-04-03")),
            ("3 Apr 27", Some("1927-04-03")),
            ("03/04/99", Some("1999-04-03")),
            ("03/04/26", None),
            ("03/04/24", None),
            ("03/04/05", None),
        ] {
            assert_eq!(read_in(text, false).as_deref(), date, "{text}");
        }
    }

    #[test]
    fn the_month_comes_first_only_if_a_person_says_so() {
        assert_eq!(read_in("04/25/1938", true).as_deref(), Some("1938-04-25"));
        assert_eq!(read_in("April 25, 1938", false).as_deref(), Some("1938-04-25"));
        assert_eq!(read_in("25 April 1938", true).as_deref(), Some("1938-04-25"));
        assert_eq!(read_in("1938-04-25 00:00:00", true).as_deref(), Some("1938-04-25"));
        assert_eq!(read_in("25/04/1938", true), None);
    }

    #[test]
    fn a_serial_number_is_reported_with_the_date_it_would_be() {
        assert_eq!(counted("13973").as_deref(), Some("3 April 1938"));
        assert_eq!(counted("7"), None);
    }
}
