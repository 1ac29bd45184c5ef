//! Turns observations into spans. A delivery stays open until no socket has written it for a while.

use std::sync::Arc;

use hub::{Delivery, Sighting};
use opentelemetry_sdk::trace::SpanData;
use proto::limit;
use tokio::{
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
    time::{Duration, Instant, MissedTickBehavior, interval},
};
use uuid::Uuid;

use super::{Spans, span::Maker};

/// Capacity of the queue of observations.
const AT_ONCE: usize = 256;
/// The time without losses after which a further loss is reported again.
const QUIET: Duration = Duration::from_mins(1);

/// An observation from the hub.
#[derive(Debug)]
pub(super) enum Seen {
    /// A completed step.
    Leg(Sighting),
    /// A delivery that begins.
    Delivery(Arc<Delivery>),
}

/// Builds spans and passes them on in batches.
#[derive(Debug)]
pub(super) struct Keeper {
    maker: Maker,
    seen: mpsc::Receiver<Seen>,
    out: mpsc::Sender<Vec<SpanData>>,
    /// Open deliveries.
    open: Vec<Arc<Delivery>>,
    ready: Vec<SpanData>,
    spans: Arc<Spans>,
    /// The number of lost spans at the last check, and the time of the last loss.
    lost: (u64, Option<Instant>),
}

impl Keeper {
    pub(super) fn new(
        node: Uuid,
        seen: mpsc::Receiver<Seen>,
        out: mpsc::Sender<Vec<SpanData>>,
        spans: Arc<Spans>,
    ) -> Self {
        let (open, ready) = (Vec::new(), Vec::new());
        Self { maker: Maker::new(node), seen, out, open, ready, spans, lost: (0, None) }
    }

    /// Runs until told to end; then passes on everything that is left.
    pub(super) async fn keep(mut self, mut end: oneshot::Receiver<()>) {
        let mut look = interval(Duration::from_millis(limit::TRACE_LOOK_MS));
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut seen = Vec::with_capacity(AT_ONCE);
        loop {
            tokio::select! {
                _ = &mut end => break,
                count = self.seen.recv_many(&mut seen, AT_ONCE) => {
                    if count == 0 {
                        break;
                    }
                    seen.drain(..).for_each(|seen| self.take(seen));
                }
                _ = look.tick() => {
                    self.maker.follow_clock();
                    self.close(is_over);
                    self.pass_on();
                    self.complain();
                }
            }
        }
        self.seen.close();
        while let Some(seen) = self.seen.recv().await {
            self.take(seen);
        }
        self.close(|_, _| true);
        let last = std::mem::take(&mut self.ready);
        let count = last.len();
        if count > 0 && self.out.send(last).await.is_err() {
            self.spans.lost(count);
        }
    }

    fn take(&mut self, seen: Seen) {
        match seen {
            Seen::Leg(sighting) => {
                let span = self.maker.leg(sighting);
                self.ready.push(span);
            }
            Seen::Delivery(delivery) if self.open.len() < limit::TRACE_DELIVERIES_MAX => {
                self.open.push(delivery);
            }
            Seen::Delivery(delivery) => self.spans.lost(delivery.entries.len()),
        }
        if self.ready.len() >= limit::TRACE_SPANS_MAX {
            self.pass_on();
        }
    }

    /// Builds the spans of completed deliveries.
    fn close(&mut self, is_over: impl Fn(&Delivery, Instant) -> bool) {
        let now = Instant::now();
        let (over, open) =
            std::mem::take(&mut self.open).into_iter().partition(|delivery| is_over(delivery, now));
        self.open = open;
        let over: Vec<Arc<Delivery>> = over;
        for delivery in over {
            self.ready.extend(self.maker.delivery(&delivery, now));
            if self.ready.len() >= limit::TRACE_SPANS_MAX {
                self.pass_on();
            }
        }
    }

    /// Passes on what is ready. If the queue is full, waits until a batch is full, then drops it.
    fn pass_on(&mut self) {
        if self.ready.is_empty() {
            return;
        }
        match self.out.try_send(std::mem::take(&mut self.ready)) {
            Ok(()) => {}
            Err(TrySendError::Full(ready)) if ready.len() < limit::TRACE_SPANS_MAX => {
                self.ready = ready;
            }
            Err(TrySendError::Full(ready) | TrySendError::Closed(ready)) => {
                self.spans.lost(ready.len());
            }
        }
    }

    /// Reports losses, once per period of loss. An unreachable collector is reported where it is detected.
    fn complain(&mut self) {
        let (_, lost) = self.spans.read();
        let (known, last) = self.lost;
        if lost == known {
            return;
        }
        let is_quiet = last.is_none_or(|last| last.elapsed() > QUIET);
        if is_quiet && !self.spans.is_away() {
            tracing::warn!(
                lost = lost.saturating_sub(known),
                "traces are incomplete: there are more spans than the collector accepts; trace a smaller share"
            );
        }
        self.lost = (lost, Some(Instant::now()));
    }
}

