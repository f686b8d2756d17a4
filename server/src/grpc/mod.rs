//! Envoy's `ext_authz` over gRPC: `envoy.service.auth.v3.Authorization/Check`, on a port of its own.
//!
//! A call names its gateway in the metadata `x-keystead-gateway`. A call that cannot be answered fails. Envoy refuses
//! the request in that case, unless it is configured otherwise.

mod authorization;
mod check;
mod connection;
mod messages;

use tokio::net::TcpListener;
use tokio::sync::watch;

pub(crate) use self::authorization::Authorization;
use crate::listener::{ConnectionSlots, Limits, accept};

/// Serves Envoy until the server stops. The limits are the same as on the main port, but connections are counted
/// separately: clients that use all slots of one port take none of the other.
pub(crate) async fn serve(
    authorization: Authorization,
    places: ConnectionSlots,
    listener: TcpListener,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let watched = stopping.clone();
    loop {
        tokio::select! {
            biased;
            _changed = stopping.wait_for(|stopping| *stopping) => break,
            accepted = accept(&listener, &places) => {
                let Some(accepted) = accepted else { continue };
                tokio::spawn(connection::serve(accepted, authorization.clone(), limits, watched.clone()));
            }
        }
    }
    drop(listener);
    places.all_ended().await;
}
