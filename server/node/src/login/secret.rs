//! Secrets: 256 random bits, known only to their holder. Only a hash is stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hub::Clock;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The secret of an invite, of a login's cookie or of the operator.
#[derive(Clone, Copy)]
pub(crate) struct Secret([u8; 32]);

impl Secret {
    /// Returns a random secret.
    pub(crate) fn fresh(clock: &dyn Clock) -> Self {
        let mut bytes = [0; 32];
        let halves = clock.dice().into_iter().chain(clock.dice());
        bytes.iter_mut().zip(halves).for_each(|(byte, chance)| *byte = chance);
        Self(bytes)
    }

    /// Derives a secret for a purpose, one-way.
    pub(crate) fn derived(&self, purpose: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(purpose.as_bytes());
        hash.update(self.0);
        Self(hash.finalize().into())
    }

    /// Parses a secret.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// Returns the text form, for the holder.
    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Returns the hash that is stored.
    pub(crate) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// Compares two secrets in constant time.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn a_secret_reads_back_and_never_prints_itself() {
        let secret = Secret::fresh(&SystemClock);
        let read = Secret::parse(&secret.text()).unwrap();
        assert!(secret.is(&read) && secret.hash() == read.hash());
        assert_eq!(secret.text().len(), 43);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert!(!secret.is(&Secret::fresh(&SystemClock)));
    }

    #[test]
    fn invalid_secrets_are_rejected() {
        let text = Secret::fresh(&SystemClock).text();
        for bad in ["", "short", &text[1..], &format!("{text}="), &format!("{text}A"), "ä"] {
            assert!(Secret::parse(bad).is_none(), "{bad}");
        }
    }
}
