//! What is said of a certificate that is not believed: whose it is, what is wrong with it, and what to do.

use std::path::Path;

use rustls::CertificateError;

use super::Server;

/// A server that is not believed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unbelieved<'a> {
    pub(super) server: Server,
    /// The name that it is called by.
    pub(super) name: &'a str,
    /// The file with those who vouch for it.
    pub(super) file: Option<&'a Path>,
}

impl Unbelieved<'_> {
    /// Returns the words for a certificate that is wrong in this way.
    pub(super) fn because(self, why: &CertificateError) -> String {
        let shown = self.shown();
        if let CertificateError::ExpiredContext { not_after, .. } = why {
            return format!(
                "{shown} ended on {}: put one that holds on that server and let it be read there; nothing \
                 is to be done at the node",
                moment(not_after.as_secs())
            );
        }
        if let CertificateError::NotValidYetContext { not_before, .. } = why {
            return format!(
                "{shown} begins to hold only on {}: set this machine's clock right if it is wrong, or put \
                 one that holds on that server",
                moment(not_before.as_secs())
            );
        }
        if let CertificateError::NotValidForNameContext { presented, .. } = why {
            return format!(
                "{shown} is for {}, and is called {} here: put one for that name on that server, or call \
                 it in `{}` by the name that is in it",
                names(presented),
                self.name,
                self.server.word()
            );
        }
        // A signer that was made anew under its old name is known by name, and its signature is not.
        let is_strange =
            matches!(why, CertificateError::UnknownIssuer | CertificateError::BadSignature);
        match self.file.filter(|_| is_strange) {
            Some(file) => format!(
                "{shown} is signed by nobody in {}: put the certificate of who signed it there (`{}_ca`), \
                 which is read at each connection, or the right one on that server",
                file.display(),
                self.server.word()
            ),
            None if is_strange => format!(
                "{shown} is signed by nobody whom this machine trusts: name a file with the certificate of \
                 who signed it as `{}_ca`",
                self.server.word()
            ),
            None => format!("{shown} cannot be used: {why}"),
        }
    }

    /// Returns the words for a machine that trusts nobody.
    pub(super) fn without_roots(self) -> String {
        let word = self.server.word();
        let flag = word.replace('_', "-");
        format!(
            "this machine trusts no certificate, so that of {} cannot be checked; name the file with the \
             one that vouches for it as `{word}_ca`: --{flag}-ca FILE",
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

/// Returns the names in a certificate, which come as the library writes them down: `DnsName("db.example")`.
fn names(presented: &[String]) -> String {
    let plain = |name: &String| {
        let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
        inner.unwrap_or(name).trim_matches('"').to_owned()
    };
    let names: Vec<_> = presented.iter().map(plain).collect();
    if names.is_empty() { "no name".to_owned() } else { names.join(", ") }
}

/// Returns a moment, in seconds since 1970, as an operator reads it.
pub(super) fn moment(seconds: u64) -> String {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds).map_or_else(
        |_| "no day of the calendar".to_owned(),
        |time| time.strftime("%-d %B %Y at %H:%M UTC").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_days_are_told_as_people_write_them() {
        let presented = ["DnsName(\"db.example\")".to_owned(), "IpAddress(192.0.2.1)".to_owned()];
        assert_eq!(names(&presented), "db.example, 192.0.2.1");
        assert_eq!(names(&[]), "no name");
        assert_eq!(moment(1_767_225_599), "31 December 2025 at 23:59 UTC");
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_told_with_what_to_do() {
        let file = Path::new("/etc/muster/ca.pem");
        let known = Unbelieved { server: Server::Database, name: "db.example", file: Some(file) };
        let signer = known.because(&CertificateError::UnknownIssuer);
        assert!(
            signer.contains("nobody in /etc/muster/ca.pem") && signer.contains("`database_ca`")
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
