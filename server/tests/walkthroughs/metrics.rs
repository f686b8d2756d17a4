//! Metrics: the commands of `docs/operate/metrics.md`. The configurations in `deploy/` are run by the tests of metrics.

use crate::machine::Machine;
use crate::page::Page;
use crate::pebble::free_port;

#[tokio::test]
async fn the_metrics_are_read_where_the_page_says() {
    let (mut page, mut machine) = (Page::read("operate/metrics.md"), Machine::new());
    machine.call("127.0.0.1:9464", &format!("127.0.0.1:{}", free_port()));
    let block = page.block("--metrics-listen");
    let (serve, curl) = block.split_once('\n').unwrap();
    let _server = machine.serve(serve);
    let metrics = machine.run(curl).await;
    assert!(metrics.contains("keystead_build_info{"), "{metrics}");
    page.end();
}
