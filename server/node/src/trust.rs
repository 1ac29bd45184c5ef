//! Verification of the database's and Redis's TLS certificates: which roots are trusted, when certificates
//! expire, and what is logged about one that is refused.

use std::{
    collections::BTreeMap,
    mem::{Discriminant, discriminant},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rustls::{
    CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{
        CryptoProvider, ring::default_provider, verify_tls12_signature, verify_tls13_signature,
    },
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};

mod words;

use words::Unbelieved;

/// Later than any certificate can expire: the end of the range of its dates.
const NEVER_S: u64 = 253_402_300_800;
/// Maximum intermediate certificates, with a margin.
const CHAIN_MAX: usize = 8;
/// Seconds after which a server name without connections is dropped: the server was renamed.
const FORGOTTEN_S: u64 = 10 * 60;
/// Seconds before its expiry in which a certificate is reported: time to renew it.
const NEAR_S: u64 = 14 * 24 * 60 * 60;

/// A server that the node connects to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// The `PostgreSQL` that several nodes share.
    Database,
    /// The Redis that they notify each other through.
    Redis,
}

/// The trust settings of a server, and the certificates that it has presented.
#[derive(Debug)]
pub struct Trust {
    server: Server,
    /// The file with the CA certificates; otherwise those that the machine trusts.
    file: Option<PathBuf>,
    provider: Arc<CryptoProvider>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The last readable set of roots.
    roots: Option<Arc<RootCertStore>>,
    /// Whether the last read failed.
    is_stale: bool,
    /// The last certificate presented, by server name.
    shown: BTreeMap<String, Shown>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    /// When it was presented.
    at: u64,
    /// When the chain expires.
    until: Option<u64>,
    /// Why it was refused.
    refused: Option<Discriminant<CertificateError>>,
}

/// The state of a server's certificates, for the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The earliest expiry, in seconds since 1970.
    pub(crate) until: Option<u64>,
    /// Whether one that was last presented was refused.
    pub(crate) is_refused: bool,
}

impl Server {
    /// Returns the metric label.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Redis => "redis",
        }
    }
}

impl Trust {
    /// Returns the trust settings of a server: the CA file, or the machine's roots. Returns an error message
    /// if the file is unusable.
    pub fn of(server: Server, file: Option<&Path>) -> Result<Arc<Self>, String> {
        let file = file.map(Path::to_owned);
        let roots = file.as_deref().map(read).transpose()?.map(Arc::new);
        let known = Mutex::new(Known { roots, ..Known::default() });
        Ok(Arc::new(Self { server, file, provider: Arc::new(default_provider()), known }))
    }

    /// Returns the verifier for a TLS client.
    pub(crate) fn asked(trust: &Arc<Self>) -> Arc<dyn ServerCertVerifier> {
        Arc::<Self>::clone(trust)
    }

    /// Returns the server.
    pub(crate) const fn server(&self) -> Server {
        self.server
    }

    /// Returns the state of its certificates; none before one was presented.
    pub(crate) fn standing(&self) -> Option<Standing> {
        let known = self.known();
        let until = known.shown.values().filter_map(|shown| shown.until).min();
        let is_refused = known.shown.values().any(|shown| shown.refused.is_some());
        (!known.shown.is_empty()).then_some(Standing { until, is_refused })
    }

    /// Reads the roots for each connection: connections are rare and the files small. While the file is
    /// unreadable, as during its replacement, the last set stays in use.
    fn roots(&self) -> Result<Arc<RootCertStore>, String> {
        let found = match self.file.as_deref() {
            Some(file) => read(file),
            None => Ok(of_machine()),
        };
        let mut known = self.known();
        let was_stale = std::mem::replace(&mut known.is_stale, found.is_err());
        match (found, known.roots.clone()) {
            (Ok(roots), _) => {
                let roots = Arc::new(roots);
                known.roots = Some(Arc::clone(&roots));
                Ok(roots)
            }
            (Err(words), Some(roots)) => {
                if !was_stale {
                    let (server, file) = (self.server.word(), self.file.as_deref());
                    tracing::warn!(server, ?file, %words, "a file of certificates cannot be read; its previous contents stay in use");
                }
                Ok(roots)
            }
            (Err(words), None) => Err(words),
        }
    }

