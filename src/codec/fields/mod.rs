//! Options of framing rules and checks: the name, the kind and limits of the value, when the option applies, and the field of the
//! rule that stores it. A rule lists its options once, as [`Field`]s. The text form, the rule editor and the tables of
//! `docs/FRAMING.md` are generated from that list. The texts for each [`FieldId`] are in `words`.

mod value;

pub use value::{Choice, Kind, Numbers, Slot, Value};
pub(super) use value::{ENDIANS, choices};

use super::options::{Options, RuleError};

/// Identifiers of all options of rules and checks. Their texts are in `words::texts::Rules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is described by its texts and its field")]
pub enum FieldId {
    KeepLineEnd,
    Delimiter,
    KeepDelimiter,
    Starts,
    End,
    Escape,
    EscapeXor,
    Swap,
    After,
    Restart,
    FixedLength,
    LengthOffset,
    LengthSize,
    LengthEndian,
    LengthSigned,
    DigitsEnd,
    DigitsNonzero,
    LengthMask,
    Behind,
    Header,
    Counts,
    Adjust,
    Mark,
    Skip,
    Gap,
    JsonEncoding,
    Max,
    CheckFrom,
    CheckUntil,
    CheckTo,
    CheckAt,
    CheckEndian,
    CheckForm,
    CheckCovers,
    CheckMask,
}

/// Computes the minimum and maximum of an option from the other options of a rule.
type Limits<R> = fn(&R) -> (u64, u64);

/// An option of a rule of type `R`.
pub struct Field<R: 'static> {
    /// Identifier.
    pub id: FieldId,
    /// Name in the text form.
    pub name: &'static str,
    /// Kind of the value.
    pub kind: Kind,
    /// Default value in the text form.
    pub usual: Option<&'static str>,
    /// Initial value in a form for a new rule, in the text form.
    pub proposed: Option<&'static str>,
    /// Whether the value is written without the name of the option: `fixed:8`.
    pub is_unnamed: bool,
    /// Whether the option is written even if it has its default value.
    is_always_written: bool,
    /// Whether the option is written after all other options.
    is_written_last: bool,
    needed: fn(&R) -> bool,
    matters: fn(&R) -> bool,
    /// Narrower limits that depend on other options.
    limits: Option<Limits<R>>,
    /// Name of another option that can make this one ineffective.
    depends_on: Option<&'static str>,
    /// Another option that its value contradicts.
    contradicts: fn(&R) -> Option<Contradiction>,
    slot: fn(&mut R) -> Option<&mut dyn Slot>,
}

/// What the value of an option contradicts, so that no frame can be as the rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contradiction {
    /// The option with this name.
    Option(&'static str),
    /// The rule or the algorithm of the check.
    Rule,
}

