//! The metrics for the monitoring system: correct, and without personal data.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    time::Duration,
};

use proof::{
    cast,
    device::Device,
    host::Host,
    socket::{Heard, Socket},
    web::Web,
};
use proto::{
    frame::ServerFrame,
    id::{Cursor, Seq, Tag},
    role::Audience,
};

/// Every label; each has a few values known in advance.
const LABELS: [&str; 9] =
    ["audience", "became", "class", "code", "le", "reason", "server", "state", "version"];

/// A metrics page: every sample by its name and labels.
struct Page(String);

impl Page {
    async fn of(host: &Host) -> Self {
        let answer = Web::new(host.running.metrics().unwrap()).get("/metrics").send().await;
        assert_eq!(answer.status.as_u16(), 200);
        assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
        Self(String::from_utf8(answer.body.to_vec()).unwrap())
    }

    fn samples(&self) -> BTreeMap<&str, f64> {
        let lines = self.0.lines().filter(|line| !line.starts_with('#'));
        lines
            .map(|line| line.rsplit_once(' ').unwrap())
            .map(|(n, v)| (n, v.parse().unwrap()))
            .collect()
    }

    fn value(&self, sample: &str) -> f64 {
        let samples = self.samples();
        *samples.get(sample).unwrap_or_else(|| panic!("no {sample} in\n{}", self.0))
    }

    /// Returns the metric families on the page, with the suffixes of their samples; a family without samples,
    /// such as certificates on a node without TLS connections, by its own name.
    fn names(&self) -> BTreeSet<&str> {
        let typed =
            self.0.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next());
        let told = self.samples().into_keys().map(|sample| sample.split('{').next().unwrap());
        told.chain(typed).collect()
    }
}

/// Follows the room from the face's cursor.
async fn follow(socket: &mut Socket, device: &Device) {
    let rows = device.snapshot().await;
    socket.say(&device.sub(Some(Cursor { seq: rows.to, tag: rows.tag }))).await;
    assert!(matches!(socket.frame().await, ServerFrame::Beat { .. }));
}

