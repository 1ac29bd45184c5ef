//! Authentication: the face, its cookie, and the page that sends the request.

use proof::{cast, device::Device, host::Host, web::Ask};
use proto::{
    http::Me,
    id::Seq,
    role::{Audience, Role},
};

fn told(answer: &proof::web::Answer) -> (u16, String) {
    answer.error()
}

/// Returns a request with only this cookie.
fn bare(device: &Device, face: &str, cookie: &str) -> Ask {
    device.web.get("/api/me").with("x-muster-face", face).with("cookie", cookie)
}

/// P-6: a request names its face, and only that face's cookie counts.
#[tokio::test]
async fn a_request_without_a_face_gets_no_data() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    let nobody = (400, "no_face".to_owned());
    for face in ["", "Desk", "door", "desk,wall"] {
        assert_eq!(told(&desk.get("/api/me").instead("x-muster-face", face).send().await), nobody);
    }
    let without = desk.get("/api/me").without("x-muster-face");
    assert_eq!(told(&without.send().await), nobody);
    let by_address = desk.get("/api/me?face=desk").without("x-muster-face");
    assert_eq!(by_address.send().await.status.as_u16(), 200);
}

/// P-6: an altered cookie, another face's cookie under this face's name, and no cookie get the same response.
#[tokio::test]
async fn an_altered_or_moved_cookie_is_not_a_login() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    let (desk_token, wall_token) =
        (desk.cookie.split_once('=').unwrap().1, wall.cookie.split_once('=').unwrap().1);
    let altered =
        format!("{}{}", &desk_token[..42], if desk_token.ends_with('A') { 'E' } else { 'A' });
    let mut answers = Vec::new();
    for cookie in [
        String::new(),
        "__Host-muster-desk=".to_owned(),
        format!("__Host-muster-desk={altered}"),
        format!("__Host-muster-desk={}", &desk_token[1..]),
        format!("__Host-muster-desk={wall_token}"),
        format!("__Host-muster-wall={desk_token}"),
        format!("muster-desk={desk_token}"),
    ] {
        let answer = bare(&desk, "desk", &cookie).send().await;
        assert_eq!(told(&answer), (401, "no_login".to_owned()), "{cookie}");
        answers.push(answer.body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "nobody can tell them apart");
    let both = format!("__Host-muster-wall={wall_token}; {}", desk.cookie);
    let me: Me = bare(&desk, "desk", &both).send().await.read();
    assert_eq!(me.audience, Audience::Desk);
    let me: Me = bare(&desk, "wall", &both).send().await.read();
    assert_eq!(me.audience, Audience::Wall);
}

/// P-7: requests that another site's page can send change nothing.
#[tokio::test]
async fn a_page_of_another_site_changes_nothing() {
    let host = Host::start().await;
    let (room, desk) = host.room(0).await;
    let head = desk.snapshot().await.to;
    let send = || desk.sends(&[cast::asks(cast::line("from elsewhere"))]);
    let foreign = (403, "foreign_origin".to_owned());
    for origin in ["null", "http://evil.example", &format!("{}/", desk.origin), "http://127.0.0.1"]
    {
        assert_eq!(told(&send().instead("origin", origin).send().await), foreign, "{origin}");
    }
    for site in ["cross-site", "same-site", "Same-Origin"] {
        assert_eq!(told(&send().with("sec-fetch-site", site).send().await), foreign, "{site}");
    }
    let faceless = send().without("x-muster-face").send().await;
    assert_eq!(told(&faceless), (400, "no_face".to_owned()));
    let logout = desk.post("/api/logout").instead("origin", "http://evil.example");
    assert_eq!(told(&logout.send().await), foreign);
    let invite = host.door.invite(&proof::device::Door::asks_for(room, Audience::Wall, &[])).await;
    let redeem = host.door.redeem(&invite.secret);
    assert_eq!(
        told(&redeem.clone().instead("origin", "http://evil.example").send().await),
        foreign
    );
    assert_eq!(desk.snapshot().await.to, head);
    for near in ["same-origin", "none"] {
        assert!(send().with("sec-fetch-site", near).send().await.status.is_success());
    }
    assert!(redeem.send().await.status.is_success(), "the link was not used up");
}

/// P-7: no GET changes a room.
#[tokio::test]
async fn a_get_changes_nothing() {
    let host = Host::start().await;
    let (_, desk) = host.room(1).await;
    let head = desk.snapshot().await.to;
    let room = format!("/api/rooms/{}", desk.room);
    for path in [
        "/api/me".to_owned(),
        "/api/logout".to_owned(),
        "/api/invites/redeem".to_owned(),
        format!("{room}/commands"),
        format!("{room}/log?before=9"),
        format!("{room}/people/{}", cast::person(0)),
        "/api/operator/open".to_owned(),
    ] {
        desk.get(&path).send().await;
    }
    assert_eq!(desk.snapshot().await.to, head);
    assert!(head > Seq(0));
}

/// P-8: logout ends the login, the cookie and every socket.
#[tokio::test]
async fn logout_takes_effect_at_once() {
    let host = Host::start().await;
    let (room, lead) = host.room(0).await;
    let phone = host.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let (mut first, mut second) = (phone.welcomed().await, phone.welcomed().await);
    let mut other = lead.welcomed().await;
    let left = phone.post("/api/logout").send().await;
    assert_eq!((left.status.as_u16(), left.body.len()), (204, 0));
    assert_eq!(left.header("clear-site-data"), "\"cache\"");
    let taken = left.header("set-cookie");
    assert!(taken.starts_with("__Host-muster-phone=;") && taken.ends_with("Max-Age=0"), "{taken}");
    assert_eq!(first.close_code().await, Some(4504));
    assert_eq!(second.close_code().await, Some(4504));
    assert_eq!(told(&phone.get("/api/me").send().await), (401, "no_login".to_owned()));
    other.hello().await;
}
