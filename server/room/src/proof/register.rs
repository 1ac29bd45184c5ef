//! The register: references, look-alikes, funding and lead body, merges.

use proto::{
    command::Command,
    details::{self, PersonChange},
    key::Key,
    limit::{PEOPLE_MAX, SHORT_REFERENCES_MAX},
    member::Actor,
    nouns::Plan,
    person::{
        Funding,
        FundingSource::{Joint, NhsChc, OtherCouncil, OtherNhs, SelfFunded, ThisCouncil},
        LeadBody,
    },
    refusal::Code,
    register::{self, OpenQuestion},
    role::Audience,
    row::Row,
    text::{Bedroom, PersonName},
    transfer::PlaceNow,
    whereabouts,
};

use super::scene::{DESK, Scene, WORKER, details, person, reason, register, text};

fn named(n: u128, name: &str) -> Command {
    let mut details = details(n);
    details.name = Some(PersonName::parse(name).unwrap());
    let details = Box::new(details);
    Command::from(register::Plan::Register { person: person(n), details, questions: Vec::new() })
}

#[test]
fn references_are_random_and_never_reused() {
    let scene = Scene::with_people(60);
    let mut references: Vec<_> = (1..=60).map(|n| scene.desk(n).reference).collect();
    references.sort();
    references.dedup();
    assert_eq!(references.len(), 60);
}

/// P-97: no screen shows a bedroom that equals a person's reference, whichever came first.
#[test]
fn a_later_bedroom_is_never_confused_with_a_reference() {
    let mut scene = Scene::with_people(2);
    let bedroom = |n| Some(Bedroom::parse(scene.desk(n).reference.as_str()).unwrap());
    let (first, second) = (bedroom(1), bedroom(2));
    let details = Box::new(PersonChange { bedroom: first.clone(), ..details(3) });
    let questions = Vec::new();
    scene.set_up(Command::from(register::Plan::Register { person: person(3), details, questions }));
    let change = Box::new(PersonChange { bedroom: second, ..PersonChange::default() });
    scene.by(DESK, Command::from(details::Plan::Change { person: person(1), change })).unwrap();
    let shown = scene.wall(3).bedroom.unwrap();
    assert_eq!(shown.as_str(), format!("BEDROOM {}", first.unwrap().as_str()));
    let references: Vec<String> =
        (1..=3).map(|n| scene.desk(n).reference.as_str().to_owned()).collect();
    for n in 1..=3 {
        let Some(Row::PhonePerson(phone)) = scene.room.row(Audience::Phone, Key::Person(person(n)))
        else {
            panic!("nobody")
        };
        for bedroom in [scene.wall(n).bedroom, scene.desk(n).bedroom, phone.bedroom] {
            let bedroom = bedroom.unwrap();
            assert!(!references.iter().any(|one| one == bedroom.as_str()), "{n}");
        }
    }
}

/// P-97
#[test]
fn a_register_holds_as_many_people_as_a_list_has_rows_and_refuses_more() {
    let all = u128::try_from(PEOPLE_MAX).unwrap();
    let mut scene = Scene::with_people(all);
    let context = scene.context(Actor::Importer);
    let full = scene.submit(&context, &register(all + 1)).unwrap_err();
    assert_eq!(full.code, Code::Full);
    assert_eq!(scene.census(Audience::Wall).register, 5_000);
    let lengths: Vec<usize> = (1..=all).map(|n| scene.desk(n).reference.as_str().len()).collect();
    assert_eq!(lengths.iter().filter(|length| **length == 3).count(), SHORT_REFERENCES_MAX);
    // One more command touches as few rows as in a small room.
    let context = scene.context(Actor::Member(WORKER));
    let leave =
        Command::from(whereabouts::Fact::Depart { person: person(9), home: None, vehicle: None });
    let (_, touched) = scene.submit(&context, &leave).unwrap();
    assert!(touched.len() < 16, "{} rows", touched.len());
}

