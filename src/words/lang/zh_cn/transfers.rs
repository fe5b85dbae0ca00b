//! File transfers and remote commands, in Chinese.

use super::ZhCn;
use crate::model::NameProblem;

texts! { Transfers for ZhCn;

    // Why a transfer failed
    transfer_failed(name: &str, why: &str) -> String {
        if name.is_empty() { format!("文件传输失败：{why}") } else { format!("文件“{name}”传输失败：{why}") }
    }
    name_problem(why: NameProblem) -> &'static str {
        match why {
            NameProblem::Empty => "文件名为空",
            NameProblem::Absolute => "文件名是绝对路径，只能使用文件夹内的名称",
            NameProblem::Outside => "文件名指向文件夹之外",
            NameProblem::Link => "文件名经过符号链接，不跟随链接",
            NameProblem::NotAFile => "不是普通文件",
            NameProblem::Device => "文件名是 Windows 的设备名",
            NameProblem::TooLong => "文件名太长",
            NameProblem::Character => "文件名含有不允许的字符",
            NameProblem::InFolder => "接收的文件不能放在子文件夹中",
            NameProblem::Reserved => "此名称保留给未完成的文件",
            NameProblem::Exists => "同名文件已存在",
            NameProblem::BeingReceived => "同名文件正在接收",
        }
    }
    no_such_file: "没有这个文件";
    head_length(len: i64, most: u64) => "文件头长度为 {len}，应为 1 到 {most}";
    head_not_json: "文件头不是 JSON 对象";
    head_field(field: &str) => "文件头的字段“{field}”缺失或错误";
    unexpected_answer(expected: &str, found: &str) => "对端答复“{found}”，应为 {expected}";
    transfer_ended_early(have: u64, want: Option<u64>) -> String {
        match want {
            None => "连接在答复之前结束".to_owned(),
            Some(want) => format!("连接在传输 {have} / {want} 字节后结束"),
        }
    }
    md5_differs(announced: &str, found: &str) => "MD5 为 {found}，文件头中为 {announced}";
    peer_md5_differs: "对端收到的内容不同：对 MD5 答复 204";
    sent_too_early: "对端在上一个请求答复完之前又发来数据";
    transfer_cancelled: "已取消";

    // How a transfer goes
    transfer_done(arrived: bool, name: &str, peer: &str, figures: &str, verified: bool) -> String {
        let what = if arrived { format!("已从 {peer} 收到“{name}”") } else { format!("已向 {peer} 发送“{name}”") };
        format!("{what}：{figures}{}", if verified { "，MD5 正确" } else { "" })
    }
    transfer_figures(bytes: u64, took: &str, rate: &str) => "{bytes} 字节，用时 {took}（{rate}/s）";
    command_answered(command: &str, peer: &str, bytes: u64) => "已答复 {peer} 的命令“{command}”：{bytes} 字节";
    serves_commands: "警告：本机任何程序连接后，都能以你的权限执行命令";
    loopback_only: "只能用于回环地址，如 127.0.0.1";
    transfer_goes_on(name: &str, done: &str, rate: &str, left: Option<&str>) -> String {
        let left = left.map(|left| format!("，剩余 {left}")).unwrap_or_default();
        format!("“{name}”：{done}，{rate}/s{left}")
    }
}
