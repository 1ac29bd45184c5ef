//! Compares the tables in the protocol document with the code.

use std::collections::BTreeMap;

use proto::{close::Close, limit};

const DOCUMENT: &str = include_str!("../../proto/PROTOCOL.md");

/// Returns the cells of every row whose first cell matches.
fn rows(is_ours: impl Fn(&str) -> bool) -> Vec<Vec<&'static str>> {
    DOCUMENT
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .map(|line| line.split(" | ").collect())
        .filter(|cells: &Vec<&str>| cells.first().is_some_and(|first| is_ours(first)))
        .collect()
}

/// P-37: every code, its message, and whether the client reconnects.
#[test]
fn the_close_codes_match_the_code() {
    let told = rows(|first| first.parse::<u16>().is_ok());
    let held: Vec<Vec<String>> = Close::ALL
        .iter()
        .map(|close| {
            let comes_back = if close.comes_back() { "yes" } else { "no" };
            vec![close.code().to_string(), close.words().to_owned(), comes_back.to_owned()]
        })
        .collect();
    assert_eq!(told, held);
    for close in Close::ALL {
        assert!((4000..5000).contains(&close.code()));
        assert_eq!(close.comes_back(), close.code() < 4500);
        assert!(close.words().len() <= 123, "what a close frame holds");
    }
}

/// P-70: every number.
#[test]
fn the_limits_match_the_code() {
    let told: BTreeMap<&str, &str> = rows(|first| first.contains('_') && first != "Limit")
        .into_iter()
        .map(|cells| (cells[0], cells[1]))
        .collect();
    let held: BTreeMap<&str, String> = [
        ("COMMANDS_MAX", limit::COMMANDS_MAX.to_string()),
        ("COMMANDS_BYTES_MAX", limit::COMMANDS_BYTES_MAX.to_string()),
        ("BODY_BYTES_MAX", limit::BODY_BYTES_MAX.to_string()),
        ("CLIENT_FRAME_BYTES_MAX", limit::CLIENT_FRAME_BYTES_MAX.to_string()),
        ("CLIENT_FRAMES_PER_S", limit::CLIENT_FRAMES_PER_S.to_string()),
        ("SOCKET_UNSENT_BYTES_MAX", limit::SOCKET_UNSENT_BYTES_MAX.to_string()),
        ("HELLO_MS", limit::HELLO_MS.to_string()),
        ("FLUSH_MS", limit::FLUSH_MS.to_string()),
        ("BEAT_MS", limit::BEAT_MS.to_string()),
        ("SILENCE_MS", limit::SILENCE_MS.to_string()),
        ("PONG_MS", limit::PONG_MS.to_string()),
        ("REQUEST_MS", limit::REQUEST_MS.to_string()),
        ("RETRY_MS", limit::RETRY_MS.to_string()),
        ("LOG_ROWS", limit::LOG_ROWS.to_string()),
        ("FUTURE_MS", limit::FUTURE_MS.to_string()),
        ("LATE_MS", limit::LATE_MS.to_string()),
        ("TIME_MIN", limit::TIME_MIN.0.to_string()),
        ("TIME_MAX", limit::TIME_MAX.0.to_string()),
        ("REDEEM_PER_MINUTE", limit::REDEEM_PER_MINUTE.to_string()),
        ("REQUESTS_PER_S", limit::REQUESTS_PER_S.to_string()),
        ("LOGIN_HOURS", limit::LOGIN_HOURS.to_string()),
        ("DIRECTORY_BYTES_MAX", limit::DIRECTORY_BYTES_MAX.to_string()),
        ("HOMES_PAGE", limit::HOMES_PAGE.to_string()),
    ]
    .into_iter()
    .collect();
    let told: BTreeMap<&str, String> =
        told.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
    assert_eq!(told, held);
}
