//! What an option of a framing rule or a check is: its name, the kind and limits of its value, when it applies, and where the rule
//! keeps it. A rule lists its options once, as [`Field`]s. The text form, the rule editor and the tables of `docs/FRAMING.md` are
//! made from that list; the words for each [`FieldId`] are in `words`.

mod value;

pub use value::{Choice, Kind, Numbers, Slot, Value};
pub(super) use value::{ENDIANS, choices};

use super::options::{Options, RuleError};

/// Every option of a rule or a check. The words for it are in `words::texts::Rules`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is described by its words and its field")]
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

/// The least and the most that a rule leaves to one of its options.
type Limits<R> = fn(&R) -> (u64, u64);

/// An option of a rule of type `R`.
pub struct Field<R: 'static> {
    /// What it is.
    pub id: FieldId,
    /// Its name in the text form.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// The value that a rule has without it, as written.
    pub usual: Option<&'static str>,
    /// What a form begins with, as written.
    pub proposed: Option<&'static str>,
    /// Its value follows the name of the rule: `fixed:8`.
    pub is_unnamed: bool,
    /// Written even where it has its usual value.
    is_always_written: bool,
    /// Written behind all other options.
    is_written_last: bool,
    needed: fn(&R) -> bool,
    matters: fn(&R) -> bool,
    /// Closer limits that come from other options.
    limits: Option<Limits<R>>,
    /// Another option that can leave this one without effect.
    depends_on: Option<&'static str>,
    slot: fn(&mut R) -> Option<&mut dyn Slot>,
}

impl<R: 'static> Field<R> {
    /// An option that need not be given. `slot`: where the rule keeps its value; `None` where it has no effect on the rule.
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
            slot,
        }
    }

    /// The rule has this value where the option is not given; then it is not written.
    pub(super) const fn usually(mut self, text: &'static str) -> Self {
        self.usual = Some(text);
        self
    }

    /// A form for a new rule begins with this value.
    pub(super) const fn proposed(mut self, text: &'static str) -> Self {
        self.proposed = Some(text);
        self
    }

    /// A form shows the option only where `matters` says that it makes a difference. The text form always takes it.
    pub(super) const fn matters_if(mut self, matters: fn(&R) -> bool) -> Self {
        self.matters = matters;
        self
    }

    /// The value is what the rule is about, and is needed.
    pub(super) const fn unnamed(mut self) -> Self {
        self.is_unnamed = true;
        self.needed()
    }

    /// It is written even where it has its usual value.
    pub(super) const fn always_written(mut self) -> Self {
        self.is_always_written = true;
        self
    }

    /// It is written behind all other options.
    pub(super) const fn written_last(mut self) -> Self {
        self.is_written_last = true;
        self
    }

    /// The rule cannot do without it.
    pub(super) const fn needed(self) -> Self {
        self.needed_if(|_| true)
    }

    /// The rule cannot do without it where `needed` says so.
    pub(super) const fn needed_if(mut self, needed: fn(&R) -> bool) -> Self {
        self.needed = needed;
        self
    }

    /// The rule's other options leave these limits to it: those that are listed before it, and all where its value is unnamed.
    pub(super) const fn within(mut self, limits: Limits<R>) -> Self {
        self.limits = Some(limits);
        self
    }

    /// The option `other`, which is listed before this one, can leave it without effect.
    pub(super) const fn depends_on(mut self, other: &'static str) -> Self {
        self.depends_on = Some(other);
        self
    }

    /// It makes a difference to `rule`.
    #[must_use]
    pub fn matters(&self, rule: &R) -> bool
    where
        R: Clone,
    {
        self.applies(rule) && (self.matters)(rule)
    }

    /// `value` is what a rule has without the option, so it is left out.
    #[must_use]
    pub fn is_usual(&self, value: &Value) -> bool {
        let is_usual = |text: &str| self.kind.read(self.name, text).is_ok_and(|usual| usual == *value);
        !self.is_always_written && self.usual.is_some_and(is_usual)
    }

    /// How the option is written, with a sign for its value: `end=BYTES`, `keep`; of `fixed:8` only `SIZE`.
    #[must_use]
    pub fn notation(&self) -> String {
        let value = self.kind.notation();
        match (self.kind, self.is_unnamed) {
            (Kind::Flag, _) => self.name.to_owned(),
            (_, true) => value,
            (_, false) => format!("{}={value}", self.name),
        }
    }

    /// It has an effect on `rule`.
    #[must_use]
    pub fn applies(&self, rule: &R) -> bool
    where
        R: Clone,
    {
        (self.slot)(&mut rule.clone()).is_some()
    }

    /// Its value in `rule`.
    #[must_use]
    pub fn value(&self, rule: &R) -> Option<Value>
    where
        R: Clone,
    {
        (self.slot)(&mut rule.clone())?.get()
    }

    /// Whether `rule` cannot do without it.
    #[must_use]
    pub fn is_needed(&self, rule: &R) -> bool {
        (self.needed)(rule)
    }

    /// What its value can be, given the other options of `rule`.
    #[must_use]
    pub fn kind_in(&self, rule: &R) -> Kind {
        match (self.kind, self.limits.map(|limits| limits(rule))) {
            (Kind::Number { .. }, Some((least, most))) => Kind::Number { least: least as i64, most: most as i64 },
            (Kind::Size { .. }, Some((least, most))) => Kind::Size { least, most },
            (kind, _) => kind,
        }
    }

    /// Keeps its value in `rule`; `false`: it has no effect on it.
    pub fn put(&self, rule: &mut R, value: Value) -> bool {
        (self.slot)(rule).map(|slot| slot.set(value)).is_some()
    }

    /// The option as it is written; `None` where it is left out.
    fn written(&self, rule: &R) -> Option<String>
    where
        R: Clone,
    {
        let value = self.value(rule)?;
        if self.is_usual(&value) {
            return None;
        }
        Some(match (self.kind, self.is_unnamed) {
            (Kind::Flag, _) => self.name.to_owned(),
            (kind, true) => kind.write(&value),
            (kind, false) => format!("{}={}", self.name, kind.write(&value)),
        })
    }
}

