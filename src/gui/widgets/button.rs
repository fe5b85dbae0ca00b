//! Buttons: filled, outlined, ghost, and icon-only.

use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::{menu, paint};
use egui::accesskit::Role;
use egui::{Color32, FontId, Rect, Response, Sense, Ui, Vec2, Widget, WidgetInfo, pos2, vec2};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Primary,
    Danger,
    Plain,
    Ghost,
    Link,
}

/// Width of the caret behind a label with its gap.
const CARET: f32 = 18.0;

/// A button with a label and an optional icon.
#[must_use = "add it to a Ui"]
pub struct Button<'a> {
    kind: Kind,
    label: &'a str,
    name: Option<&'a str>,
    icon: Option<char>,
    icon_filled: bool,
    caret: bool,
    size: Vec2,
    on: Option<bool>,
    hint: Option<&'a str>,
    shortcut: Option<&'a str>,
    accent: bool,
    muted: bool,
}

impl<'a> Button<'a> {
    fn new(kind: Kind, label: &'a str) -> Self {
        Self {
            kind,
            label,
            name: None,
            icon: None,
            icon_filled: false,
            caret: false,
            size: vec2(0.0, measure::CONTROL),
            on: None,
            hint: None,
            shortcut: None,
            accent: false,
            muted: false,
        }
    }

    /// Filled with the accent colour: the primary action of its area.
    pub fn primary(label: &'a str) -> Self {
        Self::new(Kind::Primary, label)
    }

    /// Outlined in red: a destructive action.
    pub fn danger(label: &'a str) -> Self {
        Self::new(Kind::Danger, label)
    }

    /// Outlined.
    pub fn plain(label: &'a str) -> Self {
        Self::new(Kind::Plain, label)
    }

    /// Without a border, with a muted label.
    pub fn ghost(label: &'a str) -> Self {
        Self::new(Kind::Ghost, label)
    }

    /// A label in the accent colour, without padding.
    pub fn link(label: &'a str) -> Self {
        Self::new(Kind::Link, label)
    }

    /// Sets the accessible name if it differs from the visible label.
    pub fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Adds an icon before the label.
    pub fn icon(mut self, icon: char) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Adds a caret behind the label, for a button that opens something below it.
    pub fn caret(mut self) -> Self {
        self.caret = true;
        self
    }

    /// Adds a filled icon before the label.
    pub fn icon_filled(mut self, icon: char) -> Self {
        self.icon = Some(icon);
        self.icon_filled = true;
        self
    }

    /// Sets the minimum size; the width also grows with the label.
    pub fn size(mut self, width: f32, height: f32) -> Self {
        self.size = vec2(width, height);
        self
    }

    /// Makes it a toggle; `on` is its state (ghost: neutral background, accent icon, label in the text colour).
    pub fn on(mut self, on: bool) -> Self {
        self.on = Some(on);
        self
    }

    /// Adds a tooltip.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Adds the shortcut to the tooltip. The shortcut itself is handled elsewhere.
    pub fn shortcut(mut self, shortcut: &'a str) -> Self {
        self.shortcut = Some(shortcut).filter(|shortcut| !shortcut.is_empty());
        self
    }

    /// Draws label and icon of an outlined button in the accent colour (发送 of a pane that is not active).
    pub fn accent(mut self) -> Self {
        self.accent = true;
        self
    }

    /// Words of a link in the muted colour: not the main thing of its place.
    pub fn muted(mut self) -> Self {
        self.muted = true;
        self
    }

    fn font(&self) -> FontId {
        match self.kind {
            Kind::Primary | Kind::Danger => theme::medium(measure::TEXT),
            Kind::Plain if self.size.y > measure::CONTROL + 8.0 => theme::medium(measure::TEXT),
            Kind::Plain | Kind::Link => theme::ui_font(measure::TEXT_LABEL),
            Kind::Ghost => theme::ui_font(measure::TEXT_LABEL),
        }
    }
}

struct Look {
    fill: Color32,
    edge: Color32,
    words: Color32,
    icon: Color32,
}

