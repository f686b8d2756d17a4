//! Rebuilds the crate when a migration is added. The macro that embeds the migrations does not watch the folder itself.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
