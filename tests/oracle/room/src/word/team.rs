//! The log's words about the team: covers, the door, help, paper.

use proto::{
    event::Event,
    help::HelpKind,
    id::HelpId,
    pack::{PackKind, PackState, code},
};

use crate::state::Room;

impl Room {
    /// Returns what an event about covers and the door says.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others speak of something else")]
    pub(super) fn say_of_team(&self, event: &Event) -> Option<String> {
        Some(match event {
            Event::CoverTaken { member, by } => {
                format!("{} covers for {}.", self.named(*by), self.named(*member))
            }
            Event::CoverEnded { member, by, timed_out } => {
                let (by, member) = (self.named(*by), self.named(*member));
                let why = if *timed_out { " after twelve hours" } else { "" };
                format!("{by} covers for {member} no longer{why}.")
            }
            Event::MembersExpected { members } => {
                format!("The roster expects {}.", people(members.len()))
            }
            Event::ExpectingStopped { .. } => "The roster expects one person less.".to_owned(),
            Event::DoorOpened { .. } => "The door was opened by a code.".to_owned(),
            Event::DoorClosed => "The door was closed.".to_owned(),
            Event::AskedAtDoor { profile, .. } => {
                format!("{} asks at the door to come in.", profile.name.as_str())
            }
            Event::TurnedAway { name, why, .. } => {
                format!("{} was turned away at the door: {}.", name.as_str(), why.as_str())
            }
            _ => return None,
        })
    }

    /// Returns what an event about a call for help says.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others speak of something else")]
    pub(super) fn say_of_help(&self, event: &Event) -> Option<String> {
        Some(match event {
            Event::HelpCalled { member, help, person, place, .. } => {
                let about = person.map(|person| format!(", about {}", self.called(person)));
                let place = place.as_ref().map(|place| format!(", {}", place.as_str()));
                let (about, place) = (about.unwrap_or_default(), place.unwrap_or_default());
                format!("HELP: {} calls: {}{about}{place}.", self.named(*member), words(*help))
            }
            Event::HelpAnswered { call, by } => {
                format!("{} answers the call for help of {}.", self.named(*by), self.caller(*call))
            }
            Event::HelpEnded { member, words, .. } => {
                format!("The call for help of {} ended: {}.", self.named(*member), words.as_str())
            }
            _ => return None,
        })
    }

    /// Returns the name of who calls.
    fn caller(&self, call: HelpId) -> String {
        self.help.get(&call).map_or_else(|| "somebody".to_owned(), |call| self.named(call.member))
    }
}

/// Returns what an event about paper packs says.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others speak of something else")]
pub(super) fn say_of_packs(event: &Event) -> Option<String> {
    Some(match event {
        Event::PacksPrinted { pack, packs, held_by } => {
            let numbers: Vec<u32> = packs.iter().map(|pack| pack.number).collect();
            let held = held_by.as_ref().map(|held| format!(", held by {}", held.as_str()));
            let what = match pack {
                PackKind::Person => "person packs",
                PackKind::SignInSheet => "sign-in sheet",
                PackKind::Roster => "roster",
            };
            format!("Printed {what}: {}{}.", codes(&numbers), held.unwrap_or_default())
        }
        Event::PacksAccountedFor { packs, state, held_by } => {
            let held = held_by.as_ref().map(|held| format!(" ({})", held.as_str()));
            let held = held.unwrap_or_default();
            match state {
                PackState::Out => format!("Packs out{held}: {}.", codes(packs)),
                PackState::WithCrew => format!("Packs with a crew{held}: {}.", codes(packs)),
                PackState::Returned => format!("Packs back{held}: {}.", codes(packs)),
                PackState::Destroyed => format!("Packs destroyed{held}: {}.", codes(packs)),
                PackState::Lost => {
                    format!("Near miss: packs lost{held}: {}. Lead told.", codes(packs))
                }
            }
        }
        _ => return None,
    })
}

/// Returns the short codes of packs; a run of them by its first and last.
fn codes(numbers: &[u32]) -> String {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*number) => *last = *number,
            Some(_) | None => runs.push((*number, *number)),
        }
    }
    let said: Vec<String> =
        runs.into_iter()
            .map(|(first, last)| {
                if first == last {
                    code(first)
                } else {
                    format!("{} to {}", code(first), code(last))
                }
            })
            .collect();
    said.join(", ")
}

fn people(count: usize) -> String {
    if count == 1 { "one person".to_owned() } else { format!("{count} people") }
}

/// Returns the words of a call's kind.
const fn words(help: HelpKind) -> &'static str {
    match help {
        HelpKind::ResidentUnwell => "resident unwell, 999",
        HelpKind::NotSafe => "I am not safe",
        HelpKind::NeedTheRoom => "I need the room",
    }
}
