//! `--talk FILE`: the rules and steps of a talk file.

use super::Show;
use crate::cli::args::SessionArguments;
use crate::cli::talk_source;
use crate::cli::usage::UsageError;
use crate::codec::{Encoding, FramingRule};
use crate::engine::Replies;
use crate::model::Transport;
use crate::runner::{CompiledRules, RuleSession, Script, has_steps};
use crate::talk::rules::RuleSet;
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

/// Compiles a file. Its framing rule and encoding are those of the command line, otherwise those of its session.
fn rules(path: &Path, source: &str, given: &Given<'_>) -> Result<Arc<RuleSet>, UsageError> {
    let Given { framing, encoding, transport, lang } = *given;
    let session = RuleSession { framing: framing.cloned(), encoding, transport, reads_are_frames: false };
    let rules = CompiledRules::new(Some(path), source, &session).map_err(|errors| {
        let report = words::talk_report(&path.display().to_string(), source, &errors, lang, false);
        UsageError::file("--talk", path, format!("\n{report}"))
    })?;
    if rules.set.is_empty() {
        return Err(UsageError::file("--talk", path, lang.texts().talk_has_no_rules()));
    }
    Ok(Arc::new(rules.set))
}
