//! Backups: everything that a node stores, in one file that only the holder of a secret key can read.
//!
//! A backup is an age file (age-encryption.org/v1) that contains gzip that contains one line of JSON per
//! record, between a first line with the format version and a last line with the counts. So it can be read
//! without Muster: `age -d -i KEY FILE | gunzip`.

use proto::id::Time;
use serde::{Deserialize, Serialize};

mod key;
mod open;
mod seal;

pub use key::make;
pub(super) use key::{PublicKeys, SecretKeys};
pub(super) use open::Backup;
pub(super) use seal::Sealing;

/// The format version that this release writes, and the latest that it reads.
const FORM: u32 = 1;

/// The first line.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Title {
    /// The format version of the lines after it.
    muster_backup: u32,
    /// When it was started.
    at: Time,
}
