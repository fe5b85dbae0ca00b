//! The lines of a `session` block about broadcast and multicast.

use super::opening::{plain, single, unexpected};
use crate::model::{CastOptions, GROUPS_MAX, Group, GroupError, is_interface_name};
use crate::talk::error::{Error, ErrorKind};
use crate::talk::tree::SessionOption;

/// Sets the option; false: there is no such option.
///
/// # Errors
/// Its value is wrong.
pub(super) fn set(name: &str, option: &SessionOption, cast: &mut CastOptions) -> Result<bool, Error> {
    match name {
        "join" => {
            if option.values.is_empty() {
                return Err(unexpected(option, option.span, &[]));
            }
            for value in &option.values {
                let span = value.text().span;
                let wrong = |error| Error { kind: ErrorKind::BadGroup(error), span };
                let group: Group = plain(value.text())?.parse().map_err(wrong)?;
                if cast.groups.len() >= GROUPS_MAX {
                    return Err(Error { kind: ErrorKind::BadNumber(cast.groups.len().to_string()), span });
                }
                cast.groups.push(group);
            }
        }
        "ttl" => {
            let (text, span) = single(option)?;
            let ttl = text.parse::<u8>().ok().filter(|ttl| *ttl > 0);
            cast.ttl = Some(ttl.ok_or(Error { kind: ErrorKind::BadNumber(text), span })?);
        }
        "no-loop" => match option.values.first() {
            None => cast.loopback = false,
            Some(extra) => return Err(unexpected(option, extra.text().span, &[])),
        },
        "multicast-if" => {
            let (text, span) = single(option)?;
            if !is_interface_name(&text) {
                return Err(Error { kind: ErrorKind::BadGroup(GroupError::NoInterface), span });
            }
            cast.interface = Some(text);
        }
        "broadcast" => match single(option)? {
            (text, _) if text == "on" => cast.broadcast = true,
            (text, _) if text == "off" => cast.broadcast = false,
            (_, span) => return Err(unexpected(option, span, &["on", "off"])),
        },
        _ => return Ok(false),
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use crate::model::{CastOptions, SessionConfig};
    use crate::runner::opening::Opening;
    use crate::talk::error::{Error, ErrorKind};
    use crate::talk::tree::TopKind;

    fn cast(options: &str) -> Result<CastOptions, Vec<Error>> {
        let source = format!("session listen udp://0.0.0.0:0 {{\n{options}\n}}");
        let parsed = crate::talk::parse(&source);
        assert_eq!(parsed.errors, []);
        let TopKind::Session(session) = &parsed.file.tops[0].kind else { panic!("no session: {source}") };
        match Opening::new(session, "udp://0.0.0.0:0")?.config {
            SessionConfig::Udp(udp) => Ok(udp.cast),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn groups_and_options_of_a_socket() {
        let got = cast(
            "join 239.1.1.1%lo 239.1.1.2\njoin \"232.1.1.1,from=10.0.0.9\"\nttl 4\nno-loop\nmulticast-if lo\nbroadcast off",
        )
        .expect("options");
        let groups: Vec<_> = got.groups.iter().map(ToString::to_string).collect();
        assert_eq!(groups, ["239.1.1.1%lo", "239.1.1.2", "232.1.1.1,from=10.0.0.9"]);
        assert_eq!(
            (got.ttl, got.loopback, got.interface.as_deref(), got.broadcast),
            (Some(4), false, Some("lo"), false)
        );
    }

    #[test]
    fn wrong_values_are_reported() {
        let errors = cast("join 10.0.0.1\nttl 0\nno-loop yes\nbroadcast maybe\nmulticast-if \"\"").unwrap_err();
        let kinds: Vec<_> = errors.iter().map(|error| &error.kind).collect();
        assert!(
            matches!(
                kinds.as_slice(),
                [
                    ErrorKind::BadGroup(_),
                    ErrorKind::BadNumber(_),
                    ErrorKind::Unexpected { .. },
                    ErrorKind::Unexpected { .. },
                    ErrorKind::BadGroup(_)
                ]
            ),
            "{kinds:?}"
        );
    }
}
