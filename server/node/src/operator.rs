//! The operator: whoever may read the data folder. Opens rooms, makes links, imports, verifies.

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

/// The database's name in the data folder.
const DATABASE: &str = "muster.db";
/// The name of the file that tells the operator's commands where the node is.
const TOKEN_FILE: &str = "operator.json";

/// Asks for a room to be opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenRequest {
    /// The room's id, for one that is to be found again; otherwise a fresh one.
    #[serde(default)]
    pub room: Option<RoomId>,
    /// What is known of the incident.
    pub incident: Incident,
    /// Where members sign in.
    #[serde(default)]
    pub sites: Vec<Site>,
    /// When the premises must be empty.
    #[serde(default)]
    pub deadline: Option<Deadline>,
}

/// Answers with the room.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenAnswer {
    /// The room.
    pub room: RoomId,
}

/// Asks for a link.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteRequest {
    /// The room it opens.
    pub room: RoomId,
    /// The face it is for.
    pub face: Audience,
    /// Who it is for; for a screen, where that hangs.
    pub name: PersonName,
    /// The organisation.
    #[serde(default)]
    pub organisation: Option<Short>,
    /// The job.
    #[serde(default)]
    pub job: Option<Short>,
    /// The mobile telephone.
    #[serde(default)]
    pub mobile: Option<Telephone>,
    /// The roles in the room; none for a screen.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Whether the member is from outside, so that the link caps what the roles may do.
    #[serde(default)]
    pub outside: bool,
    /// Whether it may be used more than once.
    #[serde(default)]
    pub many: bool,
    /// Hours for which it lasts.
    #[serde(default)]
    pub hours: Option<i64>,
    /// The member it is for, when that is one who is in the room already.
    #[serde(default)]
    pub member: Option<MemberId>,
}

impl InviteRequest {
    /// Returns what is asked for a link that lets somebody in once.
    pub fn of(room: RoomId, face: Audience, profile: Profile) -> Self {
        let Profile { name, organisation, job, mobile, roles } = profile;
        let (outside, many, hours, member) = (false, false, None, None);
        Self { room, face, name, organisation, job, mobile, roles, outside, many, hours, member }
    }
}

/// Answers with the link. It is told this once.
#[derive(Clone, Serialize, Deserialize)]
pub struct InviteAnswer {
    /// The link.
    pub link: String,
    /// The member that its holder becomes.
    pub member: MemberId,
    /// When it ends.
    pub expires: Time,
}

impl std::fmt::Debug for InviteAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "InviteAnswer {{ member: {}, .. }}", self.member)
    }
}

/// Asks for a link by which somebody opens rooms.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DutyRequest {
    /// The duty manager.
    pub name: PersonName,
    /// The organisation.
    #[serde(default)]
    pub organisation: Option<Short>,
    /// The mobile telephone.
    #[serde(default)]
    pub mobile: Option<Telephone>,
    /// Days for which it lasts.
    #[serde(default)]
    pub days: Option<i64>,
}

/// Answers with the link. It is told this once.
#[derive(Clone, Serialize, Deserialize)]
pub struct DutyAnswer {
    /// The link.
    pub link: String,
    /// When it ends.
    pub until: Time,
}

impl std::fmt::Debug for DutyAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DutyAnswer { … }")
    }
}

/// Ends such a link.
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

/// What the node counted since it began. Counts alone: nothing in them is about a room or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// What snapshots cost.
    pub snapshots: SnapshotFigures,
}

/// What snapshots cost: however many are asked for, few are made (I-28).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotFigures {
    /// Snapshots that screens asked for.
    pub asked: u64,
    /// Snapshots encoded as JSON: at most one for each room, audience and entry.
    pub encoded: u64,
    /// Snapshots packed: at most one for each of those and encoding.
    pub packed: u64,
}

/// What the operator's commands need to reach the running node.
#[derive(Clone, Serialize, Deserialize)]
pub struct Access {
    /// Where the node answers, on this machine.
    pub url: String,
    /// What proves that a request is the operator's.
    pub token: String,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Access {{ url: {}, .. }}", self.url)
    }
}

/// Why the operator's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// There is none.
    #[error(
        "no node is running on {0}; start one with `muster serve --data {0}`, then say this again"
    )]
    NotRunning(String),
    /// It cannot be read or written.
    #[error("the operator's file {path} cannot be used: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
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

    /// Writes it, for the owner of the folder alone.
    pub(crate) fn write(&self, data: &Path) -> Result<(), AccessError> {
        let path = token_file(data);
        write_privately(&path, &serde_json::to_vec(self).unwrap_or_default())
            .map_err(|source| AccessError::File { path: path.display().to_string(), source })
    }

    /// Takes it away when the node stops, unless another one has put its own there.
    pub(crate) fn remove(&self, data: &Path) {
        let is_ours = Self::read(data).is_ok_and(|there| there.token == self.token);
        if is_ours && let Err(error) = std::fs::remove_file(token_file(data)) {
            tracing::warn!(%error, "the operator's file could not be taken away");
        }
    }
}

/// Returns where the database of a data folder is.
pub(crate) fn database(data: &Path) -> PathBuf {
    data.join(DATABASE)
}

/// Reads a log that was taken away and says whether every entry is what was written.
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

/// Writes beside the file and then renames, so that nobody ever reads half of it.
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
    fn the_operators_file_is_for_its_owner_alone() {
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
    async fn a_folder_without_a_journal_is_told_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let words = Place::Folder(folder.path().to_owned()).verify().await.unwrap_err();
        assert!(words.starts_with("The journal cannot be read: "), "{words}");
    }
}
