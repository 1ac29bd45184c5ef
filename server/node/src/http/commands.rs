//! Commands: the only way to change a room.

use axum::{
    Json as Answer,
    extract::{Path, State},
};
use hub::Author;
use proto::{
    command::Envelope,
    http::CommandsAnswer,
    id::{CommandId, RoomId},
    limit,
    outcome::{CommandFate, Fate},
    refusal::{Code, Refusal},
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    Shared,
    error::Failure,
    guard::{Caller, Json, Received},
    unread::fault,
};
use crate::{login, node::Admission};

/// A request body with commands.
pub(crate) type Body = Json<{ limit::COMMANDS_BYTES_MAX }>;

/// `POST /api/rooms/{id}/commands`.
pub(crate) async fn post(
    received: Received,
    State(node): State<Shared>,
    caller: Caller,
    Path(room): Path<String>,
    body: Body,
) -> Result<Answer<CommandsAnswer>, Failure> {
    let room = caller.room(&room)?;
    node.rates.commands(caller.0.device)?;
    // A fact from a member who is not yet on the roster would be refused for good (P-54).
    if node.admit(&caller.0).await == Admission::Later {
        return Err(Failure::Busy);
    }
    submit(&node, received, room, login::author(&caller.0), &body).await
}

/// Submits the commands of a body to their room and answers with their fates.
pub(crate) async fn submit(
    node: &Shared,
    Received(received): Received,
    room: RoomId,
    by: Author,
    body: &Body,
) -> Result<Answer<CommandsAnswer>, Failure> {
    let read = read(&body.0)?;
    let unread: Vec<CommandFate> = read.iter().filter_map(Read::refusal).collect();
    node.hub.figures().fates(&unread);
    let readable: Vec<Envelope> = read.iter().filter_map(Read::command).cloned().collect();
    let first = readable.first().map(|command| command.id);
    let decided = match first {
        None => Vec::new(),
        Some(first) => match node.hub.submit_since(received, room, by, readable).await {
            Ok(fates) => fates,
            Err(hub::Error::Busy) => vec![CommandFate { id: first, fate: busy() }],
            Err(error) => return Err(error.into()),
        },
    };
    Ok(Answer(CommandsAnswer { fates: together(&read, decided) }))
}

fn busy() -> Fate {
    let words = "The room is busy. It will be sent again automatically.".to_owned();
    Fate::Retry { after_ms: limit::RETRY_MS, words }
}

/// A command of a body.
#[derive(Debug)]
enum Read {
    /// A valid command.
    Command(Box<Envelope>),
    /// Only its id is valid: it is refused alone and does not block the commands after it (I-11).
    Unreadable(CommandId, Refusal),
}

impl Read {
    fn command(&self) -> Option<&Envelope> {
        match self {
            Self::Command(command) => Some(command),
            Self::Unreadable(..) => None,
        }
    }

    fn refusal(&self) -> Option<CommandFate> {
        match self {
            Self::Command(_) => None,
            Self::Unreadable(id, refusal) => {
                Some(CommandFate { id: *id, fate: Fate::Refused(refusal.clone()) })
            }
        }
    }
}

/// The outer structure of a body, and of a command whose content is invalid.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Commands<'a> {
    #[serde(borrow)]
    commands: Vec<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
struct Named {
    id: CommandId,
}

/// Parses the commands of a body, each separately.
fn read(body: &[u8]) -> Result<Vec<Read>, Failure> {
    let malformed = |words: String| Failure::Malformed(words);
    let whole: Commands<'_> = serde_json::from_slice(body)
        .map_err(|error| malformed(format!("The request cannot be read: {}.", fault(&error))))?;
    let count = whole.commands.len();
    if count == 0 || count > limit::COMMANDS_MAX {
        let most = limit::COMMANDS_MAX;
        return Err(malformed(format!("A request takes 1 to {most} commands, not {count}.")));
    }
    let each = whole.commands.into_iter().enumerate();
    each.map(|(at, raw)| read_one(at, raw.get())).collect()
}

