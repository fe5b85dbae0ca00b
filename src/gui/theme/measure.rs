//! Dimensions of the layout, in points.

/// Height of the tab bar.
pub const TAB_BAR: f32 = 40.0;
/// Height of the toolbar above the log.
pub const TOOLBAR: f32 = 40.0;
/// Height of the log's column heads.
pub const COLUMN_HEAD: f32 = 24.0;
/// Height of a log row.
pub const LOG_ROW: f32 = 20.0;
/// Height of the strip below a log that is paused.
pub const HELD_STRIP: f32 = 28.0;
/// Height of the send area.
pub const SEND_AREA: f32 = 136.0;
/// Least height of the send area.
pub const SEND_AREA_LEAST: f32 = 116.0;
/// What a send area that was dragged leaves of the pane.
pub const SEND_AREA_LEAVES: f32 = 240.0;
/// Height of the strip at the top of the send area.
pub const SEND_STRIP: f32 = 42.0;
/// Size of the send button; its width in a split pane is [`SEND_BUTTON_SPLIT`].
pub const SEND_BUTTON: egui::Vec2 = egui::vec2(112.0, 58.0);
/// Width of the send button in a split pane.
pub const SEND_BUTTON_SPLIT: f32 = 88.0;
/// Height of the status line.
pub const STATUS: f32 = 28.0;
/// Width of the left column.
pub const SIDE: f32 = 272.0;
/// Width of the left column in a window narrower than [`SIDE_NARROW_BELOW`].
pub const SIDE_NARROW: f32 = 256.0;
/// See [`SIDE_NARROW`]; the rate bars are also hidden below this width.
pub const SIDE_NARROW_BELOW: f32 = 1200.0;
/// Maximum width of the left column; [`SIDE_NARROW`] is its minimum.
pub const SIDE_MOST: f32 = 320.0;
/// Width of the rail that replaces the left column while it is hidden.
pub const RAIL: f32 = 40.0;
/// Padding of the left column.
pub const SIDE_PADDING: f32 = 16.0;
/// Left edge of the fields in the left column.
pub const SIDE_FIELD_X: f32 = 88.0;
/// Distance from one form row of the left column to the next.
pub const FORM_PITCH: f32 = 36.0;
/// Height of a group title.
pub const GROUP_TITLE: f32 = 40.0;
/// Height of the card with the network settings of an open session.
pub const CARD: f32 = 52.0;
/// Height of the title of the peers, and size of its filter field.
pub const PEER_TITLE: f32 = 34.0;
/// See [`PEER_TITLE`].
pub const PEER_FILTER: egui::Vec2 = egui::vec2(143.0, 24.0);
/// Height of a peer row.
pub const PEER_ROW: f32 = 24.0;
/// Width of the dock, and its minimum.
pub const DOCK: f32 = 240.0;
/// Width of the dock at a tab with fields side by side, and its minimum there.
pub const DOCK_WIDE: f32 = 420.0;
/// Maximum width of the dock.
pub const DOCK_MOST: f32 = 480.0;
/// A wide dock that would be lower than this beside the log covers the send area too.
pub const DOCK_LOW: f32 = 300.0;
/// In a pane narrower than this the dock overlays the log; in a wider one it is beside the log.
pub const DOCK_BESIDE: f32 = 728.0;
/// In a window narrower than this the dock overlays the log in any pane.
pub const DOCK_BESIDE_WINDOW: f32 = 1000.0;
/// Minimum height of a dock that ends above the drawer instead of covering its right end.
pub const DOCK_ABOVE_DRAWER: f32 = 200.0;
/// Default height of the drawer.
pub const DRAWER: f32 = 200.0;
/// Minimum height of the drawer.
pub const DRAWER_LEAST: f32 = 96.0;
/// Height of the tabs of the drawer.
pub const DRAWER_TABS: f32 = 32.0;
/// Minimum height of the log above the drawer. In a window too low for this the drawer covers the send area.
pub const LOG_LEAST: f32 = 160.0;
/// In a pane at least this wide a selection opens the inspector. In a narrower pane the inspector would cover half of the hex
/// columns.
pub const INSPECTOR_BY_ITSELF: f32 = 1008.0;
/// A pane narrower than this shows only one of the two plots.
pub const PLOTS_BOTH: f32 = 700.0;
/// Width of the command palette.
pub const PALETTE: f32 = 640.0;
/// Distance of the command palette from the top of the window.
pub const PALETTE_TOP: f32 = 88.0;
/// Height of the field of the command palette.
pub const PALETTE_FIELD: f32 = 48.0;
/// Height of a heading in the command palette.
pub const PALETTE_HEADING: f32 = 28.0;
/// Height of a row in the command palette.
pub const PALETTE_ROW: f32 = 32.0;
/// Height of the foot of the command palette.
pub const PALETTE_FOOT: f32 = 36.0;
/// In a window narrower than this an open dock folds the left column to its rail.
pub const SIDE_BESIDE_DOCK: f32 = 1200.0;
/// In a window narrower than this the left column is folded to its rail.
pub const SIDE_FROM: f32 = 720.0;
/// Height of a control.
pub const CONTROL: f32 = 28.0;
/// Height of the open button.
pub const OPEN_BUTTON: f32 = 32.0;
/// Height of a banner.
pub const BANNER: f32 = 40.0;
/// In a pane narrower than this the words of a banner wrap, and its actions are below them.
pub const BANNER_WIDE: f32 = 640.0;
/// Outer margin of toolbar, log text and send area.
pub const MARGIN: f32 = 12.0;
/// Gap between controls.
pub const GAP: f32 = 8.0;
/// A log at least this wide shows 16 bytes per row and the peer's port.
pub const LOG_WIDE: f32 = 768.0;

