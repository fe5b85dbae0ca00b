//! The strip above the box: target, format, wrap, repeat, history, files. It adapts to its width.

use super::widths::words_width;
use super::{history, repeat, target, variables, wrap};
use crate::gui::action::{Action, FileAction};
use crate::gui::context::{Panels, within};
use crate::gui::files;
use crate::gui::files::form::{Anchor, FileTask};
use crate::gui::icons;
use crate::gui::keys::Command;
use crate::gui::send::wrap_form::WrapForm;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{
    Button, Checkbox, IconButton, MenuItem, Segmented, Side, menu_hairline, menu_rows, popup_frame,
};
use crate::model::Protocol;
use crate::words::Text;
use egui::{Align, Layout, Popup, PopupCloseBehavior, Rect, RectAlign, Response, Ui};

/// Gap between the controls at the left.
const GAP: f32 = 12.0;
/// Gap between the controls at the left in a narrow strip.
const GAP_NARROW: f32 = 8.0;
/// Gap between the controls at the right.
const GAP_RIGHT: f32 = 4.0;
/// Width of the format control.
const FORMAT: f32 = 104.0;

/// The layout of the strip. Controls that do not fit are in the menu at its right end.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Plan {
    /// The label before the target is shown.
    has_label: bool,
    /// Width of the target.
    target: f32,
    /// The format is in the strip.
    has_format: bool,
    /// Width of the wrap button; `None` if it is not in the strip.
    wrap: Option<f32>,
    repeat: RepeatShown,
    /// The buttons at the right have labels.
    has_words: bool,
    /// Gap between the controls.
    gap: f32,
}

/// Position of the repeat.
#[derive(Clone, Copy, Debug, PartialEq)]
enum RepeatShown {
    /// In the strip with its numbers.
    Whole,
    /// In the strip, its numbers behind a button.
    Folded,
    /// Not in the strip.
    Nowhere,
}

/// The widths of the controls.
#[derive(Clone, Copy, Debug)]
struct Widths {
    label: f32,
    target: f32,
    target_least: f32,
    wrap: f32,
    repeat: f32,
    folded_repeat: f32,
    words: f32,
    icons: f32,
}

impl Plan {
    /// Fits the strip into `room` points. First the numbers of the repeat are folded, then the buttons lose their labels, then
    /// wrap and target shrink and the label disappears. Finally controls leave the strip.
    fn of(room: f32, w: &Widths) -> Self {
        let whole = Self {
            has_label: w.label > 0.0,
            target: w.target,
            has_format: true,
            wrap: Some(w.wrap),
            repeat: RepeatShown::Whole,
            has_words: true,
            gap: GAP,
        };
        let folded = Self { repeat: RepeatShown::Folded, ..whole };
        let icons = Self { has_words: false, ..folded };
        let short_wrap = Self { wrap: Some(w.wrap.min(wrap::LEAST)), ..icons };
        let short = Self { has_label: false, target: w.target.min(w.target_least), gap: GAP_NARROW, ..short_wrap };
        let no_repeat = Self { repeat: RepeatShown::Nowhere, ..short };
        let no_wrap = Self { wrap: None, ..no_repeat };
        let least = Self { has_format: false, ..no_wrap };
        let steps = [whole, folded, icons, short_wrap, short, no_repeat, no_wrap];
        let mut plan = steps.into_iter().find(|step| step.width(w) <= room).unwrap_or(least);
        // Remaining space widens the shrunk controls again.
        let mut left = (room - plan.width(w)).max(0.0);
        let target = (plan.target + left).min(w.target);
        left -= target - plan.target;
        plan.target = target;
        plan.wrap = plan.wrap.map(|wrap| (wrap + left).min(w.wrap));
        plan
    }

