//! The day of Harbour Rise, played by real clients as fast as the room can answer.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Arc, Mutex},
};

use demo::{
    harbour_rise,
    play::{self, Counts, Day, House, How, Report},
};
use intake::{plan::Plan, staff};
use node::{
    clock::{Pace, StoryClock},
    config::Config,
};
use proto::{
    alarm::{self, Timer},
    entry::Entry,
    gate::{self, BreachState, Gate},
    home,
    id::{MemberId, RoomId, Seq},
    key::Key,
    member,
    nouns::Event,
    place, protection,
    refusal::Code,
    register,
    role::Ceiling,
    sign_in,
    text::PersonName,
};

/// The result of the day.
struct Played {
    report: Report,
    told: Vec<String>,
    entries: Vec<Entry>,
    room: RoomId,
    _folder: tempfile::TempDir,
}

/// Plays the day on a separate node, and stops the node.
async fn played() -> Played {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(StoryClock::new(play::begins().unwrap()));
    let house = House::open(Config::loopback(0), folder.path().to_owned(), clock).await.unwrap();
    let opened = {
        let running = house.node().await.unwrap();
        play::open(running.url(), &running.operator_token()).await.unwrap()
    };
    let room = opened.room;
    let until = Some(play::asked("22:00").unwrap());
    let how = How { pace: Pace::Times(0), until, keeps: true };
    let told = Mutex::new(Vec::new());
    let tell = |line: &str| told.lock().unwrap().push(line.to_owned());
    let mut day = Day::begin(opened, &house, how, &tell).await.unwrap();
    let report = proof::soon("the evening", day.play()).await.unwrap();
    let journal = Arc::clone(house.node().await.unwrap().journal());
    let stored = journal.read(room, Seq(1), usize::MAX).await.unwrap();
    drop(journal);
    let entries = stored.iter().map(|stored| Entry::from_bytes(&stored.body).unwrap()).collect();
    drop(day);
    house.stop().await;
    verifies(folder.path(), u64::try_from(stored.len()).unwrap());
    let told = told.into_inner().unwrap();
    Played { report, told, entries, room, _folder: folder }
}

/// The journal verifies (I-1, I-3). The room's own alarms continue until the node has stopped.
fn verifies(folder: &Path, at_least: u64) {
    let report = journal::verify::verify(&folder.join("muster.db")).unwrap();
    assert_eq!(report.rooms, 1);
    assert!(report.entries >= at_least, "{} of {at_least} entries", report.entries);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_day_of_harbour_rise_is_played_by_real_clients() {
    let day = played().await;
    let report = &day.report;
    assert_eq!(report.surprises, Vec::<String>::new(), "nothing is other than planned");
    assert_eq!(report.facts_refused, 0, "no fact is refused (R34)");
    assert_eq!(report.logins, 20, "the sixteen, the appointed manager and three nurses");
    assert!(report.frames > 1_000, "{} frames added up", report.frames);
    the_sitreps_are_those_of_the_day(report);
    nothing_is_lost_when_the_power_fails(&day);
    plans_are_refused_by_the_gates_of_the_day(report);
    nobody_is_named_on_the_wall(&day);
    twelve_of_the_sixteen_come_by_the_door(&day);
    the_room_asks_after_one_member_alone(&day);
    breaches_are_those_of_the_paper_slip(&day);
    nothing_is_called_by_a_label(&day);
    where_the_protected_resident_goes_is_told_to_nobody(&day);
}

fn the_sitreps_are_those_of_the_day(report: &Report) {
    let counts = |at_the_home, on_the_way, arrived, in_hospital, with_family| Counts {
        at_the_home,
        on_the_way,
        arrived,
        in_hospital,
        with_family,
        elsewhere: 0,
    };
    let sitreps: Vec<(String, Counts)> =
        report.censuses.iter().map(|(at, counts)| (play::clock(*at), *counts)).collect();
    let wanted = [
        ("09:00", counts(60, 0, 0, 2, 0)),
        ("12:00", counts(46, 3, 11, 2, 0)),
        ("15:00", counts(26, 4, 29, 3, 0)),
        ("18:00", counts(8, 3, 47, 3, 1)),
        ("21:00", counts(1, 0, 57, 3, 1)),
    ];
    assert_eq!(sitreps, wanted.map(|(at, counts)| (at.to_owned(), counts)));
    assert!(report.censuses.iter().all(|(_, counts)| counts.all() == 62));
}

/// T25: the node's power fails at 16:05 while somebody taps. Everything acknowledged before and after exists
/// once, at its acknowledged entry (I-1, I-7), and the numbering continues.
fn nothing_is_lost_when_the_power_fails(day: &Played) {
    let [cut] = day.report.cuts.as_slice() else { panic!("{:?}", day.report.cuts) };
    assert_eq!(play::clock(cut.at), "16:05");
    assert!(cut.before < cut.after, "a command was taken after it: {cut:?}");
    assert!(day.report.acknowledged.len() > 900, "{}", day.report.acknowledged.len());
    let mut seen = BTreeSet::new();
    for (seq, command) in &day.report.acknowledged {
        let entry = day.entries.iter().find(|entry| entry.seq == *seq).unwrap();
        assert_eq!(entry.command, *command, "entry {seq}");
        assert!(seen.insert(*command), "one command was acknowledged twice");
    }
    let numbers: Vec<u64> = day.entries.iter().map(|entry| entry.seq.0).collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>(), "no number is missing");
    let commands: BTreeSet<_> = day.entries.iter().map(|entry| entry.command).collect();
    assert_eq!(commands.len(), day.entries.len(), "nothing is there twice");
}

