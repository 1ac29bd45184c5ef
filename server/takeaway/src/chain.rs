//! Verifies an exported log: every entry against the hash chain, with nothing but the file.

use std::io::BufRead;

use proto::{
    export::KeptEntry,
    id::{RoomId, Seq, Tag},
    limit::EXPORT_LINE_BYTES_MAX,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// The result of a successful verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The room of the log.
    pub room: RoomId,
    /// The number of entries.
    pub entries: u64,
    /// The tag of the last entry.
    pub tag: Tag,
}

/// The first fault in a file, with its line.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    File(#[from] std::io::Error),
    /// It holds nothing.
    #[error("the file holds no entry")]
    Empty,
    /// A line differs from what was written.
    #[error("line {line}: {what}")]
    Line {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
}

/// The room and number that a body contains.
#[derive(Debug, Deserialize)]
struct Body {
    room: RoomId,
    seq: Seq,
}

/// Reads a whole `log.jsonl` line by line and verifies that every entry is what was written.
pub fn verify(mut file: impl BufRead) -> Result<Verified, Fault> {
    let (mut chain, mut line, mut found) = ([0_u8; 32], 0, None);
    let mut text = Vec::new();
    loop {
        text.clear();
        line += 1;
        let most = u64::try_from(EXPORT_LINE_BYTES_MAX).unwrap_or(u64::MAX);
        let read = std::io::Read::take(&mut file, most).read_until(b'\n', &mut text)?;
        if read == 0 {
            return found.ok_or(Fault::Empty);
        }
        let fault = |what: String| Fault::Line { line, what };
        let entry: KeptEntry = serde_json::from_slice(&text)
            .map_err(|error| fault(format!("is not an entry of an exported log ({error})")))?;
        let said: Body = serde_json::from_str(&entry.body)
            .map_err(|error| fault(format!("has a body that is not an entry ({error})")))?;
        chain = Sha256::new().chain_update(chain).chain_update(&entry.body).finalize().into();
        if !is_hex_of(&entry.chain, chain) {
            let what = "does not match the chain: it, or an earlier line, was altered or left out";
            return Err(fault(what.to_owned()));
        }
        if !entry.chain.starts_with(&entry.tag.to_string()) {
            return Err(fault("has a tag that does not match the chain".to_owned()));
        }
        let room = found.map_or(said.room, |found: Verified| found.room);
        if (entry.seq.0, said.seq.0, said.room) != (line, line, room) {
            return Err(fault(format!("is not entry {line} of room {room}")));
        }
        found = Some(Verified { room, entries: line, tag: entry.tag });
    }
}

/// Returns whether the text is this chain value in hex.
fn is_hex_of(text: &str, chain: [u8; 32]) -> bool {
    let [high, low] = [0, 16].map(|from| {
        let half = chain.iter().skip(from).take(16);
        half.fold(0_u128, |value, byte| value << 8 | u128::from(*byte))
    });
    text == format!("{high:032x}{low:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: &str = "00000000-0000-4000-8000-000000000001";

    /// Returns a log with unusual text in its bodies.
    fn lines() -> Vec<String> {
        let mut chain = [0_u8; 32];
        let words = ["plain", "quote \\\" and \\n line", "\u{202E}bidi \u{1F3E0}"];
        let each = (1_u64..).zip(words);
        each.map(|(seq, words)| {
            let body = format!(r#"{{"room":"{ROOM}","seq":{seq},"words":"{words}"}}"#);
            chain = Sha256::new().chain_update(chain).chain_update(&body).finalize().into();
            let [high, low] = [0, 16].map(|at| chain[at..at + 16].try_into().unwrap());
            let (high, low) = (u128::from_be_bytes(high), u128::from_be_bytes(low));
            let hex = format!("{high:032x}{low:032x}");
            let tag = hex[..16].parse().unwrap();
            serde_json::to_string(&KeptEntry { seq: Seq(seq), tag, chain: hex, body }).unwrap()
        })
        .collect()
    }

    fn read(lines: &[String]) -> Result<Verified, String> {
        verify(lines.join("\n").as_bytes()).map_err(|fault| fault.to_string())
    }

    #[test]
    fn an_exported_log_verifies() {
        let found = read(&lines()).unwrap();
        assert_eq!((found.entries, found.room.to_string().as_str()), (3, ROOM));
    }

    #[test]
    fn the_first_altered_line_is_named() {
        let good = lines();
        let altered = |at: usize, from: &str, to: &str| {
            let mut lines = good.clone();
            assert!(lines[at].contains(from));
            lines[at] = lines[at].replace(from, to);
            read(&lines).unwrap_err()
        };
        assert!(altered(1, "line", "lime").starts_with("line 2: does not match the chain"));
        assert!(altered(0, "plain", "plane").starts_with("line 1: "));
        assert!(altered(2, "\"seq\":3,\"tag\"", "\"seq\":4,\"tag\"").starts_with("line 3: "));
        let tag = &good[1][good[1].find("\"tag\":\"").unwrap() + 7..][..16];
        assert!(
            altered(1, &format!("\"tag\":\"{tag}\""), "\"tag\":\"0000000000000000\"")
                .contains("tag")
        );
        let without = [good[0].clone(), good[2].clone()];
        assert!(read(&without).unwrap_err().starts_with("line 2: "));
        assert!(read(&good[1..]).unwrap_err().starts_with("line 1: "));
        let turned = [good[1].clone(), good[0].clone()];
        assert!(read(&turned).unwrap_err().starts_with("line 1: "));
    }

    #[test]
    fn a_file_that_is_not_a_log_is_reported_in_words() {
        assert_eq!(read(&[]).unwrap_err(), "the file holds no entry");
        for bad in ["hello", "{}", "[1]", "\u{0}", "{\"seq\":1}"] {
            assert!(read(&[bad.to_owned()]).unwrap_err().starts_with("line 1: "), "{bad}");
        }
        assert!(verify([0xFF_u8, 0xFE, 10].as_slice()).is_err());
    }
}
