//! Backup, restore and move of everything that a node stores.

use std::path::Path;

use journal::whole::{Nowhere, Sum, carry};
use proto::id::Time;

use super::{
    Place,
    backup::{Backup, PublicKeys, Sealing, SecretKeys},
    counted,
};
use crate::clock::SystemClock;

/// Backs up everything to an encrypted file, with or without running nodes. Returns the counts in words.
pub async fn back_up(
    place: &Place,
    to: &Path,
    over: bool,
    key_file: &Path,
) -> Result<String, String> {
    let keys = PublicKeys::read(key_file)?;
    let file = Sealing::begin(to, over, keys, hub::Clock::now(&SystemClock))?;
    let sum = carry(&*place.source(), &file).await;
    sum.map(|sum| summed(&sum)).map_err(|failed| format!("no backup was made: {failed}"))
}

/// Restores a backup into an empty place. Returns the counts in words, and when the backup was started.
pub async fn restore(
    from: &Path,
    key_file: &Path,
    place: &Place,
) -> Result<(String, Time), String> {
    let nothing = |words: &dyn std::fmt::Display| format!("nothing was restored: {words}");
    let backup = Backup::new(from, SecretKeys::read(key_file)?);
    let begun = backup.begun().map_err(|failed| nothing(&failed))?;
    let target = place.target().map_err(|words| nothing(&words))?;
    let sum = carry(&backup, &*target).await.map_err(|failed| nothing(&failed))?;
    Ok((summed(&sum), begun))
}

/// Reads a backup to its end without writing anything. Returns the same as [`restore`].
pub async fn read_through(from: &Path, key_file: &Path) -> Result<(String, Time), String> {
    let backup = Backup::new(from, SecretKeys::read(key_file)?);
    let begun = backup.begun().map_err(|failed| failed.to_string())?;
    let sum = carry(&backup, &Nowhere).await.map_err(|failed| failed.to_string())?;
    Ok((summed(&sum), begun))
}

/// Moves everything from one place, which no node may use meanwhile, to another empty one. Returns the counts
/// in words.
pub async fn bring(from: &Place, to: &Place) -> Result<String, String> {
    let nothing = |words: &dyn std::fmt::Display| format!("nothing was moved: {words}");
    let still = from.still().await.map_err(|words| nothing(&words))?;
    let target = to.target().map_err(|words| nothing(&words))?;
    let sum = carry(&*from.source(), &*target).await.map_err(|failed| nothing(&failed))?;
    drop(still);
    Ok(summed(&sum))
}

fn summed(sum: &Sum) -> String {
    format!(
        "{} with {}, {}, {}, {}, {} and {}",
        counted(sum.rooms, "room", "rooms"),
        counted(sum.entries, "entry", "entries"),
        counted(sum.outcomes, "outcome", "outcomes"),
        counted(sum.invites, "invite", "invites"),
        counted(sum.logins, "login", "logins"),
        counted(sum.accesses, "reading of a card", "readings of cards"),
        counted(sum.documents, "document", "documents"),
    )
}