fn plans_are_refused_by_the_gates_of_the_day(report: &Report) {
    let refused: Vec<(String, &[Gate])> =
        report.refusals.iter().map(|no| (play::clock(no.at), no.gates.as_slice())).collect();
    let wanted = [
        ("09:35", Gate::G22),
        ("14:02", Gate::G3),
        ("14:55", Gate::G1),
        ("18:57", Gate::G24),
        ("20:28", Gate::G30),
    ];
    assert_eq!(refused.len(), wanted.len(), "{refused:?}");
    for ((at, gates), (hour, gate)) in refused.iter().zip(wanted) {
        assert_eq!((at.as_str(), *gates), (hour, [gate].as_slice()));
    }
    assert!(report.refusals.iter().all(|no| no.code == Code::Gate && no.words.len() > 30));
}

/// No name, of a resident or a worker, is in any byte sent to a wall.
fn nobody_is_named_on_the_wall(day: &Played) {
    let sent = day.report.sent_to_the_wall.join("\n").to_lowercase();
    assert!(sent.len() > 100_000 && sent.contains("ashlea"), "the wall was sent its rows");
    let words: BTreeSet<&str> = sent.split(|x: char| !x.is_alphabetic()).collect();
    let plan: Plan = harbour_rise::plan(day.room).unwrap();
    let names = |name: &str| -> Vec<String> {
        let parts = name.split(|x: char| !x.is_alphabetic()).filter(|part| part.len() > 2);
        parts.map(str::to_lowercase).collect()
    };
    let mut residents = 0;
    for row in &plan.rows {
        let intake::people::Fate::Taken { details, .. } = &row.fate else { continue };
        let name = details.name.as_ref().unwrap().as_str();
        let shown: Vec<_> =
            names(name).into_iter().filter(|part| words.contains(part.as_str())).collect();
        assert_eq!(shown, Vec::<String>::new(), "somebody on the list is named");
        residents += 1;
    }
    assert_eq!(residents, 62);
    for colleague in staff::read(harbour_rise::STAFF).unwrap() {
        let name = colleague.profile.name.as_str();
        let shown = names(name).into_iter().any(|part| words.contains(part.as_str()));
        assert!(!shown, "one of the team is named");
    }
}

