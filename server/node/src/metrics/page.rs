//! Writes the metrics page, one metric family after another.

use std::fmt::Error;

use hub::Spread;
use prometheus_client::{
    encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet},
    metrics::{MetricType, exemplar::Exemplar},
    registry::Unit,
};

/// A label and its value.
pub(super) type Label = (&'static str, &'static str);

/// The page.
pub(super) struct Page<'a>(pub(super) DescriptorEncoder<'a>);

impl Page<'_> {
    /// Writes a counter.
    pub(super) fn counter(&mut self, name: &str, help: &str, value: u64) -> Result<(), Error> {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        count(&mut metric, value)
    }

    /// Writes a counter per label.
    pub(super) fn counters(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Label, u64)>,
    ) -> Result<(), Error> {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (label, value) in values {
            count(&mut metric.encode_family(&[label])?, value)?;
        }
        Ok(())
    }

    /// Writes a counter of seconds.
    pub(super) fn seconds(&mut self, name: &str, help: &str, value: f64) -> Result<(), Error> {
        let unit = Some(&Unit::Seconds);
        let mut metric = self.0.encode_descriptor(name, help, unit, MetricType::Counter)?;
        let exemplar: Option<&Exemplar<NoLabelSet, f64>> = None;
        metric.encode_counter(&value, exemplar)
    }

    /// Writes a gauge.
    pub(super) fn gauge(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<&Unit>,
        value: u64,
    ) -> Result<(), Error> {
        self.0.encode_descriptor(name, help, unit, MetricType::Gauge)?.encode_gauge(&value)
    }

    /// Writes a gauge per label.
    pub(super) fn gauges(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Label, u64)>,
    ) -> Result<(), Error> {
        self.gauges_in(name, help, None, values)
    }

    /// Writes a gauge with a unit per label.
    pub(super) fn gauges_in(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<&Unit>,
        values: impl IntoIterator<Item = (Label, u64)>,
    ) -> Result<(), Error> {
        let mut metric = self.0.encode_descriptor(name, help, unit, MetricType::Gauge)?;
        for (label, value) in values {
            metric.encode_family(&[label])?.encode_gauge(&value)?;
        }
        Ok(())
    }

    /// Writes a histogram of numbers.
    pub(super) fn spread(&mut self, name: &str, help: &str, spread: &Spread) -> Result<(), Error> {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        histogram(&mut metric, spread, 1.0)
    }

    /// Writes a histogram of times in microseconds.
    pub(super) fn times(&mut self, name: &str, help: &str, spread: &Spread) -> Result<(), Error> {
        let unit = Some(&Unit::Seconds);
        let mut metric = self.0.encode_descriptor(name, help, unit, MetricType::Histogram)?;
        histogram(&mut metric, spread, MICROS)
    }

    /// Writes a histogram of numbers per label.
    pub(super) fn spreads(
        &mut self,
        name: &str,
        help: &str,
        spreads: impl IntoIterator<Item = (Label, Spread)>,
    ) -> Result<(), Error> {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (label, spread) in spreads {
            histogram(&mut metric.encode_family(&[label])?, &spread, 1.0)?;
        }
        Ok(())
    }

    /// Writes a histogram of times in microseconds per label.
    pub(super) fn timings(
        &mut self,
        name: &str,
        help: &str,
        spreads: impl IntoIterator<Item = (Label, Spread)>,
    ) -> Result<(), Error> {
        let unit = Some(&Unit::Seconds);
        let mut metric = self.0.encode_descriptor(name, help, unit, MetricType::Histogram)?;
        for (label, spread) in spreads {
            histogram(&mut metric.encode_family(&[label])?, &spread, MICROS)?;
        }
        Ok(())
    }

    /// Writes an info metric.
    pub(super) fn info(&mut self, name: &str, help: &str, label: Label) -> Result<(), Error> {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Info)?;
        metric.encode_info(&[label])
    }
}

/// Microseconds per second. Dividing by it gives short decimal bounds; multiplying by its inverse would not.
const MICROS: f64 = 1e6;

fn count(metric: &mut MetricEncoder<'_>, value: u64) -> Result<(), Error> {
    let exemplar: Option<&Exemplar<NoLabelSet, u64>> = None;
    metric.encode_counter(&value, exemplar)
}

fn histogram(metric: &mut MetricEncoder<'_>, spread: &Spread, unit: f64) -> Result<(), Error> {
    let bounds = spread.buckets.iter().map(|(bound, count)| (f64::from(*bound) / unit, *count));
    let buckets: Vec<_> = bounds.chain([(f64::INFINITY, spread.beyond)]).collect();
    let all = buckets.iter().map(|(_, count)| count).sum();
    metric.encode_histogram::<NoLabelSet>(float(spread.sum) / unit, all, &buckets, None)
}

/// Converts to a float; beyond 2^53 the last digits are lost.
pub(super) fn float(number: u64) -> f64 {
    let half = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    half(number >> 32) * 4_294_967_296.0 + half(number & 0xFFFF_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_value() {
        for (number, same) in [(0, 0.0), (7, 7.0), (5_000_000_000, 5e9), (1 << 53, 2_f64.powi(53))]
        {
            assert!((float(number) - same).abs() < f64::EPSILON, "{number}");
        }
    }
}
