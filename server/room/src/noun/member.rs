//! The roster: members and their roles.

use std::collections::{BTreeMap, BTreeSet};

use proto::{
    class::Class,
    entry::Entry,
    id::{MemberId, SignInId, Time},
    key::Key,
    limit::{MEMBERS_MAX, ROLES_MAX},
    member::{Actor, DeskMember, Event, PhoneMember, Plan, Profile, TeamRow, WallMember},
    refusal::{Code, Refusal},
    role::{Audience, Ceiling, Role},
    row::Row,
    sign_in::Presence,
    site::SiteKind,
    text::PersonName,
};

use super::{
    Decision, Fold, Plans, Said,
    census::count,
    cover, door, expected, one, refuse,
    sign_in::{SignIn, initials},
};
use crate::{
    context::Context,
    privacy::{
        boards::{calls_of_member, rename},
        homes::name_words,
    },
    rights::Needs,
    room::{Room, Touched},
};

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) profile: Profile,
    pub(crate) ceiling: Ceiling,
    /// The open sign-in.
    pub(crate) signed_in: Option<SignInId>,
    /// The last ended sign-in; phones show it until the next begins.
    pub(crate) last: Option<SignInId>,
    /// The members they cover for, and since when.
    pub(crate) covers: BTreeMap<MemberId, Time>,
    /// Their own roles and the covered ones.
    pub(crate) acting: Vec<Role>,
}

/// Members.
pub(crate) struct Members;

impl Plans for Members {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Admit { .. } => Needs::SYSTEM.set_up(),
            #[cfg(plant = "import_unbounded")]
            Plan::GiveRoles { .. } => Needs::lead(&[Class::Team]).capped().set_up(),
            #[cfg(not(plant = "import_unbounded"))]
            Plan::GiveRoles { .. } => Needs::lead(&[Class::Team]).capped(),
        }
    }

    fn decide(room: &Room, _by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Admit { member, profile, ceiling } => admit(room, *member, profile, *ceiling),
            Plan::GiveRoles { member, roles } => give_roles(room, *member, roles),
        }
    }
}

/// Admits a member. Idempotent, because an invite may be redeemed on several devices.
fn admit(room: &Room, member: MemberId, profile: &Profile, ceiling: Ceiling) -> Decision {
    if room.members.contains_key(&member) {
        return Ok(Vec::new());
    }
    if room.members.len() >= MEMBERS_MAX {
        return refuse(Code::Full, "the room has as many members as it takes");
    }
    roles_fit(&profile.roles)?;
    Ok(one(Event::Admitted { member, profile: profile.clone(), ceiling }))
}

/// Assigns roles to a member. The last lead cannot be removed.
fn give_roles(room: &Room, member: MemberId, roles: &[Role]) -> Decision {
    if !room.members.contains_key(&member) {
        return refuse(Code::Unknown, "this room has no such member");
    }
    roles_fit(roles)?;
    let leads =
        |id: &MemberId| room.members.get(id).is_some_and(|m| m.profile.roles.contains(&Role::Lead));
    let others = room.members.keys().filter(|id| **id != member);
    if leads(&member) && !roles.contains(&Role::Lead) && !others.into_iter().any(leads) {
        return refuse(Code::NotNow, "give somebody else the lead first");
    }
    Ok(one(Event::RolesGiven { member, roles: roles.to_vec() }))
}

/// Refuses too many roles and duplicates.
pub(crate) fn roles_fit(roles: &[Role]) -> Result<(), Refusal> {
    let once: BTreeSet<_> = roles.iter().collect();
    if roles.len() > ROLES_MAX || once.len() != roles.len() {
        return refuse(Code::Value, "a member holds each role once, at most sixteen");
    }
    Ok(())
}

impl Fold for Members {
    type Event = Event;

