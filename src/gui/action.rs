//! The actions that panels request: one enum for each subject, so that the compiler finds actions that are not handled.

use crate::capture::CaptureInfo;
use crate::codec::FramingRule;
use crate::gui::files::form::{Anchor, FileTask};
use crate::gui::frame::places::{DockTab, DrawerTab};
use crate::gui::framing::state::RulePart;
use crate::gui::log::Side;
use crate::gui::replies::presets::Preset;
use crate::model::{PeerId, SessionId};
use crate::settings::{Message, Recent, Theme};
use crate::talk::edit::Edit;
use crate::words::Lang;
use std::path::PathBuf;
use std::sync::Arc;

/// A request of the user. Panels queue actions while they draw; the actions are executed afterwards, in order.
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
    Start(StartAction),
    Talk(TalkAction),
    Quick(QuickAction),
    Reply(ReplyAction),
    Run(RunAction),
}

/// Actions on tabs.
#[derive(Clone, Copy, Debug)]
pub enum TabAction {
    New,
    Duplicate(SessionId),
    Close(SessionId),
    CloseOthers(SessionId),
    /// Reopen a closed tab; `None`: the last one.
    Reopen(Option<SessionId>),
    Focus(SessionId),
    ToggleSplit,
}

/// Actions on the connections of a session and its sends.
#[derive(Clone, Copy, Debug)]
pub enum SessionAction {
    Open(SessionId),
    Close(SessionId),
    /// Open with another local port.
    OpenOnPort(SessionId, u16),
    DismissFailure(SessionId),
    /// Hide the banner about a lost connection, also for later ones.
    DismissLost(SessionId),
    TrustCertificate(SessionId),
    DismissCertificate(SessionId),
    /// Open a client that connects again by itself from now on.
    Reconnect(SessionId),
    /// Read the sent files whose contents are not in the capture.
    FollowFiles(SessionId),
    DismissUnread(SessionId),
    Send(SessionId),
    StopSend(SessionId),
    DisconnectPeer(SessionId, PeerId),
    ResetPeer(SessionId, PeerId),
    TargetPeer(SessionId, PeerId),
    ResetCounts(SessionId),
}

/// Actions on the run of a talk file.
#[derive(Clone, Debug)]
pub enum RunAction {
    /// Show the steps in the dock.
    Show(SessionId),
    /// Show the list of commands again.
    Leave(SessionId),
    /// Run the steps, or these ones.
    Start(SessionId, Option<Vec<usize>>),
    Stop(SessionId),
    /// Go to a record in the log.
    ShowRecord(SessionId, u64),
}

/// Actions on the view of a session.
#[derive(Clone, Debug)]
pub enum ViewAction {
    /// Focus the search box.
    FocusFind(SessionId),
    /// Go to the next hit (true) or the previous one.
    FindStep(SessionId, bool),
    /// Open or close the hit list.
    ToggleHits(SessionId),
    /// Open the dock at this tab.
    ShowDock(SessionId, DockTab),
    /// Close the dock, or open it at its last tab.
    ToggleDock(SessionId),
    /// Open the drawer at this tab.
    ShowDrawer(SessionId, DrawerTab),
    /// Close the drawer, or open it at its last tab.
    ToggleDrawer(SessionId),
    /// Cancel the index (true) or resume it.
    StopIndex(SessionId, bool),
    /// Show only this peer's traffic.
    FilterPeer(SessionId, PeerId),
    /// Keep the selected bytes for a later comparison.
    SetCompareBase(Arc<Side>),
    /// The selection contains nothing to compare.
    NothingToCompare,
    /// Go to the next difference (true) or the previous one.
    CompareStep(SessionId, bool),
    Clear(SessionId),
    ShowAll(SessionId),
    /// Show the records from this one on: a clear is undone.
    ShowFrom(SessionId, u64),
    /// The send box got another text than that of this message, which may come back.
    DraftReplaced(SessionId, Box<Message>),
    /// The send box has this message again.
    RestoreDraft(SessionId, Box<Message>),
    CopyAll(SessionId),
    CopyText(String),
    /// The log has copied a selection.
    Copied {
        bytes: u64,
        cut: bool,
    },
    /// The log has copied this many rows with time and peer.
    CopiedLines {
        lines: usize,
        cut: bool,
    },
    /// Copying failed: this many records can no longer be read.
    CopyFailed(u64),
}

/// Actions on files.
#[derive(Clone, Debug)]
pub enum FileAction {
    /// Open the form of a file action, and the system's file dialog.
    Show(SessionId, FileTask),
    /// The same at another control.
    ShowAt(SessionId, FileTask, Anchor),
    /// Open the system's file dialog again.
    Pick(SessionId),
    /// Start the action of the form.
    Start(SessionId),
    /// Files were dropped on the window.
    Drop(SessionId, Vec<PathBuf>),
    /// Cancel the action of this row.
    Cancel(SessionId, u64),
    /// Stop writing to files what is received.
    StopReceiving(SessionId),
    /// Cancel all actions that run or wait.
    CancelAll(SessionId),
    /// Take the row of an ended action off the list.
    Remove(SessionId, u64),
    /// The same for all ended actions.
    ClearEnded(SessionId),
    /// Send the file of this row once more.
    SendAgain(SessionId, u64),
    /// Show this file in the file manager.
    ShowInFolder(PathBuf),
}

