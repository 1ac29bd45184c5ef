//! The protocol, rule by rule, over real sockets against a real node. Each test cites the rules of
//! `proto/PROTOCOL.md` that it checks.

#[path = "protocol/answers.rs"]
mod answers;
#[path = "protocol/beats.rs"]
mod beats;
#[path = "protocol/bodies.rs"]
mod bodies;
#[path = "protocol/cards.rs"]
mod cards;
#[path = "protocol/catch_up.rs"]
mod catch_up;
#[path = "protocol/close.rs"]
mod close;
#[path = "protocol/commands.rs"]
mod commands;
#[path = "protocol/entrance.rs"]
mod entrance;
#[path = "protocol/exports.rs"]
mod exports;
#[path = "protocol/faces.rs"]
mod faces;
#[path = "protocol/facts.rs"]
mod facts;
#[path = "protocol/failing.rs"]
mod failing;
#[path = "protocol/figures.rs"]
mod figures;
#[path = "protocol/golden.rs"]
mod golden;
#[path = "protocol/hello.rs"]
mod hello;
#[path = "protocol/homes.rs"]
mod homes;
#[path = "protocol/homes_files.rs"]
mod homes_files;
#[path = "protocol/incident.rs"]
mod incident;
#[path = "protocol/intake.rs"]
mod intake;
#[path = "protocol/invites.rs"]
mod invites;
#[path = "protocol/mangled.rs"]
mod mangled;
#[path = "protocol/messages.rs"]
mod messages;
#[path = "protocol/names.rs"]
mod names;
#[path = "protocol/presence.rs"]
mod presence;
#[path = "protocol/protection.rs"]
mod protection;
#[path = "protocol/rights.rs"]
mod rights;
#[path = "protocol/rows.rs"]
mod rows;
#[path = "protocol/snapshots.rs"]
mod snapshots;
#[path = "protocol/subs.rs"]
mod subs;
#[path = "protocol/tables.rs"]
mod tables;
#[path = "protocol/team.rs"]
mod team;
#[path = "protocol/times.rs"]
mod times;
#[path = "protocol/upgrade.rs"]
mod upgrade;
