//! A node at its limit of open files (E22): it keeps its connections, and accepts others when there
//! is room.

use proof::{cast, child::Node, soon};
use proto::{
    frame::{ClientFrame, ServerFrame},
    id::Cursor,
    role::{Audience, Role},
};
use tokio::net::TcpStream;

/// The node's limit of open files.
const FILES: usize = 128;

/// E22: idle connections use up every file descriptor.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_out_of_file_descriptors_keeps_its_connections_and_recovers() {
    let mut node = Node::new();
    node.after(&format!("ulimit -n {FILES}"));
    node.start().await;
    let room = node.door().open_room(1).await;
    let desk = node.door().come_in(room, Audience::Desk, &[Role::Lead]).await;
    let mut socket = desk.following().await;
    let mut flood = Vec::new();
    for _ in 0..2 * FILES {
        flood.push(TcpStream::connect(node.addr()).await.unwrap());
    }
    let refused = || node.log().contains("Too many open files");
    soon("the node to run out of files", async {
        while !refused() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
    let mut beats = 0;
    while beats < 2 {
        if let ServerFrame::Beat { seq, tag, .. } = socket.frame().await {
            socket.say(&ClientFrame::Pong { cursor: Cursor { seq, tag } }).await;
            beats += 1;
        }
    }
    drop(flood);
    let seq = desk.does(cast::line("there is room again")).await;
    while !matches!(socket.news().await, ServerFrame::Rows(rows) if rows.to >= seq) {}
    assert!(desk.snapshot().await.to >= seq);
}
