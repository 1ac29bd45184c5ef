//! Birth dates as lists write them: day first, as this country does.

use jiff::civil::Date;
use proto::text::BirthDate;

/// What a cell with a date says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reading {
    /// A date; `both_ways` when month first would be a date too.
    Date {
        /// The date.
        date: BirthDate,
        /// Whether it could also be read month first, as another day.
        both_ways: bool,
    },
    /// No date, and why.
    Unclear(&'static str),
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads a date day first, or as `YYYY-MM-DD`.
pub(super) fn read(text: &str) -> Reading {
    let text = text.trim();
    if text.len() > 3 && text.chars().all(|c| c.is_ascii_digit()) {
        let words = "is a number and not a date; perhaps the spreadsheet's own count of days";
        return Reading::Unclear(words);
    }
    let parts: Vec<&str> = text.split(|c: char| "/.- ,".contains(c)).collect();
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let &[first, second, third] = parts.as_slice() else {
        return Reading::Unclear("is not a date such as 03/04/1938");
    };
    let is_iso = first.len() == 4;
    let (day, year) = if is_iso { (third, first) } else { (first, third) };
    if year.len() == 2 && number(year).is_some() {
        return Reading::Unclear(
            "has a year of two digits, which may be of this century or the last",
        );
    }
    let (Some(day), Some(month), Some(year)) = (number(day), month(second), number(year)) else {
        return Reading::Unclear("is not a date such as 03/04/1938");
    };
    let Some(date) = date(year, month, day) else {
        let swapped = !is_iso && date(year, day, month).is_some();
        return Reading::Unclear(if swapped {
            "is no date day first; it would be one month first"
        } else {
            "is a day that does not exist"
        });
    };
    let is_words = number(second).is_none();
    let both_ways = !is_iso && !is_words && day <= 12 && day != month;
    Reading::Date { date, both_ways }
}

/// Returns a number of at most four digits.
fn number(text: &str) -> Option<i16> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let rest = text.get(digits.len()..)?.to_lowercase();
    let is_ordinal = ["", "st", "nd", "rd", "th"].contains(&rest.as_str());
    (digits.len() <= 4 && is_ordinal).then(|| digits.parse().ok()).flatten()
}

/// Returns a month by number or name.
fn month(text: &str) -> Option<i16> {
    let word = text.to_lowercase();
    let named = word.get(..3).and_then(|start| MONTHS.iter().position(|month| *month == start));
    let named = named.and_then(|place| i16::try_from(place + 1).ok());
    number(text).or(named.filter(|_| word.chars().all(char::is_alphabetic)))
}

/// Returns the date when there is such a day.
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
            let Reading::Date { date, both_ways } = read(text) else { panic!("{text}") };
            assert_eq!(date.as_str(), "1938-04-03", "{text}");
            assert_eq!(
                both_ways,
                text.starts_with("03/") || text.starts_with("3.") || text.starts_with("3-")
            );
        }
        let both = |text| matches!(read(text), Reading::Date { both_ways: true, .. });
        assert!(!both("30/04/1943") && !both("04/04/1938"));
    }

    #[test]
    fn what_is_unclear_is_never_guessed() {
        for (text, part) in [
            ("03/04/38", "two digits"),
            ("30/02/1938", "does not exist"),
            ("04/25/1938", "month first"),
            ("13973", "count of days"),
            ("about 1938", "not a date"),
            ("1/1/1066", "does not exist"),
            ("3/Avril/1938x", "not a date"),
        ] {
            let Reading::Unclear(words) = read(text) else { panic!("{text}") };
            assert!(words.contains(part), "{text}: {words}");
        }
    }
}
