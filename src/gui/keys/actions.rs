//! What the commands do, and when they are available.

use crate::gui::action::{
    Action, AppAction, CaptureAction, FileAction, HighlightAction, ReplyAction, RuleAction, SessionAction, TabAction,
    ViewAction,
};
use crate::gui::app::App;
use crate::gui::files::form::FileTask;
use crate::gui::frame::places::{DockTab, DrawerTab};
use crate::gui::framing::state::RulePart;
use crate::gui::keys::{Bindings, Command, Shortcut, sheet};
use crate::gui::session::Session;
use crate::gui::tabs;
use egui::{Event, InputState, Key};

impl App {
    /// Whether the command can do something now.
    pub(crate) fn is_available(&self, command: Command) -> bool {
        let Some(session) = self.sessions.get(&self.focused) else { return false };
        let has_log = session.log.is_some();
        let is_live = session.archive.is_none();
        match command {
            Command::OpenOrClose => is_live && !matches!(session.state, crate::model::SessionState::Closing),
            Command::Send => is_live && session.can_send(),
            Command::StopSending => session.send.active.is_some(),
            Command::SendFile
            | Command::ReceiveToFile
            | Command::Box
            | Command::ResetCounters
            | Command::QuickCommands
            | Command::Replies
            | Command::Facts
            | Command::NewReply
            | Command::TurnReplies
            | Command::DuplicateTab => is_live,
            Command::Find | Command::HitList | Command::Filter | Command::Clear | Command::Dock => has_log,
            Command::Drawer | Command::Inspect | Command::Plots | Command::Transfers => has_log,
            Command::ReplyTrace | Command::Follow => has_log,
            Command::FindNext | Command::FindPrevious => !session.find.text.is_empty(),
            Command::ReplyOfSelection => is_live && has_log,
            Command::ClearFilter => session.sift.filters(),
            Command::ShowAll => session.view_from() > 0,
            Command::CopyAll | Command::SaveReceived | Command::SaveLog | Command::Export => session.reader().is_some(),
            Command::NextDifference | Command::PreviousDifference => session.compare.is_some(),
            Command::ReopenTab => !self.closed.is_empty(),
            Command::NextTab | Command::PreviousTab | Command::CloseOtherTabs => self.sessions.len() > 1,
            Command::NextPlace | Command::PreviousPlace | Command::Left => true,
            Command::NewTab | Command::CloseTab | Command::Split => true,
            Command::Palette | Command::KeySheet => true,
            Command::Settings | Command::Captures | Command::ImportLog => true,
            Command::EditFraming | Command::HighlightRules | Command::Demo => true,
        }
    }

    /// Does a command that is available.
    pub(crate) fn run_command(&mut self, command: Command) {
        if !self.is_available(command) {
            return;
        }
        let id = self.focused;
        let action = match command {
            Command::OpenOrClose => match self.sessions.get(&id).is_some_and(|session| session.state.is_active()) {
                true => Action::Session(SessionAction::Close(id)),
                false => Action::Session(SessionAction::Open(id)),
            },
            Command::ResetCounters => Action::Session(SessionAction::ResetCounts(id)),
            Command::Send => Action::Session(SessionAction::Send(id)),
            Command::StopSending => Action::Session(SessionAction::StopSend(id)),
            Command::SendFile => Action::File(FileAction::Show(id, FileTask::Send)),
            Command::Find => Action::View(ViewAction::FocusFind(id)),
            Command::FindNext => Action::View(ViewAction::FindStep(id, true)),
            Command::FindPrevious => Action::View(ViewAction::FindStep(id, false)),
            Command::HitList => Action::View(ViewAction::ToggleHits(id)),
            Command::Filter => return self.with(id, toggle_filter),
            Command::ClearFilter => return self.with(id, |session| session.sift.form.clear()),
            Command::Follow => return self.with(id, toggle_follow),
            Command::Clear => Action::View(ViewAction::Clear(id)),
            Command::ShowAll => Action::View(ViewAction::ShowAll(id)),
            Command::CopyAll => Action::View(ViewAction::CopyAll(id)),
            Command::ReceiveToFile => Action::File(FileAction::Show(id, FileTask::Receive)),
            Command::SaveReceived => Action::File(FileAction::Show(id, FileTask::SaveReceived)),
            Command::SaveLog => Action::File(FileAction::Show(id, FileTask::SaveLog)),
            Command::Export => Action::File(FileAction::Show(id, FileTask::Export)),
            Command::NextDifference => Action::View(ViewAction::CompareStep(id, true)),
            Command::PreviousDifference => Action::View(ViewAction::CompareStep(id, false)),
            Command::NextPlace => return self.step_place(true),
            Command::PreviousPlace => return self.step_place(false),
            Command::Box => return self.focus_box(),
            Command::Left => Action::App(AppAction::ToggleSide),
            Command::Dock => Action::View(ViewAction::ToggleDock(id)),
            Command::Drawer => Action::View(ViewAction::ToggleDrawer(id)),
            Command::Inspect => Action::View(ViewAction::ShowDock(id, DockTab::Inspect)),
            Command::QuickCommands => Action::View(ViewAction::ShowDock(id, DockTab::Sends)),
            Command::Replies => Action::View(ViewAction::ShowDock(id, DockTab::Replies)),
            Command::NewReply => Action::Reply(ReplyAction::New(id)),
            Command::ReplyOfSelection => Action::Reply(ReplyAction::OfSelection(id)),
            Command::TurnReplies => {
                let is_on = self.sessions.get(&id).is_some_and(|session| session.setup.replies);
                Action::Reply(ReplyAction::TurnOn(id, !is_on))
            }
            Command::Facts => Action::View(ViewAction::ShowDock(id, DockTab::Facts)),
            Command::Plots => Action::View(ViewAction::ShowDrawer(id, DrawerTab::Plots)),
            Command::Transfers => Action::View(ViewAction::ShowDrawer(id, DrawerTab::Transfers)),
            Command::ReplyTrace => Action::View(ViewAction::ShowDrawer(id, DrawerTab::Trace)),
            Command::NewTab => Action::Tab(TabAction::New),
            Command::CloseTab => Action::Tab(TabAction::Close(id)),
            Command::ReopenTab => Action::Tab(TabAction::Reopen(None)),
            Command::NextTab => return self.step_tab(true),
            Command::PreviousTab => return self.step_tab(false),
            Command::DuplicateTab => Action::Tab(TabAction::Duplicate(id)),
            Command::CloseOtherTabs => Action::Tab(TabAction::CloseOthers(id)),
            Command::Split => Action::Tab(TabAction::ToggleSplit),
            Command::Palette => Action::App(AppAction::TogglePalette),
            Command::KeySheet => Action::App(AppAction::OpenKeySheet),
            Command::Settings => Action::App(AppAction::OpenSettings),
            Command::Captures => Action::Capture(CaptureAction::ShowPage),
            Command::ImportLog => {
                self.actions.push(Action::Capture(CaptureAction::ShowPage));
                self.captures.import.get_or_insert_default();
                Action::Capture(CaptureAction::PickImport)
            }
            Command::EditFraming => Action::Rule(RuleAction::Edit(id, RulePart::Kind)),
            Command::HighlightRules => Action::Highlight(HighlightAction::Open(id)),
            Command::Demo => Action::App(AppAction::Demo),
        };
        self.actions.push(action);
    }

