//! An answer, and checks for what must be true of every answer.

use axum::response::Response;
use http::HeaderMap;
use http_body_util::BodyExt;
use serde_json::Value;

#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub async fn of(response: Response) -> Self {
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Self { status: head.status.as_u16(), headers: head.headers, body }
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Checks that this is a success, and returns its body.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.assert_conventions();
        self.json()
    }

    /// Returns the secret from the answer to a creation or rotation.
    #[track_caller]
    pub fn secret(&self) -> String {
        assert_eq!(self.header("cache-control"), Some("no-store"));
        self.ok()["key"].as_str().unwrap().to_owned()
    }

    /// Checks that this is an error of one kind, in the format of all errors. Returns its message.
    #[track_caller]
    pub fn refused(&self, status: u16, kind: &str) -> String {
        assert_eq!(self.status, status, "{}", self.text());
        self.assert_conventions();
        let body = self.json();
        assert_eq!((&body["success"], &body["status"]), (&Value::Bool(false), &Value::from(status)));
        assert_eq!(body["error"]["type"], kind);
        let details = &body["error"]["details"];
        assert!(details.is_object() || details.is_null(), "{body}");
        let members: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
        let expected: &[&str] = if status == 422 {
            &["detail", "error", "status", "success"]
        } else {
            &["error", "status", "success"]
        };
        let mut sorted = members;
        sorted.sort_unstable();
        assert_eq!(sorted, expected);
        body["error"]["message"].as_str().unwrap().to_owned()
    }

    /// Checks that this is a success in an envelope, and returns its data.
    #[track_caller]
    pub fn data(&self) -> Value {
        let mut body = self.ok();
        let data = body.as_object_mut().unwrap().remove("data");
        self.assert_envelope(&body);
        assert_eq!(body["message"], "success");
        data.unwrap_or_default()
    }

    /// Checks that this is an error in an envelope, and returns its message.
    #[track_caller]
    pub fn enveloped(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.text());
        self.assert_conventions();
        let body = self.json();
        self.assert_envelope(&body);
        body["message"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    fn assert_envelope(&self, body: &Value) {
        let mut members: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, ["code", "message", "requestId"], "{body}");
        assert_eq!(body["code"], self.status);
        assert_eq!(body["requestId"].as_str(), self.header("x-request-id"));
    }

    /// The status and the error, without what differs from request to request.
    #[track_caller]
    pub fn without_request_id(&self) -> (u16, Value) {
        let mut body = self.json();
        body.as_object_mut().unwrap().remove("requestId").unwrap();
        (self.status, body)
    }

    #[track_caller]
    pub fn tag(&self) -> String {
        self.header("etag").unwrap().to_owned()
    }

    /// Checks that this is a 422, and returns its broken rules, each as `place type`.
    #[track_caller]
    pub fn broken_rules(&self) -> Vec<String> {
        self.refused(422, "ValidationError");
        let body = self.json();
        let of = |list: &Value, place: &str, message: &str| -> Vec<(String, String)> {
            let items = list.as_array().unwrap().iter();
            let rule = |item: &Value| {
                let steps = item[place].as_array().unwrap().iter();
                let steps: Vec<_> = steps.map(|step| step.to_string().trim_matches('"').to_owned()).collect();
                (format!("{} {}", steps.join("/"), item["type"].as_str().unwrap()), item[message].to_string())
            };
            items.map(rule).collect()
        };
        let detail = of(&body["detail"], "loc", "msg");
        let validation_errors = of(&body["error"]["details"]["validation_errors"], "location", "message");
        assert_eq!(detail, validation_errors);
        detail.into_iter().map(|(rule, _)| rule).collect()
    }

    /// Checks what must be true of every answer of the API.
    #[track_caller]
    fn assert_conventions(&self) {
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert!(self.header("x-request-id").is_some_and(|id| !id.is_empty()));
        assert_eq!(self.header("www-authenticate"), (self.status == 401).then_some("Bearer"));
        assert_eq!(self.header("retry-after").is_some(), self.status == 429);
        assert_eq!(self.header("allow").is_some(), self.status == 405);
        assert_eq!(self.header("set-cookie"), None);
        assert!(!matches!(self.status, 300..400 | 500..), "{}", self.text());
    }
}
