//! Sessions in the window: their state, sends, stored captures and settings, in English.

use super::En;
use crate::model::Operation;
use crate::words::{counted, grouped, size};

texts! { Sessions for En;

    // State
    listening: "Listening";
    connected: "Connected";
    open: "Open";
    state_for(state: &str, time: &str) => "{state} for {time}";
    looking_up: "Looking up the host name…";
    connecting: "Connecting…";
    closing: "Closing…";
    ready: "Ready";
    closed_because(reason: &str) => "Closed: {reason}";
    failed_because(operation: Operation, cause: &str) -> String {
        let failed = match operation {
            Operation::Listen => "Listening failed",
            Operation::Bind => "Opening failed",
            Operation::Connect => "Connecting failed",
            Operation::Resolve => "Look-up failed",
            _ => "Failed",
        };
        format!("{failed}: {cause}")
    }
    listening_on(local: &str) => "Listening on {local}";
    local_end(local: &str) => "Local {local}";
    open_on(local: &str) => "Bound to {local}";
    others_connect_to(at: &str) => "Other devices connect to {at}";
    others_send_to(at: &str) => "Other devices send to {at}";
    reconnect: "Reconnect automatically";
    first_wait() -> (&'static str, &'static str) {
        ("First (s)", "First wait (seconds)")
    }
    longest_wait() -> (&'static str, &'static str) {
        ("Longest (s)", "Longest wait (seconds)")
    }
    as_first_wait: "Same as the first";
    reconnect_tries() -> (&'static str, &'static str) {
        ("Attempts", "Reconnect attempts")
    }
    no_limit: "No limit";
    seconds_of_wait: "Write a number of seconds from 0.1 to 86400";
    below_first_wait: "Must not be less than the first wait";
    reconnect_every(wait: &str) => "Reconnect every {wait}";
    reconnect_between(first: &str, longest: &str) => "Reconnect after {first} to {longest}";
    reconnects_in(time: &str, number: u32, of: Option<u32>) => "Reconnecting in {time} ({})", super::events::try_of(number, of);
    reconnects_in_short(time: &str, number: &str) => "Retry in {time} · {number}";
    connection_lost: "Connection closed";
    use_port(port: u16) => "Use {port}";

    // Tabs and the page of a new one
    session_closed(title: &str) => "{title} closed";
    listens_again(peers: u64) -> String {
        match peers {
            1 => "Listening again; the previous connection was closed".to_owned(),
            _ => format!("Listening again; the {} previous connections were closed", grouped(peers)),
        }
    }
    needs_port(host: &str) => "Add a port to the address, for example {host}:5025";
    connect_port_zero: "The port to connect to must be 1–65535";
    open_recent(name: &str, kind: &str, at: &str) -> String {
        let own = format!("{kind} {at}");
        if name == own { format!("Open {own}") } else { format!("Open {name} {own}") }
    }
    pin(name: &str) => "Pin {name}";
    more_about(name: &str) => "More: {name}";
    recent_removed(name: &str) => "{name} removed from the list";
    pins_full(most: usize) => "At most {most} connections can be pinned";
    all_of(count: usize) => "All {count}";
    open_stored(short: &str) => "Open capture {short}";
    yesterday: "Yesterday";
    weekday(day: u8) -> &'static str {
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].get(usize::from(day)).copied().unwrap_or_default()
    }
    port_used_by(port: u16, name: &str, pid: u32) => "{port} is used by {name} (pid {pid})";
    port_used_here(port: u16) => "{port} is used by another session of this program";
    peer_disconnected(at: &str) => "{at} disconnected; it can connect again";
    cleared_now: "View cleared";
    draft_replaced: "Text in the send box replaced";
    device_fills(address: &str, port: u16) => "Point your device to {address}, port {port}";
    device_fills_later(address: &str) => "Point your device to {address}; the system chooses the port when it opens";
    wrong_local(why: &str) => "Local address: {why}";

    // Peers
    all_peers(count: u64) => "All peers ({})", grouped(count);
    peer_gone(number: u32) => "#{number} disconnected";
    peer_counts(received: u64, sent: u64) => "{} received, {} sent", size(received), size(sent);
    peer_waiting(bytes: u64) => ", {} waiting", size(bytes);
    peer_heard(ago: &str) => "Last received {} ago", ago;
    peer_rate(bytes: u64) => "{}/s", size(bytes);
    chosen_peers(count: u64) => "{} selected", grouped(count);

    // Sending
    rounds(count: u64) -> String {
        match count {
            1 => "sent once".to_owned(),
            _ => format!("sent {} times", grouped(count)),
        }
    }
    still_repeating(head: &str, bytes: u64) => "Still repeating {head} ({})", counted(bytes, "byte");
    pasted(bytes: u64) => "Pasted text, {}", size(bytes);
    unparsed(escapes: &str) => "{escapes} is sent as typed";
    parse_escapes: "Parse";
    odd_digit(digit: char) => "the single digit {digit} is sent as 0{digit}";

    // Stored captures
    capture_detail(time: &str, records: u64, peers: u64, bytes: u64, disk_bytes: u64) -> String {
        let (records, peers) = (counted(records, "record"), counted(peers, "peer"));
        format!("{time} · {records} · {peers} · {} ({} on disk)", size(bytes), size(disk_bytes))
    }
    capture_evicted(bytes: u64) => " · {} evicted", size(bytes);
    captures_total(count: u64, bytes: u64, disk_bytes: u64) => "{} · {} ({} on disk)", counted(count, "capture"), size(bytes), size(disk_bytes);
    captures_kept: "Captures are kept until they are deleted here";
    captures_kept_for(days: u32) -> String {
        match days {
            1 => "Captures whose last record is a day old are deleted when the program starts".to_owned(),
            _ => format!("Captures whose last record is {days} days old are deleted when the program starts"),
        }
    }
    delete_captures(count: u64, bytes: u64) => "Confirm delete: {} ({})", grouped(count), size(bytes);

    // Settings, and the window itself
    settings_damaged: "The settings file was damaged; defaults are used";
    settings_newer(version: u32) => "The settings file is of a newer version ({version}); defaults are used";
    settings_kept(path: &str) => "The old file was kept as {path}";
    settings_unknown(count: usize) => "Settings unknown to this version: {count}. They have their defaults; the rest is unchanged";
    settings_unknown_more(count: usize) => "; and {count} more";
    settings_copied(path: &str) => ". The old file was copied to {path}";
    no_window(reason: &str) => "Cannot open a window: no usable display ({reason}). Run it on a graphical desktop, or by scripts/run --demo on a virtual one; for the command line see wirebench --help.";
    no_renderer: "Cannot open a window: neither Direct3D 12 nor OpenGL works here. Update the graphics driver; the command line needs none, see wirebench-cli --help.";
    command_line_elsewhere: "wirebench.exe is only the window. For the command line use wirebench-cli.exe in the same folder (see wirebench-cli --help).";
    window_elsewhere: "this program has no window: start wirebench.exe, or use listen, connect or captures (see --help)";
    built_without_window: "this build has no window: use listen, connect or captures (see --help)";
}
