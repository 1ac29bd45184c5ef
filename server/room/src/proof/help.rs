//! Help, cover, the door and paper: the team's mutual duties (R36, R43, R53; SECURITY, Getting in).

use proto::{
    command::Command,
    cover,
    door::{self, Admission},
    expected::{self, Expected},
    help::{self, HelpKind, HelpRow, WallHelp},
    id::{HelpId, MemberId, Time},
    key::Key,
    member::{self, Actor},
    needs,
    nouns::Event,
    pack::{self, PackKind, PackRow, PackState},
    refusal::Code,
    role::{Audience, Ceiling, Role},
    row::Row,
    stranger,
};

use super::scene::{
    DESK, DIRECTOR, HOME_SITE, LEAD, Scene, WORKER, person, profile, reason, short, text, uuid_of,
};

const CODE: &str = "ACDEFGHJ";

fn call(scene: &mut Scene) -> HelpId {
    let help = HelpKind::NotSafe;
    let command = Command::from(help::Fact::Call {
        help,
        person: Some(person(1)),
        place: Some(short("stairs")),
    });
    let events = scene.by(WORKER, command).unwrap();
    let called = events.iter().find_map(|event| match event {
        Event::Help(help::Event::Called { call, .. }) => Some(*call),
        _ => None,
    });
    called.unwrap()
}

fn help_row(scene: &Scene, audience: Audience, call: HelpId) -> Option<HelpRow> {
    match scene.room.row(audience, Key::Help(call)) {
        Some(Row::Help(row)) => Some(row),
        None => None,
        other => panic!("no call but {other:?}"),
    }
}

fn wall_help(scene: &Scene, call: HelpId) -> Option<WallHelp> {
    match scene.room.row(Audience::Wall, Key::Help(call)) {
        Some(Row::WallHelp(row)) => Some(row),
        None => None,
        other => panic!("no call but {other:?}"),
    }
}

fn pack(scene: &Scene, number: u32) -> PackRow {
    match scene.room.row(Audience::Desk, Key::Pack(number)) {
        Some(Row::Pack(row)) => row,
        other => panic!("no pack but {other:?}"),
    }
}

#[test]
fn a_call_for_help_is_on_every_board_until_it_is_ended() {
    let mut scene = Scene::with_people(1);
    scene.sign_on(WORKER, HOME_SITE, 10);
    let id = call(&mut scene);
    let row = help_row(&scene, Audience::Phone, id).unwrap();
    assert_eq!((row.member, row.site, row.person), (WORKER, Some(HOME_SITE), Some(person(1))));
    assert_eq!((row.answered_by, row.unanswered), (None, false));
    scene.by(DESK, Command::from(help::Fact::Answer { call: id })).unwrap();
    scene.by(LEAD, Command::from(help::Fact::Answer { call: id })).unwrap();
    let row = help_row(&scene, Audience::Desk, id).unwrap();
    assert_eq!(row.answered_by, Some(DESK), "the first to answer stands");
    scene.by(LEAD, Command::from(help::Fact::End { call: id, words: reason() })).unwrap();
    assert_eq!(help_row(&scene, Audience::Desk, id), None);
    assert_eq!(wall_help(&scene, id), None);
    let line = scene.log(scene.room.head()).unwrap();
    assert!(line.text.contains("Owen Trahearne"), "{}", line.text);
}

/// P-87.
#[test]
fn the_wall_shows_a_call_by_initials_and_no_person() {
    let mut scene = Scene::with_people(1);
    scene.sign_on(WORKER, HOME_SITE, 10);
    let id = call(&mut scene);
    let row = wall_help(&scene, id).unwrap();
    assert_eq!((row.initials.as_str(), row.at_the_home), ("OT", true));
    let bytes = serde_json::to_string(&row).unwrap();
    assert!(!bytes.contains(&person(1).to_string()) && !bytes.contains("stairs"), "{bytes}");
    assert_eq!(scene.room.row(Audience::Sitrep, Key::Help(id)), None);
}

