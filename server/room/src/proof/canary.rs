//! A canary in every free-text field: a protected destination is in no row of any audience (R35).

use proto::{
    arrival,
    command::Command,
    details::{self, PersonChange},
    gate::{self, Gate},
    help::{self, HelpKind},
    id::DeviceId,
    identity::SecondIdentifier,
    journey::{self, Journey},
    key::Key,
    log::{self, Show},
    member::Actor,
    pack::{self, PackKind, PackState},
    place, rating, register,
    role::Audience,
    side::{self, SideKind, SidePlan},
    sign_in::{self, Word},
    text::{Line, Note, Short, Text},
    trouble::{self, Trouble},
    whereabouts,
};

use super::{
    histories::protects,
    property::rows,
    scene::{DESK, HOME_SITE, LEAD, Scene, WORKER, born, home, person, receiving, text, uuid_of},
};

/// A home whose name appears nowhere else.
const CANARY: &str = "Quagga Lodge";

fn says<const N: usize>(words: &str) -> Text<N> {
    text(&format!("{words} {CANARY}"))
}

/// Every free-text field about a person, or about a member's own presence while it mentions that person.
#[expect(clippy::too_many_lines, reason = "a list of every field that anybody types")]
fn typed(reference: &str) -> Vec<Command> {
    let id = person(1);
    let short = |words: &str| -> Short { says(words) };
    let line = |words: &str| -> Line { says(words) };
    let change = PersonChange {
        handle_safely: Some(line("two carers, hoist at")),
        keep_together: Some(short("with")),
        wristband: Some(short("W1")),
        needs: Some(says::<2000>("nurse of")),
        notes: Some(says::<2000>("rung by")),
        ..PersonChange::default()
    };
    let journey = Journey {
        vehicle: Some(short("minibus of")),
        crew: Some(short("crew of")),
        leaves_at: None,
        arrives_at: None,
    };
    let show = Show { wall: true, phones: true, directors: true };
    let note: Note = says(&format!("{reference} goes to"));
    let plan = SidePlan { side: SideKind::OnHold, reason: line("waits for"), until: None };
    let word = Word { member: None, on_word_of: Some(line(&format!("{reference} and driver of"))) };
    vec![
        details::Plan::Change { person: id, change: Box::new(change) }.into(),
        rating::Plan::Rate { person: id, rating: rating::Rating::Watch, reason: line("no bed at") }
            .into(),
        journey::Plan::Book { person: id, journey }.into(),
        side::Plan::Start { person: id, plan }.into(),
        gate::Plan::Pass {
            gate: Gate::G22,
            people: vec![id],
            reason: line("seen at"),
            until: None,
        }
        .into(),
        log::Plan::Add { text: note, person: None, show }.into(),
        log::Plan::Add { text: says("bed held at"), person: Some(id), show: Show::default() }
            .into(),
        pack::Plan::Print {
            pack: PackKind::Person,
            people: vec![id],
            held_by: Some(short("driver of")),
        }
        .into(),
        pack::Plan::Account {
            packs: vec![1],
            state: PackState::WithCrew,
            held_by: Some(short("crew of")),
        }
        .into(),
        help::Fact::Call {
            help: HelpKind::NeedTheRoom,
            person: Some(id),
            place: Some(short("in the bus of")),
        }
        .into(),
        help::Fact::Call {
            help: HelpKind::NotSafe,
            person: None,
            place: Some(short(&format!("with {reference}, bus of"))),
        }
        .into(),
        sign_in::Fact::SignOn {
            site: HOME_SITE,
            planned_end: super::scene::START.plus_ms(40_000_000),
            duty: Some(short(&format!("{reference} to"))),
            word,
        }
        .into(),
        trouble::Fact::Report {
            person: id,
            trouble: Trouble::CrewProblem,
            words: Some(line("chart wanted by")),
        }
        .into(),
        place::Plan::Accept { person: id, home: home(7) }.into(),
        whereabouts::Fact::Depart {
            person: id,
            home: Some(home(7)),
            vehicle: Some(short("car of")),
        }
        .into(),
        whereabouts::Fact::Arrive { person: id, home: Some(home(7)) }.into(),
        arrival::Plan::Confirm {
            person: id,
            identifier: SecondIdentifier::DateOfBirth { date: born(1) },
            handover_given: true,
            on_word_of: Some(line("nurse of")),
        }
        .into(),
        whereabouts::Fact::TakeToHospital { person: id, hospital: Some(short("from")) }.into(),
        place::Plan::GiveUp { person: id, why: line("no bed at") }.into(),
    ]
}

