//! Several nodes on one store, with Redis between them and without.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bus::{Bus, Hearing};
use node::wiring::Doorbell;
use proof::{
    cast,
    host::Host,
    nodes::Nodes,
    postgres::{free_port, shared},
    redis::{self, Server},
    socket::Heard,
    soon,
    web::Web,
};
use proto::{
    close::Close,
    frame::{ClientFrame, ServerFrame},
    id::DeviceId,
    limit,
    role::{Audience, Role},
};

/// Two nodes on one store.
async fn two(doorbells: [Doorbell; 2]) -> [Host; 2] {
    let store = Arc::new(journal::Memory::shared());
    let [first, second] = doorbells;
    let host = async |doorbell, seed| {
        let registry = Arc::<journal::Memory>::clone(&store);
        Host::among(Arc::<journal::Memory>::clone(&store), registry, doorbell, seed).await
    };
    [host(first, 1).await, host(second, 2).await]
}

/// Returns the device of the only login of this room and audience.
async fn device(host: &Host, room: proto::id::RoomId, face: Audience) -> DeviceId {
    let logins = host.running.registry().logins(room).await.unwrap();
    logins.iter().find(|login| login.audience == face).expect("it was let in").device
}

/// I-18, F8: within two seconds with Redis.
#[tokio::test]
async fn a_login_revoked_on_one_node_ends_on_every_node() {
    let server = Server::start();
    let buses = [1, 2].map(|node| redis::node(&server.url(), node));
    let hearing = buses.each_ref().map(Bus::hearing);
    let [here, there] = two(buses.map(Doorbell::Given)).await;
    for mut hearing in hearing {
        soon("the nodes to hear each other", hearing.wait_for(|is| *is == Hearing::Well))
            .await
            .unwrap();
    }
    let (room, desk) = here.room(0).await;
    let phone = here.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let (desk, phone) = (desk.moved_to(&there), phone.moved_to(&there));
    let (mut at_desk, mut at_phone) = (desk.welcomed().await, phone.welcomed().await);
    let begun = Instant::now();
    here.running.end_login(device(&here, room, Audience::Phone).await).await.unwrap();
    assert_eq!(at_phone.close_code().await, Some(Close::LoginEnded.code()));
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    let refused = phone.get("/api/me").send().await;
    assert_eq!(refused.status.as_u16(), 401, "its requests are refused too");
    at_desk.say(&desk.sub(None)).await;
    at_desk.frame().await;
}

/// P-32, I-18: from the entry that lowers it on, with notifications or without.
#[tokio::test]
async fn a_role_lowered_on_one_node_is_lowered_on_every_node() {
    let server = Server::start();
    let rung = [1, 2].map(|node| Doorbell::Given(redis::node(&server.url(), node)));
    for doorbells in [rung, [Doorbell::Local, Doorbell::Local]] {
        let [here, there] = two(doorbells).await;
        let (room, lead) = here.room(1).await;
        let worker = here.door.come_in(room, Audience::Desk, &[Role::Bizsup]).await;
        let worker = worker.moved_to(&there);
        let mut socket = worker.following().await;
        lead.does(cast::gives(worker.member, &[Role::Director])).await;
        lead.does(cast::line("not for directors")).await;
        loop {
            match socket.hear().await {
                Heard::Frame(ServerFrame::Beat { .. } | ServerFrame::Presence { .. }) => {}
                Heard::Frame(frame) => panic!("{frame:?}"),
                Heard::Closed(code) => break assert_eq!(code, Some(Close::NotYours.code())),
            }
        }
        let told = worker.get(&worker.rows_path()).send().await.error();
        assert_eq!(told, (403, "not_yours".to_owned()));
    }
}

