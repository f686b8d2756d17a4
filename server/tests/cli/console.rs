//! Requests to the console of a running server, as a browser without script makes them.

use reqwest::{Client, Response, StatusCode};

use crate::program::Running;

pub fn client() -> Client {
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub async fn post(server: &Running, path: &str, form: &[(&str, &str)]) -> Response {
    let mut url = reqwest::Url::parse(&format!("{}/console/api/{path}", server.address)).unwrap();
    url.query_pairs_mut().extend_pairs(form);
    let body = url.query().unwrap_or_default().to_owned();
    url.set_query(None);
    let request = client().post(url).header("origin", &server.address).header("accept", "application/json");
    request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap()
}

pub async fn signs_in(server: &Running, email: &str, password: &str) -> bool {
    let form = [("email", email), ("password", password)];
    post(server, "session/sign_in", &form).await.status() == StatusCode::OK
}

/// The session cookie that an answer sets.
pub fn cookie(answer: &Response) -> String {
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

pub async fn is_signed_in(server: &Running, cookie: &str) -> bool {
    let request = client().get(format!("{}/account", server.address)).header("accept", "text/html");
    request.header("cookie", cookie).send().await.unwrap().status() == StatusCode::OK
}
