//! Rows of the door and of paper packs: the desk's alone.

use proto::{
    id::MemberId,
    row::{
        Row,
        door::{AskerRow, DoorRow, ExpectedRow},
        pack::PackRow,
    },
};

use crate::state::Room;

impl Room {
    /// Returns the door's row, while it is open.
    pub(super) fn door_row(&self) -> Option<Row> {
        let door = self.door.as_ref()?;
        Some(Row::Door(DoorRow { code: door.code.clone(), until: door.until, by: door.by }))
    }

    /// Returns the row of somebody at the door.
    pub(super) fn asker_row(&self, asking: MemberId) -> Option<Row> {
        let asker = self.askers.get(&asking)?;
        let profile = asker.profile.clone();
        Some(Row::Asker(AskerRow {
            asking,
            expected: self.expected_as(&profile.name),
            name: profile.name,
            organisation: profile.organisation,
            job: profile.job,
            mobile: profile.mobile,
            wishes: profile.roles,
            face: asker.face,
            since: asker.since,
        }))
    }

    /// Returns the row of somebody the roster expects.
    pub(super) fn expected_row(&self, member: MemberId) -> Option<Row> {
        let profile = self.expected.get(&member)?.clone();
        Some(Row::Expected(ExpectedRow {
            member,
            name: profile.name,
            organisation: profile.organisation,
            job: profile.job,
            mobile: profile.mobile,
            roles: profile.roles,
        }))
    }

    /// Returns a pack's row.
    pub(super) fn pack_row(&self, number: u32) -> Option<Row> {
        let held = self.pack(number)?;
        Some(Row::Pack(PackRow {
            number,
            code: proto::pack::code(number),
            pack: held.kind,
            person: held.pack.person,
            printed_at: held.printed_at,
            printed_by: held.printed_by,
            state: held.state,
            held_by: self.pack_holder(held),
            since: held.since,
        }))
    }
}
