//! Copying the selection, and the context menu.

use crate::codec::CopyForm;
use crate::gui::log::select::Column;
use crate::gui::log::{LogAction, LogView};
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::{self, MenuItem, menu_hairline, menu_rows, popup_frame};
use crate::lines::{LogForm, ViewMode};
use crate::settings::HighlightRule;
use crate::words::Lang;
use egui::{Context, Response, Ui, vec2};

/// Distance of a menu that a key opened from the left edge.
const MENU_INDENT: f32 = 24.0;

/// Copy forms in the groups of a menu: for reading, for source code, for storage.
pub const COPY_GROUPS: [&[CopyForm]; 3] = [
    &[CopyForm::Hex, CopyForm::Text],
    &[CopyForm::CArray, CopyForm::Rust, CopyForm::Python],
    &[CopyForm::Base64, CopyForm::Hexdump, CopyForm::Raw],
];

impl LogView {
    /// Copies the selection; `None`: in the form of the column in which it was made.
    pub(super) fn copy(&mut self, ctx: &Context, form: Option<CopyForm>, actions: &mut Vec<LogAction>) {
        let Some(selection) = &self.selection else { return };
        let form = form.unwrap_or(match selection.column {
            Column::Text => CopyForm::Text,
            Column::Records if self.is_text() => CopyForm::Text,
            Column::Records | Column::Hex => CopyForm::Hex,
        });
        self.copy_form(ctx, form, actions);
    }

    /// Copies the selection in this form.
    pub(super) fn copy_form(&mut self, ctx: &Context, form: CopyForm, actions: &mut Vec<LogAction>) {
        let (Some(selection), Some(view)) = (&self.selection, &mut self.view) else { return };
        let cap = usize::try_from(Self::COPY_CAP).unwrap_or(usize::MAX);
        let range = selection.range();
        let bytes = view.copy_bytes(range.clone(), cap);
        let text = if bytes.content.is_empty() {
            // A selection of events only: copy their text.
            let records = *selection.records().start()..selection.records().end().saturating_add(1);
            view.copy_log(records, &LogForm::new(self.lang), cap).content
        } else {
            match form {
                CopyForm::Text => view.copy_text(range, cap).content,
                CopyForm::Hex => view.copy_hex(range, cap).content,
                form => form.write(&bytes.content),
            }
        };
        if text.is_empty() {
            actions.push(LogAction::CopyFailed(bytes.missing));
            return;
        }
        ctx.copy_text(text);
        let count = u64::try_from(bytes.content.len()).unwrap_or(u64::MAX);
        actions.push(LogAction::Copied { bytes: count, cut: bytes.truncated || bytes.missing > 0 });
    }

    /// Copies the selected records as log lines: each row with time, direction and peer.
    fn copy_lines(&mut self, ctx: &Context, actions: &mut Vec<LogAction>) {
        let (Some(selection), Some(view)) = (&self.selection, &mut self.view) else { return };
        let cap = usize::try_from(Self::COPY_CAP).unwrap_or(usize::MAX);
        let records = *selection.records().start()..selection.records().end().saturating_add(1);
        let copied = view.copy_log(records, &LogForm::new(self.lang), cap);
        let lines = copied.content.lines().count();
        ctx.copy_text(copied.content);
        actions.push(LogAction::CopiedLines { lines, cut: copied.truncated });
    }

    /// Requests to put the selected bytes into the send box.
    pub(super) fn fill_send_box(&mut self, actions: &mut Vec<LogAction>) {
        let chosen = self.bytes_to_send(usize::try_from(Self::COPY_CAP).unwrap_or(usize::MAX));
        actions.extend(chosen.map(|(bytes, as_text)| LogAction::FillSendBox { bytes, as_text }));
    }

    /// Requests to make a quick command of the selected bytes.
    fn keep_command(&mut self, actions: &mut Vec<LogAction>) {
        let chosen = self.bytes_to_send(Self::COMMAND_CAP + 1);
        actions.extend(chosen.map(|(bytes, as_text)| LogAction::KeepCommand { bytes, as_text }));
    }

