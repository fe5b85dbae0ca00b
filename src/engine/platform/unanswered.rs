//! TCP peers that do not acknowledge what was sent to them.

use socket2::SockRef;
use std::collections::HashSet;
use std::io;
use std::time::Duration;

/// Sockets (by inode, of all programs) for which the system is retransmitting now; `None` where it is unknown.
#[cfg(target_os = "linux")]
pub(in crate::engine) fn unanswered() -> Option<HashSet<u64>> {
    let mut found = HashSet::new();
    let v4 = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let v6 = std::fs::read_to_string("/proc/net/tcp6").unwrap_or_default(); // a system may have no IPv6
    for table in [v4, v6] {
        found.extend(table.lines().skip(1).filter_map(repeating));
    }
    Some(found)
}

/// The inode of a line whose retransmit timer runs and has run out before (proc(5): `tr` = 1, `retrnsmt` > 0), or that probes
/// a closed window without an answer (`tr` = 4, `timeout` > 1). A healthy peer that merely does not read answers the probes,
/// and each answer resets the count.
#[cfg(target_os = "linux")]
fn repeating(line: &str) -> Option<u64> {
    let mut columns = line.split_ascii_whitespace().skip(5);
    let (timer, repeats) = (columns.next()?, columns.next()?);
    let probes: u32 = columns.nth(1)?.parse().ok()?;
    let inode = columns.next()?.parse().ok()?;
    let repeats = timer.starts_with("01:") && repeats.bytes().any(|digit| digit != b'0');
    (repeats || timer.starts_with("04:") && probes > 1).then_some(inode)
}

/// The inode of a socket, which identifies it in the system's table.
#[cfg(unix)]
pub(in crate::engine) fn inode(socket: &SockRef<'_>) -> Option<u64> {
    Some(rustix::fs::fstat(&**socket).ok()?.st_ino)
}

/// Limits how long bytes may stay unacknowledged; `None`: the system's default.
///
/// # Errors
/// The system refuses.
#[cfg(target_os = "linux")]
pub(in crate::engine) fn limit_silence(socket: &SockRef<'_>, limit: Option<Duration>) -> io::Result<()> {
    socket.set_tcp_user_timeout(limit)
}

/// Other systems have no cheap way to ask, and give up sooner (Windows after about 20 s).
#[cfg(not(target_os = "linux"))]
pub(in crate::engine) fn unanswered() -> Option<HashSet<u64>> {
    None
}

/// Never called.
#[cfg(not(target_os = "linux"))]
pub(in crate::engine) fn limit_silence(_socket: &SockRef<'_>, _limit: Option<Duration>) -> io::Result<()> {
    Ok(())
}

/// Never called.
#[cfg(not(unix))]
pub(in crate::engine) fn inode(_socket: &SockRef<'_>) -> Option<u64> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn who_is_repeated_to_is_told_from_who_does_not_read() {
        let probed = |timer: &str, repeats: &str, probes: u32| {
            format!(
                "   1: 0100007F:1F90 0100007F:9C40 01 00000010:00000000 {timer} {repeats}     0        {probes} 4711 2 \
                 0000000000000000 20 4 30 10 -1"
            )
        };
        let line = |timer: &str, repeats: &str| probed(timer, repeats, 0);
        assert_eq!(repeating(&line("01:00000014", "00000002")), Some(4711));
        assert_eq!(repeating(&line("01:00000014", "00000000")), None, "on its first way");
        assert_eq!(repeating(&line("04:00000014", "00000002")), None, "its window is closed");
        assert_eq!(repeating(&probed("04:00000014", "00000000", 1)), None, "its answer may be on the way");
        assert_eq!(
            repeating(&probed("04:00000014", "00000000", 2)),
            Some(4711),
            "its window is closed, and it is gone"
        );
        assert_eq!(repeating(&probed("02:00000014", "00000000", 2)), None, "keep-alive has a limit of its own");
        assert_eq!(repeating(&line("02:000007D0", "00000000")), None, "keep-alive");
        assert_eq!(repeating(&line("00:00000000", "00000000")), None);
        assert_eq!(repeating("short line"), None);
        assert!(unanswered().is_some());
    }
}
