//! Fuzzes the page to show after signing in, which the URL names.

use app::next::{START, page_after_sign_in, sign_in_page};
use app::query::Query;
use percent_encoding::percent_decode_str;
use url::Url;

/// The input is the page that was asked for.
pub fn next_page(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let page = page_after_sign_in(Some(text));
    assert!(page == text || page == START, "{text}");

    // Even after a browser or an intermediary has decoded it several times, it does not lead to another site.
    let mut spelling = page.to_owned();
    for _ in 0..4 {
        stays(&spelling);
        let decoded = percent_decode_str(&spelling).decode_utf8_lossy().into_owned();
        // The query and the fragment do not affect which site a browser goes to.
        decoded.split(['?', '#']).next().unwrap_or_default().clone_into(&mut spelling);
    }
    let sign_in = sign_in_page(page, true);
    stays(&sign_in);
    let query = sign_in.split_once('?').map(|(_, query)| Query::parse(query)).unwrap_or_default();
    let back = page_after_sign_in(query.get("next"));
    assert!(back == page || (page == "/" && back == START), "{text}");
}

/// A browser that follows a link to `page` from the sign-in page stays on this site.
fn stays(page: &str) {
    let Ok(base) = Url::parse("https://keys.example.com/login") else { return };
    let there = base.join(page);
    assert!(there.is_ok_and(|there| there.origin() == base.origin()), "{page}");
}