    /// Records what was presented, and logs changes.
    fn note(&self, name: &str, shown: Shown, words: Option<&str>) {
        let mut known = self.known();
        known.shown.retain(|_, before| before.at.saturating_add(FORGOTTEN_S) > shown.at);
        let before = known.shown.insert(name.to_owned(), shown);
        drop(known);
        let server = self.server.word();
        let was = before.and_then(|before| before.refused);
        match (words, was) {
            (Some(words), was) if was != shown.refused => {
                tracing::warn!(server, %words, "a certificate is not trusted; existing connections continue, no new one is made");
            }
            (None, Some(_)) => tracing::info!(server, name, "the certificate is trusted again"),
            (Some(_), _) | (None, None) => {}
        }
        let is_news = before.is_none_or(|before| before.until != shown.until);
        if let Some(until) = shown.until.filter(|until| until.saturating_sub(shown.at) < NEAR_S)
            && is_news
        {
            tracing::warn!(server, name, until = %words::moment(until), "a certificate expires soon");
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let (name, at) = (server_name.to_str(), now.as_secs());
        let about =
            Unbelieved { server: self.server, name: name.as_ref(), file: self.file.as_deref() };
        let told = |words: String| Error::Other(OtherError(Arc::from(Box::from(words))));
        let roots = self.roots().map_err(told)?;
        if roots.is_empty() {
            return Err(told(about.without_roots()));
        }
        let provider = Arc::clone(&self.provider);
        let judge = WebPkiServerVerifier::builder_with_provider(roots, provider).build();
        let judge = judge.map_err(|error| told(error.to_string()))?;
        let believed = |at| {
            judge.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, at)
        };
        match believed(now) {
            Ok(verified) => {
                let until = until(|at| believed(at).map(drop));
                self.note(&name, Shown { at, until, refused: None }, None);
                Ok(verified)
            }
            Err(Error::InvalidCertificate(_)) if cfg!(plant = "stranger_believed") => {
                Ok(ServerCertVerified::assertion())
            }
            Err(Error::InvalidCertificate(why)) => {
                let words = about.because(&why);
                let until = until(|at| believed(at).map(drop)).filter(|until| *until < at);
                let refused = Some(discriminant(&why));
                self.note(&name, Shown { at, until, refused }, Some(&words));
                Err(told(words))
            }
            Err(other) => Err(other),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Returns when the presented chain expires: verified as of a date after all dates, the error names the
/// certificate that expires first.
fn until(believed: impl Fn(UnixTime) -> Result<(), Error>) -> Option<u64> {
    let mut bound = NEVER_S;
    for _ in 0..CHAIN_MAX {
        let at = UnixTime::since_unix_epoch(Duration::from_secs(bound));
        let Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. })) =
            believed(at)
        else {
            break;
        };
        if not_after.as_secs() >= bound {
            break;
        }
        bound = not_after.as_secs();
    }
    (bound < NEVER_S).then_some(bound)
}

/// Reads the certificates in a file.
fn read(file: &Path) -> Result<RootCertStore, String> {
    let found = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| error.to_string())?;
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found);
    if roots.is_empty() { Err("it has no certificate".to_owned()) } else { Ok(roots) }
}

/// Reads the machine's trusted certificates.
fn of_machine() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        let of = |file: &Path| Trust::of(Server::Database, Some(file));
        assert!(of(&file).is_err());
        std::fs::write(&file, "nothing").unwrap();
        assert_eq!(of(&file).unwrap_err(), "it has no certificate");
        let trust = Trust::of(Server::Redis, None).unwrap();
        assert_eq!(trust.standing(), None);
    }

    #[test]
    fn a_chain_expires_with_its_first_certificate_to_expire() {
        let expired = |at: UnixTime, not_after| {
            let not_after = UnixTime::since_unix_epoch(Duration::from_secs(not_after));
            CertificateError::ExpiredContext { time: at, not_after }
        };
        let chain = |at: UnixTime| match at.as_secs() {
            late if late > 5_000 => Err(Error::InvalidCertificate(expired(at, 5_000))),
            late if late > 3_000 => Err(Error::InvalidCertificate(expired(at, 3_000))),
            _ => Ok(()),
        };
        assert_eq!(until(chain), Some(3_000));
        assert_eq!(until(|_| Ok(())), None);
        assert_eq!(
            until(|_| Err(Error::InvalidCertificate(CertificateError::UnknownIssuer))),
            None
        );
        assert_eq!(
            until(|at| Err(Error::InvalidCertificate(expired(at, 9_000)))),
            Some(9_000),
            "it ends"
        );
    }
}
