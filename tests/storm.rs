//! Storms: randomised tests with many people, broken connections, a killed node and a failing
//! store. A failing storm prints its seed; `MUSTER_SEEDS=7..8` replays it.

#[path = "storm/city.rs"]
mod city;
#[path = "storm/clocks.rs"]
mod clocks;
#[path = "storm/deeds.rs"]
mod deeds;
#[path = "storm/gossip.rs"]
mod gossip;
#[path = "storm/hub.rs"]
mod hub_storm;
#[path = "storm/judged.rs"]
mod judged;
#[path = "storm/kept.rs"]
mod kept;
#[path = "storm/ledger.rs"]
mod ledger;
#[path = "storm/node.rs"]
mod node_storm;
#[path = "storm/parted/bell.rs"]
mod parted_bell;
#[path = "storm/parted/database.rs"]
mod parted_database;
#[path = "storm/parted/loss.rs"]
mod parted_loss;
#[path = "storm/parted/narrow.rs"]
mod parted_narrow;
#[path = "storm/parted/people.rs"]
mod parted_people;
#[path = "storm/post.rs"]
mod post;
#[path = "storm/parted/quiet.rs"]
mod quiet;
#[path = "storm/raised.rs"]
mod raised;
#[path = "storm/roll.rs"]
mod roll;
#[path = "storm/trouble.rs"]
mod trouble;
#[path = "storm/unheard.rs"]
mod unheard;
#[path = "storm/unsure.rs"]
mod unsure;
#[path = "storm/visitor.rs"]
mod visitor;
#[path = "storm/watched.rs"]
mod watched;

/// Returns the message of a panic.
fn words_of(said: &(dyn std::any::Any + Send)) -> String {
    let words = said.downcast_ref::<String>().cloned();
    words.or_else(|| said.downcast_ref::<&str>().map(|words| (*words).to_owned())).unwrap()
}
