//! Unpacks a ZIP file within limits: the directory is read, and the bytes are counted as they are
//! decompressed. No declared size is trusted.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};

use proto::limit::{
    IMPORT_ENTRIES_MAX, IMPORT_ENTRY_BYTES_MAX, IMPORT_RATIO_MAX, IMPORT_UNZIPPED_BYTES_MAX,
};
use zip::{ZipArchive, result::ZipError};

use super::{error::Why, pace::Pace};

/// Bytes decompressed per step.
const STEP_BYTES: usize = 64 * 1024;
/// Bytes below which the compression ratio is not checked: a small file of one repeated letter is not a bomb.
const RATIO_FREE_BYTES: u64 = 1024 * 1024;

/// The contents of a ZIP file.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// The names of all entries.
    pub(super) names: Vec<String>,
    /// The XML entries, decompressed.
    xml: BTreeMap<String, Vec<u8>>,
}

impl Parts {
    /// Unpacks a file.
    pub(super) fn read(bytes: &[u8], pace: Pace<'_>) -> Result<Self, Why> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Why::Damaged)?;
        if archive.len() > IMPORT_ENTRIES_MAX {
            return Err(Why::TooManyEntries);
        }
        let mut parts = Self::default();
        let mut left = IMPORT_UNZIPPED_BYTES_MAX;
        for place in 0..archive.len() {
            let mut entry = archive.by_index(place).map_err(|error| why(&error))?;
            // Names are compared case-insensitively, as the office programs do.
            let name = entry.name().map_err(|_| Why::Damaged)?.to_lowercase();
            let packed = entry.compressed_size().max(1);
            let is_xml = [".xml", ".rels"].iter().any(|end| name.ends_with(end));
            let taken = take(&mut entry, packed, left, is_xml, pace)?;
            left = left.saturating_sub(taken.count);
            if is_xml && parts.xml.insert(name.clone(), taken.bytes).is_some() {
                // Different programs resolve duplicate entry names differently.
                return Err(Why::Damaged);
            }
            parts.names.push(name);
        }
        Ok(parts)
    }

    /// Returns an XML entry as text, without its byte order mark.
    pub(super) fn xml(&self, name: &str) -> Result<Option<&str>, Why> {
        let Some(bytes) = self.xml.get(&name.to_lowercase()) else { return Ok(None) };
        let text = std::str::from_utf8(bytes).map_err(|_| Why::Damaged)?;
        Ok(Some(text.strip_prefix('\u{FEFF}').unwrap_or(text)))
    }

    /// Returns whether there is an entry of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    /// Returns the names of the XML entries.
    pub(super) fn xml_names(&self) -> impl Iterator<Item = &str> {
        self.xml.keys().map(String::as_str)
    }
}

/// Maps a ZIP error to the reason for people.
fn why(error: &ZipError) -> Why {
    if let ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) = error {
        Why::Protected
    } else {
        Why::Damaged
    }
}

/// The decompressed content of one entry.
struct Taken {
    count: u64,
    bytes: Vec<u8>,
}

/// Decompresses an entry within limits. Entries other than XML are counted and dropped.
fn take(
    entry: &mut impl Read,
    packed: u64,
    left: u64,
    keep: bool,
    pace: Pace<'_>,
) -> Result<Taken, Why> {
    let mut taken = Taken { count: 0, bytes: Vec::new() };
    let mut step = vec![0_u8; STEP_BYTES];
    loop {
        pace.go_on()?;
        let count = entry.read(&mut step).map_err(|_| Why::Damaged)?;
        if count == 0 {
            return Ok(taken);
        }
        taken.count = taken.count.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        let is_bomb = taken.count > RATIO_FREE_BYTES && taken.count / packed > IMPORT_RATIO_MAX;
        if is_bomb || taken.count > IMPORT_ENTRY_BYTES_MAX || taken.count > left {
            return Err(Why::Bomb);
        }
        if keep {
            taken.bytes.extend_from_slice(step.get(..count).unwrap_or_default());
        }
    }
}
