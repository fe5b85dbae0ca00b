//! What goes wrong around the program: killed processes, full disks, folders that vanish, peers that vanish, descriptors that
//! run out, floods of connections, front ends that stand still. Each test asserts that nothing complete is lost
//! (received = stored + dropped, bytes exact), that what went wrong is named, and that the program goes on.
//!
//! What concerns a whole process (limits, namespaces, counts of threads) runs in a child: an `ignored` test of this binary that
//! another one starts alone ([`child`]). What needs rights that are not there (namespaces, mounts) says so on standard error.
//!
//! * `WIREBENCH_FAULT_SEED=N` repeats the dice of a run, which it prints.
//! * `WIREBENCH_FAULT_SECONDS=60` makes the floods of connections and of sessions last that long (default: some seconds); their
//!   figures are printed with `--nocapture`:
//!   `WIREBENCH_FAULT_SECONDS=60 cargo test --test faults -- --nocapture load::`
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::panic, reason = "support code of tests: what fails here fails the test")]

mod child;
mod descriptors;
mod dice;
mod disk;
mod eviction;
mod kill;
mod load;
mod network;
#[path = "../cli/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the command line, which use all of it")]
mod program;
mod stall;
#[path = "../engine/support.rs"]
#[allow(dead_code, reason = "shared with the tests of the engine, which use all of it")]
mod support;
mod zones;
