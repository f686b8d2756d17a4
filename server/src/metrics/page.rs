//! The page that is being written, metric by metric.

use std::fmt;

use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use service::Recorded;

/// Labels: names and values. All values are from fixed lists, so that clients cannot create any.
pub(super) type Labels<const N: usize> = [(&'static str, &'static str); N];

/// Nanoseconds in a second.
const NANOS: f64 = 1e9;

/// The page that is being written. The help of a metric has no full stop, because one is added.
pub(super) struct Page<'a>(DescriptorEncoder<'a>);

impl<'a> Page<'a> {
    pub(super) fn new(encoder: DescriptorEncoder<'a>) -> Self {
        Self(encoder)
    }

    /// Writes a counter. `_total` is added to its name.
    pub(super) fn counters<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<N>, u64)>,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (labels, value) in values {
            metric.encode_family(&labels)?.encode_counter::<NoLabelSet, _, u64>(&value, None)?;
        }
        Ok(())
    }

    pub(super) fn counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        self.counters(name, help, [([], value)])
    }

    pub(super) fn gauges<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<N>, f64)>,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (labels, value) in values {
            metric.encode_family(&labels)?.encode_gauge(&value)?;
        }
        Ok(())
    }

    pub(super) fn gauge(&mut self, name: &str, help: &str, value: f64) -> fmt::Result {
        self.gauges(name, help, [([], value)])
    }

    /// Writes a histogram of durations.
    pub(super) fn durations<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = (Labels<N>, Recorded)>,
    ) -> fmt::Result {
        self.histograms(name, help, NANOS, values)
    }

    /// Writes a histogram of numbers.
    pub(super) fn numbers(&mut self, name: &str, help: &str, recorded: Recorded) -> fmt::Result {
        self.histograms(name, help, 1.0, [([], recorded)])
    }

    fn histograms<const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        unit: f64,
        values: impl IntoIterator<Item = (Labels<N>, Recorded)>,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Histogram)?;
        for (labels, recorded) in values {
            let bounds = recorded.bounds.iter().map(|bound| float(*bound) / unit);
            let buckets: Vec<_> =
                bounds.chain([f64::INFINITY]).zip(recorded.counts.iter().copied()).collect();
            let (sum, count) = (float(recorded.sum) / unit, recorded.count());
            metric.encode_family(&labels)?.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
        }
        Ok(())
    }
}

/// Above 2⁵³ the last digits are lost, which no graph shows.
#[expect(clippy::cast_precision_loss, reason = "Prometheus knows only such numbers")]
pub(super) fn float(number: u64) -> f64 {
    number as f64
}

pub(super) fn seconds(millis: u64) -> f64 {
    float(millis) / 1000.0
}
