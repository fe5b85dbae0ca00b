//! The description of a kind of rule: its name, its options and its scanner.

use super::build::{BuildError, Enclosure, Stuffing, Unframed};
use super::framer::Scanner;
use super::{Boundary, FramingRule, RuleKind};
use crate::codec::fields::{Field, FieldId, Kind};

/// The description of a kind of rule. Each kind defines one beside its scanner.
pub struct Description {
    /// The kind.
    pub kind: RuleKind,
    /// Name in the text form.
    pub name: &'static str,
    /// An example rule in the text form.
    pub example: &'static str,
    /// The options of this kind, without `max`, in the order in which they are displayed and written.
    pub(super) options: &'static [Field<FramingRule>],
    /// Whether the kind has the option `max`, the maximum frame length.
    pub has_max: bool,
    /// Creates the boundary with no option set.
    pub(super) boundary: fn() -> Boundary,
    /// Creates the scanner of a rule of this kind; `None`: each record is a frame.
    pub(super) scanner: fn(&FramingRule) -> Option<Box<dyn Scanner>>,
    /// The bytes that a rule of this kind puts around a content.
    pub(super) enclose: Enclose,
    /// The encoding of the payload, after its check was computed.
    pub(super) stuffing: Stuffing,
}

/// See [`Description::enclose`].
pub(super) type Enclose = for<'a> fn(&FramingRule, &Unframed<'a>) -> Result<Enclosure<'a>, BuildError>;

/// The option `max`, which is common to the kinds with a maximum frame length.
static MAX: Field<FramingRule> = Field::new(
    FieldId::Max,
    "max",
    Kind::Size { least: 1, most: FramingRule::GREATEST_MAX_LEN },
    |rule: &mut FramingRule| if rule.boundary.description().has_max { Some(&mut rule.max_len) } else { None },
)
.usually("16MiB");

impl Description {
    /// All options, including `max`.
    #[must_use]
    pub fn fields(&self) -> Vec<&'static Field<FramingRule>> {
        self.options.iter().chain(Some(&MAX).filter(|_| self.has_max)).collect()
    }

    /// A rule of this kind with no option set. Required options may be missing.
    #[must_use]
    pub fn bare(&self) -> FramingRule {
        FramingRule::new((self.boundary)())
    }
}

/// Defines an option whose value is stored in the boundary. The pattern selects the boundary and binds the value.
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
