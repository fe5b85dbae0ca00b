//! Every label of the window in both languages. Sentences about model values are made in `words`.
//!
//! A control's accessible name is a [`Text`] too: tests and screen readers use it, so the ones listed in the design's table
//! stay as they are. Where the picture shows a shorter label, a `…Short` text stands beside the name.

use crate::words::Lang;

macro_rules! texts {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        /// One label.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Text { $($name),* }

        impl Text {
            /// The label in `lang`.
            #[must_use]
            pub fn of(self, lang: Lang) -> &'static str {
                match self { $(Self::$name => lang.pick($zh, $en)),* }
            }

            /// All of them (for the tests of the table).
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

texts! {
    WindowTitle: "Wirebench 网络调试助手", "Wirebench";

    // Left column: network
    Network: "网络设置", "Network";
    NetworkName: "网络设置", "Network settings";
    Protocol: "协议类型", "Protocol";
    TcpServer: "TCP 服务器", "TCP server";
    TcpClient: "TCP 客户端", "TCP client";
    Udp: "UDP", "UDP";
    LocalAddress: "本地地址", "Local address";
    LocalPort: "本地端口", "Local port";
    RemoteAddress: "远程地址", "Remote address";
    RemotePort: "远程端口", "Remote port";
    LocalShort: "本地地址", "Local";
    LocalPortShort: "本地端口", "Port";
    RemoteShort: "远程地址", "Remote";
    RemotePortShort: "远程端口", "Port";
    LocalAny: "自动", "Automatic";
    Optional: "可选", "Optional";
    BindFrom: "指定本地地址和端口", "Choose the local end";
    ChooseAddress: "选择本机地址", "Choose an address of this machine";
    Listen: "开始监听", "Listen";
    StopListening: "停止监听", "Stop listening";
    Connect: "连接", "Connect";
    Disconnect: "断开", "Disconnect";
    Open: "打开", "Open";
    Close: "关闭", "Close";
    CancelConnecting: "取消连接", "Cancel connecting";
    Peers: "连接", "Peers";
    PeersUdp: "对端", "Peers";
    DisconnectPeer: "断开此连接", "Disconnect this peer";
    ResetPeer: "强制断开（RST）", "Reset this peer (RST)";
    SendToPeer: "发送给此连接", "Send to this peer";
    CopyAddress: "复制地址", "Copy address";
    HalfOpen: "对端停止发送后仍可发送", "Keep sending after the peer's end";
    MoreOptions: "更多选项", "More options";
    Content: "内容", "Content";
    ReadOnly: "只读：已保存的捕获记录", "Read-only: a stored capture";
    Capture: "捕获记录", "Capture";
    Source: "来源", "Source";
    Created: "时间", "Created";

    // Left column: receive
    Receive: "接收设置", "Receive";
    ReceiveName: "接收设置", "Receive settings";
    View: "显示方式", "View";
    Plain: "文本", "Text";
    AsHex: "HEX", "Hex";
    AsDump: "对照", "Dump";
    Encoding: "字符编码", "Encoding";
    ShowTimes: "显示时间", "Show times";
    Hold: "暂停显示", "Hold the view";
    HoldShort: "暂停显示（照常记录）", "Hold the view, keep recording";

    // Left column: send
    SendGroup: "发送设置", "Send";
    SendGroupName: "发送设置", "Send settings";
    SendFormat: "发送格式", "Send format";
    SendFormatShort: "发送格式", "Format";
    PlainFormat: "文本", "Text";
    FormatOfHex: "HEX", "Hex";
    Escapes: "解析转义符", "Parse escapes";
    Append: "附加数据", "Append";
    AppendNone: "无", "None";
    AppendCr: "CR", "CR";
    AppendLf: "LF", "LF";
    AppendCrLf: "CRLF", "CRLF";
    Repeat: "循环发送", "Repeat";
    RepeatShort: "循环", "Every";
    Interval: "间隔", "Interval";
    NoLimit: "ms，不限次", "ms, no limit";
    ClearAfterSend: "发送后清空", "Clear after sending";

    // Tabs and top right
    NewSession: "新建会话", "New session";
    CloseSession: "关闭会话", "Close session";
    Split: "左右并排", "Side by side";
    Unsplit: "取消并排", "One pane";
    DarkTheme: "深色外观", "Dark theme";
    LightTheme: "浅色外观", "Light theme";
    SwitchLanguage: "Switch to English", "切换到中文";
    Settings: "设置", "Settings";
    HideSide: "隐藏左栏", "Hide the left column";
    ShowSide: "显示左栏", "Show the left column";

    // What is shown
    Filter: "筛选", "Filter";
    FilterDirection: "筛选方向", "Filter by direction";
    ShowBoth: "全部", "All";
    ShowReceived: "接收", "Received";
    ShowSent: "发送", "Sent";
    FilterPeer: "筛选连接", "Filter by peer";
    AllPeers: "全部连接", "All peers";
    FilterKind: "筛选类型", "Filter by kind";
    KindAll: "数据和事件", "Everything";
    KindData: "只看数据", "Data only";
    KindEvents: "只看事件", "Events only";
    KindProblems: "错误和警告", "Problems";
    KindBad: "校验错误", "Bad checks";
    KindJunk: "不成帧的", "Not in frames";
    FilterLen: "长度", "Len";
    LenLeast: "最小长度", "Least length";
    LenMost: "最大长度", "Greatest length";
    LenBad: "请输入字节数（整数）", "Write a whole number of bytes";
    LenReversed: "最小长度大于最大长度", "The least is more than the greatest";
    FilterTime: "时间", "Time";
    TimeSince: "开始时间", "From time";
    TimeUntil: "结束时间", "To time";
    TimeBad: "请输入时间，如 16:05、16:05:48.9 或 2026-01-31 16:05", "Write a time such as 16:05, 16:05:48.9 or 2026-01-31 16:05";
    FilterBytes: "包含的内容", "Contains";
    FilterBy: "内容的写法", "Contents as";
    FilterNot: "不包含", "Not";
    CloseFilter: "收起筛选栏", "Close the filter bar";
    ClearFilter: "清除筛选", "Clear the filter";
    OnlyBad: "只看校验错误", "Bad checks only";
    StopIndex: "停止", "Stop";
    ResumeIndex: "继续", "Go on";
    OnlyThisPeer: "只看此连接", "Show only this peer";

    // Toolbar
    Find: "查找", "Find";
    FindHint: "查找文本或 HEX", "Find text or hex";
    FindNext: "下一处", "Next hit";
    FindPrevious: "上一处", "Previous hit";
    FindBy: "查找方式", "Find by";
    FindPlain: "文本", "Text";
    FindHex: "HEX（? 为通配符）", "Hex (? is any digit)";
    FindRegex: "正则表达式", "Regular expression";
    FindPlainShort: "文本", "Text";
    FindHexShort: "HEX", "Hex";
    FindRegexShort: "正则", "Regex";
    FindCase: "区分大小写", "Match case";
    FindNone: "没有找到", "Not found";
    HitHidden: "（已被筛选隐藏）", "(hidden by the filter)";
    Follow: "自动滚屏", "Follow";
    ClearView: "清除显示", "Clear view";
    ClearViewHint: "清除显示，记录保留", "Clear the view; records are kept";
    SaveMenu: "保存", "Save";
    SaveReceived: "保存接收数据…", "Save received…";
    SaveLog: "保存日志…", "Save log…";
    Export: "导出…", "Export…";
    More: "更多", "More";
    Copied: "已复制", "Copied";
    CopyAll: "复制全部显示内容", "Copy everything shown";
    ShowAll: "显示全部记录", "Show all records again";
    ResetCounts: "复位计数", "Reset counts";
    OpenCaptures: "捕获记录…", "Captures…";

    // Byte inspector
    Inspector: "字节检视", "Byte inspector";
    InspectorTooNarrow: "窗格太窄，放不下字节检视", "This pane is too narrow for the byte inspector";
    CloseInspector: "关闭字节检视", "Close the byte inspector";
    CopyChosen: "复制选中的字节", "Copy the chosen bytes";
    NothingChosen: "在左边拖选字节，或用 Shift+方向键", "Drag over bytes, or press Shift and an arrow";
    BigEndian: "大端", "Big-endian";
    LittleEndian: "小端", "Little-endian";
    BigShort: "大端", "BE";
    LittleShort: "小端", "LE";
    Binary: "二进制", "Binary";
    ReadAsWords: "文本", "Text";
    Decimal: "十进制", "Decimal";
    SignedBytes: "有符号", "Signed";
    AboutRecord: "所在记录", "Record";
    Direction: "方向", "Direction";
    Peer: "对端", "Peer";
    Time: "时间", "Time";
    SincePrevious: "距上一条", "Previous";
    SinceSame: "距同向", "Same way";
    OtherTexts: "其他编码", "Other encodings";
    NotWholly: "不全是文本", "not all text";
    OtherNumbers: "其他数值", "Other numbers";
    Unsigned: "无符号", "unsigned";
    Signed: "有符号", "signed";
    NoNumber: "不是这种数", "not one";
    Seconds32: "Unix 时间，32 位秒", "Unix time, seconds in 32 bits";
    Seconds64: "Unix 时间，64 位秒", "Unix time, seconds in 64 bits";
    Milliseconds64: "Unix 时间，64 位毫秒", "Unix time, ms in 64 bits";
    Local: "本地", "local";
    NoDate: "不是日期", "no date";
    ChecksumsOfChosen: "选中字节的校验值", "Checksums of the bytes";
    ChecksumsWorking: "正在计算…", "Working…";
    ChecksumsTooMany: "超过 16 MiB，不计算", "Over 16 MiB: not worked out";
    ChecksumsFailed: "有数据已读不到，不计算", "Some data cannot be read any more";

    // Rates and answer times
    Timing: "速率与应答时间", "Rates and answer times";
    TimingTooLow: "窗格太矮，放不下曲线", "This pane is too low for the plots";
    Rates: "速率", "Rates";
    RatesPlot: "速率曲线", "Plot of the rates";
    AnswerTimes: "应答时间", "Answer times";
    AnswersPlot: "应答时间曲线", "Plot of the answer times";
    ShownPlot: "显示的曲线", "Plot shown";
    WhoseAnswers: "谁的应答", "Whose answers";
    AnswersTheirs: "对端", "Theirs";
    AnswersOurs: "本机", "Ours";
    FollowPlots: "跟随", "Follow";
    FollowPlotsName: "曲线跟随最新", "Plots follow the newest";
    NoTraffic: "还没有收发数据", "Nothing was sent or received yet";
    NoAnswers: "这段时间没有应答", "No answers in this time";
    PlotHint: "滚轮缩放，拖动平移，双击复原，单击转到该时刻的记录", "Wheel: zoom. Drag: move. Double click: all. Click: the record of that time";
    // Comparison
    Comparison: "比较", "Comparison";
    LeftSide: "左", "Left";
    RightSide: "右", "Right";
    OnlyDifferences: "只看不同", "Differences only";
    PreviousDifference: "上一处不同", "Previous difference";
    NextDifference: "下一处不同", "Next difference";
    SwapSides: "左右互换", "Swap sides";
    CloseComparison: "关闭比较", "Close the comparison";
    Comparing: "正在比较…", "Comparing…";
    ComparisonFailed: "系统不能再启动线程，无法比较", "The system starts no more threads: not compared";
    ComparedRoughly: "差异太多，部分内容只按位置逐字节比较", "Too different: parts are only compared byte by byte in place";
    NothingToCompare: "所选内容没有可比较的字节", "There are no bytes to compare in what is chosen";
    ComparisonScroll: "比较滚动条", "Comparison scroll bar";

    // Send area
    SendTo: "发送给", "Send to";
    SendToShort: "发送给", "To";
    NotConnected: "未连接", "Not connected";
    NothingWritten: "已取消，没有写入文件", "Cancelled, nothing was written";
    LastSender: "最近的来源", "The last sender";
    ReadingPaste: "正在读取粘贴的内容…", "Reading the pasted text…";
    NoPeer: "无连接", "No peer";
    SendToAddress: "其他地址…", "Another address…";
    TargetAddress: "目标地址", "Target address";
    SendContent: "发送内容", "Send content";
    SendContentHint: "输入要发送的内容，Ctrl+Enter 发送", "What to send; Ctrl+Enter sends it";
    Send: "发送", "Send";
    Stop: "停止", "Stop";
    SendKeys: "Ctrl+Enter", "Ctrl+Enter";
    History: "发送历史", "Send history";
    HistoryShort: "历史", "History";
    HistoryEmpty: "还没有发送过", "Nothing was sent yet";
    SendFile: "发送文件…", "Send file…";
    SendFileShort: "文件", "File";
    RemovePasted: "移除粘贴的内容", "Remove the pasted text";
    EmptyDatagram: "0 字节：将发送一个空数据报", "0 bytes: an empty datagram goes out";

    // File panel
    SendFileTitle: "发送文件", "Send file";
    SaveReceivedTitle: "保存数据", "Save data";
    SaveLogTitle: "保存日志", "Save log";
    ExportTitle: "导出", "Export";
    ExportFormat: "导出格式", "Export format";
    FormatPcapng: "pcapng（Wireshark）", "pcapng (Wireshark)";
    FormatCsv: "CSV 表格", "CSV";
    FormatJsonLines: "JSON（每行一个对象）", "JSON lines";
    FormatNetAssist: "NetAssist 日志", "NetAssist log";
    FormatHexdump: "十六进制（text2pcap）", "Hexdump (text2pcap)";
    FormatRaw: "原始字节", "Raw bytes";
    ExportDirection: "导出方向", "Directions exported";
    BothDirections: "接收和发送", "Received and sent";
    OnlySelected: "仅选中的记录", "Selected records only";
    OnlyReceived: "仅接收", "Received only";
    OnlySent: "仅发送", "Sent only";
    CloseStrip: "关闭文件栏", "Close the file bar";
    Progress: "进度", "Progress";
    FilePath: "文件路径", "File path";
    ChooseFile: "选择文件…", "Choose a file…";
    SavesShown: "写入的是当前显示的帧或筛选后的记录", "What is written are the frames, or the filtered records, that are shown";
    ChooseFolder: "选择位置…", "Choose a place…";
    Start: "开始发送", "Send the file";
    SaveNow: "保存", "Save";
    Cancel: "取消", "Cancel";
    DropHint: "也可以把文件拖到窗口上", "You can also drop a file on the window";
    NoDialog: "没有选择文件。如果没有出现对话框，请在上面填写路径。", "No file was chosen. If no dialog appeared, type the path above.";
    WaitingForDialog: "正在等待文件对话框…", "Waiting for the file dialog…";
    UdpChunk: "每个数据报", "Bytes a datagram";
    UdpChunkHint: "不切分", "uncut";
    DropToSend: "松开鼠标即可发送这个文件", "Drop the file to send it";

    // Status line
    Sent: "发送", "Sent";
    Received: "接收", "Received";
    Stored: "已存", "Stored";
    Dropped: "丢弃", "Dropped";
    Evicted: "已淘汰", "Evicted";
    KernelDropped: "系统丢弃", "System dropped";
    Queued: "待发", "Queued";
    Records: "条记录", "records";
    ReceiveBuffer: "接收缓冲区", "Receive buffer";
    KernelUnknown: "系统未提供", "the system does not say";

    // Banner
    Retry: "重试", "Retry";
    Dismiss: "关闭提示", "Dismiss";

    // Empty page
    ChooseMode: "选择连接方式", "Choose how to connect";
    ServerWhat: "等设备连到本机的端口", "Wait for devices on a local port";
    ClientWhat: "主动连接设备或服务器", "Connect to a device or server";
    UdpWhat: "收发数据报，支持广播", "Datagrams, broadcast too";
    ThenListen: "然后在左侧点「开始监听」，收发的每个字节都会显示在这里", "Then press “Listen” on the left: every byte appears here";
    ThenConnect: "然后在左侧点「连接」，收发的每个字节都会显示在这里", "Then press “Connect” on the left: every byte appears here";
    ThenOpen: "然后在左侧点「打开」，收发的每个字节都会显示在这里", "Then press “Open” on the left: every byte appears here";
    ThisMachine: "本机地址", "Address";
    OnlyHere: "只有本机的程序可以连接", "Only programs of this machine can connect";
    LastCapture: "上次记录", "Last log";
    OpenLastCapture: "打开上次记录", "Open the last log";
    NoDevice: "没有设备", "No device";
    OpenDemo: "打开演示：本机服务器和客户端并排", "Open the demo: a server and a client side by side";
    NoNetwork: "没有找到网卡地址，本机可用 127.0.0.1", "No network address found; on this machine use 127.0.0.1";

    // Settings page
    General: "常规", "General";
    Captures: "捕获记录", "Captures";
    Language: "语言", "Language";
    LanguageSystem: "跟随系统", "As the system";
    Chinese: "简体中文", "简体中文";
    English: "English", "English";
    Theme: "外观", "Theme";
    ThemeSystem: "跟随系统", "As the system";
    ThemeLight: "浅色", "Light";
    ThemeDark: "深色", "Dark";
    Zoom: "界面缩放", "Scale";
    CaptureLimit: "单个捕获上限", "Limit of a capture";
    CaptureLimitHint: "写满后淘汰最早的数据，例如 4 GiB", "When full, the oldest data goes first; for example 4 GiB";
    CaptureLimitBad: "请输入大小，例如 512 MiB 或 4 GiB", "Write a size such as 512 MiB or 4 GiB";
    CaptureLimitSmall: "至少 1 MiB", "At least 1 MiB";
    ReadSentFiles: "读取这些文件", "Read these files";
    KeptFiles: "存入捕获的发送文件", "Sent files kept";
    KeptFilesHint: "不超过此大小的文件，内容存入捕获；更大的只记录路径", "Up to this size the content is kept in the capture, of larger ones the path";
    KeptFilesBad: "请输入 0 到 1 GiB 之间的大小，例如 4 MiB", "Write a size of 0 to 1 GiB such as 4 MiB";
    Retention: "保留天数", "Keep for days";
    RetentionHint: "旧的捕获记录超过天数后删除，留空则一直保留", "Older captures are deleted; leave empty to keep them for ever";
    RetentionBad: "请输入 1 到 36500 的天数，或留空", "Write 1 to 36500 days, or nothing";
    DeleteOnClose: "关闭会话时删除它的捕获记录", "Delete a session's capture when it closes";
    DataFolder: "数据目录", "Data folder";
    SettingsFile: "设置文件", "Settings file";
    Copy: "复制", "Copy";
    Reading: "正在读取…", "Reading…";
    NoCaptures: "还没有捕获记录", "There are no captures yet";
    Refresh: "刷新", "Refresh";
    OpenCapture: "打开", "Open";
    DeleteCapture: "删除", "Delete";
    DeleteReally: "确认删除", "Really delete";
    DeleteClosed: "删除列出的已关闭记录…", "Delete the closed ones listed…";
    FindCaptures: "查找捕获记录", "Find captures";
    FindCapturesHint: "地址或时间", "Endpoint or time";
    NoSuchCaptures: "没有符合的捕获记录", "No capture fits";
    ChangeRetention: "更改…", "Change…";
    StateOpen: "使用中", "in use";
    StateClosed: "已关闭", "closed";
    StateRecovered: "已恢复", "recovered";
    CloseDialog: "关闭", "Close";
    NextSessions: "对新会话生效", "For new sessions";

    // Framing rules
    Framing: "数据分包", "Framing";
    Verify: "校验检查", "Verify";
    NoCheck: "无", "None";
    ByTheRule: "随规则", "By the rule";
    AsReceived: "按收到的块", "As received";
    PresetStruct: "4 字节长度头 (struct 'i')", "4-byte length (struct 'i')";
    PresetModbusTcp: "Modbus TCP", "Modbus TCP";
    PresetModbusRtu: "Modbus RTU", "Modbus RTU";
    PresetLines: "行 (LF/CRLF)", "Lines (LF or CRLF)";
    PresetNmea: "NMEA 0183", "NMEA 0183";
    PresetSlip: "SLIP", "SLIP";
    PresetCobs: "COBS", "COBS";
    PresetStxEtx: "STX … ETX", "STX … ETX";
    PresetJson: "JSON", "JSON";
    PresetMqtt: "MQTT", "MQTT";
    CustomRule: "自定义…", "Custom…";
    MoreChecks: "更多…", "More…";

    // Rule editor
    RuleEditor: "数据分包规则", "Framing rule";
    CloseRuleEditor: "关闭规则编辑", "Close the rule editor";
    StartFromPreset: "从预设开始", "Start from a preset";
    RuleLine: "规则文本", "Rule as text";
    RuleTextHint: "与命令行 --frame 的写法相同，可复制到命令行", "The same form that --frame takes on the command line";
    RuleKind: "分包方式", "Kind of rule";
    KindLine: "按行", "Lines";
    KindDelimiter: "分隔符", "Delimiter";
    KindMarks: "起止标记", "Between markers";
    KindFixed: "固定长度", "Fixed length";
    KindLength: "长度字段", "Length field";
    KindGap: "空闲间隔", "Idle gap";
    WhatRecord: "每次读到的数据是一帧", "Each read is a frame";
    WhatLine: "每帧以 LF 或 CRLF 结束", "A frame ends at LF or CRLF";
    WhatDelimiter: "每帧以这些字节结束", "A frame ends at these bytes";
    WhatMarks: "每帧在起始标记和结束标记之间", "A frame is between two markers";
    WhatFixed: "每帧的字节数相同", "All frames have this many bytes";
    WhatLength: "帧内的一个数说明它有多长", "A number in the frame tells its length";
    WhatGap: "这么久没有新数据，一帧就结束", "A frame ends when nothing came for so long";
    WhatSlip: "每帧以 C0 结束 (RFC 1055)，显示去转义后的内容", "Frames end with C0 (RFC 1055); shown without escapes";
    WhatCobs: "每帧以 00 结束，显示解码后的内容", "Frames end with 00; shown decoded";
    WhatJson: "每个 JSON 值是一帧", "Each JSON value is a frame";
    WhatRtu: "按功能码、长度和 CRC 分帧", "By function code, length and CRC";
    KeepLineEnd: "数据含行尾", "The payload has the line end";
    KeepDelimiter: "数据含分隔符", "The payload has the delimiter";
    Delimiter: "分隔符字节", "Delimiter bytes";
    BytesAsWords: "字节写成文本（\\n \\xNN 为转义）", "Write bytes as text (\\n, \\xNN)";
    StartMarkers: "起始标记", "Start markers";
    StartMarkersHint: "无；多个用 | 分开", "none; several with |";
    EndMarker: "结束标记", "End marker";
    EscapeByte: "转义字节", "Escape byte";
    NoneHint: "无", "none";
    AnyHint: "不限", "any number";
    BytesBehindEnd: "标记后字节数", "Bytes behind it";
    Restart: "帧内再遇起始标记则重新开始", "A start marker in a frame begins anew";
    FixedLength: "帧长（字节）", "Bytes a frame";
    GapMs: "间隔（ms）", "Gap (ms)";
    LongestFrame: "最长帧", "Longest frame";
    LengthOffset: "长度字段位置", "Length stands at";
    LengthSize: "长度字段大小", "Size of the length";
    SizeVarint: "变长 (varint)", "Varint";
    SizeDecimal: "十进制数字", "Decimal digits";
    ByteOrder: "长度字节序", "Byte order";
    SignedLength: "有符号数", "Signed number";
    VarintBytes: "最多字节数", "Bytes at most";
    DecimalDigits: "位数", "Digits";
    DigitsEnd: "数字后的字节", "Byte behind them";
    HeaderLength: "头部长度", "Header length";
    HeaderHint: "到长度字段为止", "up to the length";
    CountsHeader: "长度包含头部", "The length counts the header";
    Adjustment: "长度修正", "Adjustment";
    MarkBytes: "固定标记", "Fixed bytes";
    MarkPlace: "固定标记位置", "Place of the fixed bytes";
    CheckHeading: "校验", "Check";
    CheckKind: "校验算法", "Checksum";
    CheckFilter: "筛选校验算法", "Filter checksums";
    CheckFrom: "校验范围从", "Checked from";
    CheckTo: "校验范围到", "Checked up to";
    CheckToHint: "校验值之前", "the value";
    CheckAt: "校验值位置", "Value stands at";
    CheckAtHint: "帧尾", "the frame's end";
    CheckUntil: "校验值前的字节", "Value follows";
    CheckUntilMeans: "没有这个字节的帧不校验", "A frame without this byte is not verified";
    CheckPlaces: "负数从帧尾算起", "Negative places count from the end";
    CheckOrder: "校验值字节序", "Order of the value";
    UsualLittle: "默认（小端）", "Usual (little-endian)";
    UsualBig: "默认（大端）", "Usual (big-endian)";
    CheckAsHex: "校验值写成十六进制文本", "The value is written as hex digits";
    PreviewOf: "预览数据", "Preview of";
    FromCapture: "捕获数据", "Captured data";
    FromExample: "样例", "Example";
    NoSample: "还没有数据，可用样例试规则", "No data yet: try the rule on an example";
    PreviewAsWords: "按文本显示", "Show as text";
    Example: "样例（HEX）", "Example (hex)";
    ExampleHint: "05 00 00 00 48 65 6C 6C 6F", "05 00 00 00 48 65 6C 6C 6F";
    FrameOffset: "偏移", "Offset";
    FrameLength: "长度", "Length";
    FrameKind: "类型", "Kind";
    FrameBytes: "内容", "Bytes";
    Frame: "帧", "Frame";
    Junk: "不成帧", "No frame";
    Separator: "分隔", "Between";
    Incomplete: "未完", "Cut off";
    SaveRuleAs: "另存为…", "Save as…";
    SaveRule: "保存规则", "Save rule";
    ReplaceRule: "替换同名规则", "Replace that rule";
    RuleName: "规则名称", "Name of the rule";
    RuleNameHint: "名称，最多 40 字", "Name, up to 40 characters";
    RuleNameBad: "名称应为 1 到 40 个字", "A name has 1 to 40 characters";
    NoName: "不保存", "Do not save";
    DeleteRule: "删除规则", "Delete rule";
    DeleteRuleReally: "确认删除规则", "Really delete this rule";
    ByLastRule: "（上一次正确的规则）", "(last valid rule)";
    ApplyRule: "应用", "Apply";
    // Reading logs in
    ImportLog: "导入 NetAssist 日志…", "Import a NetAssist log…";
    ImportPath: "日志文件", "Log file";
    ImportNow: "导入", "Import";
    CloseImport: "取消导入", "Cancel the import";
    Importing: "读入进度", "Import progress";
    DropReadOnly: "这是只读的捕获记录，不能发送拖入的文件", "This capture is read-only: the dropped files cannot be sent";
    DropBusy: "正在处理另一个文件，没有接收拖入的文件", "Another file is being worked on: the dropped files were not taken";
    ImportCancelled: "已取消导入，没有保存任何内容", "The import was cancelled; nothing of it is kept";

    // Hit list and highlight rules
    HitList: "命中列表", "List of hits";
    CloseHitList: "关闭命中列表", "Close the list of hits";
    HighlightRules: "高亮规则…", "Highlight rules…";
    Highlights: "高亮规则", "Highlight rules";
    HighlightAddRule: "添加规则", "Add a rule";
    HighlightNoRules: "还没有规则。点「添加规则」，或在记录上右键选「高亮所选」。", "No rules yet. Add one, or right-click chosen bytes in the log.";
    HighlightRulesHint: "对所有会话生效；靠前的规则优先", "For all sessions; where two match, the upper one wins";
    HighlightRuleName: "名称", "Name";
    HighlightRuleKind: "类型", "Kind";
    HighlightRulePattern: "内容", "Pattern";
    HighlightRuleDirection: "方向", "Direction";
    HighlightRuleColour: "颜色", "Colour";
    HighlightRuleCase: "区分大小写", "Match case";
    HighlightRuleWholeRow: "整行", "Whole row";
    HighlightRuleOn: "启用", "On";
    HighlightRuleBoth: "收发", "Both";
    HighlightRuleReceived: "接收", "Received";
    HighlightRuleSent: "发送", "Sent";
    HighlightExample: "示例", "Example";
    HighlightExampleHint: "可用 \\r \\n \\xNN", "May contain \\r \\n \\xNN";
    Yellow: "黄", "Yellow";
    Green: "绿", "Green";
    Cyan: "青", "Cyan";
    Blue: "蓝", "Blue";
    Purple: "紫", "Purple";
    Red: "红", "Red";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_there_in_both_languages() {
        for text in Text::ALL {
            for lang in [Lang::ZhCn, Lang::En] {
                let words = text.of(lang);
                assert!(!words.trim().is_empty() && words == words.trim(), "{text:?} {lang:?}");
            }
        }
    }

    #[test]
    fn english_labels_have_no_chinese_in_them() {
        // The names of languages, and the button that leads to the other one, are in their own language.
        let own = [Text::Chinese, Text::SwitchLanguage];
        for text in Text::ALL.iter().filter(|text| !own.contains(text)) {
            assert!(text.of(Lang::En).chars().all(|c| !('\u{4e00}'..='\u{9fff}').contains(&c)), "{text:?}");
        }
    }
}
