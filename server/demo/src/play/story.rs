//! Parses the day: who does what, minute by minute.

use intake::table::{Row, Table};
use jiff::tz::TimeZone;
use proto::id::Time;

use super::error::PlayError;
use crate::harbour_rise;

/// The start of the day's clock.
pub(super) const BEGINS: &str = "2026-05-22T06:00:00";
/// The end of the day: later rows belong to the days after.
pub(super) const ENDS: &str = "2026-05-22T22:00:00";

/// One row of the day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Turn {
    /// When it reaches the room.
    pub(super) at: i64,
    /// Who acts, by label; empty if the room itself is expected to act.
    pub(super) who: String,
    /// The kind of act.
    pub(super) kind: String,
    /// The people it concerns, by label.
    pub(super) people: Vec<String>,
    /// The home, by label.
    pub(super) home: String,
    /// The detail text.
    pub(super) detail: String,
    /// The scenario's step.
    pub(super) step: String,
    /// When it happened, if earlier.
    pub(super) happened: Option<Time>,
    /// The site where the person acting is signed in, by label.
    pub(super) site: String,
    /// The member it is about, by label.
    pub(super) member: String,
    /// The gate that was refused, passed or overridden.
    pub(super) gate: String,
    /// The vehicle.
    pub(super) vehicle: String,
    /// The expected arrival.
    pub(super) eta: Option<Time>,
}

impl Turn {
    /// Returns the person it concerns; none if there are several.
    pub(super) fn person(&self) -> Option<&str> {
        self.people.first().filter(|_| self.people.len() == 1).map(String::as_str)
    }

    /// Returns whether it was queued on a phone without signal.
    pub(super) fn was_queued(&self) -> bool {
        self.detail.ends_with(QUEUED)
    }

    /// Returns the text of the detail.
    pub(super) fn words(&self) -> &str {
        self.detail.strip_suffix(QUEUED).unwrap_or(&self.detail).trim_end()
    }

    /// Returns the text after a word in the detail, up to the next separator: `crew: 2` gives `2`.
    pub(super) fn said(&self, word: &str) -> Option<&str> {
        let (_, rest) = self.detail.split_once(word)?;
        rest.split([';', ',']).next().map(str::trim)
    }
}

const QUEUED: &str = "[queued on the phone]";

/// Parses the turns of the day.
pub(super) fn turns() -> Result<Vec<Turn>, PlayError> {
    let columns = [
        "time_local",
        "who",
        "kind",
        "person",
        "home",
        "detail",
        "step",
        "happened_local",
        "site",
        "member",
        "gate",
        "vehicle",
        "eta_local",
    ];
    let table =
        Table::with_columns(harbour_rise::DAY, &columns).map_err(|why| why.of("day.csv"))?;
    let end = moment(ENDS)?;
    let turns = table.rows.iter().map(|row| turn(&table, row));
    let turns: Vec<Turn> = turns.collect::<Result<_, _>>()?;
    Ok(turns.into_iter().filter(|turn| turn.at < end.0).collect())
}

fn turn(table: &Table, row: &Row) -> Result<Turn, PlayError> {
    let text = |column| table.text(row, column).to_owned();
    let time = |column| {
        let given = Some(table.text(row, column)).filter(|text| !text.is_empty());
        given.map(moment).transpose()
    };
    Ok(Turn {
        at: moment(table.text(row, "time_local"))?.0,
        who: text("who"),
        kind: text("kind"),
        people: table.text(row, "person").split_whitespace().map(str::to_owned).collect(),
        home: text("home"),
        detail: text("detail"),
        step: text("step"),
        happened: time("happened_local")?,
        site: text("site"),
        member: text("member"),
        gate: text("gate"),
        vehicle: text("vehicle"),
        eta: time("eta_local")?,
    })
}

/// Parses a UK local time, such as `2026-05-22T06:30:00`.
pub(super) fn moment(local: &str) -> Result<Time, PlayError> {
    let wrong = || PlayError::Story(format!("{local:?} is not a time of the day"));
    Ok(Time(harbour_rise::story_time(local).ok_or_else(wrong)?.as_millisecond()))
}

/// Parses a time of the day, such as `11:30`, or a full local time.
pub(super) fn hour(text: &str) -> Result<Time, PlayError> {
    match text.split_once(' ') {
        Some((day, hour)) => moment(&format!("{day}T{hour}:00")),
        None => moment(&format!("2026-05-22T{text}:00")),
    }
}

/// Formats a time in UK local time, such as `11:30`.
pub fn clock(at: Time) -> String {
    let shown = || {
        let zone = TimeZone::get("Europe/London").ok()?;
        let local = jiff::Timestamp::from_millisecond(at.0).ok()?.to_zoned(zone);
        Some(local.strftime("%H:%M").to_string())
    };
    shown().unwrap_or_default()
}

/// Parses a time of the day from the command line, or returns an error message.
pub fn asked(text: &str) -> Result<Time, String> {
    let words = || format!("{text:?} is not a time of the day from 06:00 to 22:00, such as 11:30");
    let (hours, minutes) = text.split_once(':').ok_or_else(words)?;
    let is_two = |part: &str| part.len() == 2 && part.bytes().all(|digit| digit.is_ascii_digit());
    if !is_two(hours) || !is_two(minutes) {
        return Err(words());
    }
    let at = hour(text).map_err(|_| words())?;
    let within =
        moment(BEGINS).is_ok_and(|from| from <= at) && moment(ENDS).is_ok_and(|to| at <= to);
    if within { Ok(at) } else { Err(words()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_in_order_and_ends_in_the_evening() {
        let turns = turns().unwrap();
        assert_eq!(turns.len(), 1_140);
        assert!(turns.is_sorted_by_key(|turn| turn.at));
        assert_eq!(clock(Time(turns.last().unwrap().at)), "21:50");
    }

    #[test]
    fn a_time_of_the_day_has_one_format() {
        assert_eq!(clock(asked("11:30").unwrap()), "11:30");
        assert!(asked("06:00").is_ok() && asked("22:00").is_ok());
        for bad in ["", "5:30", "05:59", "22:01", "11.30", "11:3", "24:00", "11:60", "noon"] {
            assert!(asked(bad).unwrap_err().contains("06:00 to 22:00"), "{bad}");
        }
    }

    #[test]
    fn values_are_parsed_from_a_detail() {
        let turn = Turn { detail: "photograph; crew: 2; to H03".to_owned(), ..Turn::default() };
        assert_eq!(turn.said("crew: "), Some("2"));
        assert_eq!(turn.said("eta: "), None);
    }
}
