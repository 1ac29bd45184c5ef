//! Invariants of every entry of every generated history, for every audience (I-14, I-16, I-17).

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use proto::{
    command::Command,
    door,
    gate::BreachState,
    key::Key,
    limit::LOG_ROWS,
    member::{self, Actor},
    nouns::Plan,
    refusal::Code,
    register,
    role::Audience,
    row::Row,
    transfer::{PlaceNow, Stage},
};

use super::{
    histories::{PEOPLE, Step, step},
    scene::{DIRECTOR, Scene, person},
};
use crate::Room;

/// The maximum rows one command of a history touches: far fewer than the people of the scene, and independent of
/// their number. (A pass names up to fifty people; those of the histories name two.)
const TOUCHED_MAX: usize = 16;

/// The rows a screen holds.
pub(crate) type Rows = BTreeMap<Key, Row>;

/// Returns every row of an audience, and checks that each has the type declared for its key.
pub(crate) fn rows(room: &Room, audience: Audience) -> Rows {
    let keys = room.keys(audience).into_iter();
    let rows: Rows = keys.filter_map(|key| room.row(audience, key).map(|row| (key, row))).collect();
    for (key, row) in &rows {
        assert!(key.holds(audience, row), "{key} of {audience:?} holds {row:?}");
    }
    rows
}

/// Returns the rows of a screen that received only the touched ones, for every audience.
pub(crate) fn replaced(
    mut held: Rows,
    room: &Room,
    audience: Audience,
    touched: &crate::Touched,
) -> Rows {
    for key in touched.iter().copied().filter(|key| room.concerns(audience, *key)) {
        match room.row(audience, key) {
            Some(row) => held.insert(key, row),
            None => held.remove(&key),
        };
    }
    held
}

/// A naive second implementation of the census: counts the rows this audience sees.
fn sums_agree(rows: &Rows, audience: Audience) -> Result<(), TestCaseError> {
    let Some(Row::Census(census)) = rows.get(&Key::Census) else {
        return Err(TestCaseError::fail("no census row"));
    };
    let places: u32 = census.places.iter().map(|count| count.people).sum();
    let stages: u32 = census.stages.iter().map(|count| count.people).sum();
    prop_assert_eq!(places, census.register, "places in {:?}", audience);
    prop_assert_eq!(stages, census.register, "stages in {:?}", audience);
    if audience == Audience::Sitrep {
        // This audience sees no people, so it is compared with the desk's rows.
        return Ok(());
    }
    let mut by_place: BTreeMap<PlaceNow, u32> = BTreeMap::new();
    let mut by_stage: BTreeMap<Stage, u32> = BTreeMap::new();
    for row in rows.values() {
        let (place, stage) = match row {
            Row::WallPerson(row) => (row.place, row.stage),
            Row::DeskPerson(row) => (row.place, row.stage),
            Row::PhonePerson(row) => (row.place, row.stage),
            _ => continue,
        };
        *by_place.entry(place).or_default() += 1;
        *by_stage.entry(stage).or_default() += 1;
    }
    for count in &census.places {
        prop_assert_eq!(count.people, by_place.get(&count.place).copied().unwrap_or_default());
    }
    for count in &census.stages {
        prop_assert_eq!(count.people, by_stage.get(&count.stage).copied().unwrap_or_default());
    }
    Ok(())
}

/// A naive second implementation of the directors' counts: counts the desk's rows, with deaths unknown to the family
/// among those being confirmed (R51).
fn directors_agree(room: &Room) -> Result<(), TestCaseError> {
    let Some(Row::Census(told)) = room.row(Audience::Sitrep, Key::Census) else {
        return Err(TestCaseError::fail("directors have no census"));
    };
    let (mut by_place, mut by_stage, mut register) = (BTreeMap::new(), BTreeMap::new(), 0);
    for row in rows(room, Audience::Desk).into_values() {
        let Row::DeskPerson(row) = row else { continue };
        let held = row.place == PlaceNow::Died && !row.family_told_of_death;
        let place = if held { PlaceNow::BeingConfirmed } else { row.place };
        let stage = if held { Stage::BeingConfirmed } else { row.stage };
        *by_place.entry(place).or_insert(0_u32) += 1;
        *by_stage.entry(stage).or_insert(0_u32) += 1;
        register += 1;
    }
    prop_assert_eq!(told.register, register, "the register of directors and of the desk");
    for count in &told.places {
        let people = by_place.get(&count.place).copied().unwrap_or_default();
        prop_assert_eq!(count.people, people, "{:?} to directors", count.place);
    }
    for count in &told.stages {
        let people = by_stage.get(&count.stage).copied().unwrap_or_default();
        prop_assert_eq!(count.people, people, "{:?} to directors", count.stage);
    }
    Ok(())
}

