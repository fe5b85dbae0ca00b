//! The text form of a rule, which settings store and `--frame` accepts.

use super::presets::{PRESETS, Preset};
use super::{FramingRule, RULES};
use crate::codec::fields;
use crate::codec::options::{Options, RuleError, split};
use std::fmt;
use std::str::FromStr;

/// The rules of presets of earlier versions, with the names of the presets. `nmea` did not recognize sentences without `*hh` or
/// CR, and `syslog` accepted a length with a 0 in front.
const OUTDATED: [(&str, &str); 2] = [
    ("nmea", "marks:start=24|21,end=0D0A,restart,max=1KiB+XOR-8:from=1,to=-5,at=-4,form=hex"),
    ("syslog", "len:size=dec,end=20,skip=0A,max=64KiB"),
];

/// Earlier versions accepted this exclusive-or, which changes no byte.
const WITHOUT_EFFECT: &str = "xor=00";

impl FromStr for FramingRule {
    type Err = RuleError;

    /// Parses `RULE[+CHECK]` or `PRESET[+CHECK]`.
    fn from_str(text: &str) -> Result<Self, RuleError> {
        let parts = split(text, '+');
        let (rule, check) = match parts[..] {
            [rule] => (rule.trim(), None),
            [rule, check] => (rule.trim(), Some(check.trim().parse()?)),
            _ => return Err(RuleError::UnknownRule(text.to_owned())),
        };
        let (name, options) = rule.split_once(':').unwrap_or((rule, ""));
        let named = |preset: &&Preset| !preset.is_plain() && preset.name.eq_ignore_ascii_case(name.trim());
        let mut parsed = match PRESETS.iter().find(named) {
            Some(preset) => preset_with(preset.name, preset.rule, options)?,
            None => plain(rule)?,
        };
        parsed.check = check.or(parsed.check);
        Ok(parsed)
    }
}

/// The rule of a preset with `options`, which override the preset's options of the same names.
fn preset_with(name: &str, text: &str, options: &str) -> Result<FramingRule, RuleError> {
    let given: Vec<&str> = split(options, ',').into_iter().map(str::trim).filter(|item| !item.is_empty()).collect();
    if given.is_empty() {
        return text.parse();
    }
    let key = |item: &str| item.split_once('=').unwrap_or((item, "")).0.trim().to_ascii_lowercase();
    let (rule, check) = text.split_once('+').map_or((text, None), |(rule, check)| (rule, Some(check)));
    let (base, own) = rule.split_once(':').unwrap_or((rule, ""));
    let own = split(own, ',').into_iter().filter(|item| !item.is_empty() && !given.iter().any(|g| key(g) == key(item)));
    let all: Vec<&str> = own.chain(given.iter().copied()).collect();
    let mut parsed = plain(&format!("{base}:{}", all.join(","))).map_err(|error| error.of(name))?;
    parsed.check = check.map(str::parse).transpose()?;
    Ok(parsed)
}

fn plain(text: &str) -> Result<FramingRule, RuleError> {
    let (name, mut options) = Options::of(text);
    let description = RULES.iter().find(|rule| rule.name.eq_ignore_ascii_case(name));
    let description = description.ok_or_else(|| RuleError::UnknownRule(name.to_owned()))?;
    let mut rule = description.bare();
    fields::read(&description.fields(), &mut rule, &mut options)?;
    if !description.has_max && options.named("max").is_some() {
        return Err(options.no_effect("max", None));
    }
    options.end()?;
    Ok(rule)
}

impl fmt::Display for FramingRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let description = self.boundary.description();
        f.write_str(description.name)?;
        let options = fields::written(&description.fields(), self);
        if !options.is_empty() {
            write!(f, ":{}", options.join(","))?;
        }
        self.check.map_or(Ok(()), |check| write!(f, "+{check}"))
    }
}

impl TryFrom<String> for FramingRule {
    type Error = RuleError;

    /// Parses a rule from settings. It also accepts what earlier versions wrote: options without effect, which are dropped, and
    /// the outdated rule of a preset.
    fn try_from(text: String) -> Result<Self, RuleError> {
        match text.parse::<Self>() {
            Ok(rule) => {
                let is_outdated =
                    |(_, outdated): &&(&str, &str)| outdated.parse().is_ok_and(|outdated: Self| outdated == rule);
                OUTDATED.iter().find(is_outdated).map_or(Ok(rule.clone()), |(name, _)| name.parse())
            }
            Err(RuleError::CannotWork { option, .. }) if option == WITHOUT_EFFECT => {
                text.replace(&format!(",{WITHOUT_EFFECT}"), "").parse()
            }
            Err(RuleError::NoEffect { rule, because: None, .. }) => {
                let check = split(&text, '+').get(1).map_or_else(String::new, |check| format!("+{check}"));
                format!("{rule}{check}").parse()
            }
            other => other,
        }
    }
}

impl From<FramingRule> for String {
    fn from(rule: FramingRule) -> Self {
        rule.to_string()
    }
}
