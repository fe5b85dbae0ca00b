//! The connections of a session: their form, addresses, ports, peers and rates.

pub mod addresses;
pub mod card;
pub mod form;
pub mod opening;
pub mod panel;
pub mod peer_list;
pub mod peers;
pub mod port_search;
pub mod ports;
pub mod rates;
pub mod reconnect;
pub mod tls;
pub mod tls_form;
