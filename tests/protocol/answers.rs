//! The headers and errors of every response, and the routes with restricted access.

use hyper::Method;
use proof::{cast, device::Device, host::Host, web::Ask};

/// Returns a request for every route, including failing ones.
fn everywhere(host: &Host, desk: &Device) -> Vec<Ask> {
    let (web, room) = (&host.door.web, desk.room);
    let rooms = format!("/api/rooms/{room}");
    vec![
        web.get("/"),
        web.get("/join"),
        web.get("/wall"),
        web.get("/desk"),
        web.get("/desk/people/7"),
        web.get("/m"),
        web.get("/sitrep"),
        web.get("/assets/none.js"),
        web.get("/none"),
        web.get("/../Cargo.toml"),
        web.get("/health"),
        web.get("/ready"),
        web.get("/ws"),
        web.get("/ws?face=desk"),
        web.get("/api/me"),
        desk.get("/api/me"),
        web.get("/api/none"),
        web.post("/api/invites/redeem"),
        web.post("/api/invites/redeem").body("application/json", "{"),
        web.post("/api/invites/redeem").json(&serde_json::json!({"secret": "x"})),
        web.ask(Method::DELETE, "/api/me"),
        web.ask(Method::OPTIONS, "/api/me"),
        web.post("/desk"),
        desk.get(&desk.rows_path()),
        desk.get(&format!("{rooms}/rows")),
        desk.get(&format!("{rooms}/rows?audience=wall")),
        desk.get(&format!("{rooms}/log?before=5")),
        desk.card(cast::person(0)),
        desk.card(cast::person(99)),
        desk.post(&format!("{rooms}/exports/people.csv")).json(&serde_json::json!({"why": "x"})),
        desk.post(&format!("{rooms}/exports/people.pdf")).json(&serde_json::json!({"why": "x"})),
        desk.sends(&[cast::asks(cast::line("one"))]),
        desk.sends(&[]),
        desk.sends(&[cast::asks(cast::line("one"))]).instead("origin", "http://evil.example"),
        desk.post(&desk.commands_path()).body("text/plain", "x"),
        desk.post(&desk.commands_path()).body("application/json", vec![b'x'; 300_000]),
        web.post("/api/operator/open"),
        web.post("/api/operator/invites"),
        web.post(&format!("/api/operator/rooms/{room}/commands")),
        web.get("/api/operator/figures"),
        desk.post("/api/logout"),
    ]
}

/// P-64, P-65: on every route and every response.
#[tokio::test]
async fn every_response_carries_the_headers() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    let port = host.running.addr().port();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self' ws://127.0.0.1:{port} ws://localhost:{port}; \
         manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; \
         trusted-types svelte-trusted-html muster-sw"
    );
    for ask in everywhere(&host, &desk) {
        let shown = format!("{ask:?}").chars().take(400).collect::<String>();
        let answer = ask.send().await;
        for (name, value) in [
            ("content-security-policy", policy.as_str()),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{shown}");
        }
        let permissions = answer.header("permissions-policy");
        assert!(permissions.contains("camera=()") && permissions.contains("geolocation=()"));
        let is_page = answer.status.is_success() && !answer.header("etag").is_empty();
        let kept = answer.header("cache-control");
        assert!(kept == "no-store" || is_page, "{kept}: {shown}");
        assert!(
            !answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by")
        );
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{shown}");
    }
}

/// P-66: a code and a message, without internal details.
#[tokio::test]
async fn an_error_is_a_code_and_a_message() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    for ask in everywhere(&host, &desk) {
        let answer = ask.send().await;
        if answer.status.is_success() || answer.header("content-type").starts_with("text/html") {
            continue;
        }
        let (_, code) = answer.error();
        assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{code}");
        let words = String::from_utf8(answer.body.to_vec()).unwrap().to_lowercase();
        for inside in ["sqlite", ".rs", "panicked", "muster.db", "/tmp", "select "] {
            assert!(!words.contains(inside), "{words}");
        }
    }
    let told = |ask: Ask| async move { ask.send().await.error() };
    for path in ["/api/none", "/none", "/api/rooms", "/api/", "/assets/none.js"] {
        assert_eq!(told(desk.get(path)).await, (404, "no_page".to_owned()), "{path}");
    }
    for ask in [
        desk.web.ask(Method::PUT, "/api/me"),
        desk.web.ask(Method::DELETE, &desk.commands_path()),
        desk.get("/api/logout"),
        desk.web.post("/desk"),
    ] {
        assert_eq!(told(ask).await, (405, "method".to_owned()));
    }
}

/// P-67: only from this machine, with the token, without a proxy, and not from a page.
#[tokio::test]
async fn the_operators_routes_answer_only_the_operator() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let token = format!("Bearer {}", host.running.operator_token());
    let body =
        serde_json::to_value(proof::device::Door::asks_for(room, proto::role::Audience::Wall, &[]));
    let ask = || desk.web.post("/api/operator/invites").json(body.as_ref().unwrap());
    let denied = (403, "not_operator".to_owned());
    for wrong in ["", "Bearer ", "Bearer x", &format!("Bearer {}", "A".repeat(43)), &token[7..]] {
        let answer = ask().with("authorization", wrong).send().await;
        assert_eq!(answer.error(), denied, "{wrong}");
    }
    for (name, value) in [
        ("x-forwarded-for", "127.0.0.1"),
        ("forwarded", "for=127.0.0.1"),
        ("via", "1.1 proxy"),
        ("origin", desk.origin.as_str()),
    ] {
        let answer = ask().with("authorization", &token).with(name, value).send().await;
        assert_eq!(answer.error(), denied, "{name}");
    }
    let by_cookie = desk.signed(ask()).send().await;
    assert_eq!(by_cookie.error(), denied);
    assert!(ask().with("authorization", &token).send().await.status.is_success());
}

/// P-68
#[tokio::test]
async fn health_and_readiness_need_no_login() {
    let host = Host::start().await;
    for path in ["/health", "/ready"] {
        let answer = host.door.web.get(path).send().await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.as_ref()),
            (200, br#"{"ok":true}"#.as_slice())
        );
    }
}
