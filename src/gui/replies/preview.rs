//! What a rule sends, before it is saved: it runs on a sample.

use crate::codec::framing::Builder;
use crate::codec::{Encoding, FramingRule};
use crate::engine::RuleSurroundings;
use crate::gui::replies::fields::{RuleFields, When};
use crate::talk::content::NoFiles;
use crate::talk::eval::FaultKind;
use crate::talk::rules::{Act, Connection, Received, RuleSet, Setting, Turn};
use crate::talk::tree::{ItemKind, Match, Pattern, TextPiece, TopKind, Trigger, Type};
use crate::talk::{Outside, read};
use std::time::Duration;

/// What a rule sends.
#[derive(Clone, Debug, PartialEq)]
pub enum Preview {
    /// These bytes, one piece for each send.
    Sends(Vec<Vec<u8>>),
    /// It cannot be carried out.
    Fault(FaultKind),
    /// It depends on what is received.
    Open,
    /// Nothing: the fields have errors, or nothing is sent.
    Nothing,
}

/// Where a rule acts.
pub struct Ground<'a> {
    /// The lines of the variables of the file.
    pub variables: &'a str,
    /// The framing rule.
    pub framing: Option<&'a FramingRule>,
    /// The encoding of texts.
    pub encoding: Encoding,
    /// The content that the rule was made of.
    pub sample: Option<&'a [u8]>,
}

/// Runs a rule once: on the sample if it fits, otherwise on the simplest content that its pattern fits.
pub fn preview(fields: &RuleFields, ground: &Ground<'_>) -> Preview {
    let mut probe = RuleFields { name: String::new(), limit: String::new(), from: String::new(), ..fields.clone() };
    probe.ends = None;
    probe.answers.iter_mut().for_each(|answer| answer.delay_ms.clear());
    if probe.answers.is_empty() {
        return Preview::Nothing;
    }
    if probe.when != When::Bytes {
        probe.when = When::Open;
    }
    let source = format!("{}{}", ground.variables, probe.lines());
    let outside = Outside { has_used_files: true, ..Outside::default() };
    let file = read(&source, &outside).file;
    let pattern = file.tops.iter().find_map(|top| match &top.kind {
        TopKind::Rule(rule) => Some(&rule.trigger),
        _ => None,
    });
    let setting = Setting { framing: ground.framing.cloned(), encoding: ground.encoding, ..Setting::default() };
    let set = match RuleSet::new(&file, &source, &setting, &mut RuleSurroundings::default(), &mut NoFiles) {
        Ok(set) if set.is_empty() => return Preview::Nothing,
        Ok(set) => set,
        Err(faults) => return faults.into_iter().next().map_or(Preview::Nothing, |fault| Preview::Fault(fault.kind)),
    };
    match pattern {
        Some(Trigger::Pattern(pattern)) => {
            let simplest = simplest(pattern, ground.encoding);
            let samples = [ground.sample.map(<[u8]>::to_vec), simplest];
            let run = |content: Vec<u8>| run(&set, Some(&content));
            samples.into_iter().flatten().map(run).find(|result| *result != Preview::Nothing).unwrap_or(Preview::Open)
        }
        Some(_) => run(&set, None),
        None => Preview::Nothing,
    }
}

/// Runs the rules once on a content, or when a connection opens.
fn run(set: &RuleSet, content: Option<&[u8]>) -> Preview {
    let (mut shared, mut builder, mut out) = (set.shared(), Builder::new(set.framing()), Vec::new());
    let mut turn = Turn {
        set,
        shared: &mut shared,
        builder: &mut builder,
        outside: &mut RuleSurroundings::default(),
        files: &mut NoFiles,
        now: Duration::ZERO,
        out: &mut out,
    };
    let mut connection = Connection::open("127.0.0.1:1", &mut turn);
    if let Some(content) = content {
        let whole = set.framing().build(content).map_or_else(|_| content.to_vec(), |built| built.bytes);
        let received = Received { content: Some(content), whole: &whole, record: None, index: 0 };
        connection.received(&received, &mut turn);
    }
    let mut sends = Vec::new();
    for output in out {
        match output.what {
            Act::Send { bytes, .. } => sends.push(bytes.to_vec()),
            Act::Fault(fault) => return Preview::Fault(fault.kind),
            _ => {}
        }
    }
    if sends.is_empty() { Preview::Nothing } else { Preview::Sends(sends) }
}

