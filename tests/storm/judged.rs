//! The judge of the storms, judged: ledgers and journals with exactly one fault each, and what is said of it.

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

/// Commands of the storm: two devices, three each, sent and told one after the other.
const COMMANDS: u64 = 6;

/// What a storm leaves.
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

/// A storm in which every command was sent once the one before had been told that it is the next entry, and of which
/// all is kept as it was told. The last one was refused.
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

/// Returns what is said of an honest storm with one thing changed.
fn said_of(change: impl FnOnce(&mut Left)) -> String {
    let mut left = honest();
    said(move || {
        change(&mut left);
        left.ledger.agrees(&left.entries, &left.outcomes)
    })
}

fn said(judges: impl FnOnce() -> usize) -> String {
    let judged = catch_unwind(AssertUnwindSafe(judges));
    crate::words_of(judged.expect_err("nobody noticed").as_ref())
}

fn is_told(said: &str, words: &[&str]) {
    assert!(words.iter().all(|words| said.contains(words)), "{said}");
}

#[test]
fn what_is_kept_as_it_was_told_is_agreed_with() {
    let Left { ledger, entries, outcomes } = honest();
    assert_eq!(ledger.agrees(&entries, &outcomes), usize::try_from(COMMANDS).unwrap());
}

/// I-5: an acknowledged entry that is not there, or whose outcome is not, or is another.
#[test]
fn what_was_lost_or_is_kept_otherwise_is_told() {
    let lost = said_of(|left| drop(left.entries.pop()));
    is_told(&lost, &["I-5", "is nowhere", &command(5).id.to_string()]);
    let lost = said_of(|left| drop(left.outcomes.remove(2)));
    is_told(&lost, &["I-5", "is not kept", &command(3).id.to_string()]);
    let later = said_of(|left| left.outcomes[2].outcome = Outcome::Ok { seq: Seq(4) });
    is_told(&later, &["I-5", "is not kept", &command(3).id.to_string()]);
    let refused = said_of(|left| left.outcomes[2].outcome = Outcome::Refused(refusal()));
    is_told(&refused, &["I-5", "is not kept"]);
    let taken = said_of(|left| left.outcomes[5].outcome = Outcome::Ok { seq: Seq(5) });
    is_told(&taken, &["I-5", "is not kept", &command(COMMANDS).id.to_string()]);
}

/// I-5: a command that took effect where nobody was told that it did.
#[test]
fn what_is_in_another_entry_than_was_told_is_told() {
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
fn what_was_doubled_is_told() {
    let doubled = said_of(|left| left.entries.push(entry(2, 6)));
    is_told(&doubled, &["I-7", "twice", &command(2).id.to_string()]);
}

/// Sends commands of these devices at once, tells each that it is this entry, and returns what is said.
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

/// I-10, I-12: what one device made first stands first, and what was told before another was sent stands before it,
/// whoever sent them; what was under way at the same time may stand either way.
#[test]
fn what_stands_in_another_order_than_it_happened_is_told() {
    let turned = said_of_order(&[0, 0], &[2, 1], false);
    is_told(&turned, &["I-10", "device 0"]);
    let overtaken = said_of_order(&[0, 1], &[2, 1], true);
    is_told(&overtaken, &["I-12", "1 was sent after 2 was told"]);
    let at_once = catch_unwind(|| said_of_order(&[0, 1], &[2, 1], false));
    is_told(&crate::words_of(at_once.unwrap_err().as_ref()), &["nobody noticed"]);
}

/// I-8, I-7: two answers to one command that are not one.
#[test]
fn what_was_told_in_two_ways_is_told() {
    let told_again = |nth: u64, fate: Fate| said_of(move |left| tell(&left.ledger, nth, fate));
    is_told(&told_again(1, Fate::Dup { seq: Seq(2) }), &["I-8"]);
    is_told(&told_again(1, Fate::Refused(refusal())), &["I-8", "was taken"]);
    is_told(&told_again(COMMANDS, Fate::Dup { seq: Seq(6) }), &["I-8", "was refused"]);
    let other = Refusal::new(Code::NotYours, "in other words");
    is_told(&told_again(COMMANDS, Fate::Refused(other)), &["I-8"]);
    is_told(&told_again(1, Fate::Ok { seq: Seq(1) }), &["ok twice"]);
}

#[test]
fn what_was_never_answered_is_told() {
    let unanswered = said_of(|left| left.ledger.sends(0, &[command(9)]));
    is_told(&unanswered, &["was never told its fate", &command(9).id.to_string()]);
}

/// A fact is never refused to a member (PROCEDURE 4.1.3), and who was refused one did not dream it.
#[test]
fn a_fact_that_was_refused_is_told() {
    let ledger = Ledger::default();
    let fact = [cast::under(CommandId(Uuid::from_u128(1)), cast::departs(1))];
    ledger.sends(0, &fact);
    let fate = Fate::Refused(refusal());
    let refused = said(|| ledger.told(&fact, &[CommandFate { id: fact[0].id, fate }]));
    is_told(&refused, &["a fact was refused"]);
}
