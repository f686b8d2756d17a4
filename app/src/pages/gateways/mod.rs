//! The organization's gateways: proxies that ask about keys.

mod address;
mod create;
mod edit;
mod facts;
mod fields;
mod form;
mod gateway;
mod list;
mod page;
mod remove;
mod row;
mod rule_row;
mod rules;
mod task;
mod words;

pub use gateway::GatewayPage;
pub use page::GatewaysPage;
