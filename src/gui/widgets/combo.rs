//! Controls with a drop-down list: a combo box, and a text field with suggestions.

use crate::gui::theme::measure;
use crate::gui::widgets::field::Field;
use crate::gui::widgets::menu::{MenuItem, list_height, popup_frame};
use crate::gui::widgets::paint;
use crate::gui::{icons, theme};
use egui::accesskit::Role;
use egui::{
    Align, Id, Key, Layout, Popup, PopupCloseBehavior, Rect, Response, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2,
};

/// A button that shows the selected item and opens the list. Its accessible name is that of the setting (字符编码), its value
/// the label of the selected item. The accessible name of each item is its label.
#[must_use = "call show"]
pub struct Combo<'a> {
    name: &'a str,
    width: f32,
    height: f32,
    id: Option<Id>,
    filter: Option<(&'a mut String, &'a str)>,
    pins_last: bool,
}

impl<'a> Combo<'a> {
    /// A combo box of 167 points.
    pub fn new(name: &'a str) -> Self {
        Self { name, width: 167.0, height: measure::CONTROL, id: None, filter: None, pins_last: false }
    }

    /// Sets the width.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Sets the height.
    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// Sets the id. Required if the name is not unique.
    pub fn id(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }

    /// Keeps the last row visible below a list that scrolls. Use it for a row that opens something instead of being an item.
    pub fn pins_last(mut self) -> Self {
        self.pins_last = true;
        self
    }

    /// Adds a filter field for long lists: only rows that contain the letters and digits typed there are shown. `name`: its
    /// accessible name.
    pub fn filter(mut self, filter: &'a mut String, name: &'a str) -> Self {
        self.filter = Some((filter, name));
        self
    }

    /// Draws the combo box; `changed()` of the response is true if the user selected another item.
    pub fn show<T: Clone + PartialEq>(self, ui: &mut Ui, value: &mut T, items: &[(T, &str)]) -> Response {
        let at = items.iter().position(|(item, _)| item == value);
        let words = at.map_or("", |index| items[index].1);
        let (mut response, chosen) = self.show_words(ui, words, at, items.len(), |index| items[index].1);
        if let Some((item, _)) = chosen.and_then(|index| items.get(index))
            && item != value
        {
            *value = item.clone();
            response.mark_changed();
        }
        response
    }

    /// Like [`Self::show`] for items that are not values: takes the label of the button, the checked row and the labels of the
    /// rows. Also returns the row that was selected in this frame.
    pub fn show_words<'w>(
        mut self,
        ui: &mut Ui,
        words: &str,
        checked: Option<usize>,
        count: usize,
        row: impl Fn(usize) -> &'w str,
    ) -> (Response, Option<usize>) {
        let (rect, response) = ui.allocate_exact_size(vec2(self.width, self.height), Sense::click());
        let response = match self.id {
            Some(id) => ui.interact(rect, id, Sense::click()),
            None => response,
        };
        self.paint(ui, rect, words, &response);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ComboBox, response.enabled(), self.name);
            info.current_text_value = Some(words.to_owned());
            info
        });
        let mut chosen = step_by_keys(ui, &response, checked, count);
        let popup = Popup::menu(&response).frame(popup_frame(theme::tokens(ui))).gap(2.0).width(self.width);
        let list = popup.close_behavior(PopupCloseBehavior::CloseOnClickOutside).accessible_name(self.name);
        let filter = self.filter.take();
        let shown = list.show(|ui| {
            let Some((filter, name)) = filter else {
                let pinned = usize::from(self.pins_last).min(count);
                let chosen = choices(ui, self.width - 8.0, checked, 0..count - pinned, &row);
                if pinned > 0 {
                    ui.separator();
                }
                let rows = count - pinned..count;
                return rows.fold(chosen, |chosen, index| chosen.or(choice(ui, checked, index, &row)));
            };
            ui.spacing_mut().item_spacing.y = 0.0;
            // The list is as wide as its widest row so far.
            let width = ui.available_width().max(self.width - 8.0);
            Field::new(filter, name).icon(icons::MAGNIFYING_GLASS).hint(name).width(width).show(ui);
            ui.add_space(4.0);
            let wanted = folded(filter);
            let rows = (0..count).filter(|index| folded(row(*index)).contains(&wanted));
            choices(ui, self.width - 8.0, checked, rows, &row)
        });
        chosen = shown.and_then(|list| list.inner).or(chosen);
        (response, chosen)
    }

    fn paint(&self, ui: &Ui, rect: Rect, words: &str, response: &Response) {
        let t = theme::tokens(ui);
        let painter = ui.painter();
        let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(response));
        let (fill, edge, colour) = match (response.enabled(), response.hovered(), response.is_pointer_button_down_on())
        {
            (false, ..) => (t.chrome, t.soft, t.muted),
            (true, _, true) => (t.toggle_on, t.line_hover, t.text),
            (true, true, false) => (t.hover, t.line_hover, t.text),
            (true, false, false) => (t.canvas, t.line, t.text),
        };
        paint::plate(painter, rect, measure::RADIUS, fill, edge);
        if open || response.has_focus() {
            paint::focus_edge(painter, rect, measure::RADIUS, t.accent);
        }
        let at = pos2(rect.left() + 10.0, rect.center().y);
        paint::text_elided(painter, at, words, theme::ui_font(measure::TEXT), colour, rect.width() - 38.0);
        let caret = if response.enabled() { t.muted } else { t.faint };
        paint::caret(painter, pos2(rect.right() - 15.0, rect.center().y), caret);
    }
}