fn look(kind: Kind, on: bool, enabled: bool, hovered: bool, pressed: bool, t: &Tokens) -> Look {
    let none = Color32::TRANSPARENT;
    let one = |fill, edge, words| Look { fill, edge, words, icon: words };
    match kind {
        Kind::Primary if !enabled => one(t.fill_disabled, t.fill_disabled, t.faint),
        Kind::Primary => {
            let fill = if pressed {
                t.fill_pressed
            } else if hovered {
                t.fill_hover
            } else {
                t.fill
            };
            one(fill, fill, t.on_fill)
        }
        Kind::Danger | Kind::Plain if !enabled => one(t.chrome, t.soft, t.faint),
        Kind::Danger if hovered || pressed => one(t.error_ground, t.error, t.error),
        Kind::Danger => one(t.canvas, t.error_line, t.error),
        Kind::Plain if pressed => one(t.toggle_on, t.line_hover, t.text),
        Kind::Plain if hovered => one(t.hover, t.line_hover, t.text),
        Kind::Plain => one(t.canvas, t.line, t.text),
        Kind::Ghost if !enabled => one(none, none, t.faint),
        Kind::Ghost => {
            let fill = if on || pressed {
                t.toggle_on
            } else if hovered {
                t.hover
            } else {
                none
            };
            let words = if on || hovered { t.text } else { t.muted };
            Look { fill, edge: none, words, icon: if on { t.accent } else { words } }
        }
        Kind::Link => one(none, none, if enabled { t.accent } else { t.faint }),
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let t = theme::tokens(ui);
        let font = self.font();
        let size = font.size;
        let galley = paint::line(ui.painter(), self.label, font, Color32::PLACEHOLDER);
        let icon_size = if self.icon_filled { 18.0 } else { measure::ICON };
        let gap = if self.icon_filled { 7.0 } else { 6.0 };
        let with_icon = self.icon.map_or(0.0, |_| icon_size + gap);
        let padding = match self.kind {
            Kind::Primary | Kind::Danger | Kind::Plain => 14.0,
            Kind::Ghost => 8.0,
            Kind::Link => 0.0,
        };
        let with_caret = if self.caret { CARET } else { 0.0 };
        let content = galley.size().x + with_icon + with_caret;
        let wanted = vec2(self.size.x.max(content + 2.0 * padding), self.size.y);
        let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
        if ui.is_rect_visible(rect) {
            let mut look = look(
                self.kind,
                self.on == Some(true),
                response.enabled(),
                response.hovered(),
                response.is_pointer_button_down_on(),
                t,
            );
            if self.accent && response.enabled() {
                (look.words, look.icon) = (t.accent, t.accent);
            }
            if self.muted && response.enabled() && !response.hovered() {
                (look.words, look.icon) = (t.muted, t.muted);
            }
            let painter = ui.painter();
            paint::plate(painter, rect, measure::RADIUS, look.fill, look.edge);
            let mut x = rect.center().x - content / 2.0;
            if let Some(icon) = self.icon {
                let centre = pos2(x + icon_size / 2.0, rect.center().y);
                if self.icon_filled {
                    paint::icon_fill(painter, centre, icon, icon_size, look.icon);
                } else {
                    paint::icon(painter, centre, icon, icon_size, look.icon);
                }
                x += with_icon;
            }
            let words = paint::put(painter, pos2(x, rect.center().y), paint::At::Left, size, galley, look.words);
            if self.caret {
                let at = pos2(words.right() + CARET - measure::ICON_SMALL / 2.0, rect.center().y);
                paint::caret(painter, at, look.icon);
            }
            if self.kind == Kind::Link && response.hovered() {
                paint::hairline_h(
                    painter,
                    words.left()..=words.right(),
                    rect.center().y + 0.36 * size + 2.0,
                    look.words,
                );
            }
            if response.has_focus() {
                match self.kind {
                    Kind::Primary => paint::focus_ring(painter, rect, measure::RADIUS, t),
                    _ => paint::focus_ring_inside(painter, rect, measure::RADIUS, t),
                }
            }
        }
        finish(response, Role::Button, self.name.unwrap_or(self.label), self.on, self.hint, self.shortcut)
    }
}

