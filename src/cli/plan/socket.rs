//! Options of the sockets.

use crate::cli::args::SessionArguments;
use crate::cli::usage::UsageError;
use crate::model::{OptionName, Protocol, SocketOptions};
use crate::words::{self, Lang};

/// The options of the sockets of a session.
///
/// # Errors
/// A value is wrong, or the option is of no use for this type of session or on this system.
pub(super) fn options(
    arguments: &SessionArguments,
    protocol: Protocol,
    lang: Lang,
) -> Result<SocketOptions, UsageError> {
    let mut options = SocketOptions::default();
    // That of UDP is one of its options for groups.
    let ttl = arguments.cast.ttl.as_deref().filter(|_| protocol != Protocol::Udp);
    for (option, text) in arguments.socket.given().chain(ttl.map(|ttl| (OptionName::Ttl, ttl))) {
        let name = format!("--{}", option.name());
        if !option.is_available() {
            return Err(UsageError::option(&name, lang.texts().no_such_socket_option_here()));
        }
        if !option.fits(protocol) {
            return Err(UsageError::option(&name, lang.texts().not_for_protocol(protocol)));
        }
        options
            .set(option, text)
            .map_err(|form| UsageError::value(&name, text, words::socket_option_form(form, lang)))?;
    }
    Ok(options)
}