/// Keeps only letters and digits, in lower case, so that `crc32` matches `CRC-32/…`.
fn folded(words: &str) -> String {
    words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Up and Down change the selection while the combo box is closed and focused, as in native combo boxes.
fn step_by_keys(ui: &Ui, response: &Response, checked: Option<usize>, count: usize) -> Option<usize> {
    if !response.has_focus() || Popup::is_id_open(ui.ctx(), Popup::default_response_id(response)) || count == 0 {
        return None;
    }
    let arrows = egui::EventFilter { vertical_arrows: true, ..Default::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
    let (up, down) = ui.input_mut(|i| {
        (i.consume_key(egui::Modifiers::NONE, Key::ArrowUp), i.consume_key(egui::Modifiers::NONE, Key::ArrowDown))
    });
    if up || down {
        // egui would also move the focus with the key if the combo box received the focus only one frame ago.
        ui.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
    }
    match (up, down, checked) {
        (true, false, Some(index)) => Some(index.saturating_sub(1)),
        (false, true, Some(index)) => Some((index + 1).min(count - 1)),
        (true, false, None) | (false, true, None) => Some(0),
        _ => None,
    }
}

/// Draws the rows of an open list. Returns the row that was clicked.
fn choices<'w>(
    ui: &mut Ui,
    width: f32,
    checked: Option<usize>,
    rows: impl Iterator<Item = usize>,
    row: &dyn Fn(usize) -> &'w str,
) -> Option<usize> {
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    ui.set_min_width(width);
    let mut chosen = None;
    ScrollArea::vertical().max_height(list_height(ui, ui.spacing().combo_height)).show(ui, |ui| {
        ui.with_layout(Layout::top_down_justified(Align::Min), |ui| {
            for index in rows {
                chosen = choice(ui, checked, index, row).or(chosen);
            }
        });
    });
    chosen
}

/// Draws one row of an open list. Returns its index if it was clicked.
fn choice<'w>(ui: &mut Ui, checked: Option<usize>, index: usize, row: &dyn Fn(usize) -> &'w str) -> Option<usize> {
    let item = ui.add(MenuItem::new(row(index)).checked(checked == Some(index)));
    item.clicked().then_some(index)
}

/// Width of the button that opens the list of a text field.
pub const LIST_BUTTON: f32 = 28.0;

/// Draws the button at the right end of `field` that opens its list. The caller names it and shows the list.
#[must_use]
pub fn list_button(ui: &Ui, field: Rect, id: egui::Id) -> Response {
    let t = theme::tokens(ui);
    let rect = Rect::from_min_max(pos2(field.right() - LIST_BUTTON, field.top()), field.max);
    let button = ui.interact(rect, id, Sense::click());
    let colour = match (button.enabled(), button.hovered()) {
        (false, _) => t.faint,
        (true, true) => t.text,
        (true, false) => t.muted,
    };
    let caret = pos2(field.right() - 15.0, field.center().y);
    paint::icon(ui.painter(), caret, icons::CARET_DOWN, measure::ICON_SMALL, colour);
    if button.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect.shrink(3.0), measure::RADIUS_CHECK, t);
    }
    button
}

/// A text field with a drop-down list of suggestions: addresses of this computer, recent devices.
#[must_use = "call show"]
pub struct EditableCombo<'a> {
    text: &'a mut String,
    name: &'a str,
    list_name: &'a str,
    proposals: &'a [String],
    width: f32,
    error: Option<&'a str>,
    hint: &'a str,
}

impl<'a> EditableCombo<'a> {
    /// `name`: accessible name of the field; `list_name`: accessible name of the button that opens the list.
    pub fn new(text: &'a mut String, name: &'a str, list_name: &'a str, proposals: &'a [String]) -> Self {
        Self { text, name, list_name, proposals, width: 167.0, error: None, hint: "" }
    }

    /// Sets a width other than 167.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// See [`Field::error`].
    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error;
        self
    }

    /// Sets the placeholder.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// Draws the field. Returns the response of the text field; `changed()` is also true after a selection from the list.
    pub fn show(self, ui: &mut Ui) -> Response {
        let t = theme::tokens(ui);
        let below = Field::error_height(ui, self.error, self.width);
        let (whole, _) = ui.allocate_exact_size(vec2(self.width, measure::CONTROL + below), Sense::hover());
        let rect = Rect::from_min_size(whole.min, vec2(self.width, measure::CONTROL));
        let mut field = Field::new(&mut *self.text, self.name)
            .hint(self.hint)
            .error(self.error)
            .room_right(LIST_BUTTON)
            .show_at(ui, whole);
        let button = list_button(ui, rect, field.id.with("list"));
        button.widget_info(|| WidgetInfo::labeled(Role::Button, button.enabled(), self.list_name));
        let checked = self.proposals.iter().position(|p| p == self.text);
        let popup = Popup::menu(&button)
            .anchor(rect)
            .frame(popup_frame(t))
            .gap(2.0)
            .width(self.width)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let chosen = popup
            .show(|ui| choices(ui, self.width - 8.0, checked, 0..self.proposals.len(), &|i| self.proposals[i].as_str()))
            .and_then(|r| r.inner);
        if let Some(proposal) = chosen.and_then(|index| self.proposals.get(index)) {
            self.text.clone_from(proposal);
            field.mark_changed();
        }
        field
    }
}
