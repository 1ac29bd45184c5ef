//! Decodes bytes to text, in the encodings in which lists arrive.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use proto::limit::IMPORT_BYTES_MAX;

use super::error::Why;

/// The first bytes of other files that people send by mistake.
const OTHERS: [&[u8]; 2] = [b"%PDF", b"{\\rtf"];

/// Returns the text and the name of its encoding.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, &'static str), Why> {
    decode_within(bytes, IMPORT_BYTES_MAX)
}

/// Decodes a file of at most this many bytes; returns the text and the name of its encoding.
pub fn decode_within(bytes: &[u8], bytes_max: usize) -> Result<(String, &'static str), Why> {
    if bytes.len() > bytes_max {
        return Err(Why::TooLarge);
    }
    if OTHERS.iter().any(|magic| bytes.starts_with(magic)) {
        return Err(Why::Binary);
    }
    let encoding = detect(bytes);
    let (text, _, has_errors) = encoding.decode(bytes);
    if text.contains('\0') {
        return Err(Why::Binary);
    }
    if has_errors {
        return Err(Why::Garbled);
    }
    let start = text.trim_start();
    if start.is_empty() {
        return Err(Why::Empty);
    }
    if start.starts_with('<') {
        return Err(Why::WebPage);
    }
    Ok((text.into_owned(), spoken(encoding)))
}

/// Detects the encoding from the byte order mark, else UTF-8 if the bytes are valid.
fn detect(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { WINDOWS_1252 }
}

/// Returns the display name of an encoding.
fn spoken(encoding: &'static Encoding) -> &'static str {
    if encoding == UTF_16LE || encoding == UTF_16BE {
        "UTF-16"
    } else if encoding == WINDOWS_1252 {
        "Windows-1252"
    } else {
        "UTF-8"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_decodes_to_the_same_text() {
        let utf_16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{FEFF}Siân".encode_utf16().flat_map(bytes).collect()
        };
        for (bytes, name) in [
            ("Siân".as_bytes().to_vec(), "UTF-8"),
            ("\u{FEFF}Siân".as_bytes().to_vec(), "UTF-8"),
            (b"Si\xE2n".to_vec(), "Windows-1252"),
            (utf_16(u16::to_le_bytes), "UTF-16"),
            (utf_16(u16::to_be_bytes), "UTF-16"),
        ] {
            assert_eq!(decode(&bytes), Ok(("Siân".to_owned(), name)));
        }
    }

    #[test]
    fn files_that_are_not_text_are_recognised() {
        assert_eq!(decode(b"\n<html><table>"), Err(Why::WebPage));
        assert_eq!(decode(b"Room\0Surname"), Err(Why::Binary));
        assert_eq!(decode(b"%PDF-1.7"), Err(Why::Binary));
        assert_eq!(decode(b"\xFF\xFE\x00\xD8"), Err(Why::Garbled));
        assert_eq!(decode(b""), Err(Why::Empty));
        assert_eq!(decode(b" \r\n"), Err(Why::Empty));
        assert_eq!(decode(&vec![b'a'; IMPORT_BYTES_MAX + 1]), Err(Why::TooLarge));
    }
}
