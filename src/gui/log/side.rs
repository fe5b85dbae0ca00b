//! The selected bytes and their details, kept for a comparison; and the menu rows that start a comparison.

use crate::capture::RecordKind;
use crate::codec::Diff;
use crate::gui::log::select::{Column, Selection};
use crate::gui::log::times::clock;
use crate::gui::log::{LogAction, LogView};
use crate::gui::sentences;
use crate::gui::widgets::{MenuItem, menu_hairline};
use crate::model::{Direction, PeerId, display_address};
use crate::words::Lang;
use egui::Ui;
use std::net::SocketAddr;
use std::sync::Arc;

/// Number of records (or frames) within which two with data are searched.
const NEAR: u64 = 16;
/// Maximum number of records without data to skip to find the peer of the bytes.
const PASSED_RECORDS: usize = 256;

/// A comparison requested by the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareWish {
    /// Keep the selection as the base of later comparisons.
    SetBase,
    /// Compare the selection with the base.
    WithBase,
    /// Compare the two selected records.
    Two,
}

/// One side of a comparison: a copy of the selected bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The bytes, at most [`Side::CAP`].
    pub bytes: Vec<u8>,
    /// First and last record.
    pub records: (u64, u64),
    /// First and last byte, if part of one record was selected.
    pub offsets: Option<(u32, u32)>,
    /// Direction of the first record.
    pub direction: Option<Direction>,
    /// Address of its peer.
    pub address: Option<SocketAddr>,
    /// Time, ns since 1970 UTC.
    pub unix_ns: i64,
    /// More bytes were selected than kept.
    pub is_cut: bool,
    /// Number of records that could not be read.
    pub missing: u64,
}

impl Side {
    /// Maximum number of bytes kept.
    pub const CAP: usize = Diff::ALIGNED_BYTES;

    /// The selection as `record 12`, `4 bytes of record 12`, `records 3–9`.
    #[must_use]
    pub fn name(&self, lang: Lang) -> String {
        let (first, last) = self.records;
        match self.offsets {
            _ if first != last => lang.texts().records_from_to(first, last),
            None => lang.texts().record(first),
            Some(_) => lang.texts().part_of_record(self.len(), first),
        }
    }

    /// All details: record, direction, peer, time, length.
    #[must_use]
    pub fn about(&self, lang: Lang) -> String {
        let mut parts = vec![sentences::chosen(self.records, self.offsets, None, lang)];
        parts.extend(self.direction.map(|direction| lang.texts().direction(direction).to_owned()));
        parts.extend(self.address.map(display_address));
        parts.push(clock(self.unix_ns, &jiff::tz::TimeZone::system()));
        let len = self.len();
        parts.push(if self.is_cut { lang.texts().the_first(len) } else { lang.texts().bytes(len) });
        parts.join(" · ")
    }

    fn len(&self) -> u64 {
        u64::try_from(self.bytes.len()).unwrap_or(u64::MAX)
    }
}

impl LogView {
    /// Sets the base of comparisons for the menu (`None`: there is none).
    pub fn set_base(&mut self, base: Option<Arc<Side>>) {
        self.base = base;
    }

    /// The selection for a comparison; `None`: no bytes.
    #[must_use]
    pub fn chosen_side(&mut self) -> Option<Side> {
        let (range, _) = self.chosen()?;
        let copied = self.chosen_bytes(Side::CAP);
        let shown = self.items();
        let last = if range.end.offset == 0 { range.end.record.checked_sub(1)? } else { range.end.record };
        let (first, last) = (range.start.record.max(shown.start), last.min(shown.end.checked_sub(1)?));
        let mut items = (first..=last).take(PASSED_RECORDS);
        let record = items.find_map(|item| self.record_of(item).filter(|record| record.kind == RecordKind::Data))?;
        let len = self.len_of(first);
        if copied.content.is_empty() && record.len > 0 {
            return None;
        }
        let (from, to) = (range.start.offset, range.end.offset.min(len));
        let is_part = first == last && to > from && (from > 0 || to < len);
        let last = if first == last { record.number } else { self.record_of(last)?.number };
        let reader = self.reader()?;
        Some(Side {
            bytes: copied.content,
            records: (record.number, last),
            offsets: is_part.then(|| (from, to - 1)),
            direction: record.direction,
            address: (record.peer != PeerId::NONE).then(|| reader.peer_address(record.peer)).flatten(),
            unix_ns: record.unix_ns,
            is_cut: copied.truncated,
            missing: copied.missing,
        })
    }

