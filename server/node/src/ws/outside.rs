//! What ends a socket from outside: the end of its login, or of its node.

use proto::{close::Close, id::DeviceId};
use tokio::sync::broadcast::{self, error::RecvError};

use super::{end::End, live::Pass};
use crate::{node::Node, stop::Stopping};

/// Hears of the end for one socket.
#[derive(Debug)]
pub(super) struct Outside<'a> {
    node: &'a Node,
    pass: Pass,
    endings: broadcast::Receiver<DeviceId>,
    stopping: Stopping,
}

impl<'a> Outside<'a> {
    /// Hears of every end from here on.
    pub(super) fn new(node: &'a Node, pass: Pass) -> Self {
        Self { node, pass, endings: node.door.endings(), stopping: node.stop.listen() }
    }

    /// Waits for the end. Made once for a socket and kept, so that a delivery does not join and leave the
    /// queues of those who wait here.
    pub(super) async fn end(mut self) -> End {
        loop {
            let device = tokio::select! {
                device = self.endings.recv() => device,
                _ = self.stopping.wait() => return End::Stopping,
            };
            let done = match device {
                Ok(device) if device != self.pass.device => Ok(()),
                Ok(_) => Err(End::Close(Close::LoginEnded)),
                Err(RecvError::Lagged(_) | RecvError::Closed) => {
                    Box::pin(ask_login(self.node, &self.pass)).await
                }
            };
            if let Err(end) = done {
                return end;
            }
        }
    }
}

/// Looks up whether the login stands.
pub(super) async fn ask_login(node: &Node, pass: &Pass) -> Result<(), End> {
    match node.door.login(pass.token_hash).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(End::Close(Close::LoginEnded)),
        Err(error) => {
            // The right was proved when the socket was opened; it is asked again soon.
            tracing::warn!(%error, device = %pass.device, "a login could not be looked up");
            Ok(())
        }
    }
}
