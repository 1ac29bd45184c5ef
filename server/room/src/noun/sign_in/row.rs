//! The rows of a sign-in.

use proto::{
    id::SignInId,
    role::Audience,
    row::Row,
    sign_in::{DeskSignIn, PhoneSignIn, WallSignIn},
    site::SiteKind,
};

use super::SignIn;
use crate::{privacy::protected, room::Room};

/// Returns the initials of a name: the first letters of its first and last words.
pub(crate) fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = letters.next();
    let last = letters.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// Returns a sign-in's row. The wall shows only open ones; phones also the last ended one.
pub(crate) fn row(room: &Room, audience: Audience, id: SignInId) -> Option<Row> {
    let sign_in = room.sign_ins.get(&id)?;
    let member = room.members.get(&sign_in.member)?;
    let SignIn { state, since, planned_end, site, .. } = sign_in.clone();
    let due_at = sign_in.due_at();
    let words = |words: &str| protected::row_text(room, None, words);
    match audience {
        Audience::Wall if sign_in.has_ended() => None,
        Audience::Wall => Some(Row::WallSignIn(WallSignIn {
            initials: initials(member.profile.name.as_str()),
            roles: member.profile.roles.clone(),
            at_the_home: sign_in.kind == SiteKind::Home,
            state,
            since,
            due_at,
        })),
        Audience::Desk => Some(Row::DeskSignIn(DeskSignIn {
            sign_in: id,
            member: sign_in.member,
            site,
            state,
            since,
            planned_end,
            end_passed: sign_in.end_passed,
            duty: sign_in.duty.as_ref().map(|duty| words(duty.as_str())),
            last_act: sign_in.last_act,
            due_at,
            on_word_of: sign_in.on_word_of.as_ref().map(|word| words(word.as_str())),
            asked_at: sign_in.asked_at,
            left_at: sign_in.left_at,
            ended_at: sign_in.ended_at,
        })),
        Audience::Phone if sign_in.has_ended() && member.last != Some(id) => None,
        Audience::Phone => Some(Row::PhoneSignIn(PhoneSignIn {
            sign_in: id,
            member: sign_in.member,
            site,
            state,
            since,
            planned_end,
            due_at,
        })),
        Audience::Sitrep => None,
    }
}
