//! Checks where traces are sent.

use std::ffi::OsStr;
use std::path::Path;

use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::number::number;
use super::{SettingError, TraceArgs, is_open_to_others, read_secret_file, readable_by_others};

/// A collector of traces.
#[derive(Clone)]
pub struct TraceSettings {
    pub endpoint: Url,
    /// Sent with the spans. They may contain secrets.
    pub headers: HeaderMap,
    /// How many of a hundred requests are traced if the client does not decide.
    pub percent: u32,
}

impl std::fmt::Debug for TraceSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TraceSettings").field("percent", &self.percent).finish_non_exhaustive()
    }
}

impl TraceArgs {
    pub(super) fn check(&self) -> Result<Option<TraceSettings>, SettingError> {
        let percent = number("traces_percent", &self.traces_percent, 0..=100)?;
        let headers = self.otlp_headers_file.as_deref().map(headers).transpose()?.unwrap_or_default();
        let endpoint = self.otlp_endpoint.as_deref().map(endpoint).transpose()?;
        Ok(endpoint.map(|endpoint| TraceSettings { endpoint, headers, percent }))
    }
}

fn endpoint(text: &str) -> Result<Url, SettingError> {
    let refuse = |given| {
        let right =
            "Give the address of a collector that accepts OTLP over gRPC, such as http://127.0.0.1:4317.";
        SettingError::new("otlp_endpoint", given, right)
    };
    let url = Url::parse(text.trim()).map_err(|_| refuse("is not an address"))?;
    if !["http", "https"].contains(&url.scheme()) || !url.has_host() {
        return Err(refuse("does not begin with http:// or https://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(
            "contains a user or a password, which belong into the file of --otlp-headers-file",
        ));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("has a path, which OTLP over gRPC does not use"));
    }
    Ok(url)
}

fn headers(file: &OsStr) -> Result<HeaderMap, SettingError> {
    const NAME: &str = "otlp_headers_file";
    let refuse = |given: String| {
        SettingError::new(NAME, given, "Give a file with lines such as authorization: Bearer TOKEN.")
    };
    if is_open_to_others(Path::new(file)) {
        let given = format!("names {}, which other users can read", file.display());
        return Err(SettingError::new(NAME, given, readable_by_others(file)));
    }
    let text = read_secret_file(Path::new(file))
        .map_err(|trouble| refuse(format!("names a file that {trouble}")))?;
    let mut headers = HeaderMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (name, value) = header(line)
            .ok_or_else(|| refuse(format!("names a file whose line {} is not a header", index + 1)))?;
        headers.append(name, value);
    }
    Ok(headers)
}

fn header(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(':')?;
    let mut value = HeaderValue::from_str(value.trim()).ok()?;
    value.set_sensitive(true);
    Some((HeaderName::try_from(name.trim()).ok()?, value))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn args(endpoint: Option<&str>, percent: &str) -> TraceArgs {
        TraceArgs {
            otlp_endpoint: endpoint.map(str::to_owned),
            otlp_headers_file: None,
            traces_percent: percent.to_owned(),
        }
    }

    #[test]
    fn a_collector_is_an_address_without_a_path() {
        for good in ["http://127.0.0.1:4317", " https://otlp.example.com ", "http://[::1]:4317/"] {
            assert!(args(Some(good), "1").check().unwrap().is_some(), "{good}");
        }
        for (bad, given) in [
            ("", "is not an address"),
            ("127.0.0.1:4317", "is not an address"),
            ("grpc://127.0.0.1", "does not begin with http:// or https://"),
            ("http://me:hunter2@collector", "contains a user or a password"),
            ("https://otlp.example.com/v1/traces", "has a path"),
        ] {
            let error = args(Some(bad), "1").check().unwrap_err().to_string();
            assert!(error.contains(given) && !error.contains("hunter2"), "{bad}: {error}");
        }
        assert!(args(None, "1").check().unwrap().is_none());
        assert!(args(None, "101").check().unwrap_err().to_string().contains("KEYSTEAD_TRACES_PERCENT"));
    }

    #[test]
    fn headers_come_from_a_file_of_this_user() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let read = |text: &str| {
            fs::write(file.path(), text).unwrap();
            headers(file.path().as_os_str())
        };
        let read_both = read("authorization: Bearer hunter2\n\nx-scope-orgid: 4:711\n").unwrap();
        assert_eq!(read_both["authorization"], "Bearer hunter2");
        assert_eq!(read_both["x-scope-orgid"], "4:711");
        assert!(!format!("{read_both:?}").contains("hunter2"));
        for bad in ["hunter2", "a b: hunter2", "authorization: hun\u{7f}ter2"] {
            let error = read(bad).unwrap_err().to_string();
            assert!(error.contains("line 1") && !error.contains("hunter2"), "{error}");
        }
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644)).unwrap();
        assert!(headers(file.path().as_os_str()).unwrap_err().to_string().contains("chmod"));
    }
}