    /// The width of this layout.
    fn width(&self, w: &Widths) -> f32 {
        let label = if self.has_label { w.label } else { 0.0 };
        let gap = self.gap;
        let mut width = label + self.target + gap + if self.has_words { w.words } else { w.icons };
        width += self.wrap.map_or(0.0, |wrap| gap + wrap);
        width += if self.has_format { gap + FORMAT } else { 0.0 };
        width
            + match self.repeat {
                RepeatShown::Whole => gap + w.repeat,
                RepeatShown::Folded => gap + w.folded_repeat,
                RepeatShown::Nowhere => 0.0,
            }
    }
}

/// Draws the strip into `rect`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect) {
    let plan = Plan::of(rect.width(), &widths(ui, panels, session));
    within(ui, rect, "strip-left", Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = plan.gap;
        target::show(ui, panels, session, plan.has_label, plan.target);
        if plan.has_format {
            format(ui, panels, session);
        }
        if let Some(width) = plan.wrap {
            wrap::show(ui, panels, session, width);
        }
        if plan.repeat != RepeatShown::Nowhere {
            repeat::show(ui, panels, session, plan.repeat == RepeatShown::Folded);
        }
    });
    within(ui, rect, "strip-right", Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = GAP_RIGHT;
        options(ui, panels, session, &plan);
        let name = panels.text(Text::SendFileShort);
        let button = ghost(ui, plan.has_words, icons::FILE_ARROW_UP, name, name);
        file_menu(&button, panels, session);
        files::popover::show(panels, session, &button, Anchor::Composer, Side::AboveLeft);
        let (label, name) = (panels.text(Text::HistoryShort), panels.text(Text::History));
        let button = ghost(ui, plan.has_words, icons::CLOCK_COUNTER_CLOCKWISE, label, name);
        history::popup(&button, panels, session);
        variables::button(ui, panels, session);
    });
}

/// Draws the menu of the file button.
fn file_menu(button: &Response, panels: &mut Panels<'_>, session: &Session) {
    let id = session.id;
    let headed: &[(Text, FileTask)] = match session.setup.protocol {
        Protocol::TcpClient => &[(Text::GetFile, FileTask::Get), (Text::PutFile, FileTask::Put)],
        Protocol::TcpServer => &[(Text::ServeFolder, FileTask::Folder)],
        Protocol::Udp => &[],
    };
    let popup = Popup::menu(button).frame(popup_frame(theme::tokens_of(&button.ctx))).gap(4.0).width(208.0);
    popup.align(RectAlign::TOP_END).show(|ui| {
        menu_rows(ui, |ui| {
            for (text, task, command) in [
                (Text::SendFile, FileTask::Send, Command::SendFile),
                (Text::ReceiveToFile, FileTask::Receive, Command::ReceiveToFile),
            ] {
                let row = MenuItem::new(panels.text(text)).shortcut(panels.key(command));
                if ui.add(row).clicked() {
                    panels.actions.push(Action::File(FileAction::Show(id, task)));
                }
            }
            if !headed.is_empty() {
                menu_hairline(ui);
            }
            for (text, task) in headed {
                if ui.add_enabled(session.state.is_open(), MenuItem::new(panels.text(*text))).clicked() {
                    panels.actions.push(Action::File(FileAction::Show(id, *task)));
                }
            }
        });
    });
}

fn widths(ui: &Ui, panels: &Panels<'_>, session: &Session) -> Widths {
    let small = |words: &str| words_width(ui, words, measure::TEXT_LABEL);
    let button = |words: Text| small(panels.text(words)) + measure::ICON + 6.0 + 16.0;
    let (label, target, target_least) = target::widths(ui, panels, session);
    let right = 2.0 * measure::CONTROL + 3.0 * GAP_RIGHT;
    Widths {
        label,
        target,
        target_least,
        wrap: wrap::width(ui, panels, session),
        repeat: repeat::width(ui, panels, false),
        folded_repeat: repeat::width(ui, panels, true),
        words: right + button(Text::SendFileShort) + button(Text::HistoryShort),
        icons: right + 2.0 * measure::CONTROL,
    }
}

fn ghost(ui: &mut Ui, has_words: bool, icon: char, label: &str, name: &str) -> Response {
    if has_words { ui.add(Button::ghost(label).icon(icon).name(name)) } else { ui.add(IconButton::new(icon, name)) }
}

