//! The metrics. `deploy/` uses their names in alerts and on the dashboard.

use std::{fmt::Error, path::PathBuf, sync::Arc};

use hub::Lag;
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Unit};
use proto::{close::Close, role::Audience};

use super::{
    page::{Label, Page, float},
    process,
};
use crate::{node::Node, tally, trace, trust::Standing};

/// Reads a node's metrics on each scrape.
#[derive(Debug)]
pub(super) struct Collect {
    node: Arc<Node>,
    /// The node's folder, if its database is in it.
    data: Option<PathBuf>,
}

impl Collector for Collect {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        let mut page = Page(encoder);
        self.node(&mut page)?;
        self.screens(&mut page)?;
        self.commands(&mut page)?;
        self.journal(&mut page)?;
        self.doorbell(&mut page)?;
        self.certificates(&mut page)?;
        process(&mut page)
    }
}

impl Collect {
    pub(super) const fn new(node: Arc<Node>, data: Option<PathBuf>) -> Self {
        Self { node, data }
    }

    fn node(&self, page: &mut Page<'_>) -> Result<(), Error> {
        let (node, totals) = (&self.node, self.node.hub.figures().totals());
        page.info("muster_build", "The release", ("version", env!("CARGO_PKG_VERSION")))?;
        let is_ready = u64::from(node.is_ready());
        page.gauge("muster_ready", "1 while the node accepts commands", None, is_ready)?;
        let open = u64::try_from(node.hub.rooms_open()).unwrap_or(u64::MAX);
        page.gauge("muster_rooms_open", "Rooms in use on this node", None, open)?;
        let help = "Rooms loaded from their journal, counting reloads";
        page.counter("muster_rooms_opened", help, totals.opened)?;
        let unread = u64::try_from(node.hub.rooms_unread()).unwrap_or(u64::MAX);
        let help = "Rooms with an entry that this release cannot read";
        page.gauge("muster_rooms_unread", help, None, unread)?;
        let classes = node.tally.answers.read().map(|(class, count)| {
            let class = match class {
                1 => "1xx",
                2 => "2xx",
                3 => "3xx",
                4 => "4xx",
                _ => "5xx",
            };
            (("class", class), count)
        });
        page.counters("muster_answers", "Answers to requests by class of status", classes)?;
        let help = "Log lines dropped because nobody read them in time";
        page.counter("muster_log_lines_lost", help, trace::lost())
    }

    fn screens(&self, page: &mut Page<'_>) -> Result<(), Error> {
        let (node, figures) = (&self.node, self.node.hub.figures());
        let open = node.sockets.open().map(|(face, count)| (audience(face), count));
        page.gauges("muster_connections", "Open sockets by audience", open)?;
        let each = |read: fn(&Lag) -> hub::Spread| {
            Audience::ALL.map(|face| (audience(face), read(figures.lag(face))))
        };
        let help =
            "Time from an entry's commit, as seen by this node, to its write to a screen's socket";
        page.timings("muster_lag", help, each(|lag| lag.micros.read()))?;
        let help = "Entries that a screen lagged behind when it was written to";
        page.spreads("muster_lag_entries", help, each(|lag| lag.entries.read()))?;
        let resyncs = node.tally.resyncs.read();
        let resyncs = resyncs.map(|(why, count)| (("reason", why.word()), count));
        page.counters("muster_resyncs", "Screens sent to fetch a snapshot by reason", resyncs)?;
        let ends = node.tally.ends.read().map(|(code, count)| (("code", end(code)), count));
        page.counters("muster_socket_ends", "Closed sockets by close code", ends)?;
        let (asked, packed) = node.snapshots.counts();
        page.counter("muster_snapshots_asked", "Snapshots requested by screens", asked)?;
        let encoded = figures.totals().snapshots;
        page.counter("muster_snapshots_encoded", "Snapshots encoded", encoded)?;
        page.counter("muster_snapshots_packed", "Snapshots compressed", packed)
    }

    fn commands(&self, page: &mut Page<'_>) -> Result<(), Error> {
        let figures = self.node.hub.figures();
        let fates = figures.commands.read();
        let fates = fates.map(|(became, count)| (("became", became.word()), count));
        page.counters("muster_commands", "Commands by outcome", fates)?;
        let refusals = figures.refusals.read();
        let refusals = refusals.map(|(code, count)| (("code", code.word()), count));
        page.counters("muster_refusals", "Commands refused by the rules, by code", refusals)?;
        let (sent, lost) = self.node.spans.read();
        let became = [(("became", "sent"), sent), (("became", "lost"), lost)];
        page.counters("muster_spans", "Trace spans by outcome", became)
    }

