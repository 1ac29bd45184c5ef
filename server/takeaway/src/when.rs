//! Times in files: local time in the incident room, with its UTC offset.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use proto::id::Time;

/// Formats times in one time zone.
#[derive(Debug, Clone)]
pub struct When(TimeZone);

impl When {
    /// Returns the rooms' time zone. Its rules are compiled in; without them, times are in UTC, which the
    /// offset shows.
    pub fn london() -> Self {
        Self(TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC))
    }

    /// Formats ISO 8601 to the second, with the offset.
    pub fn iso(&self, time: Time) -> String {
        let zoned = timestamp(time).to_zoned(self.0.clone());
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// Returns the local time.
    pub fn clock(&self, time: Time) -> DateTime {
        timestamp(time).to_zoned(self.0.clone()).datetime()
    }

    /// Formats a time for file names: `2026-11-22_0430`.
    pub fn name(&self, time: Time) -> String {
        self.clock(time).strftime("%Y-%m-%d_%H%M").to_string()
    }
}

/// Converts a time; one out of range is clamped.
fn timestamp(time: Time) -> Timestamp {
    Timestamp::from_millisecond(time.0).unwrap_or(if time.0 < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_and_winter_times_have_their_own_offsets() {
        let when = When::london();
        assert_eq!(when.iso(Time(1_795_321_800_000)), "2026-11-22T04:30:00+00:00");
        assert_eq!(when.iso(Time(1_783_000_000_000)), "2026-07-02T14:46:40+01:00");
        assert_eq!(when.name(Time(1_795_321_800_000)), "2026-11-22_0430");
    }

    #[test]
    fn the_repeated_hour_in_october_is_distinguished_by_its_offset() {
        let when = When::london();
        let first = Time(1_792_888_200_000);
        let (one, two) = (when.iso(first), when.iso(first.plus_ms(3_600_000)));
        assert_eq!(one, "2026-10-25T01:30:00+01:00");
        assert_eq!(two, "2026-10-25T01:30:00+00:00");
    }

    #[test]
    fn an_out_of_range_time_is_formatted_without_a_panic() {
        assert!(!When::london().iso(Time(i64::MAX)).is_empty());
        assert!(!When::london().iso(Time(i64::MIN)).is_empty());
    }
}
