//! Faults of a disk, of a process, of a database and of Redis: power cuts, failing calls, kills,
//! locks, damaged files, broken connections.

#[path = "faults/away.rs"]
mod away;
#[path = "faults/backup.rs"]
mod backup;
#[path = "faults/certificates.rs"]
mod certificates;
#[path = "faults/clocks.rs"]
mod clocks;
#[path = "faults/cut.rs"]
mod cut;
#[path = "faults/damage.rs"]
mod damage;
#[path = "faults/database.rs"]
mod database;
#[path = "faults/drain.rs"]
mod drain;
#[path = "faults/exports.rs"]
mod exports;
#[path = "faults/failing_calls.rs"]
mod failing_calls;
#[path = "faults/files.rs"]
mod files;
#[path = "faults/full.rs"]
mod full;
#[path = "faults/gone.rs"]
mod gone;
#[path = "contract/history.rs"]
mod history;
#[path = "faults/kill.rs"]
mod kill;
#[path = "faults/later.rs"]
mod later;
#[path = "faults/ledger.rs"]
mod ledger;
#[path = "faults/memory.rs"]
mod memory;
#[path = "faults/moment.rs"]
mod moment;
#[path = "faults/nodes.rs"]
mod nodes;
#[path = "faults/opening.rs"]
mod opening;
#[path = "faults/powercut.rs"]
mod powercut;
#[path = "faults/process.rs"]
mod process;
#[path = "faults/processor.rs"]
mod processor;
#[path = "faults/redis.rs"]
mod redis;
#[path = "faults/restored.rs"]
mod restored;
#[path = "faults/rig.rs"]
mod rig;
#[path = "faults/rolling.rs"]
mod rolling;
#[path = "faults/standby.rs"]
mod standby;
#[path = "faults/stopped.rs"]
mod stopped;
#[path = "faults/tables.rs"]
mod tables;
#[path = "faults/told.rs"]
mod told;
#[path = "faults/traces.rs"]
mod traces;
#[path = "faults/unread.rs"]
mod unread;
#[path = "faults/whole.rs"]
mod whole;
