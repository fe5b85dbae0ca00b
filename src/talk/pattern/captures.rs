//! A world in which the captures of a pattern have values as well.

use crate::codec::Encoding;
use crate::talk::eval::{Value, World};
use crate::talk::tree::Path;
use std::sync::Arc;

/// The captures first, then the world below.
pub(super) struct With<'a> {
    world: &'a mut dyn World,
    captures: &'a [(Arc<str>, Value)],
}

impl<'a> With<'a> {
    pub fn new(world: &'a mut dyn World, captures: &'a [(Arc<str>, Value)]) -> Self {
        Self { world, captures }
    }
}

impl World for With<'_> {
    fn value(&mut self, name: &Path) -> Option<Value> {
        // A name that is captured twice has its last value.
        let own = name.single().and_then(|name| self.captures.iter().rev().find(|(own, _)| **own == *name));
        own.map(|(_, value)| value.clone()).or_else(|| self.world.value(name))
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

    fn port(&mut self, session: Option<&str>) -> Option<u16> {
        self.world.port(session)
    }

    fn is_open(&mut self, session: Option<&str>) -> Option<bool> {
        self.world.is_open(session)
    }

    fn hits(&mut self, rule: &str) -> Option<u64> {
        self.world.hits(rule)
    }

    fn certificate(&mut self, session: Option<&str>, field: Option<&str>) -> Option<String> {
        self.world.certificate(session, field)
    }
}
