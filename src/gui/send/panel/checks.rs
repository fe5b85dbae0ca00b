//! The checks in the popover of the wrap: one is edited, the others are a line each.

use super::wrap_row::{INDENT, WIDTH, row};
use crate::codec::ChecksumKind;
use crate::codec::checksum::Endian;
use crate::codec::wrap::{Appended, CHECKS_MAX, Head, Tail, Wrap};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::send::wrap_form::WrapForm;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Combo, Field, IconButton, Segmented, paint};
use crate::words::Text;
use egui::{Sense, Ui, vec2};

/// Largest position in the range of a check.
const FARTHEST: i64 = 1 << 24;
/// Width of the dash between the ends of a range.
const DASH: f32 = 8.0;
/// Width of the button that removes a check, with the space before it.
const REMOVE: f32 = measure::CONTROL + 8.0;

/// What is done with the list once the popover is drawn.
#[derive(Clone, Copy, Debug)]
pub enum Change {
    /// Another check behind the others.
    Add,
    /// The check at this place goes.
    Remove(usize),
    /// The check at this place is edited.
    Edit(usize),
}

/// Carries out a change.
pub fn apply(change: Change, wrap: &mut Wrap, form: &mut WrapForm) {
    match change {
        Change::Add => {
            let last = wrap.checks.last().copied();
            let kind = last.map(|last| last.kind).or_else(|| ChecksumKind::all().next());
            wrap.checks.extend(kind.map(Appended::new));
            form.edit(wrap, wrap.checks.len().saturating_sub(1));
        }
        Change::Remove(index) => {
            if index < wrap.checks.len() {
                wrap.checks.remove(index);
            }
            let open = if index < form.open { form.open - 1 } else { form.open };
            form.edit(wrap, open.min(wrap.checks.len().saturating_sub(1)));
        }
        Change::Edit(index) => form.edit(wrap, index),
    }
}

/// Draws all checks. Returns what the user wants of the list.
pub fn show(ui: &mut Ui, panels: &Panels<'_>, wrap: &mut Wrap, form: &mut WrapForm) -> Option<Change> {
    let mut change = None;
    let count = wrap.checks.len();
    for index in 0..count.max(1) {
        let label = if index == 0 { panels.text(Text::WrapCheck) } else { "" };
        let asked = row(ui, label, |ui| line(ui, panels, wrap, form, index));
        change = change.or(asked);
        if index == form.open {
            details(ui, panels, wrap, form);
        }
    }
    if (1..CHECKS_MAX).contains(&count)
        && row(ui, "", |ui| ui.add(Button::link(panels.text(Text::AddCheck)).icon(icons::PLUS))).clicked()
    {
        change = Some(Change::Add);
    }
    change
}

/// Draws the algorithm of a check.
fn line(ui: &mut Ui, panels: &Panels<'_>, wrap: &mut Wrap, form: &mut WrapForm, index: usize) -> Option<Change> {
    let is_one = wrap.checks.len() <= 1;
    let width = WIDTH - INDENT - if is_one { 0.0 } else { REMOVE };
    let before = wrap.checks.get(index).map(|check| check.kind);
    let mut change = None;
    if index == form.open {
        let mut items = Vec::new();
        if is_one {
            items.push((None, panels.text(Text::WrapNothing)));
        }
        items.extend(ChecksumKind::all().map(|kind| (Some(kind), kind.name())));
        let mut kind = before;
        let combo = Combo::new(panels.text(Text::WrapCheck)).width(width);
        combo.filter(&mut form.filter, panels.text(Text::CheckFilter)).show(ui, &mut kind, &items);
        if kind != before {
            choose(wrap, form, index, kind);
        }
    } else if let Some(kind) = before
        && ui.add(Button::plain(kind.name()).size(width, measure::CONTROL)).clicked()
    {
        change = Some(Change::Edit(index));
    }
    if let Some(kind) = before.filter(|_| !is_one) {
        let words = panels.lang.texts().remove_check(kind.name());
        if ui.add(IconButton::new(icons::X, &words)).clicked() {
            change = Some(Change::Remove(index));
        }
    }
    change
}

fn choose(wrap: &mut Wrap, form: &mut WrapForm, index: usize, kind: Option<ChecksumKind>) {
    form.filter.clear();
    match (kind, wrap.checks.get_mut(index)) {
        (Some(kind), Some(check)) => *check = Appended { kind, endian: None, ..*check },
        (Some(kind), None) => wrap.checks.push(Appended::new(kind)),
        (None, _) => {
            wrap.checks.clear();
            form.edit(wrap, 0);
        }
    }
}

/// Draws range, order and place of the check that is edited.
fn details(ui: &mut Ui, panels: &Panels<'_>, wrap: &mut Wrap, form: &mut WrapForm) {
    let Some(check) = wrap.checks.get_mut(form.open) else { return };
    let width = WIDTH - INDENT;
    let has_head = wrap.head != Head::None;
    if has_head {
        let items = [(false, panels.text(Text::CoversPayload)), (true, panels.text(Text::CoversHead))];
        row(ui, panels.text(Text::WrapRange), |ui| {
            Segmented::new(panels.text(Text::WrapRange), &items).width(width).show(ui, &mut check.covers_head);
        });
    }
    row(ui, if has_head { "" } else { panels.text(Text::WrapRange) }, |ui| range(ui, panels, check, form));
    if check.kind.bytes() > 1 {
        let items = [(Endian::Little, panels.text(Text::LowFirst)), (Endian::Big, panels.text(Text::HighFirst))];
        row(ui, panels.text(Text::WrapOrder), |ui| {
            let mut endian = check.endian();
            Segmented::new(panels.text(Text::WrapOrder), &items).width(width).show(ui, &mut endian);
            check.endian = (endian != check.kind.usual_endian()).then_some(endian);
        });
    }
    if wrap.tail != Tail::None {
        let items = [(false, panels.text(Text::BeforeTail)), (true, panels.text(Text::BehindTail))];
        row(ui, panels.text(Text::WrapPlace), |ui| {
            Segmented::new(panels.text(Text::WrapPlace), &items).width(width).show(ui, &mut check.is_behind_tail);
        });
    }
}

/// Draws the fields for the covered bytes.
fn range(ui: &mut Ui, panels: &Panels<'_>, check: &mut Appended, form: &mut WrapForm) {
    let typed = |text: &str| match text.trim() {
        "" => Some(None),
        text => text.parse().ok().filter(|place: &i64| place.unsigned_abs() <= FARTHEST.unsigned_abs()).map(Some),
    };
    let error = |text: &str| typed(text).is_none().then(|| panels.lang.texts().whole_number(-FARTHEST, FARTHEST));
    let wrong = error(&form.from);
    let from = Field::new(&mut form.from, panels.text(Text::WrapFrom)).hint("0").mono().width(84.0);
    if from.error(wrong.as_deref()).show(ui).changed()
        && let Some(place) = typed(&form.from)
    {
        check.from = place.unwrap_or(0);
    }
    let (gap, _) = ui.allocate_exact_size(vec2(DASH, measure::CONTROL), Sense::hover());
    let (font, t) = (theme::ui_font(measure::TEXT), theme::tokens(ui));
    paint::text(ui.painter(), gap.center(), paint::At::Centre, "–", font, t.muted);
    let wrong = error(&form.to);
    let to = Field::new(&mut form.to, panels.text(Text::WrapTo)).hint(panels.text(Text::WrapEnd)).mono().width(84.0);
    if to.error(wrong.as_deref()).show(ui).changed()
        && let Some(place) = typed(&form.to)
    {
        check.to = place;
    }
}
