//! Generated histories: commands of every kind by members, the import and the room itself, in any order.

use proptest::{prelude::*, sample::select};
use proto::{
    arrival,
    command::Command,
    cover,
    deadline::{self, Deadline},
    details::{self, PersonChange},
    door::{self, Admission},
    expected::{self, Expected},
    export::{self, Export},
    gate::{self, BreachState, Gate},
    help::{self, HelpKind},
    home,
    id::{HelpId, MemberId, PersonId, Seq, SignInId, SiteId},
    identity::{self, IdentifiedBy, Moment, SecondIdentifier},
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
    role::{Audience, Ceiling, Role},
    side::{self, SideKind, SidePlan},
    sign_in::{self, Word},
    site::{self, Site, SiteKind},
    text::{Bedroom, PersonName},
    trouble::{self, Trouble},
    whereabouts::{self, FoundAt},
    worker,
};

use super::scene::{
    DESK, DIRECTOR, HOME_SITE, LEAD, ROOM_SITE, START, WORKER, born, home, line, person, reason,
    register, short, uuid_of,
};

/// The people of a history; the last is not registered at the start. As many as a home has, so that a command which
/// touches every person's row is detected.
pub(crate) const PEOPLE: u128 = 60;
/// The people most commands are about, so that they accumulate changes.
pub(crate) const OFTEN: u128 = 6;

/// One step: minutes elapsed, the author, how many minutes ago it happened, and the command.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) minutes: i64,
    pub(crate) by: MemberId,
    pub(crate) ago: Option<i64>,
    pub(crate) seen: u64,
    pub(crate) command: Command,
}

/// Generates any step.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    let by = select(vec![LEAD, LEAD, WORKER, WORKER, DESK, DIRECTOR]);
    let ago = prop::option::weighted(0.3, 0..90_i64);
    (0..40_i64, by, ago, 0..60_u64, command()).prop_map(|(minutes, by, ago, seen, command)| Step {
        minutes,
        by,
        ago,
        seen,
        command,
    })
}

fn who() -> impl Strategy<Value = PersonId> + Clone {
    prop_oneof![8 => 1..=OFTEN, 1 => OFTEN..PEOPLE, 1 => Just(PEOPLE)].prop_map(person)
}

fn whither() -> impl Strategy<Value = Option<proto::id::HomeId>> + Clone {
    prop::option::of((1..=3_u128).prop_map(home))
}

fn identifier() -> impl Strategy<Value = SecondIdentifier> + Clone {
    prop_oneof![
        Just(SecondIdentifier::Photograph),
        (1..=OFTEN).prop_map(|n| SecondIdentifier::DateOfBirth { date: born(n) }),
    ]
}

fn command() -> BoxedStrategy<Command> {
    prop_oneof![
        5 => facts(),
        4 => plans(),
        2 => presence(),
        2 => register_work(),
        1 => room_work(),
        2 => team_work()
    ]
    .boxed()
}

fn facts() -> impl Strategy<Value = Command> {
    let moment = select(vec![Moment::Ready, Moment::Door, Moment::Arrival]);
    let found = prop_oneof![
        Just(FoundAt::AtTheHome),
        Just(FoundAt::OnTheWay),
        Just(FoundAt::InHospital),
        Just(FoundAt::WithFamily),
        (1..=3_u128).prop_map(|n| FoundAt::Arrived { home: home(n) }),
    ];
    let trouble = select(vec![Trouble::Refuses, Trouble::NotFound, Trouble::CrewProblem]);
    prop_oneof![
        (who(), whither()).prop_map(|(person, home)| Command::from(whereabouts::Fact::Depart {
            person,
            home,
            vehicle: None
        })),
        (who(), whither())
            .prop_map(|(person, home)| Command::from(whereabouts::Fact::Arrive { person, home })),
        who().prop_map(|person| Command::from(whereabouts::Fact::Return { person })),
        who().prop_map(|person| Command::from(whereabouts::Fact::TakeToHospital {
            person,
            hospital: None
        })),
        who().prop_map(|person| Command::from(whereabouts::Fact::GoWithFamily {
            person,
            with: Some(short("her son"))
        })),
        who().prop_map(|person| Command::from(whereabouts::Fact::Die { person })),
        who().prop_map(|person| Command::from(whereabouts::Fact::TellFamily { person })),
        (who(), found).prop_map(|(person, at)| Command::from(whereabouts::Fact::Find {
            person,
            at,
            words: None
        })),
        (who(), trouble).prop_map(|(person, trouble)| Command::from(trouble::Fact::Report {
            person,
            trouble,
            words: Some(reason())
        })),
        (who(), 0..60_u64).prop_map(|(person, n)| Command::from(trouble::Fact::Answer {
            person,
            report: Seq(n)
        })),
        (who(), moment, identifier()).prop_map(|(person, moment, identifier)| {
            Command::from(identity::Fact::Check { person, moment, identifier })
        }),
    ]
}

