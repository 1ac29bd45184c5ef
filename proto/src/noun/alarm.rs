//! Alarms: raised by the room itself when a time has passed (PROCEDURE 4.1.7).

use serde::{Deserialize, Serialize};

use crate::{
    id::{HelpId, MemberId, SignInId, Time},
    kinds::kinds,
};

/// An alarm that the room itself raises when a time has passed (PROCEDURE 4.1.7).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "alarm.ts"))]
#[serde(tag = "timer", rename_all = "snake_case", deny_unknown_fields)]
pub enum Timer {
    /// No act was received from a member at the home for the check-in interval plus 5 minutes.
    CheckInOverdue {
        /// The sign-in.
        sign_in: SignInId,
    },
    /// A planned end passed 15 minutes ago; rights are unaffected (R37).
    PlannedEndPassed {
        /// The sign-in.
        sign_in: SignInId,
    },
    /// A sign-off by tap was unanswered for 10 minutes.
    SignOffUnanswered {
        /// The sign-in.
        sign_in: SignInId,
    },
    /// A deadline has passed.
    DeadlinePassed {
        /// The deadline.
        at: Time,
    },
    /// A call for help was unanswered for a minute: escalates to the deputy, then to everybody in the room.
    HelpUnanswered {
        /// The call.
        call: HelpId,
    },
    /// A cover expired; the maximum is twelve hours (R43).
    CoverOver {
        /// The covered member.
        member: MemberId,
        /// The covering member.
        by: MemberId,
    },
}

kinds! {
    /// The plans.
    wire enum Plan as "AlarmPlans" in "alarm.ts" {
        /// Raises a due alarm; a moot one yields nothing.
        "raise" => Raise { timer: Timer, due: Time },
    }
}

kinds! {
    /// The events, as stored in the journal.
    enum Event {
        /// The room raised an alarm.
        "alarm_raised/1" => Raised { timer: Timer },
    }
}
