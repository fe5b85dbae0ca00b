//! The labels of the window: texts without values.
//!
//! A control's accessible name is a [`Text`] too: tests and screen readers use it, so it changes only together with them. If a
//! shorter label is drawn, a `…Short` text exists beside the name.

use crate::words::Lang;

macro_rules! names {
    ($($name:ident,)*) => {
        /// A label. Its text is in the table of each language.
        #[expect(missing_docs, reason = "the English table shows what each one is")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Text { $($name),* }

        impl Text {
            /// All labels, for the tests of the tables.
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

/// The labels of the window.
pub trait Labels {
    /// The text of a label.
    fn label(&self, text: Text) -> &'static str;
}

impl Text {
    /// The label in `lang`.
    #[must_use]
    pub fn of(self, lang: Lang) -> &'static str {
        lang.texts().label(self)
    }
}

names! {
    WindowTitle,

    // Left column: network
    Network, NetworkName, Protocol, TcpServer, TcpClient, Udp, LocalAddress, LocalPort, RemoteAddress,
    RemotePort, LocalShort, LocalPortShort, RemoteShort, RemotePortShort, LocalAny, Optional, BindFrom, StopReconnecting,
    ChooseAddress, Listen, StopListening, Connect, Disconnect, Open, Close, CancelConnecting, Peers,
    DisconnectPeer, ResetPeer, SendToPeer, CopyAddress, HalfOpen, MoreOptions, Content, ReadOnly, Capture,
    Source, Created,

    // Left column: receive
    Receive, ReceiveName, View, Plain, AsHex, AsDump, Encoding,

    // Composer
    SendFormat, PlainFormat, FormatOfHex, SendOptions, Escapes, ClearAfterSend, Repeat, RepeatOptions, Period, Times,
    Wrap, SameAsFraming, CustomParts, WrapFrom, WrapTo, WrapEnd, RemoveWrap, WrapNothing, WrapHead, WrapTail, WrapCheck, AddCheck, WrapRange, WrapOrder, WrapPlace, WrapResult,
    LengthField, OwnBytes, HeadBytes, TailBytes, LengthFieldWidth, LengthFieldOrder, OneByte, TwoBytes, FourBytes,
    CountsCheck, CountsItself, CoversPayload, CoversHead, LowFirst, HighFirst, BeforeTail, BehindTail, FindInHistory,
    ComposerEdge,

    // Tabs and top right
    NewSession, CloseSession, Split, Unsplit, DarkTheme, LightTheme, SwitchLanguage, Settings, HideSide,
    ShowSide, SideEdge,

    // What is shown
    Filter, FilterDirection, ShowBoth, ShowReceived, ShowSent, FilterPeer, AllPeers, FilterKind, KindAll,
    KindData, KindEvents, KindProblems, KindBad, KindJunk, FilterLen, LenLeast, LenMost, LenBad, LenReversed,
    FilterTime, TimeSince, TimeUntil, TimeBad, FilterBytes, FilterBy, FilterNot, ClearFilter,
    OnlyBad, StopIndex, ResumeIndex, OnlyThisPeer,

    // Toolbar
    Find, FindHint, FindNext, FindPrevious, FindBy, FindPlain, FindHex, FindRegex, FindPlainShort, FindHexShort,
    FindRegexShort, FindCase, FindNone, HitHidden, Follow, ClearView, ClearViewHint, SaveReceived,
    SaveLog, Export, More, Copied, CopyAll, ShowAll, ResetCounts, OpenCaptures,

    // Byte inspector
    Inspector, CopyChosen, NothingChosen, BigEndian, LittleEndian, BigShort,
    LittleShort, Binary, ReadAsWords, Decimal, SignedBytes, AboutRecord, Direction, Peer, Time, SincePrevious,
    SinceSame, OtherTexts, NotWholly, OtherNumbers, Unsigned, Signed, NoNumber, Seconds32, Seconds64,
    Milliseconds64, Local, NoDate, ChecksumsOfChosen, ChecksumsWorking, ChecksumsTooMany, ChecksumsFailed,

    // Rates and answer times
    Timing, Rates, RatesPlot, AnswerTimes, AnswersPlot, ShownPlot, WhoseAnswers, AnswersTheirs,
    AnswersOurs, FollowPlots, FollowPlotsName, NoTraffic, NoAnswers, PlotHint,
    // Comparison
    Comparison, LeftSide, RightSide, OnlyDifferences, PreviousDifference, NextDifference, SwapSides,
    CloseComparison, Comparing, ComparisonFailed, ComparedRoughly, NothingToCompare, ComparisonScroll,

    // Send area
    SendTo, SendToShort, NotConnected, NothingWritten, LastSender, ReadingPaste, NoPeer, SendToAddress,
    TargetAddress, SendContent, SendContentHint, Send, Stop, History, HistoryShort, HistoryEmpty,
    SendFile, SendFileShort, RemovePasted, EmptyDatagram,

    // File panel
    SendFileTitle, ReceiveToFile, ReceiveTitle, StartReceive, ReceiveHint, AppendToFile, ReplaceFile, ExistingFile,
    ReceivingToFile, GetFile, PutFile, ServeFolder, GetTitle, PutTitle, FolderTitle, StartGet, StartPut, HeadedName, FolderPath, ChooseAFolder, FolderUse,
    FolderServes, FolderReceives, FolderBoth, PlainJson, UploadHead, HeadedHint, HeadedBusy, WaitingForClients, WaitingForAnswer, ComputingMd5, CheckingMd5, ServiceStopped,
    SaveReceivedTitle, SaveLogTitle, ExportTitle, ExportFormat,
    ExportDirection, BothDirections, OnlySelected,
    OnlyReceived, OnlySent, Progress, FilePath, FileLabel, FileTo, FormatLabel, RangeLabel, ChooseFile, SavesShown, ChooseFolder, Start,
    SaveNow, Cancel, DropHint, NoDialog, WaitingForDialog, UdpChunk, UdpChunkHint, DropToSend,

    // Status line
    Sent, Received, Stored, Dropped, Evicted, KernelDropped, Queued, Records, ReceiveBuffer, KernelUnknown,

    // Banner
    Retry, Dismiss,

    // Empty page
    ConnectTo, ConnectToHint, ConnectToHelp, Transport, OpenTyped, ConnectShort, ListenShort, ServerWhat,
    ClientWhat, UdpWhat, Recents, AllRecents, FewerRecents, PinRecent, Unpin, RemoveRecent, RecentCaptures,
    AllCaptures, ImportHere, ThisMachine, OnlyHere, NoDevice, OpenDemo, NoNetwork, Keys,

    // Settings page
    General, Captures, Language, LanguageSystem, Theme, ThemeSystem, ThemeLight, ThemeDark, Zoom, CaptureLimit,
    CaptureLimitHint, CaptureLimitBad, CaptureLimitSmall, ReadSentFiles, KeptFiles, KeptFilesHint, KeptFilesBad,
    Retention, RetentionHint, RetentionBad, DeleteOnClose, DataFolder, SettingsFile, Copy, Reading, NoCaptures,
    Refresh, OpenCapture, DeleteCapture, DeleteReally, DeleteClosed, FindCaptures, FindCapturesHint,
    NoSuchCaptures, ChangeRetention, StateOpen, StateClosed, StateRecovered, CloseDialog, NextSessions,

    // Framing rules
    Framing, Verify, VerifyName, NoCheck, VerifyOff, ByTheRule, CustomRule, MoreChecks,

    // Rule editor
    RuleEditor, StartFromPreset, RuleLine, RuleTextHint, RuleKind, BytesAsWords, CheckHeading,
    CheckKind, CheckFilter, CheckPlaces, UsualLittle, UsualBig, PreviewOf, FromCapture, FromExample, NoSample,
    PreviewAsWords, Example, ExampleHint, FrameOffset, FrameLength, FrameKind, FrameBytes, Frame, Junk, Separator, Incomplete, SaveRuleAs, SaveRule, ReplaceRule,
    RuleName, RuleNameHint, RuleNameBad, NoName, DeleteRule, DeleteRuleReally, ApplyRule,
    // Reading logs in
    ImportLog, ImportPath, ImportNow, CloseImport, Importing, DropReadOnly, ImportCancelled,

    // Hit list and highlight rules
    Dock, CloseDock, DockEdge, DockSends, DockReplies, DockFacts, FactsChoosePeer, SocketOptions, SocketOptionsShort, SocketOptionsHint, DockInspect, DockFraming, CloseDrawer, DrawerEdge, DrawerFind, DrawerCompare, DrawerPlots,
        DrawerTransfers, DrawerTrace, DrawerResults, NoTransfers, ClearFinished, CancelTransfers, TransferWaiting, ShowInFolder, AllPeersShort,
        ReportTitle, ReportForm,
        HitList, HighlightRules, Highlights, HighlightAddRule, HighlightNoRules, HighlightRulesHint,
    HighlightRuleName, HighlightRuleKind, HighlightRulePattern, HighlightRuleDirection, HighlightRuleColour,
    HighlightRuleCase, HighlightRuleWholeRow, HighlightRuleOn, HighlightRuleBoth, HighlightRuleReceived,
    HighlightRuleSent, HighlightExample, HighlightExampleHint, Yellow, Green, Cyan, Blue, Purple, Red,

    // Tabs, and what can be undone
    SessionName, AllSessions, FreshSession, DuplicateSession, ReopenSession, CloseThisSession, CloseOtherSessions,
    EditNetwork, FoldNetwork, FilterPeers, Undo, Restore, FileExists, Replace, Rename, NoHome, NoHomeWhy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_has_words_in_every_language() {
        for text in Text::ALL {
            for lang in Lang::ALL {
                let words = text.of(lang);
                assert!(!words.trim().is_empty() && words == words.trim(), "{text:?} {lang:?}");
            }
        }
    }

    #[test]
    fn english_labels_have_no_chinese_in_them() {
        for text in Text::ALL {
            assert!(text.of(Lang::En).chars().all(|c| !('\u{4e00}'..='\u{9fff}').contains(&c)), "{text:?}");
        }
    }
}
