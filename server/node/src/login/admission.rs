//! Admission: adds the member of a login to its room, idempotently.

use proto::{
    command::{Command, Envelope},
    http::Me,
    id::CommandId,
    member,
    role::Audience,
    text::Short,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Login;

/// Returns the command that admits the member of a login; none for a wall screen, which has no member.
///
/// Its id is derived from the room and the member that the invite names, so repeats are deduplicated.
pub(crate) fn admission(login: &Login) -> Option<Envelope> {
    if login.audience == Audience::Wall {
        return None;
    }
    let profile = &login.profile;
    let profile = member::Profile {
        name: profile.name.clone(),
        organisation: profile.organisation.clone(),
        job: profile.job.clone(),
        mobile: profile.mobile.clone(),
        roles: profile.roles.clone(),
    };
    let named = [login.room.0.as_bytes(), login.member.0.as_bytes()];
    Some(Envelope {
        id: CommandId(derived("admit", &named)),
        based_on: None,
        happened_at: None,
        late_reason: None,
        command: Command::from(member::Plan::Admit {
            member: login.member,
            profile,
            ceiling: login.ceiling,
        }),
    })
}

/// Derives an id from these parts: a version 8 UUID of their SHA-256.
pub(crate) fn derived(kind: &str, named: &[&[u8; 16]]) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    for id in named {
        hash.update(id);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, digit)| *byte = digit);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Returns the description of a login for its face.
pub(crate) fn me(login: &Login) -> Me {
    let is_screen = login.audience == Audience::Wall;
    let name = &login.profile.name;
    Me {
        room: login.room,
        audience: login.audience,
        member: (!is_screen).then_some(login.member),
        name: (!is_screen).then(|| name.clone()),
        label: if is_screen { Short::parse(name.as_str()).ok() } else { None },
        roles: login.profile.roles.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_derived_id_is_stable_and_unique() {
        let (a, b) = ([1; 16], [2; 16]);
        assert_eq!(derived("admit", &[&a, &b]), derived("admit", &[&a, &b]));
        assert_ne!(derived("admit", &[&a, &b]), derived("admit", &[&b, &a]));
        assert_ne!(derived("admit", &[&a, &b]), derived("open", &[&a, &b]));
        assert_eq!(derived("admit", &[&a]).get_version_num(), 8);
    }
}