/// Returns whether a delivery is complete: no socket has written it for a while, or its time is up.
fn is_over(delivery: &Delivery, now: Instant) -> bool {
    let past =
        |moment: Instant, ms| now.saturating_duration_since(moment) >= Duration::from_millis(ms);
    let is_quiet = delivery
        .read()
        .is_some_and(|told| past(delivery.durable + told.last, limit::TRACE_QUIET_MS));
    is_quiet || past(delivery.durable, limit::TRACE_DELIVERY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::{
        id::{CommandId, RoomId, Seq},
        role::Audience,
    };
    use tokio::task::JoinHandle;

    /// A running keeper with its input and output.
    struct Scene {
        seen: mpsc::Sender<Seen>,
        out: mpsc::Receiver<Vec<SpanData>>,
        spans: Arc<Spans>,
        end: oneshot::Sender<()>,
        keeping: JoinHandle<()>,
    }

    fn scene(batches: usize) -> Scene {
        let (seen, waiting) = mpsc::channel(limit::TRACE_LEGS_MAX);
        let (to, out) = mpsc::channel(batches);
        let (end, ended) = oneshot::channel();
        let spans = Arc::<Spans>::default();
        let keeper = Keeper::new(Uuid::from_u128(9), waiting, to, Arc::clone(&spans));
        Scene { seen, out, spans, end, keeping: tokio::spawn(keeper.keep(ended)) }
    }

    fn command(n: u128) -> CommandId {
        CommandId(Uuid::from_u128(n))
    }

    fn delivery(entries: u64) -> Arc<Delivery> {
        let entries = (1..=entries).map(|seq| (command(seq.into()), Seq(seq))).collect();
        let room = RoomId(Uuid::from_u128(1));
        let delivery = Delivery::new(room, Audience::Wall, entries, false, Instant::now(), 5_000);
        Arc::new(delivery)
    }

    fn said(span: &SpanData, key: &str) -> String {
        let said = span.attributes.iter().find(|said| said.key.as_str() == key);
        said.unwrap_or_else(|| panic!("no {key} in {span:?}")).value.to_string()
    }

    #[tokio::test(start_paused = true)]
    async fn five_thousand_sockets_make_one_span_a_second_after_the_last() {
        let mut scene = scene(4);
        let delivery = delivery(2);
        scene.seen.send(Seen::Delivery(Arc::clone(&delivery))).await.unwrap();
        for socket in 0..5_000 {
            delivery.written(delivery.durable + Duration::from_millis(2 + socket / 10));
        }
        let told = scene.out.recv().await.unwrap();
        let after = delivery.durable.elapsed();
        // The last socket wrote it after 501 ms; checks run every 250 ms.
        assert!((Duration::from_millis(1_501)..=Duration::from_millis(1_751)).contains(&after));
        assert_eq!(told.len(), 2, "one for each entry");
        for (span, seq) in told.iter().zip(["1", "2"]) {
            assert_eq!(span.name, "deliver wall");
            assert_eq!(said(span, "muster.seq"), seq);
            assert_eq!(said(span, "muster.sockets"), "5000");
            assert_eq!(said(span, "muster.first_ms"), "2");
            assert_eq!(said(span, "muster.last_ms"), "501");
            let took = span.end_time.duration_since(span.start_time).unwrap();
            assert_eq!(took, Duration::from_millis(501), "it ends with the last socket");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_delivery_that_no_socket_writes_ends_after_ten_seconds() {
        let mut scene = scene(4);
        let delivery = delivery(1);
        scene.seen.send(Seen::Delivery(Arc::clone(&delivery))).await.unwrap();
        let told = scene.out.recv().await.unwrap();
        assert_eq!(said(&told[0], "muster.sockets"), "0");
        let after = delivery.durable.elapsed().as_millis();
        assert!((10_000..=10_250).contains(&after), "{after}");
    }

    #[tokio::test(start_paused = true)]
    async fn spans_that_do_not_fit_are_dropped_and_counted() {
        let mut scene = scene(1);
        let more = limit::TRACE_DELIVERIES_MAX + 7;
        for _ in 0..more {
            scene.seen.send(Seen::Delivery(delivery(1))).await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(scene.spans.read(), (0, 7), "deliveries beyond the limit");
        // Nobody receives: one batch is queued, one more is gathered, the others are dropped.
        tokio::time::sleep(Duration::from_secs(20)).await;
        let waiting = scene.out.recv().await.unwrap().len();
        assert_eq!(waiting, limit::TRACE_SPANS_MAX);
        let (_, lost) = scene.spans.read();
        assert_eq!(lost, u64::try_from(more - waiting).unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_end_everything_is_passed_on_at_once() {
        let mut scene = scene(4);
        scene.seen.send(Seen::Delivery(delivery(3))).await.unwrap();
        let now = Instant::now();
        let leg = hub::Leg::Waited;
        let room = RoomId(Uuid::from_u128(1));
        let sighting = Sighting { room, command: command(7), began: now, ended: now, leg };
        scene.seen.send(Seen::Leg(sighting)).await.unwrap();
        scene.end.send(()).unwrap();
        scene.keeping.await.unwrap();
        let mut told = 0;
        while let Some(batch) = scene.out.recv().await {
            told += batch.len();
        }
        assert_eq!(told, 4);
        assert!(now.elapsed() < Duration::from_secs(1));
    }
}
