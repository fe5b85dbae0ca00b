//! Copying what is selected, and the menu that offers it.

use super::input::CopyAs;
use super::select::Column;
use super::{LogAction, LogView, texts};
use crate::gui::theme::Tokens;
use crate::gui::widgets::{MenuItem, menu_hairline, popup_frame};
use crate::lines::{LogForm, ViewMode};
use crate::words::Lang;
use egui::{Popup, Response, Ui};
use std::fmt::Write;

impl LogView {
    /// Copies the selection.
    pub(super) fn copy(&mut self, ui: &Ui, form: CopyAs, actions: &mut Vec<LogAction>) {
        let (Some(selection), Some(view)) = (&self.selection, &mut self.view) else { return };
        let cap = usize::try_from(Self::COPY_CAP).unwrap_or(usize::MAX);
        let range = selection.range();
        let form = match (form, selection.column) {
            (CopyAs::Column, Column::Text) => CopyAs::Text,
            (CopyAs::Column, Column::Records) if view.config().mode == ViewMode::Text => CopyAs::Text,
            (CopyAs::Column, _) => CopyAs::Hex,
            (form, _) => form,
        };
        let bytes = view.copy_bytes(range.clone(), cap);
        let text = if bytes.content.is_empty() {
            // Only events: their sentences.
            let records = *selection.records().start()..selection.records().end().saturating_add(1);
            view.copy_log(records, &LogForm::new(self.lang), cap).content
        } else {
            match form {
                CopyAs::Text => view.copy_text(range, cap).content,
                CopyAs::CArray => c_array(&bytes.content),
                CopyAs::Hex | CopyAs::Column => view.copy_hex(range, cap).content,
            }
        };
        if text.is_empty() {
            actions.push(LogAction::CopyFailed(format!("{} records can no longer be read", bytes.missing)));
            return;
        }
        ui.ctx().copy_text(text);
        let count = u64::try_from(bytes.content.len()).unwrap_or(u64::MAX);
        actions.push(LogAction::Copied { bytes: count, cut: bytes.truncated || bytes.missing > 0 });
    }

    /// Hands the selected bytes to the send box.
    pub(super) fn fill_send_box(&mut self, actions: &mut Vec<LogAction>) {
        let is_text = self.is_text();
        let (Some(selection), Some(view)) = (&self.selection, &mut self.view) else { return };
        let cap = usize::try_from(Self::COPY_CAP).unwrap_or(usize::MAX);
        let bytes = view.copy_bytes(selection.range(), cap).content;
        let as_text = selection.column == Column::Text || (selection.column == Column::Records && is_text);
        actions.push(LogAction::FillSendBox { bytes, as_text });
    }

    /// The menu of a right click.
    pub(super) fn menu(&mut self, ui: &Ui, response: &Response, t: &Tokens, actions: &mut Vec<LogAction>) {
        if self.selection.is_none() {
            return;
        }
        Popup::context_menu(response).frame(popup_frame(t)).width(248.0).show(|menu| {
            self.menu_rows(ui, menu, actions);
        });
    }

    /// The rows of that menu.
    pub(super) fn menu_rows(&mut self, ui: &Ui, menu: &mut Ui, actions: &mut Vec<LogAction>) {
        menu.spacing_mut().item_spacing.y = 0.0;
        menu.set_min_width(240.0);
        let lang: Lang = self.lang;
        let is_text = self.selection.as_ref().is_some_and(|s| s.column == Column::Text) || self.is_text();
        let (hex_key, text_key) = if is_text { (None, "Ctrl+C") } else { (Some("Ctrl+C"), "Ctrl+Shift+C") };
        let rows = [
            (CopyAs::Hex, texts::copy_hex(lang), hex_key),
            (CopyAs::Text, texts::copy_text(lang), Some(text_key)),
            (CopyAs::CArray, texts::copy_c_array(lang), None),
        ];
        for (form, words, key) in rows {
            let mut item = MenuItem::new(words);
            if let Some(key) = key {
                item = item.shortcut(key);
            }
            if menu.add(item).clicked() {
                self.copy(ui, form, actions);
            }
        }
        menu_hairline(menu);
        if menu.add(MenuItem::new(texts::fill_send_box(lang)).shortcut("Ctrl+E")).clicked() {
            self.fill_send_box(actions);
        }
    }

    fn is_text(&self) -> bool {
        self.view.as_ref().is_some_and(|view| view.config().mode == ViewMode::Text)
    }
}

/// `const unsigned char data[3] = { 0x01, … };`, twelve bytes a line.
fn c_array(bytes: &[u8]) -> String {
    let mut text = format!("const unsigned char data[{}] = {{\n", bytes.len());
    for line in bytes.chunks(12) {
        text.push_str("   ");
        for byte in line {
            // Writing to a String cannot fail.
            write!(text, " 0x{byte:02X},").ok();
        }
        text.push('\n');
    }
    text.push_str("};\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c_arrays_have_twelve_bytes_a_line() {
        assert_eq!(c_array(&[1, 0xAB]), "const unsigned char data[2] = {\n    0x01, 0xAB,\n};\n");
        assert_eq!(c_array(&[0; 13]).lines().count(), 4);
    }
}
