//! Socket options: what their values look like.

use super::Lang;
use super::harmless;
use crate::model::{OptionForm, OptionListError};

/// Why a list of options was rejected.
#[must_use]
pub fn socket_option_list_error(error: &OptionListError, lang: Lang) -> String {
    match error {
        OptionListError::Unknown(name) => lang.texts().no_such_socket_option(&harmless(name)),
        OptionListError::Value(option) => {
            let should_be = socket_option_form(option.form(), lang);
            format!("{}{}{should_be}", option.name(), lang.texts().colon())
        }
    }
}

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