fn plans() -> impl Strategy<Value = Command> {
    let side = select(vec![SideKind::Exceptional, SideKind::OnHold, SideKind::Dispute]);
    let gate = select(vec![Gate::G1, Gate::G3, Gate::G22, Gate::G23, Gate::G24]);
    let journey = Journey {
        vehicle: Some(short("Taxi 4")),
        crew: Some(short("Crew 2")),
        leaves_at: Some(START),
        arrives_at: Some(START.plus_ms(9_000_000)),
    };
    prop_oneof![
        (who(), 1..=3_u128)
            .prop_map(|(person, n)| Command::from(place::Plan::Accept { person, home: home(n) })),
        who().prop_map(|person| Command::from(place::Plan::GiveUp { person, why: reason() })),
        who().prop_map(move |person| Command::from(journey::Plan::Book {
            person,
            journey: journey.clone()
        })),
        who().prop_map(|person| Command::from(readiness::Plan::Declare { person })),
        who().prop_map(|person| Command::from(readiness::Plan::Clear { person })),
        (who(), identifier(), any::<bool>()).prop_map(|(person, identifier, handover_given)| {
            Command::from(arrival::Plan::Confirm {
                person,
                identifier,
                handover_given,
                on_word_of: None,
            })
        }),
        (who(), side.clone()).prop_map(|(person, side)| Command::from(side::Plan::Start {
            person,
            plan: SidePlan { side, reason: reason(), until: None }
        })),
        (who(), side).prop_map(|(person, side)| Command::from(side::Plan::End { person, side })),
        (who(), who(), gate.clone()).prop_map(|(a, b, gate)| Command::from(gate::Plan::Pass {
            gate,
            people: vec![a, b],
            reason: reason(),
            until: None
        })),
        (who(), 0..80_u64, gate).prop_map(|(person, n, gate)| Command::from(gate::Plan::Review {
            person,
            fact: Seq(n),
            gate,
            state: BreachState::Lesson,
            note: reason()
        })),
        select(Export::ALL.to_vec())
            .prop_map(|export| Command::from(export::Plan::Record { export, why: reason() })),
        Just(Command::from(premises::Plan::ClaimCleared {
            swept_by: [short("One"), short("Two")],
            except: vec![person(1)]
        })),
    ]
}

fn presence() -> impl Strategy<Value = Command> {
    let site = select(vec![HOME_SITE, ROOM_SITE]);
    let member = prop::option::of(select(vec![LEAD, WORKER, DESK, MemberId(uuid_of(900))]));
    let sign_in = (0..120_u128).prop_map(|n| SignInId(uuid_of(1_000_000 + n)));
    let word = member.prop_map(|member| Word { member, on_word_of: None });
    prop_oneof![
        3 => (site, word.clone(), 0..600_i64).prop_map(|(site, word, minutes)| Command::from(sign_in::Fact::SignOn {
            site,
            planned_end: START.plus_ms(minutes * 60_000),
            duty: None,
            word
        })),
        2 => word.clone().prop_map(|word| Command::from(sign_in::Fact::CheckIn { word })),
        1 => sign_in.clone().prop_map(|sign_in| Command::from(sign_in::Fact::ConfirmSafe {
            sign_in,
            seen_by: reason()
        })),
        3 => (sign_in.clone(), word).prop_map(|(sign_in, word)| Command::from(sign_in::Fact::SignOff { sign_in, word })),
        2 => sign_in.prop_map(|sign_in| Command::from(sign_in::Plan::Acknowledge { sign_in })),
    ]
}