/// Replays a history and checks each entry; returns the scene for checks at its end.
fn play(steps: &[Step]) -> Result<Scene, TestCaseError> {
    let mut scene = Scene::with_people(PEOPLE - 1);
    let mut held: Vec<Rows> =
        Audience::ALL.into_iter().map(|audience| rows(&scene.room, audience)).collect();
    for step in steps {
        scene.later(step.minutes);
        let mut context = scene.context(author(step));
        context.happened_at = step.ago.map(|ago| scene.now.plus_ms(-ago * 60_000));
        context.late_reason = step.ago.map(|_| super::scene::reason());
        context.based_on = Some(proto::id::Seq(step.seen));
        let register_before = scene.census(Audience::Desk).register;
        let merges =
            matches!(step.command, Command::Plan(Plan::Register(register::Plan::Merge { .. })));
        let touched = match scene.submit(&context, &step.command) {
            Ok((_, touched)) => touched,
            Err(refusal) => {
                let director = step.by == DIRECTOR || scene.room.roles(step.by).is_empty();
                let is_fact = matches!(step.command, Command::Fact(_));
                let demoted = refusal.code == Code::NotYours;
                prop_assert!(!is_fact || director || demoted, "a fact was refused: {:?}", refusal);
                continue;
            }
        };
        let mut all = touched.clone();
        let before_timers = scene.room.head();
        scene.ring_timers();
        all.extend(scene.room.touched_since(before_timers));
        // A change of protection may change the text of log lines: those in screens' windows, no more.
        let lines = touched.iter().filter(|key| matches!(key, Key::Log(_))).count();
        prop_assert!(lines <= Audience::ALL.len() * (LOG_ROWS + 1), "{lines} lines of the log");
        let touched = touched.len() - lines;
        prop_assert!(touched <= TOUCHED_MAX, "{touched} keys by {:?}", step.command);
        for (audience, held) in Audience::ALL.into_iter().zip(&mut held) {
            let after = rows(&scene.room, audience);
            let sent = replaced(std::mem::take(held), &scene.room, audience, &all);
            prop_assert_eq!(&sent, &after, "rows of {:?} after {:?}", audience, step.command);
            sums_agree(&after, audience)?;
            *held = after;
        }
        gates_agree(&scene.room)?;
        directors_agree(&scene.room)?;
        let register = scene.census(Audience::Desk).register;
        let fell = register < register_before;
        prop_assert!(!fell || merges, "only a merge lowers the register");
        prop_assert!(register + 1 >= register_before);
    }
    Ok(scene)
}

/// A naive second implementation of the directors' gate counts: counts the desk's rows.
fn gates_agree(room: &Room) -> Result<(), TestCaseError> {
    let Some(Row::Gates(gates)) = room.row(Audience::Sitrep, Key::Gates) else {
        return Err(TestCaseError::fail("no row of the gates"));
    };
    let (mut breaches, mut passes) = (BTreeMap::new(), BTreeMap::new());
    for row in rows(room, Audience::Desk).into_values() {
        let Row::DeskPerson(row) = row else { continue };
        for breach in &row.breaches {
            let counts: &mut [u32; 2] = breaches.entry((breach.gate, breach.owner)).or_default();
            counts[usize::from(breach.state != BreachState::Open)] += 1;
        }
        for pass in &row.passes {
            *passes.entry(pass.gate).or_insert(0_u32) += 1;
        }
    }
    let told = gates.breaches.iter();
    let told = told.map(|count| ((count.gate, count.owner), [count.open, count.reviewed]));
    prop_assert_eq!(told.collect::<BTreeMap<_, _>>(), breaches);
    let told = gates.passes.iter().map(|count| (count.gate, count.passes));
    prop_assert_eq!(told.collect::<BTreeMap<_, _>>(), passes);
    Ok(())
}

/// Returns the author of a step: commands no member submits come from the room itself.
pub(crate) fn author(step: &Step) -> Actor {
    if matches!(
        step.command,
        Command::Plan(
            Plan::Member(member::Plan::Admit { .. }) | Plan::Door(door::Plan::Ask { .. })
        )
    ) {
        return Actor::System;
    }
    Actor::Member(step.by)
}

/// The number of histories for `cargo test`; the soak runs more.
pub(crate) fn cases() -> ProptestConfig {
    let cases = std::env::var("MUSTER_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(96);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    /// I-16: a screen that applies the touched rows shows what the room shows; the census always adds up; facts are
    /// never refused; only a merge shrinks the register; few rows are touched.
    #[test]
    fn the_screens_and_the_register_agree_at_every_entry(steps in vec(step(), 1..60)) {
        play(&steps)?;
    }

    /// I-14: folding the same entries again gives the same rows, and so does resuming from any entry.
    #[test]
    fn the_same_entries_give_the_same_rows(steps in vec(step(), 1..40), cut in 0..40_usize) {
        let scene = play(&steps)?;
        let mut again = Room::default();
        let mut early = None;
        for entry in &scene.journal {
            if usize::try_from(entry.seq.0).unwrap() == cut + 20 {
                early = Some((again.head(), again.clone()));
            }
            again.apply(entry);
        }
        for audience in Audience::ALL {
            prop_assert_eq!(rows(&again, audience), rows(&scene.room, audience));
            if let Some((at, early)) = &early {
                let touched = scene.room.touched_since(*at);
                let caught_up = replaced(rows(early, audience), &scene.room, audience, &touched);
                prop_assert_eq!(caught_up, rows(&scene.room, audience), "catch-up");
            }
        }
    }

    /// Release test D: no byte sent to the wall or to directors contains a name, a birth date or text of a card, and
    /// no worker appears beside a person.
    #[test]
    fn nothing_sent_to_the_wall_or_directors_names_anybody(steps in vec(step(), 1..40)) {
        let scene = play(&steps)?;
        for audience in [Audience::Wall, Audience::Sitrep] {
            let bytes = serde_json::to_string(&rows(&scene.room, audience).values().collect::<Vec<_>>())
                .unwrap()
                .to_lowercase();
            for n in 1..=PEOPLE {
                let details = super::scene::details(n);
                let name = details.name.unwrap();
                for word in name.as_str().to_lowercase().split(' ') {
                    prop_assert!(!bytes.contains(word), "{word} in {audience:?}");
                }
                prop_assert!(!bytes.contains(details.date_of_birth.unwrap().as_str()));
                prop_assert!(!bytes.contains(&person(n).to_string()) || audience == Audience::Wall);
            }
            for word in ["adeyemi", "trahearne", "marchetti", "nair", "ellis", "card only"] {
                prop_assert!(!bytes.contains(word), "{word} in {audience:?}");
            }
            prop_assert!(!bytes.contains(&super::scene::WORKER.to_string()));
        }
    }
}
