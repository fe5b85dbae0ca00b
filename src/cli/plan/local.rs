//! Questions about this machine and the network: `ping` and `lookup`.

use super::{Role, endpoint, optional_duration, optional_number};
use crate::cli::args::{LookupArguments, PingArguments};
use crate::cli::local::{LocalTool, Ping};
use crate::cli::usage::UsageError;
use crate::model::Transport;
use crate::words::Lang;
use std::time::Duration;

/// How often a port is asked without `-n`.
const DEFAULT_COUNT: u64 = 4;
/// The time from one connect to the next.
const DEFAULT_EVERY: Duration = Duration::from_secs(1);
/// The time limit of each connect.
const DEFAULT_LIMIT: Duration = Duration::from_secs(3);

/// # Errors
/// A value is wrong, or the endpoint is none of TCP.
pub(super) fn ping(arguments: &PingArguments, lang: Lang) -> Result<LocalTool, UsageError> {
    let endpoint = endpoint("HOST:PORT", &arguments.endpoint, Role::Connect, lang)?;
    if endpoint.transport != Transport::Tcp {
        return Err(UsageError::value("HOST:PORT", &arguments.endpoint, lang.texts().for_tcp_only()));
    }
    let limit = optional_duration("--timeout", arguments.timeout.as_deref(), lang)?.unwrap_or(DEFAULT_LIMIT);
    Ok(LocalTool::Ping(Ping {
        host: endpoint.at,
        count: optional_number("-n", arguments.count.as_deref(), 1, lang)?.unwrap_or(DEFAULT_COUNT),
        every: optional_duration("--every", arguments.every.as_deref(), lang)?.unwrap_or(DEFAULT_EVERY),
        limit: limit.max(Duration::from_millis(1)),
    }))
}

/// # Errors
/// The name is empty.
pub(super) fn look_up(arguments: &LookupArguments, lang: Lang) -> Result<LocalTool, UsageError> {
    let name = arguments.name.trim().trim_start_matches('[').trim_end_matches(']');
    if name.is_empty() {
        return Err(UsageError::option("NAME", lang.texts().cannot_be_empty()));
    }
    Ok(LocalTool::LookUp(name.to_owned()))
}
