//! Stored framing rules: one for each session, and those that the user saved by name.

use super::{Preferences, SessionSetup};
use crate::codec::FramingRule;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// A rule with a name given by the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedRule {
    /// Name, unique among the saved rules.
    pub name: String,
    /// The rule, with its check.
    pub rule: FramingRule,
}

/// Why a rule was not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveRefusal {
    /// The name is empty or too long.
    Name,
    /// The maximum count of rules is reached.
    Full,
}

impl SavedRule {
    /// Length of a name in characters.
    pub const NAME_CHARS: RangeInclusive<usize> = 1..=40;

    /// Normalises a name; `None` if it is invalid.
    #[must_use]
    pub fn name_of(text: &str) -> Option<&str> {
        let name = text.trim();
        let fits = Self::NAME_CHARS.contains(&name.chars().count()) && !name.chars().any(char::is_control);
        fits.then_some(name)
    }
}

impl Preferences {
    /// Maximum count of saved rules.
    pub const MAX_RULES: usize = 64;

    /// The saved rule with this name.
    #[must_use]
    pub fn saved_rule(&self, name: &str) -> Option<&SavedRule> {
        self.rules.iter().find(|saved| saved.name == name)
    }

    /// Saves `rule` as `name`, replacing a rule with the same name.
    ///
    /// # Errors
    /// The name is invalid, or there are too many rules.
    pub fn save_rule(&mut self, name: &str, rule: FramingRule) -> Result<(), SaveRefusal> {
        let name = SavedRule::name_of(name).ok_or(SaveRefusal::Name)?;
        if let Some(saved) = self.rules.iter_mut().find(|saved| saved.name == name) {
            saved.rule = rule;
        } else if self.rules.len() < Self::MAX_RULES {
            self.rules.push(SavedRule { name: name.to_owned(), rule });
        } else {
            return Err(SaveRefusal::Full);
        }
        Ok(())
    }

    /// Keeps the first rule of each name, up to the maximum count.
    pub(super) fn bring_rules_into_range(&mut self) {
        let mut kept: Vec<SavedRule> = Vec::new();
        for SavedRule { name, rule } in self.rules.drain(..) {
            let Some(name) = SavedRule::name_of(&name) else { continue };
            if kept.len() < Self::MAX_RULES && kept.iter().all(|other| other.name != name) {
                kept.push(SavedRule { name: name.to_owned(), rule });
            }
        }
        self.rules = kept;
    }
}

impl SessionSetup {
    /// The rule for cutting and verifying frames: `verify` overrides the check of `framing`.
    #[must_use]
    pub fn rule(&self) -> FramingRule {
        FramingRule { check: self.verify.or(self.framing.check), ..self.framing.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> FramingRule {
        text.parse().unwrap()
    }

    #[test]
    fn the_check_of_a_rule_counts_until_another_is_chosen() {
        let check = |setup: &SessionSetup| setup.rule().check.map(|check| check.to_string());
        let mut setup = SessionSetup::default();
        assert_eq!((setup.rule(), check(&setup)), (FramingRule::as_received(), None));
        setup.framing = rule("modbus-rtu");
        assert_eq!(setup.rule(), rule("modbus-rtu"));
        setup.verify = "SUM-8".parse().ok();
        assert_eq!(setup.rule(), rule("modbus-rtu+SUM-8"));
        setup.framing = rule("line");
        assert_eq!(setup.rule(), rule("line+SUM-8"));
    }

    #[test]
    fn a_rule_is_saved_under_its_name_and_replaced_there() {
        let mut preferences = Preferences::default();
        assert_eq!(preferences.save_rule(" 电表 ", rule("line")), Ok(()));
        assert_eq!(preferences.save_rule("电表", rule("slip")), Ok(()));
        assert_eq!(preferences.rules, [SavedRule { name: "电表".into(), rule: rule("slip") }]);
        assert_eq!(preferences.saved_rule("电表").map(|saved| &saved.rule), Some(&rule("slip")));
        for name in ["", "  ", "a\nb", &"长".repeat(41)] {
            assert_eq!(preferences.save_rule(name, rule("line")), Err(SaveRefusal::Name), "{name}");
        }
        assert_eq!(preferences.save_rule(&"长".repeat(40), rule("line")), Ok(()));
        for number in 2..Preferences::MAX_RULES {
            assert_eq!(preferences.save_rule(&number.to_string(), rule("line")), Ok(()));
        }
        assert_eq!(preferences.save_rule("one more", rule("line")), Err(SaveRefusal::Full));
        assert_eq!(
            preferences.save_rule("2", rule("json")),
            Ok(()),
            "replacing a rule is possible even if the list is full"
        );
    }
}
