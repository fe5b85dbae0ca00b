//! What a kind of rule is called, which options it has, and what cuts by it.

use super::framer::Scanner;
use super::{Boundary, FramingRule, RuleKind};
use crate::codec::fields::{Field, FieldId, Kind};

/// A kind of rule. Each kind has one, beside its scanner.
pub struct Description {
    /// Which kind it is.
    pub kind: RuleKind,
    /// Its name in the text form.
    pub name: &'static str,
    /// A rule of this kind as text.
    pub example: &'static str,
    /// Its own options, in the order in which they are shown and written.
    pub(super) options: &'static [Field<FramingRule>],
    /// It has a longest frame.
    pub has_max: bool,
    /// The rule without any option.
    pub(super) boundary: fn() -> Boundary,
    /// What cuts by a rule of this kind; `None`: each record is a frame.
    pub(super) scanner: fn(&FramingRule) -> Option<Box<dyn Scanner>>,
}

/// The option that every kind with a longest frame has.
static MAX: Field<FramingRule> = Field::new(
    FieldId::Max,
    "max",
    Kind::Size { least: 1, most: FramingRule::GREATEST_MAX_LEN },
    |rule: &mut FramingRule| if rule.boundary.description().has_max { Some(&mut rule.max_len) } else { None },
)
.usually("16MiB");

impl Description {
    /// Its options, with the longest frame.
    #[must_use]
    pub fn fields(&self) -> Vec<&'static Field<FramingRule>> {
        self.options.iter().chain(Some(&MAX).filter(|_| self.has_max)).collect()
    }

    /// A rule of this kind without any option. It may lack options that it needs.
    #[must_use]
    pub fn bare(&self) -> FramingRule {
        FramingRule::new((self.boundary)())
    }
}

/// A field of a rule: the place in the boundary that a pattern finds.
macro_rules! field {
    ($id:ident, $name:literal, $kind:expr, $pattern:pat $(if $guard:expr)? => $place:expr) => {
        $crate::codec::fields::Field::new(
            $crate::codec::fields::FieldId::$id,
            $name,
            $kind,
            |rule: &mut $crate::codec::FramingRule| match &mut rule.boundary {
                $pattern $(if $guard)? => Some($place),
                _ => None,
            },
        )
    };
}
pub(super) use field;
