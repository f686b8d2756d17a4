//! The server around the service: settings, connections, guards, files.

mod assets;
mod connections;
mod documentation;
mod framing;
mod guards;
mod headers;
mod process;
mod settings;
mod support;
