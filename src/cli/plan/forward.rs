//! `wirebench forward A to B`.

use super::{Common, Role, SessionPlan, endpoint, optional_duration, session};
use crate::cli::args::{ForwardArguments, SessionArguments, WebSocketArguments};
use crate::cli::usage::UsageError;
use crate::model::{Endpoint, Forward, ForwardDatagrams, Layers, SessionConfig, TcpServerConfig, Transport, UdpConfig};

/// Whether a session passes on what it receives.
pub(super) fn is_forward(config: &SessionConfig) -> bool {
    match config {
        SessionConfig::TcpServer(server) => server.forward.is_some(),
        SessionConfig::Udp(udp) => udp.forward.is_some(),
        _ => false,
    }
}

/// Checks the arguments.
///
/// # Errors
/// The first error found.
pub(super) fn forward(arguments: &ForwardArguments, common: Common) -> Result<SessionPlan, UsageError> {
    let lang = common.lang;
    if arguments.word != "to" {
        return Err(UsageError::value("to", &arguments.word, lang.texts().should_be("to")));
    }
    if let Some(option) = sends_of_its_own(&arguments.session) {
        return Err(UsageError::option(option, lang.texts().forward_sends_nothing()));
    }
    let from = endpoint("ENDPOINT", &arguments.endpoint, Role::Listen, lang)?;
    let to = endpoint("ENDPOINT", &arguments.target, Role::Connect, lang)?;
    if let Some((_, text)) = [(&from, &arguments.endpoint), (&to, &arguments.target)]
        .into_iter()
        .find(|(endpoint, _)| endpoint.layers != Layers::default() || endpoint.at.unix_path().is_some())
    {
        return Err(UsageError::value("ENDPOINT", text, lang.texts().forward_without_layers()));
    }
    if from.transport != to.transport {
        return Err(UsageError::value("ENDPOINT", &arguments.target, lang.texts().forward_of_one_kind()));
    }
    let connect = optional_duration("--connect-timeout", arguments.connect_timeout.as_deref(), lang)?;
    let idle = optional_duration("--idle-timeout", arguments.idle_timeout.as_deref(), lang)?;
    let Endpoint { transport, at, .. } = from;
    let config = match transport {
        Transport::Tcp => {
            if idle.is_some() {
                return Err(UsageError::option("--idle-timeout", lang.texts().for_udp_only()));
            }
            let mut forward = Forward::new(to.at);
            forward.connect_timeout = connect.unwrap_or(forward.connect_timeout);
            SessionConfig::TcpServer(TcpServerConfig { forward: Some(forward), ..TcpServerConfig::new(at) })
        }
        Transport::Udp => {
            if connect.is_some() {
                return Err(UsageError::option("--connect-timeout", lang.texts().not_for_udp()));
            }
            let mut forward = ForwardDatagrams::new(to.at);
            forward.idle_timeout = idle.unwrap_or(forward.idle_timeout);
            SessionConfig::Udp(UdpConfig { forward: Some(forward), ..UdpConfig::new(Some(at), None) })
        }
    };
    // The order of the sends does not matter, since there are none.
    session((&arguments.session, &WebSocketArguments::default()), None, common, (Role::Listen, None), config)
}

/// An option that would send something else than what is passed on.
fn sends_of_its_own(session: &SessionArguments) -> Option<&'static str> {
    let given = [
        (!session.send.is_empty(), "--send"),
        (!session.send_hex.is_empty(), "--send-hex"),
        (!session.send_file.is_empty(), "--send-file"),
        (session.stdin, "--stdin"),
        (session.echo, "--echo"),
        (session.reply.is_some(), "--reply"),
        (session.reply_hex.is_some(), "--reply-hex"),
        (session.reply_upper, "--reply-upper"),
        (session.talk.is_some(), "--talk"),
    ];
    given.into_iter().find_map(|(given, name)| given.then_some(name))
}
