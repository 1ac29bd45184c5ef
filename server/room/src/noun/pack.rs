//! Paper packs: numbered when printed, and tracked until returned or destroyed (R53).

use proto::{
    class::Class,
    entry::Entry,
    id::{PersonId, Time},
    key::Key,
    limit::{NAMED_MAX, PACKS_MAX},
    log::AlarmKind,
    member::Actor,
    pack::{Event, Pack, PackKind, PackRow, PackState, Plan, code},
    refusal::Code,
    role::Role::{Bizsup, Records, TeamLeaderSite, Transport},
    row::Row,
    text::Short,
};

use super::{Decision, Fold, Plans, Said, one, refuse};
use crate::{
    context::Context,
    privacy::protected,
    rights::Needs,
    room::{Room, Touched},
};

/// A pack and its holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PackHeld {
    pub(crate) pack: Pack,
    pub(crate) kind: PackKind,
    pub(crate) printed_at: Time,
    pub(crate) printed_by: Actor,
    pub(crate) state: PackState,
    pub(crate) held_by: Option<Short>,
    pub(crate) since: Time,
}

/// Packs.
pub(crate) struct Packs;

impl Plans for Packs {
    type Plan = Plan;

    fn needs(plan: &Plan) -> Needs {
        match plan {
            Plan::Print { .. } => {
                Needs::write(&[Class::Exp], &[Bizsup, Records, Transport, TeamLeaderSite])
            }
            Plan::Account { .. } => Needs::add(&[Class::Log]),
        }
    }

    fn decide(room: &Room, _by: &Context, plan: &Plan) -> Decision {
        match plan {
            Plan::Print { pack, people, held_by } => print(room, *pack, people, held_by.as_ref()),
            Plan::Account { packs, state, held_by } => {
                account(room, packs, *state, held_by.as_ref())
            }
        }
    }
}

/// Numbers the packs being printed.
fn print(room: &Room, kind: PackKind, people: &[PersonId], held_by: Option<&Short>) -> Decision {
    let people: Vec<Option<PersonId>> = match kind {
        PackKind::Person if people.is_empty() || people.len() > NAMED_MAX => {
            return refuse(Code::Value, "name one to fifty people whose packs are printed");
        }
        PackKind::Person => {
            let known = people.iter().map(|id| room.known(*id).map(|person| Some(person.id)));
            known.collect::<Result<_, _>>()?
        }
        PackKind::SignInSheet | PackKind::Roster if people.is_empty() => vec![None],
        PackKind::SignInSheet | PackKind::Roster => {
            return refuse(Code::Value, "this sheet is about nobody in particular");
        }
    };
    if room.packs.len() + people.len() > PACKS_MAX {
        return refuse(Code::Full, "the room numbers no further packs");
    }
    let numbers = (room.packs.len() + 1..).filter_map(|number| u32::try_from(number).ok());
    let numbered = numbers.zip(people).map(|(number, person)| Pack { number, person });
    let packs = numbered.collect();
    Ok(one(Event::Printed { pack: kind, packs, held_by: held_by.cloned() }))
}

/// Records the state of packs.
fn account(room: &Room, packs: &[u32], state: PackState, held_by: Option<&Short>) -> Decision {
    if packs.is_empty() || packs.len() > NAMED_MAX {
        return refuse(Code::Value, "name one to fifty packs");
    }
    if let Some(number) = packs.iter().find(|number| held(room, **number).is_none()) {
        return refuse(Code::Unknown, format!("pack {number} was not printed from this room"));
    }
    if let Some(held_by) = held_by {
        protected::packs_say_no_home(room, packs, held_by.as_str())?;
    }
    let held_by = held_by.cloned();
    Ok(one(Event::AccountedFor { packs: packs.to_vec(), state, held_by }))
}

impl Fold for Packs {
    type Event = Event;

    fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::Printed { pack: kind, packs, held_by } => {
                for pack in packs {
                    room.packs.push(PackHeld {
                        pack: *pack,
                        kind: *kind,
                        printed_at: entry.happened(),
                        printed_by: entry.actor,
                        state: PackState::Out,
                        held_by: held_by.clone(),
                        since: entry.happened(),
                    });
                    touched.insert(Key::Pack(pack.number));
                }
            }
            Event::AccountedFor { packs, state, held_by } => {
                for number in packs {
                    let place = usize::try_from(*number).ok().and_then(|n| n.checked_sub(1));
                    let Some(held) = place.and_then(|at| room.packs.get_mut(at)) else { continue };
                    held.state = *state;
                    held.held_by.clone_from(held_by);
                    held.since = entry.happened();
                    touched.insert(Key::Pack(*number));
                }
            }
        }
    }

    fn line(room: &Room, event: &Event) -> Option<Said> {
        match event {
            Event::Printed { pack, packs, held_by } => {
                let numbers: Vec<u32> = packs.iter().map(|pack| pack.number).collect();
                let held = held_by.as_ref().map(|held| format!(", held by {}", held.as_str()));
                let what = match pack {
                    PackKind::Person => "person packs",
                    PackKind::SignInSheet => "sign-in sheet",
                    PackKind::Roster => "roster",
                };
                let (codes, held) = (codes(&numbers), held.unwrap_or_default());
                let speaks_of = packs.iter().filter_map(|pack| pack.person).collect();
                Some(Said { speaks_of, ..Said::new(format!("Printed {what}: {codes}{held}.")) })
            }
            Event::AccountedFor { packs, state, held_by } => {
                let people = packs.iter().filter_map(|number| held(room, *number)?.pack.person);
                let speaks_of = people.collect();
                let by = held_by.as_ref().map(|held| format!(" ({})", held.as_str()));
                let (by, codes) = (by.unwrap_or_default(), codes(packs));
                let said = match state {
                    PackState::Out => Said::new(format!("Packs out{by}: {codes}.")),
                    PackState::WithCrew => Said::new(format!("Packs with a crew{by}: {codes}.")),
                    PackState::Returned => Said::new(format!("Packs back{by}: {codes}.")),
                    PackState::Destroyed => Said::new(format!("Packs destroyed{by}: {codes}.")),
                    PackState::Lost => {
                        Said::new(format!("Near miss: packs lost{by}: {codes}. Lead told."))
                            .alarm(AlarmKind::PackLost)
                    }
                };
                Some(Said { speaks_of, ..said })
            }
        }
    }

    fn merged(room: &mut Room, from: PersonId, into: PersonId, touched: &mut Touched) {
        for held in room.packs.iter_mut().filter(|held| held.pack.person == Some(from)) {
            held.pack.person = Some(into);
            touched.insert(Key::Pack(held.pack.number));
        }
    }
}

/// Returns a pack by its number.
pub(crate) fn held(room: &Room, number: u32) -> Option<&PackHeld> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    room.packs.get(place)
}

/// Returns the short codes of packs; a consecutive run as its first and last.
fn codes(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
            Some(_) | None => runs.push((*number, *number)),
        }
    }
    let said = runs.into_iter().map(|(first, last)| {
        if first == last { code(first) } else { format!("{} to {}", code(first), code(last)) }
    });
    said.collect::<Vec<_>>().join(", ")
}

/// Returns the keys of packs.
pub(crate) fn keys(room: &Room, keys: &mut Touched) {
    keys.extend(room.packs.iter().map(|held| Key::Pack(held.pack.number)));
}

/// Returns a pack's row.
pub(crate) fn row(room: &Room, number: u32) -> Option<Row> {
    let held = held(room, number)?;
    Some(Row::Pack(PackRow {
        number,
        code: code(number),
        pack: held.kind,
        person: held.pack.person,
        printed_at: held.printed_at,
        printed_by: held.printed_by,
        state: held.state,
        held_by: protected::pack_holder(room, held),
        since: held.since,
    }))
}
