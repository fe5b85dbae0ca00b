//! Automatic replies, in Chinese.

use super::ZhCn;
use crate::talk::tree::EndHow;
use crate::words::texts::{Named, by_id};

const LABELS: Named = &[
    ("master", "自动应答"),
    ("order", "从上到下，先匹配者生效"),
    ("turn-off", "关闭自动应答"),
    ("is-off", "未启用"),
    ("filter", "筛选规则"),
    ("none-found", "没有匹配的规则"),
    ("empty", "还没有应答规则"),
    ("empty-how", "收到指定内容时自动应答。规则保存在本会话的 .talk 文件中。"),
    ("more", "应答列表的更多操作"),
    ("read-again", "重新读取规则所用的文件"),
    ("rule-on", "启用"),
    ("rule-off", "停用"),
    ("on-open", "连接建立时"),
    ("on-close", "连接断开时"),
    ("modbus-tcp", "Modbus TCP 从站"),
    ("modbus-rtu", "Modbus RTU 从站"),
    ("last-valid", "最近一次有效的规则仍在生效。"),
    ("foreign", "此文件来自别处，自动应答已关闭。请先查看规则，再打开。"),
    ("by-reads", "未设置分包规则：每次接收视为一条消息。"),
    ("choose-framing", "选择分包规则"),
    ("seen", "知道了"),
];

texts! { ReplyTexts for ZhCn;

    reply(id: &str) -> &'static str { by_id(LABELS, id) }
    enable_rule(name: &str) => "启用规则{name}";
    rule_hits(hits: u64) => "命中 {hits}";
    replies_on(rules: usize, faults: u64) -> String {
        if faults == 0 { format!("应答 {rules} 开") } else { format!("应答 {rules} 开 · {faults} 错") }
    }
    replies_are_off(rules: usize) -> String {
        if rules == 0 { "已关闭".to_owned() } else { format!("已关闭，{rules} 条规则不生效") }
    }
    rule_on(pattern: &str) => "当收到 {pattern}";
    rule_on_idle(time: &str) => "无接收 {time} 后";
    rule_on_every(time: &str) => "每 {time}";
    rule_ends(how: EndHow) -> &'static str {
        match how {
            EndHow::Close => "关闭连接",
            EndHow::Reset => "复位连接",
            EndHow::Shutdown => "半关闭",
        }
    }
    rule_faults(count: u64) => "应答规则出错 {count} 次";
}