/// Returns a room in which a person's home is in every free-text field, and one of their edits is set aside.
fn room() -> Scene {
    let mut scene = Scene::with_people(2);
    scene.make_ready(1);
    scene.set_up(proto::home::Plan::Add { home: receiving(home(7), CANARY) }.into());
    let reference = scene.desk(1).reference.as_str().to_owned();
    let seen = Some(scene.room.head());
    for command in typed(&reference) {
        let said = format!("{command:?}");
        let late = says::<300>("no signal at");
        let mut context = scene.context(Actor::Member(WORKER));
        context.device = Some(DeviceId(uuid_of(31)));
        context.happened_at = Some(scene.now.plus_ms(-400_000));
        context.late_reason = Some(late);
        let by_worker = scene.submit(&context, &command);
        if by_worker.is_err() {
            scene.by(LEAD, command).unwrap_or_else(|no| panic!("{said}: {no:?}"));
        }
        scene.later(1);
    }
    let aside = PersonChange {
        handle_safely: Some(says("another line of")),
        keep_together: Some(says("pair of")),
        ..PersonChange::default()
    };
    let mut context = scene.context(Actor::Member(DESK));
    context.device = Some(DeviceId(uuid_of(32)));
    context.based_on = seen;
    let change = Box::new(aside);
    scene.submit(&context, &details::Plan::Change { person: person(1), change }.into()).unwrap();
    scene
}

/// Returns every encoded row of an audience except those of homes.
fn sent(scene: &Scene, audience: Audience) -> Vec<(Key, String)> {
    let all = rows(&scene.room, audience).into_iter();
    let others = all.filter(|(key, _)| !matches!(key, Key::Home(_)));
    others.map(|(key, row)| (key, serde_json::to_string(&row).unwrap().to_lowercase())).collect()
}

fn singing(scene: &Scene, audience: Audience) -> Vec<(Key, String)> {
    // The log line about adding the home mentions no person.
    let speaks = |row: &str| row.contains("quagga") && !row.contains("home added");
    sent(scene, audience).into_iter().filter(|(_, row)| speaks(row)).collect()
}

#[test]
fn no_free_text_reveals_a_protected_destination() {
    let mut scene = room();
    assert!(singing(&scene, Audience::Desk).len() > 12, "{:?}", singing(&scene, Audience::Desk));
    assert!(!singing(&scene, Audience::Phone).is_empty());
    let before = scene.room.clone();
    scene.by(LEAD, protects(person(1))).unwrap();
    for audience in Audience::ALL {
        assert_eq!(singing(&scene, audience), [], "{audience:?}");
    }
    // Changed text is sent again to the audiences that hold it.
    let touched = scene.room.touched_since(before.head());
    for audience in Audience::ALL {
        let held = rows(&before, audience);
        let after = super::property::replaced(held, &scene.room, audience, &touched);
        let shown = rows(&scene.room, audience);
        let stale: Vec<&Key> =
            shown.keys().filter(|key| after.get(key) != shown.get(key)).collect();
        assert!(stale.is_empty() && after.len() == shown.len(), "{audience:?}: {stale:?}");
    }
}

/// Also covers text typed after the protection, unless refused.
#[test]
fn text_typed_later_reveals_no_protected_destination() {
    let mut scene = Scene::with_people(2);
    scene.make_ready(1);
    scene.set_up(proto::home::Plan::Add { home: receiving(home(7), CANARY) }.into());
    scene.by(LEAD, protects(person(1))).unwrap();
    let reference = scene.desk(1).reference.as_str().to_owned();
    for command in typed(&reference) {
        drop(scene.by(LEAD, command));
        for audience in Audience::ALL {
            assert_eq!(singing(&scene, audience), [], "{audience:?}");
        }
    }
    let merge = register::Plan::Merge { from: person(2), into: person(1), why: says("both at") };
    drop(scene.by(LEAD, merge.into()));
    for audience in Audience::ALL {
        assert_eq!(singing(&scene, audience), [], "{audience:?}");
    }
}
