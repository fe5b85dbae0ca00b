//! What the expressions of rules see.

use crate::codec::Encoding;
use crate::talk::eval::{Names, Value, Vars, World};
use crate::talk::modbus::Registers;
use crate::talk::tree::Path;
use std::sync::Arc;

/// What rules need from outside: the clock, random numbers, the environment.
pub trait Outside {
    /// The clock.
    fn now(&mut self) -> jiff::Zoned;
    /// 64 random bits.
    fn random(&mut self) -> u64;
    /// A variable of the environment.
    fn environment(&mut self, name: &str) -> Option<String>;
    /// The local port of the session.
    fn port(&mut self) -> Option<u16>;
}

/// The state that all connections of a session share.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    /// The variables of the run.
    pub vars: Vars,
    /// How often each rule has acted.
    pub hits: Vec<u64>,
    /// The registers that `serve modbus-tcp` serves, and whether unit 0 gets no answer.
    pub registers: Option<(Registers, bool)>,
    /// The names of the rules.
    pub(super) names: Vec<Option<Arc<str>>>,
}

/// What one expression sees.
pub(super) struct RuleWorld<'a> {
    pub shared: &'a mut Shared,
    pub own: Option<&'a Names>,
    pub encoding: Encoding,
    pub outside: &'a mut dyn Outside,
    pub peer: Option<&'a Arc<str>>,
    pub frame: Option<&'a Arc<[u8]>>,
    pub round: Option<u64>,
    /// What is before the names of the variables of a used file; empty: it is the file itself.
    pub scope: &'a str,
}

impl<'a> RuleWorld<'a> {
    /// Without a connection.
    pub fn of_file(shared: &'a mut Shared, encoding: Encoding, outside: &'a mut dyn Outside) -> Self {
        Self { shared, own: None, encoding, outside, peer: None, frame: None, round: None, scope: "" }
    }
}

impl World for RuleWorld<'_> {
    fn value(&mut self, name: &Path) -> Option<Value> {
        let dotted;
        let name = match name.single() {
            Some(name) => name,
            None => {
                dotted = name.dotted();
                &*dotted
            }
        };
        if !self.scope.is_empty()
            && let Some(value) = self.shared.vars.get(&format!("{}{name}", self.scope))
        {
            return Some(value);
        }
        let set = self.own.and_then(|own| own.get(name).cloned()).or_else(|| self.shared.vars.get(name));
        if set.is_some() {
            return set;
        }
        match name {
            "peer" => self.peer.map(|peer| Value::Text(peer.clone())),
            "frame" => self.frame.map(|frame| Value::Bytes(frame.clone())),
            "round" => self.round.map(|round| Value::Int(i128::from(round))),
            _ => None,
        }
    }

    fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn now(&mut self) -> jiff::Zoned {
        self.outside.now()
    }

    fn random(&mut self) -> u64 {
        self.outside.random()
    }

    fn environment(&mut self, name: &str) -> Option<String> {
        self.outside.environment(name)
    }

    fn port(&mut self, _session: Option<&str>) -> Option<u16> {
        self.outside.port()
    }

    fn is_open(&mut self, _session: Option<&str>) -> Option<bool> {
        Some(self.own.is_some())
    }

    fn hits(&mut self, rule: &str) -> Option<u64> {
        let of_used = (!self.scope.is_empty()).then(|| format!("{}{rule}", self.scope));
        let is = |wanted: &str| self.shared.names.iter().position(|name| name.as_deref() == Some(wanted));
        let index = of_used.and_then(|of_used| is(&of_used)).or_else(|| is(rule))?;
        self.shared.hits.get(index).copied()
    }
}