fn register_work() -> impl Strategy<Value = Command> {
    let rating = select(vec![Rating::AtRisk, Rating::Watch, Rating::OnTrack]);
    let names = select(vec!["Margaret Ellis", "Margret Elis", "Doreen Haddock", "Amina Yusuf"]);
    let question = select(vec![OpenQuestion::Duplicate, OpenQuestion::Funding]);
    let change = (prop::option::of(names), prop::option::of(1..20_u8)).prop_map(|(name, room)| {
        PersonChange {
            name: name.map(|name| PersonName::parse(name).unwrap()),
            bedroom: room.map(|n| Bedroom::parse(&n.to_string()).unwrap()),
            ..PersonChange::default()
        }
    });
    prop_oneof![
        prop_oneof![1..=OFTEN, Just(PEOPLE), PEOPLE + 1..PEOPLE + 20].prop_map(register),
        (who(), change).prop_map(|(person, change)| Command::from(details::Plan::Change {
            person,
            change: Box::new(change)
        })),
        (0..120_u128, any::<bool>()).prop_map(|(n, take)| Command::from(
            details::Plan::SettleEdit { edit: proto::id::CommandId(uuid_of(1_000_000 + n)), take }
        )),
        (who(), question).prop_map(|(person, question)| Command::from(
            register::Plan::SettleQuestion { person, question, why: reason() }
        )),
        (who(), who()).prop_map(|(from, into)| Command::from(register::Plan::Merge {
            from,
            into,
            why: reason()
        })),
        who().prop_map(|person| Command::from(register::Plan::Confirm {
            person,
            identified_by: vec![IdentifiedBy::Name, IdentifiedBy::DateOfBirth]
        })),
        (who(), any::<bool>()).prop_map(|(person, is)| Command::from(worker::Plan::Name {
            person,
            worker: is.then_some(WORKER)
        })),
        (who(), rating).prop_map(|(person, rating)| Command::from(rating::Plan::Rate {
            person,
            rating,
            reason: reason()
        })),
        who().prop_map(|person| Command::from(needs::Plan::Assess { person })),
        who().prop_map(protects),
        (who(), 0..60_u64).prop_map(|(person, n)| Command::from(protection::Plan::End {
            person,
            entry: Seq(n),
            why: reason()
        })),
    ]
}

/// Returns the command that protects a destination.
pub(crate) fn protects(person: PersonId) -> Command {
    let protection = Protection {
        who: PersonName::parse("Cuthbert Vane").unwrap(),
        relation: Some(short("nephew")),
        why: reason(),
        source: ProtectionSource::Wish,
        until: None,
    };
    Command::from(protection::Plan::Protect { person, protection: Box::new(protection) })
}

