//! Evaluation of expressions: values, operators, functions, and the binary and text forms of values.
//!
//! Everything outside of the expression comes from a [`World`]: names, the clock, random numbers, the state of sessions. So
//! evaluation itself has no side effects and can be tested without a network.

mod binary;
mod expr;
mod fault;
mod format;
mod functions;
mod names;
mod operators;
mod sequences;
#[cfg(test)]
pub(in crate::talk) mod tests;
mod value;
mod vars;

pub use binary::{fixed_len, read, read_decimal, write};
pub(in crate::talk) use expr::evaluate_whole;
pub use expr::{count, duration, evaluate, size, truth};
pub use fault::{Fault, FaultKind};
pub use format::{decoded, formatted, text_bytes, text_of};
pub use names::Names;
pub use value::{Kind, LONGEST, Number, Value};
pub use vars::{Layers, Vars};

use super::tree::Path;
use crate::codec::Encoding;

/// What an expression can see outside of itself.
pub trait World {
    /// The value of a name; `None`: it has none here.
    fn value(&mut self, name: &Path) -> Option<Value>;

    /// The encoding of the session's text.
    fn encoding(&self) -> Encoding;

    /// The clock.
    fn now(&mut self) -> jiff::Zoned;

    /// 64 random bits.
    fn random(&mut self) -> u64;

    /// A variable of the environment.
    fn environment(&mut self, _name: &str) -> Option<String> {
        None
    }

    /// The local port of a session; without a name, of the only one.
    fn port(&mut self, _session: Option<&str>) -> Option<u16> {
        None
    }

    /// Whether a session has a connection.
    fn is_open(&mut self, _session: Option<&str>) -> Option<bool> {
        None
    }

    /// How often a rule has acted.
    fn hits(&mut self, _rule: &str) -> Option<u64> {
        None
    }

    /// A field of the certificate of a TLS session.
    fn certificate(&mut self, _session: Option<&str>, _field: Option<&str>) -> Option<String> {
        None
    }
}
