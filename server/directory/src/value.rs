//! Parses values in the formats of the regulator's files.

use intake::{cell::fold, date};
use jiff::civil::Date;
use proto::{directory::CqcRating, text::Line};

use super::part::Spot;

/// Text that stands for an empty value.
const NOTHING: [&str; 7] = ["", "na", "n/a", "-", "none", "null", "(pseudo)"];

/// Returns the text of a cell, unless it stands for an empty value.
pub(super) fn said(text: &str) -> Option<&str> {
    let text = text.trim();
    (!NOTHING.contains(&text.to_lowercase().as_str())).then_some(text)
}

/// Maximum characters kept of a name or an address, which is the limit of a `Line`.
const LINE_CHARS: usize = 300;

/// Cleans text to one line.
pub(super) fn line(text: &str) -> Option<String> {
    let words: Vec<&str> = said(text)?.split_whitespace().collect();
    let whole: String = words.join(" ").chars().filter(|c| !c.is_control()).collect();
    let kept: String = whole.chars().take(LINE_CHARS).collect();
    Line::parse(&kept).ok().map(|line| line.as_str().to_owned())
}

/// Joins the parts of an address into one line.
pub(super) fn address<'a>(parts: impl Iterator<Item = &'a str>) -> Option<String> {
    line(&parts.filter_map(said).collect::<Vec<_>>().join(", "))
}

/// Parses a telephone number. A spreadsheet that treats it as a number loses its leading zero, which is
/// restored.
pub(super) fn telephone(text: &str) -> Option<String> {
    let text = said(text)?;
    let text = text.strip_suffix(".0").unwrap_or(text);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = if text.starts_with('+') || digits.len() > 11 {
        digits.strip_prefix("44").unwrap_or(&digits).trim_start_matches('0').to_owned()
    } else {
        digits.trim_start_matches('0').to_owned()
    };
    if !(9..=10).contains(&digits.len()) {
        return None;
    }
    let number = format!("0{digits}");
    let code = match number.get(..3)? {
        "020" | "023" | "024" | "028" | "029" => 3,
        "030" | "033" | "034" | "037" | "080" | "084" | "087" | "011" => 4,
        "012" | "013" | "014" | "015" | "016" | "017" | "018" | "019"
            if number.get(3..4) == Some("1") =>
        {
            4
        }
        _ => 5,
    };
    Some(format!("{} {}", number.get(..code)?, number.get(code..)?))
}

/// Normalises a postcode: upper case, one space before the last three characters.
pub(super) fn postcode(text: &str) -> Option<String> {
    let letters: String =
        text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    if !letters.is_ascii() || !(5..=7).contains(&letters.len()) {
        return None;
    }
    let (outward, inward) = letters.split_at(letters.len() - 3);
    let is_inward = matches!(inward.as_bytes(), [a, b, c]
        if a.is_ascii_digit() && b.is_ascii_uppercase() && c.is_ascii_uppercase());
    (is_inward && (is_outward(outward) || letters == "GIR0AA"))
        .then(|| format!("{outward} {inward}"))
}

/// Returns whether text is the first half of a postcode.
pub(super) fn is_outward(text: &str) -> bool {
    let area = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = text.len() - area.len();
    let mut rest = area.chars();
    (1..=2).contains(&letters)
        && rest.next().is_some_and(|c| c.is_ascii_digit())
        && rest.next().is_none_or(|c| c.is_ascii_alphanumeric())
        && rest.next().is_none()
}

/// Parses a date: `09/Jan/2018 - 00:00`, `2018-01-09T00:00:00`, `09/01/2018`, `9 January 2018`.
pub(super) fn day(text: &str) -> Option<Date> {
    let text = said(text)?;
    let text = text.split(" - ").next().unwrap_or(text);
    let text = match text.split_once(['T', ' ']) {
        Some((day, time)) if time.contains(':') && day.len() >= 8 => day,
        Some(_) | None => text,
    };
    match date::read(text, date::Style::default()) {
        date::Reading::Date { date, .. } => date.as_str().parse().ok(),
        date::Reading::Unclear(_) => None,
    }
}

/// Finds a date within text: `16_September_2026_CQC_directory.csv`, "produced on 16 September 2026",
/// `care-2026-09-16.csv`.
pub(super) fn day_within(text: &str) -> Option<Date> {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(3).find_map(|three| match three {
        [first, second, third] if third.len() == 4 && second.chars().all(char::is_alphabetic) => {
            day(&format!("{first} {second} {third}"))
        }
        [first, second, third] if first.len() == 4 => day(&format!("{first}-{second}-{third}")),
        [_, _, third] if third.len() == 4 => day(&three.join("/")),
        _ => None,
    })
}

