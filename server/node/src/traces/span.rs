//! Builds OpenTelemetry spans from observations of a command on this node.

use std::{borrow::Cow, time::SystemTime};

use hub::{Answered, Delivery, Leg, Sighting};
use opentelemetry::{
    InstrumentationScope, KeyValue,
    trace::{SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceState},
};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};
use proto::{
    id::{CommandId, RoomId, Seq},
    refusal::Code,
    role::Audience,
};
use tokio::time::{Duration, Instant};
use uuid::Uuid;

use super::id;
use crate::clock::world_time;

/// The drift of the system clock after which times are recalibrated.
const DRIFT: Duration = Duration::from_millis(1);

/// Builds the spans of one node.
#[derive(Debug)]
pub(super) struct Maker {
    node: Uuid,
    /// The number of spans made, so that repeated spans get distinct ids.
    made: u64,
    wall: Wall,
    scope: InstrumentationScope,
}

/// One moment on both clocks: the monotonic one that measures steps, and the system clock.
#[derive(Debug, Clone, Copy)]
struct Wall(Instant, SystemTime);

/// A span before it is converted to its wire form.
struct Draft {
    room: RoomId,
    command: CommandId,
    span: SpanId,
    parent: SpanId,
    kind: SpanKind,
    name: Cow<'static, str>,
    began: Instant,
    ended: Instant,
    more: Vec<KeyValue>,
    status: Status,
}

impl Maker {
    pub(super) fn new(node: Uuid) -> Self {
        let scope = InstrumentationScope::builder("muster").build();
        Self { node, made: 0, wall: Wall::here(), scope }
    }

    /// Recalibrates after a change of the system clock.
    pub(super) fn follow_clock(&mut self) {
        let here = Wall::here();
        let told = self.wall.at(here.0);
        let off = here.1.duration_since(told).unwrap_or_else(|error| error.duration());
        if off > DRIFT {
            self.wall = here;
        }
    }

    /// Returns the span of a step.
    pub(super) fn leg(&mut self, sighting: Sighting) -> SpanData {
        let Sighting { room, command, began, ended, leg } = sighting;
        let root = id::root(command);
        let mut draft = Draft {
            room,
            command,
            span: SpanId::INVALID,
            parent: root,
            kind: SpanKind::Internal,
            name: name(&leg).into(),
            began,
            ended,
            more: Vec::new(),
            status: Status::Unset,
        };
        draft.span = match &leg {
            Leg::Answered(Answered { is_first: true, .. }) => root,
            Leg::Told { .. } | Leg::Heard { .. } => id::once(command, self.node, &draft.name),
            Leg::Answered(_)
            | Leg::Waited
            | Leg::Recalled
            | Leg::Decided
            | Leg::Committed { .. } => id::each(command, self.node, &draft.name, self.next()),
        };
        match leg {
            Leg::Answered(answered) => draft.answered(&answered),
            Leg::Waited | Leg::Recalled | Leg::Decided => {}
            Leg::Committed { commands, entries, tried, result } => {
                draft.says("muster.batch.commands", number(commands));
                draft.says("muster.batch.entries", number(entries));
                draft.says("muster.tried", i64::from(tried));
                draft.says("muster.result", result);
                if result != "done" && result != "late" {
                    draft.status = Status::error(result);
                }
            }
            Leg::Told { seq } => draft.says("muster.seq", entry(seq)),
            Leg::Heard { seq, is_rung } => {
                draft.says("muster.seq", entry(seq));
                draft.says("muster.by", if is_rung { "ring" } else { "look" });
            }
        }
        self.finish(draft)
    }

    /// Returns the spans of a completed delivery: one per entry.
    pub(super) fn delivery(&self, delivery: &Delivery, now: Instant) -> Vec<SpanData> {
        let name = format!("deliver {}", delivery.audience.word());
        let told = delivery.read();
        let ended = told.map_or(now, |told| delivery.durable + told.last);
        let within = if delivery.is_heard { HEAR } else { TELL };
        let span = |(command, seq): &(CommandId, Seq)| {
            let mut draft = Draft {
                room: delivery.room,
                command: *command,
                span: id::once(*command, self.node, &name),
                parent: id::once(*command, self.node, within),
                kind: SpanKind::Internal,
                name: name.clone().into(),
                began: delivery.durable,
                ended,
                more: Vec::new(),
                status: Status::Unset,
            };
            draft.says("muster.seq", entry(*seq));
            draft.says("muster.audience", Audience::word(delivery.audience));
            draft.says("muster.followers", number(delivery.followers));
            draft.says("muster.sockets", told.map_or(0, |told| count(told.sockets)));
            if let Some(told) = told {
                draft.says("muster.first_ms", ms(told.first));
                draft.says("muster.last_ms", ms(told.last));
            }
            self.finish(draft)
        };
        delivery.entries.iter().map(span).collect()
    }

    fn next(&mut self) -> u64 {
        self.made = self.made.wrapping_add(1);
        self.made
    }

    fn finish(&self, draft: Draft) -> SpanData {
        let Draft { room, command, span, parent, kind, name, began, ended, more, status } = draft;
        let context = SpanContext::new(
            id::trace(command),
            span,
            TraceFlags::SAMPLED,
            false,
            TraceState::NONE,
        );
        let is_root = span == parent;
        let mut attributes = vec![
            KeyValue::new("muster.room", room.to_string()),
            KeyValue::new("muster.command", command.to_string()),
        ];
        attributes.extend(more);
        SpanData {
            span_context: context,
            parent_span_id: if is_root { SpanId::INVALID } else { parent },
            parent_span_is_remote: false,
            span_kind: kind,
            name,
            start_time: self.wall.at(began),
            end_time: self.wall.at(ended),
            attributes,
            dropped_attributes_count: 0,
            events: SpanEvents::default(),
            links: SpanLinks::default(),
            status,
            instrumentation_scope: self.scope.clone(),
        }
    }
}

