//! Tests of the rules: domain sentences, and properties of generated histories.

mod canary;
mod counts;
mod edits;
mod elsewhere;
mod facts;
mod help;
mod histories;
mod incident;
mod log;
mod matrix;
mod names;
mod oracle;
mod plans;
mod presence;
mod property;
mod protection;
mod register;
mod rights;
mod samples;
mod scene;
mod times;
