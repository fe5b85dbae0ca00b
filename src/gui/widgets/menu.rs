//! Menus, their rows, and tooltips.

use crate::gui::icons;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint;
use egui::accesskit::Role;
use egui::{
    Color32, CornerRadius, Frame, Margin, Response, ScrollArea, Sense, Shadow, Stroke, Tooltip, Ui, Widget, WidgetInfo,
    pos2, vec2,
};

/// The frame of menus and lists. Pass it to `egui::Popup::frame` and set `item_spacing.y` to 0 inside.
pub fn popup_frame(tokens: &Tokens) -> Frame {
    Frame::new()
        .fill(tokens.popup)
        .stroke(Stroke::new(1.0, tokens.line))
        .corner_radius(CornerRadius::same(measure::RADIUS_POPUP))
        .inner_margin(Margin::same(3))
        .shadow(Shadow { offset: [0, 4], blur: 12, spread: 0, color: tokens.shadow })
}

/// Height in the window that a list leaves free: its frame, a filter above it or a pinned row below it, and a margin.
const BESIDE_LIST: f32 = 80.0;

/// Draws the rows of a menu without gaps. In a low window they scroll; otherwise the last ones would be below its edge.
pub fn menu_rows<R>(ui: &mut Ui, rows: impl FnOnce(&mut Ui) -> R) -> R {
    ui.spacing_mut().item_spacing.y = 0.0;
    let room = ui.ctx().content_rect().height() - 2.0 * measure::MARGIN;
    // A popup offers 400 points (egui's `default_area_size`), less than the menu of the log needs.
    ui.set_max_height(room);
    ScrollArea::vertical().max_height(room).show(ui, rows).inner
}

/// Maximum height of a list that scrolls, with a field above it or a row below it. In a small window, or at a high zoom, a list
/// of the height `usual` would extend below the window.
#[must_use]
pub fn list_height(ui: &Ui, usual: f32) -> f32 {
    usual.min((ui.ctx().content_rect().height() - BESIDE_LIST).max(BESIDE_LIST))
}

/// A separator between groups of menu rows, from edge to edge.
pub fn menu_hairline(ui: &mut Ui) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 8.0), Sense::hover());
    paint::hairline_h(ui.painter(), rect.left() - 3.0..=rect.right() + 3.0, rect.top() + 4.0, t.soft);
}

/// A row of a menu: a label, and a shortcut at the right.
#[must_use = "add it to a Ui"]
pub struct MenuItem<'a> {
    label: &'a str,
    name: Option<&'a str>,
    shortcut: Option<&'a str>,
    checked: Option<bool>,
    is_toggle: bool,
    keeps_open: bool,
    danger: bool,
    icon: Option<char>,
    mono: bool,
}

impl<'a> MenuItem<'a> {
    /// A row with a label.
    pub fn new(label: &'a str) -> Self {
        Self {
            label,
            name: None,
            shortcut: None,
            checked: None,
            is_toggle: false,
            keeps_open: false,
            danger: false,
            icon: None,
            mono: false,
        }
    }

    /// Sets the accessible name if it differs from the label.
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Shows a shortcut at the right. The shortcut itself is handled elsewhere.
    pub fn shortcut(mut self, shortcut: &'a str) -> Self {
        self.shortcut = Some(shortcut).filter(|shortcut| !shortcut.is_empty());
        self
    }

    /// Makes it a row of a list of choices, with space for a check mark. `checked` shows the mark.
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = Some(checked);
        self
    }

    /// Makes it a toggle. The menu stays open after a click.
    pub fn toggle(mut self, on: bool) -> Self {
        (self.checked, self.is_toggle, self.keeps_open) = (Some(on), true, true);
        self
    }

    /// Keeps the menu open after a click.
    pub fn keep_open(mut self) -> Self {
        self.keeps_open = true;
        self
    }

    /// Draws the label in red, for a destructive action.
    pub fn danger(mut self) -> Self {
        self.danger = true;
        self
    }

    /// Draws the label in the font of the log.
    pub fn mono(mut self) -> Self {
        self.mono = true;
        self
    }

    /// Adds an icon before the label.
    pub fn icon(mut self, icon: char) -> Self {
        self.icon = Some(icon);
        self
    }
}

