//! The rules of a talk file, read and compiled for a session of a front end.

use super::files::FolderFiles;
use crate::codec::{Encoding, FramingRule};
use crate::engine::RuleSurroundings;
use crate::model::Transport;
use crate::talk::rules::{RuleSet, Setting};
use crate::talk::tree::{File, Session, Span, TopKind, Trigger};
use crate::talk::{Error, ErrorKind, Outside, read_with_used};
use std::path::Path;

/// What a front end says about the session whose rules are compiled. It goes before what the file says.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSession {
    /// Cuts received bytes into frames; `None`: the front end has no rule.
    pub framing: Option<FramingRule>,
    /// The encoding of texts; `None`: the front end has none.
    pub encoding: Option<Encoding>,
    /// TCP is a stream; each datagram is a message.
    pub transport: Transport,
    /// Without a framing rule each read of a TCP stream is a message. Otherwise rules on bytes are errors there.
    pub reads_are_frames: bool,
}

/// The rules of a file.
#[derive(Debug)]
pub struct CompiledRules {
    /// The rules; empty if the file has none.
    pub set: RuleSet,
    /// Nobody has named a framing rule, so each read of a TCP stream is a message.
    pub is_cut_by_reads: bool,
}

impl CompiledRules {
    /// Compiles the rules of `source`. Files that it uses or sends are read below the folder of `path`; this blocks on the disk.
    ///
    /// # Errors
    /// Everything that is wrong with the file, as far as it is known.
    pub fn new(path: Option<&Path>, source: &str, session: &RuleSession) -> Result<Self, Vec<Error>> {
        let mut files = path.map(FolderFiles::beside).unwrap_or_default();
        let name = path.and_then(Path::file_name).map(|name| name.to_string_lossy());
        let mut parsed = read_with_used(source, name.as_deref(), &Outside::default(), &mut files);
        // The front end can give the rule and the transport that the file leaves open.
        parsed.errors.retain(|error| error.kind != ErrorKind::RuleNeedsFrame);
        if !parsed.errors.is_empty() {
            return Err(parsed.errors);
        }
        let file = parsed.file;
        let mut setting = setting(&file, session).map_err(|error| vec![error])?;
        setting.framing = setting.framing.or_else(|| file.modbus()?.framing());
        let unframed = match setting.framing.is_none() && session.transport == Transport::Tcp {
            true => rules_on_bytes(&file),
            false => Vec::new(),
        };
        if !unframed.is_empty() && !session.reads_are_frames {
            let error = |span| Error { kind: ErrorKind::RuleNeedsFrame, span };
            return Err(unframed.into_iter().map(error).collect());
        }
        let set = RuleSet::new(&file, source, &setting, &mut RuleSurroundings::default(), &mut files);
        let set = set.map_err(|faults| faults.into_iter().map(Error::from).collect::<Vec<_>>())?;
        Ok(Self { set, is_cut_by_reads: !unframed.is_empty() })
    }
}

/// Whether a file has steps, or statements outside of them that run as such.
#[must_use]
pub fn has_steps(file: &File) -> bool {
    file.tops.iter().any(|top| match &top.kind {
        TopKind::Step(_) => true,
        TopKind::Loose(stmt) => stmt.modbus().is_none(),
        _ => false,
    })
}

/// The framing rule and the encoding. With several sessions, the file says only which rules belong together.
fn setting(file: &File, given: &RuleSession) -> Result<Setting, Error> {
    let mut sessions = file.tops.iter().filter_map(|top| match &top.kind {
        TopKind::Session(session) => Some(session),
        _ => None,
    });
    let first = sessions.next();
    let mut setting = Setting {
        session: first.and_then(|session| session.name.as_ref()).map(|name| name.value.clone()),
        framing: given.framing.clone(),
        encoding: given.encoding.unwrap_or_default(),
        ..Setting::default()
    };
    let Some(session) = first else { return Ok(setting) };
    if given.framing.is_none()
        && let Some((text, span)) = option(session, "frame")
    {
        let rule = text.parse().map_err(|error| Error { kind: ErrorKind::BadRule(error), span })?;
        setting.framing = Some(rule);
    }
    if given.encoding.is_none()
        && let Some((text, span)) = option(session, "encoding")
    {
        let unknown = || Error { kind: ErrorKind::UnknownEncoding(text.clone()), span };
        setting.encoding = Encoding::by_name(&text).ok_or_else(unknown)?;
    }
    Ok(setting)
}