fn format(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let items = [(false, panels.text(Text::PlainFormat)), (true, panels.text(Text::FormatOfHex))];
    let mut hex = session.setup.send_hex;
    Segmented::new(panels.text(Text::SendFormat), &items).width(FORMAT).show(ui, &mut hex);
    session.send.set_hex(hex, &mut session.setup);
}

/// Draws the menu with rarely used options and with controls that do not fit.
fn options(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, plan: &Plan) {
    let button = ui.add(IconButton::new(icons::DOTS_THREE, panels.text(Text::SendOptions)));
    let popup = Popup::menu(&button).frame(popup_frame(theme::tokens(ui)).inner_margin(12));
    let popup = popup.align(RectAlign::TOP_END).gap(4.0);
    popup.close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        if !plan.has_format {
            format(ui, panels, session);
        }
        if plan.wrap.is_none() {
            let label = format!("{}…", panels.text(Text::Wrap));
            if ui.add(Button::ghost(&label).name(panels.text(Text::Wrap))).clicked() {
                session.send.wrap_form = Some(WrapForm::new(&session.setup.wrap));
                ui.close();
            }
        }
        if plan.repeat == RepeatShown::Nowhere {
            ui.horizontal(|ui| repeat::show(ui, panels, session, false));
        }
        let setup = &mut session.setup;
        ui.add_enabled(!setup.send_hex, Checkbox::new(&mut setup.escapes, panels.text(Text::Escapes)));
        ui.add(Checkbox::new(&mut setup.clear_after_send, panels.text(Text::ClearAfterSend)));
    });
    if plan.wrap.is_none() {
        wrap::popover(panels, session, &button);
    }
}

/// The number of peers of the next send, as far as known.
pub fn receivers(session: &Session) -> u64 {
    use crate::gui::send::state::TargetChoice;
    if !session.state.is_open() {
        return 1;
    }
    let server = session.setup.protocol == Protocol::TcpServer;
    let count = match session.send.target {
        TargetChoice::All => session.peers().map_or(1, |peers| peers.len()),
        TargetChoice::Default if server => session.peers().map_or(1, |peers| peers.len()),
        TargetChoice::Chosen => session.peers().map_or(1, |peers| session.peer_list.selected(&peers).len()),
        _ => 1,
    };
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDTHS: Widths = Widths {
        label: 48.0,
        target: 132.0,
        target_least: 84.0,
        wrap: 240.0,
        repeat: 220.0,
        folded_repeat: 70.0,
        words: 202.0,
        icons: 124.0,
    };

    #[test]
    fn a_short_strip_folds_the_repeat_first_and_then_drops_words() {
        let plan = |room| Plan::of(room, &WIDTHS);
        let whole = plan(1032.0);
        assert!(whole.has_label && whole.has_words && whole.repeat == RepeatShown::Whole);
        let folded = plan(872.0);
        assert_eq!(folded, Plan { repeat: RepeatShown::Folded, ..whole });
        let icons = plan(772.0);
        assert_eq!(icons, Plan { has_words: false, ..folded });
        let shrunk = plan(682.0);
        assert!(shrunk.has_label && shrunk.wrap.is_some_and(|wrap| (wrap::LEAST..240.0).contains(&wrap)));
        assert!(!plan(592.0).has_label);
        assert_eq!((plan(502.0).repeat, plan(502.0).wrap.is_some()), (RepeatShown::Nowhere, true));
        assert_eq!((plan(362.0).wrap, plan(362.0).has_format), (None, true));
        assert!(!plan(282.0).has_format);
    }

    #[test]
    fn nothing_overlaps_at_any_width_that_a_pane_can_have() {
        for room in 220..1400 {
            let plan = Plan::of(room as f32, &WIDTHS);
            assert!(plan.width(&WIDTHS) <= room as f32 + 0.01, "{room}: {plan:?}");
        }
    }
}
