//! The pages about gateways, which check the keys of requests for proxies.

mod actions;
mod create;
mod dialogs;
mod edit;
mod facts;
mod fields;
mod form;
mod gateway;
mod labels;
mod list;
mod page;
mod path;
mod remove;
mod row;
mod rule_row;
mod rules;

pub use gateway::GatewayPage;
pub use page::GatewaysPage;
