//! A request of the table, completed for a server of its own.

use model::gateway::GatewayDraft;
use serde_json::{Value, json};

use crate::support::{Client, MEMBER, Reply, TestServer, encode, keys_of};
use crate::table::{SERVICE_ACCOUNTS, SNIPPET};

pub struct Case {
    pub server: TestServer,
    method: &'static str,
    path: String,
    body: String,
}

impl Case {
    /// Starts a server and creates everything that the request refers to. If `body` is a JSON string, its text is sent
    /// without JSON quotes.
    pub async fn start(method: &'static str, path: &str, body: &Value) -> Self {
        let server = TestServer::start().await;
        let key = server.admin().post(&keys_of(MEMBER), json!({"name": "ci"})).await.ok();
        let service_account = server.bed.service_account(&server.org, "robot", &[]).await.service_account_id;
        let gateway = server.bed.gateway(&server.org, GatewayDraft::default()).await;
        let record = server.bed.audit(&server.org.caller).await.remove(0);
        let id = if path.starts_with(SERVICE_ACCOUNTS) {
            service_account.as_str()
        } else {
            key["key_id"].as_str().unwrap()
        };
        let fill = |text: &str| {
            text.replace("{user_email}", &encode(MEMBER))
                .replace("{key_name}", "ci")
                .replace("{key_id}", key["key_id"].as_str().unwrap())
                .replace("{audit_id}", record.audit_id.as_str())
                .replace("{organization_id}", server.org.organization_id.as_str())
                .replace("{gateway_id}", gateway.gateway_id.as_str())
                .replace("{service_account}", service_account.as_str())
                .replace("{id}", id)
        };
        let query = if path == SNIPPET { "?proxy=nginx&server=http://127.0.0.1:3000" } else { "" };
        let path = fill(path) + query;
        let body = match body {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            body => fill(&body.to_string()),
        };
        Self { server, method, path, body }
    }

    pub async fn send(&self, client: &Client) -> Reply {
        client.send(self.method, &self.path, &[], self.body.clone().into()).await
    }
}
