//! Backups: everything that a node keeps, in one file that only the holder of a secret key can read.
//!
//! A backup is an age file (age-encryption.org/v1), in it gzip, in that one line of JSON for each record, after
//! a first line that says which form this is and before a last one that says how much it was. So it can be read
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

/// The form of the lines that this release writes, and the newest that it reads.
const FORM: u32 = 1;

/// The first line.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Title {
    /// The form of the lines after it.
    muster_backup: u32,
    /// When it was begun.
    at: Time,
}
