//! Freshly generated certificates for servers on this machine.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};

/// A certificate authority.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// A certificate and its key.
#[derive(Debug, Clone)]
pub struct Certificate {
    pub pem: String,
    pub key: String,
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Authority {
    /// Returns an authority that nobody trusts yet.
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, "the authority of a test");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Returns its certificate.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Returns a certificate for a name, valid from 2020 until this day.
    pub fn vouches(&self, name: &str, (year, month, day): (i32, u8, u8)) -> Certificate {
        let own = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(year, month, day);
        let pem = params.signed_by(&own, &self.issuer).unwrap().pem();
        Certificate { pem, key: own.serialize_pem() }
    }

    /// Returns a long-lived certificate for this machine.
    pub fn vouches_here(&self) -> Certificate {
        self.vouches("127.0.0.1", (2_100, 1, 1))
    }
}

/// Returns an authority, and a certificate for this machine with its key.
pub fn for_here() -> (String, String, String) {
    let authority = Authority::new();
    let Certificate { pem, key } = authority.vouches_here();
    (authority.pem, pem, key)
}
