//! The strip above the box: target, format, wrap, repeat, history, files. It adapts to its width.

use super::{history, repeat, target, wrap};
use crate::gui::action::{Action, FileAction};
use crate::gui::context::{Panels, within};
use crate::gui::files::state::FileTask;
use crate::gui::icons;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Checkbox, IconButton, Segmented, paint, popup_frame};
use crate::model::Protocol;
use crate::words::Text;
use egui::{Align, Color32, Layout, Popup, PopupCloseBehavior, Rect, RectAlign, Response, Ui};

/// Between the controls at the left.
const GAP: f32 = 12.0;
/// Between the controls at the right.
const GAP_RIGHT: f32 = 4.0;
/// Width of the format.
const FORMAT: f32 = 104.0;

/// How the strip uses its width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// The label before the target is shown.
    pub has_label: bool,
    /// Width of the target.
    pub target: f32,
    /// Width of the wrap button.
    pub wrap: f32,
    /// Period and times are behind a button.
    pub folds_repeat: bool,
    /// The buttons at the right have words.
    pub has_words: bool,
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
    /// First the numbers of the repeat fold, then the buttons lose their words, then the label goes, and wrap and target shrink.
    fn of(room: f32, w: &Widths) -> Self {
        let mut plan =
            Self { has_label: w.label > 0.0, target: w.target, wrap: w.wrap, folds_repeat: false, has_words: true };
        let excess = |plan: &Self| {
            let label = if plan.has_label { w.label } else { 0.0 };
            let repeat = if plan.folds_repeat { w.folded_repeat } else { w.repeat };
            let right = if plan.has_words { w.words } else { w.icons };
            label + plan.target + FORMAT + plan.wrap + repeat + 3.0 * GAP + GAP + right - room
        };
        if excess(&plan) > 0.0 {
            plan.folds_repeat = true;
        }
        if excess(&plan) > 0.0 {
            plan.has_words = false;
        }
        if excess(&plan) > 0.0 {
            plan.wrap = (w.wrap - excess(&plan)).max(wrap::LEAST.min(w.wrap));
        }
        if excess(&plan) > 0.0 {
            plan.has_label = false;
        }
        if excess(&plan) > 0.0 {
            plan.target = (w.target - excess(&plan)).max(w.target_least);
        }
        plan
    }
}

/// Draws it into `rect`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect) {
    let plan = Plan::of(rect.width(), &widths(ui, panels, session));
    within(ui, rect, "strip-left", Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        target::show(ui, panels, session, &plan);
        format(ui, panels, session);
        wrap::show(ui, panels, session, plan.wrap);
        repeat::show(ui, panels, session, plan.folds_repeat);
    });
    within(ui, rect, "strip-right", Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = GAP_RIGHT;
        options(ui, panels, session);
        let (label, name) = (panels.text(Text::SendFileShort), panels.text(Text::SendFile));
        if ghost(ui, plan.has_words, icons::FILE_ARROW_UP, label, name).clicked() {
            panels.actions.push(Action::File(FileAction::Show(session.id, FileTask::Send)));
        }
        let (label, name) = (panels.text(Text::HistoryShort), panels.text(Text::History));
        let button = ghost(ui, plan.has_words, icons::CLOCK_COUNTER_CLOCKWISE, label, name);
        history::popup(&button, panels, session);
    });
}

fn widths(ui: &Ui, panels: &Panels<'_>, session: &Session) -> Widths {
    let small = |words: &str| words_width(ui, words, measure::TEXT_LABEL);
    let button = |words: Text| small(panels.text(words)) + measure::ICON + 6.0 + 16.0;
    let (label, target, target_least) = target::widths(ui, panels, session);
    let right = measure::CONTROL + 2.0 * GAP_RIGHT;
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

/// Width of words in the interface font.
pub fn words_width(ui: &Ui, words: &str, size: f32) -> f32 {
    paint::line(ui.painter(), words, theme::ui_font(size), Color32::PLACEHOLDER).size().x.ceil()
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

/// What is rarely changed.
fn options(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let button = ui.add(IconButton::new(icons::DOTS_THREE, panels.text(Text::SendOptions)));
    let popup = Popup::menu(&button).frame(popup_frame(theme::tokens(ui)).inner_margin(12));
    let popup = popup.align(RectAlign::TOP_END).gap(4.0);
    popup.close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let setup = &mut session.setup;
        ui.add_enabled(!setup.send_hex, Checkbox::new(&mut setup.escapes, panels.text(Text::Escapes)));
        ui.add(Checkbox::new(&mut setup.clear_after_send, panels.text(Text::ClearAfterSend)));
    });
}

/// The number of peers that the next send goes to, as far as it is known.
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
        words: 170.0,
        icons: 92.0,
    };

    #[test]
    fn a_short_strip_folds_the_repeat_first_and_then_drops_words() {
        let plan = |room| Plan::of(room, &WIDTHS);
        let all = Plan { has_label: true, target: 132.0, wrap: 240.0, folds_repeat: false, has_words: true };
        assert_eq!(plan(1000.0), all);
        let folded = Plan { folds_repeat: true, ..all };
        assert_eq!(plan(900.0), folded);
        let icons = Plan { has_words: false, ..folded };
        assert_eq!(plan(740.0), icons);
        let shrunk = plan(600.0);
        assert!(shrunk.has_label && shrunk.wrap < 240.0 && shrunk.wrap >= wrap::LEAST);
        assert_eq!(plan(480.0), Plan { has_label: false, wrap: wrap::LEAST, target: plan(480.0).target, ..icons });
    }

    #[test]
    fn nothing_overlaps_at_any_width_that_a_pane_can_have() {
        for room in 470..1400 {
            let plan = Plan::of(room as f32, &WIDTHS);
            let repeat = if plan.folds_repeat { WIDTHS.folded_repeat } else { WIDTHS.repeat };
            let right = if plan.has_words { WIDTHS.words } else { WIDTHS.icons };
            let label = if plan.has_label { WIDTHS.label } else { 0.0 };
            let taken = label + plan.target + FORMAT + plan.wrap + repeat + 4.0 * GAP + right;
            assert!(taken <= room as f32 + 0.01, "{room}: {taken}");
        }
    }
}
