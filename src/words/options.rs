//! Socket options: what their values look like.

use super::Lang;
use crate::model::OptionForm;

/// What a value of this form should be, as the reason of an error.
#[must_use]
pub fn socket_option_form(form: OptionForm, lang: Lang) -> String {
    let texts = lang.texts();
    match form {
        OptionForm::Switch => texts.should_be_switch().to_owned(),
        OptionForm::Number(least, most) => texts.should_be_between(least, most),
        OptionForm::Bytes(least, most) => texts.should_be_bytes_between(least, most),
        OptionForm::KeepAlive => texts.should_be_keep_alive().to_owned(),
        OptionForm::Interface => texts.should_be_interface().to_owned(),
    }
}
