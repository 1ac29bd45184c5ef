//! Rights: what a lead or deputy, a member at the home, a screen and a director may do and see.

use proto::{
    alarm,
    command::Command,
    cover, deadline, door,
    help::{self, HelpKind},
    incident,
    log::Show,
    member::{self, Actor},
    needs,
    nouns::Event,
    pack, place, premises, protection, readiness,
    refusal::Code,
    role::{Audience, Ceiling, Role},
    sign_in::{self, Word},
    whereabouts,
};

use super::scene::{
    DESK, DIRECTOR, HOME_SITE, LEAD, Scene, WORKER, line, person, profile, reason, uuid_of,
};

#[test]
fn lists_of_homes_are_imported_by_members_who_may_add_homes() {
    let mut scene = Scene::open();
    let member = Actor::Member(WORKER);
    for (role, may) in [
        (Role::Vacancies, true),
        (Role::Placements, true),
        (Role::Deputy, true),
        (Role::NamedSw, false),
        (Role::Finance, false),
    ] {
        let gives = Command::from(member::Plan::GiveRoles { member: WORKER, roles: vec![role] });
        scene.by(LEAD, gives).unwrap();
        assert_eq!(scene.room.may_add_homes(member, Some(Ceiling::Staff)), may, "{role:?}");
        assert!(!scene.room.may_add_homes(member, Some(Ceiling::Link)), "{role:?}");
    }
    assert!(!scene.room.may_add_homes(Actor::Screen, Some(Ceiling::Screen)));
    assert!(!scene.room.may_add_homes(Actor::Importer, None));
}

#[test]
fn each_audience_is_open_to_the_roles_that_grant_it() {
    let scene = Scene::open();
    let may = |actor, ceiling, audience| scene.room.may_follow(actor, ceiling, audience);
    let staff = Some(Ceiling::Staff);
    for (actor, audiences) in [
        (Actor::Member(LEAD), vec![Audience::Desk, Audience::Phone, Audience::Sitrep]),
        (Actor::Member(WORKER), vec![Audience::Desk, Audience::Phone, Audience::Sitrep]),
        (Actor::Member(DIRECTOR), vec![Audience::Sitrep]),
        (Actor::Member(proto::id::MemberId(uuid_of(999))), vec![]),
        (Actor::System, vec![]),
        (Actor::Importer, vec![]),
    ] {
        let open: Vec<_> =
            Audience::ALL.into_iter().filter(|audience| may(actor, staff, *audience)).collect();
        assert_eq!(open, audiences, "{actor:?}");
    }
    assert!(may(Actor::Screen, Some(Ceiling::Screen), Audience::Wall));
    assert!(!may(Actor::Screen, Some(Ceiling::Screen), Audience::Desk));
    assert!(!may(Actor::Member(WORKER), Some(Ceiling::Link), Audience::Desk));
    assert!(may(Actor::Member(WORKER), Some(Ceiling::Link), Audience::Phone));
}

#[test]
fn revoked_roles_close_the_audience_at_that_entry() {
    let mut scene = Scene::open();
    let roles = vec![Role::Director];
    scene.by(LEAD, Command::from(member::Plan::GiveRoles { member: WORKER, roles })).unwrap();
    let may = scene.room.may_follow(Actor::Member(WORKER), Some(Ceiling::Staff), Audience::Phone);
    assert!(!may && scene.room.roster_at() == scene.room.head());
}

#[test]
fn a_screen_submits_nothing_and_an_import_records_no_facts() {
    let mut scene = Scene::with_people(1);
    let leave =
        Command::from(whereabouts::Fact::Depart { person: person(1), home: None, vehicle: None });
    for actor in [Actor::Screen, Actor::Importer, Actor::System] {
        let context = scene.context(actor);
        let refused = scene.submit(&context, &leave).unwrap_err();
        assert_eq!(refused.code, Code::NotYours, "{actor:?}");
    }
}

/// The import's rights are an allow-list; anything else is refused.
#[test]
fn an_import_sets_a_room_up_and_assigns_no_rights() {
    let mut scene = Scene::with_people(2);
    let (member, asking) = (WORKER, DESK);
    let swept_by = [super::scene::short("One"), super::scene::short("Another")];
    for command in [
        Command::from(member::Plan::GiveRoles { member, roles: vec![Role::Lead] }),
        Command::from(cover::Plan::Take { member }),
        Command::from(door::Plan::Open { code: super::scene::short("ACDEFGHJ"), until: scene.now }),
        Command::from(door::Plan::LetIn { admissions: Vec::new() }),
        Command::from(door::Plan::TurnAway { asking, why: reason() }),
        Command::from(premises::Plan::ClaimCleared { swept_by, except: Vec::new() }),
        Command::from(place::Plan::Accept { person: person(1), home: super::scene::home(1) }),
        Command::from(readiness::Plan::Declare { person: person(1) }),
        Command::from(protection::Plan::End {
            person: person(1),
            entry: scene.room.head(),
            why: reason(),
        }),
        Command::from(pack::Plan::Print {
            pack: pack::PackKind::Roster,
            people: Vec::new(),
            held_by: None,
        }),
        Command::from(sign_in::Fact::CheckIn { word: Word::default() }),
        line("a word", Show::default()),
    ] {
        let context = scene.context(Actor::Importer);
        let refused = scene.submit(&context, &command).unwrap_err();
        assert_eq!(refused.code, Code::NotYours, "{command:?}");
    }
    let context = scene.context(Actor::Importer);
    let assess = Command::from(needs::Plan::Assess { person: person(1) });
    scene.submit(&context, &assess).unwrap();
}

