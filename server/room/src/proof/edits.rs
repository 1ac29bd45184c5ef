//! Edits carry what their author saw: different fields merge, one field on old ground is set aside.

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

/// Returns what a row shows of an edit of the bedroom.
fn shown(name: &str) -> EditedDetails {
    EditedDetails { bedroom: bedroom(name).bedroom, ..EditedDetails::default() }
}

#[test]
fn edits_of_different_fields_from_the_same_ground_both_stand() {
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
fn an_edit_on_old_ground_is_set_aside_with_both_values_and_overwrites_nothing() {
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
fn of_one_command_the_fresh_fields_are_taken_and_the_stale_ones_wait() {
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
fn an_edit_that_claims_to_have_seen_what_is_not_written_overwrites_nothing() {
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
fn a_device_may_follow_its_own_edit_without_having_seen_it() {
    let mut scene = Scene::with_people(1);
    let seen = Some(scene.room.head());
    edit(&mut scene, LEAD, seen, bedroom("14")).unwrap();
    edit(&mut scene, LEAD, seen, bedroom("15")).unwrap();
    assert_eq!(scene.desk(1).bedroom, Some(Bedroom::parse("15").unwrap()));
}

#[test]
fn the_same_value_twice_is_no_conflict() {
    let mut scene = Scene::with_people(1);
    let seen = Some(scene.room.head());
    edit(&mut scene, LEAD, seen, bedroom("14")).unwrap();
    let id = edit(&mut scene, DESK, seen, bedroom("14")).unwrap();
    assert!(waiting(&scene, id).is_none());
}

#[test]
fn an_edit_that_does_not_say_what_its_author_saw_is_refused() {
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
fn what_is_on_the_card_only_stays_out_of_a_set_aside_edits_row() {
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
