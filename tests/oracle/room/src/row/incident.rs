//! Rows of the incident and of the homes.

use proto::{
    id::HomeId,
    incident::StandingDeadline,
    role::Audience,
    row::{
        Row,
        incident::{DeskIncident, HomeRow, PhoneIncident, SitrepIncident, WallHome, WallIncident},
    },
};

use crate::{incident::IncidentState, state::Room};

impl Room {
    /// Returns the incident's row.
    pub(super) fn incident_row(&self, audience: Audience) -> Option<Row> {
        let state = self.incident.as_ref()?;
        let incident = &state.incident;
        let (title, stage, deadline) = (incident.title.clone(), state.stage, state.nearest());
        let opened_at = state.opened_at;
        Some(match audience {
            Audience::Wall => {
                let title = self.title_on_boards(&title)?;
                let deadline = deadline.and_then(|one| self.deadline_on_boards(&one));
                Row::WallIncident(WallIncident { title, stage, deadline })
            }
            Audience::Desk => Row::DeskIncident(DeskIncident {
                title,
                stage,
                deadline,
                deadlines: standing(state),
                kind: incident.kind,
                cause: incident.cause,
                service: incident.service,
                timescale: incident.timescale,
                telephone: incident.telephone.clone(),
                order: incident.order.clone(),
                contacts: incident.contacts.clone(),
                withheld: self.is_incident_withheld(),
                opened_at,
            }),
            Audience::Phone => {
                let telephone = incident.telephone.clone();
                Row::PhoneIncident(PhoneIncident { title, deadline, telephone })
            }
            Audience::Sitrep => {
                let title = self.title_on_boards(&title)?;
                let deadline = deadline.and_then(|one| self.deadline_on_boards(&one));
                let order = incident.order.as_ref();
                let order = order.and_then(|order| self.order_on_boards(order));
                Row::SitrepIncident(SitrepIncident { title, stage, deadline, order, opened_at })
            }
        })
    }

    /// Returns a home's row.
    pub(super) fn home_row(&self, audience: Audience, home: HomeId) -> Option<Row> {
        let home = self.homes.get(&home)?;
        let short_name = home.short_name.clone();
        match audience {
            Audience::Wall => {
                let short_name = self.home_on_boards(&short_name)?;
                Some(Row::WallHome(WallHome { short_name }))
            }
            Audience::Desk | Audience::Phone => Some(Row::Home(HomeRow {
                home: home.home,
                name: home.name.clone(),
                short_name,
                address: home.address.clone(),
                telephone: home.telephone.clone(),
                registered_for: home.registered_for.clone(),
                miles: home.miles,
            })),
            Audience::Sitrep => None,
        }
    }
}

/// Returns the deadlines that stand, the nearest first.
fn standing(state: &IncidentState) -> Vec<StandingDeadline> {
    let deadlines = state.deadlines.iter().map(|((_, entry), deadline)| (*entry, deadline.clone()));
    deadlines.map(|(entry, deadline)| StandingDeadline { entry, deadline }).collect()
}
