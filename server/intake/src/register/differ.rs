//! Differences between the list and the room about one person. A blank cell in the list is not a difference:
//! it never clears a value.

use proto::{
    details::{Group, PersonChange},
    intake::{Enrolled, IntakeDifference},
    person::{Funding, NextOfKin},
    text::Text,
};

use crate::{cell::fold, funding::word_of};

/// A field as text: its name, its group, the room's value, the list's value.
type Words = (&'static str, Group, Option<String>, Option<String>);

/// Returns the fields that differ, each selected unless it was edited by hand in the room.
pub(super) fn fields(person: &Enrolled, list: &PersonChange) -> Vec<IntakeDifference> {
    let mut fields = Vec::new();
    for (field, group, room, said) in words(&person.details, list) {
        let Some(said) = said.filter(|_| !person.unread.contains(&group)) else { continue };
        let is_same = room.as_deref().is_some_and(|room| fold(room) == fold(&said));
        let is_alias = field == "name"
            && person.aliases.iter().any(|alias| fold(alias.as_str()) == fold(&said));
        if !is_same && !is_alias {
            let by_hand = person.edited.contains(&group);
            let field = field.to_owned();
            fields.push(IntakeDifference { field, room, list: said, by_hand, take: !by_hand });
        }
    }
    fields
}

/// Returns every field as text.
fn words(room: &PersonChange, list: &PersonChange) -> Vec<Words> {
    /// Returns the wire name of a value, with spaces.
    fn word<T: serde::Serialize>(value: Option<&T>) -> Option<String> {
        let value = serde_json::to_value(value?).ok()?;
        value.as_str().map(|word| word.replace('_', " "))
    }
    /// Returns a text as it is.
    fn text<const N: usize>(value: Option<&Text<N>>) -> Option<String> {
        value.map(|text| text.as_str().to_owned())
    }
    let both = |of: &dyn Fn(&PersonChange) -> Option<String>| (of(room), of(list));
    let all = [
        ("name", Group::Name, both(&|p| text(p.name.as_ref()))),
        ("known_as", Group::Name, both(&|p| text(p.known_as.as_ref()))),
        (
            "date_of_birth",
            Group::Identity,
            both(&|p| p.date_of_birth.as_ref().map(|d| d.as_str().to_owned())),
        ),
        (
            "nhs_number",
            Group::Identity,
            both(&|p| p.nhs_number.as_ref().map(|n| n.as_str().to_owned())),
        ),
        ("wristband", Group::Identity, both(&|p| text(p.wristband.as_ref()))),
        ("bedroom", Group::Bedroom, both(&|p| p.bedroom.as_ref().map(|b| b.as_str().to_owned()))),
        ("mobility", Group::Handling, both(&|p| word(p.mobility.as_ref()))),
        (
            "marks",
            Group::Handling,
            both(&|p| p.marks.filter(|m| m.frail).map(|_| "very frail".to_owned())),
        ),
        ("care", Group::Needs, both(&|p| word(p.care.as_ref()))),
        ("needs", Group::Needs, both(&|p| text(p.needs.as_ref()))),
        ("funding", Group::Funding, both(&|p| p.funding.as_ref().and_then(pays))),
        ("handle_safely", Group::HandleSafely, both(&|p| text(p.handle_safely.as_ref()))),
        ("keep_together", Group::KeepTogether, both(&|p| text(p.keep_together.as_ref()))),
        ("next_of_kin", Group::Circle, both(&|p| p.next_of_kin.as_ref().map(kin))),
        ("notes", Group::Notes, both(&|p| text(p.notes.as_ref()))),
    ];
    all.into_iter().map(|(field, group, (room, list))| (field, group, room, list)).collect()
}

/// Formats the provider's words for the funding source, with their meaning.
fn pays(funding: &Funding) -> Option<String> {
    let claimed = funding.claimed_by_provider.as_ref()?.as_str();
    Some(match funding.provider_source {
        Some(source) => format!("{claimed} ({})", word_of(source)),
        None => claimed.to_owned(),
    })
}

/// Formats the next of kin in one line.
fn kin(kin: &NextOfKin) -> String {
    let relation = kin.relation.as_ref().map(Text::as_str);
    let telephone = kin.telephone.as_ref().map(Text::as_str);
    let parts = [Some(kin.name.as_str()), relation, telephone];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Returns the change that takes these fields.
pub(super) fn taken(
    person: &Enrolled,
    list: &PersonChange,
    fields: &[IntakeDifference],
) -> PersonChange {
    /// Returns the value if it is taken.
    fn of<T: Clone>(is: bool, value: Option<&T>) -> Option<T> {
        value.filter(|_| is).cloned()
    }
    let takes = |name: &str| fields.iter().any(|field| field.take && field.field == name);
    let mut marks = of(takes("marks"), list.marks.as_ref());
    if let (Some(marks), Some(room)) = (&mut marks, person.details.marks) {
        (marks.two_person, marks.equipment) = (room.two_person, room.equipment);
    }
    let mut funding = of(takes("funding"), list.funding.as_ref());
    if let (Some(funding), Some(room)) = (&mut funding, &person.details.funding) {
        // The list knows only the provider's word; recorded and agreed values stay.
        let said = std::mem::replace(funding, room.clone());
        funding.claimed_by_provider = said.claimed_by_provider;
        funding.provider_source = said.provider_source;
    }
    PersonChange {
        name: of(takes("name"), list.name.as_ref()),
        known_as: of(takes("known_as"), list.known_as.as_ref()),
        date_of_birth: of(takes("date_of_birth"), list.date_of_birth.as_ref()),
        nhs_number: of(takes("nhs_number"), list.nhs_number.as_ref()),
        wristband: of(takes("wristband"), list.wristband.as_ref()),
        bedroom: of(takes("bedroom"), list.bedroom.as_ref()),
        mobility: of(takes("mobility"), list.mobility.as_ref()),
        care: of(takes("care"), list.care.as_ref()),
        funding,
        needs: of(takes("needs"), list.needs.as_ref()),
        handle_safely: of(takes("handle_safely"), list.handle_safely.as_ref()),
        marks,
        keep_together: of(takes("keep_together"), list.keep_together.as_ref()),
        next_of_kin: of(takes("next_of_kin"), list.next_of_kin.as_ref()),
        notes: of(takes("notes"), list.notes.as_ref()),
    }
}
