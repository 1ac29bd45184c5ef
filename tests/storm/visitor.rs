//! A visitor to the nodes of a storm, who has one command and sends it to the node that the test
//! chooses.

use proof::{cast, device::Device, soon};
use proto::{command::Envelope, http::CommandsAnswer, id::Seq, outcome::Fate};
use tokio::time::{Duration, sleep};

use crate::node_storm::Sky;

/// Milliseconds before a retry.
const AGAIN_MS: u64 = 25;

/// A visitor with a command.
#[derive(Debug)]
pub struct Visitor<'a> {
    sky: &'a Sky,
    nth: usize,
    command: Envelope,
}

impl<'a> Visitor<'a> {
    /// Returns a visitor with a number unique in the storm.
    pub fn new(sky: &'a Sky, nth: usize) -> Self {
        Self { sky, nth, command: cast::asks(cast::line("a word to every node")) }
    }

    /// Returns the visitor with this text.
    pub fn saying(self, words: &str) -> Self {
        Self { command: cast::asks(cast::line(words)), ..self }
    }

    /// Sends the command once. Returns its fate, if there was an answer.
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

    /// Sends the command until it is accepted, and returns its entry.
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
