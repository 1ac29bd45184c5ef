//! Checks the files of `deploy/` with the programs that read them, as far as possible without running a container:
//! Prometheus's own checker tests each alert, systemd parses the service, and JSON and YAML are parsed. The browser
//! tests run the proxies' files. Nothing here starts a container, so the container and compose files are verified
//! only by use.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_norway::Value;

fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(deploy().join(name)).unwrap()
}

/// Runs a program. A missing one fails the test, with its install command.
fn run(program: &str, package: &str, words: &[&Path], folder: &Path) -> Output {
    let ran = Command::new(program).args(words).current_dir(folder).output();
    ran.unwrap_or_else(|error| {
        panic!("{program}: {error}; apt-get install --no-install-recommends {package}")
    })
}

fn told(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|part| String::from_utf8_lossy(part)).join("")
}

#[test]
fn each_alert_fires_when_it_should_and_not_when_all_is_well() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["prometheus.yml", "prometheus-alerts.yml"] {
        std::fs::copy(deploy().join(name), folder.path().join(name)).unwrap();
    }
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tidy/alerts.yml");
    std::fs::copy(cases, folder.path().join("cases.yml")).unwrap();
    let check = |words: [&str; 3]| {
        let words = words.map(Path::new);
        let output = run("promtool", "prometheus", &words, folder.path());
        assert!(output.status.success(), "{}", told(&output));
    };
    check(["check", "config", "prometheus.yml"]);
    check(["test", "rules", "cases.yml"]);
}

/// An alert never seen to fire may be unable to, and one never seen quiet may fire all night.
#[test]
fn each_alert_is_shown_to_fire_and_to_be_quiet() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tidy/alerts.yml");
    let cases: Value = serde_norway::from_str(&std::fs::read_to_string(cases).unwrap()).unwrap();
    let [mut fires, mut is_quiet] = [const { BTreeSet::new() }; 2];
    for case in cases["tests"].as_sequence().unwrap() {
        for tried in case["alert_rule_test"].as_sequence().unwrap() {
            let name = tried["alertname"].as_str().unwrap();
            let fired = tried.get("exp_alerts").and_then(Value::as_sequence);
            if fired.is_some_and(|fired| !fired.is_empty()) {
                fires.insert(name);
            } else {
                is_quiet.insert(name);
            }
        }
    }
    let rules = text("prometheus-alerts.yml");
    let alerts = alerts(&rules);
    assert_eq!(fires, alerts, "shown to fire");
    assert_eq!(is_quiet, alerts, "shown to be quiet");
}

/// Returns the names of the alerts.
fn alerts(rules: &str) -> BTreeSet<&str> {
    rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect()
}

#[test]
fn every_alert_has_a_runbook_entry_under_its_name() {
    let rules = text("prometheus-alerts.yml");
    let alerts = alerts(&rules);
    assert!(alerts.len() > 10);
    let notes = text("OPERATING.md");
    let told: BTreeSet<&str> =
        notes.lines().filter_map(|line| line.strip_prefix("### Muster")).collect();
    let named: BTreeSet<&str> =
        alerts.iter().map(|alert| alert.strip_prefix("Muster").unwrap()).collect();
    assert_eq!(named, told);
}

#[test]
fn the_dashboard_is_read_and_each_panel_asks_something() {
    let board: serde_json::Value = serde_json::from_str(&text("grafana.json")).unwrap();
    let panels = board["panels"].as_array().unwrap();
    let (mut ids, mut asked) = (BTreeSet::new(), 0);
    for panel in panels {
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "two panels have one id");
        if panel["type"] == "row" {
            continue;
        }
        assert!(panel["description"].as_str().is_some_and(|words| !words.is_empty()));
        for target in panel["targets"].as_array().unwrap() {
            assert!(target["expr"].as_str().unwrap().contains("$node"), "{target}");
            asked += 1;
        }
    }
    assert!(asked > 20);
}

