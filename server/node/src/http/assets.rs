//! The screens: static files embedded in the program.

use std::{borrow::Cow, sync::LazyLock};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use super::{Shared, encoding::Encoding, error::Failure, packed::Packed};

/// The built screens; empty if the program was built without them.
#[derive(Debug, RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
#[allow_missing = true]
struct Files;

/// The content type of a page.
const HTML: &str = "text/html; charset=utf-8";
/// The folder of files named after their content hash, which never change.
const HASHED: &str = "assets/";

const PLAIN: &str = "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>Muster\
</title><link rel=\"icon\" href=\"data:,\"></head><body><h1>Muster</h1><p>The live incident room for care home closures.</p><p>You come in \
by the link that you were given. If you have none, ask the incident room.</p></body></html>";

const UNBUILT: &str = "<!doctype html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>Muster\
</title><link rel=\"icon\" href=\"data:,\"></head><body><h1>The screens are not here</h1><p>This program was built without its screens. \
`cargo xtask run` builds both.</p></body></html>";

/// The release and a hash of the embedded screens.
static BUILD: LazyLock<String> = LazyLock::new(|| {
    // File names below `assets/` contain content hashes; other files are hashed here.
    let mut names: Vec<_> = Files::iter().filter(|name| !name.starts_with(HASHED)).collect();
    names.sort();
    let mut all = Sha256::new();
    for name in &names {
        let hash = Files::get(name).map(|file| file.metadata.sha256_hash()).unwrap_or_default();
        all.update(hash);
    }
    let screens = URL_SAFE_NO_PAD.encode(all.finalize());
    format!("{}+{}", env!("CARGO_PKG_VERSION"), screens.get(..8).unwrap_or_default())
});

/// Returns the build id: a screen that was served by another build reloads itself (P-13).
pub(crate) fn build() -> &'static str {
    &BUILD
}

/// Serves everything outside the API: a page or one of its files.
pub(crate) async fn get(State(node): State<Shared>, request: Request) -> Result<Response, Failure> {
    answer(&node.packed, &request)
}

fn answer(packed: &Packed, request: &Request) -> Result<Response, Failure> {
    let path = request.uri().path();
    if path.starts_with("/api/") || path == "/ws" {
        return Err(Failure::NoPage);
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return Err(Failure::Method);
    }
    match page(path) {
        Some("") => Ok(html(StatusCode::OK, PLAIN)),
        Some(name) => Ok(file(packed, name, request.headers())
            .unwrap_or_else(|| html(StatusCode::NOT_FOUND, UNBUILT))),
        None => {
            let name = path.trim_start_matches('/');
            let is_file = ending(name) != "html" && !name.contains("..");
            let found = if is_file { file(packed, name, request.headers()) } else { None };
            found.ok_or(Failure::NoPage)
        }
    }
}

/// Returns the file of a page's path; each face also answers on its subpaths.
fn page(path: &str) -> Option<&'static str> {
    let mut parts = path.trim_start_matches('/').splitn(2, '/');
    match (parts.next().unwrap_or_default(), parts.next()) {
        ("", None) => Some(""),
        ("join" | "door" | "open", None) => Some("join.html"),
        ("wall", _) => Some("wall.html"),
        ("desk", _) => Some("desk.html"),
        ("m", _) => Some("m.html"),
        ("sitrep", _) => Some("sitrep.html"),
        _ => None,
    }
}

/// Returns a file as a response, compressed as the client accepts.
fn file(packed: &Packed, name: &str, headers: &HeaderMap) -> Option<Response> {
    let found = Files::get(name)?;
    let kind = kind(name);
    let is_text = !kind.starts_with("image/png") && !kind.starts_with("font/");
    let encoding = if is_text { Encoding::of(headers) } else { Encoding::Plain };
    let tag = entity_tag(&found, encoding)?;
    let mut response = if headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let built = Files::get(&format!("{name}{}", encoding.ending()));
        let data = match built.filter(|_| encoding != Encoding::Plain) {
            Some(built) => body(built.data),
            None => packed.get(&tag, encoding, body(found.data))?,
        };
        data.into_response()
    };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let keep =
        if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    if let Some(word) = encoding.word() {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(word));
    }
    answer.insert(header::ETAG, tag);
    Some(response)
}

fn body(data: Cow<'static, [u8]>) -> bytes::Bytes {
    match data {
        Cow::Borrowed(inside) => bytes::Bytes::from_static(inside),
        Cow::Owned(read) => bytes::Bytes::from(read),
    }
}

fn entity_tag(file: &EmbeddedFile, encoding: Encoding) -> Option<HeaderValue> {
    let hash = file.metadata.sha256_hash();
    let digits = URL_SAFE_NO_PAD.encode(hash);
    HeaderValue::try_from(format!("\"{digits}{}\"", encoding.ending())).ok()
}

/// Returns the content type for a file extension.
fn kind(name: &str) -> &'static str {
    match ending(name) {
        "html" => HTML,
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn ending(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

fn html(status: StatusCode, text: &'static str) -> Response {
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static(HTML));
    (status, [kind], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_answers_on_its_path_and_subpaths() {
        assert_eq!(page("/"), Some(""));
        assert_eq!(page("/m"), Some("m.html"));
        assert_eq!(page("/m/people/7"), Some("m.html"));
        assert_eq!(page("/join"), Some("join.html"));
        assert_eq!(page("/join/other"), None);
        assert_eq!(page("/assets/a.js"), None);
        assert_eq!(page("/walls"), None);
    }

    #[test]
    fn no_file_outside_the_screens_is_served() {
        for path in ["/../Cargo.toml", "/assets/../../package.json", "/api/x", "/desk.html", "/x"] {
            let request = Request::builder().uri(path).body(axum::body::Body::empty()).unwrap();
            assert!(answer(&Packed::default(), &request).is_err(), "{path}");
        }
    }
}
