//! Quick commands, in Chinese.

use super::ZhCn;
use crate::talk::import::Why;
use crate::words::size;
use crate::words::texts::{Named, by_id};

const LABELS: Named = &[
    ("filter", "筛选指令"),
    ("new", "新建指令"),
    ("new-short", "新建"),
    ("run-all", "运行全部"),
    ("loop-all", "循环运行全部"),
    ("stop", "停止"),
    ("stop-all", "停止全部指令"),
    ("more", "指令列表的更多操作"),
    ("open-file", "打开 .talk 文件…"),
    ("import", "从 Packet Sender 或 CSV 导入…"),
    ("import-title", "导入指令"),
    ("close-notes", "关闭说明"),
    ("own-file", "改用本会话的列表"),
    ("show-folder", "打开所在文件夹"),
    ("copy-all", "全部复制为 talk"),
    ("new-group", "新建分组"),
    ("loop", "循环运行"),
    ("run", "运行"),
    ("edit", "编辑"),
    ("duplicate", "创建副本"),
    ("copy", "复制为 talk"),
    ("up", "上移"),
    ("down", "下移"),
    ("off", "不随全部运行"),
    ("on", "随全部运行"),
    ("delete", "删除"),
    ("first-group", "未分组"),
    ("empty", "还没有指令"),
    ("empty-how", "把常发的内容存为指令，单击或按 Alt+1…9 即可再次发送。"),
    ("keep-box", "存为快捷指令"),
    ("add", "快捷指令"),
    ("add-name", "添加快捷指令"),
    ("none-found", "没有匹配的指令"),
    ("name", "名称"),
    ("command-name", "指令名称"),
    ("group", "分组"),
    ("groups", "已有分组"),
    ("format", "格式"),
    ("command-format", "指令格式"),
    ("content", "内容"),
    ("command-content", "指令内容"),
    ("framed", "成帧"),
    ("framed-short", "按分包规则"),
    ("framed-name", "按分包规则构造帧"),
    ("check", "校验"),
    ("command-check", "指令校验"),
    ("command-tail", "指令行尾"),
    ("command-group", "指令分组"),
    ("no-check", "无"),
    ("tail", "行尾"),
    ("no-tail", "无"),
    ("find-check", "筛选校验"),
    ("expects", "等待"),
    ("expects-name", "应收到的内容"),
    ("expects-hint", "可不填"),
    ("within", "限时"),
    ("within-name", "等待时限（毫秒）"),
    ("delay", "停顿"),
    ("delay-name", "之后停顿（毫秒）"),
    ("repeats", "重复此指令"),
    ("times", "指令次数"),
    ("every", "指令周期（毫秒）"),
    ("will-send", "将发送"),
    ("save", "保存"),
    ("cancel", "取消"),
    ("title-new", "新建指令"),
    ("title-edit", "编辑指令"),
    ("empty-content", "请填写要发送的内容"),
    ("wrong-number", "请填写整数"),
];

texts! { Quick for ZhCn;

    quick(id: &str) -> &'static str { by_id(LABELS, id) }
    run_quick(name: &str) => "运行{name}";
    stop_quick(name: &str) => "停止{name}";
    edit_quick(name: &str) => "编辑{name}";
    more_quick(name: &str) => "{name}的更多操作";
    loop_group(title: &str) => "循环运行{title}";
    move_to_group(title: &str) => "移到{title}";
    quick_deleted(name: &str) => "已删除「{name}」";
    quick_moved(name: &str) => "已移动「{name}」";
    quick_kept(name: &str, key: &str) -> String {
        if key.is_empty() { format!("已存为快捷指令「{name}」") } else { format!("已存为快捷指令「{name}」（{key}）") }
    }
    keep_message(message: &str) => "将{message}存为快捷指令";
    quick_too_long(most: u64) => "快捷指令最多 {}", size(most);
    quick_imported(commands: usize, left_out: usize) -> String {
        if left_out == 0 { format!("已导入 {commands} 条指令") } else { format!("已导入 {commands} 条指令 · {left_out} 条说明") }
    }
    quick_left_out(name: &str, why: Why) -> String {
        let why = match why {
            Why::NotHex => "未导入，内容不是十六进制",
            Why::Empty => "未导入，没有要发送的内容",
            Why::TooLong => "未导入，超过 64 KiB",
            Why::Http => "未导入，HTTP 请求不只是这些字节",
            Why::TooMany => "此条及之后未导入，列表过长",
            Why::Number => "已导入，但时间不是数字，未采用",
            Why::Macro => "已导入，但其中 Packet Sender 的宏按原样发送",
        };
        if name.is_empty() { why.to_owned() } else { format!("{name}：{why}") }
    }
    quick_no_addresses: "未采用其中的地址：指令发往本会话的连接";
    quick_no_list(file: &str) => "{file} 中没有可导入的指令";
    quick_failed(name: &str, cause: &str) => "{name}：{cause}";
    quick_not_connected: "未连接，没有发送";
    quick_not_simple: "此指令的内容超出表单范围，请在 .talk 文件中编辑";
    quick_needs_steps: "它需要等待应答或持续计数，须按文件运行";
    quick_sends_nothing: "没有要发送的内容";
    quick_every(time: &str) => "每 {time}";
    quick_times(count: u64) => "×{count}";
    quick_running(count: usize) => "{count} 条运行中";
    quick_others(count: usize) => "另有 {count} 条";
}
