//! The facts about a sign-in: signing on, checking in, confirming safe, signing off.

use proto::{
    id::{MemberId, SignInId, SiteId, Time},
    limit::LATE_MS,
    member::Actor,
    nouns,
    sign_in::{Event, Fact, Presence, Word},
    site::SiteKind,
    text::Short,
};

use super::{SignIn, SignIns, open_of};
use crate::{
    context::Context,
    noun::{Facts, one, stranger},
    room::Room,
};

impl Facts for SignIns {
    type Fact = Fact;

    fn record(room: &Room, by: &Context, fact: &Fact) -> Vec<nouns::Event> {
        match fact {
            Fact::SignOn { site, planned_end, duty, word } => {
                sign_on(room, by, *site, *planned_end, duty.as_ref(), word)
            }
            Fact::CheckIn { word } => check_in(room, by, word),
            Fact::ConfirmSafe { sign_in, seen_by } => match room.sign_ins.get(sign_in) {
                Some(_) => {
                    one(Event::ConfirmedSafe { sign_in: *sign_in, seen_by: seen_by.clone() })
                }
                None => unknown(*sign_in),
            },
            Fact::SignOff { sign_in, word } => match room.sign_ins.get(sign_in) {
                Some(open) => sign_off(by, open, word),
                None => unknown(*sign_in),
            },
        }
    }

    fn is_own_safety(room: &Room, member: MemberId, fact: &Fact) -> bool {
        match fact {
            Fact::SignOn { word, .. } | Fact::CheckIn { word } => {
                word.member.is_none_or(|about| about == member)
            }
            Fact::SignOff { sign_in, .. } => {
                room.sign_ins.get(sign_in).is_none_or(|open| open.member == member)
            }
            Fact::ConfirmSafe { .. } => false,
        }
    }
}

/// Returns the subject of a fact: the author, unless it names another member.
fn whom(by: &Context, word: &Word) -> Option<MemberId> {
    let author = match by.actor {
        Actor::Member(member) => Some(member),
        Actor::Screen | Actor::System | Actor::Importer => None,
    };
    word.member.or(author)
}

/// Returns the event that records a fact about an unknown sign-in.
fn unknown(sign_in: SignInId) -> Vec<nouns::Event> {
    stranger::member(Some(MemberId(sign_in.0)), "about an unknown sign-in")
}

/// Signs a member on. A sign-on at another site ends the sign-in there; at the same site it is a check-in with a
/// different planned end. A fact is not refused for an implausible end: the end counts as reached, so that an alarm
/// prompts a check on the member.
fn sign_on(
    room: &Room,
    by: &Context,
    site: SiteId,
    planned_end: Time,
    duty: Option<&Short>,
    word: &Word,
) -> Vec<nouns::Event> {
    let planned_end = if planned_end.is_possible() { planned_end } else { by.now };
    let known = whom(by, word).filter(|id| room.members.contains_key(id));
    let Some(member) = known else { return stranger::member(word.member, "signed on") };
    let on_word_of = word.on_word_of.clone();
    let mut events = Vec::new();
    if let Some(open) = open_of(room, member) {
        let sign_in = open.id;
        if open.site == site {
            let planned_end = Some(planned_end);
            return one(Event::CheckedIn { sign_in, planned_end, on_word_of });
        }
        // A member who had asked to sign off left at that time, not when they signed on elsewhere.
        events.push(if open.state == Presence::SignOffAsked {
            Event::Acknowledged { sign_in }.into()
        } else {
            Event::SignedOff { sign_in, late: false, on_word_of: None }.into()
        });
    }
    let (sign_in, duty) = (SignInId(by.command.0), duty.cloned());
    events.push(Event::SignedOn { sign_in, member, site, planned_end, duty, on_word_of }.into());
    events
}

/// Records that a member is present and well.
fn check_in(room: &Room, by: &Context, word: &Word) -> Vec<nouns::Event> {
    let member = whom(by, word);
    let on_word_of = word.on_word_of.clone();
    match member.and_then(|member| open_of(room, member)) {
        Some(open) => one(Event::CheckedIn { sign_in: open.id, planned_end: None, on_word_of }),
        None => stranger::member(member, "check-in without a sign-on"),
    }
}

/// Signs off. A member's own tap at the home asks the desk; a report, or a sign-off for another member, is recorded
/// at once, and as late if it happened more than five minutes ago (D-21, T30).
fn sign_off(by: &Context, open: &SignIn, word: &Word) -> Vec<nouns::Event> {
    let sign_in = open.id;
    let own = by.actor == Actor::Member(open.member) && word.on_word_of.is_none();
    let asks = own && open.kind == SiteKind::Home && !open.has_ended();
    if asks && open.state == Presence::SignOffAsked {
        return Vec::new();
    }
    if asks {
        return one(Event::SignOffAsked { sign_in });
    }
    let late = by.now.since_ms(by.happened()) > LATE_MS;
    one(Event::SignedOff { sign_in, late, on_word_of: word.on_word_of.clone() })
}