/// Corner radius of controls.
pub const RADIUS: u8 = 6;
/// Corner radius of a segment within its track.
pub const RADIUS_SEGMENT: u8 = 5;
/// Corner radius of popups.
pub const RADIUS_POPUP: u8 = 8;
/// Corner radius of the command palette.
pub const RADIUS_PALETTE: u8 = 10;
/// Corner radius of a checkbox.
pub const RADIUS_CHECK: u8 = 4;
/// Corner radius of a byte highlight.
pub const RADIUS_BYTES: u8 = 3;

/// Size of the text in the connect field.
pub const TEXT_TALL: f32 = 16.0;
/// Interface text.
pub const TEXT: f32 = 14.0;
/// Labels, segments, ghost buttons, tabs, group titles.
pub const TEXT_LABEL: f32 = 13.0;
/// Column heads, status, hints.
pub const TEXT_SMALL: f32 = 12.0;
/// The port on the rail: five digits fit.
pub const TEXT_RAIL: f32 = 11.0;
/// Title of an empty page.
pub const TEXT_TITLE: f32 = 20.0;
/// Icons of toolbars.
pub const ICON: f32 = 16.0;
/// Icons in rows.
pub const ICON_ROW: f32 = 14.0;
/// Carets and closing crosses.
pub const ICON_SMALL: f32 = 12.0;
/// Width of the start page.
pub const START: f32 = 720.0;
/// Height of the connect field.
pub const START_FIELD: f32 = 40.0;
/// Height of a card of the start page.
pub const START_CARD: f32 = 76.0;
/// Height of a row in a list of the start page.
pub const START_ROW: f32 = 32.0;
/// Height of a reply rule in the dock.
pub const RULE_ROW: f32 = 54.0;
/// Height of a quick command in the dock.
pub const QUICK_ROW: f32 = 44.0;
/// Height of the heading of a group of quick commands.
pub const QUICK_GROUP: f32 = 32.0;
/// Width of the dock with the reply rules or the steps of a talk file.
pub const DOCK_RUN: f32 = 320.0;
/// Height of the foot of a list in the dock.
pub const DOCK_FOOT: f32 = 40.0;
/// A row of the facts of a connection.
pub const FACT_ROW: f32 = 22.0;
/// Height of the chips below the send box.
pub const CHIPS: f32 = 30.0;
