//! Nobody's machine, mailbox or telephone is in the tree. Only addresses and numbers that are kept
//! free for examples are.

use crate::tree::File;

/// Folders that exist on one machine. Put together, so as not to find themselves.
const PLACES: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

/// Domains reserved for examples by RFC 2606, and the name of the local machine.
const EXAMPLE_DOMAINS: [&str; 7] =
    ["example", "example.com", "example.org", "example.net", "invalid", "test", "localhost"];

/// Kept free for drama by the regulator: no such number will ever ring.
const EXAMPLE_NUMBERS: [&str; 2] = ["01632960", "07700900"];

/// Written by package managers, and full of digits.
const LOCK_FILES: [&str; 2] = ["Cargo.lock", "package-lock.json"];

/// Returns the lines that name a folder of somebody's machine.
pub fn machine_paths(files: &[File]) -> Vec<String> {
    find(files, |line| PLACES.iter().any(|place| starts_a_path(line, place)), "a machine's path")
}

/// Returns the lines with an e-mail address or a telephone number that might be somebody's.
pub fn contacts(files: &[File]) -> Vec<String> {
    let mut complaints = find(files, has_mail_address, "a real e-mail address");
    complaints.extend(find(files, has_telephone_number, "a real telephone number"));
    complaints
}

fn find(files: &[File], is_bad: impl Fn(&str) -> bool, what: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| !LOCK_FILES.contains(&file.name())) {
        let bad = file.lines().filter(|(_, line)| is_bad(line));
        complaints.extend(bad.map(|(at, _)| format!("{}:{at}: {what}", file.path)));
    }
    complaints
}

/// Says whether a line has a path that begins at the root of a machine. `desk/home/` does not.
fn starts_a_path(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|x| x.is_alphanumeric() || "._-})]*~$".contains(x))
    })
}

fn has_mail_address(line: &str) -> bool {
    line.match_indices('@').any(|(at, _)| {
        let has_mailbox = line[..at]
            .chars()
            .next_back()
            .is_some_and(|x| x.is_alphanumeric() || "._%+-".contains(x));
        let rest = &line[at + 1..];
        let end = rest.find(|x: char| !(x.is_alphanumeric() || ".-".contains(x)));
        let domain = rest[..end.unwrap_or(rest.len())].trim_end_matches('.').to_lowercase();
        has_mailbox && is_domain(&domain) && !is_example(&domain)
    })
}

/// Says whether a word has a dot and ends in letters: `svelte@5.57.3` is a version.
fn is_domain(word: &str) -> bool {
    word.rsplit_once('.')
        .is_some_and(|(_, top)| top.len() > 1 && top.chars().all(|x| x.is_ascii_alphabetic()))
}

fn is_example(domain: &str) -> bool {
    EXAMPLE_DOMAINS
        .iter()
        .any(|example| domain == *example || domain.ends_with(&format!(".{example}")))
}

fn has_telephone_number(line: &str) -> bool {
    let inland = line.match_indices('0').filter(|(at, _)| stands_alone(&line[..*at]));
    let abroad = line.match_indices("+44").map(|(at, _)| &line[at + 3..]);
    let inland = inland.filter_map(|(at, _)| national(&line[at..]));
    let abroad = abroad.filter_map(|rest| {
        let rest = rest.trim_start().trim_start_matches("(0)").trim_start();
        national(&format!("0{rest}"))
    });
    inland.chain(abroad).any(|number| {
        !EXAMPLE_NUMBERS.iter().any(|example| number.len() == 11 && number.starts_with(example))
    })
}

/// Says whether what follows a text is not the middle of a longer word or number.
fn stands_alone(before: &str) -> bool {
    let mut letters = before.chars().rev();
    match letters.next() {
        // A digit before a space makes it the second group of a longer number.
        Some(' ') => !letters.next().is_some_and(|x| x.is_ascii_digit()),
        Some(x) => !(x.is_alphanumeric() || "._-/#+".contains(x)),
        None => true,
    }
}

/// Returns the digits at the start of a text when they read as a British number: ten or eleven, in
/// one group or in groups of three and more.
fn national(text: &str) -> Option<String> {
    let end = text.find(|x: char| !(x.is_ascii_digit() || x == ' ')).unwrap_or(text.len());
    let after = text[end..].chars().next();
    if after.is_some_and(|x| x.is_alphanumeric() || "_-".contains(x)) && !text[..end].ends_with(' ')
    {
        return None;
    }
    let groups: Vec<&str> = text[..end].trim_end().split(' ').collect();
    let digits = groups.concat();
    let is_british = digits.get(1..2).is_some_and(|second| "12378".contains(second));
    let has_length = (10..=11).contains(&digits.len());
    (is_british && has_length && groups.iter().all(|group| group.len() >= 3)).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::file;

    fn one(text: &str) -> [File; 1] {
        [file("README.md", text)]
    }

    #[test]
    fn a_path_on_a_machine_is_told_and_a_folder_of_ours_is_not() {
        for place in PLACES {
            assert_eq!(machine_paths(&one(&format!("see {place}x"))).len(), 1);
            assert_eq!(machine_paths(&one(&format!("desk{place}x or ..{place}"))).len(), 0);
        }
    }

    #[test]
    fn a_mailbox_is_told_and_an_example_is_not() {
        let at = |domain: &str| contacts(&one(&format!("write to ann.lee@{domain}."))).len();
        assert_eq!(at("council.gov.uk"), 1);
        assert_eq!(at("mail.com"), 1);
        assert_eq!(at("harbour.example"), 0);
        assert_eq!(at("example.org"), 0);
        assert_eq!(at("5.57.3"), 0);
        assert!(contacts(&one("@media print { } @fontsource-variable/x.css")).is_empty());
    }

    #[test]
    fn a_telephone_that_might_ring_is_told() {
        for number in ["0161 496 ", "01614 96", "07911 12", "+44 7911 12", "+44 (0)161 496 "] {
            let whole = format!("ring {number}{}", "3456");
            let short = whole.chars().filter(char::is_ascii_digit).count();
            let filled = format!("{whole}{}", "7".repeat(11_usize.saturating_sub(short)));
            assert_eq!(contacts(&one(&filled)).len(), 1, "{filled}");
        }
    }

    #[test]
    fn numbers_for_examples_and_other_digits_pass() {
        for fine in [
            "tel:01632960123",
            "01632 960 123",
            "07700 900950",
            "+44 7700 900123",
            "+44 (0)1632 960123",
            "00000000-0000-7000-8000-000000000001",
            "2026-01-05T09:00:00.012345678Z",
            "M0 12 34 56 78 90 12 34",
            "0123456789abcdef",
            "999 012 3456",
            "0.1234567890",
        ] {
            assert_eq!(contacts(&one(fine)), Vec::<String>::new(), "{fine}");
        }
    }
}
