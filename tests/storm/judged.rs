//! Tests of the storms' judge: ledgers and journals with exactly one fault each, and the judge's
//! message.

use std::panic::{AssertUnwindSafe, catch_unwind};

use journal::Decided;
use proof::cast;
use proto::{
    command::Envelope,
    entry::Entry,
    id::{CommandId, RoomId, Seq, Time},
    member::Actor,
    outcome::{CommandFate, Fate, Outcome},
    refusal::{Code, Refusal},
};
use uuid::Uuid;

use crate::ledger::Ledger;

/// Commands of the storm: two devices, three each, sent and answered one after the other.
const COMMANDS: u64 = 6;

/// The remains of a storm.
struct Left {
    ledger: Ledger,
    entries: Vec<Entry>,
    outcomes: Vec<Decided>,
}

fn command(nth: u64) -> Envelope {
    cast::under(CommandId(Uuid::from_u128(u128::from(nth))), cast::line("a word"))
}

fn entry(nth: u64, seq: u64) -> Entry {
    Entry {
        room: RoomId(Uuid::from_u128(1)),
        seq: Seq(seq),
        at: Time(0),
        happened_at: None,
        claimed_at: None,
        late_reason: None,
        actor: Actor::Importer,
        device: None,
        command: command(nth).id,
        events: Vec::new(),
        nonce: String::new(),
    }
}

fn outcome(nth: u64, outcome: Outcome) -> Decided {
    Decided { id: command(nth).id, body_hash: [0; 32], outcome }
}

fn refusal() -> Refusal {
    Refusal::new(Code::NotYours, "it is not yours")
}

fn tell(ledger: &Ledger, nth: u64, fate: Fate) {
    let sent = [command(nth)];
    ledger.told(&sent, &[CommandFate { id: sent[0].id, fate }]);
}

/// A storm in which every command was sent after the one before was acknowledged, and everything is
/// stored as acknowledged. The last command was refused.
fn honest() -> Left {
    let ledger = Ledger::default();
    let (mut entries, mut outcomes) = (Vec::new(), Vec::new());
    for nth in 1..COMMANDS {
        ledger.sends(usize::try_from(nth % 2).unwrap(), &[command(nth)]);
        tell(&ledger, nth, Fate::Ok { seq: Seq(nth) });
        entries.push(entry(nth, nth));
        outcomes.push(outcome(nth, Outcome::Ok { seq: Seq(nth) }));
    }
    ledger.sends(0, &[command(COMMANDS)]);
    tell(&ledger, COMMANDS, Fate::Refused(refusal()));
    outcomes.push(outcome(COMMANDS, Outcome::Refused(refusal())));
    Left { ledger, entries, outcomes }
}

/// Returns the judge's message for an honest storm with one thing changed.
fn said_of(change: impl FnOnce(&mut Left)) -> String {
    let mut left = honest();
    said(move || {
        change(&mut left);
        left.ledger.agrees(&left.entries, &left.outcomes)
    })
}

fn said(judges: impl FnOnce() -> usize) -> String {
    let judged = catch_unwind(AssertUnwindSafe(judges));
    crate::words_of(judged.expect_err("the judge found nothing").as_ref())
}

fn is_told(said: &str, words: &[&str]) {
    assert!(words.iter().all(|words| said.contains(words)), "{said}");
}

#[test]
fn an_honest_journal_passes() {
    let Left { ledger, entries, outcomes } = honest();
    assert_eq!(ledger.agrees(&entries, &outcomes), usize::try_from(COMMANDS).unwrap());
}

/// I-5: an acknowledged entry that is missing, or whose outcome is missing or different.
#[test]
fn lost_or_altered_outcomes_are_detected() {
    let lost = said_of(|left| drop(left.entries.pop()));
    is_told(&lost, &["I-5", "is missing", &command(5).id.to_string()]);
    let lost = said_of(|left| drop(left.outcomes.remove(2)));
    is_told(&lost, &["I-5", "is not stored", &command(3).id.to_string()]);
    let later = said_of(|left| left.outcomes[2].outcome = Outcome::Ok { seq: Seq(4) });
    is_told(&later, &["I-5", "is not stored", &command(3).id.to_string()]);
    let refused = said_of(|left| left.outcomes[2].outcome = Outcome::Refused(refusal()));
    is_told(&refused, &["I-5", "is not stored"]);
    let taken = said_of(|left| left.outcomes[5].outcome = Outcome::Ok { seq: Seq(5) });
    is_told(&taken, &["I-5", "is not stored", &command(COMMANDS).id.to_string()]);
}

