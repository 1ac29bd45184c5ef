//! The ids of traces and spans. An id that another node refers to is derived from what every node knows.

use opentelemetry::trace::{SpanId, TraceId};
use proto::id::CommandId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Returns the id of a command's trace: the command's own id.
pub(super) fn trace(command: CommandId) -> TraceId {
    TraceId::from_bytes(command.0.into_bytes())
}

/// Returns the id of the root span of a command's trace, the same on every node.
pub(super) fn root(command: CommandId) -> SpanId {
    derived(&[command.0.as_bytes(), b"command"])
}

/// Returns the id of a span that occurs once per node, or once per node and audience.
pub(super) fn once(command: CommandId, node: Uuid, name: &str) -> SpanId {
    derived(&[command.0.as_bytes(), node.as_bytes(), name.as_bytes()])
}

/// Returns the id of a span that may repeat on a node, when a command is retried or decided again.
pub(super) fn each(command: CommandId, node: Uuid, name: &str, nth: u64) -> SpanId {
    derived(&[command.0.as_bytes(), node.as_bytes(), name.as_bytes(), &nth.to_be_bytes()])
}

fn derived(parts: &[&[u8]]) -> SpanId {
    let mut digest = Sha256::new();
    for part in parts {
        let bytes = u64::try_from(part.len()).unwrap_or(u64::MAX);
        digest.update(bytes.to_be_bytes());
        digest.update(part);
    }
    let mut id = [0; 8];
    id.iter_mut().zip(digest.finalize()).for_each(|(byte, digest)| *byte = digest);
    // Zero means that there is no span.
    if id == [0; 8] { SpanId::from_bytes([1; 8]) } else { SpanId::from_bytes(id) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn command(n: u128) -> CommandId {
        CommandId(Uuid::from_u128(n))
    }

    #[test]
    fn the_trace_id_is_the_command_id() {
        let id: CommandId = "0195c0de-0000-7000-8000-00000000beef".parse().unwrap();
        assert_eq!(trace(id).to_string(), "0195c0de00007000800000000000beef");
    }

    /// Two nodes that never communicate agree on the root span, and on nothing else.
    #[test]
    fn span_ids_are_unique_and_the_root_id_is_the_same_on_all_nodes() {
        let nodes = [1, 2].map(Uuid::from_u128);
        let mut ids = BTreeSet::new();
        let mut count = 0;
        for n in 1..100 {
            let mut all = vec![root(command(n))];
            for node in nodes {
                all.extend(
                    ["tell", "deliver wall", "deliver desk"]
                        .map(|name| once(command(n), node, name)),
                );
                all.extend((0..3).map(|nth| each(command(n), node, "wait", nth)));
            }
            count += all.len();
            ids.extend(all.into_iter().map(SpanId::to_bytes));
        }
        assert_eq!(ids.len(), count);
        assert_eq!(root(command(7)), root(command(7)));
    }
}
