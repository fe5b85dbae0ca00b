//! The table of commands.

use crate::gui::icons;
use crate::gui::keys::Shortcut;
use egui::Key;

/// Heading of a command in the key sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Connection,
    Traffic,
    Sending,
    Places,
    Tabs,
    Program,
}

impl Group {
    /// In the order of the key sheet.
    pub const ALL: [Self; 6] =
        [Self::Connection, Self::Sending, Self::Traffic, Self::Places, Self::Tabs, Self::Program];

    /// The name of its texts.
    pub fn id(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Sending => "sending",
            Self::Traffic => "traffic",
            Self::Places => "places",
            Self::Tabs => "tabs",
            Self::Program => "program",
        }
    }
}

macro_rules! commands {
    ($($group:ident { $($name:ident: $id:literal, $icon:ident $(, $default:expr)?;)* })*) => {
        /// A command of the window.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Command { $($($name),*),* }

        impl Command {
            /// All commands, in the order of the key sheet.
            pub const ALL: &'static [Self] = &[$($(Self::$name),*),*];

            /// The name in the settings and of its texts; stable.
            pub fn id(self) -> &'static str {
                match self { $($(Self::$name => $id),*),* }
            }

            /// Its icon in the palette.
            pub fn icon(self) -> char {
                match self { $($(Self::$name => icons::$icon),*),* }
            }

            /// Its heading.
            pub fn group(self) -> Group {
                match self { $($(Self::$name => Group::$group),*),* }
            }

            /// Its shortcut, unless the user chose another one.
            pub fn default_shortcut(self) -> Option<Shortcut> {
                match self { $($(Self::$name => commands!(@ $($default)?)),*),* }
            }
        }
    };
    (@) => { None };
    (@ $default:expr) => { Some($default) };
}

commands! {
    Connection {
        OpenOrClose: "open-or-close", PLUGS_CONNECTED, Shortcut::plain(Key::F5);
        ResetCounters: "reset-counters", ARROW_COUNTER_CLOCKWISE;
    }
    Sending {
        Send: "send", PAPER_PLANE_RIGHT, Shortcut::ctrl(Key::Enter);
        StopSending: "stop-sending", STOP;
        SendFile: "send-file", FILE_ARROW_UP, Shortcut::ctrl(Key::O);
    }
    Traffic {
        Find: "find", MAGNIFYING_GLASS, Shortcut::ctrl(Key::F);
        FindNext: "find-next", CARET_DOWN, Shortcut::plain(Key::F3);
        FindPrevious: "find-previous", CARET_UP, Shortcut::shift(Key::F3);
        HitList: "hit-list", LIST_BULLETS, Shortcut::ctrl_shift(Key::F);
        Filter: "filter", FUNNEL;
        Follow: "follow", ARROW_LINE_DOWN;
        Clear: "clear", TRASH, Shortcut::ctrl(Key::L);
        ShowAll: "show-all", ARROW_COUNTER_CLOCKWISE;
        ClearFilter: "clear-filter", FUNNEL;
        CopyAll: "copy-all", COPY;
        ReceiveToFile: "receive-to-file", FILE_ARROW_DOWN;
        SaveReceived: "save-received", FILE_ARROW_DOWN;
        SaveLog: "save-log", FILE_TEXT;
        Export: "export", EXPORT;
        NextDifference: "next-difference", CARET_DOWN, Shortcut::plain(Key::F7);
        PreviousDifference: "previous-difference", CARET_UP, Shortcut::shift(Key::F7);
    }
    Places {
        NextPlace: "next-place", ARROW_RIGHT, Shortcut::plain(Key::F6);
        PreviousPlace: "previous-place", ARROW_LEFT, Shortcut::shift(Key::F6);
        Box: "box", CURSOR_TEXT, Shortcut::plain(Key::Escape);
        Left: "left", SIDEBAR_SIMPLE, Shortcut::ctrl(Key::B);
        Dock: "dock", SIDEBAR, Shortcut::ctrl(Key::I);
        Drawer: "drawer", TABLE, Shortcut::ctrl(Key::J);
        Inspect: "inspect", BINARY;
        QuickCommands: "quick-commands", LIGHTNING;
        Replies: "replies", ARROW_ELBOW_DOWN_RIGHT, Shortcut::ctrl_shift(Key::R);
        NewReply: "new-reply", PLUS;
        ReplyOfSelection: "reply-of-selection", ARROW_ELBOW_DOWN_RIGHT;
        TurnReplies: "turn-replies", ARROWS_LEFT_RIGHT;
        Facts: "facts", INFO;
        Plots: "plots", CHART_LINE;
        Transfers: "transfers", FILE_ARROW_UP;
        ReplyTrace: "reply-trace", TREE_STRUCTURE;
    }
    Tabs {
        NewTab: "new-tab", PLUS, Shortcut::ctrl(Key::T);
        CloseTab: "close-tab", X, Shortcut::ctrl(Key::W);
        ReopenTab: "reopen-tab", CLOCK_COUNTER_CLOCKWISE, Shortcut::ctrl_shift(Key::T);
        NextTab: "next-tab", CARET_RIGHT, Shortcut::ctrl(Key::Tab);
        PreviousTab: "previous-tab", CARET_LEFT, Shortcut::ctrl_shift(Key::Tab);
        DuplicateTab: "duplicate-tab", COPY;
        CloseOtherTabs: "close-other-tabs", X;
        Split: "split", COLUMNS;
    }
    Program {
        Palette: "palette", TERMINAL, Shortcut::ctrl(Key::K);
        KeySheet: "key-sheet", KEYBOARD, Shortcut::plain(Key::F1);
        Settings: "settings", GEAR_SIX, Shortcut::ctrl(Key::Comma);
        Captures: "captures", ARCHIVE;
        ImportLog: "import-log", FILE_PLUS;
        EditFraming: "edit-framing", CODE;
        HighlightRules: "highlight-rules", PENCIL_SIMPLE;
        Demo: "demo", PLAY;
    }
}

/// Keys that are not in the table because they act on what has the focus: keys, id of the text, group. They cannot be changed.
pub const FIXED: &[(&str, &str, Group)] = &[
    ("Ctrl+C", "copy", Group::Traffic),
    ("Ctrl+Shift+C", "copy-other", Group::Traffic),
    ("Ctrl+D", "compare", Group::Traffic),
    ("Ctrl+E", "fill-box", Group::Traffic),
    ("Ctrl+↑", "older-message", Group::Sending),
    ("Ctrl+↓", "newer-message", Group::Sending),
    ("Ctrl+Z", "undo-conversion", Group::Sending),
    ("Alt+1…9", "quick-by-number", Group::Sending),
    ("Tab", "next-control", Group::Places),
    ("Shift+Tab", "previous-control", Group::Places),
    ("Ctrl+1…9", "tab-by-number", Group::Tabs),
];

impl Command {
    /// The command with this id.
    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|command| command.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn every_command_has_its_texts_and_an_id_of_its_own() {
        let mut ids: Vec<&str> = Command::ALL.iter().map(|command| command.id()).collect();
        ids.extend(FIXED.iter().map(|(_, id, _)| *id));
        ids.extend(Group::ALL.map(Group::id));
        for lang in Lang::ALL {
            for id in &ids {
                assert!(!lang.texts().command(id).is_empty(), "{lang:?} {id}");
            }
        }
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for command in Command::ALL {
            assert_eq!(Command::by_id(command.id()), Some(*command));
        }
    }
}
