//! The list of nouns: which of them have plans, facts and events.

use crate::kinds::over_nouns;

over_nouns! {
    /// A plan: what shall be, or is claimed to be. A gate may refuse one (PROCEDURE 4.1.3).
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
    /// Something that happened in a room, as the journal keeps it. A kind carries its version after the slash; a kind is
    /// never changed, only joined by a later version.
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
