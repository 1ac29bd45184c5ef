//! Writes a backup.

use std::{
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use age::{Encryptor, Recipient};
use async_trait::async_trait;
use flate2::{Compression, write::GzEncoder};
use journal::whole::{Check, Failed, Fill, Page, Sum};
use proto::id::Time;
use takeaway::file::PrivateFile;
use tokio::sync::mpsc::Receiver;

use super::{FORM, PublicKeys, Title};

/// Bytes per chunk handed to the compressor.
const GATHERED: usize = 64 * 1024;

/// A backup being written, readable only by its owner, and written completely or not at all.
#[derive(Debug)]
pub(crate) struct Sealing {
    file: Mutex<Option<PrivateFile>>,
    path: PathBuf,
    keys: PublicKeys,
    at: Time,
}

impl Sealing {
    /// Starts a backup for the holders of these keys.
    pub(crate) fn begin(
        path: &Path,
        over: bool,
        keys: PublicKeys,
        at: Time,
    ) -> Result<Self, String> {
        let file = PrivateFile::create(path, over).map_err(|error| error.to_string())?;
        Ok(Self { file: Mutex::new(Some(file)), path: path.to_owned(), keys, at })
    }
}

#[async_trait]
impl Fill for Sealing {
    async fn fill(&self, from: Receiver<Page>) -> Result<Sum, Failed> {
        let file = self.file.lock().unwrap_or_else(PoisonError::into_inner).take();
        let file = file.ok_or_else(|| Failed::File("a backup can only be made once".to_owned()))?;
        let keys = self.keys.0.iter().map(|key| -> &dyn Recipient { key });
        let cannot = |words: String| Failed::File(format!("{} {words}", self.path.display()));
        let encryptor = Encryptor::with_recipients(keys)
            .map_err(|_| cannot("cannot be encrypted for these keys".to_owned()))?;
        let (title, path) = (Title { muster_backup: FORM, at: self.at }, self.path.clone());
        let sealed = tokio::task::spawn_blocking(move || {
            seal(file, encryptor, title, from).map_err(|stopped| match stopped {
                Stopped::Failed(failed) => failed,
                Stopped::Written(words) => {
                    Failed::File(format!("{} cannot be written: {words}", path.display()))
                }
            })
        });
        sealed.await.map_err(|ended| cannot(format!("was given up: {ended}")))?
    }
}

enum Stopped {
    Failed(Failed),
    Written(String),
}

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Self {
        Self::Written(error.to_string())
    }
}

impl From<serde_json::Error> for Stopped {
    fn from(error: serde_json::Error) -> Self {
        Self::Written(error.to_string())
    }
}

impl From<Failed> for Stopped {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed)
    }
}

fn seal(
    file: PrivateFile,
    encryptor: Encryptor,
    title: Title,
    mut from: Receiver<Page>,
) -> Result<Sum, Stopped> {
    let sealed = encryptor.wrap_output(file)?;
    let packed = GzEncoder::new(sealed, Compression::fast());
    let mut lines = BufWriter::with_capacity(GATHERED, packed);
    serde_json::to_writer(&mut lines, &title)?;
    lines.write_all(b"\n")?;
    let mut check = Check::default();
    while let Some(page) = from.blocking_recv() {
        for record in &page {
            check.take(record)?;
            serde_json::to_writer(&mut lines, record)?;
            lines.write_all(b"\n")?;
        }
    }
    let sum = check.end()?;
    let packed = lines.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    let file = packed.finish()?.finish()?;
    file.finish().map_err(|error| Stopped::Failed(Failed::File(error.to_string())))?;
    Ok(sum)
}