impl<R: 'static> Field<R> {
    /// An optional option. `slot` returns the field of the rule that stores the value; `None`: the option does not apply to the
    /// rule.
    pub(super) const fn new(
        id: FieldId,
        name: &'static str,
        kind: Kind,
        slot: fn(&mut R) -> Option<&mut dyn Slot>,
    ) -> Self {
        Self {
            id,
            name,
            kind,
            usual: None,
            proposed: None,
            is_unnamed: false,
            is_always_written: false,
            is_written_last: false,
            needed: |_| false,
            matters: |_| true,
            limits: None,
            depends_on: None,
            contradicts: |_| None,
            slot,
        }
    }

    /// Sets the default value. An option with its default value is not written.
    pub(super) const fn usually(mut self, text: &'static str) -> Self {
        self.usual = Some(text);
        self
    }

    /// Sets the initial value in a form for a new rule.
    pub(super) const fn proposed(mut self, text: &'static str) -> Self {
        self.proposed = Some(text);
        self
    }

    /// The option makes a difference only if `matters` returns true. Otherwise a form does not show it, and the text form accepts
    /// and drops it.
    pub(super) const fn matters_if(mut self, matters: fn(&R) -> bool) -> Self {
        self.matters = matters;
        self
    }

    /// Makes the option required, and writes its value without the name.
    pub(super) const fn unnamed(mut self) -> Self {
        self.is_unnamed = true;
        self.needed()
    }

    /// Writes the option even if it has its default value.
    pub(super) const fn always_written(mut self) -> Self {
        self.is_always_written = true;
        self
    }

    /// Writes the option after all other options.
    pub(super) const fn written_last(mut self) -> Self {
        self.is_written_last = true;
        self
    }

    /// Makes the option required.
    pub(super) const fn needed(self) -> Self {
        self.needed_if(|_| true)
    }

    /// Makes the option required if `needed` returns true.
    pub(super) const fn needed_if(mut self, needed: fn(&R) -> bool) -> Self {
        self.needed = needed;
        self
    }

    /// Narrows the limits of the value. `limits` can use the options that are listed before this one, or all options if this one
    /// is unnamed, because unnamed options are read last.
    pub(super) const fn within(mut self, limits: Limits<R>) -> Self {
        self.limits = Some(limits);
        self
    }

    /// Declares that the option `other`, which is listed before this one, can make it ineffective.
    pub(super) const fn depends_on(mut self, other: &'static str) -> Self {
        self.depends_on = Some(other);
        self
    }

    /// `contradicts` says whether its value cannot work in a rule.
    pub(super) const fn refused_if(mut self, contradicts: fn(&R) -> Option<Contradiction>) -> Self {
        self.contradicts = contradicts;
        self
    }

    /// Its name in messages. A value without a name has that of the documentation: `SIZE`.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match (self.is_unnamed, self.kind) {
            (false, _) => self.name,
            (true, Kind::Size { .. }) => "SIZE",
            (true, Kind::Duration) => "TIME",
            (true, _) => "BYTES",
        }
    }

    /// Whether the option makes a difference for `rule`.
    #[must_use]
    pub fn matters(&self, rule: &R) -> bool
    where
        R: Clone,
    {
        self.applies(rule) && (self.matters)(rule)
    }

    /// Whether `value` is the default, so that the option is not written.
    #[must_use]
    pub fn is_usual(&self, value: &Value) -> bool {
        let is_usual = |text: &str| self.kind.read(self.name, text).is_ok_and(|usual| usual == *value);
        !self.is_always_written && self.usual.is_some_and(is_usual)
    }

    /// The syntax of the option with a placeholder for the value: `end=BYTES`, `keep`, or `SIZE` if it is unnamed.
    #[must_use]
    pub fn notation(&self) -> String {
        let value = self.kind.notation();
        match (self.kind, self.is_unnamed) {
            (Kind::Flag, _) => self.name.to_owned(),
            (_, true) => value,
            (_, false) => format!("{}={value}", self.name),
        }
    }

    /// Whether the option applies to `rule`.
    #[must_use]
    pub fn applies(&self, rule: &R) -> bool
    where
        R: Clone,
    {
        (self.slot)(&mut rule.clone()).is_some()
    }

    /// The value in `rule`.
    #[must_use]
    pub fn value(&self, rule: &R) -> Option<Value>
    where
        R: Clone,
    {
        (self.slot)(&mut rule.clone())?.get()
    }

    /// Whether `rule` requires the option.
    #[must_use]
    pub fn is_needed(&self, rule: &R) -> bool {
        (self.needed)(rule)
    }

    /// The kind of the value, with the limits that follow from the other options of `rule`.
    #[must_use]
    pub fn kind_in(&self, rule: &R) -> Kind {
        match (self.kind, self.limits.map(|limits| limits(rule))) {
            (Kind::Number { .. }, Some((least, most))) => Kind::Number { least: least as i64, most: most as i64 },
            (Kind::Size { .. }, Some((least, most))) => Kind::Size { least, most },
            (kind, _) => kind,
        }
    }

    /// Stores `value` in `rule`; `false`: the option does not apply to the rule.
    pub fn put(&self, rule: &mut R, value: Value) -> bool {
        (self.slot)(rule).map(|slot| slot.set(value)).is_some()
    }

    /// The option in the text form; `None`: it is not written.
    fn written(&self, rule: &R) -> Option<String>
    where
        R: Clone,
    {
        let value = self.value(rule)?;
        if self.is_usual(&value) || !(self.matters)(rule) {
            return None;
        }
        Some(match (self.kind, self.is_unnamed) {
            (Kind::Flag, _) => self.name.to_owned(),
            (kind, true) => kind.write(&value),
            (kind, false) => format!("{}={}", self.name, kind.write(&value)),
        })
    }
}

