//! How entries change service users. Every change goes through [`Room::change_person`], which keeps the
//! census and the pace: nothing else touches a person.

use std::collections::BTreeSet;

use proto::{
    entry::Entry,
    event::Event,
    id::PersonId,
    key::Key,
    member::Actor,
    person::{OpenQuestion, PersonChange},
    row::person::OpenTrouble,
    transfer::{Breach, BreachState, Pass, PlaceNow},
};

use crate::{
    census::{Moved, Share},
    likeness,
    person::{Done, Person},
    place::change_place,
    protection::{change_protections, whereto},
    shown::calls,
    state::{Room, Touched},
};

impl Room {
    /// Changes a person and keeps what is counted and marked from them.
    pub(crate) fn change_person(
        &mut self,
        entry: &Entry,
        id: PersonId,
        touched: &mut Touched,
        change: impl FnOnce(&mut Person),
    ) {
        let id = self.stands_for(id);
        let Some(mut person) = self.people.remove(&id) else { return };
        let before = Share::of(&person);
        let keys_before = likeness::keys(&person.details);
        let to_before = whereto(&person);
        let called_before = calls(&person);
        change(&mut person);
        if whereto(&person) != to_before {
            person.card = entry.seq;
        }
        if person.is_protected() {
            self.protected.insert(id);
        } else {
            self.protected.remove(&id);
        }
        let after = Share::of(&person);
        let keys_after = likeness::keys(&person.details);
        self.census.take(&before);
        self.census.put(&after);
        touched.insert(Key::Person(id));
        Self::touch_counts(Some(&before), Some(&after), touched);
        if before.place != after.place {
            let (from, to) = (before.place, after.place);
            let moved = Moved::Between { from, to, left: !before.has_left && after.has_left };
            let quarter = self.census.keep_pace(entry.at, moved);
            touched.insert(Key::Pace(quarter));
            if matches!(after.place, PlaceNow::AtTheHome | PlaceNow::BeingConfirmed) {
                self.reopen_premises(touched);
            }
        }
        self.bedrooms.extend(person.details.bedroom.clone());
        let called = calls(&person);
        self.people.insert(id, person);
        if called != called_before {
            self.rename(&called_before, &called, touched);
        }
        if keys_before != keys_after {
            self.unmark(id, &keys_before, touched);
            self.mark(id, &keys_after, touched);
        }
    }

    /// Marks the rows that count what a person adds, where that changed.
    fn touch_counts(before: Option<&Share>, after: Option<&Share>, touched: &mut Touched) {
        if before != after {
            touched.insert(Key::Census);
        }
        let gates = |share: Option<&Share>| {
            let share = share?;
            let any = !share.breaches.is_empty() || !share.passes.is_empty();
            any.then(|| (share.breaches.clone(), share.passes.clone()))
        };
        if gates(before) != gates(after) {
            touched.insert(Key::Gates);
        }
        let planned = |share: Option<&Share>| share.and_then(|share| share.planned);
        if planned(before) != planned(after) {
            touched.extend(planned(before).into_iter().chain(planned(after)).map(Key::Planned));
        }
    }

    /// Puts a person under their likeness keys; whoever was alone there is touched.
    fn mark(&mut self, id: PersonId, keys: &[String], touched: &mut Touched) {
        for key in keys {
            let class = self.likenesses.entry(key.clone()).or_default();
            if class.len() == 1 {
                touched.extend(class.first().copied().map(Key::Person));
            }
            class.insert(id);
        }
    }

    /// Takes a person from under their likeness keys; whoever is alone there afterwards is touched.
    fn unmark(&mut self, id: PersonId, keys: &[String], touched: &mut Touched) {
        for key in keys {
            let Some(class) = self.likenesses.get_mut(key) else { continue };
            class.remove(&id);
            if class.len() == 1 {
                touched.extend(class.first().copied().map(Key::Person));
            }
        }
    }