    /// Requests to make a reply rule on the selected bytes.
    fn create_reply(&mut self, actions: &mut Vec<LogAction>) {
        let chosen = self.bytes_to_send(Self::COMMAND_CAP + 1);
        actions.extend(chosen.map(|(bytes, as_text)| LogAction::CreateReply { bytes, as_text }));
    }

    /// The selected bytes, at most `cap`, and whether they are a text to the user.
    pub fn bytes_to_send(&mut self, cap: usize) -> Option<(Vec<u8>, bool)> {
        let is_text = self.is_text();
        let (Some(selection), Some(view)) = (&self.selection, &mut self.view) else { return None };
        let bytes = view.copy_bytes(selection.range(), cap).content;
        let as_text = selection.column == Column::Text || (selection.column == Column::Records && is_text);
        Some((bytes, as_text))
    }

    /// Requests a highlight rule for the selected bytes.
    fn highlight(&mut self, actions: &mut Vec<LogAction>) {
        let as_text = self.selection.as_ref().is_some_and(|s| s.column == Column::Text) || self.is_text();
        let bytes = self.chosen_bytes(HighlightRule::MAX_CHOSEN_LEN + 1).content;
        actions.push(LogAction::Highlight { bytes, as_text });
    }

    /// Shows the context menu.
    pub(super) fn menu(&mut self, ui: &Ui, response: &Response, t: &Tokens, actions: &mut Vec<LogAction>) {
        if response.has_focus() && self.selection.is_none() && ui.input(widgets::opens_context_menu) {
            // By the pointer, the row under it is chosen; a key means the newest one.
            self.selection = self.newest_in_sight();
        }
        let Some(chosen) = &self.selection else { return };
        let lines = self.screen.as_ref().map(|screen| screen.lines.as_slice()).unwrap_or_default();
        let row = lines.iter().rposition(|line| chosen.has_record(line.row.place.record)).unwrap_or(0);
        let at = response.rect.left_top() + vec2(MENU_INDENT, (row + 1) as f32 * measure::LOG_ROW);
        widgets::context_menu(response, at).frame(popup_frame(t)).width(248.0).show(|menu| {
            menu_rows(menu, |menu| self.menu_items(ui, menu, actions));
        });
    }

    /// Draws the rows of the context menu.
    pub(super) fn menu_items(&mut self, ui: &Ui, menu: &mut Ui, actions: &mut Vec<LogAction>) {
        menu.set_min_width(240.0);
        let lang: Lang = self.lang;
        let is_text = self.selection.as_ref().is_some_and(|s| s.column == Column::Text) || self.is_text();
        let (hex_key, text_key) = if is_text { (None, "Ctrl+C") } else { (Some("Ctrl+C"), "Ctrl+Shift+C") };
        for (index, group) in COPY_GROUPS.into_iter().enumerate() {
            for &form in group {
                let key = match form {
                    CopyForm::Hex => hex_key,
                    CopyForm::Text => Some(text_key),
                    _ => None,
                };
                let mut item = MenuItem::new(lang.texts().copy_as(form));
                if let Some(key) = key {
                    item = item.shortcut(key);
                }
                if menu.add(item).clicked() {
                    self.copy_form(ui.ctx(), form, actions);
                }
            }
            if index == 0 && menu.add(MenuItem::new(lang.texts().copy_lines())).clicked() {
                self.copy_lines(ui.ctx(), actions);
            }
            menu_hairline(menu);
        }
        if menu.add(MenuItem::new(lang.texts().fill_send_box()).shortcut("Ctrl+E")).clicked() {
            self.fill_send_box(actions);
        }
        if menu.add(MenuItem::new(lang.texts().quick("keep-box"))).clicked() {
            self.keep_command(actions);
        }
        if menu.add(MenuItem::new(lang.texts().reply("create"))).clicked() {
            self.create_reply(actions);
        }
        if menu.add(MenuItem::new(lang.texts().highlight_selection())).clicked() {
            self.highlight(actions);
        }
        self.compare_rows(menu, actions);
    }

    fn is_text(&self) -> bool {
        self.view.as_ref().is_some_and(|view| view.config().mode == ViewMode::Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_is_in_one_group() {
        let grouped: Vec<CopyForm> = COPY_GROUPS.concat();
        assert_eq!(grouped, CopyForm::ALL);
    }
}