/// systemd refuses a unit it cannot parse, on the night when it is needed.
#[test]
fn the_service_is_one_that_systemd_reads() {
    let folder = tempfile::tempdir().unwrap();
    let unit = text("muster.service");
    assert!(unit.contains("/usr/local/bin/muster"));
    let file = folder.path().join("muster.service");
    std::fs::write(&file, unit.replace("/usr/local/bin/muster", "/bin/true")).unwrap();
    let words = [Path::new("verify"), Path::new("--man=no"), &file];
    let output = run("systemd-analyze", "systemd", &words, folder.path());
    let told = told(&output);
    assert!(output.status.success() && !told.contains("muster.service:"), "{told}");
    for hard in ["NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=\n"] {
        assert!(text("muster.service").contains(hard), "{hard}");
    }
}

/// YAML as compose parses it, including anchors and merges.
fn compose() -> Value {
    let mut compose: Value = serde_norway::from_str(&text("compose.yml")).unwrap();
    compose.apply_merge().unwrap();
    compose
}

/// Returns the items of a list or the names of a mapping; empty for anything else.
fn words(of: &Value) -> Vec<&str> {
    match of {
        Value::Sequence(list) => list.iter().map(|word| word.as_str().unwrap()).collect(),
        Value::Mapping(named) => named.keys().map(|word| word.as_str().unwrap()).collect(),
        _ => Vec::new(),
    }
}

/// Errors that compose would report only on start.
#[test]
fn compose_names_nothing_that_is_not_there() {
    let compose = compose();
    for (name, service) in compose["services"].as_mapping().unwrap() {
        for kind in ["networks", "secrets"] {
            for word in words(&service[kind]) {
                assert!(compose[kind].get(word).is_some(), "{name:?}: no {kind} {word}");
            }
        }
        for word in words(&service["depends_on"]) {
            assert!(compose["services"].get(word).is_some(), "{name:?}: no service {word}");
        }
        for volume in words(&service["volumes"]) {
            let from = volume.split(':').next().unwrap();
            match from.strip_prefix("./") {
                Some(file) => assert!(deploy().join(file).is_file(), "{name:?}: no {from}"),
                None => assert!(compose["volumes"].get(from).is_some(), "{name:?}: no {from}"),
            }
        }
        if let Some(build) = service.get("build") {
            let context = deploy().join(build["context"].as_str().unwrap());
            assert!(context.join(build["dockerfile"].as_str().unwrap()).is_file());
        }
    }
}

/// Several files repeat the account, the ports and the health check of a node.
#[test]
fn the_container_compose_the_proxy_and_prometheus_speak_of_the_same_node() {
    let (file, compose) = (text("Containerfile"), compose());
    let node = &compose["services"]["node-a"];
    let said = |what: &str| file.lines().find_map(|line| line.strip_prefix(what)).unwrap();
    assert_eq!(Some(said("USER ")), node["user"].as_str());
    let port = said("EXPOSE ");
    assert!(file.contains(&format!("MUSTER_LISTEN=0.0.0.0:{port} ")));
    let nodes = compose["services"]["proxy"]["environment"]["MUSTER_NODES"].as_str().unwrap();
    let named: Vec<String> = ["node-a", "node-b"].map(|name| format!("{name}:{port}")).into();
    assert_eq!(nodes.split(' ').collect::<Vec<_>>(), named);
    let folder = said("VOLUME ");
    assert!(file.contains(&format!("MUSTER_DATA={folder} ")));
    assert!(words(&node["volumes"])[0].ends_with(&format!(":{folder}")));
    let metrics = node["environment"]["MUSTER_METRICS"].as_str().unwrap();
    let metrics = metrics.strip_prefix("0.0.0.0").unwrap();
    let targets = format!("targets: [node-a{metrics}, node-b{metrics}]");
    assert!(text("prometheus.yml").contains(&targets), "{targets}");
    let check = said("HEALTHCHECK ").split_once("CMD ").unwrap().1;
    let check: Value = serde_norway::from_str(check).unwrap();
    assert_eq!(words(&node["healthcheck"]["test"])[1..], words(&check));
}

/// An image build must not use an image of the same name from a registry.
#[test]
fn compose_pulls_no_image_that_is_built_here() {
    for (name, service) in compose()["services"].as_mapping().unwrap() {
        let asked_of_none = service.get("pull_policy").is_some_and(|policy| policy == "never");
        assert_eq!(service.get("build").is_some(), asked_of_none, "{name:?}");
    }
}