fn room_work() -> impl Strategy<Value = Command> {
    let deadline = |minutes: i64| Deadline {
        at: START.plus_ms(minutes * 60_000),
        set_by: short("Magistrates"),
        why: reason(),
    };
    let show = (any::<bool>(), any::<bool>(), any::<bool>())
        .prop_map(|(wall, phones, directors)| Show { wall, phones, directors });
    let roles = select(vec![vec![Role::Director], vec![Role::NamedSw, Role::Transport]]);
    let words = select(vec!["Section 30", "Section 31"]);
    let site = |n: u128| Site {
        site: SiteId(uuid_of(22 + n)),
        name: short("Church hall"),
        kind: SiteKind::Other,
        address: None,
    };
    prop_oneof![
        3 => show.prop_map(|show| line("The lift is out of order", show)),
        1 => (0..60_u64).prop_map(|n| Command::from(log::Plan::Correct {
            line: Seq(n),
            text: proto::text::Note::parse("Corrected words").unwrap(),
            why: reason()
        })),
        1 => (0..20_i64).prop_map(move |m| Command::from(deadline::Plan::Set { deadline: deadline(m * 30) })),
        1 => (0..20_i64, prop::option::of(0..60_u64)).prop_map(|(m, n)| Command::from(deadline::Plan::Lift {
            at: START.plus_ms(m * 30 * 60_000),
            entry: n.map(Seq),
            why: reason()
        })),
        1 => roles.prop_map(|roles| Command::from(member::Plan::GiveRoles { member: WORKER, roles })),
        1 => words.prop_map(|words| Command::from(incident::Plan::Change {
            change: IncidentChange {
                order: Some(super::scene::text(words)),
                ..IncidentChange::default()
            }
        })),
        1 => (0..3_u128).prop_map(move |n| Command::from(site::Plan::Open { site: site(n) })),
        1 => (1..6_u128).prop_map(|n| Command::from(home::Plan::Add {
            home: super::scene::receiving(home(n), "Dovecote")
        })),
    ]
}

fn team_work() -> impl Strategy<Value = Command> {
    let member = select(vec![LEAD, WORKER, DESK, DIRECTOR]);
    let call = (0..120_u128).prop_map(|n| HelpId(uuid_of(1_000_000 + n)));
    let help = select(vec![HelpKind::NotSafe, HelpKind::NeedTheRoom]);
    let asking = (0..3_u128).prop_map(|n| MemberId(uuid_of(700 + n)));
    let state = select(vec![PackState::Returned, PackState::Lost, PackState::WithCrew]);
    let expected = (0..3_u128).prop_map(|n| Expected {
        member: MemberId(uuid_of(600 + n)),
        profile: super::scene::profile("Tamsin Okoro", vec![Role::Meds]),
    });
    prop_oneof![
        3 => (help, prop::option::of(who())).prop_map(|(help, person)| Command::from(help::Fact::Call {
            help,
            person,
            place: None
        })),
        2 => call.clone().prop_map(|call| Command::from(help::Fact::Answer { call })),
        2 => call.prop_map(|call| Command::from(help::Fact::End { call, words: reason() })),
        3 => member.clone().prop_map(|member| Command::from(cover::Plan::Take { member })),
        1 => (member.clone(), member).prop_map(|(member, by)| Command::from(cover::Plan::End { member, by })),
        1 => expected.prop_map(|one| Command::from(expected::Plan::Expect { members: vec![one] })),
        1 => (0..3_u128).prop_map(|n| Command::from(expected::Plan::Stop {
            member: MemberId(uuid_of(600 + n))
        })),
        1 => (0..800_i64).prop_map(|minutes| Command::from(door::Plan::Open {
            code: short("ACDEFGHJ"),
            until: START.plus_ms(minutes * 60_000)
        })),
        1 => Just(Command::from(door::Plan::Close {})),
        2 => asking.clone().prop_map(|asking| Command::from(door::Plan::Ask {
            code: short("ACDEFGHJ"),
            asking,
            profile: super::scene::profile("Gwendolen Price", vec![Role::Nurse]),
            face: Audience::Phone
        })),
        1 => asking.clone().prop_map(|asking| Command::from(door::Plan::LetIn {
            admissions: vec![Admission { asking, roles: vec![Role::Nurse] }]
        })),
        1 => asking.clone().prop_map(|asking| Command::from(door::Plan::TurnAway { asking, why: reason() })),
        1 => asking.prop_map(|member| Command::from(member::Plan::Admit {
            member,
            profile: super::scene::profile("Gwendolen Price", vec![Role::Meds]),
            ceiling: Ceiling::Staff
        })),
        2 => (who(), who()).prop_map(|(one, other)| Command::from(pack::Plan::Print {
            pack: PackKind::Person,
            people: vec![one, other],
            held_by: None
        })),
        2 => (1..9_u32, state).prop_map(|(pack, state)| Command::from(pack::Plan::Account {
            packs: vec![pack],
            state,
            held_by: Some(short("Crew 2"))
        })),
    ]
}
