//! Rows of members, sites and sign-ins.

use proto::{
    id::{MemberId, SignInId, SiteId},
    role::Audience,
    row::{
        Row,
        census::TeamRow,
        team::{DeskMember, DeskSignIn, PhoneMember, PhoneSignIn, SiteRow, WallMember, WallSignIn},
    },
    site::{Presence, SiteKind},
};

use crate::{
    census::count,
    site::{SignIn, initials},
    state::Room,
};

impl Room {
    /// Returns the team counted.
    pub(super) fn team_row(&self) -> Row {
        let open: Vec<&SignIn> = self.sign_ins.values().filter(|s| !s.has_ended()).collect();
        let at_the_home = open.iter().filter(|s| s.kind == SiteKind::Home).count();
        let overdue = open.iter().filter(|s| s.state == Presence::Overdue).count();
        Row::Team(TeamRow {
            members: count(self.members.len()),
            on_duty: count(self.members.values().filter(|m| m.signed_in.is_some()).count()),
            at_the_home: count(at_the_home),
            overdue: count(overdue),
            homes: count(self.homes.len()),
        })
    }

    /// Returns a site's row.
    pub(super) fn site_row(&self, audience: Audience, site: SiteId) -> Option<Row> {
        let site = self.sites.get(&site)?;
        matches!(audience, Audience::Desk | Audience::Phone).then(|| {
            let (name, address) = (site.name.clone(), site.address.clone());
            Row::Site(SiteRow { site: site.site, name, kind: site.kind, address })
        })
    }

    /// Returns a member's row.
    pub(super) fn member_row(&self, audience: Audience, id: MemberId) -> Option<Row> {
        let member = self.members.get(&id)?;
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

    /// Returns a sign-in's row. On the wall only those that stand; on phones also the last that ended.
    pub(super) fn sign_in_row(&self, audience: Audience, id: SignInId) -> Option<Row> {
        let sign_in = self.sign_ins.get(&id)?;
        let member = self.members.get(&sign_in.member)?;
        let SignIn { state, since, planned_end, site, .. } = sign_in.clone();
        let due_at = sign_in.due_at();
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
                duty: sign_in.duty.clone(),
                last_act: sign_in.last_act,
                due_at,
                on_word_of: sign_in.on_word_of.clone(),
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
}
