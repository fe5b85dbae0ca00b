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
    ("new", "新建应答规则"),
    ("new-short", "新建规则"),
    ("of-selection", "从选中记录创建"),
    ("create", "创建应答"),
    ("nothing-selected", "请先在记录区选中一条记录或一段字节"),
    ("title-new", "新建规则"),
    ("title-edit", "编辑规则"),
    ("rule-name", "规则名称"),
    ("bad-name", "只能用字母、汉字、数字和下划线，且不以数字开头"),
    ("when", "当收到"),
    ("occasion", "触发方式"),
    ("regex", "正则"),
    ("when-idle", "无接收超过"),
    ("when-every", "定时"),
    ("pattern", "匹配内容"),
    ("time", "时间（毫秒）"),
    ("fits", "匹配"),
    ("fits-name", "匹配方式"),
    ("fits-start", "开头"),
    ("fits-whole", "整帧"),
    ("fits-inside", "包含"),
    ("from", "来自"),
    ("from-name", "来自对端"),
    ("from-all", "全部对端"),
    ("framed-name", "应答按分包规则构造帧"),
    ("sends", "发送"),
    ("send-format", "应答格式"),
    ("send-content", "应答内容"),
    ("remove-send", "移除此发送"),
    ("send-check", "应答校验"),
    ("send-tail", "应答行尾"),
    ("send-delay", "应答延迟（毫秒）"),
    ("no-tail", "无行尾"),
    ("delay", "延迟"),
    ("add-send", "再发送一条"),
    ("limit", "次数"),
    ("limit-name", "应答次数"),
    ("no-limit", "不限"),
    ("per-connection", "每个连接"),
    ("then", "之后"),
    ("then-name", "应答之后"),
    ("keep-open", "保持连接"),
    ("depends", "取决于收到的内容"),
    ("as-text", "按文本编辑"),
    ("edited-as-text", "此规则按文本编辑。"),
    ("rule-text", "规则文本"),
    ("empty-field", "请填写内容"),
    ("preset-echo", "回显"),
    ("preset-upper", "转大写回显"),
    ("preset-fixed", "固定应答"),
    ("preset-http", "HTTP 200"),
    ("preset-scpi", "SCPI *IDN?"),
    ("fixed-answer", "ok, 问题正在处理中..."),
    ("presets", "常用应答"),
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
    preset_label(name: &str, framing: &str) => "{name}（分包：{framing}）";
    preset_added(name: &str) => "已添加「{name}」";
    preset_framed(name: &str, framing: &str) => "已添加「{name}」，数据分包已设为 {framing}";
    register_table_at(path: &str) => "寄存器表是 {path}。修改后请点「重新读取规则所用的文件」。";
    rule_faults(count: u64) => "应答规则出错 {count} 次";
}
