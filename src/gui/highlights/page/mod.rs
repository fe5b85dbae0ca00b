//! The highlight rules in the dock: two rows for each rule, and an example to try them on. The log applies them at once.

mod colour;
mod example;

use crate::gui::action::{Action, HighlightAction};
use crate::gui::context::{Panels, within};
use crate::gui::highlights::matcher::Highlighter;
use crate::gui::highlights::state::{HighlightPage, free_colour};
use crate::gui::icons;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Checkbox, Combo, Field, IconButton, paint};
use crate::model::SessionId;
use crate::settings::{HighlightDirection, HighlightKind, HighlightRule};
use crate::words;
use crate::words::Text;
use egui::{Align, Layout, Margin, Rect, Sense, Ui, pos2, vec2};

/// Height of the band at the top.
const HEAD: f32 = 40.0;
const PADDING: f32 = 16.0;
/// Distance between the two rows of a rule, and from one rule to the next.
const PITCH: f32 = 36.0;
const BETWEEN: f32 = 12.0;
/// Minimum height of a page whose example does not scroll with the rules.
const EXAMPLE_APART: f32 = 320.0;

/// Draws it into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let Session { id, highlight_page: Some(page), setup, .. } = session else { return };
    let Some(rules) = panels.rules.take() else { return };
    let ready = rules.ready.of(setup.encoding).cloned();
    let list = &mut *rules.highlights;
    let rect = ui.max_rect();
    ui.spacing_mut().item_spacing = vec2(measure::GAP, 0.0);
    let (top, rest) = rect.split_top_bottom_at_y(rect.top() + HEAD);
    head(ui, panels, *id, top);
    let (mut body, mut below) = (rest, None);
    if rect.height() >= EXAMPLE_APART {
        let (above, example) = rest.split_top_bottom_at_y(rest.bottom() - example::HEIGHT - 2.0 * PADDING);
        paint::hairline_h(ui.painter(), example.left()..=example.right(), example.top(), theme::tokens(ui).soft);
        (body, below) = (above, Some(example.shrink(PADDING)));
    }
    within(ui, body, "rules", Layout::top_down(Align::Min), |ui| {
        ui.spacing_mut().scroll.floating_allocated_width = 0.0;
        egui::ScrollArea::vertical().auto_shrink(false).id_salt("highlights").show(ui, |ui| {
            egui::Frame::new().inner_margin(Margin::same(PADDING as i8)).show(ui, |ui| {
                rows(ui, panels, page, list, ready.as_deref());
                foot(ui, panels, page, list);
                if below.is_none() {
                    ui.add_space(PADDING);
                    example::show(ui, panels, page, setup.encoding, ready.as_deref());
                }
            });
        });
    });
    if let Some(below) = below {
        within(ui, below, "example", Layout::top_down(Align::Min), |ui| {
            example::show(ui, panels, page, setup.encoding, ready.as_deref());
        });
    }
    panels.rules = Some(rules);
}

/// Draws the scope of the rules, and the button that closes the page.
fn head(ui: &mut Ui, panels: &mut Panels<'_>, id: SessionId, rect: Rect) {
    let t = theme::tokens(ui);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.soft);
    within(ui, rect.shrink2(vec2(8.0, 0.0)), "head", Layout::right_to_left(Align::Center), |ui| {
        if ui.add(Button::ghost(panels.text(Text::CloseDialog))).clicked() {
            panels.actions.push(Action::Highlight(HighlightAction::Close(id)));
        }
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::CONTROL), Sense::hover());
        let (hint, font) = (panels.text(Text::HighlightRulesHint), theme::ui_font(measure::TEXT_SMALL));
        let at = rect.left_center() + vec2(PADDING - 8.0, 0.0);
        paint::text_elided(ui.painter(), at, hint, font, t.muted, rect.right() - at.x);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, hint));
    });
}

/// Places of the controls of a rule: the pattern in the upper row, name and direction in the lower one.
struct Places {
    on: Rect,
    colour: Rect,
    pattern: Rect,
    kind: Rect,
    case: Rect,
    name: Rect,
    direction: Rect,
    whole: Rect,
    delete: Rect,
}