/// An icon-only button; its name is both the tooltip and the accessible name.
#[must_use = "add it to a Ui"]
pub struct IconButton<'a> {
    icon: char,
    name: &'a str,
    on: Option<bool>,
    shortcut: Option<&'a str>,
    size: f32,
    icon_size: f32,
    colour: Option<Color32>,
    hint: Option<&'a str>,
}

impl<'a> IconButton<'a> {
    /// A square of 28 points with an icon of 16 points.
    pub fn new(icon: char, name: &'a str) -> Self {
        Self {
            icon,
            name,
            on: None,
            shortcut: None,
            size: measure::CONTROL,
            icon_size: measure::ICON,
            colour: None,
            hint: None,
        }
    }

    /// For rows and tabs: a square of 20 points with an icon of 14 or 12 points.
    pub fn small(mut self, icon_size: f32) -> Self {
        self.size = 20.0;
        self.icon_size = icon_size;
        self
    }

    /// Sets an icon size other than 16.
    pub fn icon_size(mut self, size: f32) -> Self {
        self.icon_size = size;
        self
    }

    /// Makes it a toggle and sets its state.
    pub fn on(mut self, on: bool) -> Self {
        self.on = Some(on);
        self
    }

    /// Adds the shortcut to the tooltip.
    pub fn shortcut(mut self, shortcut: &'a str) -> Self {
        self.shortcut = Some(shortcut).filter(|shortcut| !shortcut.is_empty());
        self
    }

    /// Sets a tooltip that is longer than the name.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Sets a colour other than muted.
    pub fn colour(mut self, colour: Color32) -> Self {
        self.colour = Some(colour);
        self
    }
}

impl Widget for IconButton<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let (rect, response) = ui.allocate_exact_size(Vec2::splat(self.size), Sense::click());
        self.paint(ui, rect, &response);
        finish(response, Role::Button, self.name, self.on, Some(self.hint.unwrap_or(self.name)), self.shortcut)
    }
}

impl IconButton<'_> {
    /// Places the button in a given rectangle (rows, tabs); `id` must be unique.
    #[must_use]
    pub fn at(self, ui: &Ui, rect: Rect, id: egui::Id) -> Response {
        let response = ui.interact(rect, id, Sense::click());
        self.paint(ui, rect, &response);
        finish(response, Role::Button, self.name, self.on, Some(self.hint.unwrap_or(self.name)), self.shortcut)
    }

    fn paint(&self, ui: &Ui, rect: Rect, response: &Response) {
        let t = theme::tokens(ui);
        let painter = ui.painter();
        let mut look = look(
            Kind::Ghost,
            self.on == Some(true),
            response.enabled(),
            response.hovered(),
            response.is_pointer_button_down_on(),
            t,
        );
        if let (Some(colour), true) = (self.colour, response.enabled()) {
            look.icon = colour;
        }
        paint::plate(painter, rect, measure::RADIUS, look.fill, Color32::TRANSPARENT);
        paint::icon(painter, rect.center(), self.icon, self.icon_size, look.icon);
        if response.has_focus() {
            paint::focus_ring_inside(painter, rect, measure::RADIUS, t);
        }
    }
}

/// Sets accessible name, state and tooltip.
fn finish(
    response: Response,
    role: Role,
    name: &str,
    on: Option<bool>,
    hint: Option<&str>,
    shortcut: Option<&str>,
) -> Response {
    response.widget_info(|| match on {
        Some(on) => WidgetInfo::selected(role, response.enabled(), on, name),
        None => WidgetInfo::labeled(role, response.enabled(), name),
    });
    match (hint, shortcut) {
        (None, None) => response,
        (hint, shortcut) => menu::tooltip(response, hint.unwrap_or(name), shortcut),
    }
}