/// Actions on the whole program.
#[derive(Clone, Copy, Debug)]
pub enum AppAction {
    DismissNotice,
    RefreshAddresses,
    ToggleSide,
    SetLang(Option<Lang>),
    SetTheme(Theme),
    SetZoom(f32),
    OpenSettings,
    /// Open the command palette, or close it.
    TogglePalette,
    OpenKeySheet,
    CloseSettings,
    Demo,
}

/// Actions on the stored captures.
#[derive(Clone, Debug)]
pub enum CaptureAction {
    /// Show their page.
    ShowPage,
    List,
    Open(CaptureInfo),
    /// Open it with the file strip for an export.
    Export(CaptureInfo),
    Delete(Vec<String>),
    /// Open the system's file dialog for a log to import.
    PickImport,
    /// Show the page of captures and the dialog for a log to read in.
    BeginImport,
    /// Read the log into a new capture.
    StartImport,
}

/// Actions on the framing rule in the editor.
#[derive(Clone, Debug)]
pub enum RuleAction {
    /// Open the rule editor with the session's rule.
    Edit(SessionId, RulePart),
    /// Close it; the session has the rule it had before.
    Cancel(SessionId),
    /// Close it; the session keeps the edited rule.
    Apply(SessionId),
    /// Save the rule under this name.
    Save(SessionId, String),
    /// Delete the saved rule.
    Delete(SessionId),
}

/// Actions on the highlight rules.
#[derive(Clone, Debug)]
pub enum HighlightAction {
    /// Show them beside the log of this session.
    Open(SessionId),
    Close(SessionId),
    /// Add a rule that matches these bytes; true: they were selected as text.
    Add(SessionId, Vec<u8>, bool),
}

/// Actions on the quick commands of a session.
#[derive(Clone, Debug)]
pub enum QuickAction {
    /// Run these entries of the file one behind the other; true: again and again.
    Run(SessionId, Vec<usize>, bool),
    /// Stop the command with this name, or all that run.
    Stop(SessionId, Option<String>),
    /// Open the form of a new command.
    New(SessionId),
    /// Open the form of an entry.
    Edit(SessionId, usize),
    /// Save the form.
    Save(SessionId),
    /// Close the form.
    Close(SessionId),
    /// Choose a list of another program, and add its commands.
    Import(SessionId),
    /// Make a command of what is in the send box; of an empty box, open the form of a new one.
    KeepBox(SessionId),
    /// Make a command of a sent message.
    KeepMessage(SessionId, Box<Message>),
    /// Make a command of these bytes of the log; true: they are a text.
    KeepBytes(SessionId, Vec<u8>, bool),
}

/// Actions on the replies of a session.
#[derive(Clone, Debug)]
pub enum ReplyAction {
    /// Reply by the rules of the talk file from now on (true), or not.
    TurnOn(SessionId, bool),
    /// Open the form of a rule; of a register table, show its file.
    Edit(SessionId, usize),
    /// Open the form of a new rule.
    New(SessionId),
    /// Open the form of a new rule on the bytes that are selected in the log.
    OfSelection(SessionId),
    /// Open the form of a new rule on these bytes; true: they are a text.
    OfBytes(SessionId, Vec<u8>, bool),
    /// Save the form.
    Save(SessionId),
    /// Close the form.
    Close(SessionId),
    /// Edit the rule of the form as text.
    AsText(SessionId),
    /// Add a ready-made reply.
    Add(SessionId, Preset),
    /// Undo it: where the contents of the file still are the first text, they become the second, and the framing rule comes back.
    TakeBack(SessionId, Box<(String, String, FramingRule)>),
    /// Read the files that the rules use again, such as a register table.
    ReadAgain(SessionId),
}

/// Actions on the talk file of a session.
#[derive(Clone, Debug)]
pub enum TalkAction {
    /// Make these changes, in order, or none of them.
    Edit(SessionId, Vec<Edit>),
    /// The same, with an offer to undo it. The text: what was done.
    EditUndoable(SessionId, Vec<Edit>, String),
    /// Undo an edit: where the contents still are the first text, they become the second.
    Restore(SessionId, Box<(String, String)>),
    /// The system's file dialog for another talk file.
    Pick(SessionId),
    /// Use this file.
    Use(SessionId, PathBuf),
    /// Use a file of this session's own.
    UseOwn(SessionId),
    /// Read the file again; edits that are not on disk are dropped.
    TakeTheirs(SessionId),
    /// Keep the edits, over what another program wrote.
    KeepOurs(SessionId),
    /// Use the edits that an earlier start could not write.
    TakeAside(SessionId),
    /// Delete them.
    DropAside(SessionId),
}

/// About the start page and its list of recent connections.
#[derive(Clone, Debug)]
pub enum StartAction {
    /// Open the session; typing goes to its send box.
    Open(SessionId),
    /// Open a recent connection in this tab.
    OpenRecent(SessionId, Box<Recent>),
    /// Pin (true) or unpin the connection at this place of the list.
    PinRecent(usize, bool),
    /// Take the connection at this place off the list.
    RemoveRecent(usize),
    /// Put it on the list again.
    RestoreRecent(Box<Recent>),
    /// The session got another name.
    Renamed(SessionId),
}
