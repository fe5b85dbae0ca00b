//! Texts about commands in Chinese.

use super::ZhCn;
use crate::words::texts::{Named, by_id};

const COMMANDS: Named = &[
    ("connection", "连接"),
    ("sending", "发送"),
    ("traffic", "记录"),
    ("places", "位置"),
    ("tabs", "会话"),
    ("program", "程序"),
    ("open-or-close", "打开或关闭连接"),
    ("reset-counters", "复位计数"),
    ("send", "发送"),
    ("stop-sending", "停止发送"),
    ("send-file", "发送文件…"),
    ("find", "查找"),
    ("find-next", "下一处"),
    ("find-previous", "上一处"),
    ("hit-list", "命中列表"),
    ("filter", "筛选"),
    ("clear-filter", "清除筛选"),
    ("follow", "跟随最新数据"),
    ("clear", "清除显示"),
    ("show-all", "恢复已清除的显示"),
    ("copy-all", "复制全部显示内容"),
    ("receive-to-file", "接收保存到文件…"),
    ("save-received", "保存接收数据…"),
    ("save-log", "保存日志…"),
    ("export", "导出…"),
    ("next-difference", "下一处不同"),
    ("previous-difference", "上一处不同"),
    ("next-place", "下一个区域"),
    ("previous-place", "上一个区域"),
    ("box", "转到发送框"),
    ("left", "显示或隐藏连接栏"),
    ("dock", "显示或隐藏侧栏"),
    ("drawer", "显示或隐藏结果"),
    ("inspect", "检视所选字节"),
    ("quick-commands", "快捷指令"),
    ("replies", "自动应答"),
    ("new-reply", "新建应答规则"),
    ("reply-of-selection", "从选中记录创建应答"),
    ("turn-replies", "开启或关闭自动应答"),
    ("facts", "信息：连接的各项情况"),
    ("plots", "曲线：速率与应答时间"),
    ("transfers", "传输"),
    ("reply-trace", "应答跟踪：哪条规则应答，或为何未应答"),
    ("new-tab", "新建会话"),
    ("close-tab", "关闭会话"),
    ("reopen-tab", "恢复关闭的会话"),
    ("next-tab", "下一个会话"),
    ("previous-tab", "上一个会话"),
    ("duplicate-tab", "复制会话"),
    ("close-other-tabs", "关闭其他会话"),
    ("split", "左右并排"),
    ("settings", "设置"),
    ("captures", "捕获记录"),
    ("import-log", "导入 NetAssist 日志…"),
    ("edit-framing", "编辑分包规则…"),
    ("highlight-rules", "高亮规则…"),
    ("demo", "打开演示"),
    ("palette", "命令"),
    ("key-sheet", "快捷键"),
    ("copy", "复制所选"),
    ("copy-other", "按另一种格式复制所选"),
    ("compare", "标记所选，或与标记的内容比较"),
    ("fill-box", "填入发送框"),
    ("older-message", "上一条发送历史"),
    ("newer-message", "下一条发送历史"),
    ("undo-conversion", "撤销文本与 HEX 的转换"),
    ("next-control", "下一个控件"),
    ("previous-control", "上一个控件"),
    ("tab-by-number", "第 1…9 个会话"),
    ("quick-by-number", "第 1…9 条快捷指令"),
];

const DETAILS: Named =
    &[("clear", "捕获记录仍保留"), ("send-file", "原样发送文件内容"), ("export", "pcapng、csv、文本等")];

const HEADINGS: Named = &[
    ("recent", "最近使用"),
    ("commands", "命令"),
    ("sessions", "会话"),
    ("connections", "最近连接"),
    ("captures", "捕获记录"),
    ("display", "显示"),
    ("exports", "导出"),
    ("looks", "语言和外观"),
];

const PALETTE_KEYS: Named =
    &[("choose", "选择"), ("run", "运行"), ("run-in-new-tab", "在新会话中打开"), ("close", "关闭")];

texts! { Keys for ZhCn;
    command(id: &str) -> &'static str { by_id(COMMANDS, id) }
    palette: "命令";
    command_detail(id: &str) -> &'static str { by_id(DETAILS, id) }
    palette_heading(id: &str) -> &'static str { by_id(HEADINGS, id) }
    palette_open(udp: bool, listens: bool, address: &str) -> String {
        match (udp, listens) {
            (true, true) => format!("在 {address} 打开 UDP"),
            (true, false) => format!("打开 UDP，目标 {address}"),
            (false, true) => format!("在 {address} 监听 TCP"),
            (false, false) => format!("连接 TCP {address}"),
        }
    }
    palette_verb(id: &str) -> &'static str { by_id(&[("listen", "监听"), ("connect", "连接")], id) }
    export_as(form: &str) => "导出为 {form}…";
    palette_matches(count: u64) => "{count} 项";
    palette_hint: "输入命令、地址或编码";
    palette_none: "没有匹配";
    palette_key(id: &str) -> &'static str { by_id(PALETTE_KEYS, id) }
    palette_or_type: "也可输入 tcp 10.0.0.5:502";
    key_sheet: "快捷键";
    keys_hint: "点一行可更改快捷键";
    keys_editing: "按下新的快捷键；Backspace 删除，Esc 取消";
    keys_press: "按下新的快捷键…";
    keys_reset: "全部恢复默认";
    key_reset(command: &str) => "恢复默认：{command}";
    key_is_text(key: &str) => "{key} 用于输入或编辑文本，请加上 Ctrl 或 Alt，或换一个键";
    key_is_taken(key: &str, command: &str) => "{key} 已用于「{command}」";
}
