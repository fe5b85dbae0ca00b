//! Tests of the engine with real sockets on this machine: port 0, deadlines instead of sleeps, bytes compared with the capture.

#![expect(clippy::expect_used, reason = "support code of tests: what fails here fails the test")]

mod answering_each_other;
mod answers;
mod changing_rules;
mod closing;
mod counting;
mod early;
mod faults;
mod forwarding;
mod forwarding_datagrams;
mod listeners;
mod made;
mod multicast;
mod pacing;
mod plans;
mod port_users;
mod reconnecting;
mod repeating;
mod replies;
mod reply_trace;
mod sending;
mod support;
mod tcp_client;
mod tcp_server;
mod udp;
#[cfg(unix)]
mod unix;
mod urgent;
mod waiting_sends;