/// Parses a rating; an unrated place has none.
pub(super) fn rating(text: &str) -> Option<CqcRating> {
    match fold(text).as_str() {
        "outstanding" => Some(CqcRating::Outstanding),
        "good" => Some(CqcRating::Good),
        "requires improvement" => Some(CqcRating::RequiresImprovement),
        "inadequate" => Some(CqcRating::Inadequate),
        _ => None,
    }
}

/// Returns whether a cell means yes.
pub(super) fn is_yes(text: &str) -> bool {
    matches!(fold(text).as_str(), "y" | "yes" | "true" | "1")
}

/// Parses a number of beds. Zero counts as missing: no home is registered for it.
pub(super) fn beds(text: &str) -> Option<u16> {
    let text = text.trim();
    text.strip_suffix(".0").unwrap_or(text).parse().ok().filter(|beds| *beds > 0)
}

/// Parses a location, if it lies in the British Isles.
pub(super) fn spot(north: &str, east: &str) -> Option<Spot> {
    let (north, east): (f64, f64) = (north.trim().parse().ok()?, east.trim().parse().ok()?);
    let lies_here = (49.0..61.0).contains(&north) && (-9.0..2.5).contains(&east);
    lies_here.then(|| Spot { north: thousandths(north), east: thousandths(east) })
}

/// Converts degrees to thousandths of a degree.
#[expect(
    clippy::cast_possible_truncation,
    clippy::as_conversions,
    reason = "degrees within these islands, bounded by the caller"
)]
fn thousandths(degrees: f64) -> i32 {
    (degrees * 1000.0).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_regains_its_leading_zero() {
        for (sent, dialled) in [
            ("1632960123", Some("01632 960123")),
            ("1632960123.0", Some("01632 960123")),
            ("01632 960 123", Some("01632 960123")),
            ("7700900456", Some("07700 900456")),
            ("+44 1632 960123", Some("01632 960123")),
            ("441632960123", Some("01632 960123")),
            ("+44 (0)1632 960123", Some("01632 960123")),
            ("NA", None),
            ("12345", None),
            ("see website", None),
        ] {
            assert_eq!(telephone(sent).as_deref(), dialled, "{sent}");
        }
    }

    #[test]
    fn a_postcode_has_one_form() {
        for (sent, form) in [
            ("po75ab", Some("PO7 5AB")),
            (" SW1A  1AA ", Some("SW1A 1AA")),
            ("m1 1ae", Some("M1 1AE")),
            ("GIR 0AA", Some("GIR 0AA")),
            ("PO7", None),
            ("PO7 5A", None),
            ("75AB PO", None),
            ("NA", None),
        ] {
            assert_eq!(postcode(sent).as_deref(), form, "{sent}");
        }
    }

    #[test]
    fn dates_are_parsed_in_the_formats_of_the_files() {
        let wanted: Date = "2018-01-09".parse().unwrap();
        for sent in [
            "09/Jan/2018 - 00:00",
            "2018-01-09T00:00:00",
            "2018-01-09 00:00:00",
            "2018-01-09",
            "09/01/2018",
            "9 January 2018",
        ] {
            assert_eq!(day(sent), Some(wanted), "{sent}");
        }
        assert_eq!(day("NA"), None);
        assert_eq!(day("43109"), None);
    }

    #[test]
    fn the_date_of_a_file_is_in_its_name_or_its_first_lines() {
        let wanted: Date = "2026-09-16".parse().unwrap();
        for words in [
            "16_September_2026_CQC_directory.csv",
            "This data was produced on 16 September 2026",
            "This data was produced on: Wednesday, 16 September 2026 07:01:02",
            "care-homes-2026-09-16.csv",
            "homes 16.09.2026",
        ] {
            assert_eq!(day_within(words), Some(wanted), "{words}");
        }
        assert_eq!(day_within("CQC_directory.csv"), None);
        assert_eq!(day_within("homes 1234 56 78"), None);
    }

    #[test]
    fn zero_beds_and_unrated_places_count_as_missing() {
        assert_eq!(
            (beds("0"), beds("42"), beds("42.0"), beds("NA")),
            (None, Some(42), Some(42), None)
        );
        assert_eq!(rating("Requires improvement"), Some(CqcRating::RequiresImprovement));
        assert_eq!(rating("Inspected but not rated"), None);
    }

    #[test]
    fn a_location_outside_the_british_isles_is_dropped() {
        assert_eq!(spot("50.884", "-1.042"), Some(Spot { north: 50_884, east: -1_042 }));
        assert_eq!((spot("0", "0"), spot("", "-1.0"), spot("91", "4")), (None, None, None));
    }
}
