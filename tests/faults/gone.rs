//! A database that is gone, as seen by people who load their page meanwhile (E12).

use proof::{cast, device::Device, nodes::Nodes, postgres::Server};
use proto::{
    frame::Mode,
    http::Me,
    id::Seq,
    outcome::Fate,
    role::{Audience, Role},
};

use crate::full::hears;

/// Reloads a screen: its login is accepted, it shows everything, follows the room, and is
/// read-only.
async fn loads_again(face: &Device, last: Seq) {
    let known = face.get("/api/me").send().await;
    assert_eq!(known.status.as_u16(), 200, "{known:?}");
    assert_eq!(known.read::<Me>().room, face.room);
    assert!(face.snapshot().await.to >= last);
    let mut socket = face.following().await;
    hears(&mut socket, Mode::ReadOnly).await;
}

/// P-9, P-34, I-22: a known login is shown the room again, read-only; nothing is written, no other
/// login is accepted, and everything continues when the database is back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_login_can_reload_the_room_while_the_database_is_gone() {
    let mut server = Server::start();
    let url = server.database().await;
    let nodes = Nodes::on(1, &url, &[]).started().await;
    let door = nodes.door(0);
    let room = door.open_room(2).await;
    let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    let phone = door.come_in(room, Audience::Phone, &[Role::NamedSw]).await;
    let wall = door.come_in(room, Audience::Wall, &[]).await;
    let late = door.invite(&proof::device::Door::asks_for(room, Audience::Wall, &[])).await;
    let forged = format!("{}={}", wall.cookie.split_once('=').unwrap().0, "A".repeat(43));
    let stranger = Device { cookie: forged, ..wall.clone() };
    assert_eq!(stranger.get("/api/me").send().await.status.as_u16(), 401);
    let last = desk.does(cast::line("before")).await;
    let (mut at_desk, mut at_wall) = (desk.following().await, wall.following().await);
    let on_phone = phone.following().await;
    tokio::task::block_in_place(|| server.kill());
    hears(&mut at_desk, Mode::ReadOnly).await;
    hears(&mut at_wall, Mode::ReadOnly).await;
    drop((at_desk, at_wall, on_phone));
    for face in [&desk, &wall, &phone] {
        loads_again(face, last).await;
    }
    let unwritten = desk.fate(&cast::asks(cast::line("meanwhile"))).await;
    assert!(matches!(unwritten, Fate::Retry { .. }), "{unwritten:?}");
    assert_eq!(
        stranger.get("/api/me").send().await.status.as_u16(),
        503,
        "its login cannot be checked"
    );
    assert_eq!(door.redeem(&late.secret).send().await.status.as_u16(), 503);
    tokio::task::block_in_place(|| server.run());
    let mut back = desk.following().await;
    hears(&mut back, Mode::Live).await;
    assert!(desk.does(cast::line("after")).await > last);
    assert_eq!(stranger.get("/api/me").send().await.status.as_u16(), 401);
}
