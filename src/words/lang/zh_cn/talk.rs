//! What is wrong with a talk file, in Chinese.

use super::ZhCn;

texts! { Talk for ZhCn;

    talk_title_and_label(title: &str, label: &str) => "{title}：{label}";
    talk_error_level: "错误";
    talk_opened_here: "在此处打开";
    talk_first_here: "前一个在此处";
    talk_more_errors(count: usize) => "另有 {count} 个错误";
    talk_end_of_line: "行尾";
    talk_end_of_file: "文件末尾";
    talk_full_width(found: char) => "引号外出现全角符号“{found}”";
    talk_write_instead(meant: &str) => "请改为“{meant}”";
    talk_write_space: "请改为半角空格";
    talk_unexpected(found: &str) => "意外的 {found}";
    talk_expected(what: &str) => "此处应为{what}";
    talk_or: "或";
    talk_name: "名称";
    talk_text: "带引号的文本";
    talk_time: "时间，如 20ms、1.5s";
    talk_whole: "整数";
    talk_value: "值：数、文本、名称或函数";
    talk_item: "要发送的内容：十六进制、带引号的文本或字段 {{…}}";
    talk_pattern: "要等待的内容：十六进制、带引号的文本、字段、* 或 /…/";
    talk_word: "一个词";
    talk_address: "地址，如 tcp://127.0.0.1:502";
    talk_type: "类型，如 u16、i32le、f32、bcd6、bytes、text(8)";
    talk_format: "格式，如 04、.3、02X";
    talk_reading: "dec、num 或 hex";
    talk_statement: "语句，如 >、<、check、wait";
    talk_end_of_statement: "行尾或 ;";
    talk_unknown_word(word: &str) => "“{word}”不是本语言的词";
    talk_did_you_mean(word: &str) => "是否想写“{word}”？";
    talk_not_known: "此处未知";
    talk_no_arrow: "要发送的行须以 > 开头";
    talk_write_before: "在前面写 > 表示发送，写 < 表示等待";
    talk_else_on_new_line: "else 不能另起一行";
    talk_else_same_line: "应写在所属语句的同一行，或其 } 之后";
    talk_reserved(word: &str) => "“{word}”是本语言的词，不能用作名称";
    talk_other_name: "请换一个名称";
    talk_not_yet(word: &str) => "“{word}”尚未支持";
    talk_not_yet_label: "当前版本无法执行";
    talk_version(version: u64) => "不支持语言版本 {version}";
    talk_version_label: "本程序只支持版本 1";
    talk_version_not_first: "talk 必须是第一行";
    talk_move_up: "请移到文件开头";
    talk_missing_brace: "缺少 }";
    talk_close_before: "应在此之前结束该块";
    talk_extra_brace: "多余的 }";
    talk_remove: "请删除";
    talk_transfer_session(word: &str, role: &str) => "“{word}”需要使用 {role} 的 TCP 会话";
    talk_outside_of_steps(word: &str) => "“{word}”与会话同时结束：请写在步骤和语句块之外";
    talk_may_not_store(word: &str) => "“{word}”会存储文件，尚未允许";
    talk_allow_storing: "请用 --receive-files DIR 选择文件夹";
    talk_uses_itself(path: &str) => "“{path}”直接或通过其他文件引用了自身";
    talk_too_many_files(most: usize) => "引用的文件超过 {most} 个";
    talk_unclosed_text(quote: char) => "文本没有结束：本行缺少 {quote}";
    talk_begins_here: "从此处开始";
    talk_unclosed_regex: "正则表达式没有结束：本行缺少 /";
    talk_unclosed_field: "字段没有结束：缺少 }}";
    talk_too_deep: "块或括号嵌套过深";
    talk_simplify: "最多 64 层";
    talk_too_many_operators: "一个表达式中的运算符过多";
    talk_fewer_operators: "最多 100 个";
    talk_bad_escape(escape: &str) => "未知的转义“{escape}”";
    talk_escapes: "可用 \\n \\r \\t \\0 \\xNN \\u{N} \\\\ \\\" \\{";
    talk_bad_hex(character: &str) => "“{character}”不是十六进制数字";
    talk_hex_form: "十六进制每字节两位，可用空格分组；文本须加引号";
    talk_odd_hex(digits: &str) => "“{digits}”的十六进制位数为奇数";
    talk_two_digits: "每字节两位";
    talk_pattern_only(text: &str) => "“{text}”只能用于等待，不能发送";
    talk_behind_await: "只能用在 < 和 on 之后";
    talk_regex_alone: "正则表达式必须单独作为模式";
    talk_regex_alone_label: "不能与其他内容并列";
    talk_regex_flag(flag: char) => "未知的正则标志“{flag}”";
    talk_regex_flags: "可用的标志为 i、s、b";
    talk_bad_number(number: &str) => "“{number}”不是数，或过大";
    talk_number_form: "数写作 12、0x1F、1.5e3 或 20ms";
    talk_no_unit(number: &str) => "时间“{number}”缺少单位";
    talk_units: "在其后写 us、ms、s、m 或 h";
    talk_unknown_unit(number: &str) => "“{number}”的单位未知";
    talk_known_units: "单位为 us、ms、s、m、h";
    talk_option_twice(option: &str) => "“{option}”重复给出";
    talk_second: "第二个在此处";
    talk_unknown_option(option: &str) => "没有选项“{option}”";
    talk_unset_name(name: &str) => "“{name}”从未赋值";
    talk_set_it: "请用 var、set 或捕获 {{?…}} 赋值";
    talk_unknown_function(name: &str) => "没有函数“{name}”";
    talk_arguments(function: &str, given: usize) => "“{function}”有 {given} 个参数";
    talk_takes(least: usize, most: usize) -> String {
        match most {
            usize::MAX => format!("至少需要 {least} 个"),
            most if most == least => format!("需要 {least} 个"),
            most => format!("需要 {least} 到 {most} 个"),
        }
    }
    talk_unknown_session(name: &str) => "没有会话“{name}”";
    talk_which_session: "文件有多个会话，本行未指明会话";
    talk_name_session(name: &str) => "请指明，如 {name}:";
    talk_unnamed_session: "有多个会话时，每个都须有名称";
    talk_name_it: "在此词之前写名称";
    talk_duplicate(what: &str, name: &str) => "有两个名为“{name}”的{what}";
    talk_vars: "变量";
    talk_sessions: "会话";
    talk_rules: "规则";
    talk_parts: "片段";
    talk_files: "文件";
    talk_parameters: "参数";
    talk_line_end_twice(rule: &str) => "行尾会发送两次：“{rule}”已自动添加";
    talk_remove_line_end: "请从文本中删除行尾，或用 raw 发送此行";
    talk_does_not_fit(value: &str, form: &str) => "{value} 超出 {form} 的范围";
    talk_wider_type: "请用更宽的类型或更小的值";
    talk_wrong_kind(found: &str) => "此处是{found}";
    talk_a_number: "数";
    talk_a_text: "文本";
    talk_a_truth: "真假值";
    talk_some_bytes: "字节串";
    talk_bad_address(why: &str) => "地址无效：{why}";
    talk_bad_encoding(name: &str) => "没有编码“{name}”";
    talk_not_in_rule(word: &str) => "规则中不能使用“{word}”";
    talk_rules_answer: "规则立即应答；等待应写在步骤中";
    talk_rule_needs_frame: "按字节匹配的规则要求会话设置 frame";
    talk_frame_record: "若一次读取就是一条消息，可在会话中写 frame record";
    talk_excludes(one: &str, other: &str) => "“{one}”不能与“{other}”同用";
}
