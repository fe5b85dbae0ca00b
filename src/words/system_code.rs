//! Names of system error numbers, as manuals and search engines know them.

/// The symbolic name of a system error number, for those a network program meets.
#[cfg(unix)]
pub(super) fn name(code: i32) -> Option<&'static str> {
    use rustix::io::Errno;
    // Numbers differ between Unix systems, names do not.
    const NAMES: [(Errno, &str); 38] = [
        (Errno::PERM, "EPERM"),
        (Errno::NOENT, "ENOENT"),
        (Errno::INTR, "EINTR"),
        (Errno::IO, "EIO"),
        (Errno::BADF, "EBADF"),
        (Errno::AGAIN, "EAGAIN"),
        (Errno::NOMEM, "ENOMEM"),
        (Errno::ACCESS, "EACCES"),
        (Errno::EXIST, "EEXIST"),
        (Errno::NODEV, "ENODEV"),
        (Errno::NOTDIR, "ENOTDIR"),
        (Errno::ISDIR, "EISDIR"),
        (Errno::INVAL, "EINVAL"),
        (Errno::NFILE, "ENFILE"),
        (Errno::MFILE, "EMFILE"),
        (Errno::FBIG, "EFBIG"),
        (Errno::NOSPC, "ENOSPC"),
        (Errno::ROFS, "EROFS"),
        (Errno::PIPE, "EPIPE"),
        (Errno::NAMETOOLONG, "ENAMETOOLONG"),
        (Errno::DQUOT, "EDQUOT"),
        (Errno::DESTADDRREQ, "EDESTADDRREQ"),
        (Errno::MSGSIZE, "EMSGSIZE"),
        (Errno::AFNOSUPPORT, "EAFNOSUPPORT"),
        (Errno::ADDRINUSE, "EADDRINUSE"),
        (Errno::ADDRNOTAVAIL, "EADDRNOTAVAIL"),
        (Errno::NETDOWN, "ENETDOWN"),
        (Errno::NETUNREACH, "ENETUNREACH"),
        (Errno::NETRESET, "ENETRESET"),
        (Errno::CONNABORTED, "ECONNABORTED"),
        (Errno::CONNRESET, "ECONNRESET"),
        (Errno::NOBUFS, "ENOBUFS"),
        (Errno::NOTCONN, "ENOTCONN"),
        (Errno::TIMEDOUT, "ETIMEDOUT"),
        (Errno::CONNREFUSED, "ECONNREFUSED"),
        (Errno::HOSTDOWN, "EHOSTDOWN"),
        (Errno::HOSTUNREACH, "EHOSTUNREACH"),
        (Errno::PROTO, "EPROTO"),
    ];
    NAMES.into_iter().find(|(errno, _)| errno.raw_os_error() == code).map(|(_, name)| name)
}

/// The symbolic name of a Windows error number ("Windows Sockets Error Codes", "System Error Codes"), for those a network program meets.
#[cfg(not(unix))]
pub(super) fn name(code: i32) -> Option<&'static str> {
    const NAMES: [(i32, &str); 27] = [
        (2, "ERROR_FILE_NOT_FOUND"),
        (3, "ERROR_PATH_NOT_FOUND"),
        (4, "ERROR_TOO_MANY_OPEN_FILES"),
        (5, "ERROR_ACCESS_DENIED"),
        (32, "ERROR_SHARING_VIOLATION"),
        (33, "ERROR_LOCK_VIOLATION"),
        (39, "ERROR_HANDLE_DISK_FULL"),
        (112, "ERROR_DISK_FULL"),
        (223, "ERROR_FILE_TOO_LARGE"),
        (336, "ERROR_DIRECTORY_NOT_SUPPORTED"),
        (10004, "WSAEINTR"),
        (10013, "WSAEACCES"),
        (10022, "WSAEINVAL"),
        (10024, "WSAEMFILE"),
        (10040, "WSAEMSGSIZE"),
        (10047, "WSAEAFNOSUPPORT"),
        (10048, "WSAEADDRINUSE"),
        (10049, "WSAEADDRNOTAVAIL"),
        (10050, "WSAENETDOWN"),
        (10051, "WSAENETUNREACH"),
        (10053, "WSAECONNABORTED"),
        (10054, "WSAECONNRESET"),
        (10055, "WSAENOBUFS"),
        (10057, "WSAENOTCONN"),
        (10060, "WSAETIMEDOUT"),
        (10061, "WSAECONNREFUSED"),
        (10065, "WSAEHOSTUNREACH"),
    ];
    NAMES.into_iter().find(|(number, _)| *number == code).map(|(_, name)| name)
}
