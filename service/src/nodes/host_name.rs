//! The name of the machine, which names a node unless the settings do.

/// The name of the machine, or `localhost` if it is unknown. In a container, this is the name of the container.
#[cfg(target_os = "linux")]
pub fn host_name() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    if name.is_empty() { "localhost".to_owned() } else { name }
}

#[cfg(not(target_os = "linux"))]
pub fn host_name() -> String {
    "localhost".to_owned()
}