impl Widget for MenuItem<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let t = theme::tokens(ui);
        let font = if self.mono { theme::mono(measure::TEXT) } else { theme::ui_font(measure::TEXT) };
        let words = paint::line(ui.painter(), self.label, font, Color32::PLACEHOLDER);
        let shortcut = self
            .shortcut
            .map(|s| paint::line(ui.painter(), s, theme::ui_font(measure::TEXT_SMALL), Color32::PLACEHOLDER));
        let left = if self.checked.is_some() || self.icon.is_some() { 32.0 } else { 12.0 };
        let right = shortcut.as_ref().map_or(0.0, |s| s.size().x + 24.0) + 12.0;
        let width = (left + words.size().x + right).max(ui.available_width());
        let (rect, response) = ui.allocate_exact_size(vec2(width, measure::CONTROL), Sense::click());
        if ui.is_rect_visible(rect) {
            let painter = ui.painter();
            let enabled = response.enabled();
            if enabled && (response.hovered() || response.has_focus()) {
                painter.rect_filled(rect, CornerRadius::same(measure::RADIUS_SEGMENT), t.popup_hover);
            }
            let colour = match (enabled, self.danger) {
                (false, _) => t.faint,
                (true, true) => t.error,
                (true, false) => t.text,
            };
            let y = rect.center().y;
            if self.checked == Some(true) {
                paint::icon(painter, pos2(rect.left() + 16.0, y), icons::CHECK, measure::ICON_ROW, t.accent);
            } else if let Some(icon) = self.icon {
                paint::icon(painter, pos2(rect.left() + 16.0, y), icon, measure::ICON, colour);
            }
            paint::put(painter, pos2(rect.left() + left, y), paint::At::Left, measure::TEXT, words, colour);
            if let Some(shortcut) = shortcut {
                let at = pos2(rect.right() - 12.0, y);
                paint::put(painter, at, paint::At::Right, measure::TEXT_SMALL, shortcut, t.muted);
            }
        }
        let name = self.name.unwrap_or(self.label);
        response.widget_info(|| match self.checked {
            Some(on) if self.is_toggle => WidgetInfo::selected(Role::MenuItemCheckBox, response.enabled(), on, name),
            Some(on) => WidgetInfo::selected(Role::MenuItemRadio, response.enabled(), on, name),
            None => WidgetInfo::labeled(Role::MenuItem, response.enabled(), name),
        });
        if response.clicked() && !self.keeps_open {
            ui.close();
        }
        response
    }
}

/// Adds a tooltip in the style of the program: a text and an optional shortcut. It is also shown for disabled controls.
#[expect(clippy::must_use_candidate, reason = "the response is handed on for chaining")]
pub fn tooltip(response: Response, words: &str, shortcut: Option<&str>) -> Response {
    let show = |tooltip: Tooltip<'_>| {
        let t = theme::tokens_of(&response.ctx);
        let mut tooltip = tooltip;
        tooltip.popup = tooltip.popup.frame(
            Frame::new()
                .fill(t.tooltip)
                .corner_radius(CornerRadius::same(measure::RADIUS))
                .inner_margin(Margin::symmetric(12, 7)),
        );
        tooltip.show(|ui| {
            ui.set_max_width(ui.spacing().tooltip_width);
            ui.spacing_mut().item_spacing.x = 24.0;
            ui.spacing_mut().interact_size.y = 18.0;
            ui.horizontal(|ui| {
                let words = egui::RichText::new(words).font(theme::ui_font(measure::TEXT_LABEL)).color(t.tooltip_text);
                ui.add(egui::Label::new(words));
                if let Some(shortcut) = shortcut {
                    let font = theme::ui_font(measure::TEXT_SMALL);
                    ui.add(egui::Label::new(egui::RichText::new(shortcut).font(font).color(t.tooltip_muted)));
                }
            });
        });
    };
    if response.enabled() {
        show(Tooltip::for_enabled(&response));
    } else {
        show(Tooltip::for_disabled(&response));
    }
    response
}
