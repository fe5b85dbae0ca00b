//! Tests of the built program with real peers: Python programs, `ncat`, `socat`. Loopback and free ports only.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod captures;
mod conditions;
mod datagrams;
mod devices;
mod ends;
mod export;
mod export_golden;
mod export_packets;
mod facts;
mod files;
mod filtered_frames;
mod forward;
mod frame_exports;
mod frames;
#[path = "../golden/mod.rs"]
mod golden;
mod golden_capture;
mod half_close;
mod help;
mod hexdumps;
mod holding;
mod import;
mod languages;
mod local_tools;
mod multicast;
mod one_language;
mod oracles;
mod pacing;
mod packages;
mod parts;
mod paths;
mod peers;
mod plain;
mod programs;
mod reconnecting;
mod regressions;
mod replacing;
mod replies;
mod saving;
mod sends;
mod sent_files;
mod sequences;
#[cfg(target_os = "linux")]
mod signals;
mod sockets;
mod support;
#[cfg(unix)]
mod talk;
mod talk_files;
mod talk_steps;
mod templates;
mod terminal;
mod text;
mod tls;
mod tls_streams;
mod transfers;
#[cfg(unix)]
mod unix;
mod usage;
mod version_1;
mod websocket;
mod wrapping;
