//! Sends a batch of commands until all of it is decided.

use std::time::Duration;

use proto::{
    command::Envelope,
    outcome::{CommandFate, Fate},
};

/// Maximum retries of a batch while the room is busy.
const TRIES_MAX: u32 = 20;

/// Sends a batch, and retries in order whatever a busy room left undecided. Reports each decided command with
/// its fate. Returns whether all are decided: false if the room stayed busy.
pub async fn send<E, Sent: Future<Output = Result<Vec<CommandFate>, E>>>(
    batch: &[Envelope],
    send: impl Fn(Vec<Envelope>) -> Sent,
    mut told: impl FnMut(&Envelope, Fate),
) -> Result<bool, E> {
    let mut left = batch;
    for _ in 0..TRIES_MAX {
        let (mut decided, mut wait_ms) = (0_usize, 0);
        for (CommandFate { fate, .. }, envelope) in send(left.to_vec()).await?.into_iter().zip(left)
        {
            if let Fate::Retry { after_ms, .. } = fate {
                wait_ms = after_ms;
                break;
            }
            told(envelope, fate);
            decided = decided.saturating_add(1);
        }
        left = left.get(decided..).unwrap_or_default();
        if left.is_empty() {
            return Ok(true);
        }
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }
    Ok(false)
}
