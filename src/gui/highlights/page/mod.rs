//! The dialog of the highlight rules: a row for each rule, and an example to try them on.

mod colour;
mod example;

use crate::gui::action::{Action, HighlightAction};
use crate::gui::context::{Panels, within};
use crate::gui::highlights::matcher::Highlighter;
use crate::gui::highlights::state::{HighlightPage, free_colour};
use crate::gui::icons;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Checkbox, Combo, Field, IconButton, dialog, paint};
use crate::settings::{HighlightDirection, HighlightKind, HighlightRule};
use crate::words;
use crate::words::Text;
use egui::{Align, Layout, Margin, Rect, Sense, Ui, pos2, vec2};

const WIDTH: f32 = 900.0;
/// Maximum height of the rows; more rows scroll.
const BODY: f32 = 300.0;
const PADDING: i8 = 24;
/// Distance from one rule to the next.
const PITCH: f32 = 36.0;
/// Width reserved for the scroll bar.
const BAR: f32 = 12.0;

/// Draws the dialog over the window. `ready`: the rules compiled so far, in the encoding of the page.
pub fn show(
    ctx: &egui::Context,
    panels: &mut Panels<'_>,
    page: &mut HighlightPage,
    rules: &mut Vec<HighlightRule>,
    ready: Option<&Highlighter>,
) {
    let t = theme::tokens_of(ctx);
    let response = dialog(ctx, "highlights").show(ctx, |ui| {
        let room = ui.ctx().content_rect();
        ui.set_width(WIDTH.min(room.width() - 48.0));
        ui.spacing_mut().item_spacing = vec2(measure::GAP, 0.0);
        head(ui, panels);
        egui::Frame::new().inner_margin(Margin::symmetric(PADDING, 16)).show(ui, |ui| {
            let most = BODY.min(room.height() - 320.0).max(2.0 * PITCH);
            rows(ui, panels, page, rules, ready, most);
            foot(ui, panels, page, rules);
            ui.add_space(12.0);
            paint::hairline(ui, t.soft);
            ui.add_space(12.0);
            example::show(ui, panels, page, ready);
        });
    });
    if response.should_close() {
        panels.actions.push(Action::Highlight(HighlightAction::Close));
    }
}

fn head(ui: &mut Ui, panels: &mut Panels<'_>) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::hover());
    let at = pos2(rect.left() + f32::from(PADDING), rect.center().y);
    paint::text(ui.painter(), at, paint::At::Left, panels.text(Text::Highlights), theme::medium(16.0), t.text);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.soft);
    within(ui, rect.shrink2(vec2(14.0, 0.0)), "head", Layout::right_to_left(Align::Center), |ui| {
        if ui.add(IconButton::new(icons::X, panels.text(Text::CloseDialog))).clicked() {
            panels.actions.push(Action::Highlight(HighlightAction::Close));
        }
    });
}

/// Left edge and width of the controls of a rule, relative to the left edge of the row.
struct Places {
    on: (f32, f32),
    name: (f32, f32),
    kind: (f32, f32),
    pattern: (f32, f32),
    case: (f32, f32),
    direction: (f32, f32),
    colour: (f32, f32),
    whole: (f32, f32),
    delete: (f32, f32),
}

impl Places {
    fn new(width: f32) -> Self {
        let gap = measure::GAP;
        let fixed = [20.0, 112.0, 92.0, 34.0, 92.0, colour::WIDTH, 60.0, measure::CONTROL];
        let pattern = (width - BAR - fixed.iter().sum::<f32>() - 8.0 * gap).max(80.0);
        let mut x = 0.0;
        let mut next = |width: f32| {
            let place = (x, width);
            x += width + gap;
            place
        };
        let [on, name, kind, case, direction, colour, whole, delete] = fixed;
        Self {
            on: next(on),
            name: next(name),
            kind: next(kind),
            pattern: next(pattern),
            case: next(case),
            direction: next(direction),
            colour: next(colour),
            whole: next(whole),
            delete: next(delete),
        }
    }
}

fn place(row: Rect, (left, width): (f32, f32)) -> Rect {
    Rect::from_min_size(pos2(row.left() + left, row.top()), vec2(width, measure::CONTROL))
}

