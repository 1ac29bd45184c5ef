//! Rows of calls for help.

use proto::{
    id::HelpId,
    role::Audience,
    row::{
        Row,
        help::{HelpRow, WallHelp},
    },
};

use crate::{site::initials, state::Room};

impl Room {
    /// Returns the row of a call that has not ended. The wall learns who calls by initials, and no person.
    pub(super) fn help_row(&self, audience: Audience, call: HelpId) -> Option<Row> {
        let called = self.help.get(&call)?;
        let member = |id| self.members.get(&id);
        match audience {
            Audience::Wall => {
                let caller = member(called.member)?;
                let answered = called.answered.and_then(|(by, _)| member(by));
                Some(Row::WallHelp(WallHelp {
                    initials: initials(caller.profile.name.as_str()),
                    roles: called.roles.clone(),
                    help: called.help,
                    at_the_home: called.at_the_home,
                    since: called.since,
                    answered_by: answered.map(|by| initials(by.profile.name.as_str())),
                    unanswered: called.unanswered,
                }))
            }
            Audience::Desk | Audience::Phone => Some(Row::Help(HelpRow {
                call,
                member: called.member,
                help: called.help,
                person: called.person,
                site: called.site,
                place: called.place.clone(),
                since: called.since,
                received: called.received,
                answered_by: called.answered.map(|(by, _)| by),
                answered_at: called.answered.map(|(_, at)| at),
                unanswered: called.unanswered,
            })),
            Audience::Sitrep => None,
        }
    }
}
