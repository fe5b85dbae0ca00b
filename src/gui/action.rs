//! What panels ask for: one enum for each place it is about, so that none can be forgotten where it is done.

use crate::capture::CaptureInfo;
use crate::gui::files::state::FileTask;
use crate::gui::frame::places::{DockTab, DrawerTab};
use crate::gui::framing::state::RulePart;
use crate::gui::log::Side;
use crate::model::{PeerId, SessionId};
use crate::settings::Theme;
use crate::words::Lang;
use std::path::PathBuf;
use std::sync::Arc;

/// One thing the user asked for. Panels queue them while they draw; they are done afterwards, in order.
#[derive(Clone, Debug)]
pub enum Action {
    Tab(TabAction),
    Session(SessionAction),
    View(ViewAction),
    File(FileAction),
    App(AppAction),
    Capture(CaptureAction),
    Rule(RuleAction),
    Highlight(HighlightAction),
}

/// About the tabs.
#[derive(Clone, Copy, Debug)]
pub enum TabAction {
    New,
    Duplicate(SessionId),
    Close(SessionId),
    CloseOthers(SessionId),
    /// Bring a closed tab back; `None`: the last one.
    Reopen(Option<SessionId>),
    Focus(SessionId),
    ToggleSplit,
}

/// About a session's connections and what it sends.
#[derive(Clone, Copy, Debug)]
pub enum SessionAction {
    Open(SessionId),
    Close(SessionId),
    /// Open on another local port.
    OpenOnPort(SessionId, u16),
    DismissFailure(SessionId),
    /// Read the files that were sent and not kept.
    FollowFiles(SessionId),
    DismissUnread(SessionId),
    Send(SessionId),
    StopSend(SessionId),
    DisconnectPeer(SessionId, PeerId),
    ResetPeer(SessionId, PeerId),
    TargetPeer(SessionId, PeerId),
    ResetCounts(SessionId),
}

/// About what is shown of a session.
#[derive(Clone, Debug)]
pub enum ViewAction {
    /// The search box gets the focus.
    FocusFind(SessionId),
    /// To the next hit (true), or the previous one.
    FindStep(SessionId, bool),
    /// Open the list of hits, or close it.
    ToggleHits(SessionId),
    /// Open the dock at this tab.
    ShowDock(SessionId, DockTab),
    /// Close the dock, or open it at its last tab.
    ToggleDock(SessionId),
    /// Open the drawer at this tab.
    ShowDrawer(SessionId, DrawerTab),
    /// Close the drawer, or open it at its last tab.
    ToggleDrawer(SessionId),
    /// Call the index of what is shown off (true), or go on with it.
    StopIndex(SessionId, bool),
    /// Show only this peer's traffic.
    FilterPeer(SessionId, PeerId),
    /// Chosen bytes are to be compared with others later.
    SetCompareBase(Arc<Side>),
    /// There was nothing to compare in what was chosen.
    NothingToCompare,
    /// To the next difference (true), or the previous one.
    CompareStep(SessionId, bool),
    Clear(SessionId),
    ShowAll(SessionId),
    CopyAll(SessionId),
    CopyText(String),
    /// The log has copied a selection.
    Copied {
        bytes: u64,
        cut: bool,
    },
    /// The log has copied so many rows with their times and peers.
    CopiedLines {
        lines: usize,
        cut: bool,
    },
    /// The log could not: so many records can no longer be read.
    CopyFailed(u64),
}

/// About the strip for a file of a session.
#[derive(Clone, Debug)]
pub enum FileAction {
    /// Show the strip for a file task, and the system's dialog.
    Show(SessionId, FileTask),
    /// Show the system's dialog again.
    Pick(SessionId),
    /// Do the strip's task with the path in it.
    Start(SessionId),
    Cancel(SessionId),
    Close(SessionId),
    /// Files were dropped onto the window.
    Drop(SessionId, Vec<PathBuf>),
}

/// About the whole program.
#[derive(Clone, Copy, Debug)]
pub enum AppAction {
    DismissNotice,
    RefreshAddresses,
    ToggleSide,
    SetLang(Option<Lang>),
    SetTheme(Theme),
    SetZoom(f32),
    OpenSettings,
    CloseSettings,
    Demo,
}

/// About the captures that are kept.
#[derive(Clone, Debug)]
pub enum CaptureAction {
    /// Show the page of them.
    ShowPage,
    List,
    Open(CaptureInfo),
    /// Open it with the strip for an export.
    Export(CaptureInfo),
    Delete(Vec<String>),
    /// Show the system's dialog for a log to read in.
    PickImport,
    /// Read the log into a new capture.
    StartImport,
}

/// About the framing rule that is being edited.
#[derive(Clone, Debug)]
pub enum RuleAction {
    /// Open the rule editor on the session's rule.
    Edit(SessionId, RulePart),
    Close,
    /// The session takes the rule.
    Apply,
    /// The rule is remembered under this name.
    Save(String),
    /// Forget the saved rule.
    Delete,
}

/// About the highlight rules.
#[derive(Clone, Debug)]
pub enum HighlightAction {
    /// Their dialog, tried in the encoding of this session.
    Open(SessionId),
    Close,
    /// A rule that tints these bytes; true: they were chosen as text.
    Add(SessionId, Vec<u8>, bool),
}
