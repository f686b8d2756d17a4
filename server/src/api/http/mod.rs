//! HTTP as the REST API speaks it: from the path, the credential and the body of a request to its response, whatever
//! the endpoint. The handlers of the endpoints are in the folders beside this one.

pub(crate) mod auth;
pub(crate) mod body;
pub(super) mod call;
pub(super) mod client_secret;
pub(super) mod dispatch;
pub(crate) mod envelope;
pub(super) mod failure;
pub(crate) mod json;
pub(super) mod path;
pub(super) mod precondition;
pub(crate) mod problem;
pub(super) mod query;
pub(super) mod response;
