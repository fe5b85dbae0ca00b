//! Tab bars and panes: the sessions in tabs, in one or more panes side by side.

pub mod closed;
pub mod closing;
mod fit;
mod layout;

pub use fit::{Seat, seats};
pub use layout::{laid_out, layout};

use crate::gui::action::{Action, StartAction, TabAction};
use crate::gui::context::Panels;
use crate::gui::keys::Command;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{
    self, Field, IconButton, MenuItem, list_height, menu_hairline, menu_rows, paint, popup_frame,
};
use crate::gui::{icons, sentences};
use crate::model::SessionId;
use crate::settings::SessionSetup;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{
    Color32, Id, Key, Popup, PopupCloseBehavior, Rect, Response, Sense, Stroke, Ui, Visuals, WidgetInfo, WidgetText,
    pos2, vec2,
};
use egui_tiles::{Behavior, Container, SimplificationOptions, TabState, Tile, TileId, Tiles, Tree, UiResponse};
use std::collections::BTreeMap;

/// What a tile shows.
pub type Pane = SessionId;

/// Minimum and maximum width of a tab.
const TAB: std::ops::RangeInclusive<f32> = 84.0..=220.0;

/// Builds a tree of panes side by side: the tabs of each, and its active tab.
pub fn tree(groups: &[(Vec<SessionId>, SessionId)]) -> Tree<Pane> {
    let id = Id::unique("sessions");
    let mut tiles = Tiles::default();
    let mut bars = Vec::new();
    for (ids, front) in groups {
        let children: Vec<TileId> = ids.iter().map(|id| tiles.insert_pane(*id)).collect();
        let active = ids.iter().position(|id| id == front).and_then(|at| children.get(at)).copied();
        let mut tabs = egui_tiles::Tabs::new(children);
        if let Some(active) = active {
            tabs.set_active(active);
        }
        bars.push(tiles.insert_container(tabs));
    }
    match bars[..] {
        [] => Tree::empty(id),
        [only] => Tree::new(id, only, tiles),
        _ => {
            let root = tiles.insert_horizontal_tile(bars);
            Tree::new(id, root, tiles)
        }
    }
}

/// The sessions in tab order.
pub fn order(tree: &Tree<Pane>) -> Vec<SessionId> {
    fn walk(tree: &Tree<Pane>, tile: TileId, out: &mut Vec<SessionId>) {
        match tree.tiles.get(tile) {
            Some(Tile::Pane(id)) => out.push(*id),
            Some(Tile::Container(container)) => {
                for child in container.children_vec() {
                    walk(tree, child, out);
                }
            }
            None => {}
        }
    }
    let mut out = Vec::new();
    if let Some(root) = tree.root() {
        walk(tree, root, &mut out);
    }
    out
}

/// The sessions of the active tabs.
pub fn in_front(tree: &Tree<Pane>) -> Vec<SessionId> {
    tree.active_tiles().into_iter().filter_map(|tile| tree.tiles.get_pane(&tile).copied()).collect()
}

/// More than one pane is visible.
pub fn is_split(tree: &Tree<Pane>) -> bool {
    in_front(tree).len() > 1
}

/// Adds a tab to the right of `beside` and activates it.
pub fn insert(tree: &mut Tree<Pane>, id: SessionId, beside: SessionId) {
    let tile = tree.tiles.insert_pane(id);
    let at = tree.tiles.find_pane(&beside);
    let bar = at.and_then(|at| tree.tiles.parent_of(at)).or(tree.root());
    if let Some(bar) = bar
        && let Some(Tile::Container(Container::Tabs(tabs))) = tree.tiles.get_mut(bar)
    {
        let index =
            at.and_then(|at| tabs.children.iter().position(|c| *c == at)).map_or(tabs.children.len(), |i| i + 1);
        tabs.children.insert(index, tile);
        tabs.set_active(tile);
    }
}

/// Activates the tab of this session.
pub fn activate(tree: &mut Tree<Pane>, id: SessionId) {
    tree.make_active(|_, tile| matches!(tile, Tile::Pane(at) if *at == id));
}

