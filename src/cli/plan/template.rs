//! `--template`: what is sent has variables.

use super::wrapping::Wrapping;
use crate::codec::Encoding;
use crate::engine::{Make, Maker, SendItem, Unmade};
use crate::talk::template::{Notation, Template, TemplateError, Values};
use std::sync::Arc;

/// A text with variables, and what is put around it.
#[derive(Debug)]
struct Templated {
    template: Template,
    encoding: Encoding,
    wrapping: Wrapping,
    seed: u64,
}

/// The item of a text with variables, and its bytes in the first round, without what is put around them. Text without variables is the
/// same in all rounds.
///
/// # Errors
/// It is no template, or a variable has no value in the first round.
pub(super) fn item(
    text: &str,
    notation: Notation,
    encoding: Encoding,
    wrapping: &Wrapping,
) -> Result<(SendItem, Vec<u8>), TemplateError> {
    let template = Template::parse(text, notation, encoding)?;
    let seed = crate::model::random_bits();
    let first = template.made(&mut Values::new(0, seed, encoding))?.bytes;
    Ok((SendItem::made(Maker::new(Templated { template, encoding, wrapping: wrapping.clone(), seed })), first))
}

impl Make for Templated {
    fn make(&self, round: u64) -> Result<Arc<[u8]>, Unmade> {
        let made = self.template.made(&mut Values::new(round, self.seed, self.encoding));
        let unmade = |written: String| Unmade { written };
        let bytes = made.map_err(|error| match error {
            TemplateError::Field { field, .. } => unmade(format!("{field} (n = {round})")),
            _ => unmade(format!("n = {round}")),
        })?;
        let wrapped = self.wrapping.wrap(bytes.bytes).map_err(|_| unmade(format!("n = {round}")))?;
        Ok(wrapped.into())
    }
}
