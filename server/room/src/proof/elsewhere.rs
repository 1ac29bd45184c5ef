//! Two histories that differ only in protected destinations are identical to unauthorised readers (I-17, P-94).

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*};
use proto::{
    command::Command,
    cover,
    export::Reader,
    id::{HomeId, PersonId, Seq},
    member::Actor,
    nouns::{Fact, Plan},
    person::card::Card,
    place, protection, register,
    role::{Audience, Ceiling},
    whereabouts::{self, FoundAt},
};

use super::{
    histories::{OFTEN, Step, protects, step},
    property::{Rows, author, cases, rows},
    scene::{DESK, DIRECTOR, LEAD, Scene, home, person, reason, register},
};
use crate::{Room, Touched};

/// Returns the command with each destination home exchanged for another.
fn elsewhere(command: &Command) -> Command {
    let swap = |id: HomeId| match id {
        id if id == home(1) => home(2),
        id if id == home(2) => home(3),
        id if id == home(3) => home(1),
        other => other,
    };
    match command.clone() {
        Command::Plan(Plan::Place(place::Plan::Accept { person, home })) => {
            Command::from(place::Plan::Accept { person, home: swap(home) })
        }
        Command::Fact(Fact::Whereabouts(whereabouts::Fact::Depart { person, home, vehicle })) => {
            Command::from(whereabouts::Fact::Depart { person, home: home.map(swap), vehicle })
        }
        Command::Fact(Fact::Whereabouts(whereabouts::Fact::Arrive { person, home })) => {
            Command::from(whereabouts::Fact::Arrive { person, home: home.map(swap) })
        }
        Command::Fact(Fact::Whereabouts(whereabouts::Fact::Find {
            person,
            at: FoundAt::Arrived { home },
            words,
        })) => Command::from(whereabouts::Fact::Find {
            person,
            at: FoundAt::Arrived { home: swap(home) },
            words,
        }),
        other => other,
    }
}

/// Replays a history beside a copy with other destinations, and calls `held` after each entry with the keys touched
/// in both.
fn both(
    steps: &[Step],
    begin: impl Fn(&mut Scene),
    mut held: impl FnMut(&Scene, &Scene, &Touched, &Touched) -> Result<(), TestCaseError>,
) -> Result<(Scene, Scene), TestCaseError> {
    let [mut one, mut other] = [(); 2].map(|()| {
        let mut scene = Scene::with_people(OFTEN);
        begin(&mut scene);
        scene
    });
    for step in steps {
        // Nobody is registered late and unprotected, no protection ends, and nobody covers for an authorised reader.
        let differs = matches!(
            &step.command,
            Command::Plan(
                Plan::Register(register::Plan::Register { .. })
                    | Plan::Protection(protection::Plan::End { .. })
                    | Plan::Cover(cover::Plan::Take { .. })
            )
        );
        if differs {
            continue;
        }
        let played = [(&mut one, step.command.clone()), (&mut other, elsewhere(&step.command))];
        let touched = played.map(|(scene, command)| {
            scene.later(step.minutes);
            let mut context = scene.context(author(step));
            context.happened_at = step.ago.map(|ago| scene.now.plus_ms(-ago * 60_000));
            context.late_reason = step.ago.map(|_| reason());
            context.based_on = Some(Seq(step.seen));
            let touched = scene.submit(&context, &command).map(|(_, touched)| touched);
            scene.ring_timers();
            touched
        });
        let [mine, theirs] = touched;
        prop_assert_eq!(mine.is_ok(), theirs.is_ok());
        if let (Ok(mine), Ok(theirs)) = (mine, theirs) {
            held(&one, &other, &mine, &theirs)?;
        }
    }
    Ok((one, other))
}

fn protect_everybody(scene: &mut Scene) {
    let everybody: BTreeSet<PersonId> = scene.room.people.keys().copied().collect();
    for id in everybody {
        scene.by(LEAD, protects(id)).unwrap();
    }
}

/// Returns everything that an unauthorised reader may obtain from a room.
fn outer(scene: &Scene) -> (Vec<Rows>, Vec<Option<Card>>, String) {
    let card = |member, id| scene.room.card(Actor::Member(member), Some(Ceiling::Staff), id);
    let people: Vec<PersonId> = scene.room.people.keys().copied().collect();
    let readers = [DESK, DIRECTOR];
    let cards = readers.into_iter().flat_map(|who| people.iter().map(move |id| card(who, *id)));
    let mut room = Room::default();
    let mut moved = Vec::new();
    for entry in &scene.journal {
        moved.extend(room.apply_moving(entry, Reader::Member(DESK)));
    }
    room.guard_movements(&mut moved);
    let files = format!(
        "{moved:?} {:?} {:?} {:?}",
        room.export_people(Reader::Member(DESK)),
        room.export_log(Seq(0), usize::MAX),
        room.log_before(Seq(u64::MAX), usize::MAX),
    );
    (Audience::ALL.map(|audience| rows(&scene.room, audience)).into(), cards.collect(), files)
}

proptest! {
    #![proptest_config(cases())]

    /// I-17: two histories that differ only in protected destinations give every audience the same rows under the
    /// same keys, entry by entry, and give unauthorised readers the same files and cards.
    #[test]
    fn protected_destinations_are_invisible_to_unauthorised_readers(
        steps in vec(step(), 1..40)
    ) {
        let (one, other) = both(&steps, protect_everybody, |one, other, mine, theirs| {
            prop_assert_eq!(mine, theirs, "the keys that are touched");
            for (audience, key) in Audience::ALL.iter().flat_map(|to| mine.iter().map(move |key| (*to, *key))) {
                prop_assert_eq!(one.room.concerns(audience, key), other.room.concerns(audience, key));
                prop_assert_eq!(one.room.row(audience, key), other.room.row(audience, key));
            }
            Ok(())
        })?;
        prop_assert_eq!(outer(&one), outer(&other));
    }

    /// I-17: the same for people protected only after the whole history.
    #[test]
    fn what_was_said_before_the_protection_makes_no_difference_after_it(
        steps in vec(step(), 1..40)
    ) {
        let (mut one, mut other) = both(&steps, |_| {}, |_, _, _, _| Ok(()))?;
        for scene in [&mut one, &mut other] {
            // The history may have removed the roles of everybody but the lead.
            protect_everybody(scene);
        }
        prop_assert_eq!(outer(&one), outer(&other));
    }
}

#[test]
fn the_two_compared_histories_differ() {
    let mut scene = Scene::open();
    scene.set_up(register(1));
    let command = Command::from(place::Plan::Accept { person: person(1), home: home(1) });
    assert_ne!(elsewhere(&command), command);
    assert!(elsewhere(&protects(person(1))) == protects(person(1)));
}