/// Removes the tab of a session. Returns the neighbour that should get the focus.
pub fn remove(tree: &mut Tree<Pane>, id: SessionId) -> Option<SessionId> {
    let tile = tree.tiles.find_pane(&id)?;
    let bar = tree.tiles.parent_of(tile);
    let neighbour = bar.and_then(|bar| match tree.tiles.get(bar) {
        Some(Tile::Container(Container::Tabs(tabs))) => {
            let at = tabs.children.iter().position(|child| *child == tile)?;
            tabs.children.get(at + 1).or_else(|| at.checked_sub(1).and_then(|i| tabs.children.get(i))).copied()
        }
        _ => None,
    });
    tree.remove_recursively(tile);
    let next = neighbour.and_then(|tile| tree.tiles.get_pane(&tile).copied()).or_else(|| order(tree).first().copied());
    if let Some(next) = next {
        activate(tree, next);
    }
    next
}

/// The active session of the tab bar that contains this session.
pub fn front_of_bar_with(tree: &Tree<Pane>, id: SessionId) -> Option<SessionId> {
    let bar = tree.tiles.parent_of(tree.tiles.find_pane(&id)?)?;
    match tree.tiles.get(bar)? {
        Tile::Container(Container::Tabs(tabs)) => tree.tiles.get_pane(&tabs.active?).copied(),
        _ => None,
    }
}

/// The titles and panes for `egui_tiles`.
pub struct Bars<'a> {
    pub panels: Panels<'a>,
    pub sessions: &'a mut BTreeMap<SessionId, Session>,
    pub focused: SessionId,
    /// The bar at the top right, which contains the icons of the window.
    pub right_bar: Option<TileId>,
    pub split: bool,
    /// The seat of each session.
    pub seats: BTreeMap<SessionId, Seat>,
    /// Areas of the active tabs in this frame, for the gap in the line below a bar.
    pub front_tabs: BTreeMap<SessionId, Rect>,
}

/// The bar at the top right corner.
pub fn corner_bar(tree: &Tree<Pane>) -> Option<TileId> {
    fn corner(tree: &Tree<Pane>, tile: TileId) -> Option<TileId> {
        match tree.tiles.get(tile)? {
            Tile::Pane(_) => None,
            Tile::Container(Container::Tabs(_)) => Some(tile),
            Tile::Container(container) => {
                let children = container.children_vec();
                let vertical = container.kind() == egui_tiles::ContainerKind::Vertical;
                let child = if vertical { children.first() } else { children.last() };
                corner(tree, *child?)
            }
        }
    }
    corner(tree, tree.root()?)
}

impl Bars<'_> {
    fn title(&self, id: SessionId) -> String {
        let Some(session) = self.sessions.get(&id) else { return String::new() };
        if let Some(archive) = &session.archive {
            return archive.endpoint.clone();
        }
        let is_first = session.is_blank() && self.sessions.len() == 1 && session.failures.of_run().is_none();
        if (is_first || session.fresh) && session.setup.name.is_empty() {
            return self.panels.text(Text::FreshSession).to_owned();
        }
        sentences::tab_title(&session.setup, &session.state, self.split, self.panels.lang)
    }

    fn paint_tab(&self, ui: &Ui, rect: Rect, id: SessionId, state: &TabState, hovered: bool, room_right: f32) {
        let t = theme::tokens(ui);
        let painter = ui.painter();
        if state.active {
            // Also covers the bottom line of the bar, so that the tab and its pane look connected.
            painter.rect_filled(rect, 0.0, t.canvas);
            paint::hairline_v(painter, rect.right() - 1.0, rect.y_range().min..=rect.y_range().max, t.line);
            if id == self.focused {
                let edge = Rect::from_min_size(rect.min, vec2(rect.width(), 2.0));
                painter.rect_filled(edge, 0.0, t.accent);
            }
        } else {
            paint::hairline_v(painter, rect.right() - 1.0, rect.top() + 11.0..=rect.bottom() - 11.0, t.line);
        }
        let y = rect.center().y;
        if let Some(session) = self.sessions.get(&id) {
            session.lamp().paint(painter, pos2(rect.left() + 17.0, y), t);
        }
        let (font, colour) = if state.active {
            (theme::medium(measure::TEXT_LABEL), t.text)
        } else {
            (theme::ui_font(measure::TEXT_LABEL), if hovered { t.text } else { t.muted })
        };
        let left = rect.left() + 30.0;
        paint::text_elided(painter, pos2(left, y), &self.title(id), font, colour, rect.right() - room_right - left);
    }
}

