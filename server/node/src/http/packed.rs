//! A cache of compressed screen files.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use axum::http::HeaderValue;
use bytes::Bytes;

use super::encoding::Encoding;

/// Maximum cached files; the screens have fewer, but a rebuilt screen adds its own.
const KEPT_MAX: usize = 256;

/// The compressed files, by entity tag.
#[derive(Debug, Default)]
pub(crate) struct Packed(Mutex<HashMap<HeaderValue, Bytes>>);

impl Packed {
    /// Returns a file's compressed bytes.
    pub(crate) fn get(&self, tag: &HeaderValue, encoding: Encoding, plain: Bytes) -> Option<Bytes> {
        if encoding == Encoding::Plain {
            return Some(plain);
        }
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(packed) = kept().get(tag) {
            return Some(packed.clone());
        }
        let packed = Bytes::from(encoding.pack(&plain).ok()?);
        let mut kept = kept();
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(tag.clone(), packed.clone());
        Some(packed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_compressed_once() {
        let packed = Packed::default();
        let tag = HeaderValue::from_static("a");
        let first = packed.get(&tag, Encoding::Gzip, Bytes::from_static(b"file")).unwrap();
        let again = packed.get(&tag, Encoding::Gzip, Bytes::from_static(b"other")).unwrap();
        assert_eq!(first.as_ptr(), again.as_ptr());
        let plain = packed.get(&tag, Encoding::Plain, Bytes::from_static(b"file")).unwrap();
        assert_eq!(plain.as_ref(), b"file");
    }
}
