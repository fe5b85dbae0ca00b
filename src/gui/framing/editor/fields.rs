//! The kind of rule and its fields, in the order of its description.

use crate::codec::fields::{Choice, Field as Described, FieldId, Kind, Value};
use crate::codec::framing::RULES;
use crate::gui::context::Panels;
use crate::gui::framing::editor::{error_below, row, text_row, words_below};
use crate::gui::framing::form::At;
use crate::gui::framing::state::RuleEditor;
use crate::gui::theme;
use crate::gui::widgets::{Checkbox, Combo, Field, Segmented};
use crate::words::{FieldWords, Lang, Text};
use egui::Ui;

/// Draws the fields.
pub fn show(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor) {
    let t = theme::tokens(ui);
    row(ui, panels.text(Text::RuleKind), |ui, width| {
        let items = RULES.map(|rule| (rule.kind, panels.lang.texts().rule_kind(rule.kind).name));
        Combo::new(panels.text(Text::RuleKind)).width(width).show(ui, &mut editor.form.kind, &items);
    });
    words_below(ui, panels.lang.texts().rule_kind(editor.form.kind).brief, t.muted);
    let (rule, description) = (editor.form.draft(), editor.form.description());
    let fields = description.fields();
    let last_value = fields.iter().rposition(|field| field.kind != Kind::Flag && field.id != FieldId::Max);
    for (place, described) in fields.iter().enumerate() {
        if described.matters(&rule) {
            field(ui, panels, editor, described, &rule, None);
        }
        if Some(place) == last_value && editor.form.has_bytes() {
            as_text(ui, panels, editor);
        }
    }
}

/// Draws the control of one option of `rule`. `usual`: the label for the default value.
pub fn field<R: Clone>(
    ui: &mut Ui,
    panels: &Panels<'_>,
    editor: &mut RuleEditor,
    field: &Described<R>,
    rule: &R,
    usual: Option<&str>,
) {
    let said = panels.lang.texts().rule_field(field.id);
    match field.kind {
        Kind::Flag => {
            ui.add(Checkbox::new(editor.form.flag(field.id), said.label));
        }
        // It follows the encoding of the session.
        Kind::Encoding => {}
        Kind::Choice(choices) => {
            choice(ui, editor, (field.id, said.label, panels.lang), (choices, usual, field.usual.is_some()));
            number_behind(ui, panels, editor, field.id, (field.value(rule), choices));
        }
        Kind::PlacedBytes { .. } => placed_bytes(ui, panels, editor, field.id, said),
        kind => {
            let hint = editor.form.hint(kind, said.hint);
            text_row(ui, panels, editor, At::Field(field.id), (said.label, &hint));
        }
    }
    if !said.note.is_empty() && editor.form.is_given(field.id) {
        words_below(ui, said.note, theme::tokens(ui).muted);
    }
}

/// Draws a choice: a check box for two values of which one is the default; segments for two others; a drop-down for more.
fn choice(
    ui: &mut Ui,
    editor: &mut RuleEditor,
    (id, label, lang): (FieldId, &str, Lang),
    (choices, usual, has_usual): (&[Choice], Option<&str>, bool),
) {
    let chosen = editor.form.choice(id);
    if has_usual && choices.len() == 2 {
        let mut is_other = *chosen == Some(1);
        if ui.add(Checkbox::new(&mut is_other, label)).changed() {
            *chosen = Some(is_other.into());
        }
        return;
    }
    let names: Vec<String> = choices.iter().map(|choice| lang.texts().rule_choice(choice.word).name).collect();
    let named = names.iter().enumerate().map(|(index, name)| (Some(index), name.as_str()));
    let items: Vec<(Option<usize>, &str)> = usual.map(|words| (None, words)).into_iter().chain(named).collect();
    row(ui, label, |ui, width| match items.len() {
        2 => {
            Segmented::new(label, &items).width(width).show(ui, chosen);
        }
        _ => {
            Combo::new(label).width(width).show(ui, chosen, &items);
        }
    });
}

/// Draws the number field of the selected value, if it has one.
fn number_behind(
    ui: &mut Ui,
    panels: &Panels<'_>,
    editor: &mut RuleEditor,
    id: FieldId,
    (value, choices): (Option<Value>, &[Choice]),
) {
    if let Some(Value::Choice(index, _)) = value
        && let Some(choice) = choices.get(index).filter(|choice| choice.number.is_some())
    {
        let said = panels.lang.texts().rule_choice(choice.word);
        text_row(ui, panels, editor, At::Number(id, index), (said.number, said.hint));
    }
}

/// Draws bytes and their position side by side.
fn placed_bytes(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor, id: FieldId, said: FieldWords) {
    let (at, place_at) = (At::Field(id), At::Place(id));
    let wrong = editor.wrong(at).or(editor.wrong(place_at)).map(|wrong| wrong.words(panels.lang));
    let (wrong_bytes, wrong_place) = (editor.wrong(at).is_some(), editor.wrong(place_at).is_some());
    row(ui, said.label, |ui, width| {
        let place = 72.0;
        let bytes = Field::new(editor.form.text(at), said.label).mono();
        bytes.hint(said.hint).width(width - place - 28.0).error(wrong_bytes.then_some("")).show(ui);
        crate::gui::framing::editor::between(ui, 28.0, "@");
        let field = Field::new(editor.form.text(place_at), panels.lang.texts().rule_place()).mono();
        field.hint("0").width(place).error(wrong_place.then_some("")).show(ui);
    });
    error_below(ui, wrong.as_deref());
}

/// Draws the choice between text and hex for the bytes in the fields.
pub fn as_text(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor) {
    let mut as_text = editor.form.as_text();
    if ui.add(Checkbox::new(&mut as_text, panels.text(Text::BytesAsWords))).changed() {
        editor.form.set_as_text(as_text);
    }
}
