//! Whether a server answers, and whether it has what it needs.

use std::net::SocketAddr;

use rlimit::Resource;

use super::Finding;
use crate::boot::limits;
use crate::cli::healthcheck::{ask, body_of, local_host, message_of, status_of};
use crate::config::HttpSettings;

const CHECK: &str = "server";
const FORWARDED: &str = "proxies";
/// The metric that counts requests with an ignored `X-Forwarded-For`.
const UNTRUSTED: &str = "keystead_untrusted_forwarded_total ";

pub(super) fn open_files(settings: &HttpSettings) -> Finding {
    let wanted = limits::files_wanted(settings.connections_max_of_all_ports());
    match Resource::NOFILE.get_hard() {
        Ok(given) if given < wanted => Finding::warning(
            "limits",
            format!(
                "A process of this user may open {given} files, and the server may need {wanted}. Raise the hard limit \
                 (LimitNOFILE of systemd), or lower --connections-max (KEYSTEAD_CONNECTIONS_MAX)."
            ),
        ),
        Ok(_) => {
            Finding::ok("limits", format!("A process may open the {wanted} files that the server may need."))
        }
        Err(error) => Finding::warning("limits", format!("The limit of open files is not known ({error}).")),
    }
}

pub(super) fn check(settings: &HttpSettings) -> Vec<Finding> {
    let Ok(host) = local_host(settings.listen) else {
        let message = "The system chooses the port of the server, so it cannot be asked. Use keystead healthcheck --url.";
        return vec![Finding::warning(CHECK, message)];
    };
    let Ok(answer) = ask(host.clone(), "/readyz") else {
        let message =
            format!("No server answers at {host}. If one should run, start it and look at its log.");
        return vec![Finding::warning(CHECK, message)];
    };
    let is_ready = status_of(&answer) == Some(200);
    let mut findings = vec![of_answer(&host, &answer)];
    if is_ready {
        findings.push(of_forwarded(settings.metrics_listen));
    }
    findings
}

fn of_answer(host: &str, answer: &[u8]) -> Finding {
    let body = body_of(answer).and_then(|body| serde_json::from_slice::<serde_json::Value>(body).ok());
    let is_full = body.is_some_and(|body| body.get("disk").is_some_and(|disk| disk == "full"));
    match status_of(answer) {
        Some(200) if is_full => {
            let message =
                format!("The server at {host} refuses changes, because the disk of its database is full.");
            Finding::problem(CHECK, format!("{message} Make room."))
        }
        Some(200) => Finding::ok(CHECK, format!("The server at {host} can verify keys.")),
        Some(status) => {
            let message = message_of(answer).unwrap_or_default();
            let message = format!("The server at {host} responds with {status}. {message}");
            Finding::problem(CHECK, message.trim_end())
        }
        None => Finding::problem(
            CHECK,
            format!(
                "Another program answers at {host}. Stop it, or choose another --listen (KEYSTEAD_LISTEN)."
            ),
        ),
    }
}

/// Whether a proxy is in front of the server that the settings do not name.
fn of_forwarded(metrics: Option<SocketAddr>) -> Finding {
    let counted = metrics.and_then(|metrics| {
        let answer = ask(local_host(metrics).ok()?, "/metrics").ok()?;
        count_in(&String::from_utf8_lossy(body_of(&answer)?))
    });
    match counted {
        Some(0) => Finding::ok(FORWARDED, "No request had an X-Forwarded-For that was ignored."),
        Some(count) => Finding::warning(
            FORWARDED,
            format!(
                "{count} requests had an X-Forwarded-For that was ignored, because it did not come from a trusted proxy. \
                 The log has an address. If it is your proxy, name it in --trusted-proxies (KEYSTEAD_TRUSTED_PROXIES)."
            ),
        ),
        None => Finding::ok(
            FORWARDED,
            "Whether a proxy has to be named in --trusted-proxies is in the log (X-Forwarded-For was ignored). With \
             --metrics-listen, this command can say it.",
        ),
    }
}

fn count_in(metrics: &str) -> Option<u64> {
    metrics.lines().find_map(|line| line.strip_prefix(UNTRUSTED))?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: &str, body: &str) -> Vec<u8> {
        format!("HTTP/1.1 {status}\r\n\r\n{body}").into_bytes()
    }

    #[test]
    fn the_answer_of_a_server_is_judged() {
        for (given, level, part) in [
            (answer("200 OK", r#"{"status":"ok"}"#), "ok", "can verify keys"),
            (answer("200 OK", r#"{"status":"ok","disk":"full"}"#), "problem", "full"),
            (answer("503 x", r#"{"error":{"message":"Stopping."}}"#), "problem", "503. Stopping."),
            (b"SSH-2.0-x".to_vec(), "problem", "Another program"),
        ] {
            let line = of_answer("127.0.0.1:1", &given).text();
            assert!(line.starts_with(level) && line.contains(part), "{line}");
        }
    }

    #[test]
    fn the_count_is_found_among_the_metrics() {
        let text = "# TYPE keystead_untrusted_forwarded counter\nkeystead_untrusted_forwarded_total 17\n";
        assert_eq!((count_in(text), count_in("# EOF\n")), (Some(17), None));
    }
}