    /// The two selected data records, if there are exactly two. Records without data do not count.
    #[must_use]
    pub fn chosen_two(&mut self) -> Option<[Side; 2]> {
        let two = self.two()?;
        let before = self.selection.clone();
        let sides = two.map(|record| {
            self.selection = Some(Selection::of_record(record));
            self.chosen_side()
        });
        self.selection = before;
        let [Some(left), Some(right)] = sides else { return None };
        Some([left, right])
    }

    fn two(&self) -> Option<[u64; 2]> {
        let records = self.selection.as_ref().filter(|chosen| chosen.column == Column::Records)?.records();
        let mut view = self.view_for_job()?;
        if records.end() - records.start() >= NEAR {
            return None;
        }
        let is_data = |item: &u64| view.record_of(*item).is_some_and(|record| record.kind == RecordKind::Data);
        records.filter(is_data).collect::<Vec<_>>().try_into().ok()
    }

    /// Draws the menu rows. The shortcut is shown at the row that it triggers now.
    pub(super) fn compare_rows(&self, menu: &mut Ui, actions: &mut Vec<LogAction>) {
        let main = self.main_wish();
        let rows = [
            self.two().map(|_| (CompareWish::Two, self.lang.texts().compare_two().to_owned())),
            self.base
                .as_ref()
                .map(|base| (CompareWish::WithBase, self.lang.texts().compare_with(&base.name(self.lang)))),
            Some((CompareWish::SetBase, self.lang.texts().set_base().to_owned())),
        ];
        menu_hairline(menu);
        for (wish, words) in rows.into_iter().flatten() {
            let mut item = MenuItem::new(&words);
            if wish == main {
                item = item.shortcut("Ctrl+D");
            }
            if menu.add(item).clicked() {
                actions.push(LogAction::Compare(wish));
            }
        }
    }

    /// The comparison that Ctrl+D starts.
    pub(super) fn main_wish(&self) -> CompareWish {
        match &self.base {
            _ if self.two().is_some() => CompareWish::Two,
            Some(_) => CompareWish::WithBase,
            None => CompareWish::SetBase,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_named_after_the_selection() {
        let side = |records, offsets, is_cut| Side {
            bytes: vec![7; 4],
            records,
            offsets,
            direction: Some(Direction::Sent),
            address: Some("127.0.0.1:80".parse().unwrap()),
            unix_ns: 0,
            is_cut,
            missing: 0,
        };
        for (side, zh, en) in [
            (side((12, 12), None, false), "记录 12", "record 12"),
            (side((12, 12), Some((3, 6)), false), "记录 12 的 4 字节", "4 bytes of record 12"),
            (side((3, 9), None, true), "记录 3–9", "records 3–9"),
        ] {
            assert_eq!((side.name(Lang::ZhCn).as_str(), side.name(Lang::En).as_str()), (zh, en));
        }
        let about = side((12, 12), Some((3, 6)), false).about(Lang::En);
        assert!(about.starts_with("Record 12, offset 3–6 · sent · 127.0.0.1:80 · "), "{about}");
        assert!(about.ends_with(" · 4 bytes"), "{about}");
        assert!(side((3, 9), None, true).about(Lang::ZhCn).ends_with(" · 前 4 B"));
    }
}
