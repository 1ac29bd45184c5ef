//! Content encodings of a response, and their negotiation.

use std::io::Write;

use axum::http::{HeaderMap, header};

/// A content encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

/// Brotli quality: beyond this it costs more time than the network saves.
const BROTLI_QUALITY: u32 = 5;
/// The brotli window size, as a power of two.
const BROTLI_WINDOW: u32 = 22;

impl Encoding {
    /// Returns the best encoding that the client accepts.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
        let taken: Vec<&str> = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .filter_map(taken)
            .collect();
        let takes = |word| taken.iter().any(|token| token.eq_ignore_ascii_case(word));
        if takes("br") {
            Self::Brotli
        } else if takes("gzip") {
            Self::Gzip
        } else {
            Self::Plain
        }
    }

    /// Returns the header value; none for identity.
    pub(crate) const fn word(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }

    /// Returns the file extension of assets compressed at build time.
    pub(crate) const fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Plain => "",
        }
    }

    /// Compresses a body.
    pub(crate) fn pack(self, plain: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut packed = Vec::with_capacity(plain.len() / 4);
        match self {
            Self::Brotli => {
                let mut writer = brotli::CompressorWriter::new(
                    &mut packed,
                    16 * 1024,
                    BROTLI_QUALITY,
                    BROTLI_WINDOW,
                );
                writer.write_all(plain)?;
                drop(writer);
            }
            Self::Gzip => {
                let level = flate2::Compression::default();
                let mut writer = flate2::write::GzEncoder::new(&mut packed, level);
                writer.write_all(plain)?;
                writer.finish()?;
            }
            Self::Plain => packed.extend_from_slice(plain),
        }
        Ok(packed)
    }
}

/// Returns the name of an encoding unless its weight is zero.
fn taken(token: &str) -> Option<&str> {
    let mut parts = token.split(';').map(str::trim);
    let name = parts.next()?;
    let refused = parts.any(|part| {
        part.strip_prefix("q=").is_some_and(|q| q.chars().all(|c| c == '0' || c == '.'))
    });
    (!refused).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str) -> Encoding {
        let headers = [(header::ACCEPT_ENCODING, line.parse().unwrap())].into_iter().collect();
        Encoding::of(&headers)
    }

    #[test]
    fn a_client_gets_the_best_encoding_it_accepts() {
        assert_eq!(of("gzip, deflate, br, zstd"), Encoding::Brotli);
        assert_eq!(of("gzip;q=1.0, br;q=0"), Encoding::Gzip);
        assert_eq!(of("br;q=0.000, gzip;q=0"), Encoding::Plain);
        assert_eq!(of("brotli"), Encoding::Plain);
        assert_eq!(Encoding::of(&HeaderMap::new()), Encoding::Plain);
    }

    #[test]
    fn compression_makes_rows_smaller() {
        let rows = br#"{"row":"person","stage":"ready"}"#.repeat(200);
        for encoding in [Encoding::Brotli, Encoding::Gzip] {
            assert!(encoding.pack(&rows).unwrap().len() < rows.len() / 10, "{encoding:?}");
        }
        assert_eq!(Encoding::Plain.pack(&rows).unwrap(), rows);
    }
}
