//! The table of results. Each row shows a figure next to that of its opponent.

pub struct Row {
    /// The number of the goal, or its subject.
    pub goal: &'static str,
    pub what: String,
    /// Keystead's figure.
    pub ours: String,
    /// The opponent's figure, measured in alternation.
    pub opponent: String,
    /// Keystead's figure divided by the opponent's.
    pub ratio: Option<f64>,
    /// The goal.
    pub wanted: String,
    /// Whether the goal is met.
    pub verdict: Verdict,
}

pub enum Verdict {
    Met,
    /// The goal is missed by this factor, which is above 1.
    MissedBy(f64),
    /// There is no goal.
    Told,
    /// The figure was not measured, for this reason.
    NotMeasured(String),
}

impl Verdict {
    /// Met, or missed by `factor`.
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

/// Prints the table in Markdown.
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

/// Formats a factor.
pub fn times(ratio: f64) -> String {
    if ratio >= 100.0 { format!("{ratio:.0} ×") } else { format!("{ratio:.2} ×") }
}

pub fn ms(milliseconds: f64) -> String {
    format!("{milliseconds:.1} ms")
}

pub fn us(microseconds: f64) -> String {
    format!("{microseconds:.0} µs")
}

/// Formats a rate.
pub fn per_second(rate: f64) -> String {
    format!("{}/s", number(rate))
}

/// Formats a whole number with its digits grouped.
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
