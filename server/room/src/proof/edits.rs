//! Edits carry the entry their author saw: different fields merge; a stale edit of the same field is set aside.

use proto::{
    command::Command,
    details::EditedDetails,
    details::{self, Group, PersonChange},
    id::{DeviceId, Seq},
    key::Key,
    member::Actor,
    refusal::Code,
    role::Audience,
    row::Row,
    text::Bedroom,
};

use super::scene::{DESK, LEAD, Scene, person, short, text, uuid_of};

fn bedroom(words: &str) -> PersonChange {
    PersonChange { bedroom: Some(Bedroom::parse(words).unwrap()), ..PersonChange::default() }
}

fn edit(
    scene: &mut Scene,
    member: proto::id::MemberId,
    seen: Option<Seq>,
    change: PersonChange,
) -> Result<proto::id::CommandId, proto::refusal::Refusal> {
    let mut context = scene.context(Actor::Member(member));
    context.based_on = seen;
    let change = Box::new(change);
    scene.submit(&context, &Command::from(details::Plan::Change { person: person(1), change }))?;
    Ok(context.command)
}

fn waiting(scene: &Scene, id: proto::id::CommandId) -> Option<details::EditRow> {
    match scene.room.row(Audience::Desk, Key::Edit(id)) {
        Some(Row::Edit(row)) => Some(row),
        _ => None,
    }
}

/// Returns an edit of the bedroom as a row shows it.
fn shown(name: &str) -> EditedDetails {
    EditedDetails { bedroom: bedroom(name).bedroom, ..EditedDetails::default() }
}

#[test]
fn concurrent_edits_of_different_fields_merge() {
    let mut scene = Scene::with_people(1);
    let seen = Some(scene.room.head());
    edit(&mut scene, LEAD, seen, bedroom("14")).unwrap();
    let friends = PersonChange { keep_together: Some(short("F1")), ..PersonChange::default() };
    edit(&mut scene, DESK, seen, friends).unwrap();
    let row = scene.desk(1);
    assert_eq!(row.bedroom, Some(Bedroom::parse("14").unwrap()));
    assert_eq!(row.keep_together.as_deref(), Some("F1"));
}

#[test]
fn a_stale_edit_is_set_aside_with_both_values_and_overwrites_nothing() {
    let mut scene = Scene::with_people(1);
    let seen = Some(scene.room.head());
    edit(&mut scene, LEAD, seen, bedroom("14")).unwrap();
    let id = edit(&mut scene, DESK, seen, bedroom("15")).unwrap();
    assert_eq!(scene.desk(1).bedroom, Some(Bedroom::parse("14").unwrap()));
    let row = waiting(&scene, id).unwrap();
    assert_eq!(
        (row.groups.as_slice(), row.mine, row.stands),
        ([Group::Bedroom].as_slice(), shown("15"), shown("14"))
    );
    scene.by(LEAD, Command::from(details::Plan::SettleEdit { edit: id, take: true })).unwrap();
    assert_eq!(scene.desk(1).bedroom, Some(Bedroom::parse("15").unwrap()));
    assert!(waiting(&scene, id).is_none());
    let again = scene
        .by(LEAD, Command::from(details::Plan::SettleEdit { edit: id, take: true }))
        .unwrap_err();
    assert_eq!(again.code, Code::Unknown);
}

#[test]
fn a_partly_stale_command_applies_only_its_fresh_fields() {
    let mut scene = Scene::with_people(1);
    let seen = Some(scene.room.head());
    edit(&mut scene, LEAD, seen, bedroom("14")).unwrap();
    let mut both = bedroom("15");
    both.keep_together = Some(short("F2"));
    let id = edit(&mut scene, DESK, seen, both).unwrap();
    assert_eq!(scene.desk(1).keep_together.as_deref(), Some("F2"));
    assert_eq!(waiting(&scene, id).unwrap().mine, shown("15"));
}

/// P-55
#[test]
fn an_edit_based_on_a_future_entry_overwrites_nothing() {
    for ahead in [1, 1_000_000_000_000, u64::MAX / 2] {
        let mut scene = Scene::with_people(1);
        let seen = Some(scene.room.head());
        edit(&mut scene, LEAD, seen, bedroom("71")).unwrap();
        let forged = Some(Seq(scene.room.head().0 + ahead));
        let id = edit(&mut scene, DESK, forged, bedroom("72")).unwrap();
        assert_eq!(scene.desk(1).bedroom, Some(Bedroom::parse("71").unwrap()), "{ahead} ahead");
        let row = waiting(&scene, id).unwrap();
        assert_eq!((row.mine, row.stands), (shown("72"), shown("71")));
    }
}

#[test]
fn a_device_may_edit_again_before_it_sees_its_own_edit() {
    let mut scene = Scene::with_people(1);
    let seen = Some(scene.room.head());
    edit(&mut scene, LEAD, seen, bedroom("14")).unwrap();
    edit(&mut scene, LEAD, seen, bedroom("15")).unwrap();
    assert_eq!(scene.desk(1).bedroom, Some(Bedroom::parse("15").unwrap()));
}

#[test]
fn setting_the_same_value_twice_is_not_a_conflict() {
    let mut scene = Scene::with_people(1);
    let seen = Some(scene.room.head());
    edit(&mut scene, LEAD, seen, bedroom("14")).unwrap();
    let id = edit(&mut scene, DESK, seen, bedroom("14")).unwrap();
    assert!(waiting(&scene, id).is_none());
}

#[test]
fn an_edit_without_a_base_entry_is_refused() {
    let mut scene = Scene::with_people(1);
    assert_eq!(edit(&mut scene, LEAD, None, bedroom("9")).unwrap_err().code, Code::Value);
    let mut context = scene.context(Actor::Member(LEAD));
    context.device = Some(DeviceId(uuid_of(7)));
    context.based_on = None;
    let change = Box::new(bedroom("9"));
    let command = Command::from(details::Plan::Change { person: person(1), change });
    assert!(scene.submit(&context, &command).is_err());
}

#[test]
fn card_only_values_are_not_in_the_row_of_a_set_aside_edit() {
    let mut scene = Scene::with_people(1);
    let seen = Some(scene.room.head());
    let needs = |words: &str| PersonChange {
        needs: Some(text(words)),
        wristband: Some(text(words)),
        notes: Some(text(words)),
        ..PersonChange::default()
    };
    edit(&mut scene, LEAD, seen, needs("one")).unwrap();
    let id = edit(&mut scene, DESK, seen, needs("two")).unwrap();
    let row = serde_json::to_string(&waiting(&scene, id).unwrap()).unwrap();
    assert!(!row.contains("one") && !row.contains("two"), "{row}");
}
