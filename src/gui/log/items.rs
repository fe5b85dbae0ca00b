//! Shows the items of an index (frames, filtered records) instead of the records, and keeps the top row in place.

use crate::capture::items::ItemIndex;
use crate::gui::log::LogView;
use crate::lines::{Place, View};

impl LogView {
    /// Shows the items of `index`, or (`None`) the records as received. `building`: the index is not complete yet.
    pub fn set_index(&mut self, index: Option<ItemIndex>, building: bool) {
        self.building = building;
        let top = self.top_byte();
        let Some(view) = &mut self.view else { return };
        view.set_index(index);
        self.anchor = top.filter(|_| !self.follow);
        self.selection = None;
        self.dragging = false;
        self.screen = None;
        self.top = Place::default();
        self.seen_end = view.items().end;
    }

    /// Sets whether the index is still being built.
    pub fn set_building(&mut self, building: bool) {
        if self.building != building {
            self.building = building;
            self.screen = None;
        }
    }

    /// The byte at the top of the view, as record and offset.
    fn top_byte(&mut self) -> Option<(u64, u32)> {
        let offset = match self.screen.as_ref()?.lines.first()? {
            line if line.bytes().is_some() => line.bytes()?.1.start,
            _ => 0,
        };
        let line = self.screen.as_ref()?.lines.first()?;
        let (item, origin) = (line.row.place.record, line.row.origin);
        let lies_in = self.view.as_mut()?.lies_in(item, offset..offset.saturating_add(1));
        Some(lies_in.first().map_or((origin, 0), |(record, bytes)| (record.number, bytes.start)))
    }

    /// Returns to the position before the items changed, as soon as the index contains it.
    pub(super) fn go_to_anchor(&mut self) {
        let (Some((record, offset)), Some(view)) = (self.anchor, &mut self.view) else { return };
        if view.index().is_some_and(|index| self.building && index.looked_at() <= record) {
            return;
        }
        self.anchor = None;
        let byte = view.locate(record, offset);
        self.top = view.place_of(byte.record, byte.offset);
    }

    /// The index whose items are shown.
    #[must_use]
    pub fn index(&self) -> Option<&ItemIndex> {
        self.view.as_ref()?.index()
    }

    /// A copy of the view for a job.
    #[must_use]
    pub fn view_for_job(&self) -> Option<View> {
        self.view.as_ref().map(View::again)
    }

    /// The (first) record of an item, numbered as in the log.
    pub fn record_of(&mut self, item: u64) -> Option<crate::capture::Record> {
        self.view.as_mut()?.record_of(item)
    }

    /// The record with the last byte of an item.
    pub fn last_record_of(&mut self, item: u64) -> Option<u64> {
        let view = self.view.as_mut()?;
        let len = view.len_of(item);
        let last = view.lies_in(item, len.saturating_sub(1)..len).last().map(|(record, _)| record.number);
        last.or_else(|| view.record_of(item).map(|record| record.number))
    }

    /// Payload bytes of an item.
    pub fn len_of(&mut self, item: u64) -> u32 {
        self.view.as_mut().map_or(0, |view| view.len_of(item))
    }

    /// The range of item numbers.
    #[must_use]
    pub fn items(&self) -> std::ops::Range<u64> {
        self.view.as_ref().map_or(0..0, View::items)
    }
}