    /// Rights may change from this entry on.
    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        room.roster_at = entry.seq;
        touched.insert(Key::Team);
        match event {
            Event::Admitted { member, profile, ceiling } => {
                let admitted = Member {
                    profile: profile.clone(),
                    ceiling: *ceiling,
                    signed_in: None,
                    last: None,
                    covers: BTreeMap::new(),
                    acting: Vec::new(),
                };
                let calls = calls_of_member(profile);
                let older = room.members.insert(*member, admitted);
                let older = older.map(|older| calls_of_member(&older.profile));
                rename(room, &older.unwrap_or_default(), &calls, touched);
                cover::settle_roles(room, *member);
                door::came_in(room, *member, touched);
                expected::came_in(room, *member, &profile.name, touched);
                touched.insert(Key::Member(*member));
            }
            Event::RolesGiven { member, roles } => {
                if let Some(known) = room.members.get_mut(member) {
                    known.profile.roles.clone_from(roles);
                }
                cover::settle_roles_of(room, *member, touched);
                let signed_in = room.members.get(member).and_then(|member| member.signed_in);
                touched.extend(signed_in.map(Key::SignIn));
                touched.insert(Key::Member(*member));
            }
        }
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        Some(Said::new(match event {
            Event::Admitted { profile, .. } => {
                format!("{} came into the room.", profile.name.as_str())
            }
            Event::RolesGiven { member, .. } => format!("{} has new roles.", named(room, *member)),
        }))
    }
}

/// Returns a member's name.
pub(crate) fn named(room: &Room, member: MemberId) -> String {
    let name = room.members.get(&member).map(|member| member.profile.name.as_str());
    name.unwrap_or("somebody").to_owned()
}

/// Returns the name of an entry's author.
pub(crate) fn actor(room: &Room, actor: Actor) -> String {
    match actor {
        Actor::Member(member) => named(room, member),
        Actor::Screen => "a screen".to_owned(),
        Actor::System => "the room".to_owned(),
        Actor::Importer => "the operator".to_owned(),
    }
}

/// Returns whether the room has a member of this name.
pub(crate) fn is_in(room: &Room, name: &PersonName) -> bool {
    room.members.values().any(|member| same_name(&member.profile.name, name))
}

/// Returns whether two names have the same words, ignoring order and case.
pub(crate) fn same_name(one: &PersonName, other: &PersonName) -> bool {
    let words = |name: &PersonName| -> BTreeSet<String> { name_words(name.as_str()).collect() };
    let (one, other) = (words(one), words(other));
    !one.is_empty() && one == other
}

/// Returns the keys of members.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.members.keys().copied().map(Key::Member));
}

/// Returns the team's counts.
pub(crate) fn team_row(room: &Room) -> Row {
    let open: Vec<&SignIn> = room.sign_ins.values().filter(|s| !s.has_ended()).collect();
    let at_the_home = open.iter().filter(|s| s.kind == SiteKind::Home).count();
    let overdue = open.iter().filter(|s| s.state == Presence::Overdue).count();
    Row::Team(TeamRow {
        members: count(room.members.len()),
        on_duty: count(room.members.values().filter(|m| m.signed_in.is_some()).count()),
        at_the_home: count(at_the_home),
        overdue: count(overdue),
        homes: count(room.homes.len()),
    })
}

/// Returns a member's row.
pub(crate) fn row(room: &Room, audience: Audience, id: MemberId) -> Option<Row> {
    let member = room.members.get(&id)?;
    let profile = &member.profile;
    let (roles, on_duty) = (profile.roles.clone(), member.signed_in.is_some());
    let initials = initials(profile.name.as_str());
    let name = profile.name.clone();
    let covers = member.covers.keys().copied().collect();
    match audience {
        Audience::Wall => {
            let covers = member.acting.iter().filter(|role| !roles.contains(role));
            let covers = covers.copied().collect();
            Some(Row::WallMember(WallMember { initials, roles, covers, on_duty }))
        }
        Audience::Desk => Some(Row::DeskMember(DeskMember {
            member: id,
            name,
            initials,
            organisation: profile.organisation.clone(),
            job: profile.job.clone(),
            mobile: profile.mobile.clone(),
            roles,
            covers,
            ceiling: member.ceiling,
            on_duty,
        })),
        Audience::Phone => {
            Some(Row::PhoneMember(PhoneMember { member: id, name, roles, covers, on_duty }))
        }
        Audience::Sitrep => None,
    }
}
