//! Keystead's console.