/// The simplest content that a pattern fits: zeros for what may be anything. `None`: that is not known.
fn simplest(pattern: &Pattern, encoding: Encoding) -> Option<Vec<u8>> {
    let Match::Items(items) = &pattern.body else { return None };
    let mut content = Vec::new();
    for item in items {
        match &item.kind {
            ItemKind::Hex(bytes) => content.extend(bytes.iter().map(|byte| byte.value)),
            ItemKind::Any => {}
            ItemKind::Text(text) => {
                for piece in &text.pieces {
                    match piece {
                        TextPiece::Chars(chars) => content.extend(encoding.encode(chars).ok()?),
                        TextPiece::Bytes(bytes) => content.extend(bytes),
                        // A number and a text alike.
                        TextPiece::Capture(_) => content.push(b'1'),
                        TextPiece::Insert(_) => return None,
                    }
                }
            }
            ItemKind::Capture(capture) => match capture.form.as_ref().map(|form| &form.value) {
                Some(Type::Int(int)) => content.extend(std::iter::repeat_n(0, int.bytes)),
                Some(Type::Float(float)) => content.extend(std::iter::repeat_n(0, float.bytes)),
                Some(Type::Bcd { bytes, .. }) => content.extend(std::iter::repeat_n(0, *bytes)),
                Some(Type::Bytes(None) | Type::Text(None)) | None => content.push(0),
                Some(Type::Bytes(Some(_)) | Type::Text(Some(_))) => return None,
            },
            ItemKind::Insert(_) | ItemKind::Check(_) | ItemKind::File(_) => return None,
        }
    }
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::edit::Document;

    fn shown(line: &str, framing: Option<&str>, sample: Option<&[u8]>) -> Preview {
        let fields = RuleFields::of(&Document::new(line.to_owned()), 0).unwrap();
        let framing = framing.map(|rule| rule.parse().unwrap());
        let ground = Ground { variables: "var t = 235\n", framing: framing.as_ref(), encoding: Encoding::GBK, sample };
        preview(&fields, &ground)
    }

    fn sends(pieces: &[&[u8]]) -> Preview {
        Preview::Sends(pieces.iter().map(|piece| piece.to_vec()).collect())
    }

    #[test]
    fn the_bytes_on_the_wire_are_shown() {
        assert_eq!(
            shown("on 01 03 ?? ?? { wait 1s; > 01 03 02 {{t:i16}}; close }", Some("modbus-rtu"), None),
            sends(&[&[1, 3, 2, 0, 0xEB, 0xF8, 0x0B]])
        );
        assert_eq!(
            shown("on \"PING\" limit 3 { > \"你\"; > 0D0A }", None, None),
            sends(&[&[0xC4, 0xE3], &[0x0D, 0x0A]])
        );
        assert_eq!(shown("on idle 5000ms { > 01 }", None, None), sends(&[&[1]]));
        assert_eq!(shown("on idle 5000ms { close }", None, None), Preview::Nothing);
    }

    #[test]
    fn what_depends_on_the_message_is_made_of_the_sample() {
        let echo = "on 01 {{?x:u16}} * { > {{x:u16}} {{frame}} }";
        assert_eq!(shown(echo, None, Some(&[1, 0, 7, 9])), sends(&[&[0, 7, 1, 0, 7, 9]]));
        assert_eq!(shown(echo, None, None), sends(&[&[0, 0, 1, 0, 0]]));
        assert_eq!(shown(echo, None, Some(&[2])), sends(&[&[0, 0, 1, 0, 0]]), "the sample does not fit");
        assert_eq!(shown("on /^A(?<x>.)/ { > \"{{x}}\" }", None, None), Preview::Open);
        assert_eq!(shown("on /^A(?<x>.)/ { > \"{{x}}\" }", None, Some(b"AB")), sends(&[b"B"]));
        assert!(matches!(shown("on {{?x:u8}} { > {{x + 300:u8}} }", None, None), Preview::Fault(_)));
    }
}
