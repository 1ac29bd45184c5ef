//! Paper packs: numbered as they are printed, and accounted for until they are back or destroyed (R53).

use proto::{
    entry::Entry,
    event::Event,
    id::{PersonId, Time},
    key::Key,
    limit::{NAMED_MAX, PACKS_MAX},
    member::Actor,
    pack::{Pack, PackKind, PackState},
    refusal::{Code, Refusal},
    text::Short,
};

use crate::state::{Room, Touched};

/// A pack, and where it is.
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

impl Room {
    /// Numbers the packs that are printed.
    pub(crate) fn decide_print(
        &self,
        kind: PackKind,
        people: &[PersonId],
        held_by: Option<&Short>,
    ) -> Result<Vec<Event>, Refusal> {
        let people: Vec<Option<PersonId>> = match kind {
            PackKind::Person if people.is_empty() || people.len() > NAMED_MAX => {
                let words = "name one to fifty people whose packs are printed";
                return Err(Refusal::new(Code::Value, words));
            }
            PackKind::Person => {
                let known = people.iter().map(|id| self.known(*id).map(|person| Some(person.id)));
                known.collect::<Result<_, _>>()?
            }
            PackKind::SignInSheet | PackKind::Roster if people.is_empty() => vec![None],
            PackKind::SignInSheet | PackKind::Roster => {
                return Err(Refusal::new(Code::Value, "this sheet is about nobody in particular"));
            }
        };
        if self.packs.len() + people.len() > PACKS_MAX {
            return Err(Refusal::new(Code::Full, "the room numbers no further packs"));
        }
        let numbers = (self.packs.len() + 1..).filter_map(|number| u32::try_from(number).ok());
        let numbered = numbers.zip(people).map(|(number, person)| Pack { number, person });
        let packs = numbered.collect();
        Ok(vec![Event::PacksPrinted { pack: kind, packs, held_by: held_by.cloned() }])
    }

    /// Says where packs are.
    pub(crate) fn decide_account(
        &self,
        packs: &[u32],
        state: PackState,
        held_by: Option<&Short>,
    ) -> Result<Vec<Event>, Refusal> {
        if packs.is_empty() || packs.len() > NAMED_MAX {
            return Err(Refusal::new(Code::Value, "name one to fifty packs"));
        }
        if let Some(number) = packs.iter().find(|number| self.pack(**number).is_none()) {
            let words = format!("pack {number} was not printed from this room");
            return Err(Refusal::new(Code::Unknown, words));
        }
        if let Some(held_by) = held_by {
            self.packs_say_no_home(packs, held_by.as_str())?;
        }
        let held_by = held_by.cloned();
        Ok(vec![Event::PacksAccountedFor { packs: packs.to_vec(), state, held_by }])
    }

    /// Applies what is about packs.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only the packs' own events come here")]
    pub(crate) fn apply_packs(&mut self, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::PacksPrinted { pack: kind, packs, held_by } => {
                for pack in packs {
                    self.packs.push(PackHeld {
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
            Event::PacksAccountedFor { packs, state, held_by } => {
                for number in packs {
                    let place = usize::try_from(*number).ok().and_then(|n| n.checked_sub(1));
                    let Some(held) = place.and_then(|at| self.packs.get_mut(at)) else { continue };
                    held.state = *state;
                    held.held_by.clone_from(held_by);
                    held.since = entry.happened();
                    touched.insert(Key::Pack(*number));
                }
            }
            _ => {}
        }
    }

    /// Returns a pack by its number.
    pub(crate) fn pack(&self, number: u32) -> Option<&PackHeld> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.packs.get(place)
    }
}
