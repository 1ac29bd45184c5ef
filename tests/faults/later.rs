//! A room in which a node of a later release has written an entry that this release cannot read.

use std::net::SocketAddr;

use journal::{Journal, Postgres};
use proof::{
    cast, fold,
    nodes::Nodes,
    postgres::{free_port, shared},
    web::Web,
};
use proto::{
    http::ErrorAnswer,
    role::{Audience, Role},
};

use crate::{cut::address, history::History};

/// P-72, I-4, I-36: such a room is neither shown nor written here, and its screens are asked to
/// reconnect, so that they may find the later release; the node stays up, the metrics report it,
/// and every other room continues.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_written_by_a_later_release_is_not_served_and_others_are() {
    let url = shared().database().await;
    let figures = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let nodes = Nodes::on(1, &url, &[("MUSTER_METRICS", figures.to_string())]).started().await;
    let figures = Web::new(figures);
    let door = nodes.door(0);
    let (room, other) = (door.open_room(1).await, door.open_room(1).await);
    let desk = door.come_in(room, Audience::Desk, &[Role::Lead]).await;
    let elsewhere = door.come_in(other, Audience::Desk, &[Role::Lead]).await;
    let (mut socket, mut following) = (desk.following().await, elsewhere.following().await);
    let store = Postgres::open(address(&url)).await.unwrap();
    let last = fold::entries(&store, room).await.pop();
    let later = History::after(room, last.as_ref()).write(1, "a kind of event to come");
    assert!(figures.figure("muster_rooms_unread").await < 0.5);
    let head = store.append(later).await.unwrap();
    let code = socket.close_code().await.expect("a reason");
    assert!((4_000..4_500).contains(&code), "{code} does not bring a screen back");
    for ask in [desk.get(&desk.rows_path()), desk.sends(&[cast::asks(cast::line("not here"))])] {
        let answer = ask.send().await;
        assert_eq!(answer.status.as_u16(), 503, "{answer:?}");
        assert!(!answer.read::<ErrorAnswer>().words.is_empty());
    }
    assert_eq!(store.head(room).await.unwrap(), Some(head), "nothing is written after it");
    let seq = elsewhere.does(cast::line("goes on")).await;
    while !matches!(following.news().await, proto::frame::ServerFrame::Rows(rows) if rows.to >= seq)
    {
    }
    assert!(elsewhere.web.get("/ready").send().await.status.is_success());

    // The metrics report it until the room can be read again: here as after a restore.
    figures.figure_until("muster_rooms_unread", |rooms| (rooms - 1.0).abs() < 0.5).await;
    let client = shared().client(&url).await;
    let (id, seq) = (room.0, i64::try_from(head.seq.0).unwrap());
    let undone = format!(
        "DELETE FROM entries WHERE room = '{id}' AND seq = {seq};
         UPDATE heads SET seq = {seq} - 1, chain =
             (SELECT chain FROM entries WHERE room = '{id}' AND seq = {seq} - 1) WHERE room = '{id}'"
    );
    client.batch_execute(&undone).await.unwrap();
    desk.snapshot().await;
    figures.figure_until("muster_rooms_unread", |rooms| rooms < 0.5).await;
}
