//! Unix sockets (unix(7)): listening on a path, accepting, connecting.
//!
//! The file of a socket stays when its program ends without removing it, and would block the path for ever. It is removed only if it
//! is a socket and nobody listens on it. Our own file is removed when we stop listening. Only its owner may connect.

use super::stream::Stream;
use crate::model::{NetError, Operation, UNIX_SCHEME};
use std::io;
use std::net::SocketAddr;

/// A Unix socket that listens.
pub(super) struct Listening {
    #[cfg(unix)]
    socket: mio::net::UnixListener,
    /// Removed with the socket.
    #[cfg(unix)]
    _file: Option<here::OwnFile>,
    /// A file that another program had left was removed.
    pub replaced: bool,
}

fn failed(path: &str) -> impl Fn(io::Error) -> NetError {
    let address = format!("{UNIX_SCHEME}{path}");
    move |error| NetError::from_io(Operation::Listen, address.clone(), &error)
}

#[cfg(unix)]
mod here {
    use super::{Listening, NetError, Operation, SocketAddr, Stream, UNIX_SCHEME, failed, io};
    use crate::model::{ErrorKind, UnixEnd};
    use mio::net::{UnixListener, UnixStream};
    use mio::{Interest, Registry, Token};
    use socket2::{Domain, SockAddr, Socket, Type};
    use std::fs;
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    use std::path::{Path, PathBuf};

    /// Requested backlog; the system may allow less (listen(2)).
    const BACKLOG: i32 = 4096;

    /// The file of a socket of ours, and what identifies it.
    pub(super) struct OwnFile {
        path: PathBuf,
        id: (u64, u64),
    }

    impl Drop for OwnFile {
        fn drop(&mut self) {
            // Somebody may have put another file in its place.
            if fs::symlink_metadata(&self.path).is_ok_and(|now| (now.dev(), now.ino()) == self.id)
                && let Err(error) = fs::remove_file(&self.path)
            {
                tracing::warn!(%error, path = %self.path.display(), "the file of a socket stays");
            }
        }
    }

    /// The address of a path, or of `@` and a name in the abstract namespace (Linux).
    fn address(path: &str) -> io::Result<SockAddr> {
        match path.strip_prefix('@') {
            Some(_) if !cfg!(any(target_os = "linux", target_os = "android")) => {
                Err(io::Error::new(io::ErrorKind::Unsupported, "there are no abstract names on this system"))
            }
            Some(name) => SockAddr::unix(format!("\0{name}")),
            None => SockAddr::unix(path),
        }
    }

    fn socket() -> io::Result<Socket> {
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        socket.set_nonblocking(true)?;
        Ok(socket)
    }

    /// Nobody listens there: a connect is refused.
    fn is_left_behind(at: &SockAddr) -> bool {
        let refused = |error: io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
        socket().is_ok_and(|socket| socket.connect(at).is_err_and(refused))
    }

    /// Listens on a path or an abstract name.
    ///
    /// # Errors
    /// Somebody listens there, the file is no socket, or the system refuses it.
    pub(in crate::engine::net::tcp) fn listen(path: &str) -> Result<Listening, NetError> {
        let failed = failed(path);
        let at = address(path).map_err(&failed)?;
        let file = (!path.starts_with('@')).then(|| Path::new(path));
        let socket = socket().map_err(&failed)?;
        // On Linux the file gets the mode of the socket, so that nobody else can connect at any moment.
        rustix::fs::fchmod(&socket, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).ok();
        let mut replaced = false;
        if let Err(error) = socket.bind(&at) {
            let there = file.and_then(|file| fs::symlink_metadata(file).ok());
            let Some((file, there)) = file.zip(there).filter(|_| error.kind() == io::ErrorKind::AddrInUse) else {
                return Err(failed(error));
            };
            if !there.file_type().is_socket() {
                let address = format!("{UNIX_SCHEME}{path}");
                return Err(NetError::new(Operation::Listen, ErrorKind::NotASocket, address, ""));
            }
            if !is_left_behind(&at) {
                return Err(failed(error));
            }
            fs::remove_file(file).map_err(&failed)?;
            socket.bind(&at).map_err(&failed)?;
            replaced = true;
        }
        let file = match file {
            Some(path) => {
                let path = fs::canonicalize(path).map_err(&failed)?;
                let made = fs::symlink_metadata(&path).map_err(&failed)?;
                let own = OwnFile { id: (made.dev(), made.ino()), path };
                let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
                fs::set_permissions(&own.path, mode).map_err(&failed)?;
                Some(own)
            }
            None => None,
        };
        socket.listen(BACKLOG).map_err(&failed)?;
        let socket = UnixListener::from_std(std::os::unix::net::UnixListener::from(std::os::fd::OwnedFd::from(socket)));
        Ok(Listening { socket, _file: file, replaced })
    }

