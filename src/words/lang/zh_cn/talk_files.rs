//! The talk file of a tab in the window, in Chinese.

use super::ZhCn;

texts! { TalkFiles for ZhCn;

    open_talk_title: "打开 .talk 文件";
    talk_changed_since: "列表已变化，未作修改";
    talk_not_loaded: ".talk 文件尚未读取，未作修改";
    talk_choose_first: "其他程序修改了 .talk 文件，请先选择保留哪个版本";
    talk_has_errors: ".talk 文件有错误，请在编辑器中更正，返回后会重新读取";
    talk_bad_name(name: &str) => "“{name}”不能用作名称";
    talk_file_changed(is_there: bool) -> &'static str {
        if is_there { "其他程序修改了此文件" } else { "此文件已被删除" }
    }
    talk_file_too_long: "超过 16 MiB，未读取";
    talk_file_failed: ".talk 文件不可用";
    talk_take_theirs(drops: bool) -> &'static str { if drops { "放弃我的修改" } else { "重新读取" } }
    talk_keep_ours: "保留我的修改";
    talk_not_written: "最近的修改尚未写入 .talk 文件，请查看侧栏中的列表";
    talk_aside_found: "上次有修改未能写入";
    talk_take_aside: "使用这些修改";
    talk_drop_aside: "删除这些修改";
    talk_aside_taken: "已使用上次的修改";
    talk_error_at(line: usize, sentence: &str) => "第 {line} 行：{sentence}";
    talk_errors_more(count: usize) => "另有 {count} 处错误";
}
