//! Faults around the program: killed processes, full disks, folders and peers that disappear, descriptors that run out, floods of
//! connections, front ends that stall. Each test asserts that no complete data is lost (received = stored + dropped, bytes exact),
//! that the fault is reported, and that the program continues.
//!
//! Tests that affect an entire process (limits, namespaces, counts of threads) run in a child: an `ignored` test of this binary that
//! another one starts alone ([`child`]). Tests that lack permissions (namespaces, mounts) say so on standard error.
//!
//! - `WIREBENCH_FAULT_SEED=N` repeats the random choices of a run, which prints its seed.
//! - `WIREBENCH_FAULT_SECONDS=60` sets the duration of the floods of connections and of sessions (default: some seconds); their
//!   figures are printed with `--nocapture`: `WIREBENCH_FAULT_SECONDS=60 cargo test --test faults -- --nocapture load::`
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::panic, reason = "support code of tests: what fails here fails the test")]

mod child;
mod descriptors;
mod dice;
mod disk;
mod eviction;
mod kill;
mod load;
mod multicast;
mod network;
#[path = "../cli/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the command line, which use all of it")]
mod program;
mod reconnecting;
mod stall;
#[path = "../engine/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the engine, which use all of it")]
mod support;
mod zones;
