//! Invite links and the logins that they create.

use node::operator::InviteRequest;
use proof::{device::Door, host::Host};
use proto::{
    http::Me,
    limit,
    role::{Audience, Role},
};

const HOUR_MS: i64 = 60 * 60 * 1000;

/// P-1: the secret is in the fragment and in a body, never in a path or query.
#[tokio::test]
async fn a_link_lets_a_device_in_and_says_who_it_is() {
    let host = Host::start().await;
    let room = host.door.open_room(0).await;
    let asked = Door::asks_for(room, Audience::Phone, &[Role::NamedSw]);
    let made = host.door.operator.invite(&asked).await.unwrap();
    let (page, secret) = made.link.split_once('#').unwrap();
    assert_eq!(page, format!("{}/join", host.door.origin));
    assert_eq!(secret.len(), 43, "256 bits");
    let answer = host.door.redeem(secret).send().await;
    let me: Me = answer.read();
    assert_eq!((me.room, me.audience, me.member), (room, Audience::Phone, Some(made.member)));
    assert_eq!(me.name.unwrap(), asked.name);
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// P-1: a wall screen is not a member and has no name.
#[tokio::test]
async fn a_wall_screen_is_not_a_member() {
    let host = Host::start().await;
    let room = host.door.open_room(0).await;
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    let me: Me = wall.get("/api/me").send().await.read();
    assert_eq!((me.member, me.name.is_none(), me.label.is_some()), (None, true, true));
}

/// P-2: the reasons are distinguished, and no cookie is set.
#[tokio::test]
async fn unknown_expired_and_used_links_let_nobody_in() {
    let host = Host::start().await;
    let room = host.door.open_room(0).await;
    let asked = Door::asks_for(room, Audience::Desk, &[Role::Lead]);
    let used = host.door.invite(&asked).await;
    host.door.let_in(&used).await;
    let late = host.door.invite(&InviteRequest { hours: Some(1), ..asked }).await;
    host.clock.forward_ms(HOUR_MS);
    for (secret, told) in [
        ("A".repeat(43), (404, "no_invite")),
        ("short".to_owned(), (404, "no_invite")),
        (String::new(), (404, "no_invite")),
        (late.secret, (410, "invite_expired")),
        (used.secret, (410, "invite_used")),
    ] {
        let answer = host.door.redeem(&secret).send().await;
        let (status, code) = answer.error();
        assert_eq!((status, code.as_str()), told, "{secret}");
        assert!(!answer.headers.contains_key("set-cookie"));
    }
}

/// P-3, P-4: a hundred clients redeem one link at the same moment, each from its own address.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_redeemed_a_hundred_times_at_once_lets_one_in() {
    let host = Host::proxied("https://muster.example").await;
    let room = host.door.open_room(0).await;
    let invite = host.door.invite(&Door::asks_for(room, Audience::Desk, &[Role::Lead])).await;
    let tries: Vec<_> = (0..100)
        .map(|n| {
            let from = format!("198.51.100.{n}");
            tokio::spawn(host.door.redeem(&invite.secret).with("x-forwarded-for", &from).send())
        })
        .collect();
    let mut told = std::collections::BTreeMap::new();
    for one in tries {
        *told.entry(one.await.unwrap().status.as_u16()).or_insert(0) += 1;
    }
    assert_eq!(told.into_iter().collect::<Vec<_>>(), [(200, 1), (410, 99)]);
}

/// P-4: attempts are counted by address, which a client cannot choose without a proxy.
#[tokio::test]
async fn one_address_cannot_guess_for_long() {
    let host = Host::start().await;
    let mut told = Vec::new();
    let room = host.door.open_room(0).await;
    let wall = InviteRequest { many: true, ..Door::asks_for(room, Audience::Wall, &[]) };
    let invite = host.door.invite(&wall).await;
    for _ in 0..=limit::REDEEM_PER_MINUTE {
        host.door.let_in(&invite).await;
    }
    for n in 0..=limit::REDEEM_PER_MINUTE {
        let guess = host.door.redeem(&"A".repeat(43));
        told.push(guess.with("x-forwarded-for", &format!("198.51.100.{n}")).send().await);
    }
    let last = told.pop().unwrap();
    assert!(told.iter().all(|answer| answer.error().1 == "no_invite"));
    assert_eq!(last.error(), (429, "too_many".to_owned()));
    assert_eq!(host.door.redeem(&invite.secret).send().await.error().0, 429, "a right one too");
    assert!((1..=60).contains(&last.header("retry-after").parse::<u64>().unwrap()));
}

/// P-5: hidden from scripts and other sites, one per face.
#[tokio::test]
async fn each_face_has_a_cookie_of_its_own() {
    let host = Host::start().await;
    let room = host.door.open_room(0).await;
    let mut values = std::collections::BTreeSet::new();
    for face in Audience::ALL {
        let roles: &[Role] = if face == Audience::Wall { &[] } else { &[Role::Lead] };
        let invite = host.door.invite(&Door::asks_for(room, face, roles)).await;
        let answer = host.door.redeem(&invite.secret).send().await;
        let mut parts = answer.header("set-cookie").split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        assert_eq!(name, format!("__Host-muster-{}", face.word()));
        assert_eq!(value.len(), 43);
        assert!(values.insert(value.to_owned()));
        let attributes: Vec<&str> = parts.collect();
        for wanted in ["Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
            assert!(attributes.contains(&wanted), "{attributes:?}");
        }
        assert!(!attributes.iter().any(|attribute| attribute.starts_with("Domain")));
    }
}

/// P-9: a day after its last use; each use extends it.
#[tokio::test]
async fn a_login_expires_a_day_after_its_last_use() {
    let host = Host::start().await;
    let (_, desk) = host.room(0).await;
    for _ in 0..3 {
        host.clock.forward_ms(23 * HOUR_MS);
        assert_eq!(desk.get("/api/me").send().await.status.as_u16(), 200);
    }
    host.clock.forward_ms(limit::LOGIN_HOURS * HOUR_MS);
    assert_eq!(desk.get("/api/me").send().await.error(), (401, "no_login".to_owned()));
}