/// Why values do not form a rule. `E` is the error for a single value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused<E> {
    /// A value is invalid.
    Value(E),
    /// A required option is missing.
    Missing(FieldId, &'static str),
    /// An option does not apply, possibly because of another option, which is given in the text form.
    NoEffect(FieldId, &'static str, Option<String>),
    /// This option, as written, cannot work, perhaps because of another one, which is as written.
    CannotWork(FieldId, String, Option<String>),
}

/// Stores the values that `given` returns for `fields` in `rule`. `given` gets the field and the rule with the values so
/// far. A value that makes no difference is dropped, so that rules with the same effect are equal.
///
/// # Errors
/// A value is invalid, a required option is missing, or an option does not apply.
pub fn fill<R: Clone, E>(
    fields: &[&'static Field<R>],
    rule: &mut R,
    mut given: impl FnMut(&'static Field<R>, &R) -> Result<Option<Value>, E>,
) -> Result<(), Refused<E>> {
    let (last, first): (Vec<&Field<R>>, Vec<&Field<R>>) = fields.iter().partition(|field| field.is_unnamed);
    let bare = rule.clone();
    let mut missing = Vec::new();
    let mut stored = Vec::new();
    for field in first.into_iter().chain(last) {
        match given(field, rule).map_err(Refused::Value)? {
            None => missing.push(field),
            Some(value) => {
                if !field.put(rule, value.clone()) {
                    let because = fields.iter().find(|other| Some(other.name) == field.depends_on);
                    let because = because.and_then(|other| other.written(rule));
                    return Err(Refused::NoEffect(field.id, field.name, because));
                }
                stored.push((field, value));
            }
        }
    }
    if stored.iter().any(|(field, _)| !field.matters(rule)) {
        let whole = std::mem::replace(rule, bare);
        for (field, value) in stored.into_iter().filter(|(field, _)| field.matters(&whole)) {
            field.put(rule, value);
        }
    }
    let missing = missing.into_iter().find(|field| field.is_needed(rule));
    if let Some(field) = missing {
        return Err(Refused::Missing(field.id, field.label()));
    }
    for field in fields.iter().filter(|field| field.value(rule).is_some()) {
        if let Some(other) = (field.contradicts)(rule) {
            let option = field.written(rule).unwrap_or_else(|| field.name.to_owned());
            let because = fields.iter().find(|field| other == Contradiction::Option(field.name));
            return Err(Refused::CannotWork(field.id, option, because.and_then(|other| other.written(rule))));
        }
    }
    Ok(())
}

/// Parses the values of `fields` from `options` and stores them in `rule`.
///
/// # Errors
/// A value is invalid, a required option is missing, or an option does not apply.
pub(super) fn read<R: Clone>(
    fields: &[&'static Field<R>],
    rule: &mut R,
    options: &mut Options<'_>,
) -> Result<(), RuleError> {
    let is_flag =
        |item: &str| fields.iter().any(|field| field.kind == Kind::Flag && field.name.eq_ignore_ascii_case(item));
    let filled = fill(fields, rule, |field, rule| {
        let text = match field.kind {
            Kind::Flag => options.flag(field.name).then_some(""),
            _ if field.is_unnamed => options.value(is_flag),
            _ => options.named(field.name),
        };
        text.map(|text| field.kind_in(rule).read(field.label(), text)).transpose()
    });
    filled.map_err(|refused| match refused {
        Refused::Value(error) => error,
        Refused::Missing(_, option) => options.missing(option),
        Refused::NoEffect(_, option, because) => options.no_effect(option, because),
        Refused::CannotWork(_, option, because) => options.cannot_work(option, because),
    })
}

/// The options of `rule` in the text form, in the order in which they are written.
pub(super) fn written<R: Clone>(fields: &[&'static Field<R>], rule: &R) -> Vec<String> {
    let (last, first): (Vec<&Field<R>>, Vec<&Field<R>>) = fields.iter().partition(|field| field.is_written_last);
    first.into_iter().chain(last).filter_map(|field| field.written(rule)).collect()
}