/// I-5: a command that took effect although its answer says otherwise.
#[test]
fn an_outcome_in_another_entry_is_detected() {
    let moved = said_of(|left| {
        left.entries[4].seq = Seq(6);
        left.entries.push(entry(7, 5));
    });
    is_told(&moved, &["I-5", "is in another entry", &command(5).id.to_string()]);
    let refused = said_of(|left| left.entries.push(entry(COMMANDS, 6)));
    is_told(&refused, &["I-5", "is in another entry", &command(COMMANDS).id.to_string()]);
}

/// I-7: a command that is in the journal twice.
#[test]
fn a_duplicate_is_detected() {
    let doubled = said_of(|left| left.entries.push(entry(2, 6)));
    is_told(&doubled, &["I-7", "twice", &command(2).id.to_string()]);
}

/// Sends commands of these devices at once, acknowledges each with this entry, and returns the
/// judge's message.
fn said_of_order(sent: &[usize], seqs: &[u64], is_one_by_one: bool) -> String {
    let ledger = Ledger::default();
    let numbered = || sent.iter().zip(1..);
    if !is_one_by_one {
        numbered().for_each(|(device, nth)| ledger.sends(*device, &[command(nth)]));
    }
    let (mut entries, mut outcomes) = (Vec::new(), Vec::new());
    for ((device, nth), seq) in numbered().zip(seqs) {
        if is_one_by_one {
            ledger.sends(*device, &[command(nth)]);
        }
        tell(&ledger, nth, Fate::Ok { seq: Seq(*seq) });
        entries.push(entry(nth, *seq));
        outcomes.push(outcome(nth, Outcome::Ok { seq: Seq(*seq) }));
    }
    entries.sort_by_key(|entry| entry.seq);
    said(|| ledger.agrees(&entries, &outcomes))
}

/// I-10, I-12: a device's commands are in order, and a command acknowledged before another was sent
/// comes before it; concurrent commands may be in any order.
#[test]
fn reordering_is_detected() {
    let turned = said_of_order(&[0, 0], &[2, 1], false);
    is_told(&turned, &["I-10", "device 0"]);
    let overtaken = said_of_order(&[0, 1], &[2, 1], true);
    is_told(&overtaken, &["I-12", "1 was sent after 2 was acknowledged"]);
    let at_once = catch_unwind(|| said_of_order(&[0, 1], &[2, 1], false));
    is_told(&crate::words_of(at_once.unwrap_err().as_ref()), &["the judge found nothing"]);
}

/// I-8, I-7: two different answers to one command.
#[test]
fn contradictory_answers_are_detected() {
    let told_again = |nth: u64, fate: Fate| said_of(move |left| tell(&left.ledger, nth, fate));
    is_told(&told_again(1, Fate::Dup { seq: Seq(2) }), &["I-8"]);
    is_told(&told_again(1, Fate::Refused(refusal())), &["I-8", "was taken"]);
    is_told(&told_again(COMMANDS, Fate::Dup { seq: Seq(6) }), &["I-8", "was refused"]);
    let other = Refusal::new(Code::NotYours, "in other words");
    is_told(&told_again(COMMANDS, Fate::Refused(other)), &["I-8"]);
    is_told(&told_again(1, Fate::Ok { seq: Seq(1) }), &["ok twice"]);
}

#[test]
fn an_unanswered_command_is_detected() {
    let unanswered = said_of(|left| left.ledger.sends(0, &[command(9)]));
    is_told(&unanswered, &["was never answered", &command(9).id.to_string()]);
}

/// A fact is never refused to a member (PROCEDURE 4.1.3).
#[test]
fn a_refused_fact_is_detected() {
    let ledger = Ledger::default();
    let fact = [cast::under(CommandId(Uuid::from_u128(1)), cast::departs(1))];
    ledger.sends(0, &fact);
    let fate = Fate::Refused(refusal());
    let refused = said(|| ledger.told(&fact, &[CommandFate { id: fact[0].id, fate }]));
    is_told(&refused, &["a fact was refused"]);
}
