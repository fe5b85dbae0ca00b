//! Reading TLS from outside: hellos, names of registered numbers, certificates. Pure functions on untrusted bytes.

mod certificate;
mod der;
mod hello;
mod names;

pub use certificate::{certificate, fingerprint};
pub use hello::{HelloReader, is_record_start};
pub use names::{KeyExchange, alert_name, group_name, key_exchange, suite_name, version_name};