impl Places {
    fn new(row: Rect, lower: f32, whole: f32) -> Self {
        let gap = measure::GAP;
        let at = |left: f32, right: f32, top: f32| {
            Rect::from_min_max(pos2(left, top), pos2(right.max(left), top + measure::CONTROL))
        };
        let (top, left, right) = (row.top(), row.left(), row.right());
        let on = at(left, left + 20.0, top);
        let colour = at(on.right() + gap, on.right() + gap + colour::WIDTH, top);
        let case = at(right - 34.0, right, top);
        let kind = at(case.left() - gap - 88.0, case.left() - gap, top);
        let pattern = at(colour.right() + gap, kind.left() - gap, top);
        let delete = at(right - measure::CONTROL, right, lower);
        let whole = at(delete.left() - gap - whole, delete.left() - gap, lower);
        let direction = at(whole.left() - gap - 92.0, whole.left() - gap, lower);
        let name = at(colour.left(), direction.left() - gap, lower);
        Self { on, colour, pattern, kind, case, name, direction, whole, delete }
    }
}

fn rows(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    page: &mut HighlightPage,
    rules: &mut Vec<HighlightRule>,
    ready: Option<&Highlighter>,
) {
    let t = theme::tokens(ui);
    if rules.is_empty() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 2.0 * PITCH), Sense::hover());
        let (words, font) = (panels.text(Text::HighlightNoRules), theme::ui_font(measure::TEXT_LABEL));
        let galley = ui.painter().layout(words.to_owned(), font, t.muted, rect.width());
        ui.painter().galley(rect.min, galley, t.muted);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, words));
        return;
    }
    let mut deleted = None;
    for (index, rule) in rules.iter_mut().enumerate() {
        let error = error_of(page, index, rule, ready, panels);
        if row(ui, panels, page, (index, rule), error.as_deref()) {
            deleted = Some(index);
        }
    }
    if let Some(index) = deleted {
        rules.remove(index);
        page.too_long = None;
    }
}

fn error_of(
    page: &HighlightPage,
    index: usize,
    rule: &HighlightRule,
    ready: Option<&Highlighter>,
    panels: &Panels<'_>,
) -> Option<String> {
    if page.too_long == Some(index) {
        return Some(panels.lang.texts().highlight_too_long(HighlightRule::MAX_PATTERN_LEN));
    }
    ready?.error(index, rule).map(|error| words::pattern_error(error, panels.lang))
}

/// Draws one rule. Returns true if it is to be removed.
fn row(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    page: &mut HighlightPage,
    (index, rule): (usize, &mut HighlightRule),
    error: Option<&str>,
) -> bool {
    let lang = panels.lang;
    let name = |text: Text| lang.texts().of_highlight(text.of(lang), index + 1);
    let below = error.map_or(0.0, |_| Field::ERROR_HEIGHT);
    let height = PITCH + below + measure::CONTROL + BETWEEN;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let whole_name = name(Text::HighlightRuleWholeRow);
    let whole = Checkbox::new(&mut rule.whole_row, panels.text(Text::HighlightRuleWholeRow)).name(&whole_name);
    let places = Places::new(rect, rect.top() + PITCH + below, whole.width(ui));
    ui.place(places.whole, whole);
    ui.place(places.on, Checkbox::new(&mut rule.enabled, "").name(&name(Text::HighlightRuleOn)));
    let down = Layout::top_down(Align::Min);
    within(ui, places.colour, ("colour", index), down, |ui| {
        colour::choose(ui, panels, &name(Text::HighlightRuleColour), &mut rule.colour);
    });
    pattern(ui, panels, page, (index, rule), error, &name(Text::HighlightRulePattern), places.pattern);
    let kinds = [
        (HighlightKind::Text, panels.text(Text::FindPlainShort)),
        (HighlightKind::Hex, panels.text(Text::FindHexShort)),
        (HighlightKind::Regex, panels.text(Text::FindRegexShort)),
    ];
    within(ui, places.kind, ("kind", index), down, |ui| {
        let name = name(Text::HighlightRuleKind);
        let combo = Combo::new(&name).width(places.kind.width());
        combo.show(ui, &mut rule.kind, &kinds);
    });
    let case_name = name(Text::HighlightRuleCase);
    let case = Button::ghost("Aa").name(&case_name).hint(panels.text(Text::HighlightRuleCase)).on(rule.match_case);
    let case = case.size(places.case.width(), measure::CONTROL);
    let is_text = rule.kind == HighlightKind::Text;
    rule.match_case ^= within(ui, places.case, ("case", index), down, |ui| ui.add_enabled(is_text, case).clicked());
    name_field(ui, panels, rule, &name(Text::HighlightRuleName), places.name);
    let directions = [
        (HighlightDirection::Both, panels.text(Text::HighlightRuleBoth)),
        (HighlightDirection::Received, panels.text(Text::HighlightRuleReceived)),
        (HighlightDirection::Sent, panels.text(Text::HighlightRuleSent)),
    ];
    within(ui, places.direction, ("direction", index), down, |ui| {
        let name = name(Text::HighlightRuleDirection);
        let combo = Combo::new(&name).width(places.direction.width());
        combo.show(ui, &mut rule.direction, &directions);
    });
    ui.place(places.delete, IconButton::new(icons::TRASH, &lang.texts().delete_highlight(index + 1))).clicked()
}

