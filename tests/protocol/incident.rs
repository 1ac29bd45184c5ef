//! The incident: its deadlines, its texts, and the claim that the premises are empty.

use proof::{cast, device::Device, host::Host};
use proto::{
    command::{Command, Envelope},
    deadline::{self, Deadline},
    gate::{self, Gate},
    id::{Seq, Time},
    incident::{self, DeskIncident, IncidentChange},
    key::Key,
    outcome::Fate,
    premises::{self, IncidentStage},
    refusal::{Code, Refusal},
    role::{Audience, Role},
    row::Row,
};

async fn incident(desk: &Device) -> DeskIncident {
    let rows = desk.snapshot().await;
    let put = rows.put.into_iter().find(|put| put.key == Key::Incident).unwrap();
    let Row::DeskIncident(row) = put.row else { panic!("no incident") };
    row
}

async fn refusal(desk: &Device, said: &Envelope) -> Refusal {
    match desk.fate(said).await {
        Fate::Refused(no) => no,
        other => panic!("{other:?}"),
    }
}

fn sets(at: Time, set_by: &str) -> Command {
    let (set_by, why) = (cast::text(set_by), cast::text("closed by order"));
    Command::from(deadline::Plan::Set { deadline: Deadline { at, set_by, why } })
}

/// P-108: none replaces another, and each is lifted separately.
#[tokio::test]
async fn deadlines_at_the_same_time_coexist() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let at = host.clock.now().plus_ms(3_600_000);
    let first = desk.does(sets(at, "Magistrates")).await;
    desk.does(sets(at, "Landlord")).await;
    let lift = |entry| Command::from(deadline::Plan::Lift { at, entry, why: cast::text("stayed") });
    assert_eq!(incident(&desk).await.deadlines.len(), 2);
    assert_eq!(refusal(&desk, &cast::asks(lift(None))).await.code, Code::Value);
    desk.does(lift(Some(first))).await;
    let left = incident(&desk).await.deadlines;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].deadline.set_by, cast::text("Landlord"));
    desk.does(lift(None)).await;
    assert!(incident(&desk).await.deadlines.is_empty());
}

/// P-107: the later of two desks sees both versions, and decides.
#[tokio::test]
async fn a_stale_edit_does_not_overwrite_the_incidents_texts() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let other = host.door.come_in(room, Audience::Desk, &[Role::Deputy]).await;
    let order = |seen: Option<Seq>, words: &str| {
        let change = IncidentChange { order: Some(cast::text(words)), ..Default::default() };
        Envelope { based_on: seen, ..cast::asks(Command::from(incident::Plan::Change { change })) }
    };
    let seen = Some(desk.snapshot().await.to);
    assert!(matches!(desk.fate(&order(seen, "Section 30")).await, Fate::Ok { .. }));
    let refused = refusal(&other, &order(seen, "Section 31")).await;
    assert_eq!(refused.code, Code::NotNow);
    assert!(refused.words.contains("Section 30") && refused.words.contains("Section 31"));
    assert_eq!(refusal(&other, &order(None, "Section 31")).await.code, Code::Value);
    assert_eq!(incident(&desk).await.order, Some(cast::text("Section 30")));
    let seen = Some(other.snapshot().await.to);
    assert!(matches!(other.fate(&order(seen, "Section 31")).await, Fate::Ok { .. }));
}

/// P-105: people still there are named, or the premises cannot be called empty.
#[tokio::test]
async fn a_claim_that_the_premises_are_empty_leaves_nobody_out() {
    let host = Host::start().await;
    let (_, desk) = host.room(2).await;
    let claim = |second: &str| {
        let swept_by = [cast::text("First"), cast::text(second)];
        cast::asks(Command::from(premises::Plan::ClaimCleared { swept_by, except: Vec::new() }))
    };
    let refused = refusal(&desk, &claim("Second")).await;
    assert_eq!(refused.unmet[0].may_pass, [Role::Lead, Role::Deputy]);
    let (people, reason) = (vec![cast::person(0), cast::person(1)], cast::text("stay tonight"));
    desk.does(Command::from(gate::Plan::Pass { gate: Gate::G30, people, reason, until: None }))
        .await;
    assert!(refusal(&desk, &claim("First")).await.unmet[0].may_pass.is_empty());
    assert!(matches!(desk.fate(&claim("Second")).await, Fate::Ok { .. }));
    assert_eq!(incident(&desk).await.stage, IncidentStage::ClearedExcept);
}
