//! Somebody who comes to the nodes of a storm with one command, and asks whichever node the test says.

use proof::{cast, device::Device, soon};
use proto::{command::Envelope, http::CommandsAnswer, id::Seq, outcome::Fate};
use tokio::time::{Duration, sleep};

use crate::node_storm::Sky;

/// Milliseconds until somebody who was put off asks again.
const AGAIN_MS: u64 = 25;

/// Somebody, with their command.
#[derive(Debug)]
pub struct Visitor<'a> {
    sky: &'a Sky,
    nth: usize,
    command: Envelope,
}

impl<'a> Visitor<'a> {
    /// Returns somebody under a number that nobody else in the storm has.
    pub fn new(sky: &'a Sky, nth: usize) -> Self {
        Self { sky, nth, command: cast::asks(cast::line("a word to every node")) }
    }

    /// Returns them with these words.
    pub fn saying(self, words: &str) -> Self {
        Self { command: cast::asks(cast::line(words)), ..self }
    }

    /// Asks once. Returns what they were told, if that was anything.
    pub async fn asks(&self, device: &Device) -> Option<Fate> {
        let command = std::slice::from_ref(&self.command);
        self.sky.ledger.sends(self.nth, command);
        let answer = soon("an answer or an end", device.sends(command).try_send()).await.ok()?;
        match answer.status.as_u16() {
            200 => {
                let fates = answer.read::<CommandsAnswer>().fates;
                self.sky.ledger.told(command, &fates);
                Some(fates[0].fate.clone())
            }
            429 | 503 | 504 => None,
            other => panic!("{other}: {answer:?}"),
        }
    }

    /// Asks until it is taken, however busy the room is, and returns its entry.
    pub async fn is_told(&self, device: &Device) -> Seq {
        let told = async {
            loop {
                match self.asks(device).await {
                    Some(Fate::Ok { seq } | Fate::Dup { seq }) => return seq,
                    Some(Fate::Refused(no)) => panic!("{no:?}"),
                    Some(Fate::Retry { .. }) | None => {}
                }
                sleep(Duration::from_millis(AGAIN_MS)).await;
            }
        };
        soon("a word", told).await
    }
}