fn name_field(ui: &mut Ui, panels: &Panels<'_>, rule: &mut HighlightRule, name: &str, rect: Rect) {
    let before = rule.name.len();
    let field = Field::new(&mut rule.name, name).hint(panels.text(Text::HighlightRuleName)).width(rect.width());
    if field.show_at(ui, rect).changed() && rule.name.len() > HighlightRule::MAX_NAME_LEN {
        let end = (0..=before.min(HighlightRule::MAX_NAME_LEN)).rev().find(|end| rule.name.is_char_boundary(*end));
        rule.name.truncate(end.unwrap_or(0));
    }
}

/// Draws the pattern field of a rule. Its error is drawn below it.
fn pattern(
    ui: &mut Ui,
    panels: &Panels<'_>,
    page: &mut HighlightPage,
    (index, rule): (usize, &mut HighlightRule),
    error: Option<&str>,
    name: &str,
    rect: Rect,
) {
    let t = theme::tokens(ui);
    let before = rule.pattern.clone();
    let field = Field::new(&mut rule.pattern, name)
        .hint(panels.text(Text::HighlightRulePattern))
        .mono()
        .width(rect.width())
        .error(error.map(|_| ""));
    let response = field.show_at(ui, rect);
    if response.changed() {
        page.too_long = None;
        if rule.pattern.len() > HighlightRule::MAX_PATTERN_LEN {
            rule.pattern = before;
            page.too_long = Some(index);
        }
    }
    if page.wants_focus == Some(index) {
        page.wants_focus = None;
        response.request_focus();
        response.scroll_to_me(None);
    }
    if let Some(error) = error {
        let line =
            Rect::from_min_max(rect.left_bottom(), pos2(ui.max_rect().right(), rect.bottom() + Field::ERROR_HEIGHT));
        let (at, font) = (pos2(line.left(), rect.bottom() + 12.0), theme::ui_font(measure::TEXT_LABEL));
        paint::text_elided(ui.painter(), at, error, font, t.error, line.width());
        let label = ui.interact(line, response.id.with("error"), Sense::hover());
        label.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, error));
    }
}

/// Draws the button that adds a rule.
fn foot(ui: &mut Ui, panels: &Panels<'_>, page: &mut HighlightPage, rules: &mut Vec<HighlightRule>) {
    let full = rules.len() >= HighlightRule::MAX_COUNT;
    let words = panels.lang.texts().too_many_highlights(HighlightRule::MAX_COUNT);
    let mut add = Button::plain(panels.text(Text::HighlightAddRule)).icon(icons::PLUS);
    if full {
        add = add.hint(&words);
    }
    if ui.add_enabled(!full, add).clicked() {
        page.wants_focus = Some(rules.len());
        rules.push(HighlightRule { colour: free_colour(rules), ..HighlightRule::default() });
    }
}
