//! Sentences about file transfers.

use super::{Lang, error_sentence, harmless};
use crate::model::TransferError;

/// Why a transfer failed, after a colon.
#[must_use]
pub fn transfer_error(error: &TransferError, lang: Lang) -> String {
    let texts = lang.texts();
    match error {
        TransferError::Name { why } => texts.name_problem(*why).to_owned(),
        TransferError::NoSuchFile => texts.no_such_file().to_owned(),
        TransferError::HeadLength { len, most } => texts.head_length(*len, *most),
        TransferError::HeadNotJson => texts.head_not_json().to_owned(),
        TransferError::HeadField { field } => texts.head_field(&harmless(field)),
        TransferError::Answer { expected, found } => texts.unexpected_answer(expected, &harmless(found)),
        TransferError::EndedEarly { have, want } => texts.transfer_ended_early(*have, *want),
        TransferError::Md5 { announced, found } => texts.md5_differs(&harmless(announced), &harmless(found)),
        TransferError::PeerMd5 => texts.peer_md5_differs().to_owned(),
        TransferError::TooEarly => texts.sent_too_early().to_owned(),
        TransferError::Failed { error } => error_sentence(error, lang),
        TransferError::Cancelled => texts.transfer_cancelled().to_owned(),
    }
}

/// The sentence for a transfer that failed. `name` comes from the peer and may be empty.
#[must_use]
pub fn transfer_failed(name: &str, error: &TransferError, lang: Lang) -> String {
    lang.texts().transfer_failed(&harmless(name), &transfer_error(error, lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NameProblem;

    #[test]
    fn a_name_of_the_peer_cannot_disturb_the_sentence() {
        let error = TransferError::from(NameProblem::Outside);
        let english = transfer_failed("../\u{1b}[2J", &error, Lang::En);
        assert_eq!(english, r#"The transfer of "../\u{1b}[2J" failed: the name leads out of the folder"#);
        let chinese = transfer_failed("", &TransferError::NoSuchFile, Lang::ZhCn);
        assert_eq!(chinese, "文件传输失败：没有这个文件");
    }
}
