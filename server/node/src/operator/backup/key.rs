//! Backup keys: the public key encrypts, the secret key decrypts.

use std::path::Path;

use age::{
    secrecy::ExposeSecret,
    x25519::{Identity, Recipient},
};
use takeaway::file::PrivateFile;

/// The prefix of every secret key.
const SECRET: &str = "AGE-SECRET-KEY-";

/// The recipients of a backup.
pub(crate) struct PublicKeys(pub(super) Vec<Recipient>);

/// The keys that decrypt a backup.
pub(crate) struct SecretKeys(pub(super) Vec<Identity>);

impl std::fmt::Debug for PublicKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublicKeys({})", self.0.len())
    }
}

impl std::fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKeys({})", self.0.len())
    }
}

/// Makes a key pair: the secret key in a file readable only by its owner, the public key beside it. Returns
/// the public key.
pub fn make(file: &Path, beside: &Path) -> Result<String, String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let secret = Identity::generate();
    let public = secret.to_public().to_string();
    let mut kept = PrivateFile::create(file, false).map_err(|error| words(&error))?;
    let mut told = PrivateFile::create(beside, false).map_err(|error| words(&error))?;
    let text = format!(
        "# The secret key of Muster's backups. With it and a backup, anyone can read every person in it;\n\
         # without it no backup can be read. Keep it away from the machine that is backed up.\n\
         # public key: {public}\n{}\n",
        secret.to_string().expose_secret(),
    );
    kept.write(text.as_bytes()).map_err(|error| words(&error))?;
    let text = format!(
        "# The public key of Muster's backups: it encrypts them and cannot open them.\n{public}\n"
    );
    told.write(text.as_bytes()).map_err(|error| words(&error))?;
    kept.finish().map_err(|error| words(&error))?;
    told.finish().map_err(|error| words(&error))?;
    Ok(public)
}

impl PublicKeys {
    /// Reads a file of public keys, one per line.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let at = file.display();
        let keys = lines(file)?.into_iter().map(|line| {
            if line.starts_with(SECRET) {
                return Err(format!(
                    "{at} is the secret key, which opens backups and should not be on the machine that \
                     is backed up; to make a backup, give the public key beside it, {at}.pub"
                ));
            }
            line.parse().map_err(|_| format!("{at} is not a public key for backups"))
        });
        Ok(Self(keys.collect::<Result<_, _>>()?))
    }
}

impl SecretKeys {
    /// Reads a file of secret keys, one per line.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let at = file.display();
        let keys = lines(file)?.into_iter().map(|line| {
            line.parse().map_err(|_| {
                if line.parse::<Recipient>().is_ok() {
                    format!("{at} is the public key, which only makes backups; give the secret one")
                } else {
                    format!("{at} is not a secret key for backups")
                }
            })
        });
        Ok(Self(keys.collect::<Result<_, _>>()?))
    }
}

/// Returns the lines that are not comments.
fn lines(file: &Path) -> Result<Vec<String>, String> {
    let at = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("the key file {at} cannot be read: {error}"))?;
    let lines = text.lines().map(str::trim);
    let keys: Vec<_> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    if keys.is_empty() {
        return Err(format!("{at} has no key; make one with: muster backup-key --out FILE"));
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_two_keys_of_a_pair_are_not_interchangeable() {
        let folder = tempfile::tempdir().unwrap();
        let (secret, public) = (folder.path().join("key"), folder.path().join("key.pub"));
        let told = make(&secret, &public).unwrap();
        assert!(std::fs::read_to_string(&public).unwrap().contains(&told));
        assert_eq!(secret.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(SecretKeys::read(&secret).unwrap().0[0].to_public().to_string(), told);
        assert_eq!(PublicKeys::read(&public).unwrap().0[0].to_string(), told);
        let words = PublicKeys::read(&secret).unwrap_err();
        assert!(words.contains("is the secret key") && !words.contains(SECRET), "{words}");
        let words = SecretKeys::read(&public).unwrap_err();
        assert!(words.contains("is the public key"), "{words}");
        let before = std::fs::read(&secret).unwrap();
        assert!(make(&secret, &public).unwrap_err().contains("already exists"));
        assert_eq!(std::fs::read(&secret).unwrap(), before, "a key is never written over");
    }

    #[test]
    fn an_invalid_key_is_refused_without_quoting_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        let words = SecretKeys::read(&file).unwrap_err();
        assert!(words.contains("cannot be read"), "{words}");
        std::fs::write(&file, "# nothing\n").unwrap();
        assert!(SecretKeys::read(&file).unwrap_err().contains("muster backup-key"));
        std::fs::write(&file, "AGE-SECRET-KEY-1QQQ\n").unwrap();
        let words = SecretKeys::read(&file).unwrap_err();
        assert!(words.contains("is not a secret key") && !words.contains("QQQ"), "{words}");
        assert!(PublicKeys::read(&file).is_err());
    }
}
