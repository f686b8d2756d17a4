//! Opens the page that shows the code.

use reqwest::Client;

/// A person who is signed in to the console.
pub struct Visitor {
    client: Client,
    address: String,
    cookie: String,
}

impl Visitor {
    pub async fn sign_in(address: &str, email: &str, password: &str) -> Self {
        let client = Client::builder().no_proxy().build().unwrap();
        let request = client.post(format!("{address}/console/api/session/sign_in"));
        let request = request.header("origin", address).header("accept", "application/json");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(format!("email={email}&password={password}")).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { client, address: address.to_owned(), cookie }
    }

    /// The code that the page shows for a language, as a person would copy it.
    pub async fn code_shown(&self, language: &str) -> String {
        let request = self.client.get(format!("{}/connect?for={language}", self.address));
        let answer = request.header("cookie", &self.cookie).header("accept", "text/html").send().await;
        let page = answer.unwrap().text().await.unwrap();
        let (_, rest) = page.split_once("<code id=\"snippet\">").unwrap_or_else(|| panic!("no code: {page}"));
        let (code, _) = rest.split_once("</code>").unwrap();
        // The framework's markers between texts.
        let code = code.replace("<!>", "").replace("<!---->", "");
        let letters = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")];
        letters.into_iter().fold(code, |code, (name, letter)| code.replace(name, letter))
    }
}
