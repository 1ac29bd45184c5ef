//! Bounds on what is unpacked, held while it streams by: a file of a few bytes can claim to be anything.

use std::io::{self, Read, Seek};

use proto::limit::{DIRECTORY_ENTRIES_MAX, DIRECTORY_UNPACKED_BYTES_MAX};
use zip::ZipArchive;

use super::fault::Fault;

/// Bytes of one tag or one run of text; the readers hold one of these at a time.
const TOKEN_BYTES_MAX: usize = 256 * 1024;
/// Bytes of an XML file's beginning in which its declaration may stand.
const PROLOG_BYTES: u64 = 1024;
/// Bytes of the words that an Excel sheet shares, which its reader holds all at once.
const SHARED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Bytes of the beginning of shared words in which their number stands.
const HEAD_BYTES: u64 = 4 * 1024;
/// The fewest bytes that one shared word takes: `<si/>`.
const SHARED_WORD_BYTES: u64 = 5;
/// The error that a bound was passed, among the others that reading may meet.
const PASSED: io::ErrorKind = io::ErrorKind::QuotaExceeded;

/// What kind of spreadsheet an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Book {
    Ods,
    Xlsx,
}

/// Reads XML on, and fails as soon as a bound is passed: on all bytes, and on those of one tag or text.
/// Comments, CDATA and document types, which no spreadsheet needs, are refused.
#[derive(Debug)]
pub(super) struct Guarded<R> {
    inner: R,
    left: u64,
    seen: u64,
    token: usize,
    state: State,
}

/// Where in the XML the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    Opened,
    Tag,
    Quoted(u8),
    Declaration,
}

impl<R> Guarded<R> {
    pub(super) const fn new(inner: R, bytes_max: u64) -> Self {
        Self { inner, left: bytes_max, seen: 0, token: 0, state: State::Text }
    }

    /// Follows one byte; tells whether it may stand there.
    fn follow(&mut self, byte: u8) -> bool {
        self.seen += 1;
        self.token += 1;
        let (state, ends) = match (self.state, byte) {
            (State::Text, b'<') => (State::Opened, true),
            (State::Text, _) => (State::Text, false),
            (State::Opened, b'!') => return false,
            (State::Opened, b'?') => {
                if self.seen > PROLOG_BYTES {
                    return false;
                }
                (State::Declaration, false)
            }
            (State::Opened | State::Tag | State::Declaration, b'>') => (State::Text, true),
            (State::Opened | State::Tag, b'"' | b'\'') => (State::Quoted(byte), false),
            (State::Opened | State::Tag, _) => (State::Tag, false),
            (State::Declaration, _) => (State::Declaration, false),
            (State::Quoted(mark), _) if mark == byte => (State::Tag, false),
            (State::Quoted(mark), _) => (State::Quoted(mark), false),
        };
        self.state = state;
        if ends {
            self.token = 0;
        }
        self.token <= TOKEN_BYTES_MAX
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let Some(left) = self.left.checked_sub(u64::try_from(count).unwrap_or(u64::MAX)) else {
            return Err(PASSED.into());
        };
        self.left = left;
        for byte in buffer.iter().take(count) {
            if !self.follow(*byte) {
                return Err(PASSED.into());
            }
        }
        Ok(count)
    }
}

/// Returns the fault behind an error of reading.
pub(super) fn fault(error: &io::Error) -> Fault {
    if error.kind() == PASSED { Fault::Bomb } else { Fault::Damaged }
}

/// Tells what an archive is, by its table of contents alone.
pub(super) fn kind<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<Book, Fault> {
    if archive.len() > DIRECTORY_ENTRIES_MAX {
        return Err(Fault::Bomb);
    }
    let has = |name: &str| archive.index_for_name(name).is_some();
    if has("content.xml") {
        Ok(Book::Ods)
    } else if has("xl/workbook.xml") {
        Ok(Book::Xlsx)
    } else {
        Err(Fault::NotAList)
    }
}

