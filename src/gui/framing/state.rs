//! The rule that is being edited: its fields, its text form, and what it makes of a sample of the traffic.

use crate::codec::{Check, FramingRule};
use crate::gui::framing::choice::named_rules;
use crate::gui::framing::form::{At, RuleForm, Wrong};
use crate::gui::framing::preview::Preview;
use crate::settings::{SavedRule, SessionSetup};

/// The part at which the editor opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulePart {
    /// At the kind of rule.
    Kind,
    /// At its check.
    Check,
}

/// A name being entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Naming {
    /// As typed.
    pub name: String,
    /// The user was warned that another rule has this name.
    pub warned: bool,
    /// The field takes the focus.
    pub wants_focus: bool,
}

/// The editor.
pub struct RuleEditor {
    /// The fields.
    pub form: RuleForm,
    /// The text form, as typed or as the fields say. Empty while a field is wrong: there is no text form then.
    pub text: String,
    /// Where to look first; taken by the first frame.
    pub opens_at: Option<RulePart>,
    /// What is looked for among the checksums.
    pub check_filter: String,
    /// The name it is saved under.
    pub saved: Option<String>,
    /// The user was asked whether the saved rule may go.
    pub delete_warned: bool,
    /// A name is being given.
    pub naming: Option<Naming>,
    /// What the rule makes of a sample.
    pub preview: Preview,
    /// What had the focus when it opened.
    pub focus_before: Option<egui::Id>,
    wrong: Option<(At, Wrong)>,
    rule: FramingRule,
    /// The rule of the session when the editor opened, as its setup said it.
    before: (FramingRule, Option<Check>),
    /// The rule that the log shows now.
    tried: FramingRule,
}

impl RuleEditor {
    /// Opens on the rule of `setup`. `record`: whose stream is looked at first.
    pub fn new(setup: &SessionSetup, saved: &[SavedRule], at: RulePart, record: Option<u64>) -> Self {
        let rule = setup.rule();
        Self {
            form: RuleForm::new(&rule),
            text: rule.to_string(),
            opens_at: Some(at),
            check_filter: String::new(),
            saved: saved.iter().find(|saved| saved.rule == rule).map(|saved| saved.name.clone()),
            delete_warned: false,
            naming: None,
            preview: Preview::new(record),
            focus_before: None,
            wrong: None,
            before: (setup.framing.clone(), setup.verify),
            tried: rule.clone(),
            rule,
        }
    }

    /// Brings editor and session together: a rule chosen elsewhere is edited from now on, and an edited one is tried on the log.
    pub fn follow(&mut self, setup: &mut SessionSetup, saved: &[SavedRule]) {
        let current = setup.rule();
        if current != self.tried {
            let name = saved.iter().find(|saved| saved.rule == current).map(|saved| saved.name.as_str());
            self.start_from(&current, name);
            self.tried = current;
        } else if let Some(rule) = self.rule().filter(|rule| **rule != self.tried).cloned() {
            (setup.framing, setup.verify) = as_setup(&rule, named_rules(saved));
            self.tried = rule;
        }
    }

    /// Takes the rule that is tried back out of `setup`.
    pub fn revert(&self, setup: &mut SessionSetup) {
        if setup.rule() == self.tried {
            (setup.framing, setup.verify) = self.before.clone();
        }
    }

    /// The rule, where nothing is wrong with it.
    pub fn rule(&self) -> Option<&FramingRule> {
        Some(&self.rule).filter(|_| self.wrong.is_none())
    }

    /// The rule as it was when nothing was wrong.
    pub fn last_rule(&self) -> &FramingRule {
        &self.rule
    }

    /// The error of a field.
    pub fn wrong(&self, at: At) -> Option<&Wrong> {
        self.wrong.as_ref().filter(|(wrong, _)| *wrong == at).map(|(_, wrong)| wrong)
    }

    /// The current error and its field.
    pub fn mistake(&self) -> Option<(At, &Wrong)> {
        self.wrong.as_ref().map(|(at, wrong)| (*at, wrong))
    }

    /// Updates the text form after a field was edited. While a field is invalid, the text form is empty. Otherwise the user
    /// could copy the text of the previous rule to a command line as if it matched the new fields.
    pub fn fields_edited(&mut self) {
        match self.form.rule() {
            Ok(rule) => {
                self.text = rule.to_string();
                self.become_rule(rule);
            }
            Err(wrong) => {
                self.text.clear();
                self.wrong = Some(wrong);
            }
        }
    }

    /// Updates the fields after the text form was edited.
    pub fn text_edited(&mut self) {
        match self.text.parse::<FramingRule>() {
            Ok(rule) => {
                self.form.take(&rule);
                self.become_rule(rule);
            }
            Err(error) => self.wrong = Some((At::Whole, Wrong::Rule(error))),
        }
    }

    /// Restarts with a preset or a saved rule.
    pub fn start_from(&mut self, rule: &FramingRule, saved: Option<&str>) {
        self.form.take(rule);
        self.text = rule.to_string();
        self.become_rule(rule.clone());
        self.saved = saved.map(str::to_owned);
    }

    fn become_rule(&mut self, rule: FramingRule) {
        self.wrong = None;
        self.delete_warned = false;
        self.rule = rule;
    }
}

