//! Reads a backup.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use age::{DecryptError, Decryptor, Identity, stream::StreamReader};
use async_trait::async_trait;
use flate2::bufread::GzDecoder;
use journal::whole::{Check, Failed, Page, Pour, Record, Sum};
use proto::{id::Time, limit};
use tokio::sync::mpsc::Sender;

use super::{FORM, SecretKeys, Title};

/// Bytes per read.
const GATHERED: usize = 64 * 1024;

/// A backup file and its key.
#[derive(Debug)]
pub(crate) struct Backup {
    path: PathBuf,
    keys: std::sync::Arc<SecretKeys>,
}

/// The content, line by line.
type Lines = BufReader<GzDecoder<BufReader<StreamReader<BufReader<File>>>>>;

impl Backup {
    /// Returns the backup in this file.
    pub(crate) fn new(path: &Path, keys: SecretKeys) -> Self {
        Self { path: path.to_owned(), keys: std::sync::Arc::new(keys) }
    }

    /// Returns when it was started, if the key opens it.
    pub(crate) fn begun(&self) -> Result<Time, Failed> {
        Ok(open(&self.path, &self.keys)?.1.at)
    }
}

#[async_trait]
impl Pour for Backup {
    async fn pour(&self, into: Sender<Page>) -> Result<Sum, Failed> {
        let (path, keys) = (self.path.clone(), std::sync::Arc::clone(&self.keys));
        let poured = tokio::task::spawn_blocking(move || pour(&path, &keys, &into));
        poured.await.map_err(|ended| Failed::File(ended.to_string()))?
    }
}

/// Opens the file and reads its first line.
fn open(path: &Path, keys: &SecretKeys) -> Result<(Lines, Title), Failed> {
    let cannot = |words: &str| Failed::File(format!("{} {words}", path.display()));
    let file = File::open(path).map_err(|error| cannot(&format!("cannot be read: {error}")))?;
    let refused = |error: DecryptError| {
        use DecryptError::{DecryptionFailed, Io, KeyDecryptionFailed, NoMatchingKeys};
        if let Io(error) = error {
            return read(path, &error);
        }
        let is_other_key = matches!(error, NoMatchingKeys | KeyDecryptionFailed | DecryptionFailed);
        cannot(if is_other_key {
            "cannot be opened with this key: it was made for another key, or its start was altered"
        } else {
            "is not a backup of Muster, or its start was altered"
        })
    };
    let file = BufReader::with_capacity(GATHERED, file);
    let opened = Decryptor::new_buffered(file).map_err(refused)?;
    let keys = keys.0.iter().map(|key| -> &dyn Identity { key });
    let sealed = BufReader::with_capacity(GATHERED, opened.decrypt(keys).map_err(refused)?);
    let mut lines = BufReader::with_capacity(GATHERED, GzDecoder::new(sealed));
    let mut line = Vec::new();
    next_line(&mut lines, &mut line).map_err(|error| read(path, &error))?;
    let title: Title =
        serde_json::from_slice(&line).map_err(|_| cannot("is not a backup of Muster"))?;
    if title.muster_backup != FORM {
        return Err(cannot("was made by a later release of Muster; read it with that one"));
    }
    Ok((lines, title))
}

fn pour(path: &Path, keys: &SecretKeys, into: &Sender<Page>) -> Result<Sum, Failed> {
    let damaged = |words: &dyn std::fmt::Display| {
        Failed::Broken(format!("{} is not what was written: {words}", path.display()))
    };
    let (mut lines, _) = open(path, keys)?;
    let (mut check, mut line) = (Check::default(), Vec::new());
    let (mut page, mut bytes) = (Page::new(), 0);
    loop {
        next_line(&mut lines, &mut line).map_err(|error| read(path, &error))?;
        let record: Record = serde_json::from_slice(&line).map_err(|error| {
            damaged(&format!("a line cannot be read (column {})", error.column()))
        })?;
        check.take(&record).map_err(|failed| damaged(&failed))?;
        if let Record::End(_) = record {
            page.push(record);
            break;
        }
        bytes += line.len();
        page.push(record);
        if bytes >= limit::WHOLE_PAGE_BYTES {
            bytes = 0;
            into.blocking_send(std::mem::take(&mut page)).map_err(|_| Failed::Unheard)?;
        }
    }
    // The end counts only once the whole file has been authenticated.
    is_over(lines).map_err(|error| read(path, &error))?;
    let sum = check.end()?;
    into.blocking_send(page).map_err(|_| Failed::Unheard)?;
    Ok(sum)
}

/// Reads the next line, without its newline.
fn next_line(lines: &mut Lines, line: &mut Vec<u8>) -> std::io::Result<()> {
    line.clear();
    let most = u64::try_from(limit::BACKUP_LINE_BYTES_MAX).unwrap_or(u64::MAX);
    lines.by_ref().take(most).read_until(b'\n', line)?;
    if line.pop() == Some(b'\n') { Ok(()) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
}

/// Checks that nothing follows, neither in the compressed nor in the encrypted stream.
fn is_over(mut lines: Lines) -> std::io::Result<()> {
    let nothing = |left: &[u8]| {
        if left.is_empty() { Ok(()) } else { Err(std::io::ErrorKind::InvalidData.into()) }
    };
    nothing(lines.fill_buf()?)?;
    nothing(lines.into_inner().into_inner().fill_buf()?)
}

/// Maps a read error: the file is unreadable, or it was altered.
fn read(path: &Path, error: &std::io::Error) -> Failed {
    use std::io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
    let at = path.display();
    if matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof) {
        return Failed::Broken(format!(
            "{at} was altered or cut short: it is not a complete backup"
        ));
    }
    Failed::File(format!("{at} cannot be read: {error}"))
}
