//! The buttons: saving under a name, deleting, applying.

use crate::gui::action::{Action, RuleAction};
use crate::gui::context::{Panels, within};
use crate::gui::framing::state::{Naming, RuleEditor};
use crate::gui::icons;
use crate::gui::widgets::{Button, Field, IconButton};
use crate::model::SessionId;
use crate::settings::SavedRule;
use crate::words::Text;
use egui::{Align, Id, Layout, Rect, Ui};

/// Height of one row, and of two.
const ROW: f32 = 48.0;
const TWO_ROWS: f32 = 80.0;
/// Most width of the field for a name, and the room that its buttons need.
const NAME: f32 = 220.0;
const BESIDE_NAME: f32 = 184.0;

/// Their height: with a saved rule, or while a name is given, applying has a row of its own.
pub fn height(editor: &RuleEditor) -> f32 {
    if editor.naming.is_some() || editor.saved.is_some() { TWO_ROWS } else { ROW }
}

/// Draws them into `rect`: saving above, applying below or beside it.
pub fn show(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    id: SessionId,
    editor: &mut RuleEditor,
    saved: &[SavedRule],
    rect: Rect,
) {
    let rows = rect.split_top_bottom_at_y(rect.center().y);
    let (save_at, apply_at) = if rect.height() > ROW { rows } else { (rect, rect) };
    within(ui, apply_at, "apply", Layout::right_to_left(Align::Center), |ui| {
        // The filled button of the window is the one that sends.
        let apply = Button::plain(panels.text(Text::ApplyRule));
        if ui.add_enabled(editor.rule().is_some(), apply).clicked() {
            panels.actions.push(Action::Rule(RuleAction::Apply(id)));
        }
        if ui.add(Button::plain(panels.text(Text::Cancel))).clicked() {
            panels.actions.push(Action::Rule(RuleAction::Cancel(id)));
        }
    });
    within(ui, save_at, "save", Layout::left_to_right(Align::Center), |ui| match editor.naming.take() {
        Some(naming) => editor.naming = name(ui, panels, id, editor, saved, naming),
        None => save(ui, panels, id, editor),
    });
}

fn save(ui: &mut Ui, panels: &mut Panels<'_>, id: SessionId, editor: &mut RuleEditor) {
    let save = Button::plain(panels.text(Text::SaveRuleAs)).icon(icons::BOOKMARK_SIMPLE);
    if ui.add_enabled(editor.rule().is_some(), save).clicked() {
        let name = editor.saved.clone().unwrap_or_default();
        editor.naming = Some(Naming { name, wants_focus: true, ..Naming::default() });
        editor.delete_warned = false;
    }
    if editor.saved.is_none() {
        return;
    }
    let words = panels.text(if editor.delete_warned { Text::DeleteRuleReally } else { Text::DeleteRule });
    let delete = if editor.delete_warned { Button::danger(words) } else { Button::plain(words) };
    if ui.add(delete).clicked() {
        if editor.delete_warned {
            panels.actions.push(Action::Rule(RuleAction::Delete(id)));
        }
        editor.delete_warned = true;
    }
}

/// The name field and its buttons; `None` = no name is given any more.
fn name(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    id: SessionId,
    editor: &RuleEditor,
    saved: &[SavedRule],
    mut naming: Naming,
) -> Option<Naming> {
    let usable = SavedRule::name_of(&naming.name);
    let is_wrong = usable.is_none() && !naming.name.is_empty();
    let width = (ui.available_width() - BESIDE_NAME).min(NAME);
    let field = Field::new(&mut naming.name, panels.text(Text::RuleName)).width(width).id(Id::unique("rule name"));
    let response =
        field.hint(panels.text(Text::RuleNameHint)).error(is_wrong.then_some(panels.text(Text::RuleNameBad))).show(ui);
    if std::mem::take(&mut naming.wants_focus) {
        response.request_focus();
    }
    if response.changed() {
        naming.warned = false;
    }
    let name = SavedRule::name_of(&naming.name).map(str::to_owned);
    let exists = name.as_ref().is_some_and(|name| saved.iter().any(|saved| saved.name == *name));
    let words = panels.text(if naming.warned { Text::ReplaceRule } else { Text::SaveRule });
    let button = if naming.warned { Button::danger(words) } else { Button::plain(words) };
    let enter = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    let pressed = ui.add_enabled(name.is_some() && editor.rule().is_some(), button).clicked() || enter;
    if let Some(name) = name.filter(|_| pressed && editor.rule().is_some()) {
        if exists && !naming.warned {
            naming.warned = true;
        } else {
            panels.actions.push(Action::Rule(RuleAction::Save(id, name)));
        }
    }
    let escape = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Escape));
    let back = IconButton::new(icons::X, panels.text(Text::NoName));
    if ui.add(back).clicked() || escape { None } else { Some(naming) }
}
