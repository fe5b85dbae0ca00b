use super::*;
use crate::settings::{ColumnSet, ColumnSetup};

const MODES: [ViewMode; 3] = [ViewMode::Text, ViewMode::Hex, ViewMode::Dump];

fn shape(width: f32, mode: ViewMode) -> Shape {
    let setup = ColumnSetup::default();
    Shape { width, mode, setup, has_peers: true, has_summary: false, room: Room::LEAST }
}

fn without(hidden: &[LogColumn]) -> ColumnSetup {
    ColumnSetup { hidden: ColumnSet::from(hidden.to_vec()), ..ColumnSetup::default() }
}

fn edges(columns: &Columns, column: LogColumn) -> (f32, f32) {
    columns.span(column).map_or((0.0, 0.0), |span| (span.left, span.right))
}

#[test]
fn the_list_has_the_order_of_the_columns() {
    for (index, column) in COLUMNS.iter().enumerate() {
        assert_eq!(column.id as usize, index);
    }
}

#[test]
fn columns_match_the_design() {
    let wide = Columns::new(&shape(768.0, ViewMode::Dump));
    assert_eq!(edges(&wide, LogColumn::Time), (12.0, 96.0));
    assert_eq!((edges(&wide, LogColumn::Delta).1, wide.arrow(), wide.words()), (148.0, 160.0, 174.0));
    assert_eq!((edges(&wide, LogColumn::Length).1, edges(&wide, LogColumn::Offset).0), (238.0, 249.0));
    assert_eq!((wide.byte_x(0), wide.text(), wide.bytes()), (287.0, 639.0, 16));
    let narrow = Columns::new(&shape(560.0, ViewMode::Dump));
    assert_eq!((narrow.byte_x(0), narrow.text(), narrow.bytes()), (287.0, 468.0, 8));
    let text = Columns::new(&shape(720.0, ViewMode::Text));
    assert_eq!((text.text(), text.cells), (255.0, 63));
    let client = Columns::new(&Shape { has_peers: false, ..shape(740.0, ViewMode::Dump) });
    assert_eq!((edges(&client, LogColumn::Length).1, edges(&client, LogColumn::Offset).0), (204.0, 215.0));
    assert_eq!((client.byte_x(0), client.text()), (253.0, 605.0));
    let with_port = Columns::new(&shape(1008.0, ViewMode::Text));
    assert!(with_port.fit.has_port && with_port.fit.delta);
    assert_eq!(edges(&with_port, LogColumn::Delta).1, 148.0);
}

#[test]
fn a_wider_log_has_more_bytes_in_a_row() {
    let bytes = |width, mode| Columns::new(&shape(width, mode)).bytes();
    for (width, dump, hex) in [
        (503.0, 8, 8),
        (560.0, 8, 12),
        (656.0, 12, 16),
        (768.0, 16, 16),
        (1008.0, 16, 24),
        (1094.0, 24, 32),
        (1648.0, 32, 32),
        (2288.0, 32, 32),
    ] {
        assert_eq!((bytes(width, ViewMode::Dump), bytes(width, ViewMode::Hex)), (dump, hex), "{width}");
    }
    // Selected, as long as it fits.
    for (width, chosen, expected) in
        [(1648.0, 16, 16), (1648.0, 8, 8), (768.0, 24, 16), (768.0, 16, 16), (503.0, 32, 8)]
    {
        let setup = ColumnSetup { bytes: chosen, ..ColumnSetup::default() };
        assert_eq!(
            Columns::new(&Shape { setup, ..shape(width, ViewMode::Dump) }).bytes(),
            expected,
            "{width} {chosen}"
        );
    }
}

#[test]
fn columns_are_not_truncated_and_do_not_touch_at_any_width() {
    let room = Room { peer_digits: 4, length_cells: 7, offset_digits: 8 };
    for mode in MODES {
        for width in (600_u16..2000).step_by(7) {
            for room in [Room::LEAST, room] {
                for has_summary in [false, true] {
                    let c = Columns::new(&Shape { room, has_summary, ..shape(f32::from(width), mode) });
                    let spans: Vec<Span> = c.spans.into_iter().flatten().collect();
                    assert!(
                        spans.windows(2).all(|two| two[0].right + 2.0 <= two[1].left),
                        "{mode:?} {width}: {spans:?}"
                    );
                    assert!(c.end() <= f32::from(width), "{mode:?} {width}: {spans:?}");
                }
            }
        }
    }
}

#[test]
fn hidden_columns_free_their_space() {
    let hidden = [LogColumn::Time, LogColumn::Delta];
    let c = Columns::new(&Shape { setup: without(&hidden), ..shape(768.0, ViewMode::Dump) });
    assert_eq!((c.span(LogColumn::Time), c.span(LogColumn::Delta), c.arrow()), (None, None, 19.0));
    let c = Columns::new(&Shape { setup: without(&LogColumn::CHOICES), ..shape(560.0, ViewMode::Dump) });
    assert_eq!(c.bytes(), 16);
    assert!(c.span(LogColumn::Peer).is_none() && c.span(LogColumn::Length).is_none());
    // If both do not fit, the time of day stays.
    let narrow = Columns::new(&shape(503.0, ViewMode::Dump));
    assert!(narrow.span(LogColumn::Time).is_some() && narrow.span(LogColumn::Delta).is_none());
}

#[test]
fn a_summary_is_shown_where_at_least_16_bytes_are_left() {
    for mode in MODES {
        for width in [640.0, 768.0, 899.0, 900.0, 1008.0, 1648.0] {
            let plain = Columns::new(&shape(width, mode));
            let with = Columns::new(&Shape { has_summary: true, ..shape(width, mode) });
            assert!(with.bytes() == plain.bytes() || with.bytes() >= 16, "{mode:?} {width}");
            let summary = with.span(LogColumn::Summary);
            assert_eq!(
                summary.is_some(),
                width >= if mode == ViewMode::Hex { 768.0 } else { 900.0 },
                "{mode:?} {width}"
            );
            assert!(summary.is_none_or(|span| span.right - span.left >= 98.0), "{mode:?} {width}: {summary:?}");
        }
    }
    let hex = Columns::new(&Shape { has_summary: true, ..shape(768.0, ViewMode::Hex) });
    assert_eq!(hex.span(LogColumn::Summary).map(|span| span.left), Some(639.0));
}

#[test]
fn lines_that_are_not_wrapped_are_one_row() {
    let setup = ColumnSetup { wrap: false, ..ColumnSetup::default() };
    assert_eq!(Columns::new(&Shape { setup, ..shape(768.0, ViewMode::Text) }).cells, UNWRAPPED);
}

#[test]
fn hit_testing_matches_painting() {
    for width in [560.0, 640.0, 1000.0, 1648.0] {
        let c = Columns::new(&shape(width, ViewMode::Dump));
        for index in 0..usize::from(c.bytes()) {
            for within in [0.0, 7.0, 13.9] {
                assert_eq!(c.byte_at(c.byte_x(index) + within), index);
            }
        }
        assert_eq!((c.byte_at(0.0), c.byte_at(9_999.0)), (0, usize::from(c.bytes()) - 1));
    }
}
