//! Draws a frame: places the parts of the window, which are drawn by their own modules.

use crate::gui::action::{Action, FileAction};
use crate::gui::app::App;
use crate::gui::context::{Panels, Rules};
use crate::gui::frame::edge::{self, Edge};
use crate::gui::frame::{dock, left as side, rail, status};
use crate::gui::keys::place::{Place, mark};
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use crate::gui::{settings_page, tabs};
use crate::words::Text;
use egui::{CentralPanel, Frame, Key, Modifiers, Panel, Ui, pos2};

/// In a split the left column is hidden in a window narrower than this.
const SPLIT_WITH_SIDE: f32 = 1100.0;

/// Width of the left column in a window of `room` points: as dragged, or by the width of the window.
fn side_width(dragged: Option<f32>, room: f32) -> f32 {
    let usual = if room < measure::SIDE_NARROW_BELOW { measure::SIDE_NARROW } else { measure::SIDE };
    dragged.map_or(usual, |width| width.clamp(measure::SIDE_NARROW, measure::SIDE_MOST).round())
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        self.pace.frame(ctx, frame.info().cpu_usage);
        self.before_frame(ctx);
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        // A dialog and an open menu have the keys for themselves.
        let is_covered = self.has_dialog();
        let takes_escape = !is_covered && !egui::Popup::is_any_open(ui.ctx());
        if !is_covered {
            self.shortcuts(ui);
        }
        self.dropped_files(ui);
        self.draw(ui);
        if takes_escape {
            self.escape_to_box(ui.ctx());
        }
        if self.run_actions() {
            // The results of the actions need another frame.
            ui.ctx().request_repaint();
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.shut_down();
    }

    /// The background of left column, tabs, send area and status line. They do not fill it themselves: without a graphics card
    /// the CPU would paint these pixels twice.
    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

impl App {
    /// The log, a split or an open dock needs the room of the left column in a window of this width.
    fn hides_side(&self, width: f32) -> bool {
        let has_dock = self.sessions.get(&self.focused).is_some_and(|session| dock::width(session).is_some());
        let is_split = tabs::is_split(&self.tree);
        width < measure::SIDE_FROM
            || width < SPLIT_WITH_SIDE && is_split
            || width < measure::SIDE_BESIDE_DOCK && has_dock
    }

    fn side_shown(&self, width: f32) -> bool {
        if self.hides_side(width) { self.side_forced } else { self.preferences.show_side }
    }

    /// Shows or hides the left column. Where it is hidden automatically, the choice is not stored.
    pub(super) fn toggle_side(&mut self) {
        if self.hides_side(self.ctx.content_rect().width()) {
            self.side_forced = !self.side_forced;
        } else {
            self.preferences.show_side = !self.preferences.show_side;
        }
    }

    fn draw(&mut self, ui: &mut Ui) {
        let room = ui.max_rect();
        let split = tabs::is_split(&self.tree);
        let side_shown = self.side_shown(room.width());
        let mut actions = std::mem::take(&mut self.actions);
        let wake = self.job_wake();
        let notice = self.notices.first().map(|notice| notice.parts(self.lang));
        let mut panels = Panels {
            lang: self.lang,
            actions: &mut actions,
            addresses: &self.addresses,
            wake: &wake,
            dark: ui.visuals().dark_mode,
            side_shown,
            notice,
            recent: &self.captures.recent,
            recents: self.recents.list(),
            compare_base: self.compare_base.clone(),
            keys: &self.keys,
            rules: Some(Rules {
                framing: &self.preferences.rules,
                highlights: &mut self.preferences.highlights,
                ready: &self.highlights,
            }),
        };
        let plain = |panel: Panel, size: f32| {
            panel.exact_size(size).resizable(false).show_separator_line(false).frame(Frame::NONE)
        };
        if let Some(session) = self.sessions.get(&self.focused) {
            plain(Panel::bottom("status"), measure::STATUS).show(ui, |ui| {
                mark(ui.ctx(), Place::Status, ui.max_rect());
                status::show(ui, &mut panels, session);
            });
        }
        let side_width = side_width(self.preferences.side_width, room.width());
        if !side_shown && let Some(session) = self.sessions.get(&self.focused) {
            plain(Panel::left("rail"), measure::RAIL).show(ui, |ui| {
                let rect = ui.max_rect();
                rail::show(ui, &mut panels, session, &mut self.folds);
                paint::hairline_v(ui.painter(), rect.right() - 1.0, rect.top()..=rect.bottom(), theme::tokens(ui).line);
            });
        }
        if side_shown && let Some(session) = self.sessions.get_mut(&self.focused) {
            let width = side_width;
            plain(Panel::left("side"), width).show(ui, |ui| {
                let t = theme::tokens(ui);
                let rect = ui.max_rect();
                mark(ui.ctx(), Place::Left, rect);
                side::show(ui, &mut panels, session, &mut self.folds, &self.preferences.rules);
                paint::hairline_v(ui.painter(), rect.right() - 1.0, rect.top()..=rect.bottom(), t.line);
            });
        }
        let right_bar = tabs::corner_bar(&self.tree);
        CentralPanel::no_frame().show(ui, |ui| {
            ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
            let mut bars = tabs::Bars {
                panels,
                sessions: &mut self.sessions,
                focused: self.focused,
                right_bar,
                split,
                seats: tabs::seats(&self.tree),
                front_tabs: Default::default(),
            };
            self.tree.ui(&mut bars, ui);
        });
        if side_shown {
            let side = room.with_max_x(room.left() + side_width).with_max_y(room.bottom() - measure::STATUS);
            if let Some(x) = edge::drag(ui, Edge::Right, side, Text::SideEdge.of(self.lang)) {
                self.preferences.side_width = Some((x - room.left()).clamp(measure::SIDE_NARROW, measure::SIDE_MOST));
            }
        }
        self.keep_focus_visible();
        self.draw_page(ui.ctx(), &mut actions, &wake);
        self.draw_palette(ui.ctx());
        self.draw_key_sheet(ui.ctx());
        self.focus_around_dialogs();
        self.drop_hint(ui);
        // Over the margin of the composer and the middle of the status line, where there is nothing to click or read.
        let lowest = room.bottom() - 2.0;
        let undone = self.toasts.show(ui.ctx(), room.center().x, lowest);
        actions.extend(undone);
        self.actions.extend(actions);
    }

    /// Moves the focus to a tab activated by keyboard or drag, so that the left column never belongs to a hidden session.
    fn keep_focus_visible(&mut self) {
        let front = tabs::in_front(&self.tree);
        if !front.contains(&self.focused) {
            let beside = tabs::front_of_bar_with(&self.tree, self.focused);
            if let Some(next) = beside.or(front.first().copied()) {
                self.focused = next;
                self.ctx.request_repaint();
            }
        }
    }

    fn has_dialog(&self) -> bool {
        self.page.is_some() || self.palette.is_some() || self.key_sheet.is_some()
    }

    /// After a dialog closes, returns the focus to the widget that had it before, or to the send box.
    fn focus_around_dialogs(&mut self) {
        let is_open = self.has_dialog();
        let focused = self.ctx.memory(egui::Memory::focused);
        if !is_open && self.dialog_open && focused.is_none() {
            let again = self.focus_before.unwrap_or_else(|| crate::gui::send::panel::editor_id(self.focused));
            self.ctx.memory_mut(|memory| memory.request_focus(again));
        } else if !is_open {
            self.focus_before = focused.or(self.focus_before);
        }
        self.dialog_open = is_open;
    }

    fn draw_page(&mut self, ctx: &egui::Context, actions: &mut Vec<Action>, wake: &crate::jobs::Wake) {
        let Some(page) = &mut self.page else { return };
        let mut panels = Panels::of_dialog(ctx, self.lang, actions, &self.addresses, wake, &self.keys);
        let shown = settings_page::state::Shown {
            page,
            preferences: &mut self.preferences,
            captures: &mut self.captures,
            paths: &self.paths,
            theme: self.theme,
        };
        settings_page::show(ctx, &mut panels, shown);
    }

    /// Takes the keys of the window out of the input. Nothing is drawn yet.
    fn shortcuts(&mut self, ui: &Ui) {
        self.undo_conversion(ui);
        self.take_shortcuts(ui.ctx());
        self.focus_by_keys(ui.ctx());
    }

    /// Ctrl+Z first undoes a change between text and hex, then typing in the send box. In other fields it undoes typing.
    fn undo_conversion(&mut self, ui: &Ui) {
        let in_box = crate::gui::send::panel::editor_id(self.focused);
        let focused = ui.memory(egui::Memory::focused);
        let in_other_field =
            focused.is_some_and(|id| id != in_box && egui::text_edit::TextEditState::load(ui.ctx(), id).is_some());
        let pressed =
            |input: &egui::InputState| input.modifiers.matches_exact(Modifiers::COMMAND) && input.key_pressed(Key::Z);
        if in_other_field || !ui.input(pressed) {
            return;
        }
        let Some(session) = self.sessions.get_mut(&self.focused) else { return };
        if session.send.undo_conversion(&mut session.setup) {
            ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Z));
        }
    }

    fn dropped_files(&mut self, ui: &Ui) {
        let dropped = |input: &egui::InputState| -> Vec<std::path::PathBuf> {
            input.raw.dropped_files.iter().map(|file| file.path().to_path_buf()).collect()
        };
        let dropped = ui.input(dropped);
        if !dropped.is_empty() {
            self.actions.push(Action::File(FileAction::Drop(self.focused, dropped)));
        }
    }

    fn drop_hint(&self, ui: &Ui) {
        if ui.input(|input| input.raw.hovered_files.is_empty()) {
            return;
        }
        let t = theme::tokens(ui);
        let rect = ui.ctx().content_rect();
        let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop"));
        let painter = ui.ctx().layer_painter(layer);
        painter.rect_filled(rect, 0.0, t.canvas.gamma_multiply(0.8));
        painter.rect_stroke(
            rect.shrink(8.0),
            f32::from(measure::RADIUS_POPUP),
            egui::Stroke::new(2.0, t.accent),
            egui::StrokeKind::Inside,
        );
        let words = Text::DropToSend.of(self.lang);
        let at = pos2(rect.center().x, rect.center().y);
        paint::text(&painter, at, paint::At::Centre, words, theme::medium(measure::TEXT_TITLE), t.text);
    }
}