/// P-106: a director in the building is on the roll and can call for help.
#[test]
fn a_director_calls_for_help_and_signs_on_and_off_and_does_nothing_else() {
    let mut scene = Scene::with_people(1);
    let planned_end = scene.now.plus_ms(3_600_000);
    let on = |word| {
        Command::from(sign_in::Fact::SignOn { site: HOME_SITE, planned_end, duty: None, word })
    };
    let about = |member| Word { member: Some(member), on_word_of: None };
    let worker = scene.sign_on(WORKER, HOME_SITE, 2);
    for refused in [
        on(about(WORKER)),
        Command::from(sign_in::Fact::CheckIn { word: about(WORKER) }),
        Command::from(sign_in::Fact::SignOff { sign_in: worker, word: Word::default() }),
        Command::from(sign_in::Fact::ConfirmSafe { sign_in: worker, seen_by: reason() }),
        Command::from(whereabouts::Fact::Depart { person: person(1), home: None, vehicle: None }),
        line("a word", Show::default()),
    ] {
        assert_eq!(scene.by(DIRECTOR, refused).unwrap_err().code, Code::NotYours);
    }
    let own = scene.sign_on(DIRECTOR, HOME_SITE, 2);
    scene.by(DIRECTOR, Command::from(sign_in::Fact::CheckIn { word: about(DIRECTOR) })).unwrap();
    let help = HelpKind::NotSafe;
    let called =
        scene.by(DIRECTOR, Command::from(help::Fact::Call { help, person: None, place: None }));
    let Some(Event::Help(help::Event::Called { call, .. })) = called.unwrap().pop() else {
        panic!("no call")
    };
    scene.by(DIRECTOR, Command::from(help::Fact::Answer { call })).unwrap();
    scene.by(DIRECTOR, Command::from(help::Fact::End { call, words: reason() })).unwrap();
    scene
        .by(DIRECTOR, Command::from(sign_in::Fact::SignOff { sign_in: own, word: Word::default() }))
        .unwrap();
}

#[test]
fn only_lead_or_deputy_assign_roles_and_the_last_lead_stays() {
    let mut scene = Scene::open();
    let give = |member, roles| Command::from(member::Plan::GiveRoles { member, roles });
    let refused = scene.by(WORKER, give(WORKER, vec![Role::Lead])).unwrap_err();
    assert_eq!(refused.code, Code::NotYours);
    let refused = scene.by(LEAD, give(LEAD, vec![Role::Media])).unwrap_err();
    assert_eq!(refused.code, Code::NotNow);
    scene.by(LEAD, give(DESK, vec![Role::Lead])).unwrap();
    scene.by(LEAD, give(LEAD, vec![Role::Media])).unwrap();
    let twice = scene.by(DESK, give(WORKER, vec![Role::Media, Role::Media])).unwrap_err();
    assert_eq!(twice.code, Code::Value);
}

#[test]
fn a_member_cannot_admit_others_raise_alarms_or_open_rooms() {
    let mut scene = Scene::open();
    let profile = profile("Somebody Else", vec![Role::Lead]);
    let member = proto::id::MemberId(uuid_of(55));
    for command in [
        Command::from(member::Plan::Admit { member, profile, ceiling: Ceiling::Staff }),
        Command::from(alarm::Plan::Raise {
            timer: alarm::Timer::DeadlinePassed { at: scene.now },
            due: scene.now,
        }),
        Command::from(incident::Plan::Open { incident: super::scene::incident() }),
    ] {
        assert_eq!(scene.by(LEAD, command).unwrap_err().code, Code::NotYours);
    }
}

#[test]
fn a_card_contains_what_the_readers_roles_permit() {
    let mut scene = Scene::with_people(1);
    let roles = vec![Role::Transport];
    scene.by(LEAD, Command::from(member::Plan::GiveRoles { member: DESK, roles })).unwrap();
    let carried = scene.room.card(Actor::Member(DESK), Some(Ceiling::Staff), person(1));
    assert!(
        carried.unwrap().needs.is_none(),
        "what the matrix masks from a role is not on its card"
    );
    let scene = Scene::with_people(1);
    let read = |member| scene.room.card(Actor::Member(member), Some(Ceiling::Staff), person(1));
    assert!(read(LEAD).unwrap().needs.is_some());
    assert!(read(WORKER).unwrap().needs.is_some());
    assert!(read(DESK).unwrap().needs.is_none(), "business support reads no health");
    assert!(read(DIRECTOR).is_none());
    assert!(scene.room.card(Actor::Screen, Some(Ceiling::Screen), person(1)).is_none());
    let staff = Some(Ceiling::Staff);
    assert!(scene.room.card(Actor::Member(LEAD), staff, person(9)).is_none());
}

#[test]
fn a_room_is_opened_once_and_is_empty_before() {
    let mut scene = Scene::unopened();
    let refused = scene.by(LEAD, line("hello", Show::default())).unwrap_err();
    assert_eq!(refused.code, Code::Unknown);
    let open = Command::from(incident::Plan::Open { incident: super::scene::incident() });
    scene.set_up(open.clone());
    let context = scene.context(Actor::Importer);
    assert_eq!(scene.submit(&context, &open).unwrap_err().code, Code::Already);
    let mut scene = Scene::open();
    let lift = Command::from(deadline::Plan::Lift { at: scene.now, entry: None, why: reason() });
    assert_eq!(scene.by(LEAD, lift).unwrap_err().code, Code::Already);
}