    impl Listening {
        /// # Errors
        /// The poll refuses the socket.
        pub(in crate::engine::net::tcp) fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
            registry.register(&mut self.socket, token, Interest::READABLE)
        }

        /// # Errors
        /// The socket was not in the poll.
        pub(in crate::engine::net::tcp) fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
            registry.deregister(&mut self.socket)
        }

        /// # Errors
        /// `WouldBlock`: nobody waits; else those of accept(2).
        pub(in crate::engine::net::tcp) fn accept(&self) -> io::Result<(Stream, SocketAddr)> {
            let (socket, from) = self.socket.accept()?;
            let name = from.as_pathname().map(|path| path.to_string_lossy().into_owned());
            let end = other_end(&socket, name);
            Ok((Stream::Unix(socket), end.address()))
        }
    }

    /// Who is at the other end.
    fn other_end(socket: &UnixStream, name: Option<String>) -> UnixEnd {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let (process, user) = match rustix::net::sockopt::socket_peercred(socket) {
            Ok(who) => (u32::try_from(who.pid.as_raw_nonzero().get()).ok(), Some(who.uid.as_raw())),
            Err(_) => (None, None),
        };
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        let (process, user) = {
            let _ = socket;
            (None, None)
        };
        UnixEnd { name, process, user }
    }

    /// Connects to a path or an abstract name.
    ///
    /// # Errors
    /// Those of connect(2).
    pub(in crate::engine::net::tcp) fn connect(path: &str) -> io::Result<Stream> {
        let socket = socket()?;
        socket.connect(&address(path)?)?;
        let stream = std::os::unix::net::UnixStream::from(std::os::fd::OwnedFd::from(socket));
        Ok(Stream::Unix(UnixStream::from_std(stream)))
    }

    /// The server at the other end of a connection to `path`.
    pub(in crate::engine::net::tcp) fn server(stream: &Stream, path: &str) -> SocketAddr {
        match stream {
            Stream::Unix(socket) => other_end(socket, Some(path.to_owned())).address(),
            Stream::Tcp(_) => UnixEnd::named(path).address(),
        }
    }
}

#[cfg(unix)]
pub(super) use here::{connect, listen, server};

#[cfg(not(unix))]
fn unsupported() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "there are no Unix sockets on this system")
}

/// Fails: there are none on this system.
///
/// # Errors
/// Always.
#[cfg(not(unix))]
pub(super) fn listen(path: &str) -> Result<Listening, NetError> {
    Err(failed(path)(unsupported()))
}

/// Fails: there are none on this system.
///
/// # Errors
/// Always.
#[cfg(not(unix))]
pub(super) fn connect(_path: &str) -> io::Result<Stream> {
    Err(unsupported())
}

/// There is none to call these for.
#[cfg(not(unix))]
impl Listening {
    pub(super) fn register(&mut self, _registry: &mio::Registry, _token: mio::Token) -> io::Result<()> {
        Err(unsupported())
    }

    pub(super) fn deregister(&mut self, _registry: &mio::Registry) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn accept(&self) -> io::Result<(Stream, SocketAddr)> {
        Err(unsupported())
    }
}

/// Never called: nothing connects.
#[cfg(not(unix))]
pub(super) fn server(_stream: &Stream, path: &str) -> SocketAddr {
    crate::model::UnixEnd::named(path).address()
}