/// Returns the admitted members in order, each with name and ceiling.
fn admitted(day: &Played) -> Vec<(MemberId, PersonName, Ceiling)> {
    let events = day.entries.iter().flat_map(|entry| &entry.events);
    let admitted = events.filter_map(|event| match event {
        Event::Member(member::Event::Admitted { member, profile, ceiling }) => {
            Some((*member, profile.name.clone(), *ceiling))
        }
        _ => None,
    });
    admitted.collect()
}

/// T07: at 06:40 the roster is pasted and the door opened; twelve come in by code with one approval, each
/// matching one name on the roster, and sixteen are in the room by 06:45.
fn twelve_of_the_sixteen_come_by_the_door(day: &Played) {
    let by_code = |event: &&Event| {
        matches!(event, Event::Member(member::Event::Admitted { ceiling: Ceiling::Code, .. }))
    };
    let let_in = |entry: &Entry| entry.events.iter().filter(by_code).count();
    let approvals: Vec<(String, usize)> = day
        .entries
        .iter()
        .map(|entry| (play::clock(entry.at), let_in(entry)))
        .filter(|(_, count)| *count > 0)
        .collect();
    assert_eq!(approvals, [("06:40".to_owned(), 12)]);
    let team = staff::read(harbour_rise::STAFF).unwrap();
    let admitted = admitted(day);
    for colleague in &team {
        let times = admitted.iter().filter(|(_, name, _)| *name == colleague.profile.name).count();
        assert_eq!(times, 1, "{}", colleague.label);
    }
    let in_the_room = |entry: &&Entry| play::clock(entry.at).as_str() < "06:45";
    let signed_on = day.entries.iter().filter(in_the_room).flat_map(|entry| &entry.events);
    let signed_on = signed_on
        .filter(|event| matches!(event, Event::SignIn(sign_in::Event::SignedOn { .. })))
        .count();
    assert_eq!((team.len(), signed_on), (16, 16));
}

/// Everybody at the home checks in on time, except one member who has no signal and forgets to sign off.
fn the_room_asks_after_one_member_alone(day: &Played) {
    let team = staff::read(harbour_rise::STAFF).unwrap();
    let silent = team.iter().find(|colleague| colleague.label == "S15").unwrap();
    let came = admitted(day).into_iter().find(|(_, name, _)| *name == silent.profile.name);
    let (silent, ..) = came.unwrap();
    let mut sign_ins = BTreeMap::new();
    let mut alarms = Vec::new();
    for entry in &day.entries {
        for event in &entry.events {
            match event {
                Event::SignIn(sign_in::Event::SignedOn { sign_in, member, .. }) => {
                    sign_ins.insert(*sign_in, *member);
                }
                Event::Alarm(alarm::Event::Raised { timer }) => {
                    alarms.push((play::clock(entry.at), timer.clone()))
                }
                _ => {}
            }
        }
    }
    let about = |timer: &Timer| match timer {
        Timer::CheckInOverdue { sign_in } | Timer::PlannedEndPassed { sign_in } => {
            sign_ins.get(sign_in) == Some(&silent)
        }
        Timer::SignOffUnanswered { .. }
        | Timer::DeadlinePassed { .. }
        | Timer::HelpUnanswered { .. }
        | Timer::CoverOver { .. } => false,
    };
    let of_members: Vec<&(String, Timer)> =
        alarms.iter().filter(|(_, timer)| !matches!(timer, Timer::DeadlinePassed { .. })).collect();
    assert_eq!(of_members.len(), 2, "{alarms:?}");
    assert!(of_members.iter().all(|(_, timer)| about(timer)), "{alarms:?}");
    let hours: Vec<&str> = of_members.iter().map(|(at, _)| at.as_str()).collect();
    assert_eq!(hours, ["11:15", "18:45"]);
}

