//! A node that cannot read its database does not know what other nodes acknowledged (I-22).

use std::sync::Arc;

use bus::Bus;
use hub::{Author, Error, Hub, Join};
use journal::{Journal, Memory};
use proof::{cast, clock::HandClock, faulty::Faulty, soon};
use proto::{
    command::Command,
    frame::Why,
    id::{Cursor, RoomId, Seq},
    incident,
    member::Actor,
    outcome::Fate,
    role::Audience,
};
use uuid::Uuid;

const ROOM: RoomId = RoomId(Uuid::from_u128(5));
const IMPORTER: Author = Author { actor: Actor::Importer, ceiling: None, device: None };

async fn does(hub: &Hub, command: Command) -> Seq {
    let told = hub.submit(ROOM, IMPORTER, vec![cast::asks(command)]).await.unwrap();
    let Fate::Ok { seq } = told[0].fate else { panic!("{told:?}") };
    seq
}

/// I-22, P-59: somebody to whom one node acknowledged an entry is not shown the room without it by
/// a node that cannot read it, is not sent back to an older state as if theirs were wrong, and is
/// shown it as soon as it can be read. Somebody who knows of nothing newer is shown the present
/// state.
#[tokio::test]
async fn a_node_that_cannot_read_never_shows_less_than_was_acknowledged() {
    let memory = Arc::new(Memory::shared());
    let far = Arc::new(Faulty::new(Arc::clone(&memory)));
    // No bus between them: the other's writes are found by polling the journal alone.
    let near = Hub::new(memory as Arc<dyn Journal>, Bus::local(), Arc::new(HandClock::new(1)));
    let journal = Arc::clone(&far) as Arc<dyn Journal>;
    let other = Hub::new(journal, Bus::local(), Arc::new(HandClock::new(2)));
    let known =
        does(&near, Command::from(incident::Plan::Open { incident: cast::incident() })).await;
    assert_eq!(other.snapshot(ROOM, Audience::Desk, None).await.unwrap().cursor.seq, known);
    far.is_unreadable(true);
    let told = does(&near, cast::register(1)).await;
    let at = near.snapshot(ROOM, Audience::Desk, Some(told)).await.unwrap().cursor;
    assert_eq!(at.seq, told);
    let shown = other.snapshot(ROOM, Audience::Desk, Some(told)).await;
    assert!(matches!(shown, Err(Error::Busy)), "I-22: {shown:?} after {told}");
    let joined = other.join(ROOM, Audience::Desk, Some(at)).await;
    assert!(matches!(joined, Err(Error::Busy)), "I-22: {joined:?} at {told}");
    let shown = other.snapshot(ROOM, Audience::Desk, Some(known)).await.unwrap();
    assert_eq!(shown.cursor.seq, known, "an entry known everywhere is shown");
    far.is_unreadable(false);
    let shown = soon("the rows", other.snapshot(ROOM, Audience::Desk, Some(told))).await.unwrap();
    assert_eq!(shown.cursor, at);
    assert!(matches!(
        other.join(ROOM, Audience::Desk, Some(at)).await.unwrap(),
        Join::Following(_)
    ));
    let beyond = Cursor { seq: told.next(), tag: at.tag };
    assert!(
        matches!(
            other.join(ROOM, Audience::Desk, Some(beyond)).await.unwrap(),
            Join::Resync(Why::Ahead)
        ),
        "I-32: the journal has no such entry"
    );
}
