//! A page of metrics.

use std::collections::{BTreeMap, BTreeSet};

/// A page of metrics as it was read.
pub struct Page {
    pub text: String,
    samples: BTreeMap<String, f64>,
}

impl Page {
    pub fn of(text: String) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let sample = |line: &str| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            (series.to_owned(), value.parse().unwrap())
        };
        let samples = lines.map(sample).collect();
        Self { text, samples }
    }

    /// The value of a series, written as on the page. 0 if there is none.
    pub fn value(&self, series: &str) -> f64 {
        self.samples.get(series).copied().unwrap_or_default()
    }

    /// The sum of a metric over all series that contain these labels.
    pub fn sum(&self, name: &str, labels: &[&str]) -> f64 {
        let is_meant = |series: &str| {
            series.split('{').next() == Some(name) && labels.iter().all(|label| series.contains(label))
        };
        self.samples.iter().filter(|(series, _)| is_meant(series)).map(|(_, value)| value).sum()
    }

    /// The series of a metric that are not zero.
    pub fn counted(&self, name: &str) -> Vec<(&str, f64)> {
        let is_meant = |series: &str| series.split('{').next() == Some(name);
        let counted = self.samples.iter().filter(|(series, value)| is_meant(series) && **value != 0.0);
        counted.map(|(series, value)| (series.as_str(), *value)).collect()
    }

    /// The names of all metrics, also of those without a value.
    pub fn names(&self) -> BTreeSet<&str> {
        self.text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect()
    }
}
