//! Readable text from the words of the API.

/// Turns a word of the API into readable text: `storage_connection` becomes `Storage connection`.
pub fn spaced(word: &str) -> String {
    let mut letters = word.replace('_', " ").chars().collect::<Vec<_>>();
    if let Some(first) = letters.first_mut() {
        first.make_ascii_uppercase();
    }
    letters.into_iter().collect::<String>().replace("Api key", "API key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_api_become_readable_text() {
        for (word, text) in [("storage_connection", "Storage connection"), ("api_key", "API key"), ("", "")] {
            assert_eq!(spaced(word), text);
        }
    }
}
