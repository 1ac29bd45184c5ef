//! Alarms: what the room itself raises when a time has passed (PROCEDURE 4.1.7).

use serde::{Deserialize, Serialize};

use crate::{
    id::{HelpId, MemberId, SignInId, Time},
    kinds::kinds,
};

/// The alarms that the room itself raises when a time has passed (PROCEDURE 4.1.7).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "alarm.ts"))]
#[serde(tag = "timer", rename_all = "snake_case", deny_unknown_fields)]
pub enum Timer {
    /// Nothing was received from a member at the home for the interval and 5 minutes more.
    CheckInOverdue {
        /// The sign-in.
        sign_in: SignInId,
    },
    /// A planned end passed 15 minutes ago; rights stay (R37).
    PlannedEndPassed {
        /// The sign-in.
        sign_in: SignInId,
    },
    /// A sign-off asked by tap has no answer for 10 minutes.
    SignOffUnanswered {
        /// The sign-in.
        sign_in: SignInId,
    },
    /// A deadline has passed.
    DeadlinePassed {
        /// The deadline.
        at: Time,
    },
    /// A call for help has no answer for a minute: deputy, then everybody in the room.
    HelpUnanswered {
        /// The call.
        call: HelpId,
    },
    /// A cover lasts no longer than twelve hours (R43).
    CoverOver {
        /// Who is covered.
        member: MemberId,
        /// Who covers.
        by: MemberId,
    },
}

kinds! {
    /// What may be asked.
    wire enum Plan as "AlarmPlans" in "alarm.ts" {
        /// Raises an alarm whose time has come; moot ones yield nothing.
        "raise" => Raise { timer: Timer, due: Time },
    }
}

kinds! {
    /// What happened, as the journal keeps it.
    enum Event {
        /// An alarm of the room itself.
        "alarm_raised/1" => Raised { timer: Timer },
    }
}