/// Returns the page once a condition holds: a socket is counted a moment after its client has connected.
async fn once(host: &Host, is_so: impl Fn(&Page) -> bool) -> Page {
    let looking = async {
        loop {
            let page = Page::of(host).await;
            if is_so(&page) {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    proof::soon("the figure", looking).await
}

#[tokio::test]
async fn the_metrics_report_the_work_done_and_the_lag_of_each_audience() {
    let host = Host::watched().await;
    let (room, lead) = host.room(2).await;
    let wall = host.door.come_in(room, Audience::Wall, &[]).await;
    let mut screens = [wall.welcomed().await, lead.welcomed().await];
    follow(&mut screens[0], &wall).await;
    follow(&mut screens[1], &lead).await;
    let before = Page::of(&host).await;

    let command = cast::asks(cast::departs(1));
    lead.fate(&command).await;
    lead.fate(&command).await;
    lead.fate(&cast::edits(77, 1, cast::bedroom("9"))).await;
    for screen in &mut screens {
        assert!(matches!(screen.news().await, ServerFrame::Rows(_)));
    }
    let strange =
        r#"{"commands":[{"id":"00000000-0000-4000-8000-000000000001","do":{"kind":"fly"}}]}"#;
    lead.post(&lead.commands_path()).body("application/json", strange).send().await;
    let mut lost = wall.welcomed().await;
    lost.say(&wall.sub(Some(Cursor { seq: Seq(1), tag: Tag([9; 8]) }))).await;
    assert!(matches!(lost.news().await, ServerFrame::Resync { .. }));
    screens[0].text("what?").await;
    while !matches!(screens[0].hear().await, Heard::Closed(_)) {}

    let after = once(&host, |page| {
        page.value(r#"muster_socket_ends_total{code="malformed"}"#) > 0.5
            && page.value(r#"muster_connections{audience="wall"}"#) < 1.5
    })
    .await;
    let rose = |sample: &str| after.value(sample) - before.value(sample);
    for (sample, by) in [
        (r#"muster_commands_total{became="done"}"#, 1.0),
        (r#"muster_commands_total{became="repeated"}"#, 1.0),
        (r#"muster_commands_total{became="refused"}"#, 2.0),
        (r#"muster_refusals_total{code="unknown"}"#, 1.0),
        (r#"muster_refusals_total{code="malformed"}"#, 1.0),
        (r#"muster_resyncs_total{reason="other_history"}"#, 1.0),
        (r#"muster_lag_seconds_count{audience="wall"}"#, 1.0),
        (r#"muster_lag_seconds_count{audience="desk"}"#, 1.0),
        (r#"muster_lag_seconds_count{audience="phone"}"#, 0.0),
        (r#"muster_lag_entries_sum{audience="wall"}"#, 1.0),
        ("muster_entries_total", 1.0),
        ("muster_rings_told_total", 3.0),
        ("muster_commit_seconds_count", 2.0),
        ("muster_batch_commands_sum", 2.0),
    ] {
        assert!((rose(sample) - by).abs() < 0.01, "{sample} rose by {}", rose(sample));
    }
    for (sample, is) in [
        (r#"muster_connections{audience="desk"}"#, 1.0),
        (r#"muster_connections{audience="wall"}"#, 1.0),
        (r#"muster_journal{state="writable"}"#, 1.0),
        (r#"muster_journal{state="full"}"#, 0.0),
        ("muster_ready", 1.0),
        ("muster_rooms_open", 1.0),
        ("muster_doorbell_hearing", 1.0),
    ] {
        assert!((after.value(sample) - is).abs() < 0.01, "{sample} is {}", after.value(sample));
    }
    let all = after.value(r#"muster_lag_seconds_bucket{le="+Inf",audience="wall"}"#);
    let count = after.value(r#"muster_lag_seconds_count{audience="wall"}"#);
    assert!((all - count).abs() < 0.01 && count > 0.5, "{all} of {count}");
    let calm = after.value(r#"muster_commit_seconds_bucket{le="0.025"}"#);
    assert!(calm <= after.value(r#"muster_commit_seconds_bucket{le="+Inf"}"#));
    assert!(after.value("muster_lag_seconds_sum{audience=\"wall\"}") > 0.0);
    assert!(after.value("muster_data_free_bytes") > 0.0);
    assert!(after.value("muster_database_bytes") > 4_096.0);
    assert!(after.value("process_resident_memory_bytes") > 1e6);
    assert!(after.value(r#"muster_answers_total{class="4xx"}"#) >= 0.0);
    host.running.stop().await;
}

#[tokio::test]
async fn no_metric_identifies_a_room_or_a_person() {
    let host = Host::watched().await;
    let (room, lead) = host.room(6).await;
    let mut screen = lead.welcomed().await;
    follow(&mut screen, &lead).await;
    lead.does(cast::departs(1)).await;
    screen.news().await;
    let page = Page::of(&host).await;
    let ids = [room.to_string(), lead.member.to_string(), cast::person(1).to_string()];
    for canary in cast::canaries().chain(ids.iter().map(String::as_str)).chain(["Lantern"]) {
        assert!(!page.0.contains(canary), "{canary}");
    }
    for sample in page.samples().keys() {
        let Some((_, labels)) = sample.trim_end_matches('}').split_once('{') else { continue };
        for label in labels.split("\",") {
            let name = label.split('=').next().unwrap();
            assert!(LABELS.contains(&name), "{sample}");
        }
    }
    host.running.stop().await;
}

/// The public address has no metrics, and the metrics address has nothing else.
#[tokio::test]
async fn metrics_are_served_only_on_their_own_address() {
    let host = Host::watched().await;
    let answer = host.door.web.get("/metrics").send().await;
    assert!(!String::from_utf8_lossy(&answer.body).contains("muster_ready"), "{answer:?}");
    let figures = Web::new(host.running.metrics().unwrap());
    for path in ["/", "/api/me", "/health", "/ws?face=wall", "/metrics/more"] {
        assert_eq!(figures.get(path).send().await.status.as_u16(), 404, "{path}");
    }
    assert_eq!(figures.post("/metrics").send().await.status.as_u16(), 405);
    host.running.stop().await;
    let quiet = Host::start().await;
    assert!(quiet.running.metrics().is_none());
}

/// An alert on a metric that does not exist would never fire.
#[tokio::test]
async fn every_metric_in_the_alerts_the_dashboard_and_the_documents_exists() {
    let host = Host::watched().await;
    host.room(1).await;
    let page = Page::of(&host).await;
    let names = page.names();
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy");
    for file in ["prometheus-alerts.yml", "grafana.json", "OPERATING.md"] {
        let text = std::fs::read_to_string(deploy.join(file)).unwrap();
        let is_part = |c: char| c.is_ascii_lowercase() || c == '_';
        let words: BTreeSet<&str> = text
            .split(|c| !is_part(c))
            .filter(|word| word.starts_with("muster_") || word.starts_with("process_"))
            .collect();
        assert!(!words.is_empty(), "{file} names no figure");
        for word in words {
            assert!(names.contains(word), "{file} names {word}, which there is not");
        }
    }
    host.running.stop().await;
}