/// The title does not fit into the tab.
fn title_is_cut(tab: Rect, words: f32) -> bool {
    words + 74.0 > tab.width()
}

impl Bars<'_> {
    /// Draws the button for the list of all tabs.
    fn list(&mut self, ui: &mut Ui, ids: &[SessionId], front: Option<SessionId>) {
        let button = ui.add(IconButton::new(icons::CARET_DOWN, self.panels.text(Text::AllSessions)));
        let popup = Popup::menu(&button).frame(popup_frame(theme::tokens(ui))).gap(2.0).width(240.0);
        popup.show(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let height = list_height(ui, ui.spacing().combo_height);
            egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
                for id in ids {
                    let title = self.title(*id);
                    if ui.add(MenuItem::new(&title).checked(front == Some(*id))).clicked() {
                        self.panels.actions.push(Action::Tab(TabAction::Focus(*id)));
                    }
                }
            });
        });
    }

    /// The name of a session, first in its menu; empty, the title is made from protocol and address.
    fn name_field(&mut self, ui: &mut Ui, id: SessionId) {
        let lang = self.panels.lang;
        let Some(session) = self.sessions.get_mut(&id).filter(|session| session.archive.is_none()) else { return };
        let automatic = SessionSetup { name: String::new(), ..session.setup.clone() };
        let hint = sentences::tab_title(&automatic, &session.state, false, lang);
        let width = ui.available_width() - 8.0;
        ui.add_space(4.0);
        let field = ui.horizontal(|ui| {
            ui.add_space(4.0);
            Field::new(&mut session.setup.name, Text::SessionName.of(lang)).hint(&hint).width(width).show(ui)
        });
        ui.add_space(4.0);
        if field.inner.changed() {
            let kept: String =
                session.setup.name.chars().filter(|c| !c.is_control()).take(SessionSetup::MAX_NAME_CHARS).collect();
            session.setup.name = kept;
            self.panels.actions.push(Action::Start(StartAction::Renamed(id)));
        }
        if field.inner.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            ui.close();
        }
    }

    fn tab_menu(&mut self, ui: &mut Ui, id: SessionId, count: usize) {
        self.name_field(ui, id);
        let before = self.panels.actions.len();
        self.tab_menu_rows(ui, id, count);
        if self.panels.actions.len() > before {
            ui.close();
        }
    }

    fn tab_menu_rows(&mut self, ui: &mut Ui, id: SessionId, count: usize) {
        let lang = self.panels.lang;
        let is_archive = self.sessions.get(&id).is_none_or(|session| session.archive.is_some());
        if ui.add_enabled(!is_archive, MenuItem::new(Text::DuplicateSession.of(lang))).clicked() {
            self.panels.actions.push(Action::Tab(TabAction::Duplicate(id)));
        }
        let reopen = MenuItem::new(Text::ReopenSession.of(lang)).shortcut(self.panels.key(Command::ReopenTab));
        if ui.add(reopen).clicked() {
            self.panels.actions.push(Action::Tab(TabAction::Reopen(None)));
        }
        menu_hairline(ui);
        if ui.add(MenuItem::new(Text::CloseThisSession.of(lang)).shortcut(self.panels.key(Command::CloseTab))).clicked()
        {
            self.panels.actions.push(Action::Tab(TabAction::Close(id)));
        }
        let others = MenuItem::new(Text::CloseOtherSessions.of(lang));
        if ui.add_enabled(count > 1, others).clicked() {
            self.panels.actions.push(Action::Tab(TabAction::CloseOthers(id)));
        }
    }
}

