//! `--chunk`, `--pause` and `--rate`: files and standard input are sent piece by piece.

use super::optional_duration;
use crate::cli::args::SessionArguments;
use crate::cli::usage::UsageError;
use crate::engine::{PIECE_BYTES_MAX, SendPace};
use crate::model::Transport;
use crate::words::{Lang, parse_size};

/// How files and standard input are sent; `None`: as fast as the peers take them.
///
/// # Errors
/// A value is wrong, or there is nothing that is sent in pieces.
pub(super) fn pace(
    arguments: &SessionArguments,
    transport: Transport,
    lang: Lang,
) -> Result<Option<SendPace>, UsageError> {
    let SessionArguments { chunk, pause, rate, .. } = arguments;
    let given = [(chunk, "--chunk"), (pause, "--pause"), (rate, "--rate")];
    let Some(option) = given.into_iter().find_map(|(value, option)| value.as_ref().map(|_| option)) else {
        return Ok(None);
    };
    let texts = lang.texts();
    if arguments.send_file.is_empty() && !arguments.stdin {
        return Err(UsageError::option(option, texts.nothing_to_cut()));
    }
    for (other, name) in [(&arguments.every, "--every"), (&arguments.count, "--count")] {
        if other.is_some() {
            return Err(UsageError::exclusive(option, name, lang));
        }
    }
    if chunk.is_some() && transport == Transport::Udp {
        return Err(UsageError::option("--chunk", texts.for_tcp_only()));
    }
    let size = |option: &str, text: &str, most: u64| {
        let wrong = || UsageError::value(option, text, texts.should_be_size());
        parse_size(text.strip_suffix("/s").unwrap_or(text)).filter(|size| (1..=most).contains(size)).ok_or_else(wrong)
    };
    let chunk = chunk.as_deref().map(|text| size("--chunk", text, PIECE_BYTES_MAX.into())).transpose()?;
    let rate = rate.as_deref().map(|text| size("--rate", text, u64::MAX)).transpose()?;
    let pause = optional_duration("--pause", pause.as_deref(), lang)?.unwrap_or_default();
    Ok(Some(SendPace { piece: chunk.and_then(|chunk| u32::try_from(chunk).ok()), pause, rate }))
}