/// P-87.
#[test]
fn a_call_unanswered_for_a_minute_raises_one_alarm() {
    let mut scene = Scene::with_people(1);
    let id = call(&mut scene);
    scene.later(1);
    let rung = scene.ring_timers();
    assert_eq!(rung.len(), 1, "{rung:?}");
    assert!(help_row(&scene, Audience::Desk, id).unwrap().unanswered);
    let answered = call(&mut scene);
    scene.by(DESK, Command::from(help::Fact::Answer { call: answered })).unwrap();
    scene.later(2);
    assert!(scene.ring_timers().is_empty(), "an answered call raises nothing");
}

/// P-87, R34: an answer to an ended or unknown call is still recorded.
#[test]
fn an_answer_to_an_unknown_call_is_recorded_and_not_refused() {
    let mut scene = Scene::with_people(1);
    let unknown = HelpId(uuid_of(77));
    for command in [
        Command::from(help::Fact::Answer { call: unknown }),
        Command::from(help::Fact::End { call: unknown, words: reason() }),
    ] {
        let events = scene.by(WORKER, command).unwrap();
        assert!(
            matches!(events[..], [Event::Stranger(stranger::Event::Reported { .. })]),
            "{events:?}"
        );
    }
}

/// P-88.
#[test]
fn a_cover_grants_the_covered_roles_until_it_ends() {
    let mut scene = Scene::with_people(1);
    let rate = || {
        Command::from(pack::Plan::Print {
            pack: PackKind::Person,
            people: vec![person(1)],
            held_by: None,
        })
    };
    let refused = scene.by(WORKER, rate()).unwrap_err();
    assert_eq!(refused.code, Code::NotYours);
    scene.by(WORKER, Command::from(cover::Plan::Take { member: DESK })).unwrap();
    scene.by(WORKER, rate()).unwrap();
    let Some(Row::DeskMember(row)) = scene.room.row(Audience::Desk, Key::Member(WORKER)) else {
        panic!("no member")
    };
    assert_eq!((row.roles, row.covers), (vec![Role::NamedSw], vec![DESK]));
    scene.by(DESK, Command::from(cover::Plan::End { member: DESK, by: WORKER })).unwrap();
    assert_eq!(scene.by(WORKER, rate()).unwrap_err().code, Code::NotYours);
}

/// P-88.
#[test]
fn a_cover_tracks_the_covered_roles_and_expires_after_twelve_hours() {
    let mut scene = Scene::open();
    scene.by(WORKER, Command::from(cover::Plan::Take { member: DESK })).unwrap();
    scene
        .by(
            LEAD,
            Command::from(member::Plan::GiveRoles { member: DESK, roles: vec![Role::Transport] }),
        )
        .unwrap();
    assert!(scene.room.roles(WORKER).contains(&Role::Transport));
    assert!(!scene.room.roles(WORKER).contains(&Role::Bizsup));
    scene.later(12 * 60);
    let rung = scene.ring_timers();
    assert!(
        matches!(rung[..], [Event::Cover(cover::Event::Ended { timed_out: true, .. })]),
        "{rung:?}"
    );
    assert_eq!(scene.room.roles(WORKER), [Role::NamedSw]);
}

/// P-88.
#[test]
fn cover_is_not_transitive() {
    let mut scene = Scene::open();
    scene.by(DESK, Command::from(cover::Plan::Take { member: LEAD })).unwrap();
    scene.by(WORKER, Command::from(cover::Plan::Take { member: DESK })).unwrap();
    assert!(!scene.room.roles(WORKER).contains(&Role::Lead));
}