/// The setting for `rule`: a rule of the list with its own or another check, else the rule and its check separately.
pub fn as_setup<'a>(
    rule: &FramingRule,
    mut listed: impl Iterator<Item = &'a FramingRule> + Clone,
) -> (FramingRule, Option<Check>) {
    if listed.clone().any(|other| other == rule) {
        return (rule.clone(), None);
    }
    let same_cut = |other: &&FramingRule| (&other.boundary, other.max_len) == (&rule.boundary, rule.max_len);
    let bare = FramingRule { check: None, ..rule.clone() };
    match (rule.check, listed.find(same_cut)) {
        (Some(check), Some(other)) => (other.clone(), Some(check)),
        (check, _) => (bare, check),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::fields::FieldId;

    fn setup(rule: &str) -> SessionSetup {
        SessionSetup { framing: rule.parse().unwrap(), ..SessionSetup::default() }
    }

    fn editor(rule: &str) -> RuleEditor {
        RuleEditor::new(&setup(rule), &[], RulePart::Kind, None)
    }

    #[test]
    fn an_edited_rule_is_tried_and_taken_back_and_one_chosen_elsewhere_is_edited() {
        let mut setup = SessionSetup { verify: Some("SUM-8".parse().unwrap()), ..setup("fixed:8") };
        let before = setup.clone();
        let mut editor = RuleEditor::new(&setup, &[], RulePart::Kind, None);
        editor.follow(&mut setup, &[]);
        assert_eq!(setup, before, "nothing is edited yet");
        editor.text = "fixed:9+XOR-8".into();
        editor.text_edited();
        editor.follow(&mut setup, &[]);
        assert_eq!(setup.rule().to_string(), "fixed:9+XOR-8");
        editor.text = "fixed:".into();
        editor.text_edited();
        editor.follow(&mut setup, &[]);
        assert_eq!(setup.rule().to_string(), "fixed:9+XOR-8", "the last one without a mistake");
        editor.revert(&mut setup);
        assert_eq!(setup, before);

        (setup.framing, setup.verify) = ("json".parse().unwrap(), None);
        editor.follow(&mut setup, &[]);
        assert_eq!((editor.text.as_str(), setup.rule().to_string().as_str()), ("json", "json"));
        editor.revert(&mut setup);
        assert_eq!(setup, before);
    }

    #[test]
    fn fields_and_text_follow_each_other() {
        let mut editor = editor("fixed:8");
        *editor.form.text(At::Field(FieldId::FixedLength)) = "12".into();
        editor.fields_edited();
        assert_eq!(
            (editor.text.as_str(), editor.rule().map(ToString::to_string)),
            ("fixed:12", Some("fixed:12".into()))
        );
        editor.text = "modbus-rtu".into();
        editor.text_edited();
        assert_eq!(editor.form.text(At::Field(FieldId::Gap)), "20");
        assert_eq!(editor.rule(), FramingRule::preset("modbus-rtu").as_ref());
        assert_eq!(editor.text, "modbus-rtu", "what is typed is not written over");
    }

    #[test]
    fn an_invalid_form_has_no_rule() {
        let mut editor = editor("fixed:8");
        *editor.form.text(At::Field(FieldId::FixedLength)) = "0".into();
        editor.fields_edited();
        assert!(
            editor.rule().is_none()
                && editor.wrong(At::Field(FieldId::FixedLength)).is_some()
                && editor.wrong(At::Whole).is_none()
        );
        assert_eq!((editor.text.as_str(), editor.last_rule().to_string()), ("", "fixed:8".into()));
        assert!(matches!(editor.mistake(), Some((At::Field(FieldId::FixedLength), _))));
        editor.text = "fixd:8".into();
        editor.text_edited();
        assert!(
            editor.rule().is_none()
                && editor.wrong(At::Field(FieldId::FixedLength)).is_none()
                && editor.wrong(At::Whole).is_some()
        );
        editor.start_from(&FramingRule::as_received(), Some("mine"));
        assert_eq!((editor.rule(), editor.saved.as_deref()), (Some(&FramingRule::as_received()), Some("mine")));
    }

    #[test]
    fn a_setup_contains_the_rule_by_its_best_name() {
        let listed: Vec<FramingRule> =
            ["record", "modbus-rtu", "line", "line+SUM-8:from=2"].map(|text| text.parse().unwrap()).to_vec();
        for (rule, framing, verify) in [
            ("record", "record", None),
            ("record+CRC-24/BLE", "record", Some("CRC-24/BLE")),
            ("modbus-rtu", "modbus-rtu", None),
            ("modbus-rtu+SUM-8", "modbus-rtu", Some("SUM-8")),
            ("gap:20ms", "gap:20ms", None),
            ("line+SUM-8:from=2", "line+SUM-8:from=2", None),
            ("line+SUM-8", "line", Some("SUM-8")),
            ("fixed:3+SUM-8", "fixed:3", Some("SUM-8")),
        ] {
            let rule: FramingRule = rule.parse().unwrap();
            let (framing_said, verify_said) = as_setup(&rule, listed.iter());
            assert_eq!(framing_said, framing.parse().unwrap(), "{rule}");
            assert_eq!(verify_said, verify.map(|check| check.parse().unwrap()), "{rule}");
            let setup = SessionSetup { framing: framing_said, verify: verify_said, ..SessionSetup::default() };
            assert_eq!(setup.rule(), rule);
        }
    }
}
