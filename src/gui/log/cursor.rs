//! The byte cursor. Arrow keys move the end of the selection, with Shift they extend it. Shift+Up starts one with a whole
//! record.

use crate::gui::log::LogView;
use crate::gui::log::columns::Columns;
use crate::gui::log::select::{Column, Selection, Spot, spot_at};
use crate::lines::{Place, Row, RowKind, View, ViewMode};
use egui::{Key, Modifiers, Ui};

/// Maximum number of rows without bytes to skip on the way to the next one with bytes.
const PASSED_ROWS: usize = 256;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Back,
    Forth,
    Up,
    Down,
}

impl Step {
    const KEYS: [(Key, Self); 4] = [
        (Key::ArrowLeft, Self::Back),
        (Key::ArrowRight, Self::Forth),
        (Key::ArrowUp, Self::Up),
        (Key::ArrowDown, Self::Down),
    ];

    fn rows(self) -> i64 {
        match self {
            Self::Back | Self::Up => -1,
            Self::Forth | Self::Down => 1,
        }
    }
}

impl LogView {
    /// Handles the arrow keys of a selection. Without a selection only those with Shift, which start one; the others scroll.
    pub(super) fn cursor_keys(&mut self, ui: &Ui) {
        for (key, step) in Step::KEYS {
            for (modifiers, extend) in [(Modifiers::SHIFT, true), (Modifiers::NONE, false)] {
                // `consume_key` ignores Shift if it is not in the pattern, so the modifier is checked here.
                let is_held = ui.input(|i| i.modifiers.shift) == extend;
                let wanted = is_held && (extend || self.selection.is_some());
                if wanted && ui.input_mut(|i| i.consume_key(modifiers, key)) {
                    // egui would also move the focus with the key if the log received the focus only one frame ago.
                    ui.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
                    self.step(step, extend);
                }
            }
        }
    }

    fn step(&mut self, step: Step, extend: bool) {
        let Some(columns) = self.screen.as_ref().map(|screen| screen.inputs.columns) else { return };
        let Some(now) = self.selection.clone() else {
            let begin = match step {
                Step::Up => None,
                _ => self.first_in_sight(&columns),
            };
            if let Some(begin) = begin.or_else(|| self.newest_in_sight()) {
                self.select(begin);
            }
            return;
        };
        let Some(view) = &mut self.view else { return };
        let is_vertical = matches!(step, Step::Up | Step::Down);
        let next = if now.column == Column::Records && is_vertical {
            next_record(view, &now.head, step).map(|head| (Column::Records, head))
        } else {
            let column = column_of(now.column, columns.mode);
            let head = match (now.column, step) {
                (Column::Records, _) => spot_of(view, &columns, column, now.head.record, 0),
                (_, Step::Up | Step::Down) => beside_row(view, &columns, column, &now.head, step),
                (_, Step::Back | Step::Forth) => beside(view, &columns, column, &now.head, step),
            };
            head.map(|head| (column, head))
        };
        let Some((column, head)) = next else { return };
        let anchor = if extend && now.column == column { now.anchor } else { head.clone() };
        let place = view.place_of(head.record, head.bytes.start);
        let mut selection = Selection { column, anchor, head };
        self.include_folded(&mut selection);
        self.select(selection);
        self.bring_into_sight(place);
    }

    /// Selects the newest visible record as a whole. From there all records can be reached, also those without bytes.
    pub(super) fn newest_in_sight(&self) -> Option<Selection> {
        let last = self.screen.as_ref()?.lines.last()?;
        Some(Selection::of_record(last.row.place.record))
    }

    /// The first visible byte.
    fn first_in_sight(&self, columns: &Columns) -> Option<Selection> {
        let row = self.screen.as_ref()?.lines.iter().map(|line| &line.row).find(|row| has_bytes(row))?;
        let column = column_of(Column::Hex, columns.mode);
        let spot = spot_at(columns, row, column, 0.0);
        Some(Selection { column, anchor: spot.clone(), head: spot })
    }

    fn bring_into_sight(&mut self, place: Place) {
        let (Some(view), Some(screen)) = (&mut self.view, &self.screen) else { return };
        let (Some(first), Some(last)) = (screen.lines.first(), screen.lines.last()) else { return };
        if place < first.row.place {
            self.top = place;
            self.follow = false;
        } else if place > last.row.place {
            let above = i64::try_from(self.rows_fit.saturating_sub(1)).unwrap_or(0);
            self.top = view.moved(place, -above);
        }
    }
}