#[test]
fn only_a_merge_shrinks_the_register_by_one_with_a_reason() {
    let mut scene = Scene::open();
    scene.set_up(named(1, "Kathleen Brannigan"));
    let mut twice = named(2, "Cathleen Branigan");
    if let Command::Plan(Plan::Register(register::Plan::Register { questions, .. })) = &mut twice {
        questions.push(OpenQuestion::Duplicate);
    }
    scene.set_up(twice);
    assert!(scene.desk(1).similar && scene.desk(2).similar);
    let merge =
        Command::from(register::Plan::Merge { from: person(2), into: person(1), why: reason() });
    scene.by(DESK, merge.clone()).unwrap();
    let census = scene.census(Audience::Sitrep);
    assert_eq!(census.register, 1);
    let merged = census.merged.unwrap();
    assert_eq!((merged.from, merged.to), (2, 1));
    assert!(scene.room.row(Audience::Desk, Key::Person(person(2))).is_none());
    assert!(!scene.desk(1).similar, "nobody else is left to be taken for them");
    assert_eq!(scene.by(DESK, merge).unwrap_err().code, Code::Already);
    assert_eq!(scene.by(DESK, register(2)).unwrap_err().code, Code::Already);
    let lead = Actor::Member(super::scene::LEAD);
    let card = scene.room.card(lead, Some(proto::role::Ceiling::Staff), person(1)).unwrap();
    assert_eq!(card.aliases, [PersonName::parse("Cathleen Branigan").unwrap()]);
}

#[test]
fn two_rows_in_different_places_must_be_resolved_before_a_merge() {
    let mut scene = Scene::with_people(2);
    scene.by(WORKER, Command::from(whereabouts::Fact::Die { person: person(2) })).unwrap();
    let merge =
        Command::from(register::Plan::Merge { from: person(2), into: person(1), why: reason() });
    assert_eq!(scene.by(DESK, merge).unwrap_err().code, Code::NotNow);
    assert_eq!(scene.at(Audience::Desk, PlaceNow::Died), 1);
}

#[test]
fn a_possible_duplicate_is_not_confirmed_until_resolved() {
    let mut scene = Scene::open();
    let questions = vec![OpenQuestion::Duplicate];
    let details = Box::new(details(1));
    scene.set_up(Command::from(register::Plan::Register { person: person(1), details, questions }));
    let identified_by =
        vec![proto::identity::IdentifiedBy::Name, proto::identity::IdentifiedBy::DateOfBirth];
    let confirm = Command::from(register::Plan::Confirm { person: person(1), identified_by });
    assert_eq!(scene.by(DESK, confirm.clone()).unwrap_err().code, Code::Gate);
    let question = OpenQuestion::Duplicate;
    scene
        .by(
            DESK,
            Command::from(register::Plan::SettleQuestion {
                person: person(1),
                question,
                why: reason(),
            }),
        )
        .unwrap();
    scene.by(DESK, confirm).unwrap();
}

#[test]
fn the_lead_body_follows_from_the_payer_and_a_tie_is_left_undecided() {
    let lead = |source, share| {
        let mut scene = Scene::open();
        let council_share = share;
        let funding = Funding { provider_source: source, council_share, ..Funding::default() };
        let details = PersonChange { funding: Some(funding), ..details(1) };
        let details = Box::new(details);
        let questions = Vec::new();
        scene.set_up(Command::from(register::Plan::Register {
            person: person(1),
            details,
            questions,
        }));
        scene.desk(1).lead_body
    };
    for (source, share, body) in [
        (Some(ThisCouncil), None, LeadBody::Council),
        (Some(SelfFunded), None, LeadBody::Council),
        (Some(NhsChc), None, LeadBody::Nhs),
        (Some(OtherNhs), None, LeadBody::NhsForOther),
        (Some(OtherCouncil), None, LeadBody::OtherCouncilToAgree),
        (Some(Joint), Some(60), LeadBody::Council),
        (Some(Joint), Some(30), LeadBody::Nhs),
        (Some(Joint), Some(50), LeadBody::Undecided),
        (Some(Joint), None, LeadBody::Undecided),
        (None, None, LeadBody::Undecided),
    ] {
        assert_eq!(lead(source, share), body, "{source:?} {share:?}");
    }
}

#[test]
fn contradicting_funding_sources_are_shown_and_decide_nothing_until_agreed() {
    let mut funding = Funding {
        provider_source: Some(SelfFunded),
        council_record: Some(ThisCouncil),
        ..Funding::default()
    };
    assert!(funding.disagrees() && funding.source().is_none());
    funding.agreed = Some(ThisCouncil);
    assert!(!funding.disagrees());
    assert_eq!(funding.source(), Some(ThisCouncil));
}

#[test]
fn a_person_without_a_name_is_not_registered() {
    let mut scene = Scene::open();
    let details = Box::new(PersonChange { needs: Some(text("x")), ..PersonChange::default() });
    let questions = Vec::new();
    let command = Command::from(register::Plan::Register { person: person(1), details, questions });
    assert_eq!(scene.by(DESK, command).unwrap_err().code, Code::Value);
}
