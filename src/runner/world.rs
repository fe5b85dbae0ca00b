//! What expressions see during a run.

use super::link::Link;
use crate::codec::Encoding;
use crate::model::random_bits;
use crate::talk::eval::{Names, Value, Vars, World};
use crate::talk::tree::{Name, Path, Span};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The values of a run and of its present step.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Variables of the run, which its rules have as well.
    pub run: Vars,
    /// The name of the present step.
    pub step: Arc<str>,
    /// Names of the step.
    pub own: Names,
    /// Number of the present round of the innermost repeat, from 0.
    pub round: Option<u64>,
    /// From the last send to the first byte of the last match.
    pub answer_time: Option<Duration>,
    /// The last matched frame or bytes.
    pub frame: Option<Arc<[u8]>>,
    /// Address of the peer of the last match.
    pub peer: Option<String>,
    /// How often the present command was sent before.
    pub sends: u64,
    /// How often each command was sent.
    pub sent: BTreeMap<Span, u64>,
}

/// What an expression sees.
pub(super) struct Sight<'a> {
    /// The values.
    pub memory: &'a Memory,
    /// The sessions.
    pub links: &'a [Link],
    /// The encoding of texts.
    pub encoding: Encoding,
}

impl Sight<'_> {
    fn link(&self, name: Option<&str>) -> Option<&Link> {
        match name {
            Some(name) => self.links.iter().find(|link| link.name == name),
            None => self.links.first().filter(|_| self.links.len() == 1),
        }
    }
}

impl World for Sight<'_> {
    fn value(&mut self, name: &Path) -> Option<Value> {
        let dotted = name.dotted();
        let set = self.memory.own.get(&dotted).cloned().or_else(|| self.memory.run.get(&dotted));
        if set.is_some() {
            return set;
        }
        match dotted.as_str() {
            "round" => self.memory.round.map(|round| Value::Int(round.into())),
            "answer_time" => self.memory.answer_time.map(|time| Value::Float(time.as_secs_f64())),
            "frame" => self.memory.frame.clone().map(Value::Bytes),
            "peer" => self.memory.peer.clone().map(Value::text),
            "n" => Some(Value::Int(self.memory.sends.into())),
            _ => None,
        }
    }

    fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn now(&mut self) -> jiff::Zoned {
        jiff::Zoned::now()
    }

    fn random(&mut self) -> u64 {
        random_bits()
    }

    fn environment(&mut self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn port(&mut self, session: Option<&str>) -> Option<u16> {
        self.link(session)?.state.local().map(|local| local.port())
    }

    fn is_open(&mut self, session: Option<&str>) -> Option<bool> {
        self.link(session).map(|link| link.peers.values().any(|peer| peer.is_open))
    }
}

/// What the variables of a used file see: its names have something before them here.
pub(super) struct Scoped<'a> {
    /// What the file that uses it sees.
    pub world: &'a mut dyn World,
    /// Empty, or `common.`.
    pub prefix: &'a str,
}

impl World for Scoped<'_> {
    fn value(&mut self, name: &Path) -> Option<Value> {
        let before = self.prefix.split_terminator('.').map(|part| Name::new(part.to_owned(), name.span));
        let names = before.chain(name.names.iter().cloned()).collect();
        self.world.value(&Path { names, span: name.span }).or_else(|| self.world.value(name))
    }

    fn encoding(&self) -> Encoding {
        self.world.encoding()
    }

    fn now(&mut self) -> jiff::Zoned {
        self.world.now()
    }

    fn random(&mut self) -> u64 {
        self.world.random()
    }

    fn environment(&mut self, name: &str) -> Option<String> {
        self.world.environment(name)
    }
}
