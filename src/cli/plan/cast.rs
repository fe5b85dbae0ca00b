//! `--join`, `--ttl`, `--no-loop`, `--multicast-if`, `--broadcast`: broadcast and multicast of a UDP socket.

use crate::cli::args::CastArguments;
use crate::cli::help::either;
use crate::cli::usage::UsageError;
use crate::model::{CastOptions, GROUPS_MAX, Group, SessionConfig, is_interface_name};
use crate::words::{self, Lang};

/// Puts the options into the configuration.
///
/// # Errors
/// A value is wrong, or it is no UDP socket.
pub(super) fn apply(arguments: &CastArguments, config: &mut SessionConfig, lang: Lang) -> Result<(), UsageError> {
    let cast = options(arguments, lang)?;
    match config {
        SessionConfig::Udp(udp) => udp.cast = cast,
        _ => {
            if let Some(option) = first_given(arguments) {
                return Err(UsageError::option(option, lang.texts().for_udp_only()));
            }
        }
    }
    Ok(())
}

fn first_given(arguments: &CastArguments) -> Option<&'static str> {
    let given = [
        (!arguments.join.is_empty(), "--join"),
        (arguments.no_loop, "--no-loop"),
        (arguments.multicast_if.is_some(), "--multicast-if"),
        (arguments.broadcast.is_some(), "--broadcast"),
    ];
    given.into_iter().find_map(|(given, name)| given.then_some(name))
}

fn options(arguments: &CastArguments, lang: Lang) -> Result<CastOptions, UsageError> {
    let texts = lang.texts();
    let mut cast = CastOptions { loopback: !arguments.no_loop, ..CastOptions::default() };
    for text in &arguments.join {
        let group: Group =
            text.parse().map_err(|error| UsageError::value("--join", text, words::group_error(&error, lang)))?;
        if !cast.groups.contains(&group) {
            cast.groups.push(group);
        }
    }
    if cast.groups.len() > GROUPS_MAX {
        return Err(UsageError::option("--join", texts.groups_most(GROUPS_MAX)));
    }
    if let Some(text) = &arguments.ttl {
        let ttl = text.trim().parse::<u8>().ok().filter(|ttl| *ttl > 0);
        let reason = || UsageError::value("--ttl", text, texts.ttl_range());
        cast.ttl = Some(ttl.ok_or_else(reason)?);
    }
    if let Some(name) = &arguments.multicast_if {
        if !is_interface_name(name) {
            return Err(UsageError::value("--multicast-if", name, texts.group_bad_interface()));
        }
        cast.interface = Some(name.clone());
    }
    cast.broadcast = match arguments.broadcast.as_deref() {
        None | Some("on") => true,
        Some("off") => false,
        Some(other) => {
            let reason = texts.should_be(&either(["on", "off"], lang));
            return Err(UsageError::value("--broadcast", other, reason));
        }
    };
    Ok(cast)
}