/// Unpacks every XML file of an Excel archive once, keeping nothing, so that the reader behind, which has
/// no bounds of its own, meets none that passes them. What a table of contents claims counts for nothing.
pub(super) fn probe<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<(), Fault> {
    let mut left = DIRECTORY_UNPACKED_BYTES_MAX;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|_| Fault::Damaged)?;
        let name = entry.name().map_err(|_| Fault::Damaged)?.to_lowercase();
        let is_shared = name.ends_with("sharedstrings.xml");
        let bytes_max = if is_shared { left.min(SHARED_BYTES_MAX) } else { left };
        if is_shared {
            left = left.checked_sub(shared(entry, bytes_max)?).ok_or(Fault::Bomb)?;
            continue;
        }
        let ending = name.rsplit('.').next().unwrap_or_default();
        let copied = if ending == "xml" || ending == "rels" {
            io::copy(&mut Guarded::new(entry, bytes_max), &mut io::sink())
        } else {
            io::copy(&mut entry.take(bytes_max + 1), &mut io::sink())
        };
        let copied = copied.map_err(|error| fault(&error))?;
        left = left.checked_sub(copied).ok_or(Fault::Bomb)?;
    }
    Ok(())
}

/// Unpacks the shared words and returns how many bytes they are. The reader behind lays out memory by how
/// many words there are said to be, so that has to be possible.
fn shared(entry: impl Read, bytes_max: u64) -> Result<u64, Fault> {
    let mut xml = Guarded::new(entry, bytes_max);
    let mut head = Vec::new();
    (&mut xml).take(HEAD_BYTES).read_to_end(&mut head).map_err(|error| fault(&error))?;
    let rest = io::copy(&mut xml, &mut io::sink()).map_err(|error| fault(&error))?;
    let bytes = rest + u64::try_from(head.len()).unwrap_or(u64::MAX);
    let head = String::from_utf8_lossy(&head);
    let said = head.split_once("uniqueCount=").map_or("", |(_, after)| after);
    let digits = said.get(1..).unwrap_or_default().split(['"', '\'']).next().unwrap_or_default();
    let count: u64 = digits.trim().parse().unwrap_or(0);
    if count.saturating_mul(SHARED_WORD_BYTES) <= bytes { Ok(bytes) } else { Err(Fault::Bomb) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(xml: &str, bytes_max: u64) -> Result<u64, Fault> {
        io::copy(&mut Guarded::new(xml.as_bytes(), bytes_max), &mut io::sink())
            .map_err(|error| fault(&error))
    }

    #[test]
    fn ordinary_xml_passes() {
        let xml = "<?xml version=\"1.0\"?><a b='x > \"y\"' c=\"&lt;\">words &amp; more</a>";
        assert_eq!(read(xml, 1_000), Ok(u64::try_from(xml.len()).unwrap()));
    }

    #[test]
    fn more_than_the_bound_is_refused_wherever_it_hides() {
        assert_eq!(read("<a>12345</a>", 5), Err(Fault::Bomb));
        let long = "x".repeat(TOKEN_BYTES_MAX + 1);
        let quoted = "><".repeat(TOKEN_BYTES_MAX);
        for xml in [format!("<a>{long}</a>"), format!("<a{long}/>"), format!("<a b=\"{quoted}\"/>")]
        {
            assert_eq!(read(&xml, u64::MAX), Err(Fault::Bomb));
        }
    }

    #[test]
    fn shared_words_that_are_said_to_be_more_than_there_are_are_refused() {
        let xml = |count: &str| {
            format!("<sst count=\"2\" uniqueCount=\"{count}\"><si><t>a</t></si></sst>")
        };
        assert!(shared(xml("1").as_bytes(), 1_000).is_ok());
        assert_eq!(shared(xml("900000000").as_bytes(), 1_000), Err(Fault::Bomb));
        assert_eq!(shared(xml("1").as_bytes(), 20), Err(Fault::Bomb));
    }

    #[test]
    fn what_no_spreadsheet_needs_is_refused() {
        for xml in ["<!DOCTYPE a>", "<a><!-- > < --></a>", "<a><![CDATA[x]]></a>"] {
            assert_eq!(read(xml, 1_000), Err(Fault::Bomb), "{xml}");
        }
        let late = format!("<a>{}<?b c?></a>", " ".repeat(2_000));
        assert_eq!(read(&late, 10_000), Err(Fault::Bomb));
    }
}
