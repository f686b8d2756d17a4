//! Rebuilds the crate when a migration is added: the macro that embeds them cannot watch a folder.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