/// F8: within a minute without Redis; time is paused, and advances when everything waits.
#[tokio::test]
async fn without_redis_a_revoked_login_ends_within_a_minute() {
    let [here, there] = two([Doorbell::Local, Doorbell::Local]).await;
    let (room, desk) = here.room(0).await;
    let desk = desk.moved_to(&there);
    let mut socket = desk.welcomed().await;
    here.running.end_login(device(&here, room, Audience::Desk).await).await.unwrap();
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    // It sends signs of life, as a screen does.
    let cursor = proto::id::Cursor::default();
    let closed = async {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(5), socket.hear()).await;
            match next {
                Ok(proof::socket::Heard::Closed(code)) => return code,
                Ok(proof::socket::Heard::Frame(_)) | Err(_) => {
                    socket.say(&proto::frame::ClientFrame::Pong { cursor }).await;
                }
            }
        }
    };
    assert_eq!(soon("its end", closed).await, Some(Close::LoginEnded.code()));
    assert!(begun.elapsed() <= Duration::from_secs(60), "{:?}", begun.elapsed());
    assert!(Duration::from_millis(limit::LOGINS_LOOK_MS) < Duration::from_mins(1));
}

/// F7: whichever nodes and networks the attempts come from.
#[tokio::test]
async fn wrong_door_codes_are_counted_across_all_nodes() {
    let [here, there] = two([Doorbell::Local, Doorbell::Local]).await;
    let asks = async |host: &Host| {
        let asked = serde_json::json!({
            "code": "AAAAAAAA", "name": "Guesser", "organisation": null, "job": null,
            "mobile": null, "wishes": [], "face": "phone",
        });
        let ask = host.door.web.post("/api/door/ask").with("origin", &host.door.origin);
        ask.json(&asked).send().await.status.as_u16()
    };
    assert_eq!((asks(&here).await, asks(&there).await), (404, 404));
    let registry = here.running.registry();
    let counted = || registry.count("wrong door codes", here.clock.now(), 1);
    while counted().await.unwrap().times < limit::DOOR_GUESSES_PER_HOUR {}
    assert_eq!((asks(&here).await, asks(&there).await), (429, 429));
    for host in [&here, &there] {
        host.clock.forward_ms(60 * 60 * 1000);
        assert_eq!(asks(host).await, 404, "an hour later attempts are allowed again");
    }
}

/// P-101, P-103: over Redis, by ids alone.
#[tokio::test]
async fn a_desk_sees_the_presence_on_other_nodes() {
    let server = Server::start();
    let buses = [1, 2].map(|node| redis::node(&server.url(), node));
    let [here, there] = two(buses.map(Doorbell::Given)).await;
    let (room, desk) = here.room(1).await;
    let phone = here.door.come_in(room, Audience::Phone, &[Role::NamedSw]).await.moved_to(&there);
    let mut at_desk = desk.following().await;
    let mut at_phone = phone.welcomed().await;
    while at_desk.presence().await.len() < 2 {}
    let looks = ClientFrame::Look { room, person: Some(cast::person(0)) };
    at_phone.say(&looks).await;
    while at_desk.presence().await.iter().all(|one| one.looking != [cast::person(0)]) {}
    drop(at_phone);
    while at_desk.presence().await.len() > 1 {}
}

/// I-30: nothing breaks, and each node reports it to its operator.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_with_another_bus_key_is_reported_by_all() {
    let (url, server) = (shared().database().await, Server::start());
    let mut nodes = Nodes::on(2, &url, &[("MUSTER_REDIS", server.url())]);
    let mut figures = Vec::new();
    for (node, key) in
        nodes.0.iter_mut().zip([redis::KEY, "a key that one node alone has, by mistake"])
    {
        let addr = SocketAddr::from(([127, 0, 0, 1], free_port()));
        node.say([("MUSTER_BUS_KEY", key.to_owned()), ("MUSTER_METRICS", addr.to_string())]);
        figures.push(Web::new(addr));
    }
    let nodes = nodes.started().await;
    for (node, figures) in nodes.0.iter().zip(&figures) {
        let forged = r#"muster_doorbell_dropped_total{reason="forged"}"#;
        figures.figure_until(forged, |count| count > 2.0).await;
        let is = figures.figure("muster_doorbell_hearing").await;
        assert!(is > 0.5, "Redis is well, and so this figure says nothing of it: {is}");
        let told = node.log().matches("not signed with this node's bus_key").count();
        assert_eq!(told, 1, "once a minute at most: {}", node.log());
    }
}