/// The column of a cursor. Only dump mode shows both.
fn column_of(column: Column, mode: ViewMode) -> Column {
    match (mode, column) {
        (ViewMode::Text, _) => Column::Text,
        (ViewMode::Hex, _) | (ViewMode::Dump, Column::Hex | Column::Records) => Column::Hex,
        (ViewMode::Dump, Column::Text) => Column::Text,
    }
}

fn has_bytes(row: &Row) -> bool {
    matches!(&row.kind, RowKind::Data { bytes, .. } if !bytes.is_empty())
}

fn row_at(view: &mut View, place: Place) -> Option<Row> {
    view.rows(place, 1).into_iter().next()
}

/// The next row with bytes above or below `place`.
fn next_row(view: &mut View, mut place: Place, step: Step) -> Option<Row> {
    for _ in 0..PASSED_ROWS {
        let next = view.moved(place, step.rows());
        if next == place {
            return None;
        }
        let row = row_at(view, next)?;
        if has_bytes(&row) {
            return Some(row);
        }
        place = next;
    }
    None
}

/// The record above or below, as a whole.
fn next_record(view: &mut View, head: &Spot, step: Step) -> Option<Spot> {
    let edge = if step == Step::Up { 0 } else { u32::MAX };
    let mut place = view.place_of(head.record, edge);
    for _ in 0..PASSED_ROWS {
        let next = view.moved(place, step.rows());
        if next == place {
            return None;
        }
        if next.record != head.record {
            return Some(Spot { record: next.record, bytes: 0..u32::MAX });
        }
        place = next;
    }
    None
}

/// The byte or character that contains byte `offset` of a record.
fn spot_of(view: &mut View, columns: &Columns, column: Column, record: u64, offset: u32) -> Option<Spot> {
    let place = view.place_of(record, offset);
    let row = row_at(view, place).filter(|row| row.place.record == record)?;
    let RowKind::Data { offset: start, bytes, cells, .. } = &row.kind else { return None };
    if bytes.is_empty() {
        return None;
    }
    if column == Column::Hex {
        let last = start + u32::try_from(bytes.len()).unwrap_or(u32::MAX) - 1;
        let at = offset.clamp(*start, last);
        return Some(Spot { record, bytes: at..at + 1 });
    }
    match cells.iter().find(|cell| cell.bytes.contains(&offset)) {
        Some(cell) => Some(Spot { record, bytes: cell.bytes.clone() }),
        None => Some(spot_at(columns, &row, column, f32::MAX)),
    }
}

/// The next byte or character, across the ends of rows and records.
fn beside(view: &mut View, columns: &Columns, column: Column, head: &Spot, step: Step) -> Option<Spot> {
    let within = match step {
        Step::Back | Step::Up => head.bytes.start.checked_sub(1),
        Step::Forth | Step::Down => Some(head.bytes.end),
    };
    let moved = |spot: &Spot| match step {
        Step::Back | Step::Up => spot.bytes.start < head.bytes.start,
        Step::Forth | Step::Down => spot.bytes.end > head.bytes.end,
    };
    if let Some(offset) = within
        && let Some(spot) = spot_of(view, columns, column, head.record, offset).filter(moved)
    {
        return Some(spot);
    }
    let place = view.place_of(head.record, head.bytes.start);
    let row = next_row(view, place, step)?;
    let x = if step.rows() < 0 { f32::MAX } else { 0.0 };
    Some(spot_at(columns, &row, column, x))
}

/// The same column in the row above or below.
fn beside_row(view: &mut View, columns: &Columns, column: Column, head: &Spot, step: Step) -> Option<Spot> {
    let place = view.place_of(head.record, head.bytes.start);
    let row = row_at(view, place)?;
    let RowKind::Data { offset, cells, .. } = &row.kind else { return None };
    let x = if column == Column::Hex {
        columns.byte_x(head.bytes.start.saturating_sub(*offset) as usize)
    } else {
        let cell = cells.iter().find(|cell| cell.bytes.contains(&head.bytes.start));
        cell.map_or(columns.cell_x(0), |cell| columns.cell_x(cell.column))
    };
    let row = next_row(view, place, step)?;
    Some(spot_at(columns, &row, column, x + 1.0))
}