    /// Removes the shortcuts from the input and does their commands. It runs before anything is drawn, because a text field edits
    /// its text on Ctrl+K, Ctrl+W, Ctrl+U and Ctrl+H.
    pub(crate) fn take_shortcuts(&mut self, ctx: &egui::Context) {
        ctx.input_mut(|input| drop_text_of_alt(&mut input.events));
        let shortcuts: Vec<(Command, Shortcut)> = self.keys.all().collect();
        for (command, shortcut) in shortcuts {
            // What has the focus sees Escape first; see `escape_to_box`.
            if command != Command::Box && ctx.input_mut(|input| shortcut.take(input)) {
                self.run_command(command);
            }
        }
        self.take_quick_keys(ctx);
        if let Some(index) = ctx.input_mut(take_tab_number)
            && let Some(id) = tabs::order(&self.tree).get(index)
        {
            self.actions.push(Action::Tab(TabAction::Focus(*id)));
        }
    }

    /// Draws the key sheet while it is open.
    pub(crate) fn draw_key_sheet(&mut self, ctx: &egui::Context) {
        let Some(mut sheet) = self.key_sheet.take() else { return };
        let before = self.preferences.keys.clone();
        if sheet::show(ctx, &mut sheet, &self.keys, &mut self.preferences.keys, self.lang) {
            self.key_sheet = Some(sheet);
        } else {
            ctx.request_repaint();
        }
        if self.preferences.keys != before {
            self.keys = Bindings::new(&self.preferences.keys);
            ctx.request_repaint();
        }
    }

    fn step_tab(&mut self, forward: bool) {
        let order = tabs::order(&self.tree);
        let at = order.iter().position(|id| *id == self.focused).unwrap_or(0);
        let step = if forward { 1 } else { order.len().saturating_sub(1) };
        if let Some(id) = order.get((at + step) % order.len().max(1)) {
            self.actions.push(Action::Tab(TabAction::Focus(*id)));
        }
    }
}

/// Removes the characters that keys with Alt produce on X11 and Windows: Alt+1 runs a quick command and types no 1 into the box. What
/// AltGr or Option produce beyond ASCII stays.
fn drop_text_of_alt(events: &mut Vec<Event>) {
    let mut with_alt = false;
    events.retain(|event| {
        let follows = std::mem::replace(
            &mut with_alt,
            matches!(event, Event::Key { pressed: true, modifiers, .. } if modifiers.matches_exact(egui::Modifiers::ALT)),
        );
        !(follows && matches!(event, Event::Text(text) if text.is_ascii()))
    });
}

/// The index of the tab that Ctrl+1 … Ctrl+9 chose.
fn take_tab_number(input: &mut InputState) -> Option<usize> {
    const DIGITS: [Key; 9] =
        [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
    DIGITS.iter().position(|digit| Shortcut::ctrl(*digit).take(input))
}

fn toggle_filter(session: &mut Session) {
    let sift = &mut session.sift;
    sift.form.typed.bar = !sift.form.typed.bar;
    sift.wants_focus = sift.form.typed.bar;
}

fn toggle_follow(session: &mut Session) {
    if let Some(log) = &mut session.log {
        log.set_follow(!log.follows());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Modifiers;

    #[test]
    fn a_key_with_alt_types_nothing() {
        let key =
            |modifiers| Event::Key { key: Key::Num1, physical_key: None, pressed: true, repeat: false, modifiers };
        let text = |text: &str| Event::Text(text.to_owned());
        let mut events = vec![
            key(Modifiers::ALT),
            text("1"),
            key(Modifiers::NONE),
            text("1"),
            key(Modifiers::ALT),
            text("¡"),
            text("2"),
        ];
        drop_text_of_alt(&mut events);
        assert_eq!(
            events,
            [key(Modifiers::ALT), key(Modifiers::NONE), text("1"), key(Modifiers::ALT), text("¡"), text("2")]
        );
    }
}