impl Behavior<Pane> for Bars<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, id: &mut Pane) -> UiResponse {
        let focused = *id == self.focused;
        if ui.ui_contains_pointer() && ui.input(|i| i.pointer.any_pressed()) && !focused {
            self.panels.actions.push(Action::Tab(TabAction::Focus(*id)));
        }
        if let Some(session) = self.sessions.get_mut(id) {
            crate::gui::frame::pane::show(ui, &mut self.panels, session, focused, self.split);
        }
        let (t, rect) = (theme::tokens(ui), ui.max_rect());
        let (from, to) = self.front_tabs.get(id).map_or((rect.left(), rect.left()), |tab| (tab.left(), tab.right()));
        paint::hairline_h(ui.painter(), rect.left()..=from, rect.top(), t.line);
        paint::hairline_h(ui.painter(), to.max(rect.left())..=rect.right(), rect.top(), t.line);
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, id: &Pane) -> WidgetText {
        self.title(*id).into()
    }

    fn tab_ui(&mut self, tiles: &mut Tiles<Pane>, ui: &mut Ui, id: Id, tile: TileId, state: &TabState) -> Response {
        let Some(session) = tiles.get_pane(&tile).copied() else {
            return ui.allocate_response(vec2(0.0, 0.0), Sense::hover());
        };
        let title = self.title(session);
        let font = theme::medium(measure::TEXT_LABEL);
        let words = paint::line(ui.painter(), title.as_str(), font, Color32::PLACEHOLDER).size().x;
        // A tab that was just dragged here has its seat in the next frame.
        let seat = self.seats.get(&session).copied();
        let count = seat.map_or(1, Seat::count);
        let share = seat.map_or(Some(*TAB.start()), |seat| fit::share(ui.ctx(), ui.clip_rect().width(), seat));
        let Some(share) = share else {
            return ui.allocate_response(vec2(0.0, ui.available_height()), Sense::hover());
        };
        let width = (words + 74.0).clamp(*TAB.start(), *TAB.end()).min(share.max(*TAB.start())).floor();
        let (_, rect) = ui.allocate_space(vec2(width, ui.available_height()));
        let response = ui.interact(rect, id, Sense::click_and_drag());
        let close_rect = Rect::from_center_size(pos2(rect.right() - 16.0, rect.center().y), vec2(20.0, 20.0));
        let hovered = response.contains_pointer() || ui.rect_contains_pointer(close_rect);
        let by_key = ui.memory(|memory| memory.has_focus(id) || memory.has_focus(id.with("close")));
        let closable = state.active || hovered || by_key;
        let visible = ui.is_rect_visible(rect) && !state.is_being_dragged;
        if state.active {
            self.front_tabs.insert(session, rect.intersect(ui.clip_rect()));
        }
        if visible {
            self.paint_tab(ui, rect, session, state, hovered, if closable { 30.0 } else { 12.0 });
        }
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, state.active, title.as_str()));
        if response.has_focus() {
            paint::focus_ring_inside(ui.painter(), rect.shrink(3.0), measure::RADIUS_CHECK, theme::tokens(ui));
        }
        if visible && closable {
            let name = Text::CloseSession.of(self.panels.lang);
            let close =
                IconButton::new(icons::X, name).small(measure::ICON_SMALL).shortcut(self.panels.key(Command::CloseTab));
            if close.at(ui, close_rect, id.with("close")).clicked() {
                self.panels.actions.push(Action::Tab(TabAction::Close(session)));
            }
        }
        if response.middle_clicked() {
            self.panels.actions.push(Action::Tab(TabAction::Close(session)));
        }
        if response.clicked() || response.drag_started() {
            self.panels.actions.push(Action::Tab(TabAction::Focus(session)));
        }
        if title_is_cut(rect, words) {
            widgets::tooltip(response.clone(), &title, None);
        }
        let menu =
            widgets::context_menu(&response, rect.left_bottom()).frame(popup_frame(theme::tokens(ui))).width(208.0);
        // A click into the field of the name must not close it.
        let menu = menu.close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        menu.show(|ui| menu_rows(ui, |ui| self.tab_menu(ui, session, count)));
        response
    }

    fn drag_ui(&mut self, tiles: &Tiles<Pane>, ui: &mut Ui, tile: TileId) {
        let Some(id) = tiles.get_pane(&tile).copied() else { return };
        let t = theme::tokens(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(160.0, 36.0), Sense::hover());
        paint::plate(ui.painter(), rect, measure::RADIUS, t.popup, t.line);
        if let Some(session) = self.sessions.get(&id) {
            session.lamp().paint(ui.painter(), pos2(rect.left() + 17.0, rect.center().y), t);
        }
        let at = pos2(rect.left() + 30.0, rect.center().y);
        paint::text_elided(ui.painter(), at, &self.title(id), theme::ui_font(measure::TEXT_LABEL), t.text, 120.0);
    }

    fn tab_bar_trailing_ui(&mut self, tiles: &Tiles<Pane>, ui: &mut Ui, _bar: TileId, tabs: &egui_tiles::Tabs) {
        ui.add_space(4.0);
        let name = Text::NewSession.of(self.panels.lang);
        let front = tabs.active.and_then(|tile| tiles.get_pane(&tile)).copied();
        if fit::is_short(ui.clip_rect().width(), tabs.children.len()) {
            let ids: Vec<SessionId> = tabs.children.iter().filter_map(|tile| tiles.get_pane(tile)).copied().collect();
            self.list(ui, &ids, front);
        }
        if ui.add(IconButton::new(icons::PLUS, name).shortcut(self.panels.key(Command::NewTab))).clicked() {
            // The new tab goes to this bar, independent of the focus.
            if let Some(front) = front {
                self.panels.actions.push(Action::Tab(TabAction::Focus(front)));
            }
            self.panels.actions.push(Action::Tab(TabAction::New));
        }
    }

    fn top_bar_right_ui(
        &mut self,
        _tiles: &Tiles<Pane>,
        ui: &mut Ui,
        bar: TileId,
        _tabs: &egui_tiles::Tabs,
        _scroll_offset: &mut f32,
    ) {
        if self.right_bar == Some(bar) {
            crate::gui::frame::corner::show(ui, &mut self.panels, self.split);
        }
    }

    fn tab_bar_height(&self, _style: &egui::Style) -> f32 {
        measure::TAB_BAR
    }

    fn tab_bar_color(&self, _visuals: &Visuals) -> Color32 {
        // The window's background shows through.
        Color32::TRANSPARENT
    }

    fn resize_stroke(&self, style: &egui::Style, state: egui_tiles::ResizeState) -> Stroke {
        let t = if style.visuals.dark_mode { &theme::DARK } else { &theme::LIGHT };
        match state {
            egui_tiles::ResizeState::Idle => Stroke::new(1.0, t.line),
            _ => Stroke::new(2.0, t.accent),
        }
    }

    fn drag_preview_color(&self, visuals: &Visuals) -> Color32 {
        visuals.selection.bg_fill.gamma_multiply(0.5)
    }

    fn min_size(&self) -> f32 {
        240.0
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: &[u64]) -> Vec<SessionId> {
        numbers.iter().copied().map(SessionId).collect()
    }

    #[test]
    fn closing_a_tab_activates_its_neighbour() {
        let mut tree = tree(&[(ids(&[1, 2, 3]), SessionId(2))]);
        assert_eq!(in_front(&tree), ids(&[2]));
        assert_eq!(remove(&mut tree, SessionId(2)), Some(SessionId(3)));
        assert_eq!(remove(&mut tree, SessionId(3)), Some(SessionId(1)));
        assert_eq!(remove(&mut tree, SessionId(1)), None);
    }

    #[test]
    fn a_new_tab_is_inserted_beside_the_focused_one() {
        let mut tree = tree(&[(ids(&[1, 2]), SessionId(1)), (ids(&[3]), SessionId(3))]);
        insert(&mut tree, SessionId(9), SessionId(1));
        assert_eq!(order(&tree), ids(&[1, 9, 2, 3]));
        assert_eq!(in_front(&tree), ids(&[9, 3]));
        assert!(is_split(&tree));
    }

    #[test]
    fn the_corner_belongs_to_the_rightmost_bar() {
        let tree = tree(&[(ids(&[1]), SessionId(1)), (ids(&[2]), SessionId(2))]);
        let right = corner_bar(&tree).and_then(|bar| match tree.tiles.get(bar)? {
            Tile::Container(Container::Tabs(tabs)) => tree.tiles.get_pane(&tabs.active?).copied(),
            _ => None,
        });
        assert_eq!(right, Some(SessionId(2)));
    }
}
