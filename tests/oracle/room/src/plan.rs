//! Plans: what shall be, or is claimed to be. A gate may refuse one, in plain words (PROCEDURE 4.1.3).

use proto::{
    event::Event,
    gate::Gate,
    id::{HomeId, MemberId, PersonId, Seq, Time},
    limit::NAMED_MAX,
    person::SecondIdentifier,
    refusal::{Code, Refusal, Unmet},
    text::{Line, Short},
    transfer::{BreachState, Journey, Moment, PlaceNow, SideKind, SidePlan},
};

use crate::{
    context::Context,
    fact::{late_evidence, matches},
    gate::{self, Asked},
    person::{Done, Person},
    state::Room,
};

/// What accepting a place asks.
pub(crate) const ACCEPT: [Asked; 2] = [Asked::OnTheList, Asked::NamedWorker];
/// What booking the journey asks.
pub(crate) const BOOK: [Asked; 0] = [];
/// What declaring ready asks.
pub(crate) const READY: [Asked; 1] = [Asked::Identity(Moment::Ready)];
/// What the door check asks.
pub(crate) const CLEAR: [Asked; 2] = [Asked::Identity(Moment::Door), Asked::Journey];

impl Room {
    /// Accepts a place for the person. Entered after the person left, with an earlier time, it is late evidence.
    pub(crate) fn decide_accept(
        &self,
        context: &Context,
        id: PersonId,
        home: HomeId,
    ) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        if !self.homes.contains_key(&home) {
            return Err(Refusal::new(Code::Unknown, "this room has no such home"));
        }
        if person.place == PlaceNow::Died {
            return Err(Refusal::new(Code::NotNow, "this person has died"));
        }
        gate::ask(person, "Accept a place", &ACCEPT, context.now)?;
        let mut events = vec![Event::PlaceAccepted { person: person.id, home }];
        let accepted = Done { at: context.happened(), by: None };
        let then = Person { destination: Some((home, accepted)), ..person.clone() };
        events.extend(late_evidence(&then, Gate::G23));
        Ok(events)
    }

    /// Gives up the place; what rested on it falls away.
    pub(crate) fn decide_give_up(&self, id: PersonId, why: &Line) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        if person.destination.is_none() {
            return Err(Refusal::new(Code::Already, "no place stands for this person"));
        }
        Ok(vec![Event::PlaceGivenUp { person: person.id, why: why.clone() }])
    }

    /// Books the journey. Entered after the person left, with an earlier time, it is late evidence.
    pub(crate) fn decide_book(
        &self,
        context: &Context,
        id: PersonId,
        journey: &Journey,
    ) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        let backwards = journey
            .leaves_at
            .zip(journey.arrives_at)
            .is_some_and(|(leaves, arrives)| arrives < leaves);
        if backwards {
            return Err(Refusal::new(Code::Value, "the arrival lies before the departure"));
        }
        self.says_no_home(person, journey)?;
        let mut events = vec![Event::JourneyBooked { person: person.id, journey: journey.clone() }];
        let booked = Done { at: context.happened(), by: None };
        let then = Person { journey: Some((journey.clone(), booked)), ..person.clone() };
        events.extend(late_evidence(&then, Gate::G23));
        Ok(events)
    }

    /// Names the social worker, or nobody.
    pub(crate) fn decide_worker(
        &self,
        context: &Context,
        id: PersonId,
        worker: Option<MemberId>,
    ) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        if worker.is_some_and(|worker| !self.members.contains_key(&worker)) {
            return Err(Refusal::new(Code::Unknown, "this room has no such member"));
        }
        let mut events = vec![Event::WorkerNamed { person: person.id, worker }];
        let named = Done { at: context.happened(), by: None };
        let then = Person { worker: worker.map(|worker| (worker, named)), ..person.clone() };
        events.extend(late_evidence(&then, Gate::G3));
        Ok(events)
    }

    /// Declares the person ready, or cleared to leave.
    pub(crate) fn decide_ready(
        &self,
        context: &Context,
        id: PersonId,
        at_the_door: bool,
    ) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        if person.place != PlaceNow::AtTheHome {
            return Err(Refusal::new(Code::NotNow, "this person is not at the home"));
        }
        if at_the_door {
            gate::ask(person, "Clear to leave", &CLEAR, context.now)?;
            return Ok(vec![Event::ClearedToLeave { person: person.id }]);
        }
        gate::ask(person, "Declare ready", &READY, context.now)?;
        Ok(vec![Event::ServiceUserReady { person: person.id }])
    }

    /// Confirms an arrival by second identifier and spoken handover (G24); the lead is told by the entry.
    pub(crate) fn decide_confirm_arrival(
        &self,
        context: &Context,
        id: PersonId,
        identifier: &SecondIdentifier,
        handover_given: bool,
        on_word_of: Option<&Line>,
    ) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        if person.place != PlaceNow::Arrived {
            let words = "record the arrival first: this person is not shown as arrived";
            return Err(Refusal::new(Code::NotNow, words));
        }
        let mut missing = Vec::new();
        if !matches(person, identifier) {
            missing.push("the second identifier does not match the register");
        }
        if !handover_given {
            missing.push("no spoken handover was given");
        }
        if !missing.is_empty() && !gate::passed(person, Gate::G24, context.now) {
            let gate = Gate::G24;
            let (owner, may_pass) = (gate::owner(gate), gate::may_pass(gate));
            let unmet = Unmet { gate, missing: missing.join("; "), owner, may_pass };
            let head = format!("Confirm the arrival of {}", person.reference.as_str());
            return Err(gate::refuse(&head, vec![unmet]));
        }
        Ok(vec![Event::ArrivalConfirmed {
            person: person.id,
            identifier: identifier.clone(),
            on_word_of: on_word_of.cloned(),
        }])
    }

    /// Begins a plan beside the way.
    pub(crate) fn decide_side(&self, id: PersonId, plan: &SidePlan) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        if plan.side == SideKind::Exceptional && person.place != PlaceNow::AtTheHome {
            return Err(Refusal::new(Code::NotNow, "only somebody at the home can stay there"));
        }
        Ok(vec![Event::SidePlanStarted { person: person.id, plan: plan.clone() }])
    }

    /// Ends a plan beside the way.
    pub(crate) fn decide_end_side(
        &self,
        id: PersonId,
        side: SideKind,
    ) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        if !person.sides.contains_key(&side) {
            return Err(Refusal::new(Code::Already, "no such plan stands"));
        }
        Ok(vec![Event::SidePlanEnded { person: person.id, side }])
    }

    /// Passes a gate for the people named, with one reason.
    pub(crate) fn decide_pass(
        &self,
        context: &Context,
        gate: Gate,
        people: &[PersonId],
        reason: &Line,
        until: Option<Time>,
    ) -> Result<Vec<Event>, Refusal> {
        if people.is_empty() || people.len() > NAMED_MAX {
            return Err(Refusal::new(Code::Value, "a pass names between 1 and 50 people"));
        }
        if until.is_some_and(|until| until <= context.now) {
            return Err(Refusal::new(Code::Value, "the pass would have ended already"));
        }
        let people: Result<Vec<_>, _> =
            people.iter().map(|id| self.known(*id).map(|person| person.id)).collect();
        Ok(vec![Event::GatePassed { gate, people: people?, reason: reason.clone(), until }])
    }

    /// Reviews a breach.
    pub(crate) fn decide_review(
        &self,
        id: PersonId,
        fact: Seq,
        gate: Gate,
        state: BreachState,
        note: &Line,
    ) -> Result<Vec<Event>, Refusal> {
        let person = self.known(id)?;
        if !person.breaches.iter().any(|breach| breach.fact == fact && breach.gate == gate) {
            return Err(Refusal::new(Code::Unknown, "this person has no such breach"));
        }
        let note = Some(note.clone());
        Ok(vec![Event::BreachReviewed { person: person.id, fact, gate, state, note }])
    }

    /// Claims the premises cleared: swept by two, nobody at the home or being confirmed but exceptional
    /// arrangements named one by one (G30). For whom the gate was passed counts as named: the claim is "cleared
    /// except" them, and never leaves anybody out. A second sweeper is nobody's to pass.
    pub(crate) fn decide_cleared(
        &self,
        context: &Context,
        swept_by: &[Short; 2],
        except: &[PersonId],
    ) -> Result<Vec<Event>, Refusal> {
        let mut unmet = Vec::new();
        let (gate, owner) = (Gate::G30, gate::owner(Gate::G30));
        let [first, second] = swept_by;
        if first.as_str().eq_ignore_ascii_case(second.as_str()) {
            let missing = "a sweep by two different people".to_owned();
            unmet.push(Unmet { gate, missing, owner, may_pass: Vec::new() });
        }
        let named: Vec<PersonId> = except.iter().map(|id| self.stands_for(*id)).collect();
        let is_there = |person: &&Person| {
            matches!(person.place, PlaceNow::AtTheHome | PlaceNow::BeingConfirmed)
        };
        let is_excused = |person: &&Person| {
            let arranged = named.contains(&person.id)
                && person.place == PlaceNow::AtTheHome
                && person.sides.contains_key(&SideKind::Exceptional);
            arranged || gate::passed(person, gate, context.now)
        };
        let there = self.people.values().filter(is_there);
        let (excused, here): (Vec<&Person>, Vec<&Person>) = there.partition(is_excused);
        if except.len().max(excused.len()) > NAMED_MAX {
            return Err(Refusal::new(Code::Value, "at most 50 exceptions can be named"));
        }
        if !here.is_empty() {
            let first = here.iter().take(5).map(|person| person.reference.as_str());
            let named = first.collect::<Vec<_>>().join(", ");
            let more = here.len().saturating_sub(5);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let missing = format!("still at the home or being confirmed: {named}{more}");
            unmet.push(Unmet { gate, missing, owner, may_pass: gate::may_pass(gate) });
        }
        if unmet.is_empty() {
            let except = excused.into_iter().map(|person| person.id).collect();
            return Ok(vec![Event::PremisesCleared { swept_by: swept_by.clone(), except }]);
        }
        Err(gate::refuse("Premises cleared", unmet))
    }
}
