//! Dispatch: exactly one noun handles each plan, fact and event.

use proto::{
    entry::Entry,
    id::{MemberId, PersonId},
    nouns::{Event, Fact, Plan},
};

use crate::{
    context::Context,
    noun::{self, Decision, Facts, Fold, Plans, Said, Seen},
    rights::Needs,
    room::{Room, Touched},
};

/// Generates the match arms of these nouns.
macro_rules! nouns {
    (
        plans { $($plan:ident($plans:path),)* }
        facts { $($fact:ident($facts:path),)* }
        events { $($event:ident($events:path),)* }
    ) => {
        /// Returns the rights that a plan requires of its author.
        pub(crate) fn needs(plan: &Plan) -> Needs {
            match plan {
                $(Plan::$plan(plan) => <$plans as Plans>::needs(plan),)*
            }
        }

        /// Decides a plan.
        pub(crate) fn decide(room: &Room, by: &Context, plan: &Plan) -> Decision {
            match plan {
                $(Plan::$plan(plan) => <$plans as Plans>::decide(room, by, plan),)*
            }
        }

        /// Records a fact.
        pub(crate) fn record(room: &Room, by: &Context, fact: &Fact) -> Vec<Event> {
            match fact {
                $(Fact::$fact(fact) => <$facts as Facts>::record(room, by, fact),)*
            }
        }

        /// Returns whether a fact concerns help or the author's own presence in a building.
        pub(crate) fn is_own_safety(room: &Room, member: MemberId, fact: &Fact) -> bool {
            match fact {
                $(Fact::$fact(fact) => <$facts as Facts>::is_own_safety(room, member, fact),)*
            }
        }

        /// Folds an event into the room.
        pub(crate) fn fold(room: &mut Room, entry: &Entry, event: &Event, touched: &mut Touched) {
            match event {
                $(Event::$event(event) => <$events as Fold>::fold(room, entry, event, touched),)*
            }
        }

        /// Returns the log line of an event.
        pub(crate) fn line(room: &Room, event: &Event) -> Option<Said> {
            match event {
                $(Event::$event(event) => <$events as Fold>::line(room, event),)*
            }
        }

        /// Returns the person and the whereabouts that an event reports.
        pub(crate) fn seen(event: &Event) -> Option<(PersonId, Seen<'_>)> {
            match event {
                $(Event::$event(event) => <$events as Fold>::seen(event),)*
            }
        }

        /// Returns whether an event may change the text of rows about protected people.
        pub(crate) fn retells(event: &Event, is_any_protected: bool) -> bool {
            match event {
                $(Event::$event(event) => <$events as Fold>::retells(event, is_any_protected),)*
            }
        }

        /// Moves references from a merged person to the surviving one.
        pub(crate) fn merged(
            room: &mut Room,
            from: PersonId,
            into: PersonId,
            touched: &mut Touched,
        ) {
            $(<$events as Fold>::merged(room, from, into, touched);)*
        }
    };
}

nouns! {
    plans {
        Alarm(noun::alarm::Alarms),
        Arrival(noun::arrival::Arrivals),
        Cover(noun::cover::Covers),
        Deadline(noun::deadline::Deadlines),
        Details(noun::details::Details),
        Door(noun::door::Doors),
        Expected(noun::expected::Expecting),
        Export(noun::export::Exports),
        Gate(noun::gate::Gates),
        Home(noun::home::Homes),
        Incident(noun::incident::Incidents),
        Journey(noun::journey::Journeys),
        Log(noun::log::Lines),
        Member(noun::member::Members),
        Needs(noun::needs::Assessments),
        Pack(noun::pack::Packs),
        Place(noun::place::Places),
        Premises(noun::premises::Premises),
        Protection(noun::protection::Protections),
        Rating(noun::rating::Ratings),
        Readiness(noun::readiness::Readiness),
        Register(noun::register::Registers),
        Side(noun::side::Sides),
        SignIn(noun::sign_in::SignIns),
        Site(noun::site::Sites),
        Worker(noun::worker::Workers),
    }
    facts {
        Help(noun::help::Help),
        Identity(noun::identity::Identities),
        SignIn(noun::sign_in::SignIns),
        Trouble(noun::trouble::Troubles),
        Whereabouts(noun::whereabouts::Whereabouts),
    }
    events {
        Alarm(noun::alarm::Alarms),
        Arrival(noun::arrival::Arrivals),
        Cover(noun::cover::Covers),
        Deadline(noun::deadline::Deadlines),
        Details(noun::details::Details),
        Door(noun::door::Doors),
        Expected(noun::expected::Expecting),
        Export(noun::export::Exports),
        Gate(noun::gate::Gates),
        Help(noun::help::Help),
        Home(noun::home::Homes),
        Identity(noun::identity::Identities),
        Incident(noun::incident::Incidents),
        Journey(noun::journey::Journeys),
        Log(noun::log::Lines),
        Member(noun::member::Members),
        Needs(noun::needs::Assessments),
        Pack(noun::pack::Packs),
        Place(noun::place::Places),
        Premises(noun::premises::Premises),
        Protection(noun::protection::Protections),
        Rating(noun::rating::Ratings),
        Readiness(noun::readiness::Readiness),
        Register(noun::register::Registers),
        Side(noun::side::Sides),
        SignIn(noun::sign_in::SignIns),
        Site(noun::site::Sites),
        Stranger(noun::stranger::Strangers),
        Trouble(noun::trouble::Troubles),
        Whereabouts(noun::whereabouts::Whereabouts),
        Worker(noun::worker::Workers),
    }
}
