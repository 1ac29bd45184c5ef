//! Messages about a refused certificate: whose it is, what is wrong, and what to do.

use std::path::Path;

use rustls::CertificateError;

use super::Server;

/// A server whose certificate is refused.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unbelieved<'a> {
    pub(super) server: Server,
    /// The server name.
    pub(super) name: &'a str,
    /// The CA file.
    pub(super) file: Option<&'a Path>,
}

impl Unbelieved<'_> {
    /// Returns the message for a certificate error.
    pub(super) fn because(self, why: &CertificateError) -> String {
        let shown = self.shown();
        if let CertificateError::ExpiredContext { not_after, .. } = why {
            return format!(
                "{shown} expired on {}: install a valid one on that server and reload it there; nothing \
                 has to be done at the node",
                moment(not_after.as_secs())
            );
        }
        if let CertificateError::NotValidYetContext { not_before, .. } = why {
            return format!(
                "{shown} is not valid before {}: correct this machine's clock if it is wrong, or install \
                 a valid one on that server",
                moment(not_before.as_secs())
            );
        }
        if let CertificateError::NotValidForNameContext { presented, .. } = why {
            return format!(
                "{shown} is for {}, but the server is called {} here: install one for that name on it, or set \
                 `{}` to a name in the certificate",
                names(presented),
                self.name,
                self.server.word()
            );
        }
        // A CA that was recreated under its old name matches by name, but its signature does not.
        let is_strange =
            matches!(why, CertificateError::UnknownIssuer | CertificateError::BadSignature);
        match self.file.filter(|_| is_strange) {
            Some(file) => format!(
                "{shown} is not signed by a CA in {}: add the certificate of its CA there (`{}_ca`), \
                 which is read at each connection, or install the right one on that server",
                file.display(),
                self.server.word()
            ),
            None if is_strange => format!(
                "{shown} is not signed by a CA that this machine trusts: give a file with the certificate of \
                 its CA as `{}_ca`",
                self.server.word()
            ),
            None => format!("{shown} cannot be used: {why}"),
        }
    }

    /// Returns the message for a machine without trusted certificates.
    pub(super) fn without_roots(self) -> String {
        let word = self.server.word();
        let flag = word.replace('_', "-");
        format!(
            "this machine trusts no CA, so the certificate of {} cannot be verified; give the file with the \
             certificate of its CA as `{word}_ca`: --{flag}-ca FILE",
            self.name
        )
    }

    fn shown(self) -> String {
        let whose = match self.server {
            Server::Database => "the database",
            Server::Redis => "Redis",
        };
        format!("the certificate that {whose} shows at {}", self.name)
    }
}

/// Returns the names in a certificate, from the library's format `DnsName("db.example")`.
fn names(presented: &[String]) -> String {
    let plain = |name: &String| {
        let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
        inner.unwrap_or(name).trim_matches('"').to_owned()
    };
    let names: Vec<_> = presented.iter().map(plain).collect();
    if names.is_empty() { "no name".to_owned() } else { names.join(", ") }
}

/// Formats a time, in seconds since 1970, for an operator.
pub(super) fn moment(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds).map_or_else(
        |_| "no date in the calendar".to_owned(),
        |time| time.strftime("%-d %B %Y at %H:%M UTC").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_dates_are_formatted_for_people() {
        let presented = ["DnsName(\"db.example\")".to_owned(), "IpAddress(192.0.2.1)".to_owned()];
        assert_eq!(names(&presented), "db.example, 192.0.2.1");
        assert_eq!(names(&[]), "no name");
        assert_eq!(moment(1_767_225_599), "31 December 2025 at 23:59 UTC");
    }

    #[test]
    fn a_certificate_error_says_what_to_do() {
        let file = Path::new("/etc/muster/ca.pem");
        let known = Unbelieved { server: Server::Database, name: "db.example", file: Some(file) };
        let signer = known.because(&CertificateError::UnknownIssuer);
        assert!(
            signer.contains("not signed by a CA in /etc/muster/ca.pem")
                && signer.contains("`database_ca`")
        );
        let redis = Unbelieved { server: Server::Redis, name: "r.example", file: None };
        let signer = redis.because(&CertificateError::UnknownIssuer);
        assert!(
            signer.contains("this machine trusts") && signer.contains("`redis_ca`"),
            "{signer}"
        );
        let broken = redis.because(&CertificateError::BadEncoding);
        assert!(broken.starts_with("the certificate that Redis shows at r.example cannot be used"));
        assert!(redis.without_roots().contains("--redis-ca FILE"));
    }
}
