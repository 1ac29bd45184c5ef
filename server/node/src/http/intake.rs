//! The intake: a list of service users is previewed, and imported once a person confirms.
//!
//! The server stores nothing of a file between requests: the browser sends it each time. So an import
//! survives a restart, any node can answer, and no memory is held for a browser that never returns.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    Json as Answer,
    extract::{FromRequest, Path, Request, State},
    http::header,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hub::Author;
use intake::{
    cell::capital,
    error::Why,
    pace::Pace,
    register::{Intake, List, Remembered, Room},
    year,
};
use proto::{
    command::Envelope,
    details,
    id::{RoomId, Seq},
    intake::{IntakeAsked, IntakeDone, Register},
    limit,
    nouns::Plan,
    outcome::Fate,
    register,
};
use tokio::time::Duration;

use super::{Shared, error::Failure, files::Place, guard::Caller, unread};
use crate::{
    batch,
    login::{self, Login, Reading, Shelf},
};

/// The content type of an upload; another site's page cannot send it without a CORS preflight.
const KIND: &str = "application/vnd.muster.intake";

/// A body: a line of JSON, then the file's bytes.
#[derive(Debug)]
pub(crate) struct Body {
    asked: IntakeAsked,
    file: Bytes,
    /// Its share of the memory for files.
    place: Place,
}

impl FromRequest<Shared> for Body {
    type Rejection = Failure;

    async fn from_request(request: Request, node: &Shared) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        if kind.is_none_or(|kind| kind.as_bytes() != KIND.as_bytes())
            || request.headers().contains_key(header::CONTENT_ENCODING)
        {
            return Err(Failure::Malformed(format!("A list is sent as {KIND}.")));
        }
        let most = limit::IMPORT_BYTES_MAX + limit::IMPORT_CHOICES_BYTES_MAX;
        let place = node.files.place(request.headers(), most).await?;
        let read = Limited::new(request.into_body(), most).collect().await;
        let whole = read.map(http_body_util::Collected::to_bytes).map_err(|error| {
            if error.is::<LengthLimitError>() {
                told(&Why::TooLarge)
            } else {
                Failure::Malformed("The request ended too early.".to_owned())
            }
        })?;
        let end = whole.iter().take(limit::IMPORT_CHOICES_BYTES_MAX).position(|b| *b == b'\n');
        let end = end.ok_or_else(|| {
            Failure::Malformed("The choices must be in the first line, before the file.".to_owned())
        })?;
        let asked =
            serde_json::from_slice(whole.get(..end).unwrap_or_default()).map_err(|error| {
                Failure::Malformed(format!(
                    "The choices cannot be read: {}.",
                    unread::fault(&error)
                ))
            })?;
        Ok(Self { asked, file: whole.slice(end.saturating_add(1)..), place })
    }
}

/// `POST /api/rooms/{id}/intake`: returns a preview, or, given the digest that was agreed to, the result.
pub(crate) async fn post(
    State(node): State<Shared>,
    caller: Caller,
    Path(room): Path<String>,
    request: Request,
) -> Result<Response, Failure> {
    let room = caller.room(&room)?;
    node.rates.commands(caller.0.device)?;
    let by = login::author(&caller.0);
    // A caller without the right uses no memory budget: none of the body is read.
    if !node.hub.may_register(room, &by).await? {
        return Err(Failure::NotYours);
    }
    let Body { asked, file, place } = Body::from_request(request, &node).await?;
    let register = node.hub.register(room, &by).await?.ok_or(Failure::NotYours)?;
    let turn = Arc::clone(&node.intakes).acquire_owned().await.map_err(|_| Failure::Stopped)?;
    let desk = Desk { node: &node, login: &caller.0, room };
    let (intake, key, asked) = desk.look(asked, file, register).await?;
    drop((turn, place));
    let Some(agreed) = &asked.agreed else {
        desk.record(&intake).await?;
        let preview = intake.preview;
        let packed = tokio::task::spawn_blocking(move || Answer(preview).into_response()).await;
        return packed.map_err(|_| Failure::Fault);
    };
    let is_same = agreed.digest == intake.preview.digest && intake.preview.problem.is_none();
    #[cfg(plant = "intake_unlooked")]
    let is_same = is_same || intake.preview.problem.is_none();
    if !is_same {
        return Err(Failure::Changed);
    }
    let done = desk.take(&intake, agreed.head, by).await?;
    desk.remember(key, &intake).await;
    Ok(Answer(done).into_response())
}

/// The member who imports a list.
struct Desk<'a> {
    node: &'a Shared,
    login: &'a Login,
    room: RoomId,
}