fn option(session: &Session, name: &str) -> Option<(String, Span)> {
    let option = session.options.iter().find(|option| option.name.value == name)?;
    Some((option.values.first()?.text().plain()?.to_owned(), option.span))
}

/// The heads of the rules on bytes that are on. On a TCP stream they need frames.
fn rules_on_bytes(file: &File) -> Vec<Span> {
    let rules = file.tops.iter().filter_map(|top| match &top.kind {
        TopKind::Rule(rule) if rule.off.is_none() && matches!(rule.trigger, Trigger::Pattern(_)) => Some(rule.head),
        _ => None,
    });
    rules.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(framing: Option<&str>, reads_are_frames: bool) -> RuleSession {
        let framing = framing.map(|rule| rule.parse().unwrap());
        RuleSession { framing, encoding: None, transport: Transport::Tcp, reads_are_frames }
    }

    fn compiled(source: &str, session: &RuleSession) -> Result<CompiledRules, Vec<ErrorKind>> {
        CompiledRules::new(None, source, session)
            .map_err(|errors| errors.into_iter().map(|error| error.kind).collect::<Vec<_>>())
    }

    #[test]
    fn a_file_with_steps_and_without_rules_is_no_error() {
        let rules = compiled("> 01\nstep \"a\"\n> 02\n", &session(None, false)).unwrap();
        assert!(rules.set.is_empty() && !rules.is_cut_by_reads);
        let rules = compiled("step \"a\"\n> 02\non 01 { > 02 }\n", &session(Some("line"), false)).unwrap();
        assert!(!rules.set.is_empty());
        assert_eq!(rules.set.framing(), &"line".parse().unwrap());
    }

    #[test]
    fn without_a_framing_rule_reads_are_frames_only_where_the_front_end_says_so() {
        let source = "on 01 { > 02 }\n";
        assert_eq!(compiled(source, &session(None, false)).unwrap_err(), [ErrorKind::RuleNeedsFrame]);
        let rules = compiled(source, &session(None, true)).unwrap();
        assert!(rules.is_cut_by_reads && rules.set.framing() == &FramingRule::as_received());
        assert!(!compiled("on open { > 02 }\n", &session(None, true)).unwrap().is_cut_by_reads);
        assert!(!compiled("off on 01 { > 02 }\n", &session(None, true)).unwrap().is_cut_by_reads);
        let udp = RuleSession { transport: Transport::Udp, ..session(None, false) };
        assert!(!compiled(source, &udp).unwrap().is_cut_by_reads);
    }

    #[test]
    fn what_the_front_end_says_goes_before_the_file() {
        let source = "session listen tcp://127.0.0.1:1 { frame line; encoding gbk }\non 01 { > 02 }\n";
        let own = compiled(source, &session(None, true)).unwrap();
        assert_eq!((own.set.framing().preset_name(), own.set.encoding()), (Some("line"), Encoding::GBK));
        let given = RuleSession { encoding: Some(Encoding::UTF_8), ..session(Some("scpi"), true) };
        let given = compiled(source, &given).unwrap();
        assert_eq!((given.set.framing().preset_name(), given.set.encoding()), (Some("scpi"), Encoding::UTF_8));
        let errors = compiled("on 01 { > {{300:u8 }\n", &session(None, true)).unwrap_err();
        assert!(!errors.is_empty());
    }
}
