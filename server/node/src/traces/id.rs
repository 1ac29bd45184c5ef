//! The ids of traces and spans. What another node refers to is derived from what every node knows.

use opentelemetry::trace::{SpanId, TraceId};
use proto::id::CommandId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Returns the id of a command's trace, which is the command's own.
pub(super) fn trace(command: CommandId) -> TraceId {
    TraceId::from_bytes(command.0.into_bytes())
}

/// Returns the id of the span that a command's trace begins with, the same on every node.
pub(super) fn root(command: CommandId) -> SpanId {
    derived(&[command.0.as_bytes(), b"command"])
}

/// Returns the id of a span that happens once on each node, and once for each audience if it is about one.
pub(super) fn once(command: CommandId, node: Uuid, name: &str) -> SpanId {
    derived(&[command.0.as_bytes(), node.as_bytes(), name.as_bytes()])
}

/// Returns the id of a span that may happen again on the same node, when a command is sent twice or decided anew.
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
    // Nought means that there is no span.
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
    fn a_trace_is_called_what_its_command_is() {
        let id: CommandId = "0195c0de-0000-7000-8000-00000000beef".parse().unwrap();
        assert_eq!(trace(id).to_string(), "0195c0de00007000800000000000beef");
    }

    /// Two nodes that never spoke agree on where a trace begins, and on nothing else.
    #[test]
    fn every_span_has_an_id_of_its_own_and_the_root_one_that_all_nodes_know() {
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
