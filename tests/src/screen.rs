//! A screen: it holds rows and a cursor, and accepts a frame only when it follows the cursor.

use proto::{
    frame::{ClientFrame, Mode, ServerFrame},
    id::{Cursor, Seq},
    key::Key,
    row::Row,
};

use crate::{
    device::Device,
    fold::{Rows, kept},
    socket::{Heard, Socket},
    soon,
};

/// One audience's screen, which follows the rules of the protocol alone.
#[derive(Debug)]
pub struct Screen {
    pub device: Device,
    pub rows: Rows,
    pub cursor: Cursor,
    /// The room's mode, from the last beat.
    pub mode: Option<Mode>,
    /// Snapshots fetched: the first one, and one for each resync.
    pub snapshots: u32,
    /// Every cursor that this screen ever had.
    pub seen: Vec<Cursor>,
    /// The node's release, as last received.
    build: Option<String>,
    socket: Option<Socket>,
}

/// The connection is lost; the screen keeps its rows and reconnects with its cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone(pub Option<u16>);

impl Screen {
    /// Returns a screen that has seen nothing.
    pub fn blank(device: Device) -> Self {
        let (rows, cursor) = (Rows::new(), Cursor::default());
        Self {
            device,
            rows,
            cursor,
            mode: None,
            snapshots: 0,
            seen: Vec::new(),
            build: None,
            socket: None,
        }
    }

    /// Returns a screen that follows its room.
    pub async fn live(device: Device) -> Self {
        let mut screen = Self::blank(device);
        screen.come().await.unwrap();
        screen
    }

    pub const fn is_connected(&self) -> bool {
        self.socket.is_some()
    }

    /// Drops the connection abruptly.
    pub fn drop_line(&mut self) {
        self.socket = None;
    }

    /// Connects and subscribes from its cursor; reloads when the node has another release, as a
    /// page does.
    pub async fn come(&mut self) -> Result<(), Gone> {
        self.socket = None;
        let mut socket = self.device.upgrade().open().await.map_err(|_| Gone(None))?;
        socket.say(&ClientFrame::Hello { v: proto::frame::VERSION }).await;
        match socket.hear().await {
            Heard::Frame(ServerFrame::Welcome { build, .. }) => {
                let known = self.build.replace(build);
                if known.is_some() && known != self.build {
                    (self.rows, self.cursor) = (Rows::new(), Cursor::default());
                }
            }
            Heard::Frame(ServerFrame::Bye { .. }) => return Err(Gone(None)),
            Heard::Frame(other) => panic!("no welcome but {other:?}"),
            Heard::Closed(code) => return Err(Gone(code)),
        }
        let at = Some(self.cursor).filter(|at| at.seq > Seq(0));
        socket.say(&self.device.sub(at)).await;
        self.socket = Some(socket);
        Ok(())
    }

    /// Processes one frame.
    pub async fn step(&mut self) -> Result<(), Gone> {
        let heard = self.hear().await;
        self.take_in(heard).await
    }

    /// Waits for the next message. Cancel safe.
    pub async fn hear(&mut self) -> Heard {
        match &mut self.socket {
            Some(socket) => socket.hear().await,
            None => Heard::Closed(None),
        }
    }

    /// Processes a message.
    pub async fn take_in(&mut self, heard: Heard) -> Result<(), Gone> {
        match heard {
            Heard::Frame(frame) => self.take(frame).await,
            Heard::Closed(code) => {
                self.socket = None;
                Err(Gone(code))
            }
        }
    }

    async fn take(&mut self, frame: ServerFrame) -> Result<(), Gone> {
        match frame {
            ServerFrame::Rows(rows) => {
                let whose = (rows.room, rows.audience);
                assert_eq!(whose, (self.device.room, self.device.face), "another room's rows");
                assert_eq!(rows.from, self.cursor.seq, "a frame that does not follow the cursor");
                assert!(rows.to > rows.from, "a frame that goes nowhere");
                self.rows.extend(kept(rows.put));
                for key in &rows.del {
                    self.rows.remove(key);
                }
                self.stand_at(Cursor { seq: rows.to, tag: rows.tag });
                Ok(())
            }
            ServerFrame::Resync { .. } => self.fetch().await,
            ServerFrame::Beat { seq, tag, mode, .. } => {
                self.mode = Some(mode);
                let agrees = seq != self.cursor.seq || tag == self.cursor.tag;
                assert!(agrees, "one number, two histories");
                let cursor = self.cursor;
                if let Some(socket) = &mut self.socket {
                    socket.say(&ClientFrame::Pong { cursor }).await;
                }
                Ok(())
            }
            ServerFrame::Welcome { .. } | ServerFrame::Presence { .. } => Ok(()),
            ServerFrame::Bye { .. } => Ok(()),
        }
    }

    /// Fetches a snapshot and subscribes from it.
    async fn fetch(&mut self) -> Result<(), Gone> {
        let asked = self.device.get(&self.device.rows_path()).try_send().await;
        let answer = asked.map_err(|_| Gone(None))?;
        if !answer.status.is_success() {
            self.socket = None;
            return Err(Gone(None));
        }
        let rows: proto::frame::Rows = answer.read();
        assert_eq!((rows.from, rows.del.len()), (Seq(0), 0), "a snapshot begins with nothing");
        self.rows = kept(rows.put);
        self.snapshots += 1;
        self.stand_at(Cursor { seq: rows.to, tag: rows.tag });
        let sub = self.device.sub(Some(self.cursor));
        if let Some(socket) = &mut self.socket {
            socket.say(&sub).await;
        }
        Ok(())
    }

    fn stand_at(&mut self, cursor: Cursor) {
        self.cursor = cursor;
        self.seen.push(cursor);
    }

    /// Waits until the screen has reached an entry, reconnecting whenever the connection is lost.
    pub async fn reach(&mut self, seq: Seq) {
        let reached = async {
            while self.cursor.seq < seq {
                if self.step().await.is_err() {
                    self.come().await.unwrap();
                }
            }
        };
        // Beats alone would keep it waiting for ever.
        soon("where the room is", reached).await;
    }

    /// Returns a row.
    pub fn row(&self, key: Key) -> Option<&Row> {
        self.rows.get(&key)
    }
}
