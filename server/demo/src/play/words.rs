//! The loggist's lines for turns that the room has no command for, and the display names of the day's labels.
//! A kind that gets a command of its own leaves this table.

use std::collections::BTreeMap;

use intake::cell::capital;
use proto::{log::Show, text::Reference};

use super::{cast::Cast, story::Turn};

/// How much of the detail goes into the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    /// All of it.
    All,
    /// The part before the first semicolon.
    First,
    /// None: it is confidential.
    Nothing,
}

/// The lines by kind; `{home}` is the home's name.
const LINES: [(&str, &str, Keeps); 41] = [
    ("accept_refused", "Place at {home} not accepted", Keeps::All),
    ("acknowledged", "Safeguarding concern acknowledged", Keeps::First),
    ("alert_taken", "Withdrawal of {home} seen to", Keeps::First),
    ("approval", "Approved", Keeps::All),
    ("arrival_late", "Arrival at {home} is late", Keeps::All),
    ("asked", "{home} asked", Keeps::All),
    ("breach_reviewed", "What was gone past is reviewed", Keeps::All),
    ("caller_warned", "A caller asked for somebody whose destination is protected", Keeps::Nothing),
    ("capacity_answered", "Capacity question answered", Keeps::Nothing),
    ("complaint", "Complaint C-001 is on the register of complaints", Keeps::Nothing),
    ("cover", "Home cover", Keeps::All),
    ("debt", "To be settled", Keeps::All),
    ("debt_settled", "Settled", Keeps::All),
    ("dols_confirmed", "{home} confirms the authorisation", Keeps::Nothing),
    ("dols_told", "{home} told which authorisation it asks for", Keeps::Nothing),
    ("enquiry", "Enquiry", Keeps::All),
    ("equipment_confirmed", "Equipment confirmed", Keeps::All),
    ("family_told", "Family", Keeps::First),
    ("handling_assessed", "Moving and handling", Keeps::All),
    ("hold", "Bed held at {home}", Keeps::All),
    ("hold_ended", "The hold at {home} ended", Keeps::All),
    ("hold_kept", "The bed at {home} stays held", Keeps::All),
    ("hold_lost", "The bed at {home} was gone", Keeps::All),
    ("hold_refused", "Bed at {home} not held", Keeps::All),
    ("hold_warned", "The hold at {home} runs out", Keeps::All),
    ("home_rung", "{home} rung", Keeps::All),
    ("home_withdrew", "{home} withdraws its beds", Keeps::First),
    ("no_signal", "A telephone is silent", Keeps::All),
    ("note", "", Keeps::All),
    ("out_of_hours", "Moves after 17:30", Keeps::All),
    ("packed", "Packed", Keeps::All),
    ("pass", "Passed with a reason", Keeps::All),
    ("passed_on", "Not answered", Keeps::All),
    ("pen_picture", "Pen picture sent to {home}", Keeps::All),
    ("ready_refused", "Not declared ready", Keeps::All),
    ("released", "Bed at {home} given back", Keeps::All),
    ("safeguarding", "Safeguarding concern SG-001 raised; its words are not here", Keeps::Nothing),
    ("script_refused", "Script not opened", Keeps::All),
    ("script_released", "Words for families", Keeps::All),
    ("sitrep", "", Keeps::All),
    ("sweep", "Sweep", Keeps::All),
];
/// More lines by kind: about who runs the home, how people are told, and late vehicles.
const MORE: [(&str, &str, Keeps); 4] = [
    ("take_charge", "", Keeps::All),
    ("take_charge_refused", "The appointed manager does not take charge yet", Keeps::All),
    ("told", "Told", Keeps::All),
    ("transport_late", "Transport is late", Keeps::All),
];

/// Returns the loggist's line for a turn; none for an unknown kind.
pub(super) fn line(turn: &Turn, book: &Book<'_>) -> Option<String> {
    let known = LINES.iter().chain(&MORE).find(|(kind, _, _)| *kind == turn.kind);
    let (_, words, keeps) = known?;
    let home = book.cast.home_name(&turn.home).unwrap_or("the home");
    let head = words.replace("{home}", home);
    let detail = match keeps {
        Keeps::All => turn.words(),
        Keeps::First => turn.words().split(';').next().unwrap_or_default(),
        Keeps::Nothing => "",
    };
    let detail = book.say(detail);
    let all = match (head.is_empty(), detail.is_empty()) {
        (false, false) => format!("{head}: {detail}"),
        (false, true) => head,
        (true, _) => capital(&detail),
    };
    Some(all)
}

/// Returns where else a line is shown.
pub(super) fn shown(turn: &Turn) -> Show {
    let step = turn.step.as_str();
    match turn.kind.as_str() {
        "sitrep" => Show { wall: false, phones: false, directors: true },
        "take_charge" | "home_withdrew" | "out_of_hours" => {
            Show { wall: true, phones: true, directors: true }
        }
        "cover" => Show { wall: true, phones: true, directors: false },
        "script_released" => Show { wall: false, phones: true, directors: false },
        "note" => Show { wall: step == "T25", phones: step == "T25", directors: false },
        _ => Show::default(),
    }
}

/// Returns whether a line of this kind is filed under the person.
pub(super) fn is_filed(kind: &str) -> bool {
    !matches!(kind, "caller_warned" | "complaint" | "safeguarding")
}

/// The display names of labels, for text without personal names.
#[derive(Debug)]
pub(super) struct Book<'a> {
    pub(super) cast: &'a Cast,
    pub(super) references: &'a BTreeMap<String, Reference>,
}

impl Book<'_> {
    /// Replaces the labels in a text of the day.
    pub(super) fn say(&self, text: &str) -> String {
        let mut said = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = rest.find(|x: char| !x.is_alphanumeric()).unwrap_or(rest.len());
            let (word, after) = rest.split_at(length.max(first.len_utf8()));
            said.push_str(self.called(word).as_deref().unwrap_or(word));
            rest = after;
        }
        said
    }

    /// Returns the display name of a label; none for another word.
    pub(super) fn called(&self, word: &str) -> Option<String> {
        if let Some(reference) = self.references.get(word) {
            return Some(reference.as_str().to_owned());
        }
        if let Some(home) = self.cast.home_name(word) {
            return Some(home.to_owned());
        }
        let digits = word.strip_prefix('S').unwrap_or_default();
        let is_staff = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        (is_staff || word == "AM").then(|| self.cast.job(word).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::id::RoomId;

    #[test]
    fn labels_are_replaced_by_references_homes_and_jobs() {
        let cast = Cast::read(RoomId(uuid::Uuid::from_u128(1))).unwrap();
        let reference = Reference::parse("K7F").unwrap();
        let references = [("SU38".to_owned(), reference)].into_iter().collect();
        let book = Book { cast: &cast, references: &references };
        let said = book.say("takes SU38's bed at H02; needs S01 and AM, not s.30 or SOS");
        let words = "takes K7F's bed at Birchmere; needs Service manager and Appointed manager, \
                     not s.30 or SOS";
        assert_eq!(said, words);
        let turn = Turn {
            kind: "hold".to_owned(),
            home: "H01".to_owned(),
            detail: "no answer yet".to_owned(),
            ..Turn::default()
        };
        assert_eq!(line(&turn, &book).unwrap(), "Bed held at Ashlea: no answer yet");
        assert_eq!(line(&Turn::default(), &book), None);
    }
}
