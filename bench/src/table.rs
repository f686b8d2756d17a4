//! The table: one row a goal, each figure beside its opponent's.

/// A row.
pub struct Row {
    /// The goal's number, or its subject.
    pub goal: &'static str,
    /// What was measured.
    pub what: String,
    /// Keystead's figure.
    pub ours: String,
    /// The other's, taken in the same minutes.
    pub opponent: String,
    /// Keystead's through the other's.
    pub ratio: Option<f64>,
    /// What was wished for.
    pub wanted: String,
    /// Whether it is so.
    pub verdict: Verdict,
}

/// Whether a goal is met.
pub enum Verdict {
    /// It is.
    Met,
    /// It is missed by this factor, above 1.
    MissedBy(f64),
    /// Nothing was wished for.
    Told,
    /// It was not measured, for a reason.
    NotMeasured(String),
}

impl Verdict {
    /// Met, or missed by a factor.
    pub fn of(is_met: bool, factor: f64) -> Self {
        if is_met { Self::Met } else { Self::MissedBy(factor) }
    }
}

impl Row {
    /// A row without figures.
    pub fn not_measured(
        goal: &'static str,
        what: impl Into<String>,
        wanted: impl Into<String>,
        why: &str,
    ) -> Self {
        Self {
            goal,
            what: what.into(),
            ours: "–".to_owned(),
            opponent: "–".to_owned(),
            ratio: None,
            wanted: wanted.into(),
            verdict: Verdict::NotMeasured(why.to_owned()),
        }
    }
}

/// The table in Markdown.
pub fn print(rows: &[Row]) {
    println!("| goal | what | Keystead | opponent | ratio | wanted | |");
    println!("|---|---|---|---|---|---|---|");
    for Row { goal, what, ours, opponent, ratio, wanted, verdict } in rows {
        let ratio = ratio.map_or("–".to_owned(), times);
        let verdict = match verdict {
            Verdict::Met => "met".to_owned(),
            Verdict::MissedBy(factor) => format!("**missed** by {}", times(*factor)),
            Verdict::Told => String::new(),
            Verdict::NotMeasured(why) => format!("not measured: {why}"),
        };
        println!("| {goal} | {what} | {ours} | {opponent} | {ratio} | {wanted} | {verdict} |");
    }
}

/// A factor.
pub fn times(ratio: f64) -> String {
    if ratio >= 100.0 { format!("{ratio:.0} ×") } else { format!("{ratio:.2} ×") }
}

/// Milliseconds.
pub fn ms(milliseconds: f64) -> String {
    format!("{milliseconds:.1} ms")
}

/// Microseconds.
pub fn us(microseconds: f64) -> String {
    format!("{microseconds:.0} µs")
}

/// A rate.
pub fn per_second(rate: f64) -> String {
    format!("{}/s", number(rate))
}

/// A whole number with its digits grouped.
pub fn number(value: f64) -> String {
    let digits = format!("{value:.0}");
    let first = digits.len() % 3;
    let mut groups: Vec<&str> = Vec::new();
    if first > 0 {
        groups.extend(digits.get(..first));
    }
    groups.extend((first..digits.len()).step_by(3).filter_map(|at| digits.get(at..at + 3)));
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (value, text) in [(0.0, "0"), (999.0, "999"), (1000.0, "1,000"), (1_234_567.0, "1,234,567")] {
            assert_eq!(number(value), text);
        }
    }
}
