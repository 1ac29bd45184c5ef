//! The operator: anybody with read access to the data folder. Opens rooms, makes links, imports, verifies.

use std::{
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use proto::{
    deadline::Deadline,
    id::{MemberId, RoomId, Time},
    incident::Incident,
    member::Profile,
    role::{Audience, Role},
    site::Site,
    text::{PersonName, Short, Telephone},
};
use serde::{Deserialize, Serialize};

pub mod backup;
mod place;
pub mod whole;

pub use place::Place;

/// The database file in the data folder.
const DATABASE: &str = "muster.db";
/// The file that tells the operator's commands how to reach the node.
const TOKEN_FILE: &str = "operator.json";

/// A request to open a room.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRequest {
    /// The room's id, if it must be reproducible; random by default.
    #[serde(default)]
    pub room: Option<RoomId>,
    /// The incident.
    pub incident: Incident,
    /// The sites where members sign in.
    #[serde(default)]
    pub sites: Vec<Site>,
    /// The deadline for emptying the premises.
    #[serde(default)]
    pub deadline: Option<Deadline>,
}

/// The response with the room.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenAnswer {
    /// The room.
    pub room: RoomId,
}

/// A request for an invite link.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteRequest {
    /// The room that the link opens.
    pub room: RoomId,
    /// The face that the link opens.
    pub face: Audience,
    /// The member's name; for a wall screen, its location.
    pub name: PersonName,
    /// Their organisation.
    #[serde(default)]
    pub organisation: Option<Short>,
    /// Their job title.
    #[serde(default)]
    pub job: Option<Short>,
    /// Their mobile number.
    #[serde(default)]
    pub mobile: Option<Telephone>,
    /// Roles in the room; none for a wall screen.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Whether the member is from outside, so that the link limits what the roles can do.
    #[serde(default)]
    pub outside: bool,
    /// Whether it can be used more than once.
    #[serde(default)]
    pub many: bool,
    /// Hours until it expires.
    #[serde(default)]
    pub hours: Option<i64>,
    /// The id of an existing member to make it for.
    #[serde(default)]
    pub member: Option<MemberId>,
}

impl InviteRequest {
    /// Returns the request for a single-use link.
    pub fn of(room: RoomId, face: Audience, profile: Profile) -> Self {
        let Profile { name, organisation, job, mobile, roles } = profile;
        let (outside, many, hours, member) = (false, false, None, None);
        Self { room, face, name, organisation, job, mobile, roles, outside, many, hours, member }
    }
}

/// The response with the link, which is returned only once.
#[derive(Clone, Serialize, Deserialize)]
pub struct InviteAnswer {
    /// The link.
    pub link: String,
    /// The member id of its holder.
    pub member: MemberId,
    /// When it expires.
    pub expires: Time,
}

impl std::fmt::Debug for InviteAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InviteAnswer {{ member: {}, .. }}", self.member)
    }
}

/// A request for a link to open rooms with.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyRequest {
    /// The duty manager.
    pub name: PersonName,
    /// Their organisation.
    #[serde(default)]
    pub organisation: Option<Short>,
    /// Their mobile number.
    #[serde(default)]
    pub mobile: Option<Telephone>,
    /// Days until it expires.
    #[serde(default)]
    pub days: Option<i64>,
}

/// The response with the link, which is returned only once.
#[derive(Clone, Serialize, Deserialize)]
pub struct DutyAnswer {
    /// The link.
    pub link: String,
    /// When it expires.
    pub until: Time,
}

impl std::fmt::Debug for DutyAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DutyAnswer { … }")
    }
}

/// A request to revoke such a link.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyEnd {
    /// The link.
    pub link: String,
}

impl std::fmt::Debug for DutyEnd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DutyEnd { … }")
    }
}

/// Counts since the node started. They identify no room and no person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// The work done for snapshots.
    pub snapshots: SnapshotFigures,
}

/// The work done for snapshots: however many are requested, few are made (I-28).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotFigures {
    /// Snapshots requested by screens.
    pub asked: u64,
    /// Snapshots encoded as JSON: at most one per room, audience and entry.
    pub encoded: u64,
    /// Snapshots compressed: at most one per encoded snapshot and content encoding.
    pub packed: u64,
}

