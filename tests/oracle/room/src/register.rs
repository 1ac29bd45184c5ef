//! The register: who is on it, edits on old ground, merges (PROCEDURE 3.5, DESIGN 4.1).

use proto::{
    event::Event,
    id::{CommandId, PersonId, Seq},
    limit::PEOPLE_MAX,
    person::{Group, IdentifiedBy, OpenQuestion, PersonChange},
    refusal::{Code, Refusal, Unmet},
    text::{Bedroom, Line},
    transfer::PlaceNow,
};

use crate::{
    context::Context,
    fact::late_evidence,
    gate::{self, Asked},
    person::{Done, Person},
    reference,
    state::Room,
};

impl Room {
    /// Returns the person a plan names, or the refusal that they are not on this register.
    pub(crate) fn known(&self, person: PersonId) -> Result<&Person, Refusal> {
        self.person(person)
            .ok_or_else(|| Refusal::new(Code::Unknown, "nobody on this register has that id"))
    }

    /// Puts somebody on the register and draws their reference.
    pub(crate) fn decide_register(
        &self,
        context: &Context,
        person: PersonId,
        details: &PersonChange,
        questions: &[OpenQuestion],
    ) -> Result<Vec<Event>, Refusal> {
        if self.people.contains_key(&person) || self.merged.contains_key(&person) {
            return Err(Refusal::new(Code::Already, "this person is on the register"));
        }
        if details.name.is_none() {
            return Err(Refusal::new(Code::Value, "a person on the register needs a name"));
        }
        // References are never reused: people merged away count against the room too.
        if self.references.len() >= PEOPLE_MAX {
            return Err(Refusal::new(Code::Full, "the register has as many people as it takes"));
        }
        let is_bedroom =
            |one: &Bedroom| self.bedrooms.contains(one) || details.bedroom.as_ref() == Some(one);
        let reference = reference::draw(context.dice, &self.references, is_bedroom)
            .ok_or_else(|| Refusal::new(Code::Full, "no reference is left"))?;
        let mut questions = questions.to_vec();
        questions.sort_unstable();
        questions.dedup();
        let details = Box::new(details.clone());
        Ok(vec![Event::ServiceUserRegistered { person, reference, details, questions }])
    }

    /// Returns the entry that an edit rests on. Whoever claims to have seen what is not written has seen nothing:
    /// everything that another device changed is set against their edit (P-55).
    pub(crate) fn seen(&self, context: &Context) -> Result<Seq, Refusal> {
        match (context.based_on, context.device) {
            (Some(seen), _) if seen <= self.head => Ok(seen),
            (Some(_), _) => Ok(Seq::default()),
            (None, None) => Ok(self.head),
            (None, Some(_)) => {
                let words = "an edit says which entry its author saw (based_on)";
                Err(Refusal::new(Code::Value, words))
            }
        }
    }

