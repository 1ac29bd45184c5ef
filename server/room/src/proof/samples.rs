//! One sample of every kind of command, each with a distinct name.

use proto::{
    alarm::{self, Timer},
    arrival,
    command::Command,
    cover,
    deadline::{self, Deadline},
    details, door, expected,
    export::{self, Export},
    gate::{self, BreachState, Gate},
    help::{self, HelpKind},
    home,
    id::{HelpId, MemberId, Seq, SignInId},
    identity::{self, Moment, SecondIdentifier},
    incident::{self, IncidentChange},
    journey::{self, Journey},
    log::{self, Show},
    member, needs,
    pack::{self, PackKind, PackState},
    place, premises,
    protection::{self, Protection, ProtectionSource},
    rating::{self, Rating},
    readiness,
    register::{self, OpenQuestion},
    role::{Audience, Ceiling},
    side::{self, SideKind, SidePlan},
    sign_in::{self, Word},
    site::{self, Site, SiteKind},
    trouble::{self, Trouble},
    whereabouts::{self, FoundAt},
    worker,
};

use super::scene::{
    HOME_SITE, LEAD, START, WORKER, details as details_of, home as home_of, incident as opened,
    person as nth, profile, reason, receiving, register as registers, short, text, uuid_of,
};

/// Returns a command of every kind; for a plan whose right depends on its subject, one per subject.
pub(crate) fn samples() -> Vec<(String, Command)> {
    let mut all: Vec<Command> = plans_of_the_room();
    all.extend(plans_of_the_team());
    all.extend(plans_of_people());
    all.extend(facts());
    let mut named: Vec<(String, Command)> =
        all.into_iter().map(|command| (command.kind().to_owned(), command)).collect();
    for gate in Gate::ALL {
        let (people, reason) = (vec![nth(1)], reason());
        let pass = gate::Plan::Pass { gate, people, reason, until: None };
        named.push((format!("pass_gate {gate:?}"), pass.into()));
    }
    for export in Export::ALL {
        let record = export::Plan::Record { export, why: reason() };
        named.push((format!("record_export {}", export.word()), record.into()));
    }
    named
}

fn plans_of_the_room() -> Vec<Command> {
    let (at, why) = (START, reason());
    let deadline = Deadline { at, set_by: short("Magistrates"), why: reason() };
    let site = Site { site: HOME_SITE, name: short("Home"), kind: SiteKind::Home, address: None };
    let timer = Timer::DeadlinePassed { at };
    vec![
        incident::Plan::Open { incident: opened() }.into(),
        incident::Plan::Change { change: IncidentChange::default() }.into(),
        deadline::Plan::Set { deadline }.into(),
        deadline::Plan::Lift { at, entry: None, why }.into(),
        site::Plan::Open { site }.into(),
        premises::Plan::ClaimCleared { swept_by: [short("A"), short("B")], except: vec![] }.into(),
        home::Plan::Add { home: receiving(home_of(9), "Ashlea") }.into(),
        pack::Plan::Print { pack: PackKind::Roster, people: vec![], held_by: None }.into(),
        pack::Plan::Account { packs: vec![1], state: PackState::Lost, held_by: None }.into(),
        log::Plan::Add { text: text("a line"), person: None, show: Show::default() }.into(),
        log::Plan::Correct { line: Seq(1), text: text("a line"), why: reason() }.into(),
        alarm::Plan::Raise { timer, due: at }.into(),
    ]
}

fn plans_of_the_team() -> Vec<Command> {
    let (member, by, asking) = (WORKER, LEAD, MemberId(uuid_of(70)));
    let (code, face, ceiling) = (short("ACDEFGHJ"), Audience::Desk, Ceiling::Staff);
    let someone = || profile("Somebody Else", Vec::new());
    vec![
        member::Plan::Admit { member: asking, profile: someone(), ceiling }.into(),
        member::Plan::GiveRoles { member, roles: Vec::new() }.into(),
        cover::Plan::Take { member }.into(),
        cover::Plan::End { member, by }.into(),
        expected::Plan::Expect { members: Vec::new() }.into(),
        expected::Plan::Stop { member }.into(),
        door::Plan::Open { code: code.clone(), until: START }.into(),
        door::Plan::Close {}.into(),
        door::Plan::Ask { code, asking, profile: someone(), face }.into(),
        door::Plan::LetIn { admissions: Vec::new() }.into(),
        door::Plan::TurnAway { asking, why: reason() }.into(),
        sign_in::Plan::Acknowledge { sign_in: SignInId(uuid_of(71)) }.into(),
    ]
}

