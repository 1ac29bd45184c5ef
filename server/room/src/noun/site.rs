//! Sites: places where members sign in.

use proto::{
    class::Class,
    entry::Entry,
    id::SiteId,
    key::Key,
    limit::SITES_MAX,
    row::Row,
    site::{Event, Plan, SiteRow},
};

use super::{Decision, Fold, Plans, Said, fits, one};
use crate::{
    context::Context,
    privacy::boards,
    rights::Needs,
    room::{Room, Touched},
};

/// Sites.
pub(crate) struct Sites;

impl Plans for Sites {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Open { .. } => Needs::lead(&[Class::Site]).set_up(),
        }
    }

    fn decide(room: &Room, _by: &Context, plan: &Plan) -> Decision {
        let Plan::Open { site } = plan;
        let full = room.sites.len() >= SITES_MAX;
        fits(room.sites.contains_key(&site.site), full, "site")?;
        Ok(one(Event::Opened { site: site.clone() }))
    }
}

impl Fold for Sites {
    type Event = Event;

    fn fold(room: &mut Room, _entry: &Entry, event: &Event, touched: &mut Touched) {
        let Event::Opened { site } = event;
        room.sites.insert(site.site, site.clone());
        boards::name_place(room, site.name.as_str(), touched);
        touched.insert(Key::Site(site.site));
    }

    fn line(_room: &Room, event: &Event) -> Option<Said> {
        let Event::Opened { site } = event;
        Some(Said::new(format!("Site added: {}.", site.name.as_str())))
    }
}

/// Returns the keys of sites.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.sites.keys().copied().map(Key::Site));
}

/// Returns a site's row.
pub(crate) fn row(room: &Room, site: SiteId) -> Option<Row> {
    let site = room.sites.get(&site)?;
    let (name, address) = (site.name.clone(), site.address.clone());
    Some(Row::Site(SiteRow { site: site.site, name, kind: site.kind, address }))
}
