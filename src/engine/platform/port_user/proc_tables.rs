//! The socket tables of Linux (proc(5), `/proc/net/tcp`): address to inode, and inode to process by the links in `/proc/PID/fd`.
//! The descriptors of other users' processes cannot be read; such a port has no known user.

use super::conflicts;
use crate::engine::{LocalSocket, PortUser};
use crate::model::{Transport, unmap_v4};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

/// Maximum number of bytes read from one table (100,000 sockets take 15 MB).
const MAX_TABLE_BYTES: u64 = 32 << 20;
/// Maximum number of sockets looked for.
const MAX_INODES: usize = 64;
/// Time limit of one look-up.
const LIMIT: Duration = Duration::from_secs(2);
/// The state of a listening TCP socket (`TCP_LISTEN`).
const LISTENING: &str = "0A";

/// The first program, by process number, with a socket that conflicts with `wanted`. Listening sockets come before others.
pub(in crate::engine) fn port_user(wanted: SocketAddr, is_udp: bool) -> Option<PortUser> {
    let tables = if is_udp { ["/proc/net/udp", "/proc/net/udp6"] } else { ["/proc/net/tcp", "/proc/net/tcp6"] };
    let mut found = Vec::new();
    for table in tables {
        match File::open(table) {
            Ok(file) => found.extend(inodes(BufReader::new(file.take(MAX_TABLE_BYTES)), wanted)),
            // Without IPv6 there is no second table.
            Err(error) => tracing::debug!(%error, table, "a table of sockets"),
        }
    }
    let deadline = Instant::now() + LIMIT;
    let of =
        |listens| found.iter().filter(move |(_, it)| *it == listens).map(|(inode, _)| *inode).collect::<Vec<u64>>();
    [of(true), of(false)].iter().filter(|inodes| !inodes.is_empty()).find_map(|inodes| holder(inodes, deadline))
}

/// Maximum number of sockets that are listed.
const MAX_SOCKETS: usize = 100_000;

/// All sockets of the tables, with the programs that may be known.
pub(in crate::engine) fn local_sockets() -> Vec<LocalSocket> {
    let mut found = Vec::new();
    for (path, transport) in [
        ("/proc/net/tcp", Transport::Tcp),
        ("/proc/net/tcp6", Transport::Tcp),
        ("/proc/net/udp", Transport::Udp),
        ("/proc/net/udp6", Transport::Udp),
    ] {
        if let Ok(file) = File::open(path) {
            found.extend(sockets(BufReader::new(file.take(MAX_TABLE_BYTES)), transport));
        }
    }
    let users = holders(Instant::now() + LIMIT);
    let known = |(inode, socket): (u64, LocalSocket)| LocalSocket { user: users.get(&inode).cloned(), ..socket };
    found.into_iter().map(known).collect()
}

/// The sockets of a table with their inodes. Lines that are not understood are skipped.
fn sockets(mut table: impl BufRead, transport: Transport) -> Vec<(u64, LocalSocket)> {
    let mut found = Vec::new();
    let mut line = Vec::new();
    while found.len() < MAX_SOCKETS {
        line.clear();
        if !matches!(table.read_until(b'\n', &mut line), Ok(1..)) {
            break;
        }
        let Some((local, state, inode)) = std::str::from_utf8(&line).ok().and_then(columns) else { continue };
        let remote = std::str::from_utf8(&line).ok().and_then(|line| address(line.split_ascii_whitespace().nth(2)?));
        let remote = remote.filter(|remote| remote.port() != 0).map(unmap_v4);
        let state = match transport {
            Transport::Udp => "bound",
            _ => state_name(state),
        };
        found.push((inode, LocalSocket { transport, local: unmap_v4(local), remote, state, user: None }));
    }
    found
}

/// The states of TCP as the kernel numbers them (linux/tcp_states.h).
fn state_name(code: &str) -> &'static str {
    match code {
        "01" => "established",
        "02" => "syn_sent",
        "03" | "0C" => "syn_received",
        "04" => "fin_wait_1",
        "05" => "fin_wait_2",
        "06" => "time_wait",
        "08" => "close_wait",
        "09" => "last_ack",
        LISTENING => "listen",
        "0B" => "closing",
        _ => "closed",
    }
}

