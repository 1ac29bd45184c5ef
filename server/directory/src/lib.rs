//! The directory of homes: the regulator's files, stored whole and searched in memory, so that a room finds
//! homes without any outside service.
//!
//! Each kind of file is one document, replaced by a later file of its kind. The search index merges all of
//! them: for each field, the latest file that has it wins.
//!
//! Invariant of this crate: it calls no outside service. It serves only what the stored files contain, and
//! reads a file with at most one row in memory.

use std::{
    io::{Read, Write},
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use proto::{
    directory::{FileTaken, VacanciesTaken},
    id::Time,
    text::{Line, Short},
};
use serde::{Serialize, de::DeserializeOwned};

mod answer;
mod book;
mod care;
mod csv;
mod fault;
mod guard;
mod index;
mod layout;
mod merge;
mod ods;
mod part;
mod postcode;
mod query;
mod store;
mod take;
mod twin;
mod vacancy;
mod value;
mod xlsx;

pub use fault::Fault;
pub use index::Index;
pub use query::Asked;
pub use store::{Document, Store, StoreError};
pub use vacancy::Columns;

use part::{Contents, KINDS};
use vacancy::Vacancies;

/// The key of the version document, which changes with every update.
const VERSION: &str = "version";
/// The key of the vacancy lists.
const VACANCIES: &str = "vacancies";
/// Compression quality for documents: much smaller, in under a second.
const BROTLI_QUALITY: u32 = 5;
const BROTLI_WINDOW: u32 = 22;
const BUFFER_BYTES: usize = 64 * 1024;

/// The directory.
#[derive(Debug, Default)]
pub struct Directory {
    loaded: Mutex<Loaded>,
    /// Serialises updates and rebuilds of the index.
    working: tokio::sync::Mutex<()>,
}

/// The index in memory and its version.
#[derive(Debug, Clone, Default)]
struct Loaded {
    version: Option<Vec<u8>>,
    index: Arc<Index>,
}

/// An uploaded file.
#[derive(Debug)]
pub struct Sent {
    /// The file name.
    pub name: String,
    /// The date of the data, if the sender gave it.
    pub day: Option<String>,
    /// The contents.
    pub bytes: bytes::Bytes,
}

/// Why a file was refused.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The file is invalid.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A value sent with the file is invalid.
    #[error("{0}")]
    Words(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored document is corrupt.
    #[error("a document of the directory cannot be read: {0}")]
    Spoiled(String),
}

impl Directory {
    /// Returns the current index, rebuilt if another node or an import changed the documents.
    pub async fn current(&self, store: &impl Store) -> Result<Arc<Index>, Refused> {
        let version = store.document(VERSION).await?.map(|kept| kept.body);
        if let Some(index) = self.loaded_as(version.as_deref()) {
            return Ok(index);
        }
        let _working = self.working.lock().await;
        // A concurrent caller may already have rebuilt it.
        let version = store.document(VERSION).await?.map(|kept| kept.body);
        match self.loaded_as(version.as_deref()) {
            Some(index) => Ok(index),
            None => self.load(store, version).await,
        }
    }

    fn loaded_as(&self, version: Option<&[u8]>) -> Option<Arc<Index>> {
        let loaded = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        (loaded.version.as_deref() == version).then(|| Arc::clone(&loaded.index))
    }

    /// Reads every document and builds the index.
    async fn load(
        &self,
        store: &impl Store,
        version: Option<Vec<u8>>,
    ) -> Result<Arc<Index>, Refused> {
        let mut kept = Vec::new();
        for (_, key) in KINDS {
            kept.extend(store.document(key).await?);
        }
        let vacancies = store.document(VACANCIES).await?;
        let index = worked(move || {
            let times: Vec<Time> = kept.iter().map(|document| document.at).collect();
            let files: Result<Vec<Contents>, Refused> =
                kept.iter().map(|document| unpacked(&document.body)).collect();
            let vacancies = vacancies.map(|document| unpacked(&document.body)).transpose()?;
            Ok(Index::new(&files?, &times, vacancies.unwrap_or_default()))
        });
        let index = Arc::new(index.await?);
        let loaded = Loaded { version, index: Arc::clone(&index) };
        *self.loaded.lock().unwrap_or_else(PoisonError::into_inner) = loaded;
        tracing::info!("loaded the directory of homes");
        Ok(index)
    }

    /// Stores one of the regulator's files, replacing an earlier one of its kind.
    pub async fn take(&self, store: &impl Store, sent: Sent) -> Result<FileTaken, Refused> {
        let _working = self.working.try_lock().map_err(|_| Fault::Busy)?;
        let today = today(store.now());
        let said = said_day(sent.day.as_deref())?;
        let read = move || Ok(take::read(&sent.name, said, today, &sent.bytes)?);
        let taken = worked(read).await?;
        let (kind, day) = (taken.contents.kind, taken.contents.day);
        let key = KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, key)| *key);
        if let Some(kept) = store.document(key).await? {
            let before: Contents = worked(move || unpacked(&kept.body)).await?;
            if before.day > day {
                return Err(Fault::Older(spoken(before.day)).into());
            }
        }
        let places = taken.contents.parts.iter().filter(|part| !part.dormant).count();
        let contents = taken.contents;
        let body = worked(move || packed(&contents)).await?;
        store.keep(key, body).await?;
        self.changed(store).await?;
        Ok(FileTaken {
            kind,
            day: day.to_string(),
            rows: taken.rows,
            places: u32::try_from(places).unwrap_or(u32::MAX),
            notes: lines(&taken.notes),
        })
    }

    /// Stores a vacancy list, replacing an earlier one from the same source.
    pub async fn take_vacancies(
        &self,
        store: &impl Store,
        source: &str,
        columns: Columns,
        sent: Sent,
    ) -> Result<VacanciesTaken, Refused> {
        let source = Short::parse(source)
            .map_err(|why| Refused::Words(format!("The council's name {why}. Enter it again.")))?;
        let index = self.current(store).await?;
        let _working = self.working.try_lock().map_err(|_| Fault::Busy)?;
        let today = today(store.now());
        let day = said_day(sent.day.as_deref())?.or_else(|| value::day_within(&sent.name));
        let read = move || Ok(vacancy::read(&sent.bytes, &columns, day, today, &index.choices())?);
        let (homes, notes) = match worked(read).await? {
            vacancy::Read::Homes { homes, notes } => (homes, notes),
            vacancy::Read::Columns(columns) => return which(columns),
        };
        if homes.is_empty() {
            let first = notes.first().map_or("", String::as_str);
            let words = format!("No row of the list matches a home in the directory. {first}");
            return Err(Refused::Words(words.trim().to_owned()));
        }
        let kept = store.document(VACANCIES).await?;
        let mut all: Vacancies =
            kept.map(|kept| unpacked(&kept.body)).transpose()?.unwrap_or_default();
        let matched = u32::try_from(homes.len()).unwrap_or(u32::MAX);
        all.put(source, homes);
        store.keep(VACANCIES, packed(&all)?).await?;
        self.changed(store).await?;
        Ok(VacanciesTaken::Taken { matched, notes: lines(&notes) })
    }

    /// Records that the documents changed, and rebuilds the index.
    async fn changed(&self, store: &impl Store) -> Result<(), Refused> {
        let version = store.fresh();
        store.keep(VERSION, version.clone()).await?;
        self.load(store, Some(version)).await.map(drop)
    }
}