fn rows(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    page: &mut HighlightPage,
    rules: &mut Vec<HighlightRule>,
    ready: Option<&Highlighter>,
    most: f32,
) {
    let t = theme::tokens(ui);
    if rules.is_empty() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 2.0 * PITCH), Sense::hover());
        let (words, font) = (panels.text(Text::HighlightNoRules), theme::ui_font(measure::TEXT));
        paint::text_elided(ui.painter(), rect.left_center(), words, font, t.muted, rect.width());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, words));
        return;
    }
    let places = Places::new(ui.available_width());
    let (heads, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    for (at, text) in [
        (places.name, Text::HighlightRuleName),
        (places.kind, Text::HighlightRuleKind),
        (places.pattern, Text::HighlightRulePattern),
        (places.direction, Text::HighlightRuleDirection),
        (places.colour, Text::HighlightRuleColour),
        (places.whole, Text::HighlightRuleWholeRow),
    ] {
        let at = pos2(heads.left() + at.0, heads.top() + 8.0);
        paint::text(ui.painter(), at, paint::At::Left, panels.text(text), theme::ui_font(measure::TEXT_SMALL), t.muted);
    }
    let mut deleted = None;
    let scroll = egui::ScrollArea::vertical().auto_shrink([false, true]).max_height(most);
    scroll.show(ui, |ui| {
        for (index, rule) in rules.iter_mut().enumerate() {
            let error = error_of(page, index, rule, ready, panels);
            if row(ui, panels, page, (index, rule), error.as_deref(), &places) {
                deleted = Some(index);
            }
        }
    });
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
    places: &Places,
) -> bool {
    let below = error.map_or(0.0, |_| Field::ERROR_HEIGHT);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), PITCH + below), Sense::hover());
    let lang = panels.lang;
    let name = |text: Text| lang.texts().of_highlight(text.of(lang), index + 1);
    ui.place(place(rect, places.on), Checkbox::new(&mut rule.enabled, "").name(&name(Text::HighlightRuleOn)));
    let before = rule.name.len();
    let field_name = name(Text::HighlightRuleName);
    let field = Field::new(&mut rule.name, &field_name).width(places.name.1);
    if field.show_at(ui, place(rect, places.name)).changed() && rule.name.len() > HighlightRule::MAX_NAME_LEN {
        let end = (0..=before.min(HighlightRule::MAX_NAME_LEN)).rev().find(|end| rule.name.is_char_boundary(*end));
        rule.name.truncate(end.unwrap_or(0));
    }
    let kinds = [
        (HighlightKind::Text, panels.text(Text::FindPlainShort)),
        (HighlightKind::Hex, panels.text(Text::FindHexShort)),
        (HighlightKind::Regex, panels.text(Text::FindRegexShort)),
    ];
    within(ui, place(rect, places.kind), ("kind", index), Layout::top_down(Align::Min), |ui| {
        Combo::new(&name(Text::HighlightRuleKind)).width(places.kind.1).show(ui, &mut rule.kind, &kinds);
    });
    pattern(ui, page, (index, rule), error, &name(Text::HighlightRulePattern), place(rect, places.pattern));
    let case_name = name(Text::HighlightRuleCase);
    let case = Button::ghost("Aa").name(&case_name).hint(panels.text(Text::HighlightRuleCase)).on(rule.match_case);
    let case = case.size(places.case.1, measure::CONTROL);
    let is_text = rule.kind == HighlightKind::Text;
    let clicked = within(ui, place(rect, places.case), ("case", index), Layout::top_down(Align::Min), |ui| {
        ui.add_enabled(is_text, case).clicked()
    });
    rule.match_case ^= clicked;
    let directions = [
        (HighlightDirection::Both, panels.text(Text::HighlightRuleBoth)),
        (HighlightDirection::Received, panels.text(Text::HighlightRuleReceived)),
        (HighlightDirection::Sent, panels.text(Text::HighlightRuleSent)),
    ];
    within(ui, place(rect, places.direction), ("direction", index), Layout::top_down(Align::Min), |ui| {
        Combo::new(&name(Text::HighlightRuleDirection)).width(places.direction.1).show(
            ui,
            &mut rule.direction,
            &directions,
        );
    });
    within(ui, place(rect, places.colour), ("colour", index), Layout::top_down(Align::Min), |ui| {
        colour::choose(ui, panels, &name(Text::HighlightRuleColour), &mut rule.colour);
    });
    ui.place(
        place(rect, places.whole),
        Checkbox::new(&mut rule.whole_row, "").name(&name(Text::HighlightRuleWholeRow)),
    );
    ui.place(place(rect, places.delete), IconButton::new(icons::TRASH, &lang.texts().delete_highlight(index + 1)))
        .clicked()
}

/// Draws the pattern field of a rule. Its error is drawn below it, under the controls to the right.
fn pattern(
    ui: &mut Ui,
    page: &mut HighlightPage,
    (index, rule): (usize, &mut HighlightRule),
    error: Option<&str>,
    name: &str,
    rect: Rect,
) {
    let t = theme::tokens(ui);
    let before = rule.pattern.clone();
    let field = Field::new(&mut rule.pattern, name).mono().width(rect.width()).error(error.map(|_| ""));
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
    let t = theme::tokens(ui);
    ui.add_space(4.0);
    ui.horizontal(|ui| {
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
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::CONTROL), Sense::hover());
        let (hint, font) = (panels.text(Text::HighlightRulesHint), theme::ui_font(measure::TEXT_SMALL));
        paint::text_elided(ui.painter(), rect.left_center() + vec2(4.0, 0.0), hint, font, t.muted, rect.width());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, hint));
    });
}
