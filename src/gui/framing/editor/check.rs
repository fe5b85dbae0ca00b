//! The check of a rule: its kind, the bytes it covers, and the position and form of its value.

use crate::codec::checksum::ValueForm;
use crate::codec::fields::{FieldId, Kind};
use crate::codec::{Check, ChecksumKind, Endian};
use crate::gui::context::Panels;
use crate::gui::framing::choice as rule_choice;
use crate::gui::framing::editor::{row, words_below};
use crate::gui::framing::form::holds_bytes;
use crate::gui::framing::state::{RuleEditor, RulePart};
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Combo, paint};
use crate::words::Text;
use egui::{Align, Sense, Ui, pos2, vec2};

/// Draws the fields.
pub fn show(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor) {
    heading(ui, panels, editor);
    kind(ui, panels, editor);
    let Some(kind) = editor.form.check else { return };
    let t = theme::tokens(ui);
    let Some(check) = editor.form.draft().check else { return };
    let fields = Check::fields();
    let last_place = fields.iter().rposition(|field| matches!(field.kind, Kind::Number { .. }));
    for (place, field) in fields.into_iter().enumerate() {
        if field.matters(&check) {
            let usual = panels.text(usual_order(kind, check.form));
            let usual = Some(usual).filter(|_| field.id == FieldId::CheckEndian);
            crate::gui::framing::editor::fields::field(ui, panels, editor, field, &check, usual);
            let is_shown = holds_bytes(field.kind) && editor.form.is_given(field.id);
            if is_shown && !editor.form.has_bytes() {
                crate::gui::framing::editor::fields::as_text(ui, panels, editor);
            }
        }
        if Some(place) == last_place {
            words_below(ui, panels.text(Text::CheckPlaces), t.muted);
        }
    }
}

fn heading(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top() + 2.0, t.soft);
    let at = pos2(rect.left(), rect.bottom() - 11.0);
    let words = panels.text(Text::CheckHeading);
    paint::text(ui.painter(), at, paint::At::Left, words, theme::medium(measure::TEXT_LABEL), t.text);
    if editor.opens_at.take() == Some(RulePart::Check) {
        response.scroll_to_me(Some(Align::TOP));
    }
}

fn kind(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor) {
    let names: Vec<_> = rule_choice::all_kinds().map(|kind| (kind, rule_choice::full_name(kind))).collect();
    let items: Vec<(Option<ChecksumKind>, &str)> = std::iter::once((None, panels.text(Text::NoCheck)))
        .chain(names.iter().map(|(kind, name)| (Some(*kind), name.as_ref())))
        .collect();
    row(ui, panels.text(Text::CheckKind), |ui, width| {
        let combo = Combo::new(panels.text(Text::CheckKind)).width(width);
        let combo = combo.filter(&mut editor.check_filter, panels.text(Text::CheckFilter));
        if combo.show(ui, &mut editor.form.check, &items).changed() {
            editor.check_filter.clear();
        }
    });
}

fn usual_order(kind: ChecksumKind, form: ValueForm) -> Text {
    match form {
        ValueForm::Binary if kind.usual_endian() == Endian::Little => Text::UsualLittle,
        _ => Text::UsualBig,
    }
}
