//! 窗口中运行对话文件。

use super::ZhCn;
use crate::words::texts::{Named, by_id};

const LABELS: Named = &[
    ("open", "运行步骤…"),
    ("back", "返回指令列表"),
    ("own-file", "本会话的列表"),
    ("run", "运行"),
    ("run-all", "运行全部"),
    ("run-all-foot", "运行全部步骤"),
    ("run-chosen", "只跑选中的步"),
    ("stop", "停止"),
    ("stop-run", "停止运行"),
    ("rounds", "轮数"),
    ("rounds-short", "轮"),
    ("rounds-wrong", "请填写不小于 1 的数；留空表示不限"),
    ("on-failure", "步骤失败后"),
    ("go-on", "失败后继续"),
    ("stop-after", "失败后停止"),
    ("passed", "通过"),
    ("failed", "失败"),
    ("running", "运行中"),
    ("skipped", "已跳过"),
    ("not-run", "未运行"),
    ("no-steps", "文件中没有步骤。步骤是一个名称加上发送（>）和等待（<）的各行。"),
    ("has-errors", "文件有错误，步骤不能运行。"),
    ("results", "结果"),
    ("no-results", "还没有结果。请在侧栏中运行对话文件的步骤。"),
    ("no-failures", "选择一个步骤以查看结果。"),
    ("expected", "期望"),
    ("received", "收到"),
    ("again", "重跑这一步"),
    ("show-record", "在记录中显示"),
];

impl crate::words::texts::RunView for ZhCn {
    fn run_view(&self, id: &str) -> &'static str {
        by_id(LABELS, id)
    }

    fn run_round(&self, round: u64, last: Option<u64>) -> String {
        last.map_or_else(|| format!("第 {round} 轮"), |last| format!("第 {round} / {last} 轮"))
    }

    fn run_chip(&self, step: usize, steps: usize) -> String {
        format!("运行 {step} / {steps}")
    }

    fn run_place(&self, step: usize, line: usize) -> String {
        format!("第 {step} 步，文件第 {line} 行")
    }
}
