//! Posts: a member name that is a post, such as "Director on call", names nobody.

use super::homes::lower_words;

/// Words that make up the names of posts. None is a first name, and none alone makes a post.
const OF_POSTS: [&str; 63] = [
    "acting",
    "adult",
    "adults",
    "agency",
    "and",
    "appointed",
    "area",
    "assistant",
    "at",
    "best",
    "business",
    "call",
    "capacity",
    "care",
    "case",
    "charge",
    "co",
    "commissioning",
    "council",
    "day",
    "desk",
    "duty",
    "emergency",
    "family",
    "finance",
    "for",
    "general",
    "handling",
    "health",
    "home",
    "homes",
    "hours",
    "in",
    "incident",
    "interests",
    "interim",
    "liaison",
    "media",
    "medicines",
    "mental",
    "moving",
    "named",
    "nhs",
    "night",
    "of",
    "on",
    "out",
    "packing",
    "placements",
    "public",
    "quality",
    "records",
    "room",
    "safeguarding",
    "senior",
    "service",
    "services",
    "shift",
    "site",
    "social",
    "staff",
    "support",
    "team",
];
/// Words that identify a post.
const POSTS: [&str; 13] = [
    "carer",
    "coordinator",
    "deputy",
    "director",
    "lead",
    "leader",
    "loggist",
    "manager",
    "nurse",
    "officer",
    "operator",
    "ordinator",
    "worker",
];

/// Returns the personal parts of a member's name: a post, such as "Director on call", or an addition in brackets, has
/// none. A word beside an unlisted one is a name.
pub(crate) fn personal_parts(name: &str) -> impl Iterator<Item = &str> {
    let beside = |c: char| matches!(c, '(' | ')' | '[' | ']' | '/' | '–' | '—');
    name.split(beside).flat_map(|part| part.split(" - ")).filter(|part| !is_post(part))
}

/// Returns whether words name a post and no person.
fn is_post(part: &str) -> bool {
    let said = lower_words(part);
    said.iter().all(|word| is_of_posts(word))
        && said.iter().any(|word| POSTS.contains(&word.as_str()))
}

/// Returns whether a word is used in the names of posts.
pub(crate) fn is_of_posts(word: &str) -> bool {
    OF_POSTS.contains(&word) || POSTS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_names_nobody_but_a_name_beside_it_does() {
        for (name, wanted) in [
            ("Director on call", vec![]),
            ("Duty manager", vec![]),
            ("Co-ordinator, night team", vec![]),
            ("Priya Nair (director on call)", vec!["priya", "nair"]),
            ("Priya Nair - Duty Manager", vec!["priya", "nair"]),
            ("Owen Day", vec!["owen", "day"]),
            ("Grace Nurse", vec!["grace", "nurse"]),
            ("Nurse, Grace", vec!["nurse", "grace"]),
            ("Joan Call", vec!["joan", "call"]),
            ("Mrs Leader", vec!["mrs", "leader"]),
            ("Night Day", vec!["night", "day"]),
            ("Miles Manager-Lead", vec!["miles", "manager", "lead"]),
        ] {
            let words: Vec<_> =
                personal_parts(name).flat_map(crate::privacy::homes::name_words).collect();
            assert_eq!(words, wanted, "{name}");
        }
    }
}
