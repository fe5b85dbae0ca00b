//! Datagrams that the system dropped because they were not read in time.

/// Reads the system's drop counter of one UDP socket.
#[derive(Debug)]
pub(in crate::engine) struct DropCounter {
    #[cfg(target_os = "linux")]
    inode: u64,
    #[cfg(target_os = "linux")]
    table: &'static str,
}

#[cfg(target_os = "linux")]
impl DropCounter {
    /// The counter of this socket; `None` where the system has none.
    pub(in crate::engine) fn of(socket: &socket2::Socket, v6: bool) -> Option<Self> {
        let inode = rustix::fs::fstat(socket).ok()?.st_ino;
        let counter = Self { inode, table: if v6 { "/proc/net/udp6" } else { "/proc/net/udp" } };
        counter.read().map(|_| counter)
    }

    /// Datagrams dropped since the socket was made (proc(5), last column of `/proc/net/udp`).
    pub(in crate::engine) fn read(&self) -> Option<u64> {
        drops_of(&std::fs::read_to_string(self.table).ok()?, self.inode)
    }
}

#[cfg(not(target_os = "linux"))]
impl DropCounter {
    /// Other systems do not count per socket.
    pub(in crate::engine) fn of(_socket: &socket2::Socket, _v6: bool) -> Option<Self> {
        None
    }

    /// Never called, because there is no such counter.
    pub(in crate::engine) fn read(&self) -> Option<u64> {
        None
    }
}

/// The last column of the line whose inode (column 10) is this one.
#[cfg(target_os = "linux")]
fn drops_of(table: &str, inode: u64) -> Option<u64> {
    table.lines().skip(1).find_map(|line| {
        let mut columns = line.split_ascii_whitespace();
        let found: u64 = columns.nth(9)?.parse().ok()?;
        if found == inode { columns.last()?.parse().ok() } else { None }
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_the_inode_is_found() {
        let table = "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n  \
                     12: 0100007F:1F90 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 4711 2 0000000000000000 17\n";
        assert_eq!(drops_of(table, 4711), Some(17));
        assert_eq!(drops_of(table, 4712), None);
        assert_eq!(drops_of("", 4711), None);
        assert_eq!(drops_of("head\nshort line\n", 1), None);
    }
}
