//! `wirebench ports`, `ping` and `lookup`: this machine's sockets, the time that a TCP port takes to answer, the addresses of a name.

use super::out::{StandardOut, say};
use super::signals;
use crate::codec::safe::json_line;
use crate::engine::{LocalSocket, addresses_of, local_sockets, look_up, ping};
use crate::model::{HostPort, NetError, display_address};
use crate::words::{self, Lang};
use serde_json::json;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LocalTool {
    Ports,
    Ping(Ping),
    LookUp(String),
}

/// How a port is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ping {
    pub host: HostPort,
    pub count: u64,
    pub every: Duration,
    pub limit: Duration,
}

/// Prints the answer. Exit code 1: there is none.
pub(super) fn run(tool: &LocalTool, json: bool, lang: Lang) -> ExitCode {
    let mut out = StandardOut::default();
    let answered = match tool {
        LocalTool::Ports => ports(json, lang, &mut out),
        LocalTool::Ping(plan) => ask_port(plan, json, lang, &mut out),
        LocalTool::LookUp(name) => names(name, json, lang, &mut out),
    };
    out.flush();
    if answered { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn ports(json: bool, lang: Lang, out: &mut StandardOut) -> bool {
    let all = local_sockets();
    if json {
        for socket in &all {
            out.line(&json_line(&port_as_json(socket)));
        }
        return true;
    }
    let rows: Vec<[String; 5]> = all.iter().map(port_row).collect();
    let heads = lang.texts().port_columns().map(str::to_owned);
    let width = |column: usize| {
        rows.iter()
            .chain([&heads])
            .map(|row| unicode_width::UnicodeWidthStr::width(row[column].as_str()))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    for row in [&heads].into_iter().chain(&rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            let missing = width.saturating_sub(unicode_width::UnicodeWidthStr::width(cell.as_str())) + 2;
            line.extend(std::iter::repeat_n(' ', missing));
        }
        out.line(line.trim_end());
    }
    true
}

fn port_row(socket: &LocalSocket) -> [String; 5] {
    let user = socket.user.as_ref().map_or_else(|| "-".to_owned(), |user| format!("{} ({})", user.name, user.pid));
    let remote = socket.remote.map_or_else(|| "-".to_owned(), display_address);
    let transport = socket.transport.scheme().to_uppercase();
    [transport, display_address(socket.local), remote, socket.state.to_owned(), user]
}

fn port_as_json(socket: &LocalSocket) -> serde_json::Value {
    json!({
        "protocol": socket.transport.scheme(),
        "local": display_address(socket.local),
        "remote": socket.remote.map(display_address),
        "state": socket.state,
        "process": socket.user.as_ref().map(|user| &user.name),
        "pid": socket.user.as_ref().map(|user| user.pid),
    })
}

fn names(name: &str, json: bool, lang: Lang, out: &mut StandardOut) -> bool {
    let found = match look_up(name) {
        Ok(found) => found,
        Err(error) => {
            report(&error, json, lang, out);
            return false;
        }
    };
    let us = micros(found.took);
    if json {
        let addresses: Vec<String> = found.addresses.iter().map(ToString::to_string).collect();
        out.line(&json_line(&json!({ "name": name, "addresses": addresses, "us": us })));
        return true;
    }
    for address in &found.addresses {
        out.line(&format!("{}  {address}", if address.is_ipv6() { "IPv6" } else { "IPv4" }));
    }
    out.flush();
    say(&lang.texts().looked_up(found.addresses.len(), &words::time(us)));
    true
}

/// Asks the first address that answers, as a client would; then always that one.
fn ask_port(plan: &Ping, json: bool, lang: Lang, out: &mut StandardOut) -> bool {
    // Where the system refuses handlers, a signal simply ends the program.
    let interrupted = signals::install().map_or_else(|_| crossbeam_channel::never(), |signals| signals.received);
    let mut addresses = match addresses_of(&plan.host) {
        Ok(addresses) => addresses,
        Err(error) => {
            report(&error, json, lang, out);
            return false;
        }
    };
    let mut times = Vec::new();
    let mut asked: u64 = 0;
    for round in 0..plan.count {
        let began = Instant::now();
        let mut answer = None;
        for address in &addresses {
            let one = ping(*address, plan.limit);
            let is_answered = one.is_ok();
            answer = Some((*address, one));
            if is_answered {
                break;
            }
        }
        asked += 1;
        match answer {
            Some((address, Ok(took))) => {
                addresses = vec![address];
                let (us, remote) = (micros(took), display_address(address));
                times.push(us);
                if json {
                    out.line(&json_line(&json!({ "event": "answer", "round": round + 1, "remote": remote, "us": us })));
                } else {
                    out.line(&format!("{}  {remote}  {}", round + 1, words::time(us)));
                }
            }
            Some((_, Err(error))) => report(&error, json, lang, out),
            None => {}
        }
        out.flush();
        let rest = if round + 1 < plan.count { plan.every.saturating_sub(began.elapsed()) } else { Duration::ZERO };
        if out.is_closed() || interrupted.recv_timeout(rest).is_ok() {
            break;
        }
    }
    summary(&times, asked, json, lang, out);
    !times.is_empty()
}

fn summary(times: &[u64], asked: u64, json: bool, lang: Lang, out: &mut StandardOut) {
    let (least, most) = (times.iter().min().copied(), times.iter().max().copied());
    let mean = times.iter().sum::<u64>().checked_div(times.len() as u64);
    let answered = times.len() as u64;
    if json {
        let line = json!({
            "event": "summary", "asked": asked, "answered": answered, "min_us": least, "mean_us": mean, "max_us": most,
        });
        out.line(&json_line(&line));
        return;
    }
    let spread = match (least, mean, most) {
        (Some(least), Some(mean), Some(most)) => Some([least, mean, most].map(words::time)),
        _ => None,
    };
    out.flush();
    say(&lang.texts().port_answered(asked, answered, spread.as_ref()));
}

fn report(error: &NetError, json: bool, lang: Lang, out: &mut StandardOut) {
    let message = words::error_sentence(error, lang);
    if json {
        out.line(&json_line(&json!({ "event": "error", "kind": error.kind.name(), "message": message })));
    } else {
        out.flush();
        say(&message);
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
