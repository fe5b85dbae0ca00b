//! File transfers and remote commands, in English.

use super::En;
use crate::model::NameProblem;
use crate::words::{counted, grouped};

texts! { Transfers for En;

    // Why a transfer failed
    transfer_failed(name: &str, why: &str) -> String {
        if name.is_empty() { format!("A transfer failed: {why}") } else { format!("The transfer of \"{name}\" failed: {why}") }
    }
    name_problem(why: NameProblem) -> &'static str {
        match why {
            NameProblem::Empty => "the name is empty",
            NameProblem::Absolute => "the name is absolute; only names within the folder are possible",
            NameProblem::Outside => "the name leads out of the folder",
            NameProblem::Link => "the name leads through a link, and links are not followed",
            NameProblem::NotAFile => "the name is not that of a regular file",
            NameProblem::Device => "the name is that of a device on Windows",
            NameProblem::TooLong => "the name is too long",
            NameProblem::Character => "the name contains a character that is not possible in file names",
            NameProblem::InFolder => "a received file cannot lie in a folder of its own",
            NameProblem::Reserved => "the name is reserved for unfinished files",
            NameProblem::Exists => "a file of this name exists",
            NameProblem::BeingReceived => "a file of this name is being received",
        }
    }
    no_such_file: "there is no such file";
    head_length(len: i64, most: u64) => "the length of the head is {len}; 1 to {} are possible", grouped(most);
    head_not_json: "the head is not a JSON object";
    head_field(field: &str) => "the field \"{field}\" of the head is missing or wrong";
    unexpected_answer(expected: &str, found: &str) => "the peer answered \"{found}\" instead of {expected}";
    transfer_ended_early(have: u64, want: Option<u64>) -> String {
        match want {
            None => "the connection ended before the answer".to_owned(),
            Some(want) => format!("the connection ended after {} of {}", grouped(have), counted(want, "byte")),
        }
    }
    md5_differs(announced: &str, found: &str) => "the MD5 is {found}, announced was {announced}";
    peer_md5_differs: "the peer received something else: it answered 204 to the MD5";
    sent_too_early: "the peer sent more before its last request was answered";
    transfer_cancelled: "cancelled";

    // How a transfer goes
    transfer_done(arrived: bool, name: &str, peer: &str, figures: &str, verified: bool) -> String {
        let what = if arrived { format!("Received \"{name}\" from {peer}") } else { format!("Sent \"{name}\" to {peer}") };
        format!("{what}: {figures}{}", if verified { ", MD5 right" } else { "" })
    }
    transfer_figures(bytes: u64, took: &str, rate: &str) => "{} in {took} ({rate}/s)", counted(bytes, "byte");
    command_answered(command: &str, peer: &str, bytes: u64) => "Answered \"{command}\" of {peer}: {}", counted(bytes, "byte");
    serves_commands: "Warning: every program on this computer that connects can run commands with your rights";
    loopback_only: "is possible on a loopback address only, such as 127.0.0.1";
    transfer_goes_on(name: &str, done: &str, rate: &str, left: Option<&str>) -> String {
        let left = left.map(|left| format!(", {left} left")).unwrap_or_default();
        format!("\"{name}\": {done}, {rate}/s{left}")
    }
}