fn which(columns: Vec<String>) -> Result<VacanciesTaken, Refused> {
    if columns.is_empty() {
        return Err(Fault::Empty.into());
    }
    let words = "Say which column names the home, and which holds its vacancies.";
    let words = Line::parse(words).map_err(|error| Refused::Words(error.to_string()))?;
    Ok(VacanciesTaken::WhichColumns { columns, words })
}

/// Runs slow work on a blocking thread.
async fn worked<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refused> + Send + 'static,
) -> Result<T, Refused> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Refused::Spoiled(error.to_string())))
}

/// Returns the date in UK local time.
pub fn today(now: Time) -> Date {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    let moment = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.to_zoned(zone).date()
}

fn said_day(text: Option<&str>) -> Result<Option<Date>, Refused> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let words = "The day of the file cannot be read; write it as 16/09/2026.";
    value::day(text).map(Some).ok_or_else(|| Refused::Words(words.to_owned()))
}

fn spoken(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn lines(notes: &[String]) -> Vec<Line> {
    notes.iter().filter_map(|note| Line::parse(note).ok()).collect()
}

fn packed(value: &impl Serialize) -> Result<Vec<u8>, Refused> {
    let spoiled = |error: std::io::Error| Refused::Spoiled(error.to_string());
    let mut body = Vec::new();
    let mut writer =
        brotli::CompressorWriter::new(&mut body, BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW);
    serde_json::to_writer(&mut writer, value).map_err(|error| spoiled(error.into()))?;
    writer.flush().map_err(spoiled)?;
    drop(writer);
    Ok(body)
}

fn unpacked<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    let mut text = Vec::new();
    let read = brotli::Decompressor::new(body, BUFFER_BYTES).read_to_end(&mut text);
    read.map_err(|error| Refused::Spoiled(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|error| Refused::Spoiled(error.to_string()))
}