    /// Applies what is about service users.
    #[expect(clippy::wildcard_enum_match_arm, reason = "`apply_event` names the others")]
    pub(crate) fn apply_person(&mut self, entry: &Entry, event: &Event, touched: &mut Touched) {
        match event {
            Event::ServiceUserRegistered { person, reference, details, questions } => {
                let (reference, questions) = (reference.clone(), questions.clone());
                let details = (**details).clone();
                let fresh = Person::new(*person, reference, details, questions, entry.seq);
                self.put_on_register(entry, fresh, touched);
            }
            Event::ServiceUsersMerged { from, into, .. } => {
                self.apply_merge(entry, *from, *into, touched);
            }
            Event::EditSettled { edit, take } => {
                let Some(settled) = self.edits.remove(edit) else { return };
                touched.insert(Key::Edit(*edit));
                if *take {
                    self.apply_edit(entry, settled.person, &settled.mine, touched);
                }
            }
            Event::ServiceUserChanged { person, change } => {
                self.apply_edit(entry, *person, change, touched);
            }
            Event::GatePassed { gate, people, reason, until } => {
                let Actor::Member(by) = entry.actor else { return };
                let (at, gate, until) = (entry.at, *gate, *until);
                for person in people {
                    self.change_person(entry, *person, touched, |person| {
                        let pass = Pass { gate, reason: reason.clone(), by, at, until };
                        person.passes.insert(gate, pass);
                    });
                }
            }
            other => {
                let Some(person) = other.about() else { return };
                self.change_person(entry, person, touched, |person| {
                    change_tracks(person, entry, other);
                    change_place(person, entry, other);
                    change_protections(person, entry, other);
                });
            }
        }
    }

    /// Puts somebody on the register.
    fn put_on_register(&mut self, entry: &Entry, person: Person, touched: &mut Touched) {
        let id = person.id;
        let share = Share::of(&person);
        self.census.put(&share);
        let quarter = self.census.keep_pace(entry.at, Moved::Registered);
        touched.extend([Key::Person(id), Key::Census, Key::Pace(quarter)]);
        self.references.insert(person.reference.clone());
        self.bedrooms.extend(person.details.bedroom.clone());
        let keys = likeness::keys(&person.details);
        self.rename(&BTreeSet::new(), &calls(&person), touched);
        self.people.insert(id, person);
        self.mark(id, &keys, touched);
        self.reopen_premises(touched);
    }

    /// Takes fields over and marks who changed which group.
    fn apply_edit(
        &mut self,
        entry: &Entry,
        id: PersonId,
        change: &PersonChange,
        touched: &mut Touched,
    ) {
        self.change_person(entry, id, touched, |person| {
            for group in change.groups() {
                person.edited.insert(group, (entry.seq, entry.device));
            }
            person.details.take(change.clone());
            person.card = entry.seq;
        });
    }

    /// Makes two rows one person: the register is one lower, and the other spelling stays as an alias.
    fn apply_merge(
        &mut self,
        entry: &Entry,
        from: PersonId,
        into: PersonId,
        touched: &mut Touched,
    ) {
        let (from, into) = (self.stands_for(from), self.stands_for(into));
        if from == into || !self.people.contains_key(&into) {
            return;
        }
        let Some(gone) = self.people.remove(&from) else { return };
        self.protected.remove(&from);
        let share = Share::of(&gone);
        self.census.take(&share);
        self.census.note_merge(entry.at);
        Self::touch_counts(Some(&share), None, touched);
        self.unmark(from, &likeness::keys(&gone.details), touched);
        self.rename(&calls(&gone), &BTreeSet::new(), touched);
        for older in self.merged.values_mut().filter(|older| **older == from) {
            *older = into;
        }
        self.merged.insert(from, into);
        self.hand_over(from, into, touched);
        let quarter = self.census.keep_pace(entry.at, Moved::Merged);
        touched.extend([Key::Person(from), Key::Pace(quarter)]);
        self.change_person(entry, into, touched, |person| {
            person.questions.retain(|question| *question != OpenQuestion::Duplicate);
            let gone_names = gone.details.name.into_iter().chain(gone.details.known_as);
            let known = [person.details.name.clone(), person.details.known_as.clone()];
            let names = gone_names.chain(gone.aliases);
            person.aliases.extend(names.filter(|name| !known.iter().flatten().any(|n| n == name)));
            // Whoever may not be told of one may not be told of both.
            person.protections.extend(gone.protections);
            person.card = entry.seq;
        });
    }