    fn journal(&self, page: &mut Page<'_>) -> Result<(), Error> {
        let (node, figures) = (&self.node, self.node.hub.figures());
        let totals = figures.totals();
        let states = node.hub.journal_states();
        let states = states.map(|(word, is_so)| (("state", word), u64::from(is_so)));
        page.gauges("muster_journal", "1 for the current state of the journal", states)?;
        let help = "Time until a commit was durable";
        page.times("muster_commit", help, &figures.commits.read())?;
        let help = "Commands per commit";
        page.spread("muster_batch_commands", help, &figures.batches.read())?;
        page.counter("muster_entries", "Entries made durable by this node", totals.entries)?;
        let help = "Batches decided again because another node wrote first";
        page.counter("muster_late_batches", help, totals.late)?;
        let Some(data) = &self.data else { return Ok(()) };
        if let Some(room) = process::room(data) {
            let unit = Some(&Unit::Bytes);
            page.gauge(
                "muster_data_free",
                "Free space on the disk of the folder",
                unit,
                room.free,
            )?;
            page.gauge("muster_data_size", "Size of the disk of the folder", unit, room.all)?;
        }
        let is_elsewhere = node.hub.is_shared();
        let bytes = if is_elsewhere { node.hub.journal_bytes() } else { process::bytes(data) };
        let help = "Size of the database, or of the files in the folder that holds it";
        match bytes {
            Some(bytes) => page.gauge("muster_database", help, Some(&Unit::Bytes), bytes),
            None => Ok(()),
        }
    }

    fn doorbell(&self, page: &mut Page<'_>) -> Result<(), Error> {
        let (hears, totals) = (self.node.hub.hears(), self.node.hub.figures().totals());
        let help = "1 while the doorbell is connected, or the node runs alone";
        page.gauge("muster_doorbell_hearing", help, None, u64::from(hears))?;
        page.counter("muster_rings_told", "Rings sent to other nodes", totals.told)?;
        page.counter("muster_rings_heard", "Rings received for rooms", totals.heard)?;
        let dropped = self.node.hub.rings_dropped();
        let dropped = dropped.map(|(reason, count)| (("reason", reason), count));
        let help = "Messages dropped from the doorbell's channel by reason";
        page.counters("muster_doorbell_dropped", help, dropped)?;
        let help = "Times that rings may have been missed, so that every room was checked";
        page.counter("muster_rings_missed", help, totals.missed)?;
        let help = "Rooms whose journal had advanced without a ring";
        page.counter("muster_rings_lost", help, totals.found)
    }
}

impl Collect {
    /// Writes the state of the TLS certificates of the servers that the node connects to.
    fn certificates(&self, page: &mut Page<'_>) -> Result<(), Error> {
        let standing = self.node.trusts.iter().filter_map(|trust| {
            trust.standing().map(|standing| (("server", trust.server().word()), standing))
        });
        let standing: Vec<(Label, Standing)> = standing.collect();
        let unit = Some(&Unit::Seconds);
        let ends = standing.iter().filter_map(|(of, standing)| Some((*of, standing.until?)));
        let help = "Expiry of a server's certificate chain, as last presented";
        page.gauges_in("muster_certificate_expires", help, unit, ends)?;
        let refused = standing.iter().map(|(of, standing)| (*of, u64::from(standing.is_refused)));
        let help = "1 while a server presents a certificate that is not trusted";
        page.gauges("muster_certificate_refused", help, refused)
    }
}

fn audience(face: Audience) -> Label {
    ("audience", face.word())
}

/// Returns the metric label of a close code.
fn end(code: u16) -> &'static str {
    match code {
        tally::GONE => "gone",
        tally::PROTOCOL_ERROR => "no_frames",
        tally::NO_TEXT => "no_text",
        code => Close::ALL.into_iter().find(|close| close.code() == code).map_or("other", close),
    }
}

fn close(close: Close) -> &'static str {
    match close {
        Close::GoingAway => "going_away",
        Close::Slow => "slow",
        Close::Silent => "silent",
        Close::RoomReopened => "room_reopened",
        Close::TooMany => "too_many",
        Close::Malformed => "malformed",
        Close::TooLarge => "too_large",
        Close::NoHello => "no_hello",
        Close::Version => "version",
        Close::LoginEnded => "login_ended",
        Close::NotYours => "not_yours",
    }
}

/// Writes the process metrics, under the names that dashboards expect.
fn process(page: &mut Page<'_>) -> Result<(), Error> {
    let Some(taken) = process::taken() else { return Ok(()) };
    let seconds = |ticks: u64| float(ticks) / float(process::ticks_per_second());
    page.seconds("process_cpu", "CPU time", seconds(taken.ticks))?;
    let unit = Some(&Unit::Bytes);
    page.gauge("process_resident_memory", "Resident memory", unit, taken.memory)?;
    page.gauge("process_open_fds", "Open files and connections", None, taken.open)?;
    page.gauge("process_max_fds", "Maximum open files and connections", None, taken.open_max)?;
    let Some(booted) = process::booted() else { return Ok(()) };
    let began = booted.saturating_add(taken.began / process::ticks_per_second());
    page.gauge("process_start_time", "Start time of the process", Some(&Unit::Seconds), began)
}