/// Why values make no rule. `E`: why one of them is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused<E> {
    /// A value is wrong.
    Value(E),
    /// The rule cannot do without this option.
    Missing(FieldId, &'static str),
    /// This option has no effect, perhaps because of another one, which is as written.
    NoEffect(FieldId, &'static str, Option<String>),
}

/// Takes the values that `given` has for `fields` into `rule`. `given` gets a field and the rule as it is by then.
///
/// # Errors
/// A value is wrong, an option is missing, or one has no effect.
pub fn fill<R: Clone, E>(
    fields: &[&'static Field<R>],
    rule: &mut R,
    mut given: impl FnMut(&'static Field<R>, &R) -> Result<Option<Value>, E>,
) -> Result<(), Refused<E>> {
    let (last, first): (Vec<&Field<R>>, Vec<&Field<R>>) = fields.iter().partition(|field| field.is_unnamed);
    let mut missing = Vec::new();
    for field in first.into_iter().chain(last) {
        match given(field, rule).map_err(Refused::Value)? {
            None => missing.push(field),
            Some(value) => {
                if !field.put(rule, value) {
                    let because = fields.iter().find(|other| Some(other.name) == field.depends_on);
                    let because = because.and_then(|other| other.written(rule));
                    return Err(Refused::NoEffect(field.id, field.name, because));
                }
            }
        }
    }
    let missing = missing.into_iter().find(|field| field.is_needed(rule));
    missing.map_or(Ok(()), |field| Err(Refused::Missing(field.id, field.name)))
}

/// Takes what `options` say of `fields` into `rule`.
///
/// # Errors
/// A value is wrong, an option is missing, or one has no effect.
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
        text.map(|text| field.kind_in(rule).read(field.name, text)).transpose()
    });
    filled.map_err(|refused| match refused {
        Refused::Value(error) => error,
        Refused::Missing(_, option) => options.missing(option),
        Refused::NoEffect(_, option, because) => options.no_effect(option, because),
    })
}

/// The options of `rule`, in the order in which they are written.
pub(super) fn written<R: Clone>(fields: &[&'static Field<R>], rule: &R) -> Vec<String> {
    let (last, first): (Vec<&Field<R>>, Vec<&Field<R>>) = fields.iter().partition(|field| field.is_written_last);
    first.into_iter().chain(last).filter_map(|field| field.written(rule)).collect()
}
