//! Outcomes: I-7 at most once, I-8 stable, I-9 never another under the same id.

use std::sync::Arc;

use futures_util::future::join_all;
use journal::{Decided, Error};
use proto::{
    id::{CommandId, Seq},
    outcome::Outcome,
    refusal::{Code, Refusal},
};

use crate::{
    history::{History, accepted, hash},
    stores::Store,
};

/// I-5, I-8.
pub async fn outcomes_are_permanent_refusals_included(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    let mut batch = history.write(2, "");
    batch.outcomes.push(refused(history.command(Seq(7), "refused")));
    let decided = batch.outcomes.clone();
    store.append(batch).await.unwrap();
    store.append(history.write(3, "later")).await.unwrap();
    let ids: Vec<_> = decided.iter().map(|decided| decided.id).collect();
    assert_eq!(store.outcomes(history.room, &ids).await.unwrap(), decided);
    let unknown = history.command(Seq(99), "never sent");
    let found = store.outcomes(history.room, &[unknown, ids[2]]).await.unwrap();
    assert_eq!(found, &decided[2..]);
}

/// I-9.
pub async fn an_outcome_is_never_overwritten(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    let batch = history.write(1, "");
    let kept = batch.outcomes.clone();
    store.append(batch).await.unwrap();
    let mut again = history.nothing();
    again.outcomes.push(refused(kept[0].id));
    let error = store.append(again.clone()).await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error}");
    let mut other_body = history.nothing();
    other_body.outcomes.push(kept[0].clone());
    other_body.outcomes[0].body_hash = [7; 32];
    let error = store.append(other_body).await.unwrap_err();
    assert!(matches!(error, Error::Conflict(_)), "{error}");
    assert_eq!(store.outcomes(history.room, &[kept[0].id]).await.unwrap(), kept);
    let mut twice = history.nothing();
    let fresh = history.command(Seq(50), "twice");
    twice.outcomes = vec![refused(fresh), accepted(fresh, Seq(1))];
    assert!(matches!(store.append(twice).await.unwrap_err(), Error::Broken(_)));
    assert_eq!(store.outcomes(history.room, &[fresh]).await.unwrap(), []);
}

/// I-7, I-8.
pub async fn of_many_outcomes_for_one_command_one_is_stored(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    store.append(history.write(1, "")).await.unwrap();
    let command = history.command(Seq(9), "sent many times");
    let senders = (0..32_u32).map(|sender| {
        let (store, mut batch) = (Arc::clone(&store), history.nothing());
        let outcome = if sender % 2 == 0 { refused(command) } else { accepted(command, Seq(1)) };
        batch.outcomes.push(outcome.clone());
        tokio::spawn(async move { store.append(batch).await.map(|_| outcome) })
    });
    let ended = join_all(senders).await;
    let won: Vec<_> = ended.into_iter().filter_map(|sent| sent.unwrap().ok()).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(store.outcomes(history.room, &[command]).await.unwrap(), won);
}

/// I-7 is a promise per room.
pub async fn a_command_is_known_in_its_own_room_only(store: Arc<dyn Store>) {
    let (mut here, mut there) = (History::of(1), History::of(2));
    let batch = here.write(1, "");
    let id = batch.outcomes[0].id;
    store.append(batch).await.unwrap();
    assert_eq!(store.outcomes(there.room, &[id]).await.unwrap(), []);
    let mut other = there.write(1, "");
    other.outcomes.push(refused(id));
    store.append(other).await.unwrap();
    let kept = store.outcomes(here.room, &[id]).await.unwrap();
    assert!(matches!(kept[0].outcome, Outcome::Ok { seq: Seq(1) }));
}

/// I-8.
pub async fn refusals_alone_create_no_entry(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    let mut batch = history.nothing();
    batch.outcomes.push(refused(history.command(Seq(1), "before the first entry")));
    let decided = batch.outcomes.clone();
    assert_eq!(store.append(batch).await.unwrap(), history.head());
    assert_eq!(store.head(history.room).await.unwrap(), None);
    assert_eq!(store.rooms().await.unwrap(), []);
    assert_eq!(store.outcomes(history.room, &[decided[0].id]).await.unwrap(), decided);
    store.append(history.write(1, "")).await.unwrap();
    let mut batch = history.nothing();
    batch.outcomes.push(refused(history.command(Seq(2), "after it")));
    assert_eq!(store.append(batch).await.unwrap(), history.head());
}

/// I-5: an "ok" for a missing entry would be a broken promise.
pub async fn an_outcome_that_names_a_missing_entry_is_refused(store: Arc<dyn Store>) {
    let mut history = History::of(1);
    store.append(history.write(1, "")).await.unwrap();
    let mut batch = history.clone().write(1, "");
    batch.outcomes.push(accepted(history.command(Seq(8), "ahead"), Seq(3)));
    assert!(matches!(store.append(batch).await.unwrap_err(), Error::Broken(_)));
    assert_eq!(store.head(history.room).await.unwrap(), Some(history.head()));
}

/// Returns a refusal of a command.
fn refused(id: CommandId) -> Decided {
    let refusal = Refusal::new(Code::Already, "has left already");
    Decided { id, body_hash: hash(id), outcome: Outcome::Refused(refusal) }
}
