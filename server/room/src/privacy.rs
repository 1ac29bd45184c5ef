//! Privacy: whom words name, what boards are shown, and what nobody is told of a protected destination.

pub(crate) mod boards;
pub(crate) mod homes;
pub(crate) mod letters;
pub(crate) mod names;
pub(crate) mod ordinary;
pub(crate) mod post;
pub(crate) mod protected;