fn read_one(at: usize, raw: &str) -> Result<Read, Failure> {
    let error = match serde_json::from_str(raw) {
        Ok(command) => return Ok(Read::Command(command)),
        Err(error) => error,
    };
    let which = at.saturating_add(1);
    let error = fault(&error);
    let words = format!("Command {which} cannot be read: {error}.");
    match serde_json::from_str::<Named>(raw) {
        Ok(named) => Ok(Read::Unreadable(named.id, Refusal::new(Code::Malformed, words))),
        Err(_) => {
            Err(Failure::Malformed(format!("Command {which} has no id that can be read: {error}.")))
        }
    }
}

/// Returns the fates in the order of the commands; after a `retry`, nothing was decided.
fn together(read: &[Read], decided: Vec<CommandFate>) -> Vec<CommandFate> {
    let mut decided = decided.into_iter();
    let mut fates = Vec::with_capacity(read.len());
    for one in read {
        let fate = match one {
            Read::Command(_) => decided.next(),
            Read::Unreadable(..) => one.refusal(),
        };
        let Some(fate) = fate else { break };
        let is_last = matches!(fate.fate, Fate::Retry { .. });
        fates.push(fate);
        if is_last {
            break;
        }
    }
    fates
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::id::Seq;

    const ID: &str = "00000000-0000-4000-8000-00000000000";

    fn good(n: u8) -> String {
        format!(r#"{{"id":"{ID}{n}","do":{{"kind":"check_in"}}}}"#)
    }

    fn strange(n: u8) -> String {
        format!(r#"{{"id":"{ID}{n}","do":{{"kind":"fly_away"}}}}"#)
    }

    fn body(commands: &[String]) -> Vec<u8> {
        format!(r#"{{"commands":[{}]}}"#, commands.join(",")).into_bytes()
    }

    fn words(body: &[u8]) -> String {
        match read(body) {
            Err(Failure::Malformed(words)) => words,
            other => panic!("{other:?}"),
        }
    }

    fn ok(command: &Envelope) -> CommandFate {
        CommandFate { id: command.id, fate: Fate::Ok { seq: Seq(1) } }
    }

    #[test]
    fn an_unreadable_command_does_not_block_the_others() {
        let read = read(&body(&[good(1), strange(2), good(3)])).unwrap();
        let decided: Vec<_> = read.iter().filter_map(Read::command).map(ok).collect();
        assert_eq!(decided.len(), 2);
        let fates = together(&read, decided);
        let refused = matches!(&fates[1].fate, Fate::Refused(no) if no.code == Code::Malformed
            && no.words.starts_with("Command 2 cannot be read: "));
        assert!(refused, "{fates:?}");
        assert_eq!(fates[2].id.to_string(), format!("{ID}3"));
    }

    #[test]
    fn nothing_is_reported_after_a_retry() {
        let read = read(&body(&[good(1), good(2), strange(3)])).unwrap();
        let id = read[0].command().unwrap().id;
        let fates = together(&read, vec![CommandFate { id, fate: busy() }]);
        assert_eq!(fates.len(), 1);
    }

    #[test]
    fn an_unknown_field_is_not_ignored() {
        let more = format!(r#"{{"id":"{ID}1","as":"lead","do":{{"kind":"check_in"}}}}"#);
        assert!(matches!(read(&body(&[more])).unwrap()[0], Read::Unreadable(..)));
        assert!(words(br#"{"commands":[],"by":"lead"}"#).contains("no `by` here"));
    }

    #[test]
    fn the_message_names_the_command_without_an_id() {
        let bare = r#"{"do":{"kind":"check_in"}}"#.to_owned();
        assert!(words(&body(&[good(1), bare])).starts_with("Command 2 has no id"));
        let odd = r#"{"id":"7","do":{"kind":"check_in"}}"#.to_owned();
        assert!(words(&body(&[odd])).starts_with("Command 1 has no id"));
        assert!(words(&body(&["7".to_owned()])).starts_with("Command 1 has no id"));
    }

    #[test]
    fn a_request_carries_one_to_fifty_commands() {
        assert!(words(&body(&[])).contains("not 0"));
        assert!(words(&body(&vec![good(1); 51])).contains("not 51"));
        assert_eq!(read(&body(&vec![good(1); 50])).unwrap().len(), 50);
        assert!(words(b"hello").starts_with("The request cannot be read"));
        assert!(words(b"[]").starts_with("The request cannot be read"));
    }
}
