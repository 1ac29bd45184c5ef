//! The gate table (PROCEDURE 4.1.4): which plan requires which gate, whether the gate is hard, who may pass it and
//! who is accountable for a breach.

use proto::{gate::Gate, role::Role, transfer::Item};

use super::{Asker, Look, State, journey, known};

/// Whether an unmet gate blocks a plan or lets it continue with a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hardness {
    /// The plan is refused until the gate is met or passed.
    Hard,
    /// The plan continues with a reason.
    #[expect(dead_code, reason = "the procedure's soft gates are not in this release")]
    Soft,
}

/// A gate's requirement for one plan.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) asker: Asker,
    pub(crate) hardness: Hardness,
    /// The track item that shows it.
    pub(crate) item: Option<Item>,
    /// The condition; `None` if the plan itself carries the evidence.
    pub(crate) state: Option<fn(Look<'_>) -> State>,
}

/// A gate.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) gate: Gate,
    pub(crate) asks: &'static [Ask],
    /// The roles that may pass it with a reason, in addition to lead and deputy.
    pub(crate) passers: &'static [Role],
    /// The role accountable for a breach.
    pub(crate) owner: Role,
    /// The paragraph of the procedure.
    pub(crate) paragraph: &'static str,
}

/// The plans that a person skips by leaving the home (4.1.3).
pub(crate) const STEPPED_OVER: &[Asker] = &[
    Asker::Accept,
    Asker::Book,
    #[cfg(not(plant = "ready_not_stepped_over"))]
    Asker::Ready,
    Asker::Clear,
];

const fn hard(asker: Asker, item: Option<Item>, state: Option<fn(Look<'_>) -> State>) -> Ask {
    Ask { asker, hardness: Hardness::Hard, item, state }
}

/// All gates, in the order of the procedure.
pub(crate) const GATES: &[Rule] = &[
    Rule {
        gate: Gate::G1,
        asks: &[
            hard(Asker::Confirm, None, None),
            hard(Asker::Accept, Some(Item::OnTheList), Some(known::on_the_list)),
        ],
        passers: &[],
        owner: Role::Bizsup,
        paragraph: "A-2.2, 3.1, 7.22",
    },
    Rule {
        gate: Gate::G3,
        asks: &[hard(Asker::Accept, Some(Item::NamedWorker), Some(known::named_worker))],
        passers: &[],
        owner: Role::Deputy,
        paragraph: "D-22, A-7.1",
    },
    Rule {
        gate: Gate::G22,
        asks: &[
            hard(Asker::Ready, Some(Item::Identity), Some(journey::identity)),
            hard(Asker::Clear, Some(Item::Door), Some(journey::identity_at_the_door)),
        ],
        passers: &[Role::TeamLeaderSite],
        owner: Role::TeamLeaderSite,
        paragraph: "A-7.22",
    },
    Rule {
        gate: Gate::G23,
        asks: &[hard(Asker::Clear, Some(Item::Journey), Some(journey::booked_whole))],
        passers: &[Role::TeamLeaderSite],
        owner: Role::Transport,
        paragraph: "A-7.18",
    },
    Rule {
        gate: Gate::G24,
        asks: &[hard(Asker::Arrival, Some(Item::Arrival), Some(journey::arrival))],
        passers: &[Role::Placements],
        owner: Role::Placements,
        paragraph: "A-7.16, 7.22",
    },
    Rule {
        gate: Gate::G30,
        asks: &[hard(Asker::Cleared, None, None)],
        passers: &[],
        owner: Role::Lead,
        paragraph: "A-3.5",
    },
];
