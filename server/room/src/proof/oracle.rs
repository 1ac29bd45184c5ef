//! The current rules against the previous ones: the same histories, refusals, rows and files.

use proptest::{collection::vec, prelude::*};
use proto::{
    export::Reader,
    id::Seq,
    member::Actor,
    role::{Audience, Ceiling, Role},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    histories::{PEOPLE, Step, step},
    property::{author, cases},
    samples::samples,
    scene::{DESK, DIRECTOR, LEAD, Scene, WORKER, person},
};
use crate::Context;

/// Converts a value to the other crate's type.
fn over<T: DeserializeOwned>(value: &impl Serialize) -> T {
    serde_json::from_value(json(value)).unwrap()
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn old_context(context: &Context) -> old_room::Context {
    old_room::Context {
        now: over(&context.now),
        actor: over(&context.actor),
        ceiling: over(&context.ceiling),
        device: over(&context.device),
        command: over(&context.command),
        based_on: over(&context.based_on),
        happened_at: over(&context.happened_at),
        late_reason: over(&context.late_reason),
        dice: context.dice,
    }
}

/// Compares the rows under these keys, which both sides encode alike.
fn rows_agree(
    new: &crate::Room,
    old: &old_room::Room,
    keys: impl Iterator<Item = proto::key::Key>,
) -> Result<(), TestCaseError> {
    for key in keys {
        let old_key = over(&key);
        for audience in Audience::ALL {
            let old_audience = over(&audience);
            let concerns = new.concerns(audience, key);
            prop_assert_eq!(
                concerns,
                old.concerns(old_audience, old_key),
                "{} {:?}",
                key,
                audience
            );
            let (row, old_row) = (new.row(audience, key), old.row(old_audience, old_key));
            prop_assert_eq!(json(&row), json(&old_row), "{} {:?}", key, audience);
        }
    }
    Ok(())
}

/// Folds the current room's latest entries into the previous one, and compares the keys both touched.
fn follow(scene: &Scene, old: &mut old_room::Room) -> Result<(), TestCaseError> {
    let since = Seq(old.head().0);
    let fresh = usize::try_from(since.0).unwrap();
    for entry in &scene.journal[fresh..] {
        old.apply(&over(entry));
    }
    let touched = scene.room.touched_since(since);
    prop_assert_eq!(json(&touched), json(&old.touched_since(over(&since))));
    prop_assert_eq!(json(&scene.room.next_timer()), json(&old.next_timer()));
    prop_assert_eq!(scene.room.roster_at().0, old.roster_at().0);
    rows_agree(&scene.room, old, touched.into_iter())
}

fn play(steps: &[Step]) -> Result<(), TestCaseError> {
    let mut scene = Scene::with_people(PEOPLE - 1);
    let mut old = old_room::Room::default();
    follow(&scene, &mut old)?;
    for step in steps {
        scene.later(step.minutes);
        let mut context = scene.context(author(step));
        context.happened_at = step.ago.map(|ago| scene.now.plus_ms(-ago * 60_000));
        context.late_reason = step.ago.map(|_| super::scene::reason());
        context.based_on = Some(Seq(step.seen));
        let was = old.decide(&old_context(&context), &over(&step.command));
        match (scene.submit(&context, &step.command), was) {
            (Ok((events, _)), Ok(was)) => prop_assert_eq!(json(&events), json(&was)),
            (Err(refusal), Err(was)) => prop_assert_eq!(json(&refusal), json(&was)),
            (is, was) => {
                return Err(TestCaseError::fail(format!("{:?}: {is:?} was {was:?}", step.command)));
            }
        }
        scene.ring_timers();
        follow(&scene, &mut old)?;
    }
    for audience in Audience::ALL {
        let keys = scene.room.keys(audience);
        prop_assert_eq!(json(&keys), json(&old.keys(over(&audience))));
        rows_agree(&scene.room, &old, keys.into_iter())?;
    }
    cards_agree(&scene, &old)?;
    files_agree(&scene, &old)
}

fn cards_agree(scene: &Scene, old: &old_room::Room) -> Result<(), TestCaseError> {
    for member in [LEAD, WORKER, DIRECTOR, DESK].map(Actor::Member) {
        for ceiling in [r#""staff""#, r#""code""#, r#""link""#] {
            let is = Some(serde_json::from_str(ceiling).unwrap());
            let was = Some(serde_json::from_str(ceiling).unwrap());
            for n in 1..=PEOPLE {
                let card = scene.room.card(member, is, person(n));
                let was = old.card(over(&member), was, over(&person(n)));
                prop_assert_eq!(json(&card), json(&was));
            }
            let mut register = scene.room.register(member, is);
            let mut was = old.register(over(&member), was);
            for person in register.iter_mut().flat_map(|register| &mut register.people) {
                person.unread.sort_unstable();
            }
            for person in was.iter_mut().flat_map(|register| &mut register.people) {
                person.unread.sort_unstable();
            }
            prop_assert_eq!(format!("{register:?}"), format!("{was:?}"));
        }
    }
    Ok(())
}

fn files_agree(scene: &Scene, old: &old_room::Room) -> Result<(), TestCaseError> {
    for (reader, was) in [
        (Reader::Operator, old_proto::export::Reader::Operator),
        (Reader::Member(DESK), old_proto::export::Reader::Member(over(&DESK))),
    ] {
        let (people, old_people) = (scene.room.export_people(reader), old.export_people(was));
        prop_assert_eq!(people.len(), old_people.len());
        for (is, was) in people.iter().zip(&old_people) {
            prop_assert_eq!(json(&(&is.person, &is.card)), json(&(&was.person, &was.card)));
            let is = format!("{:?}", (is.funding, &is.worker, &is.home));
            prop_assert_eq!(is, format!("{:?}", (was.funding, &was.worker, &was.home)));
        }
        let (mut again, mut old_again) = (crate::Room::default(), old_room::Room::default());
        let (mut moves, mut old_moves) = (Vec::new(), Vec::new());
        for entry in &scene.journal {
            moves.extend(again.apply_moving(entry, reader));
            old_moves.extend(old_again.apply_moving(&over(entry), was));
        }
        again.guard_movements(&mut moves);
        old_again.guard_movements(&mut old_moves);
        prop_assert_eq!(format!("{moves:?}"), format!("{old_moves:?}"));
    }
    let (log, was) = (scene.room.export_log(Seq(1), 1_000), old.export_log(over(&Seq(1)), 1_000));
    prop_assert_eq!(log.len(), was.len());
    for (is, was) in log.iter().zip(&was) {
        prop_assert_eq!(json(&is.line), json(&was.line));
        prop_assert_eq!((&is.by, &is.correction), (&was.by, &was.correction));
        prop_assert_eq!(json(&is.reference), json(&was.reference));
    }
    Ok(())
}

/// Rights are unchanged for every role and ceiling.
#[test]
fn rights_equal_those_of_the_oracle() {
    let commands = samples();
    for role in Role::ALL {
        let mut scene = Scene::with_people(2);
        let profile = super::scene::profile("Tried Out", vec![role]);
        let member = proto::id::MemberId(super::scene::uuid_of(60));
        let ceiling = Ceiling::Staff;
        scene.set_up(proto::member::Plan::Admit { member, profile, ceiling }.into());
        let mut old = old_room::Room::default();
        for entry in &scene.journal {
            old.apply(&over(entry));
        }
        for ceiling in [Ceiling::Staff, Ceiling::Code, Ceiling::Link] {
            for (name, command) in &commands {
                let mut context = scene.context(Actor::Member(member));
                context.ceiling = Some(ceiling);
                let is = scene.room.decide(&context, command);
                let was = old.decide(&old_context(&context), &over(command));
                let (is, was) = (is.map_err(|no| json(&no.code)), was.map_err(|no| json(&no.code)));
                assert_eq!(json(&is.ok()), json(&was.ok()), "{role:?} {ceiling:?} {name}");
            }
        }
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_history_is_decided_folded_and_shown_as_it_was(steps in vec(step(), 1..40)) {
        play(&steps)?;
    }
}
