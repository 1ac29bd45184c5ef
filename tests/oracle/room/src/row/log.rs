//! Rows of the log and of edits set aside.

use proto::{
    id::{CommandId, Seq},
    role::Audience,
    row::{
        Row,
        log::{DeskLog, EditRow, PhoneLog, ShownLog},
    },
};

use crate::{log::LogLine, state::Room};

impl Room {
    /// Returns a log line's row, while the audience's window holds it.
    pub(super) fn log_row(&self, audience: Audience, seq: Seq) -> Option<Row> {
        let line = self.log.get(seq).filter(|_| self.log.is_held(audience, seq))?;
        let (at, corrected_by) = (line.at, line.corrected_by);
        Some(match audience {
            Audience::Desk => Row::DeskLog(self.desk_log(seq, line)),
            Audience::Phone => {
                Row::PhoneLog(PhoneLog { seq, at, text: self.told(line), corrected_by })
            }
            Audience::Wall | Audience::Sitrep => {
                let role = line.role;
                let text = self.told_on_boards(line);
                Row::ShownLog(ShownLog { seq, at, text, corrected_by, role })
            }
        })
    }

    /// Returns the desk's log lines before an entry, the latest first: those that no longer are rows.
    pub fn log_before(&self, before: Seq, limit: usize) -> Vec<DeskLog> {
        let older = self.log.lines().rev().filter(|(seq, _)| **seq < before);
        older.take(limit).map(|(seq, line)| self.desk_log(*seq, line)).collect()
    }

    /// Returns a set-aside edit's row.
    pub(super) fn edit_row(&self, audience: Audience, id: CommandId) -> Option<Row> {
        let edit = self.edits.get(&id)?;
        matches!(audience, Audience::Desk | Audience::Phone).then(|| {
            let mut mine = edit.mine.clone();
            let mut stands = edit.stands.clone();
            // What is only on the card stays there: a row goes to a whole audience.
            for change in [&mut mine, &mut stands] {
                change.needs = None;
                change.notes = None;
                change.funding = None;
                change.next_of_kin = None;
                change.nhs_number = None;
            }
            Row::Edit(EditRow {
                edit: id,
                person: edit.person,
                groups: edit.groups.clone(),
                mine,
                stands,
                by: edit.by,
                at: edit.at,
            })
        })
    }

    /// Returns a line as the desk shows it.
    pub(crate) fn desk_log(&self, seq: Seq, line: &LogLine) -> DeskLog {
        DeskLog {
            seq,
            at: line.at,
            recorded: line.recorded,
            late_reason: self.told_late(line),
            claimed_at: line.claimed_at,
            by: line.by,
            text: self.told(line),
            person: line.person,
            corrected_by: line.corrected_by,
            corrects: line.corrects,
            alarm: line.alarm,
            show: line.show,
            withheld: self.is_withheld(line),
        }
    }
}
