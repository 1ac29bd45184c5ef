//! Help, cover and the door, over the wire.

use proof::{cast, host::Host};
use proto::{
    command::Command,
    cover, door,
    help::{self, HelpKind},
    id::{HelpId, MemberId},
    key::Key,
    member::Profile,
    outcome::Fate,
    pack::{self, PackKind},
    refusal::Code,
    role::{Audience, Role},
    row::Row,
};

/// P-87: by initials and roles; the person and the place are only for desk and phones.
#[tokio::test]
async fn a_call_for_help_names_nobody_on_the_wall_and_is_removed_when_it_ends() {
    let host = Host::start().await;
    let (room, desk) = host.room(1).await;
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let (help, person) = (HelpKind::NotSafe, Some(cast::person(0)));
    let place = Some(cast::text("by the laundry"));
    let calls = cast::asks(Command::from(help::Fact::Call { help, person, place }));
    let key = Key::Help(HelpId(calls.id.0));
    assert!(matches!(phone.fate(&calls).await, Fate::Ok { .. }));
    let on_wall = wall.snapshot().await;
    let bytes = serde_json::to_string(&on_wall).unwrap();
    assert!(on_wall.put.iter().any(|put| put.key == key), "the wall has the call");
    for hidden in ["laundry", &cast::person(0).to_string()] {
        let row = on_wall.put.iter().find(|put| put.key == key).unwrap();
        assert!(!serde_json::to_string(row).unwrap().contains(hidden), "{hidden} in {bytes}");
    }
    let on_desk = desk.snapshot().await.put.into_iter().find(|put| put.key == key).unwrap();
    let Row::Help(row) = on_desk.row else { panic!("no call") };
    assert_eq!((row.member, row.person), (phone.member, person));
    let call = row.call;
    desk.does(Command::from(help::Fact::Answer { call })).await;
    desk.does(Command::from(help::Fact::End { call, words: cast::text("all well") })).await;
    assert!(!wall.snapshot().await.put.iter().any(|put| put.key == key));
    // P-54: an end that comes twice is kept and not refused.
    desk.does(Command::from(help::Fact::End { call, words: cast::text("all well") })).await;
}

/// P-88: at once, on the existing login of the member who covers, and no longer than the cover lasts.
#[tokio::test]
async fn a_cover_grants_the_covered_roles_until_it_ends() {
    let host = Host::start().await;
    let (room, lead) = host.room(1).await;
    let asked = host.door.come_in(room, Audience::Desk, &[Role::Media]).await;
    let prints = || {
        let people = vec![cast::person(0)];
        cast::asks(Command::from(pack::Plan::Print {
            pack: PackKind::Person,
            people,
            held_by: None,
        }))
    };
    let Fate::Refused(refusal) = asked.fate(&prints()).await else { panic!("it was taken") };
    assert_eq!(refusal.code, Code::NotYours);
    asked.does(Command::from(cover::Plan::Take { member: lead.member })).await;
    assert!(matches!(asked.fate(&prints()).await, Fate::Ok { .. }));
    lead.does(Command::from(cover::Plan::End { member: lead.member, by: asked.member })).await;
    assert!(matches!(asked.fate(&prints()).await, Fate::Refused(_)));
}

/// P-89: only the server adds somebody at the door; a member's command cannot.
#[tokio::test]
async fn no_client_command_adds_somebody_at_the_door() {
    let host = Host::start().await;
    let (_, lead) = host.room(0).await;
    let code = cast::text("ACDEFGHJ");
    let until = host.clock.now().plus_ms(3_600_000);
    lead.does(Command::from(door::Plan::Open { code, until })).await;
    let asks = Command::from(door::Plan::Ask {
        code: cast::text("ACDEFGHJ"),
        asking: MemberId(uuid::Uuid::from_u128(9)),
        profile: Profile {
            name: cast::name("Peregrine Stoat"),
            organisation: None,
            job: None,
            mobile: None,
            roles: vec![Role::Lead],
        },
        face: Audience::Desk,
    });
    let Fate::Refused(refusal) = lead.fate(&cast::asks(asks)).await else { panic!("it was taken") };
    assert_eq!(refusal.code, Code::NotYours);
}
