//! Settings of tracing. A build without tracing reports so, whatever names a collector.

use super::{Origin, SettingError, Settings, TRACES, TRACES_SHARE};
use crate::{
    config::{Collector, Share},
    traces,
};

/// Returns the collector; none if not set.
pub(super) fn chosen(settings: &Settings) -> Result<Option<Collector>, SettingError> {
    let share = settings.parsed(TRACES_SHARE, "a number from 0 to 1, such as 0.1", Share::parse)?;
    let Some(said) = settings.get(TRACES) else {
        return match settings.get(TRACES_SHARE).map(|said| &said.origin) {
            Some(Origin::Flag(_) | Origin::Env(_) | Origin::File { .. }) => {
                Err(SettingError::NoTraces)
            }
            Some(Origin::Default) | None => Ok(None),
        };
    };
    let url = Collector::address(&said.text)
        .map_err(|why| SettingError::Traces { why, origin: said.origin.clone() })?;
    if !traces::ARE_BUILT {
        return Err(SettingError::WithoutTraces { origin: said.origin.clone() });
    }
    Ok(Some(Collector { url, share }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(said: &[(&str, &str)]) -> Settings {
        let among = |name: &str| {
            said.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())
        };
        Settings::gather(|_| None, among, None).unwrap()
    }

    fn words(said: &[(&str, &str)]) -> String {
        chosen(&settings(said)).map(|_| ()).unwrap_err().to_string()
    }

    const URL: (&str, &str) = ("MUSTER_TRACES", "http://127.0.0.1:4318");

    #[test]
    fn without_a_collector_nothing_is_traced_and_a_share_is_refused() {
        assert_eq!(chosen(&settings(&[])).unwrap(), None);
        assert!(words(&[("MUSTER_TRACES_SHARE", "0.1")]).contains("`traces` is not set"));
    }

    #[test]
    fn an_invalid_share_or_address_is_refused_with_its_source() {
        let share = words(&[URL, ("MUSTER_TRACES_SHARE", "10%")]);
        assert!(share.contains("MUSTER_TRACES_SHARE") && share.contains("from 0 to 1"), "{share}");
        // A value meant for `trace` is not a collector.
        let level = words(&[("MUSTER_TRACES", "info")]);
        assert!(level.contains("MUSTER_TRACES) must begin with http://"), "{level}");
    }

    /// A value meant for `traces` is not a log filter.
    #[test]
    fn an_address_is_not_a_log_filter() {
        assert!(!crate::trace::is_filter(URL.1));
    }

    #[cfg(not(feature = "otel"))]
    #[test]
    fn a_build_without_traces_says_how_to_build_with_them() {
        let words = words(&[URL]);
        assert!(words.contains("MUSTER_TRACES") && words.contains("--features otel"), "{words}");
    }

    #[cfg(feature = "otel")]
    #[test]
    fn traces_go_to_the_configured_collector() {
        let told = chosen(&settings(&[URL, ("MUSTER_TRACES_SHARE", "0.5")])).unwrap();
        let share = Share::parse("0.5").unwrap();
        let url = "http://127.0.0.1:4318/v1/traces".to_owned();
        assert_eq!(told, Some(Collector { url, share }));
    }
}
