//! Searches a stream for a regular expression and finds out when its first match is settled.
//!
//! A lazy DFA walks over the bytes as they come. Once it is dead, no later byte can change the match. A match that ends with the
//! last byte that came is settled, too, if the DFA dies behind it whatever byte follows.

use crate::talk::tree::Regex;
use regex_automata::Anchored;
use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::{start, syntax};

/// Memory for the states of one search, in bytes.
const CACHE_BYTES: usize = 1 << 20;

/// The DFA of an expression.
#[derive(Debug)]
pub(super) struct Automaton(DFA);

impl Automaton {
    pub fn new(regex: &Regex) -> Option<Self> {
        let syntax = syntax::Config::new()
            .unicode(!regex.is_bytes)
            .utf8(false)
            .case_insensitive(regex.ignore_case)
            .dot_matches_new_line(regex.dot_matches_line_end);
        let config = DFA::config().cache_capacity(CACHE_BYTES).skip_cache_capacity_check(true);
        DFA::builder().configure(config).syntax(syntax).build(&regex.source).ok().map(Self)
    }

    pub fn begin(&self, is_anchored: bool) -> Walk {
        Walk {
            cache: self.0.create_cache(),
            state: None,
            is_anchored,
            len: 0,
            found: None,
            is_dead: false,
            quiet: 0,
            starts: None,
        }
    }
}

/// A walk over the bytes so far.
#[derive(Debug)]
pub(super) struct Walk {
    cache: Cache,
    state: Option<LazyStateID>,
    is_anchored: bool,
    /// Number of bytes so far.
    len: usize,
    /// The end of the match so far.
    found: Option<usize>,
    is_dead: bool,
    /// No match begins before this byte, but one that is known.
    quiet: usize,
    starts: Option<Starts>,
}

/// The states in which a search begins, by the byte before it. With `clears`, the number of times that the memory of the states was
/// cleared: after one more, they are others.
#[derive(Clone, Copy, Debug)]
struct Starts {
    clears: usize,
    states: [Option<LazyStateID>; 4],
}

/// The kind of a byte for what looks behind.
fn kind_of(byte: u8) -> usize {
    match byte {
        b'\n' => 0,
        b'\r' => 1,
        b'_' => 2,
        byte if byte.is_ascii_alphanumeric() => 2,
        _ => 3,
    }
}

/// What is known about the first match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Later bytes decide.
    Open,
    /// The match ends here, or there is none.
    Settled(Option<usize>),
}

impl Walk {
    /// Starts again at the first byte.
    pub fn restart(&mut self) {
        (self.state, self.len, self.found, self.is_dead) = (None, 0, None, false);
        self.quiet = 0;
    }

    fn start(&mut self, automaton: &Automaton) -> Option<LazyStateID> {
        let anchored = if self.is_anchored { Anchored::Yes } else { Anchored::No };
        let config = start::Config::new().anchored(anchored);
        self.state.or_else(|| automaton.0.start_state(&mut self.cache, &config).ok())
    }

    /// From this byte on a match may begin that is not known yet.
    pub fn quiet(&self) -> usize {
        self.quiet
    }

    /// Whether the walk is as at its beginning, behind this byte.
    fn is_at_start(&self, state: LazyStateID, byte: u8) -> bool {
        let starts = self.starts.filter(|starts| starts.clears == self.cache.clear_count());
        starts.is_some_and(|starts| starts.states[kind_of(byte)] == Some(state))
    }

    fn find_starts(&mut self, automaton: &Automaton) {
        if self.starts.is_some() || self.is_anchored {
            return;
        }
        let states = [b'\n', b'\r', b'a', b' '].map(|byte| {
            let config = start::Config::new().anchored(Anchored::No).look_behind(Some(byte));
            automaton.0.start_state(&mut self.cache, &config).ok()
        });
        self.starts = Some(Starts { clears: self.cache.clear_count(), states });
    }

    /// Goes over the next bytes.
    pub fn feed(&mut self, automaton: &Automaton, bytes: &[u8]) {
        if self.state.is_none() {
            self.find_starts(automaton);
        }
        let Some(mut state) = self.start(automaton) else {
            self.is_dead = true;
            return;
        };
        for byte in bytes {
            if self.is_dead {
                return;
            }
            match automaton.0.next_state(&mut self.cache, state, *byte) {
                Ok(next) => state = next,
                Err(_) => self.is_dead = true,
            }
            // The DFA reports a match one byte late.
            if state.is_match() {
                self.found = Some(self.len);
            }
            self.is_dead |= state.is_dead() || state.is_quit();
            self.len += 1;
            if self.is_at_start(state, *byte) {
                self.quiet = self.len;
            }
        }
        self.state = Some(state);
    }

    /// What is known now. `all`: all bytes so far, to walk again if looking ahead took the memory of the states.
    pub fn known(&mut self, automaton: &Automaton, all: &[u8]) -> Known {
        if self.is_dead {
            return Known::Settled(self.found);
        }
        let Some(state) = self.start(automaton) else { return Known::Settled(None) };
        let clears = self.cache.clear_count();
        let settled = if self.dies(automaton, state).unwrap_or(false) {
            Some(self.found)
        } else {
            self.ends_here(automaton, state).unwrap_or(false).then_some(Some(self.len))
        };
        if self.cache.clear_count() != clears {
            self.restart();
            self.feed(automaton, all);
        }
        settled.map_or(Known::Open, Known::Settled)
    }

    /// Whether nothing that follows this state is a match; `None`: unknown.
    fn dies(&mut self, automaton: &Automaton, state: LazyStateID) -> Option<bool> {
        let Automaton(dfa) = automaton;
        let clears = self.cache.clear_count();
        if dfa.next_eoi_state(&mut self.cache, state).ok()?.is_match() {
            return Some(false);
        }
        for byte in classes(automaton) {
            // After a clear, the states are others.
            if self.cache.clear_count() != clears {
                return None;
            }
            if !dfa.next_state(&mut self.cache, state, byte).ok()?.is_dead() {
                return Some(false);
            }
        }
        Some(true)
    }

    /// Whether the match ends here, whatever follows; `None`: unknown.
    fn ends_here(&mut self, automaton: &Automaton, state: LazyStateID) -> Option<bool> {
        let Automaton(dfa) = automaton;
        let clears = self.cache.clear_count();
        if !dfa.next_eoi_state(&mut self.cache, state).ok()?.is_match() {
            return Some(false);
        }
        for byte in classes(automaton) {
            if self.cache.clear_count() != clears {
                return None;
            }
            let behind = dfa.next_state(&mut self.cache, state, byte).ok()?;
            if !behind.is_match() || !self.dies(automaton, behind)? {
                return Some(false);
            }
        }
        Some(true)
    }

    /// The end of the match if no byte follows.
    pub fn at_end(&mut self, automaton: &Automaton) -> Option<usize> {
        if !self.is_dead
            && let Some(state) = self.start(automaton)
            && automaton.0.next_eoi_state(&mut self.cache, state).is_ok_and(|end| end.is_match())
        {
            return Some(self.len);
        }
        self.found
    }
}

/// One byte of each class that the expression distinguishes.
fn classes(automaton: &Automaton) -> Vec<u8> {
    automaton.0.byte_classes().representatives(0..=255).filter_map(|unit| unit.as_u8()).collect()
}
