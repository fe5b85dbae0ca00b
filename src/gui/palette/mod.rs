//! The command palette: everything that can be done, found by a few letters, and addresses to open as they are typed.

mod actions;
mod entries;
mod find;
mod panel;
mod typed;

pub use entries::{Entry, Heading, What, choices};
pub use panel::{Answer, show};

use crate::words::Lang;

/// An entry in the list, with the characters of its name that were found.
#[derive(Clone, Debug)]
pub struct Row {
    pub entry: Entry,
    pub found: Vec<usize>,
    /// The heading above it, if it is the first one below that.
    pub heading: Option<Heading>,
}

/// The palette while it is open.
#[derive(Default)]
pub struct Palette {
    pub text: String,
    /// The row that Enter runs.
    pub chosen: usize,
    rows: Vec<Row>,
    /// The text that `rows` were found for.
    found_for: Option<String>,
    /// The chosen row must be scrolled into sight.
    moved: bool,
}

/// Rows in the list at most; nobody reads more.
const MOST_ROWS: usize = 60;

impl Palette {
    /// Finds the rows again if the text changed. `recent`: ids of the entries used last, newest first.
    fn refresh(&mut self, entries: impl FnOnce() -> Vec<Entry>, recent: &[String], lang: Lang) {
        if self.found_for.as_ref() == Some(&self.text) {
            return;
        }
        self.rows = rows(&self.text, entries(), recent, lang);
        self.found_for = Some(self.text.clone());
        (self.chosen, self.moved) = (0, true);
    }

    fn step(&mut self, rows: isize) {
        let count = self.rows.len();
        if count > 0 {
            self.chosen = self.chosen.saturating_add_signed(rows).min(count - 1);
            if rows.unsigned_abs() == 1 {
                // One row at a time it goes round.
                self.chosen = (self.chosen_before(rows) + count).wrapping_add_signed(rows) % count;
            }
        }
        self.moved = true;
    }

    fn chosen_before(&self, rows: isize) -> usize {
        self.chosen.saturating_add_signed(-rows)
    }
}

/// The rows for a text, best first, those of one heading together.
fn rows(text: &str, entries: Vec<Entry>, recent: &[String], lang: Lang) -> Vec<Row> {
    let text = text.trim();
    let place_in_recent = |entry: &Entry| recent.iter().position(|id| *id == entry.id);
    let mut found: Vec<(i32, Row)> = Vec::new();
    for mut entry in entries {
        let recently = place_in_recent(&entry);
        if text.is_empty() {
            let Some(score) = (match recently {
                Some(place) => {
                    entry.heading = Heading::Recent;
                    i32::try_from(recent.len() - place).ok()
                }
                None => entry.heading.is_listed().then_some(0),
            }) else {
                continue;
            };
            found.push((score, Row { entry, found: Vec::new(), heading: None }));
        } else if let Some((score, places)) = find::entry(text, &entry.name, &entry.detail, &entry.more) {
            let bonus = recently.map_or(0, |place| 12 - i32::try_from(place).unwrap_or(12).min(10));
            found.push((score + bonus, Row { entry, found: places, heading: None }));
        }
    }
    if let Some(entry) = typed::entry(text, lang) {
        found.push((i32::MAX, Row { entry, found: Vec::new(), heading: None }));
    }
    // Stable: equal ones keep the order of the table.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.truncate(MOST_ROWS);
    let mut headings: Vec<Heading> = Vec::new();
    for (_, row) in &found {
        if !headings.contains(&row.entry.heading) {
            headings.push(row.entry.heading);
        }
    }
    if text.is_empty() {
        headings.sort();
    }
    let mut rows: Vec<Row> = found.into_iter().map(|(_, row)| row).collect();
    rows.sort_by_key(|row| headings.iter().position(|heading| *heading == row.entry.heading));
    let mut last = None;
    for row in &mut rows {
        row.heading = (last != Some(row.entry.heading)).then_some(row.entry.heading);
        last = Some(row.entry.heading);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::keys::{Bindings, Command};

    fn entries(lang: Lang) -> Vec<Entry> {
        let bindings = Bindings::new(&Default::default());
        let mut entries: Vec<Entry> =
            Command::ALL.iter().map(|command| Entry::command(*command, &bindings, lang)).collect();
        entries.extend(choices(lang, &[]));
        entries
    }

    fn first(text: &str, lang: Lang) -> String {
        rows(text, entries(lang), &[], lang).first().map(|row| row.entry.id.clone()).unwrap_or_default()
    }

    #[test]
    fn a_few_letters_find_the_entry() {
        for (text, id) in [
            ("gbk", "encoding:GBK"),
            ("GB18030", "encoding:GB18030"),
            ("清除", "command:clear"),
            ("qcxs", "command:clear"),
            ("qingchu", "command:clear"),
            ("dkhgb", "command:open-or-close"),
            ("pcapng", "export:pcapng"),
            ("导出 pcapng", "export:pcapng"),
            ("daochu pcapng", "export:pcapng"),
            ("english", "lang:en"),
            ("modbus rtu", "framing:gap:4ms+CRC-16/MODBUS"),
            ("shense", "theme:dark"),
            ("quxian", "command:plots"),
            ("应答时间", "command:plots"),
        ] {
            let found = first(text, Lang::ZhCn);
            let is_framing = id.starts_with("framing:") && found.starts_with("framing:");
            assert!(found == id || is_framing, "{text}: {found}");
        }
        for (text, id) in [
            ("clr", "command:clear"),
            ("clear view", "command:clear"),
            ("dup", "command:duplicate-tab"),
            ("gbk", "encoding:GBK"),
            ("export csv", "export:csv"),
            ("dark", "theme:dark"),
            ("dump", "view:dump"),
            ("plot", "command:plots"),
            ("response", "command:plots"),
        ] {
            assert_eq!(first(text, Lang::En), id, "{text}");
        }
        assert_eq!(rows("zzzzqqq", entries(Lang::En), &[], Lang::En).len(), 0);
    }

    #[test]
    fn what_was_used_lately_is_first() {
        let recent = ["command:split".to_owned(), "encoding:GBK".to_owned()];
        let rows = rows("", entries(Lang::En), &recent, Lang::En);
        let ids: Vec<&str> = rows.iter().map(|row| row.entry.id.as_str()).collect();
        assert_eq!(ids[..2], ["command:split", "encoding:GBK"]);
        assert_eq!(rows[0].heading, Some(Heading::Recent));
        assert_eq!((rows[1].heading, rows[2].heading), (None, Some(Heading::Commands)));
    }

    #[test]
    fn an_address_is_the_first_row() {
        for text in ["listen 9000", "tcp 10.0.0.5:502", "udp :9000", ":8080", "监听 9000"] {
            assert!(first(text, Lang::ZhCn).starts_with("open:"), "{text}");
        }
    }
}