/// The programs by the inodes of their sockets. Of several that share one, that with the lowest number.
fn holders(deadline: Instant) -> HashMap<u64, PortUser> {
    let mut all = HashMap::new();
    let Ok(entries) = std::fs::read_dir("/proc") else { return all };
    let mut pids: Vec<u32> = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    pids.sort_unstable();
    for pid in pids {
        if Instant::now() >= deadline || all.len() >= MAX_SOCKETS {
            break;
        }
        let Ok(descriptors) = std::fs::read_dir(format!("/proc/{pid}/fd")) else { continue };
        let inode = |entry: std::fs::DirEntry| {
            let link = std::fs::read_link(entry.path()).ok()?;
            link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse::<u64>().ok()
        };
        let mut user = None;
        for inode in descriptors.flatten().filter_map(inode) {
            let user = user.get_or_insert_with(|| name_of(pid).map(|name| PortUser { name, pid }));
            if let Some(user) = user {
                all.entry(inode).or_insert_with(|| user.clone());
            }
        }
    }
    all
}

fn name_of(pid: u32) -> Option<String> {
    let mut name = Vec::new();
    File::open(format!("/proc/{pid}/comm")).ok()?.take(256).read_to_end(&mut name).ok()?;
    PortUser::shown_name(&name)
}

/// The inodes in a table that conflict with `wanted`, and whether each listens. Lines that are not understood are skipped.
fn inodes(mut table: impl BufRead, wanted: SocketAddr) -> Vec<(u64, bool)> {
    let mut found = Vec::new();
    let mut line = Vec::new();
    while found.len() < MAX_INODES {
        line.clear();
        if !matches!(table.read_until(b'\n', &mut line), Ok(1..)) {
            break;
        }
        let Some((held, state, inode)) = std::str::from_utf8(&line).ok().and_then(columns) else { continue };
        // Sockets without a process, such as those in TIME_WAIT, have inode 0.
        if inode != 0 && conflicts(held, wanted) {
            found.push((inode, state == LISTENING));
        }
    }
    found
}

/// Local address, state and inode of a line: columns 2, 4 and 10.
fn columns(line: &str) -> Option<(SocketAddr, &str, u64)> {
    let mut columns = line.split_ascii_whitespace();
    let local = address(columns.nth(1)?)?;
    let state = columns.nth(1)?;
    Some((local, state, columns.nth(5)?.parse().ok()?))
}

/// An address as the kernel prints it: 32-bit words of the address in hex, each in the byte order of the machine, and the port.
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let word = |at: usize| Some(u32::from_str_radix(ip.get(at * 8..at * 8 + 8)?, 16).ok()?.to_ne_bytes());
    let ip = match ip.len() {
        8 => IpAddr::V4(Ipv4Addr::from(word(0)?)),
        32 => {
            let words = [word(0)?, word(1)?, word(2)?, word(3)?];
            IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(words.as_flattened()).ok()?))
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}

/// The process with the lowest number that holds one of these sockets.
fn holder(inodes: &[u64], deadline: Instant) -> Option<PortUser> {
    let links: Vec<String> = inodes.iter().map(|inode| format!("socket:[{inode}]")).collect();
    let entries = std::fs::read_dir("/proc").ok()?.flatten();
    let mut pids: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    pids.sort_unstable();
    let pid = pids.into_iter().take_while(|_| Instant::now() < deadline).find(|pid| holds(*pid, &links, deadline))?;
    let mut name = Vec::new();
    File::open(format!("/proc/{pid}/comm")).ok()?.take(256).read_to_end(&mut name).ok()?;
    Some(PortUser { name: PortUser::shown_name(&name)?, pid })
}