impl Draft {
    fn says(&mut self, key: &'static str, value: impl Into<opentelemetry::Value>) {
        self.more.push(KeyValue::new(key, value));
    }

    fn answered(&mut self, answered: &Answered) {
        let Answered { kind, became, code, late_ms, .. } = answered;
        self.kind = SpanKind::Server;
        self.says("muster.kind", String::from(&**kind));
        self.says("muster.fate", became.map_or("unknown", hub::Became::word));
        if let Some(code) = code {
            self.says("muster.code", code.word());
        }
        if let Some(late_ms) = late_ms {
            self.says("muster.waited_on_device_ms", *late_ms);
        }
        if became.is_none() || *code == Some(Code::Fault) {
            self.status = Status::error("");
        }
    }
}

impl Wall {
    fn here() -> Self {
        Self(Instant::now(), world_time())
    }

    /// Converts a moment to system time.
    fn at(self, moment: Instant) -> SystemTime {
        let Self(instant, time) = self;
        let there = match moment.checked_duration_since(instant) {
            Some(after) => time.checked_add(after),
            None => time.checked_sub(instant.saturating_duration_since(moment)),
        };
        there.unwrap_or(time)
    }
}

const TELL: &str = "tell";
const HEAR: &str = "hear";

/// Returns the name of a step's span.
const fn name(leg: &Leg) -> &'static str {
    match leg {
        Leg::Answered(Answered { is_first: true, .. }) => "command",
        Leg::Answered(_) => "command again",
        Leg::Waited => "wait",
        Leg::Recalled => "recall",
        Leg::Decided => "decide",
        Leg::Committed { .. } => "commit",
        Leg::Told { .. } => TELL,
        Leg::Heard { .. } => HEAR,
    }
}

/// Converts to milliseconds with three decimal places; capped at an hour.
fn ms(took: Duration) -> f64 {
    f64::from(u32::try_from(took.as_micros()).unwrap_or(u32::MAX)) / 1_000.0
}

fn number(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn entry(seq: Seq) -> i64 {
    count(seq.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE: Uuid = Uuid::from_u128(9);

    fn sighting(leg: Leg) -> Sighting {
        let began = Instant::now();
        Sighting {
            room: RoomId(Uuid::from_u128(1)),
            command: CommandId(Uuid::from_u128(2)),
            began,
            ended: began + Duration::from_millis(3),
            leg,
        }
    }

    fn answered(became: hub::Became, is_first: bool) -> Leg {
        let kind = "depart_service_user".into();
        let became = Some(became);
        Leg::Answered(Answered { kind, became, code: None, late_ms: Some(1_500), is_first })
    }

    fn said<'a>(span: &'a SpanData, key: &str) -> &'a opentelemetry::Value {
        let said = span.attributes.iter().find(|said| said.key.as_str() == key);
        &said.unwrap_or_else(|| panic!("no {key} in {span:?}")).value
    }

    #[test]
    fn the_decided_request_is_the_root_span_and_others_are_its_children() {
        let mut maker = Maker::new(NODE);
        let first = maker.leg(sighting(answered(hub::Became::Done, true)));
        assert_eq!((first.name.as_ref(), first.parent_span_id), ("command", SpanId::INVALID));
        assert_eq!(said(&first, "muster.fate").as_str(), "done");
        assert_eq!(said(&first, "muster.kind").as_str(), "depart_service_user");
        assert_eq!(*said(&first, "muster.waited_on_device_ms"), 1_500_i64.into());
        let root = first.span_context.span_id();
        let again = [(); 2].map(|()| maker.leg(sighting(answered(hub::Became::Repeated, false))));
        for again in &again {
            assert_eq!((again.name.as_ref(), again.parent_span_id), ("command again", root));
        }
        assert_ne!(again[0].span_context.span_id(), again[1].span_context.span_id());
        let wait = maker.leg(sighting(Leg::Waited));
        assert_eq!((wait.name.as_ref(), wait.parent_span_id), ("wait", root));
        assert_eq!(wait.end_time.duration_since(wait.start_time).unwrap().as_millis(), 3);
        assert_eq!(wait.span_context.trace_id(), first.span_context.trace_id());
    }

    #[test]
    fn an_uncertain_commit_is_marked_as_an_error_and_a_late_one_is_not() {
        let mut maker = Maker::new(NODE);
        let mut status = |result| {
            let leg = Leg::Committed { commands: 3, entries: 2, tried: 1, result };
            maker.leg(sighting(leg)).status
        };
        assert_eq!([status("done"), status("late")], [Status::Unset, Status::Unset]);
        assert_eq!(status("unknown"), Status::error("unknown"));
    }

    #[test]
    fn a_moment_is_converted_to_system_time() {
        let wall = Wall::here();
        let second = Duration::from_secs(1);
        let past = wall.0.checked_sub(second).unwrap();
        assert_eq!(wall.at(wall.0 + second), wall.1 + second);
        assert_eq!(wall.at(past), wall.1 - second);
    }
}