#[test]
fn nobody_covers_themselves_twice_or_across_organisations() {
    let mut scene = Scene::open();
    let code = |result: Result<Vec<Event>, proto::refusal::Refusal>| result.unwrap_err().code;
    assert_eq!(
        code(scene.by(WORKER, Command::from(cover::Plan::Take { member: WORKER }))),
        Code::Value
    );
    scene.by(WORKER, Command::from(cover::Plan::Take { member: DESK })).unwrap();
    assert_eq!(
        code(scene.by(WORKER, Command::from(cover::Plan::Take { member: DESK }))),
        Code::Already
    );
    let other = MemberId(uuid_of(9));
    for (member, organisation) in [(other, "NHS body"), (MemberId(uuid_of(10)), "Council")] {
        let organisation = Some(short(organisation));
        let profile =
            member::Profile { organisation, ..profile("Beatrix Quill", vec![Role::Transport]) };
        scene.set_up(Command::from(member::Plan::Admit {
            member,
            profile,
            ceiling: Ceiling::Staff,
        }));
    }
    let across =
        scene.by(other, Command::from(cover::Plan::Take { member: MemberId(uuid_of(10)) }));
    assert_eq!(code(across), Code::NotYours);
    assert_eq!(
        code(scene.by(DIRECTOR, Command::from(cover::Plan::Take { member: LEAD }))),
        Code::NotYours
    );
}

fn open_door(scene: &mut Scene) -> Time {
    let until = scene.now.plus_ms(3_600_000);
    scene.by(LEAD, Command::from(door::Plan::Open { code: text(CODE), until })).unwrap();
    until
}

fn ask(scene: &mut Scene, n: u128, name: &str, code: &str) -> Result<MemberId, Code> {
    let asking = MemberId(uuid_of(500 + n));
    let command = Command::from(door::Plan::Ask {
        code: text(code),
        asking,
        profile: profile(name, vec![Role::Lead]),
        face: Audience::Phone,
    });
    let context = scene.context(Actor::System);
    scene.submit(&context, &command).map(|_| asking).map_err(|refusal| refusal.code)
}

/// P-89.
#[test]
fn waiting_people_are_admitted_with_exactly_the_roles_given() {
    let mut scene = Scene::open();
    open_door(&mut scene);
    let one = ask(&mut scene, 1, "Tamsin Okoro", CODE).unwrap();
    let two = ask(&mut scene, 2, "Bram Vellacott", CODE).unwrap();
    assert!(scene.room.roles(one).is_empty(), "asking gives no role");
    let let_in = |roles: Vec<Role>| move |asking| Admission { asking, roles: roles.clone() };
    let admissions: Vec<_> = [one, two].map(let_in(vec![Role::NamedSw])).into();
    scene.by(LEAD, Command::from(door::Plan::LetIn { admissions: admissions.clone() })).unwrap();
    assert_eq!(scene.room.roles(one), [Role::NamedSw], "not the lead they wished to be");
    assert_eq!(scene.room.row(Audience::Desk, Key::Asker(two)), None);
    let again = scene.by(LEAD, Command::from(door::Plan::LetIn { admissions })).unwrap_err();
    assert_eq!(again.code, Code::Already);
}

/// P-89.
#[test]
fn only_the_current_unexpired_code_opens_the_door() {
    let mut scene = Scene::open();
    assert_eq!(ask(&mut scene, 1, "Tamsin Okoro", CODE), Err(Code::NotNow));
    let until = open_door(&mut scene);
    assert_eq!(ask(&mut scene, 1, "Tamsin Okoro", "KLMNPQRT"), Err(Code::NotNow));
    assert!(ask(&mut scene, 1, "Tamsin Okoro", CODE).is_ok());
    let next = text("KLMNPQRT");
    scene.by(LEAD, Command::from(door::Plan::Open { code: next, until })).unwrap();
    assert_eq!(ask(&mut scene, 2, "Bram Vellacott", CODE), Err(Code::NotNow));
    scene.later(60);
    assert_eq!(ask(&mut scene, 3, "Bram Vellacott", "KLMNPQRT"), Err(Code::NotNow));
    let day = scene.now.plus_ms(13 * 3_600_000);
    let long = scene
        .by(LEAD, Command::from(door::Plan::Open { code: text(CODE), until: day }))
        .unwrap_err();
    assert_eq!(long.code, Code::Value);
}

