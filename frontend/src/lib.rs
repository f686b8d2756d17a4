//! Starts Keystead's console in the browser.
