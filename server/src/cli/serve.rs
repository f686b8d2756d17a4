//! `keystead serve`

use std::time::Duration;

use clap::Args;
use tokio::{
    signal::unix::{SignalKind, signal},
    time::timeout,
};

use super::{Failure, print_line};
use crate::{boot, config::ServeArgs, listener};

/// Most time for writing what was counted in memory, before the process ends.
const LAST_WRITE_MAX: Duration = Duration::from_secs(5);

#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    settings: ServeArgs,
}

impl Serve {
    pub(super) fn run(self) -> Result<(), Failure> {
        let settings = self.settings.check()?;
        boot::logs::start(&settings.log);
        boot::limits::set(settings.http.connections_max);
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
            // Listened for before the address is printed: a signal right after it must not kill.
            let (mut interrupt, mut terminate) =
                (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
            let server = boot::start(&settings).await?;
            let background = server.service().start_background();
            print_line(&format!("Keystead is ready at {}", server.address()))?;
            listener::serve(server, async move {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                tracing::info!("stopping");
            })
            .await;
            // The last uses of keys are written.
            let _too_slow = timeout(LAST_WRITE_MAX, background.stop()).await;
            tracing::info!("stopped");
            Ok(())
        })
    }
}
