//! Framing rules and checks.

use super::ZhCn;
use crate::codec::fields::FieldId;
use crate::codec::framing::{PresetId, RuleKind};
use crate::words::texts::{ChoiceWords, FieldWords, KindWords, Rules};

impl Rules for ZhCn {
    fn rule_kind(&self, kind: RuleKind) -> KindWords {
        match kind {
            RuleKind::Record => KindWords::new("不分包（按接收）", "每次读到的数据是一帧", "每次读到的数据是一帧"),
            RuleKind::Line => KindWords::new("按行", "每帧以 LF 或 CRLF 结束", "到 LF 为止，其前的 CR 属于行尾"),
            RuleKind::Delimiter => KindWords::new("分隔符", "每帧以这些字节结束", "到这些字节为止"),
            RuleKind::Marks => KindWords::new(
                "起止标记",
                "每帧在起始标记和结束标记之间",
                "从起始标记到结束标记。两者相同时（start=7E,end=7E），一个标记可同时结束一帧并开始下一帧；连续两个时，后一个开始新帧",
            ),
            RuleKind::Fixed => KindWords::new("固定长度", "每帧的字节数相同", "每帧的字节数相同"),
            RuleKind::Length => KindWords::new("长度字段", "帧内有长度字段", "由帧内的长度字段决定"),
            RuleKind::Gap => {
                KindWords::new("空闲间隔", "超过此时间无新数据，视为一帧结束", "超过此时间没有新数据时结束")
            }
            RuleKind::Slip => KindWords::new(
                "SLIP",
                "每帧以 C0 结束 (RFC 1055)，显示去转义后的内容",
                "到 END (C0) 为止 (RFC 1055)，显示去转义后的内容",
            ),
            RuleKind::Cobs => {
                KindWords::new("COBS", "每帧以 00 结束，显示解码后的内容", "到 00 为止 (COBS)，显示解码后的内容")
            }
            RuleKind::Json => KindWords::new("JSON", "每个 JSON 值是一帧", "每个 JSON 值是一帧，值之间可有空白"),
            RuleKind::Rtu => KindWords::new(
                "Modbus RTU",
                "按功能码、长度和 CRC 分帧",
                "按 Modbus RTU 的功能码、长度和正确的 CRC 分帧，与粘包、拆包无关。静默 0.5 秒后，剩余数据成为一个 CRC 错误的帧",
            ),
        }
    }

