//! The counts themselves.

use std::sync::OnceLock;
use std::time::Duration;

use http::{Method, StatusCode};
use service::{Histogram, Recorded};

use super::route::{Route, Routes};

/// The methods that are told apart. All others count as `other`.
const METHODS: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];
/// The classes of a status.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Durations of requests, from their head to the head of the response.
///
/// There is a histogram for each combination of route, method and class of the status. Most combinations never occur,
/// so a histogram is created when it is first needed. After that, counting takes no lock and allocates nothing.
pub struct Traffic {
    pub(super) routes: Routes,
    histograms: Vec<OnceLock<Box<Histogram>>>,
}

/// The durations of the requests of one combination.
pub struct Durations {
    pub route: &'static str,
    pub method: &'static str,
    pub status: &'static str,
    pub recorded: Recorded,
}

impl Default for Traffic {
    fn default() -> Self {
        let routes = Routes::default();
        let combinations = routes.names().len() * METHODS.len() * CLASSES.len();
        Self { routes, histograms: (0..combinations).map(|_| OnceLock::new()).collect() }
    }
}

impl Traffic {
    pub fn record(&self, route: Route, method: &Method, status: StatusCode, duration: Duration) {
        let place =
            (route.number() * METHODS.len() + method_number(method)) * CLASSES.len() + class_of(status);
        if let Some(histogram) = self.histograms.get(place) {
            histogram.get_or_init(|| Box::new(Histogram::of_durations())).record_duration(duration);
        }
    }

    /// The name of a route.
    pub fn name(&self, route: Route) -> &'static str {
        self.routes.names().get(route.number()).copied().unwrap_or_default()
    }

    /// The combinations that have occurred. Failures of a route that is in use are included even if there were none,
    /// because a monitoring system sees the first failure only if it has seen that there was none.
    pub fn durations(&self) -> impl Iterator<Item = Durations> {
        let methods = |route| METHODS.into_iter().map(move |method| (route, method));
        let requests = self.routes.names().iter().copied().flat_map(methods);
        let used =
            requests.zip(self.histograms.chunks(CLASSES.len())).filter(|(_, classes)| is_used(classes));
        used.flat_map(|((route, method), classes)| {
            CLASSES.into_iter().zip(classes).filter_map(move |(status, histogram)| {
                let recorded = match (status, histogram.get()) {
                    (_, Some(histogram)) => histogram.recorded(),
                    ("5xx", None) => Histogram::of_durations().recorded(),
                    (_, None) => return None,
                };
                Some(Durations { route, method, status, recorded })
            })
        })
    }
}

fn is_used(classes: &[OnceLock<Box<Histogram>>]) -> bool {
    classes.iter().any(|histogram| histogram.get().is_some())
}

fn method_number(method: &Method) -> usize {
    match *method {
        Method::GET => 0,
        Method::HEAD => 1,
        Method::POST => 2,
        Method::PUT => 3,
        Method::PATCH => 4,
        Method::DELETE => 5,
        Method::OPTIONS => 6,
        _ => 7,
    }
}

fn class_of(status: StatusCode) -> usize {
    usize::from(status.as_u16() / 100).saturating_sub(1).min(CLASSES.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_combination_has_a_histogram_of_its_own() {
        let traffic = Traffic::default();
        assert_eq!(traffic.durations().count(), 0);
        let last = Route::last(&traffic.routes);
        for (route, method, status) in [
            (Route::GATEWAY, Method::GET, 200),
            (Route::GATEWAY, Method::GET, 204),
            (Route::GATEWAY, Method::TRACE, 599),
            (last, Method::OPTIONS, 500),
            (last, Method::CONNECT, 999),
        ] {
            traffic.record(route, &method, StatusCode::from_u16(status).unwrap(), Duration::from_millis(1));
        }
        let counted: Vec<_> = traffic
            .durations()
            .map(|durations| {
                (durations.route, durations.method, durations.status, durations.recorded.count())
            })
            .collect();
        let name = *traffic.routes.names().last().unwrap();
        assert_eq!(
            counted,
            [
                ("gateway", "GET", "2xx", 2),
                ("gateway", "GET", "5xx", 0),
                ("gateway", "other", "5xx", 1),
                (name, "OPTIONS", "5xx", 1),
                (name, "other", "5xx", 1)
            ]
        );
    }
}
