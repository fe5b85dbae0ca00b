//! Wirebench: a network debugging assistant whose every screen is a view of a capture on disk.
//!
//! # Map
//!
//! ```text
//! main.rs      parse the arguments, select the front end, return an ExitCode
//! console.rs   the command line of Windows, wirebench-cli (feature `console`)
//! model/       plain values: Endpoint, SessionConfig, Direction, PeerId, CloseReason; no I/O, no threads
//! codec/       bytes <-> text, pure functions: encodings, hex, escapes, checksums
//! talk/        talk files: what to send, expect and answer, as text, tree and compiled rules; pure functions
//! words/       every text a user reads: what there is to say, and a table of it for each language
//! capture/     the traffic store on disk: append, read at random, reopen, list, evict
//! lines/       records -> display rows for one view (mode, encoding, width), from any position
//! engine/      sockets and one worker thread per session: Command in, Event out; writes the capture
//! transfer/    file transfers with headers and remote commands over the sessions of the engine
//! runner/      runs the steps of talk files over sessions of the engine
//! jobs/        named background work with progress and cancel; the only place that starts threads
//! settings/    settings stored between runs
//! cli/         the command line          gui/   everything with egui (feature `gui`)
//! ```
//!
//! Direction: `main -> {gui, cli} -> {engine, jobs, lines, settings} -> words -> {capture, talk} -> codec -> model`;
//! engine may also use `talk`, engine and capture also [`jobs::thread`]. `gui` and `cli` do not know each other.
//! The invariants are listed in `docs/ARCHITECTURE.md`, each with the lint, test or CI step that guards it.

pub mod capture;
pub mod cli;
pub mod codec;
pub mod engine;
#[cfg(test)]
#[path = "../tests/golden/mod.rs"]
mod golden;
#[cfg(feature = "gui")]
pub mod gui;
pub mod jobs;
pub mod lines;
pub mod model;
pub mod runner;
pub mod settings;
pub mod talk;
pub mod transfer;
pub mod words;
