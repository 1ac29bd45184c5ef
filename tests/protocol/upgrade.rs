//! The WebSocket upgrade: who gets a socket, and which.

use proof::{host::Host, socket::Upgrade};
use proto::{frame::SUBPROTOCOL, http::ErrorAnswer};

/// Returns the status and the code of a refused upgrade.
async fn refused(upgrade: Upgrade) -> (u16, String) {
    let (status, body) = upgrade.open().await.expect_err("the upgrade is refused");
    let told: ErrorAnswer = serde_json::from_slice(&body).unwrap();
    (status, told.error)
}

/// P-10: only exact origins.
#[tokio::test]
async fn only_our_own_pages_open_a_socket() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let port = host.running.addr().port();
    let foreign = (403, "foreign_origin".to_owned());
    assert_eq!(refused(desk.upgrade().without("origin")).await, foreign, "missing");
    for origin in [
        "null".to_owned(),
        String::new(),
        "http://evil.example".to_owned(),
        format!("http://127.0.0.1:{port}.evil.example"),
        format!("http://evil127.0.0.1:{port}"),
        format!("http://localhost:{port}/"),
        format!("http://LOCALHOST:{port}"),
        format!("HTTP://127.0.0.1:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{}", port - 1),
        format!("http://127.0.0.1:{port}0"),
        "http://127.0.0.1".to_owned(),
        format!("http://127.0.0.2:{port}"),
        format!("http://[::1]:{port}"),
        format!("ws://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port} http://evil.example"),
        "http://xn--lcalhost-c1a.example".to_owned(),
    ] {
        assert_eq!(refused(desk.upgrade().instead("origin", &origin)).await, foreign, "{origin}");
    }
    for ours in [format!("http://127.0.0.1:{port}"), format!("http://localhost:{port}")] {
        assert!(desk.upgrade().instead("origin", &ours).open().await.is_ok(), "{ours}");
    }
}

/// P-10: only the public address, if there is one.
#[tokio::test]
async fn behind_a_proxy_only_the_public_address_is_ours() {
    let host = Host::proxied("https://muster.example").await;
    let (_, desk) = host.room(0).await;
    assert!(desk.upgrade().open().await.is_ok());
    let port = host.running.addr().port();
    for origin in [
        format!("http://127.0.0.1:{port}"),
        "http://muster.example".to_owned(),
        "https://muster.example:443".to_owned(),
        "https://muster.example.".to_owned(),
        "https://www.muster.example".to_owned(),
        "https://Muster.example".to_owned(),
    ] {
        let told = refused(desk.upgrade().instead("origin", &origin)).await;
        assert_eq!(told, (403, "foreign_origin".to_owned()), "{origin}");
    }
}

/// P-10: a stolen cookie does not help a foreign page, nor does the page learn whether it was valid.
#[tokio::test]
async fn the_origin_is_checked_before_the_cookie() {
    let host = Host::start().await;
    let upgrade = Upgrade::new(host.running.addr(), "desk", "http://evil.example");
    assert_eq!(refused(upgrade.instead("cookie", "nonsense")).await.0, 403);
}

/// P-11: one subprotocol, no extension.
#[tokio::test]
async fn a_socket_uses_muster_v1_without_compression() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let no_socket = (400, "no_socket".to_owned());
    assert_eq!(refused(desk.upgrade().without("sec-websocket-protocol")).await, no_socket);
    for other in ["muster.v2", "MUSTER.V1", "chat"] {
        let upgrade = desk.upgrade().instead("sec-websocket-protocol", other);
        assert_eq!(refused(upgrade).await, no_socket, "{other}");
    }
    let both = desk
        .upgrade()
        .instead("sec-websocket-protocol", "muster.v9, muster.v1")
        .instead("sec-websocket-extensions", "permessage-deflate; client_max_window_bits");
    let mut socket = both.open().await.unwrap();
    assert_eq!(socket.headers.get("sec-websocket-protocol").unwrap(), SUBPROTOCOL);
    assert!(!socket.headers.contains_key("sec-websocket-extensions"));
    socket.hello().await;
    let plain = desk.get("/ws?face=desk").send().await;
    assert_eq!(plain.error(), no_socket);
}

/// P-12, P-6: no cookie, another face's cookie.
#[tokio::test]
async fn a_client_without_a_login_is_closed_with_a_code() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let mut bare = desk.upgrade().without("cookie").open().await.unwrap();
    assert_eq!(bare.close_code().await, Some(4504));
    let mut wrong_face = desk.upgrade().path("/ws?face=wall").open().await.unwrap();
    assert_eq!(wrong_face.close_code().await, Some(4504));
    let token = desk.cookie.split_once('=').unwrap().1;
    let moved = desk
        .upgrade()
        .path("/ws?face=phone")
        .instead("cookie", &format!("__Host-muster-phone={token}"));
    assert_eq!(moved.open().await.unwrap().close_code().await, Some(4504));
    let faceless = refused(desk.upgrade().path("/ws")).await;
    assert_eq!(faceless, (400, "no_face".to_owned()));
}