/// A departure recorded late from a paper slip breached two gates: one had been met and was entered late, the
/// other stays open.
fn breaches_are_those_of_the_paper_slip(day: &Played) {
    let mut breached = Vec::new();
    let mut reviewed = Vec::new();
    for event in day.entries.iter().flat_map(|entry| &entry.events) {
        match event {
            Event::Gate(gate::Event::Breached { person, gate, .. }) => {
                breached.push((*person, *gate))
            }
            Event::Gate(gate::Event::Reviewed { gate, state, .. }) => {
                reviewed.push((*gate, *state))
            }
            _ => {}
        }
    }
    let gates: Vec<Gate> = breached.iter().map(|(_, gate)| *gate).collect();
    assert_eq!(gates, [Gate::G22, Gate::G23]);
    assert_eq!(breached[0].0, breached[1].0, "one person");
    assert_eq!(reviewed, [(Gate::G23, BreachState::DoneButRecordedLate)]);
    let late = day.entries.iter().find(|entry| {
        let breach = |event: &Event| matches!(event, Event::Gate(gate::Event::Breached { .. }));
        entry.events.iter().any(breach)
    });
    let late = late.unwrap();
    assert_eq!(
        (play::clock(late.happened()), play::clock(late.at)),
        ("17:42".into(), "18:31".into())
    );
    assert!(late.late_reason.is_some());
}

/// Where somebody goes whose destination is protected is in no byte for the wall that is about them, nor in
/// what a newcomer reads (R35, T16a). It is protected before a home is looked for.
fn where_the_protected_resident_goes_is_told_to_nobody(day: &Played) {
    let protects = |event: &Event| match event {
        Event::Protection(protection::Event::Protected { person, .. }) => Some(*person),
        _ => None,
    };
    let events = || day.entries.iter().flat_map(|entry| &entry.events);
    let person = events().find_map(protects).unwrap();
    let reference = events().find_map(|event| match event {
        Event::Register(register::Event::Registered { person: id, reference, .. })
            if *id == person =>
        {
            Some(reference.as_str().to_owned())
        }
        _ => None,
    });
    let reference = reference.unwrap();
    let of_theirs = |event: &Event| match event {
        Event::Place(place::Event::Accepted { person: id, home }) if *id == person => Some(*home),
        _ => None,
    };
    let home = events().find_map(of_theirs).unwrap();
    let first = events().position(|event| protects(event).is_some()).unwrap();
    assert!(events().position(|event| of_theirs(event).is_some()).unwrap() > first);
    let name = events().find_map(|event| match event {
        Event::Home(home::Event::Added { home: added }) if added.home == home => {
            Some(added.short_name.clone())
        }
        _ => None,
    });
    let name = name.unwrap();
    let (key, mut rows) = (Key::Person(person).to_string(), 0);
    for sent in &day.report.sent_to_the_wall {
        let sent: serde_json::Value = serde_json::from_str(sent).unwrap();
        for put in sent["put"].as_array().unwrap() {
            let row = put["row"].to_string();
            if put["key"] == key {
                assert!(!row.contains(&home.to_string()) && !row.contains(name.as_str()), "{row}");
                rows += 1;
            }
            assert!(!(row.contains(&reference) && row.contains(name.as_str())), "{row}");
        }
    }
    assert!(rows > 3, "the wall was sent them {rows} times");
    for told in &day.told {
        assert!(!(told.contains(&reference) && told.contains(name.as_str())), "{told}");
    }
}

/// No label from the day's files is in the room's record, nor in the demo's own output.
fn nothing_is_called_by_a_label(day: &Played) {
    let entries = day.entries.iter().flat_map(|entry| entry.to_bytes().unwrap()).collect();
    let all = String::from_utf8(entries).unwrap() + &day.told.join("\n");
    let words: BTreeSet<&str> = all.split(|x: char| !x.is_alphanumeric()).collect();
    for label in ["SU01", "SU12", "SU30", "SU47", "SU62", "S01", "S12", "S15", "H01", "H11"] {
        assert!(!words.contains(label), "{label}");
    }
    assert!(day.told.len() > 150, "{} lines are told", day.told.len());
}