    fn rule_field(&self, field: FieldId) -> FieldWords {
        match field {
            FieldId::KeepLineEnd => FieldWords::new("数据含行尾", "", "行尾算作数据"),
            FieldId::Delimiter => FieldWords::new("分隔符字节", "0D 0A", "一帧以这些字节结束"),
            FieldId::KeepDelimiter => FieldWords::new("数据含分隔符", "", "分隔符算作数据"),
            FieldId::Starts => {
                FieldWords::new("起始标记", "无；多个用 | 分开", "一帧以其中之一开始；不给出时，紧接上一帧")
            }
            FieldId::End => FieldWords::new("结束标记", "03", "一帧以此结束。0A 是行尾，其前的 CR 属于行尾"),
            FieldId::Escape => FieldWords::new("转义字节", "无", "其后的一个字节是内容，不是标记"),
            FieldId::EscapeXor => FieldWords::new(
                "转义后异或",
                "无",
                "转义字节后的一个字节与此值异或（PPP、HDLC：escape=7D,xor=20）。校验的是转义前的字节",
            ),
            FieldId::Swap => FieldWords::new(
                "字节替换",
                "无；如 7E:7D02 | 7D:7D01",
                "内容中的这些字节以相应的代码发送（JT/T 808：swap=7E:7D02|7D:7D01）。校验的是替换前的字节；不在表中的保持原样",
            ),
            FieldId::After => FieldWords::new("标记后字节数", "0", "结束标记后还有这么多字节属于这一帧"),
            FieldId::Restart => {
                FieldWords::new("帧内再遇起始标记则重新开始", "", "帧内再遇起始标记时，从那里开始新的一帧")
            }
            FieldId::FixedLength => FieldWords::new("帧长（字节）", "8", "每帧的长度，不大于 max"),
            FieldId::LengthOffset => FieldWords::new("长度字段位置", "0", "长度字段之前的字节数"),
            FieldId::LengthSize => FieldWords::new(
                "长度字段大小",
                "",
                "1 到 8：长度字段的字节数。varint4：每组 7 位，低位在前，最多 4 字节。dec8：8 位十进制数字，前面可补空格或零。dec：数字到第一个非数字为止。hex4：4 位十六进制数字。scpi：SCPI 数据块头（IEEE 488.2）：#、一位数字 N（1 到 9）、N 位十进制数字",
            ),
            FieldId::LengthEndian => FieldWords::new("长度字节序", "", "长度字段的字节序，多于一个字节时必须给出"),
            FieldId::LengthSigned => FieldWords::new("有符号数", "", "长度是补码数；长度为负的数据按未分帧处理"),
            FieldId::DigitsEnd => FieldWords::new("数字后的字节", "无", "用于 size=dec：数字后面的字节"),
            FieldId::DigitsNonzero => FieldWords::new(
                "首位不为 0",
                "",
                "用于 size=dec：第一个数字是 1 到 9；长度以 0 开头的数据按未分帧处理 (RFC 6587)",
            ),
            FieldId::LengthMask => FieldWords::new(
                "长度所占的位（HEX）",
                "全部",
                "字段中只有这些位是长度，移到最低位：size=2,endian=big,mask=07FF 时，A01B 是 27（HDLC）",
            ),
            FieldId::Behind => FieldWords::new(
                "长度前的字节",
                "无",
                "长度字段紧跟在 offset 处或其后第一次出现的这些字节之后，最多相隔 256 字节（FIX：behind='\\x019='）",
            ),
            FieldId::Skip => FieldWords::new(
                "帧间可跳过的字节",
                "无",
                "两帧之间可有的字节，算作分隔。没有 mark 和校验时，长度不可能之后，从这样的字节之后再找下一帧",
            ),
            FieldId::Header => {
                FieldWords::new("头部长度", "到长度字段为止", "数据开始的位置；不给出时，在长度字段之后")
            }
            FieldId::Counts => FieldWords::new("长度包含头部", "", "长度算的是数据，还是整个帧"),
            FieldId::Adjust => {
                FieldWords::new("长度修正", "0", "加到长度上的数。adjust=2：数据后有 CRC-16，而长度没有算它")
            }
            FieldId::Mark => FieldWords::new("固定标记", "无", "每帧在此位置都有的字节"),
            FieldId::Gap => FieldWords::new("间隔（ms）", "20", "没有新数据的时间"),
            FieldId::JsonEncoding => FieldWords::new(
                "字符编码",
                "",
                "文本的编码。Big5、Shift_JIS、GBK、GB18030 中有些字符的字节与括号、反斜杠相同。不给出时，用会话的编码（--encoding）",
            ),
            FieldId::Max => FieldWords::new("最长帧", "16 MiB", "最长的帧，含头部和标记；更长的按未分帧处理"),
            FieldId::CheckFrom => FieldWords::new("校验范围从", "0", "校验范围的第一个字节；负数从帧尾算起"),
            FieldId::CheckUntil => FieldWords {
                label: "校验值前的字节",
                hint: "无",
                note: "没有这个字节的帧不校验",
                meaning: "代替 to 和 at：校验范围到第一个这样的字节之前，校验值在其后。没有这个字节的帧没有校验值，不算对也不算错",
            },
            FieldId::CheckTo => FieldWords::new("校验范围到", "校验值之前", "校验范围的末尾；不给出时，到校验值之前"),
            FieldId::CheckAt => FieldWords::new("校验值位置", "帧尾", "校验值开始的位置；不给出时，在帧尾"),
            FieldId::CheckEndian => {
                FieldWords::new("校验值字节序", "", "校验值的字节序；不给出时，写成字节的反射型 CRC 为小端，其余为大端")
            }
            FieldId::CheckForm => FieldWords::new(
                "校验值写法",
                "",
                "校验值的写法：字节，十六进制数字，或前面补零的十进制数字，位数与最大值相同（SUM-8 为三位）。dec5：五位",
            ),
            FieldId::CheckCovers => FieldWords::new(
                "校验十六进制数字所表示的字节",
                "",
                "校验的对象：帧的字节，或每两个十六进制数字表示的字节 (Modbus ASCII)",
            ),
            FieldId::CheckMask => FieldWords::new(
                "校验值所占的位（HEX）",
                "全部",
                "所写的校验值中只有这些位是校验值，移到最低位；算出的值取同样多的低位",
            ),
        }
    }

    fn rule_choice(&self, word: &str) -> ChoiceWords {
        match (word, word.parse::<u8>()) {
            ("little", _) => ChoiceWords::plain("小端"),
            ("big", _) => ChoiceWords::plain("大端"),
            ("varint", _) => ChoiceWords::numbered("变长 (varint)", "最多字节数", "10"),
            ("dec", _) => ChoiceWords::numbered("十进制数字", "位数", "不限"),
            ("hex", _) => ChoiceWords::numbered("十六进制数字", "位数", "4"),
            ("binary" | "bytes", _) => ChoiceWords::plain("字节"),
            ("scpi", _) => ChoiceWords::plain("SCPI 数据块 (#N)"),
            (_, Ok(count)) => ChoiceWords::plain(format!("{count} 字节")),
            (word, Err(_)) => ChoiceWords::plain(word),
        }
    }

    fn rule_place(&self) -> &'static str {
        "固定标记位置"
    }

    fn rule_preset(&self, preset: PresetId) -> &'static str {
        match preset {
            PresetId::Record => "不分包（按接收）",
            PresetId::PyStructI => "4 字节长度头 (struct 'i')",
            PresetId::ModbusTcp => "Modbus TCP",
            PresetId::ModbusRtu => "Modbus RTU",
            PresetId::Line => "行 (LF/CRLF)",
            PresetId::Nmea => "NMEA 0183",
            PresetId::Slip => "SLIP",
            PresetId::Cobs => "COBS",
            PresetId::StxEtx => "STX … ETX",
            PresetId::Json => "JSON",
            PresetId::Mqtt => "MQTT",
            PresetId::Jt808 => "JT/T 808",
            PresetId::ModbusAscii => "Modbus ASCII",
            PresetId::Fix => "FIX",
            PresetId::Yd1363 => "YD/T 1363",
            PresetId::Dlt645 => "DL/T 645",
            PresetId::Iec104 => "IEC 60870-5-104",
            PresetId::Gb32960 => "GB/T 32960",
            PresetId::Mllp => "HL7 (MLLP)",
            PresetId::Syslog => "Syslog（按字节计数）",
            PresetId::Scpi => "SCPI",
        }
    }
}