impl Desk<'_> {
    /// Parses the file and compares it with the room, on a blocking thread, for as long as the client waits.
    async fn look(
        &self,
        asked: IntakeAsked,
        file: Bytes,
        register: Register,
    ) -> Result<(Intake, Option<String>, IntakeAsked), Failure> {
        let choices = asked.choices.clone();
        let list = apart(move |pace| List::open(&file, &choices, pace)).await?;
        let key = list.fingerprint().map(|fingerprint| self.key(&fingerprint));
        let remembered = self.remembered(key.as_deref()).await;
        let (room, this_year) = (self.room, year(self.node.clock.now()));
        let head = asked.agreed.as_ref().map(|agreed| agreed.head);
        let (intake, asked) = apart(move |_| {
            // The agreed preview was made at that entry; its changes carry it.
            let register = Register { head: head.unwrap_or(register.head), ..register };
            let room = Room { room, register: &register, this_year };
            let file = asked.file.as_str();
            let intake = Intake::of(list, file, &asked.choices, remembered.as_ref(), room);
            Ok((intake, asked))
        })
        .await?;
        Ok((intake, key, asked))
    }

    /// Returns the key under which this council's choices are stored.
    fn key(&self, fingerprint: &str) -> String {
        let council = self.login.profile.organisation.as_ref().map_or("", |name| name.as_str());
        format!("{}/{fingerprint}", council.to_lowercase())
    }

    /// Returns the choices of the last time. Unreadable ones count as none.
    async fn remembered(&self, key: Option<&str>) -> Option<Remembered> {
        let kept = self.node.door.kept(Shelf::Mapping, key?).await;
        kept.unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot read the stored choices for a list");
            None
        })
    }

    /// Stores the choices. The list is already imported, so a failure here is only logged.
    async fn remember(&self, key: Option<String>, intake: &Intake) {
        let Some((key, remember)) = key.zip(intake.remember.as_ref()) else { return };
        if let Err(error) = self.node.door.keep(Shelf::Mapping, &key, remember).await {
            tracing::warn!(%error, "cannot store the choices for a list");
        }
    }

    /// Records the access to the cards that the preview compares.
    async fn record(&self, intake: &Intake) -> Result<(), Failure> {
        for some in intake.shown.chunks(limit::COMMANDS_MAX) {
            let records = some
                .iter()
                .map(|person| self.node.door.record(self.login, *person, Reading::Opened));
            futures_util::future::try_join_all(records).await.map_err(|error| {
                tracing::warn!(%error, room = %self.room, "cannot record the access to cards");
                Failure::Unrecorded
            })?;
        }
        Ok(())
    }

    /// Sends the agreed commands, as the member who agreed.
    async fn take(&self, intake: &Intake, head: Seq, by: Author) -> Result<IntakeDone, Failure> {
        let before = u32::try_from(intake.before).unwrap_or(u32::MAX);
        let counts = intake.preview.counts;
        let mut done =
            IntakeDone { registered: before, before, counts, seq: head, ..IntakeDone::default() };
        for batch in intake.batches() {
            self.send(batch, by, &mut done).await?;
        }
        tracing::info!(room = %self.room, registered = done.registered, "a list was imported");
        Ok(done)
    }

    /// Sends a batch until all of it is decided.
    async fn send(
        &self,
        commands: &[Envelope],
        by: Author,
        done: &mut IntakeDone,
    ) -> Result<(), Failure> {
        let submit = |left| self.node.hub.submit(self.room, by, left);
        let all = batch::send(commands, submit, |envelope, fate| match fate {
            Fate::Ok { seq } | Fate::Dup { seq } => count(done, envelope, seq),
            Fate::Refused(no) => done.refused.push(no.words),
            Fate::Retry { .. } => {}
        });
        if all.await? { Ok(()) } else { Err(Failure::Busy) }
    }
}

/// Counts a completed command.
fn count(done: &mut IntakeDone, envelope: &Envelope, seq: Seq) {
    use proto::command::Command;
    done.seq = done.seq.max(seq);
    if matches!(envelope.command, Command::Plan(Plan::Register(register::Plan::Register { .. }))) {
        done.registered = done.registered.saturating_add(1);
    } else if matches!(
        envelope.command,
        Command::Plan(Plan::Register(register::Plan::Merge { .. }))
    ) {
        done.merged = done.merged.saturating_add(1);
    } else if matches!(envelope.command, Command::Plan(Plan::Details(details::Plan::Change { .. })))
    {
        done.changed = done.changed.saturating_add(1);
    }
}

/// Runs a parser on a blocking thread, with a time limit.
async fn apart<T: Send + 'static>(
    read: impl FnOnce(Pace<'_>) -> Result<T, Why> + Send + 'static,
) -> Result<T, Failure> {
    let given_up = Arc::new(AtomicBool::new(false));
    let sign = Arc::clone(&given_up);
    let reading = tokio::task::spawn_blocking(move || read(Pace::until(&sign)));
    let limit = Duration::from_millis(limit::IMPORT_READ_MS);
    let gone = Gone(given_up);
    let read = tokio::time::timeout(limit, reading).await;
    drop(gone);
    match read {
        Ok(Ok(Ok(read))) => Ok(read),
        Ok(Ok(Err(why))) => Err(told(&why)),
        // A parser that panics met a file that nobody thought of; report the file, not the program.
        Ok(Err(_)) => Err(told(&Why::Damaged)),
        Err(_) => Err(told(&Why::TooSlow)),
    }
}

/// Cancels the parser when the request ends in any way.
struct Gone(Arc<AtomicBool>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Returns the error for the sender of a file.
fn told(why: &Why) -> Failure {
    Failure::File(format!("{}.", capital(&why.to_string())))
}
