//! Ways to run the server: `docs/operate/install.md`. `scripts/packages` runs the commands of the Debian package, the
//! image and the secrets of Docker Compose, because they need the release binary.

use std::fs;

use crate::machine::Machine;
use crate::page::Page;

#[tokio::test]
async fn the_commands_without_packages_work_as_they_stand_there() {
    let (mut page, mut machine) = (Page::read("operate/install.md"), Machine::new());
    let binary = page.block("sudo cp target/release/keystead");
    let (_build, serve) = binary.split_once("/usr/local/bin/\n").unwrap();
    let server = machine.serve(serve);
    assert_eq!(server.address, "https://keys.example.com");
    assert!(machine.path("/var/lib/keystead/keystead.db").exists());
    drop(server);

    page.not_here("make deb", "scripts/packages installs the package");
    page.not_here("journalctl", "there is no journal");
    let config = page.block("keystead config check");
    let settings =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/debian/keystead.toml")).unwrap();
    fs::write(machine.path("/etc/keystead/keystead.toml"), machine.translated(&settings)).unwrap();
    machine.call("sudo systemctl restart keystead", "true");
    machine.run(&config).await;
    machine.bootstrap("").await;
    machine.call("sudo -u keystead ", "");
    assert!(machine.run(&page.block("keystead user list --config")).await.contains("ada@acme.example"));
    page.not_here("systemctl edit", "there is no systemd; scripts/packages checks the unit");
    page.not_here("apt purge", "scripts/packages removes and purges the package");
    page.not_here("docker build", "scripts/packages builds and runs the image without Docker");
    page.not_here("docker exec", "scripts/packages runs the command in the image");
    page.not_here("compose.yaml", "there is no Docker; scripts/packages checks the file");
    page.not_here("openssl rand", "scripts/packages runs these commands as root");
    page.not_here("compose.postgres.yaml", "there is no Docker; scripts/packages checks the file");
    page.not_here("kubernetes/sqlite.yaml", "there is no cluster; scripts/packages checks the file");
    page.not_here("kubernetes/postgres.yaml", "there is no cluster; scripts/packages checks the file");

    let server = machine.serve(&page.block("--trusted-proxies"));
    assert_eq!(server.address, "https://keys.example.com");
    page.end();
}
