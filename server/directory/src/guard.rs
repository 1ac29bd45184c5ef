//! Limits on decompression, enforced while streaming: a small file can claim to be anything.

use std::io::{self, Read, Seek};

use proto::limit::{DIRECTORY_ENTRIES_MAX, DIRECTORY_UNPACKED_BYTES_MAX};
use zip::ZipArchive;

use super::fault::Fault;

/// Maximum bytes of one tag or text run; the readers hold one at a time.
const TOKEN_BYTES_MAX: usize = 256 * 1024;
/// Bytes at the start of an XML file that may hold its declaration.
const PROLOG_BYTES: u64 = 1024;
/// Maximum bytes of an Excel file's shared strings, which its reader loads all at once.
const SHARED_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Bytes at the start of the shared strings that hold their count.
const HEAD_BYTES: u64 = 4 * 1024;
/// The minimum size of one shared string: `<si/>`.
const SHARED_WORD_BYTES: u64 = 5;
/// The error kind that marks an exceeded limit, among other read errors.
const PASSED: io::ErrorKind = io::ErrorKind::QuotaExceeded;

/// The spreadsheet format of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Book {
    Ods,
    Xlsx,
}

/// Passes XML through, and fails as soon as a limit is exceeded: on total bytes, or on the bytes of one tag
/// or text. Comments, CDATA and document types, which no spreadsheet needs, are refused.
#[derive(Debug)]
pub(super) struct Guarded<R> {
    inner: R,
    left: u64,
    seen: u64,
    token: usize,
    state: State,
}

/// The position of the scanner in the XML.
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

    /// Advances by one byte; returns whether it is allowed here.
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

/// Maps a read error to a fault.
pub(super) fn fault(error: &io::Error) -> Fault {
    if error.kind() == PASSED { Fault::Bomb } else { Fault::Damaged }
}

/// Detects the format of an archive from its table of contents.
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

/// Decompresses every XML file of an Excel archive once and discards it, because the Excel reader enforces no
/// limits of its own. Declared sizes are not trusted.
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

/// Decompresses the shared strings and returns their size. The Excel reader allocates by the declared count,
/// so that count must be plausible.
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
    fn exceeding_a_limit_is_refused_in_any_part_of_the_xml() {
        assert_eq!(read("<a>12345</a>", 5), Err(Fault::Bomb));
        let long = "x".repeat(TOKEN_BYTES_MAX + 1);
        let quoted = "><".repeat(TOKEN_BYTES_MAX);
        for xml in [format!("<a>{long}</a>"), format!("<a{long}/>"), format!("<a b=\"{quoted}\"/>")]
        {
            assert_eq!(read(&xml, u64::MAX), Err(Fault::Bomb));
        }
    }

    #[test]
    fn an_inflated_count_of_shared_strings_is_refused() {
        let xml = |count: &str| {
            format!("<sst count=\"2\" uniqueCount=\"{count}\"><si><t>a</t></si></sst>")
        };
        assert!(shared(xml("1").as_bytes(), 1_000).is_ok());
        assert_eq!(shared(xml("900000000").as_bytes(), 1_000), Err(Fault::Bomb));
        assert_eq!(shared(xml("1").as_bytes(), 20), Err(Fault::Bomb));
    }

    #[test]
    fn xml_that_no_spreadsheet_needs_is_refused() {
        for xml in ["<!DOCTYPE a>", "<a><!-- > < --></a>", "<a><![CDATA[x]]></a>"] {
            assert_eq!(read(xml, 1_000), Err(Fault::Bomb), "{xml}");
        }
        let late = format!("<a>{}<?b c?></a>", " ".repeat(2_000));
        assert_eq!(read(&late, 10_000), Err(Fault::Bomb));
    }
}
