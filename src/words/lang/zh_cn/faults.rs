//! What goes wrong while a talk file is carried out, in Chinese.

use super::ZhCn;
use crate::words::grouped;

texts! { Faults for ZhCn;

    fault_unset_name(name: &str) => "名称“{name}”没有值";
    fault_unknown_function(name: &str) => "没有函数“{name}”";
    fault_arguments(function: &str, given: usize) => "函数 {function} 的参数个数不对：{given} 个";
    fault_wrong_kind(value: &str, expected: &str) => "{value} 不是{expected}";
    fault_mixed(left: &str, right: &str) => "{left}与{right}不能一起运算或比较";
    fault_overflow: "结果超出数的范围";
    fault_zero_divisor: "除数为 0";
    fault_too_long(most: usize) => "结果过长，最多 {} 字节", grouped(most as u64);
    fault_out_of_range(at: i128, len: usize) => "位置 {at} 超出范围（长度 {len}）";
    fault_does_not_fit(value: &str, form: &str) => "{value} 放不进 {form}";
    fault_needs_type(value: &str) => "引号外的数 {value} 需要类型，如 {{{{x:u16}}}}";
    fault_stream_regex: "未分包的数据流中不能用 \\b，请写 (?-u:\\b)";
    fault_unknown_check(name: &str) => "没有校验“{name}”";
    fault_check_place(name: &str) => "校验 {name} 在此处没有可计算的字节";
    fault_unknown_type(name: &str) => "没有类型“{name}”";
    fault_time_format(_error: &str) => "时间格式有误";
    fault_not_json: "不是有效的 JSON";
    fault_no_json_entry(path: &str) => "JSON 中没有“{path}”";
    fault_no_environment(name: &str) => "没有环境变量 {name}";
    fault_not_available(call: &str) => "此处没有 {call} 的值";
    fault_path_outside(path: &str) => "路径“{path}”超出本文件所在的文件夹";
    fault_unreadable(path: &str, cause: &str) => "无法读取文件“{path}”：{cause}";
    fault_missing: "文件不存在";
    fault_denied: "没有权限";
    fault_file_too_long: "文件过大";
    fault_file_other: "读取失败";
    fault_pattern_only: "只能写在等待（<）或规则中";
    fault_too_many_open(most: usize) => "长度不定的部分过多，最多 {most} 个";
    fault_too_much_work: "匹配的计算量过大，请少用 *";
    fault_too_much_state(most: usize) => "变量占用的内存过多，最多 {} 字节", grouped(most as u64);
    fault_not_in_rule(word: &str) => "规则中不能使用“{word}”";
    fault_bad_time(value: &str) => "{value} 不是可用的时间";
    fault_bad_count(value: &str) => "{value} 不是可用的个数";
    talk_has_no_rules: "文件中没有启用的规则（on …）";
    fault_bad_table(line: usize, written: &str) => "寄存器表第 {line} 行无法识别：{written}（应为 表,地址,值,类型，如 holding,0,230.5,f32）";
    kind_truth: "真假值";
    kind_number: "数";
    kind_whole: "整数";
    kind_text: "文本";
    kind_bytes: "字节";
    kind_list: "列表";
}