    /// Hands what speaks of somebody merged away over to the one who stands for them.
    fn hand_over(&mut self, from: PersonId, into: PersonId, touched: &mut Touched) {
        for (id, edit) in self.edits.iter_mut().filter(|(_, edit)| edit.person == from) {
            edit.person = into;
            touched.insert(Key::Edit(*id));
        }
        for (id, call) in self.help.iter_mut().filter(|(_, call)| call.person == Some(from)) {
            call.person = Some(into);
            touched.insert(Key::Help(*id));
        }
        for held in self.packs.iter_mut().filter(|held| held.pack.person == Some(from)) {
            held.pack.person = Some(into);
            touched.insert(Key::Pack(held.pack.number));
        }
    }
}

/// Returns the mark of something done by this entry.
fn done(entry: &Entry) -> Done {
    let by = match entry.actor {
        Actor::Member(member) => Some(member),
        Actor::Screen | Actor::System | Actor::Importer => None,
    };
    Done { at: entry.happened(), by }
}

/// Changes the tracks: what is known, planned, checked, passed and answered for.
#[expect(clippy::wildcard_enum_match_arm, reason = "facts about the place are the other half")]
fn change_tracks(person: &mut Person, entry: &Entry, event: &Event) {
    let done = done(entry);
    match event {
        Event::QuestionSettled { question, .. } => person.questions.retain(|open| open != question),
        Event::ServiceUserConfirmed { .. } => person.confirmed = Some(done),
        Event::WorkerNamed { worker, .. } => person.worker = worker.map(|worker| (worker, done)),
        Event::ServiceUserRated { rating, reason, .. } => {
            person.rating = Some((*rating, reason.clone()));
        }
        Event::NeedsAssessed { .. } => person.assessed = Some(done),
        Event::PlaceAccepted { home, .. } => {
            if person.destination.map(|(home, _)| home) != Some(*home) {
                person.ready = None;
                person.cleared = None;
            }
            person.destination = Some((*home, done));
            if person.place == PlaceNow::OnTheWay {
                person.claimed = None;
                person.to_confirm = false;
            }
        }
        Event::PlaceGivenUp { .. } => {
            (person.destination, person.ready, person.cleared) = (None, None, None);
        }
        Event::JourneyBooked { journey, .. } => person.journey = Some((journey.clone(), done)),
        Event::ServiceUserReady { .. } => person.ready = Some(done),
        Event::ClearedToLeave { .. } => person.cleared = Some(done),
        Event::ArrivalConfirmed { .. } => {
            person.arrival = Some(done);
            person.to_confirm = false;
        }
        Event::SidePlanStarted { plan, .. } => {
            person.sides.insert(plan.side, plan.clone());
        }
        Event::SidePlanEnded { side, .. } => {
            person.sides.remove(side);
        }
        Event::GateBreached { gate, owner, .. } => person.breaches.push(Breach {
            fact: entry.seq,
            gate: *gate,
            at: entry.happened(),
            owner: *owner,
            state: BreachState::Open,
        }),
        Event::BreachReviewed { fact, gate, state, .. } => {
            let same = |breach: &&mut Breach| breach.fact == *fact && breach.gate == *gate;
            if let Some(breach) = person.breaches.iter_mut().find(same) {
                breach.state = *state;
            }
        }
        Event::IdentityChecked { moment, matched: true, .. } => {
            person.checks.insert(*moment, done);
        }
        Event::TroubleReported { trouble, words, .. } => person.troubles.push(OpenTrouble {
            report: entry.seq,
            trouble: *trouble,
            words: words.clone(),
            at: entry.happened(),
        }),
        Event::TroubleAnswered { report, .. } => {
            person.troubles.retain(|open| open.report != *report);
        }
        Event::FamilyToldOfDeath { .. } => person.family_told = true,
        _ => {}
    }
}
