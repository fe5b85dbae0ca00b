//! Checks the arguments of `captures …`.

use super::super::args::{CapturesArguments, FilterArguments, FrameArguments};
use super::super::help;
use super::super::usage::UsageError;
use super::super::values;
use super::{CapturesPlan, ExportForm, ExportPlan, ShowPlan, encoding_of, find, framing, optional_number, show};
use crate::capture::PeerFilter;
use crate::capture::items::{Filter, ItemRule, Sieve};
use crate::capture::search::Scope;
use crate::codec::{Encoding, FramingRule, RuleError};
use crate::model::Direction;
use crate::words::{self, Lang};

/// Resolves one of these commands.
pub(super) fn resolve(
    arguments: CapturesArguments,
    follow_files: bool,
    lang: Lang,
) -> Result<CapturesPlan, UsageError> {
    use CapturesArguments::{Delete, Import, List};
    if follow_files && matches!(arguments, List { .. } | Import { .. } | Delete { .. }) {
        let reason = lang.texts().for_reading_captures();
        return Err(UsageError::option("--follow-files", reason));
    }
    Ok(match arguments {
        CapturesArguments::List { json } => CapturesPlan::List { json },
        CapturesArguments::Show { id, show: form, frames, filter: only, peer, from, count, direction } => {
            let form = show(&form, lang)?;
            // Without --json the two directions cannot be distinguished in text or hex.
            let usual = (!form.json).then_some(Direction::Received);
            CapturesPlan::Show(ShowPlan {
                id,
                show: form,
                framing: framing(&frames, form.encoding, lang)?,
                filter: filter(&only, form.encoding, lang)?.map(|(_, sieve)| sieve),
                peer: peer_of(peer.as_deref(), lang)?,
                direction: direction_of(direction.as_deref(), usual, lang)?,
                from: optional_number("--from", from.as_deref(), 0, lang)?.unwrap_or(0),
                count: optional_number("--count", count.as_deref(), 0, lang)?.unwrap_or(u64::MAX),
            })
        }
        CapturesArguments::Export { id, out, format, frames, filter, encoding, peer, direction, from, count } => {
            let form = export_form(format.as_deref(), lang)?;
            let refused = [(peer.is_some(), "--peer"), (direction.is_some(), "--direction")];
            if let Some((_, option)) = refused.into_iter().find(|(given, _)| *given && form == ExportForm::Log) {
                return Err(UsageError::exclusive(option, "--format log", lang));
            }
            CapturesPlan::Export(ExportPlan {
                id,
                out,
                form,
                items: items(&frames, &filter, encoding_of(encoding.as_deref(), lang)?, lang)?,
                encoding: encoding_of(encoding.as_deref(), lang)?,
                peer: peer_of(peer.as_deref(), lang)?,
                direction: direction_of(direction.as_deref(), form.usual_direction(), lang)?,
                from: optional_number("--from", from.as_deref(), 0, lang)?.unwrap_or(0),
                count: optional_number("--count", count.as_deref(), 0, lang)?.unwrap_or(u64::MAX),
            })
        }
        CapturesArguments::Import { path } => CapturesPlan::Import { path },
        CapturesArguments::Search {
            id,
            text,
            encoding: name,
            ignore_case,
            hex,
            regex,
            frames,
            filter,
            json,
            peer,
            direction,
            count,
        } => {
            let within = items(&frames, &filter, encoding_of(name.as_deref(), lang)?, lang)?;
            let what = find::What { text, encoding: name, ignore_case, hex, regex };
            let pattern = find::pattern(what, lang)?;
            let direction = direction_of(direction.as_deref(), None, lang)?;
            let scope = Scope { direction, peer: peer_of(peer.as_deref(), lang)? };
            CapturesPlan::Search { id, pattern, scope, within, json, count }
        }
        CapturesArguments::Delete { ids } => CapturesPlan::Delete { ids },
    })
}

fn peer_of(text: Option<&str>, lang: Lang) -> Result<Option<PeerFilter>, UsageError> {
    let reason = lang.texts().should_be_peer();
    text.map(|text| PeerFilter::parse(text).ok_or_else(|| UsageError::value("--peer", text, reason))).transpose()
}

/// `None` for both; `usual` is the default.
fn direction_of(text: Option<&str>, usual: Option<Direction>, lang: Lang) -> Result<Option<Direction>, UsageError> {
    match text {
        None => Ok(usual),
        Some("both") => Ok(None),
        Some("received") => Ok(Some(Direction::Received)),
        Some("sent") => Ok(Some(Direction::Sent)),
        Some(other) => {
            let reason = lang.texts().should_be(&help::either(["received", "sent", "both"], lang));
            Err(UsageError::value("--direction", other, reason))
        }
    }
}

fn export_form(text: Option<&str>, lang: Lang) -> Result<ExportForm, UsageError> {
    let Some(name) = text else { return Ok(ExportForm::USUAL) };
    ExportForm::all().find(|form| form.name() == name).ok_or_else(|| {
        let names = help::either(ExportForm::all().map(ExportForm::name), lang);
        let reason = lang.texts().should_be(&names);
        UsageError::value("--format", name, reason)
    })
}

/// Parses a filter and prepares it for use.
fn filter(arguments: &FilterArguments, encoding: Encoding, lang: Lang) -> Result<Option<(Filter, Sieve)>, UsageError> {
    let Some(text) = &arguments.filter else { return Ok(None) };
    let wrong = |why: String| UsageError::value("--filter", text, why);
    let names = |error: &RuleError| match error {
        RuleError::UnknownOption { .. } => lang.texts().there_are(&Filter::NAMES),
        _ => String::new(),
    };
    let filter =
        Filter::parse(text, encoding).map_err(|error| wrong(words::rule_error(&error, lang) + &names(&error)))?;
    let sieve = Sieve::new(filter.clone()).map_err(|error| wrong(values::pattern_reason(&error, lang)))?;
    Ok(Some((filter, sieve)))
}

/// The rule for frames or filtered records, if requested.
fn items(
    frames: &FrameArguments,
    only: &FilterArguments,
    encoding: Encoding,
    lang: Lang,
) -> Result<Option<ItemRule>, UsageError> {
    let (framing, filter) = (framing(frames, encoding, lang)?, filter(only, encoding, lang)?);
    let is_given = framing.is_some() || filter.is_some();
    let rule = ItemRule {
        framing: framing.unwrap_or_else(FramingRule::as_received),
        filter: filter.map(|(filter, _)| filter).unwrap_or_default(),
    };
    Ok(is_given.then_some(rule))
}
