//! Privacy: names in free text, the text on boards, and protected destinations.

pub(crate) mod boards;
pub(crate) mod homes;
pub(crate) mod letters;
pub(crate) mod names;
pub(crate) mod ordinary;
pub(crate) mod post;
pub(crate) mod protected;