fn plans_of_people() -> Vec<Command> {
    let (person, from, into, why) = (nth(1), nth(2), nth(1), reason);
    let question = OpenQuestion::Duplicate;
    let protection = Box::new(Protection {
        who: details_of(2).name.unwrap(),
        relation: None,
        why: why(),
        source: ProtectionSource::Wish,
        until: None,
    });
    let plan = SidePlan { side: SideKind::OnHold, reason: why(), until: None };
    let journey = Journey { vehicle: None, crew: None, leaves_at: None, arrives_at: None };
    let (fact, gate, state) = (Seq(1), Gate::G1, BreachState::Accepted);
    let arrival = arrival::Plan::Confirm {
        person,
        identifier: SecondIdentifier::Photograph,
        handover_given: true,
        on_word_of: None,
    };
    vec![
        registers(1),
        details::Plan::Change { person, change: Box::new(details_of(1)) }.into(),
        details::Plan::SettleEdit { edit: proto::id::CommandId(uuid_of(72)), take: true }.into(),
        register::Plan::SettleQuestion { person, question, why: why() }.into(),
        register::Plan::Merge { from, into, why: why() }.into(),
        register::Plan::Confirm { person, identified_by: Vec::new() }.into(),
        worker::Plan::Name { person, worker: None }.into(),
        rating::Plan::Rate { person, rating: Rating::Watch, reason: why() }.into(),
        needs::Plan::Assess { person }.into(),
        protection::Plan::Protect { person, protection }.into(),
        protection::Plan::End { person, entry: Seq(1), why: why() }.into(),
        place::Plan::Accept { person, home: home_of(1) }.into(),
        place::Plan::GiveUp { person, why: why() }.into(),
        journey::Plan::Book { person, journey }.into(),
        readiness::Plan::Declare { person }.into(),
        readiness::Plan::Clear { person }.into(),
        arrival.into(),
        side::Plan::Start { person, plan }.into(),
        side::Plan::End { person, side: SideKind::OnHold }.into(),
        gate::Plan::Review { person, fact, gate, state, note: why() }.into(),
    ]
}

fn facts() -> Vec<Command> {
    let (person, site, planned_end, word) = (nth(1), HOME_SITE, START, Word::default);
    let (sign_in, call) = (SignInId(uuid_of(71)), HelpId(uuid_of(73)));
    let identifier = SecondIdentifier::Photograph;
    vec![
        identity::Fact::Check { person, moment: Moment::Ready, identifier }.into(),
        whereabouts::Fact::Depart { person, home: None, vehicle: None }.into(),
        whereabouts::Fact::Arrive { person, home: None }.into(),
        whereabouts::Fact::Return { person }.into(),
        whereabouts::Fact::TakeToHospital { person, hospital: None }.into(),
        whereabouts::Fact::GoWithFamily { person, with: None }.into(),
        whereabouts::Fact::Die { person }.into(),
        whereabouts::Fact::TellFamily { person }.into(),
        whereabouts::Fact::Find { person, at: FoundAt::AtTheHome, words: None }.into(),
        trouble::Fact::Report { person, trouble: Trouble::Refuses, words: None }.into(),
        trouble::Fact::Answer { person, report: Seq(1) }.into(),
        sign_in::Fact::SignOn { site, planned_end, duty: None, word: word() }.into(),
        sign_in::Fact::CheckIn { word: word() }.into(),
        sign_in::Fact::ConfirmSafe { sign_in, seen_by: reason() }.into(),
        sign_in::Fact::SignOff { sign_in, word: word() }.into(),
        help::Fact::Call { help: HelpKind::NotSafe, person: None, place: None }.into(),
        help::Fact::Answer { call }.into(),
        help::Fact::End { call, words: reason() }.into(),
    ]
}
