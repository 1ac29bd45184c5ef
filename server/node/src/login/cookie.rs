//! Cookies: one per face, so that four faces in one browser do not interfere.

use axum::http::{HeaderMap, HeaderValue, header};
use proto::role::Audience;

use super::secret::Secret;

/// Maximum age of a cookie in seconds; the login behind it expires earlier.
const MAX_AGE_S: u32 = 30 * 24 * 60 * 60;

/// The cookie of a device waiting at a door.
pub(crate) const ASKING: &str = "asking";
/// The cookie of a duty manager.
pub(crate) const DUTY: &str = "duty";

/// Returns this face's token in a request.
pub(crate) fn token(headers: &HeaderMap, face: Audience) -> Option<Secret> {
    named(headers, face.word())
}

/// Returns the secret in the cookie of this name.
pub(crate) fn named(headers: &HeaderMap, word: &str) -> Option<Secret> {
    let wanted = name(word);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .and_then(|(_, value)| Secret::parse(value))
}

/// Returns the header that sets this face's cookie.
pub(crate) fn give(face: Audience, token: &Secret) -> Option<HeaderValue> {
    give_named(face.word(), token, MAX_AGE_S)
}

/// Returns the header that sets the cookie of this name, with a maximum age in seconds.
pub(crate) fn give_named(word: &str, token: &Secret, age_s: u32) -> Option<HeaderValue> {
    let cookie = format!("{}={}; {}; Max-Age={age_s}", name(word), token.text(), ATTRIBUTES);
    let mut value = HeaderValue::try_from(cookie).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Returns the header that clears this face's cookie.
pub(crate) fn take(face: Audience) -> Option<HeaderValue> {
    take_named(face.word())
}

/// Returns the header that clears the cookie of this name.
pub(crate) fn take_named(word: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{}=; {ATTRIBUTES}; Max-Age=0", name(word))).ok()
}

const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Strict";

fn name(word: &str) -> String {
    format!("__Host-muster-{word}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    fn headers(cookies: &[&str]) -> HeaderMap {
        let lines = cookies.iter().map(|line| (header::COOKIE, line.parse().unwrap()));
        lines.collect()
    }

    #[test]
    fn each_face_finds_its_own_cookie() {
        let (desk, wall) = (Secret::fresh(&SystemClock), Secret::fresh(&SystemClock));
        let (desk_text, wall_text) = (desk.text(), wall.text());
        let one = format!("a=b; __Host-muster-wall={wall_text};  __Host-muster-desk={desk_text}");
        let headers = headers(&["x=y", &one]);
        assert!(token(&headers, Audience::Desk).unwrap().is(&desk));
        assert!(token(&headers, Audience::Wall).unwrap().is(&wall));
        assert!(token(&headers, Audience::Phone).is_none());
    }

    #[test]
    fn cookies_with_similar_names_are_ignored() {
        let text = Secret::fresh(&SystemClock).text();
        for alike in [
            format!("muster-desk={text}"),
            format!("__host-muster-desk={text}"),
            format!("__Host-muster-desk2={text}"),
            format!("__Host-muster-desk=\"{text}\""),
            "__Host-muster-desk".to_owned(),
            "__Host-muster-desk=".to_owned(),
        ] {
            assert!(token(&headers(&[&alike]), Audience::Desk).is_none(), "{alike}");
        }
    }

    #[test]
    fn a_cookie_is_hidden_from_scripts_and_other_sites() {
        let given = give(Audience::Phone, &Secret::fresh(&SystemClock)).unwrap();
        assert!(given.is_sensitive());
        let text = given.to_str().unwrap();
        assert!(text.starts_with("__Host-muster-phone="), "{text}");
        for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
            assert!(text.contains(attribute), "{text}");
        }
        assert!(take(Audience::Phone).unwrap().to_str().unwrap().ends_with("Max-Age=0"));
    }
}
