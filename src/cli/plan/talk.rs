//! `--talk FILE`: the rules and steps of a talk file.

use super::Show;
use crate::cli::args::SessionArguments;
use crate::cli::talk_source;
use crate::cli::usage::UsageError;
use crate::codec::{Encoding, FramingRule};
use crate::engine::{Replies, RuleSurroundings};
use crate::model::Transport;
use crate::runner::{FolderFiles, Script};
use crate::talk::rules::{RuleSet, Setting};
use crate::talk::tree::{File, Session, TopKind, Trigger};
use crate::talk::{Error, ErrorKind};
use crate::words::{self, Lang};
use std::path::Path;
use std::sync::Arc;

/// What the command line says about the session of the file.
struct Given<'a> {
    framing: Option<&'a FramingRule>,
    /// `None`: without `--encoding`.
    encoding: Option<Encoding>,
    transport: Transport,
    lang: Lang,
}

/// The steps of a file, which run over the session.
#[derive(Clone, Debug)]
pub(in crate::cli) struct TalkSteps {
    /// The file.
    pub script: Arc<Script>,
    /// The framing rule of the command line.
    pub framing: Option<FramingRule>,
    /// The encoding of the command line.
    pub encoding: Option<Encoding>,
}

/// What `--talk` makes of the session.
pub(super) enum Talk {
    /// Steps run over it, with the rules beside them.
    Steps(TalkSteps),
    /// Its replies.
    Replies(Replies),
}

/// The steps and rules of `--talk`; without it, the replies of the other options.
pub(super) fn talk(
    arguments: &SessionArguments,
    otherwise: Replies,
    framing: Option<&FramingRule>,
    transport: Transport,
    show: &Show,
    lang: Lang,
) -> Result<Talk, UsageError> {
    let Some(path) = &arguments.talk else { return Ok(Talk::Replies(otherwise)) };
    if path.as_os_str() == "-" && arguments.stdin {
        return Err(UsageError::exclusive("--talk -", "--stdin", lang));
    }
    let encoding = arguments.show.encoding.as_ref().map(|_| show.encoding);
    let given = Given { framing, encoding, transport, lang };
    // Standard input can be read only once.
    let source = talk_source::read("--talk", path, lang)?;
    match steps(path, &source, &given)? {
        Some(steps) => Ok(Talk::Steps(steps)),
        None => rules(path, &source, &given).map(|rules| Talk::Replies(rules.into())),
    }
}

/// `None`: the file has none.
fn steps(path: &Path, source: &str, given: &Given<'_>) -> Result<Option<TalkSteps>, UsageError> {
    let Given { framing, encoding, transport, lang } = *given;
    // Errors of the grammar are reported with the rules.
    if !has_steps(&crate::talk::read(source, &crate::talk::Outside::default()).file) {
        return Ok(None);
    }
    let has_frames = framing.is_some() || transport == Transport::Udp;
    let of_file = (path.as_os_str() != "-").then(|| path.to_owned());
    let script = Script::over(of_file, source.to_owned(), &[], has_frames).map_err(|errors| {
        let report = words::talk_report(&path.display().to_string(), source, &errors, lang, false);
        UsageError::file("--talk", path, format!("\n{report}"))
    })?;
    Ok(Some(TalkSteps { script: Arc::new(script), framing: framing.cloned(), encoding }))
}

fn has_steps(file: &File) -> bool {
    let is_step = |kind: &TopKind| match kind {
        TopKind::Step(_) => true,
        TopKind::Loose(stmt) => stmt.modbus().is_none(),
        _ => false,
    };
    file.tops.iter().any(|top| is_step(&top.kind))
}

/// Compiles a file. Its framing rule and encoding are those of the command line, otherwise those of its session.
fn rules(path: &Path, source: &str, given: &Given<'_>) -> Result<Arc<RuleSet>, UsageError> {
    let lang = given.lang;
    let report = |errors: &[Error]| {
        let report = words::talk_report(&path.display().to_string(), source, errors, lang, false);
        UsageError::file("--talk", path, format!("\n{report}"))
    };
    let mut files = FolderFiles::beside(path);
    let name = path.file_name().map(|name| name.to_string_lossy());
    let outside = crate::talk::Outside::default();
    let mut parsed = crate::talk::read_with_used(source, name.as_deref(), &outside, &mut files);
    // The command line can give the rule and the transport that the file leaves open.
    parsed.errors.retain(|error| error.kind != ErrorKind::RuleNeedsFrame);
    if !parsed.errors.is_empty() {
        return Err(report(&parsed.errors));
    }
    let file = parsed.file;
    let mut setting = setting(&file, given).map_err(|error| report(&[error]))?;
    setting.framing = setting.framing.or_else(|| file.modbus()?.framing());
    let errors = needs_frame(&file, &setting, given.transport);
    if !errors.is_empty() {
        return Err(report(&errors));
    }
    let set = RuleSet::new(&file, source, &setting, &mut RuleSurroundings::default(), &mut files);
    let set = set.map_err(|faults| report(&faults.into_iter().map(Error::from).collect::<Vec<_>>()))?;
    if set.is_empty() {
        return Err(UsageError::file("--talk", path, lang.texts().talk_has_no_rules()));
    }
    Ok(Arc::new(set))
}

/// The framing rule and the encoding. With several sessions, the file says only which rules belong together.
fn setting(file: &File, given: &Given<'_>) -> Result<Setting, Error> {
    let mut sessions = file.tops.iter().filter_map(|top| match &top.kind {
        TopKind::Session(session) => Some(session),
        _ => None,
    });
    let first = sessions.next();
    let mut setting = Setting {
        session: first.and_then(|session| session.name.as_ref()).map(|name| name.value.clone()),
        framing: given.framing.cloned(),
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

fn option(session: &Session, name: &str) -> Option<(String, crate::talk::tree::Span)> {
    let option = session.options.iter().find(|option| option.name.value == name)?;
    Some((option.values.first()?.text().plain()?.to_owned(), option.span))
}

/// Rules on bytes of a TCP stream need frames.
fn needs_frame(file: &File, setting: &Setting, transport: Transport) -> Vec<Error> {
    if setting.framing.is_some() || transport == Transport::Udp {
        return Vec::new();
    }
    let rules = file.tops.iter().filter_map(|top| match &top.kind {
        TopKind::Rule(rule) if rule.off.is_none() && matches!(rule.trigger, Trigger::Pattern(_)) => Some(rule),
        _ => None,
    });
    rules.map(|rule| Error { kind: ErrorKind::RuleNeedsFrame, span: rule.head }).collect()
}