/// Files added beside the compose file, which neither Git nor a build may include.
#[test]
fn secrets_and_certificates_are_read_where_they_are_put_and_are_in_no_commit() {
    let compose = text("compose.yml");
    assert!(compose.contains("# - ./tls:/etc/muster/tls:ro"));
    assert!(
        text("Caddyfile")
            .contains("# tls /etc/muster/tls/fullchain.pem /etc/muster/tls/privkey.pem")
    );
    let root = |name: &str| std::fs::read_to_string(deploy().join("..").join(name)).unwrap();
    let (ignored, unbuilt) = (root(".gitignore"), root(".dockerignore"));
    assert!(unbuilt.lines().any(|line| line == "deploy"));
    for file in ["compose.env", "database-password", "redis.acl", "tls"] {
        assert!(compose.contains(file), "{file}");
        assert!(ignored.lines().any(|line| line == format!("/deploy/{file}")), "{file}");
    }
}

#[test]
fn compose_holds_two_nodes_that_are_not_root_and_write_only_to_their_folder() {
    let compose = compose();
    let services = &compose["services"];
    for node in ["node-a", "node-b"] {
        let node = &services[node];
        assert_eq!(node["read_only"], true);
        assert_eq!(node["user"], "65532:65532");
        assert_eq!(node["cap_drop"][0], "ALL");
        assert_eq!(node["volumes"].as_sequence().unwrap().len(), 1);
        assert!(node.get("ports").is_none(), "only the proxy is outside");
    }
    let outside = services.as_mapping().unwrap().iter().filter(|(_, of)| of.get("ports").is_some());
    assert_eq!(outside.count(), 1);
    // Over IPv6 every address would be Docker's own, and the node limits guesses per address.
    let ports = words(&services["proxy"]["ports"]);
    assert!(ports.len() == 2 && ports.iter().all(|port| port.starts_with("0.0.0.0:")), "{ports:?}");
    for network in ["front", "back", "watch"] {
        assert_eq!(compose["networks"][network]["internal"], true, "{network} leads outside");
    }
}

/// The image initialises an empty volume with a server that listens only on its socket: nodes started then could not
/// connect. On a slow disk that takes half a minute or more, and must not count as a failure.
#[test]
fn nodes_start_when_the_database_answers_by_the_network() {
    let compose = compose();
    let check = &compose["services"]["postgres"]["healthcheck"];
    assert!(words(&check["test"]).contains(&"--host=127.0.0.1"), "{check:?}");
    assert_eq!(check["start_period"], "120s");
    for node in ["node-a", "node-b"] {
        let waits = &compose["services"][node]["depends_on"]["postgres"]["condition"];
        assert_eq!(waits, "service_healthy");
    }
}

/// A node refuses an unknown setting only on start.
#[test]
fn every_setting_that_containers_give_is_one_that_a_node_has() {
    let settings = text("muster.toml");
    let is_part = |c: char| c.is_ascii_uppercase() || c == '_';
    for file in ["compose.yml", "Containerfile", "muster.service"] {
        let text = text(file);
        let names = text.split(|c| !is_part(c)).filter_map(|word| word.strip_prefix("MUSTER_"));
        // Two belong to the proxy, and one is inserted into an address.
        for name in names.filter(|name| !["HOST", "NODES", "REDIS_PASSWORD"].contains(name)) {
            let line = format!("{} = ", name.to_lowercase());
            let is_said =
                settings.lines().any(|said| said.trim_start_matches("# ").starts_with(&line));
            assert!(is_said, "{file}: there is no setting {name}");
        }
    }
}

#[test]
fn the_container_is_not_root_and_holds_nothing_that_could_be_run_but_the_program() {
    let file = text("Containerfile");
    let last = file.rsplit("\nFROM ").next().unwrap();
    assert!(last.starts_with("gcr.io/distroless/") && last.contains("\nUSER 65532:65532\n"));
    assert!(!last.contains("\nRUN "), "there is no shell in it");
}
