//! `--reconnect` and `--tries`: how a TCP client connects again by itself.

use super::optional_number;
use crate::cli::args::ConnectArguments;
use crate::cli::usage::UsageError;
use crate::cli::values;
use crate::model::{Reconnect, Transport};
use crate::words::Lang;

/// The shortest first delay, which is the engine's.
const SHORTEST: std::time::Duration = std::time::Duration::from_millis(10);

/// How the client connects again; `None`: not at all.
///
/// # Errors
/// A value is wrong, it is not a TCP client, or `--tries` has nothing to count.
pub(super) fn policy(
    arguments: &ConnectArguments,
    transport: Transport,
    lang: Lang,
) -> Result<Option<Reconnect>, UsageError> {
    let attempts = optional_number("--tries", arguments.tries.as_deref(), 1, lang)?;
    let Some(text) = arguments.reconnect.as_deref() else {
        return match attempts {
            Some(_) => Err(UsageError::option("--tries", lang.texts().needs_reconnect())),
            None => Ok(None),
        };
    };
    if transport == Transport::Udp {
        return Err(UsageError::option("--reconnect", lang.texts().not_for_udp()));
    }
    let wrong = |reason: String| UsageError::value("--reconnect", text, reason);
    let (first, longest) = text.split_once("..").unwrap_or((text, text));
    let first = values::duration(first, lang).map_err(wrong)?;
    let longest = values::duration(longest, lang).map_err(wrong)?;
    if first < SHORTEST || longest < first {
        return Err(wrong(lang.texts().no_delays().to_owned()));
    }
    let attempts = attempts.map(|attempts| u32::try_from(attempts).unwrap_or(u32::MAX));
    Ok(Some(Reconnect { first, longest, attempts }))
}