fn holds(pid: u32, links: &[String], deadline: Instant) -> bool {
    let Ok(descriptors) = std::fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
    descriptors.flatten().take_while(|_| Instant::now() < deadline).any(|descriptor| {
        let link = std::fs::read_link(descriptor.path());
        link.is_ok_and(|link| link.to_str().is_some_and(|link| links.iter().any(|wanted| wanted == link)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    fn row(local: &str, state: &str, inode: &str) -> String {
        format!(
            "   0: {local} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1 0 100 0\n"
        )
    }

    /// The words of an address as the kernel of this machine prints them.
    fn words(ip: IpAddr) -> String {
        let bytes = match ip {
            IpAddr::V4(ip) => ip.octets().to_vec(),
            IpAddr::V6(ip) => ip.octets().to_vec(),
        };
        let word = |four: &[u8]| format!("{:08X}", u32::from_ne_bytes(four.try_into().unwrap()));
        bytes.chunks(4).map(word).collect()
    }

    #[test]
    fn addresses_of_both_tables_are_read() {
        for at in ["127.0.0.1:8080", "0.0.0.0:1", "[::1]:65535", "[fe80::1:2]:80", "[::]:0"] {
            let at: SocketAddr = at.parse().unwrap();
            assert_eq!(address(&format!("{}:{:04X}", words(at.ip()), at.port())), Some(at));
        }
        for text in [
            "",
            ":",
            "0100007F",
            "0100007F:",
            ":1F90",
            "0100007:1F90",
            "0100007F0:1F90",
            "0100007G:1F90",
            "0100007F:1F900",
            "中00007F:1F90",
        ] {
            assert_eq!(address(text), None, "{text}");
        }
    }

    #[test]
    fn sockets_at_the_address_are_found_and_broken_lines_skipped() {
        let wanted: SocketAddr = "127.0.0.1:8080".parse().unwrap();
        let here = format!("{}:1F90", words(wanted.ip()));
        let mut table = HEAD.as_bytes().to_vec();
        for row in [
            row(&here, "01", "5"),
            row("00000000:1F90", LISTENING, "6"),
            row(&here, "06", "0"),
            row(&format!("{}:1F91", words(wanted.ip())), LISTENING, "7"),
            row(&here, LISTENING, "no number"),
            "short\n\n".into(),
            row(&here, LISTENING, "8"),
        ] {
            table.extend(row.as_bytes());
        }
        table.extend(b"\xFF\xFE\n");
        table.extend(row(&here, LISTENING, "9").trim_end().as_bytes());
        assert_eq!(inodes(&table[..], wanted), [(5, false), (6, true), (8, true), (9, true)]);
        assert_eq!(inodes(&b""[..], wanted), []);
        let many = row(&here, LISTENING, "5").repeat(MAX_INODES * 2);
        assert_eq!(inodes(many.as_bytes(), wanted).len(), MAX_INODES);
    }

    #[test]
    fn the_list_has_a_listener_and_both_ends_of_a_connection() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let client = std::net::TcpStream::connect(at).unwrap();
        let from = client.local_addr().unwrap();
        let all = local_sockets();
        let of = |local, state| all.iter().find(move |socket| socket.local == local && socket.state == state);
        let listening = of(at, "listen").expect("the listener");
        assert_eq!((listening.remote, listening.user.as_ref().map(|user| user.pid)), (None, Some(std::process::id())));
        assert_eq!(of(from, "established").expect("the client").remote, Some(at));
        let broken = sockets(&b"head\n\xFF\n 0: 0100007F:1F90\n"[..], Transport::Tcp);
        assert!(broken.is_empty(), "{broken:?}");
    }

    #[test]
    fn a_socket_of_this_process_is_found_and_a_socket_of_none_is_not() {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let user = port_user(socket.local_addr().unwrap(), false).expect("a user");
        assert_eq!(user.pid, std::process::id());
        let port = socket.local_addr().unwrap().port();
        drop(socket);
        // Another test may take the port.
        let after = port_user(SocketAddr::from(([127, 0, 0, 77], port)), true);
        assert!(after.as_ref().is_none_or(|user| user.pid == std::process::id()), "{after:?}");
        assert_eq!(holder(&[u64::MAX], Instant::now() + LIMIT), None);
        assert_eq!(holder(&[u64::MAX], Instant::now()), None, "no time is left");
    }
}
