//! The outcome of talk files, in Chinese.

use super::ZhCn;
use crate::model::CloseReason;
use crate::talk::outcome::{RunEnd, Skipped, Verdict};

texts! { Runs for ZhCn;

    run_said(text: &str) => "{text}";
    run_check_false: "条件不成立";
    run_values(values: &str) => "其中 {values}";
    run_no_match(within: &str) => "{within} 内没有匹配的数据";
    run_not_next: "首先收到的数据不匹配";
    run_ended(how: &str) => "连接结束前没有匹配的数据（{how}）";
    run_not_silent(bytes: &str) => "静默期间收到数据：{bytes}";
    run_no_connection(session: &str, within: &str) => "{session} 在 {within} 内没有连接";
    run_which_peer(count: usize) => "有 {count} 个连接：用 to 指定一个，或用 to all 发给全部";
    run_no_such_peer(peer: &str) => "没有名为“{peer}”的已建立连接";
    run_not_closed(within: &str) => "{within} 内没有连接结束";
    run_closed_otherwise(expected: &str, how: &str) => "连接的结束方式是{how}，应为 {expected}";
    run_opened_anyway: "会话已打开，但预期打开失败";
    run_not_until(rounds: u64) => "执行 {rounds} 轮后，until 的条件仍不成立";
    run_time_limit(limit: &str) => "运行已达到时间上限 {limit}";
    run_no_session: "文件中没有可用的会话，请写明地址，例如：session connect tcp://127.0.0.1:502";
    run_not_yet(word: &str) => "尚不支持“{word}”";
    run_session_failed: "会话意外结束";
    run_evicted: "数据在比较之前因捕获容量上限被删除";
    run_passed_over(bytes: &str) => "收到：{bytes}";
    run_more_passed(count: u64) => "此前还有 {count} 条";
    run_mismatch(at: usize, expected: &str, found: &str) => "第 {at} 字节应为 {expected}，收到 {found}";
    run_close(reason: CloseReason) -> &'static str {
        match reason {
            CloseReason::Local => "本端关闭",
            CloseReason::PeerFin => "FIN",
            CloseReason::Reset => "RST",
            CloseReason::Timeout => "超时",
            CloseReason::Kicked => "本端断开",
            CloseReason::Tls => "TLS 失败",
            CloseReason::Error => "错误",
        }
    }
    run_verdict(verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Passed => "通过",
            Verdict::Failed => "失败",
            Verdict::Skipped(_) => "跳过",
        }
    }
    run_skipped(why: Skipped) -> &'static str {
        match why {
            Skipped::Required => "必需的步骤失败",
            Skipped::Ended => "运行已提前结束",
        }
    }
    run_summary(passed: usize, failed: usize, skipped: usize, took: &str) => "通过 {passed}，失败 {failed}，跳过 {skipped}，用时 {took}";
    run_end(end: RunEnd) -> String {
        match end {
            RunEnd::Done => String::new(),
            RunEnd::Stopped => "运行由 else stop 结束".to_owned(),
            RunEnd::Interrupted => "运行被中断".to_owned(),
            RunEnd::TimeLimit(_) => "运行已达到时间上限".to_owned(),
            RunEnd::NotBegun => "运行未能开始".to_owned(),
        }
    }
    run_capture(session: &str, id: &str) => "{session} 的捕获：{id}";
    run_no_such_step: "没有这个名称的步骤";
    run_bad_variable: "应为 NAME=VALUE";
    run_no_files: "文件夹中没有 .talk 文件";
}
