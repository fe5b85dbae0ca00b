//! The framing rule and the check of a session.

use crate::codec::Check;
use crate::gui::action::{Action, RuleAction};
use crate::gui::context::Panels;
use crate::gui::framing::choice as rule_choice;
use crate::gui::framing::choice::RuleRows;
use crate::gui::framing::state::RulePart;
use crate::gui::session::Session;
use crate::gui::widgets::{Combo, form_row as row};
use crate::settings::SavedRule;
use crate::words::Text;
use egui::Ui;

/// Draws both rows.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, saved: &[SavedRule]) {
    row(ui, panels.text(Text::Framing), |ui, width| framing(ui, panels, session, saved, width));
    row(ui, panels.text(Text::Verify), |ui, width| verify(ui, panels, session, width));
}

fn framing(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, saved: &[SavedRule], width: f32) {
    let chosen = session.setup.framing.clone();
    let text = chosen.to_string();
    let rows = RuleRows::new(&chosen, &text, saved, panels.lang);
    let custom = panels.text(Text::CustomRule);
    let words = |index: usize| rows.row(index).map_or(custom, |(words, _)| words);
    let combo = Combo::new(panels.text(Text::Framing)).width(width).pins_last();
    let (_, picked) = combo.show_words(ui, words(rows.current), Some(rows.current), rows.count() + 1, words);
    match picked.map(|index| rows.row(index)) {
        Some(Some((_, rule))) => rule_choice::choose_rule(&mut session.setup, rule),
        Some(None) => panels.actions.push(Action::Rule(RuleAction::Edit(session.id, RulePart::Kind))),
        None => {}
    }
}

fn verify(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, width: f32) {
    let setup = &mut session.setup;
    let none = if setup.framing.check.is_some() { Text::ByTheRule } else { Text::VerifyOff };
    let mut rows: Vec<(Option<Check>, String)> = vec![(None, panels.text(none).to_owned())];
    rows.extend(rule_choice::common_checks().map(|check| (Some(check), rule_choice::check_name(&check))));
    if let Some(check) = setup.verify.filter(|check| rule_choice::common_checks().all(|other| other != *check)) {
        rows.push((Some(check), rule_choice::check_name(&check)));
    }
    let current = rows.iter().position(|(check, _)| *check == setup.verify).unwrap_or(0);
    let more = panels.text(Text::MoreChecks);
    let words = |index: usize| rows.get(index).map_or(more, |(_, words)| words);
    let combo = Combo::new(panels.text(Text::VerifyName)).width(width).pins_last();
    let (_, picked) = combo.show_words(ui, words(current), Some(current), rows.len() + 1, words);
    match picked.map(|index| rows.get(index)) {
        Some(Some((check, _))) => setup.verify = *check,
        Some(None) => panels.actions.push(Action::Rule(RuleAction::Edit(session.id, RulePart::Check))),
        None => {}
    }
}
