//! The columns of the movements. Columns that this release does not record are present and empty, so that the
//! format does not change when they are filled.

use proto::export::Movement;

use super::{
    cell::Cell,
    column::Column,
    people::{number, words},
};

/// The columns of the movements.
pub(crate) const MOVEMENTS: &[Column<Movement>] = &[
    Column { head: "entry_no", width: 9, cell: |m| Cell::Number(m.entry.0) },
    Column { head: "event_time", width: 17, cell: |m| Cell::At(m.at) },
    Column { head: "recorded_time", width: 17, cell: |m| Cell::At(m.recorded) },
    Column { head: "person_ref", width: 11, cell: |m| Cell::text(m.reference.as_str()) },
    Column { head: "nhs_number", width: 14, cell: |m| number(m.nhs_number.as_ref()) },
    Column { head: "from_site", width: 24, cell: |m| Cell::text(m.from.as_str()) },
    Column { head: "to_site", width: 24, cell: |m| Cell::text(m.to.as_str()) },
    Column { head: "cqc_location_id", width: 16, cell: |_| Cell::Empty },
    Column { head: "state", width: 17, cell: |m| Cell::text(m.state) },
    Column { head: "vehicle", width: 14, cell: |m| words(m.vehicle.as_ref()) },
    Column { head: "crew", width: 14, cell: |m| words(m.crew.as_ref()) },
    Column { head: "escort", width: 10, cell: |_| Cell::Empty },
    Column { head: "eta", width: 17, cell: |m| Cell::at(m.expected) },
    Column { head: "id_check_1", width: 17, cell: |m| Cell::at(m.checked) },
    Column { head: "id_check_2", width: 17, cell: |m| Cell::at(m.checked_at_door) },
    Column { head: "meds_yn", width: 9, cell: |_| Cell::Empty },
    Column { head: "papers_yn", width: 9, cell: |_| Cell::Empty },
    Column { head: "belongings_yn", width: 13, cell: |_| Cell::Empty },
    Column { head: "confirmed_by", width: 22, cell: |m| Cell::text(m.by.as_str()) },
    Column { head: "confirmed_via", width: 22, cell: |m| words(m.via.as_ref()) },
    Column { head: "named_worker", width: 22, cell: |m| words(m.worker.as_ref()) },
    Column { head: "lead_body", width: 16, cell: |m| Cell::text(m.lead_body.as_str()) },
    Column { head: "override_gate", width: 20, cell: |m| Cell::text(m.gates.as_str()) },
    Column { head: "override_reason", width: 30, cell: |m| Cell::text(m.reasons.as_str()) },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_those_that_councils_were_promised() {
        let told = "entry_no, event_time, recorded_time, person_ref, nhs_number, from_site, to_site, \
             cqc_location_id, state, vehicle, crew, escort, eta, id_check_1, id_check_2, meds_yn, \
             papers_yn, belongings_yn, confirmed_by, confirmed_via, named_worker, lead_body, \
             override_gate, override_reason";
        let heads: Vec<&str> = MOVEMENTS.iter().map(|column| column.head).collect();
        assert_eq!(heads.join(", "), told);
    }
}