    /// Edits groups of fields. A group that another device changed after what the author saw is set
    /// aside, both values kept; the others are taken.
    pub(crate) fn decide_change(
        &self,
        context: &Context,
        id: PersonId,
        change: &PersonChange,
    ) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        let groups = change.groups();
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        let seen = self.seen(context)?;
        let is_stale = |at: Seq, device: Option<_>| at > seen && device != context.device;
        let is_set_aside = |group: Group| {
            let last = person.edited.get(&group).copied();
            last.is_some_and(|(at, device)| is_stale(at, device))
                && person.details.only(group) != change.only(group)
        };
        let mut taken = PersonChange::default();
        let (mut mine, mut stands) = (PersonChange::default(), PersonChange::default());
        let mut aside = Vec::new();
        for group in groups {
            if is_set_aside(group) {
                mine.take(change.only(group));
                stands.take(person.details.only(group));
                aside.push(group);
            } else {
                taken.take(change.only(group));
            }
        }
        let mut events = Vec::new();
        if taken != PersonChange::default() {
            let change = Box::new(taken);
            events.push(Event::ServiceUserChanged { person: person.id, change });
        }
        if !aside.is_empty() {
            let (mine, stands) = (Box::new(mine), Box::new(stands));
            events.push(Event::EditSetAside { person: person.id, groups: aside, mine, stands });
        }
        Ok(events)
    }

    /// Decides an edit that was set aside.
    pub(crate) fn decide_settle_edit(
        &self,
        edit: CommandId,
        take: bool,
    ) -> Result<Vec<Event>, Refusal> {
        if !self.edits.contains_key(&edit) {
            return Err(Refusal::new(Code::Unknown, "no such edit waits for a decision"));
        }
        Ok(vec![Event::EditSettled { edit, take }])
    }

    /// Answers a question that the import left open.
    pub(crate) fn decide_settle_question(
        &self,
        id: PersonId,
        question: OpenQuestion,
        why: &Line,
    ) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        if !person.questions.contains(&question) {
            return Err(Refusal::new(Code::Already, "this question is not open"));
        }
        Ok(vec![Event::QuestionSettled { person: person.id, question, why: why.clone() }])
    }

    /// Records that two rows are one person.
    pub(crate) fn decide_merge(
        &self,
        from: PersonId,
        into: PersonId,
        why: &Line,
    ) -> Result<Vec<Event>, Refusal> {
        let (gone, stays) = (self.known(from)?, self.known(into)?);
        if gone.id == stays.id {
            return Err(Refusal::new(Code::Already, "these are one person on the register"));
        }
        if gone.place != PlaceNow::AtTheHome && gone.place != stays.place {
            let words = "the two are in different places: settle where the person is first";
            return Err(Refusal::new(Code::NotNow, words));
        }
        let (from, into) = (gone.id, stays.id);
        Ok(vec![Event::ServiceUsersMerged { from, into, why: why.clone() }])
    }

    /// Confirms somebody on the register by two identifiers, no question of a duplicate open (G1).
    pub(crate) fn decide_confirm(
        &self,
        context: &Context,
        id: PersonId,
        identified_by: &[IdentifiedBy],
    ) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        let mut by = identified_by.to_vec();
        by.sort_unstable();
        by.dedup();
        by.retain(|identifier| has(person, *identifier));
        let missing = if person.questions.contains(&OpenQuestion::Duplicate) {
            Some("may be listed twice; decide that first".to_owned())
        } else if by.len() < 2 {
            Some("two identifiers that the register holds are needed".to_owned())
        } else {
            None
        };
        if let Some(missing) =
            missing.filter(|_| !gate::passed(person, Asked::OnTheList.gate(), context.now))
        {
            let gate = Asked::OnTheList.gate();
            let (owner, may_pass) = (gate::owner(gate), gate::may_pass(gate));
            let head = format!("Confirm {}", person.reference.as_str());
            return Err(gate::refuse(&head, vec![Unmet { gate, missing, owner, may_pass }]));
        }
        let mut events = vec![Event::ServiceUserConfirmed { person: person.id, identified_by: by }];
        let confirmed = Some(Done { at: context.happened(), by: None });
        let then = Person { confirmed, ..person.clone() };
        events.extend(late_evidence(&then, Asked::OnTheList.gate()));
        Ok(events)
    }
}

/// Tells whether the register holds something to compare an identifier with.
fn has(person: &Person, identifier: IdentifiedBy) -> bool {
    let details = &person.details;
    match identifier {
        IdentifiedBy::Name => details.name.is_some(),
        IdentifiedBy::DateOfBirth => details.date_of_birth.is_some(),
        IdentifiedBy::NhsNumber => details.nhs_number.is_some(),
        IdentifiedBy::Wristband => details.wristband.is_some(),
        IdentifiedBy::Bedroom => details.bedroom.is_some(),
        IdentifiedBy::Photograph => true,
    }
}