/// How the operator's commands reach the running node.
#[derive(Clone, Serialize, Deserialize)]
pub struct Access {
    /// The node's address on this machine.
    pub url: String,
    /// The operator's token.
    pub token: String,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Access {{ url: {}, .. }}", self.url)
    }
}

/// Why the operator's file is unusable.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// It does not exist.
    #[error("no node is running on {0}; start one with `muster serve --data {0}`, then try again")]
    NotRunning(String),
    /// It cannot be read or written.
    #[error("the operator's file {path} cannot be used: {source}")]
    File {
        /// The file.
        path: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
}

impl Access {
    /// Reads how to reach the node that runs on this folder.
    pub fn read(data: &Path) -> Result<Self, AccessError> {
        let path = token_file(data);
        let text = std::fs::read_to_string(&path).map_err(|source| {
            if source.kind() == std::io::ErrorKind::NotFound {
                AccessError::NotRunning(data.display().to_string())
            } else {
                AccessError::File { path: path.display().to_string(), source }
            }
        })?;
        serde_json::from_str(&text).map_err(|error| AccessError::File {
            path: path.display().to_string(),
            source: error.into(),
        })
    }

    /// Writes the file, readable only by the owner of the folder.
    pub(crate) fn write(&self, data: &Path) -> Result<(), AccessError> {
        let path = token_file(data);
        write_privately(&path, &serde_json::to_vec(self).unwrap_or_default())
            .map_err(|source| AccessError::File { path: path.display().to_string(), source })
    }

    /// Removes the file when the node stops, unless another node has replaced it.
    pub(crate) fn remove(&self, data: &Path) {
        let is_ours = Self::read(data).is_ok_and(|there| there.token == self.token);
        if is_ours && let Err(error) = std::fs::remove_file(token_file(data)) {
            tracing::warn!(%error, "cannot remove the operator's file");
        }
    }
}

/// Returns the path of the database in a data folder.
pub(crate) fn database(data: &Path) -> PathBuf {
    data.join(DATABASE)
}

/// Reads an exported log and verifies that every entry is what was written.
pub fn verify_export(file: &Path) -> Result<String, String> {
    let cannot = |error| format!("{} cannot be read: {error}", file.display());
    let opened = std::fs::File::open(file).map_err(cannot)?;
    match takeaway::chain::verify(std::io::BufReader::new(opened)) {
        Ok(found) => Ok(format!(
            "Every entry is what was written: {} of room {}, the last with the tag {}.",
            counted(found.entries, "entry", "entries"),
            found.room,
            found.tag,
        )),
        Err(fault) => Err(format!("{} is not what was written: {fault}.", file.display())),
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn token_file(data: &Path) -> PathBuf {
    data.join(TOKEN_FILE)
}

/// Writes a temporary file and renames it, so that nobody ever reads half of it.
fn write_privately(path: &Path, text: &[u8]) -> std::io::Result<()> {
    let fresh = path.with_extension("fresh");
    if fresh.exists() {
        std::fs::remove_file(&fresh)?;
    }
    let mut file =
        std::fs::File::options().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(text)?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_operators_file_is_readable_only_by_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let access = Access { url: "http://127.0.0.1:1".to_owned(), token: "t".to_owned() };
        access.write(folder.path()).unwrap();
        let mode = token_file(folder.path()).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(Access::read(folder.path()).unwrap().url, access.url);
        let other = Access { token: "other".to_owned(), ..access.clone() };
        other.remove(folder.path());
        assert!(Access::read(folder.path()).is_ok());
        access.remove(folder.path());
        let gone = Access::read(folder.path()).err().unwrap().to_string();
        assert!(gone.starts_with("no node is running on "), "{gone}");
    }

    #[tokio::test]
    async fn a_folder_without_a_journal_is_reported_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let words = Place::Folder(folder.path().to_owned()).verify().await.unwrap_err();
        assert!(words.starts_with("The journal cannot be read: "), "{words}");
    }
}