/// P-89.
#[test]
fn a_member_admitted_by_code_reads_no_money_and_admits_nobody() {
    let mut scene = Scene::with_people(1);
    open_door(&mut scene);
    let deputy = ask(&mut scene, 1, "Tamsin Okoro", CODE).unwrap();
    let admissions = vec![Admission { asking: deputy, roles: vec![Role::Deputy] }];
    scene.by(LEAD, Command::from(door::Plan::LetIn { admissions })).unwrap();
    let mut context = scene.context(Actor::Member(deputy));
    context.ceiling = Some(Ceiling::Code);
    let gives = Command::from(member::Plan::GiveRoles { member: deputy, roles: vec![Role::Lead] });
    assert_eq!(scene.submit(&context, &gives).unwrap_err().code, Code::NotYours);
    scene.submit(&context, &Command::from(needs::Plan::Assess { person: person(1) })).unwrap();
    let may =
        |audience| scene.room.may_follow(Actor::Member(deputy), Some(Ceiling::Code), audience);
    assert!(may(Audience::Desk) && may(Audience::Phone) && !may(Audience::Wall));
    let card = scene.room.card(Actor::Member(deputy), Some(Ceiling::Code), person(1)).unwrap();
    assert!(card.nhs_number.is_some() && card.funding.is_none());
}

#[test]
fn the_roster_offers_its_roles_to_the_member_it_names() {
    let mut scene = Scene::open();
    open_door(&mut scene);
    let expected = MemberId(uuid_of(700));
    let member =
        |name: &str| Expected { member: expected, profile: profile(name, vec![Role::Meds]) };
    scene
        .by(LEAD, Command::from(expected::Plan::Expect { members: vec![member("Okoro, Tamsin")] }))
        .unwrap();
    let asking = ask(&mut scene, 1, "TAMSIN OKORO", CODE).unwrap();
    let Some(Row::Asker(row)) = scene.room.row(Audience::Desk, Key::Asker(asking)) else {
        panic!("nobody asks")
    };
    assert_eq!(row.expected, Some(expected));
    let admissions = vec![Admission { asking, roles: vec![Role::Meds] }];
    scene.by(LEAD, Command::from(door::Plan::LetIn { admissions })).unwrap();
    assert_eq!(scene.room.row(Audience::Desk, Key::Expected(expected)), None, "they came");
    let again = Command::from(expected::Plan::Expect { members: vec![member("Tamsin Okoro")] });
    assert_eq!(scene.by(LEAD, again).unwrap_err().code, Code::Already);
}

#[test]
fn packs_are_numbered_once_and_accounted_for() {
    let mut scene = Scene::with_people(3);
    let print = |people: &[u128]| {
        Command::from(pack::Plan::Print {
            pack: PackKind::Person,
            people: people.iter().copied().map(person).collect(),
            held_by: None,
        })
    };
    scene.by(DESK, print(&[1, 2])).unwrap();
    scene.by(DESK, print(&[1])).unwrap();
    assert_eq!((pack(&scene, 3).person, pack(&scene, 3).state), (Some(person(1)), PackState::Out));
    assert_eq!(pack::number(&pack(&scene, 3).code), Some(3));
    let account = |packs: &[u32], state| {
        Command::from(pack::Plan::Account {
            packs: packs.to_vec(),
            state,
            held_by: Some(short("Crew 2")),
        })
    };
    scene.by(WORKER, account(&[1, 3], PackState::WithCrew)).unwrap();
    assert_eq!(pack(&scene, 1).held_by.as_deref(), Some("Crew 2"));
    assert_eq!(pack(&scene, 2).state, PackState::Out);
    let unknown = scene.by(WORKER, account(&[4], PackState::Returned)).unwrap_err();
    assert_eq!(unknown.code, Code::Unknown);
    scene.by(WORKER, account(&[2], PackState::Lost)).unwrap();
    assert!(scene.log(scene.room.head()).unwrap().alarm.is_some(), "a lost pack is a near miss");
    let nobody = scene.by(DESK, print(&[9])).unwrap_err();
    assert_eq!(nobody.code, Code::Unknown);
}
