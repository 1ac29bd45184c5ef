//! Homes: possible receiving providers.

use proto::{
    class::Class,
    entry::Entry,
    home::{Event, HomeRow, Plan, WallHome},
    id::HomeId,
    key::Key,
    limit::HOMES_MAX,
    role::{
        Audience,
        Role::{self, Placements, Vacancies},
    },
    row::Row,
};

use super::{Decision, Fold, Plans, Said, fits, one};
use crate::{
    context::Context,
    privacy::boards,
    rights::Needs,
    room::{Room, Touched},
};

/// The roles that may add homes, in addition to lead and deputy.
pub(crate) const ADD_HOMES: &[Role] = &[Vacancies, Placements];

/// Homes.
pub(crate) struct Homes;

impl Plans for Homes {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Add { .. } => Needs::write(&[Class::Beds], ADD_HOMES).set_up(),
        }
    }

    fn decide(room: &Room, _by: &Context, plan: &Plan) -> Decision {
        let Plan::Add { home } = plan;
        let full = room.homes.len() >= HOMES_MAX;
        fits(room.homes.contains_key(&home.home), full, "home")?;
        boards::calls_a_home(room, &home.short_name)?;
        Ok(one(Event::Added { home: home.clone() }))
    }
}

impl Fold for Homes {
    type Event = Event;

    fn fold(room: &mut Room, _entry: &Entry, event: &Event, touched: &mut Touched) {
        let Event::Added { home } = event;
        room.homes.insert(home.home, home.clone());
        for name in [&home.name, &home.short_name] {
            room.home_names.add(name.as_str());
            boards::name_place(room, name.as_str(), touched);
        }
        touched.extend([Key::Home(home.home), Key::Team]);
    }

    fn retells(event: &Event, is_any_protected: bool) -> bool {
        match event {
            Event::Added { .. } => is_any_protected,
        }
    }

    fn line(_room: &Room, event: &Event) -> Option<Said> {
        let Event::Added { home } = event;
        Some(Said::new(format!("Home added: {}.", home.name.as_str())))
    }
}

/// Returns a home's name for the log.
pub(crate) fn called(room: &Room, home: Option<HomeId>) -> String {
    let home = home.and_then(|home| room.homes.get(&home));
    home.map_or_else(|| "a home to confirm".to_owned(), |home| home.name.as_str().to_owned())
}

/// Returns the keys of homes.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.homes.keys().copied().map(Key::Home));
}

/// Returns a home's row.
pub(crate) fn row(room: &Room, audience: Audience, home: HomeId) -> Option<Row> {
    let home = room.homes.get(&home)?;
    let short_name = home.short_name.clone();
    match audience {
        Audience::Wall => {
            let short_name = boards::home(room, &short_name);
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
