//! The list of nouns: which of them have plans, facts and events.

use crate::kinds::over_nouns;

over_nouns! {
    /// A plan: an intention or a claim. A gate may refuse one (PROCEDURE 4.1.3).
    #[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "command.ts"))]
    enum Plan of Command {
        Alarm(alarm),
        Arrival(arrival),
        Cover(cover),
        Deadline(deadline),
        Details(details),
        Door(door),
        Expected(expected),
        Export(export),
        Gate(gate),
        Home(home),
        Incident(incident),
        Journey(journey),
        Log(log),
        Member(member),
        Needs(needs),
        Pack(pack),
        Place(place),
        Premises(premises),
        Protection(protection),
        Rating(rating),
        Readiness(readiness),
        Register(register),
        Side(side),
        SignIn(sign_in),
        Site(site),
        Worker(worker),
    }
}

over_nouns! {
    /// A fact: what has happened. The rules never refuse one (R34).
    #[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "command.ts"))]
    enum Fact of Command {
        Help(help),
        Identity(identity),
        SignIn(sign_in),
        Trouble(trouble),
        Whereabouts(whereabouts),
    }
}

over_nouns! {
    /// An event of a room, as stored in the journal. A kind carries its version after the slash; a kind never
    /// changes, only later versions are added.
    enum Event {
        Alarm(alarm),
        Arrival(arrival),
        Cover(cover),
        Deadline(deadline),
        Details(details),
        Door(door),
        Expected(expected),
        Export(export),
        Gate(gate),
        Help(help),
        Home(home),
        Identity(identity),
        Incident(incident),
        Journey(journey),
        Log(log),
        Member(member),
        Needs(needs),
        Pack(pack),
        Place(place),
        Premises(premises),
        Protection(protection),
        Rating(rating),
        Readiness(readiness),
        Register(register),
        Side(side),
        SignIn(sign_in),
        Site(site),
        Stranger(stranger),
        Trouble(trouble),
        Whereabouts(whereabouts),
        Worker(worker),
    }
}
