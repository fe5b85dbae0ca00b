//! The form of a reply rule while it is open.

use crate::codec::{Encoding, FrameKind, Framer, FramingRule, Verdict};
use crate::gui::replies::fields::RuleFields;
use crate::gui::replies::list::Listed;
use crate::gui::replies::preview::Preview;
use crate::talk::edit::{Document, Edit, EntryKind, Place};
use crate::talk::tree::TopKind;
use crate::talk::{ErrorKind, Outside, read};

/// How a rule is edited.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// By fields.
    Fields(RuleFields),
    /// As text, because it does more than the fields can show.
    Text(String),
}

/// The form of one rule.
pub struct RuleForm {
    /// The rule that is edited; `None`: a new one.
    pub entry: Option<usize>,
    /// What the user has typed.
    pub body: Body,
    before: Body,
    is_off: bool,
    /// The text of the file when the form was opened.
    source: String,
    /// The filter of the checks.
    pub check_filter: String,
    /// The first field gets the focus in the next frame.
    pub wants_focus: bool,
    /// A control of it had the focus in the last frame: Esc takes the focus away before the form sees the key.
    pub held_focus: bool,
    /// The user has tried to save it: all errors are shown.
    pub is_tried: bool,
    /// The frame that it was made of.
    pub sample: Option<Vec<u8>>,
    /// What was typed when the preview was made, and the preview.
    pub shown: Option<(RuleFields, Preview)>,
}

impl RuleForm {
    /// A form for a new rule.
    pub fn new(fields: RuleFields, document: &Document) -> Self {
        let body = Body::Fields(fields);
        Self {
            entry: None,
            before: body.clone(),
            body,
            is_off: false,
            source: document.source().to_owned(),
            check_filter: String::new(),
            wants_focus: true,
            held_focus: false,
            is_tried: false,
            sample: None,
            shown: None,
        }
    }

    /// The form of an entry of the file; `None`: there is no such entry.
    pub fn of(document: &Document, entry: usize) -> Option<Self> {
        let of = document.entries().get(entry)?;
        let is_off = matches!(of.kind, EntryKind::Rule { is_off: true, .. });
        let body = match RuleFields::of(document, entry) {
            Some(fields) => Body::Fields(fields),
            None => Body::Text(of.span.of(document.source()).to_owned()),
        };
        let form = Self::new(RuleFields::default(), document);
        Some(Self { entry: Some(entry), before: body.clone(), body, is_off, ..form })
    }

    /// The file is the one that the form was opened with.
    pub fn is_current(&self, document: &Document) -> bool {
        self.source == document.source()
    }

    /// The user has changed something.
    pub fn is_changed(&self) -> bool {
        self.body != self.before
    }

    /// Goes on as text.
    pub fn as_text(&mut self) {
        self.body = Body::Text(self.lines());
    }

    /// The lines of the rule.
    pub fn lines(&self) -> String {
        match &self.body {
            Body::Fields(fields) if self.is_off => format!("off {}", fields.lines()),
            Body::Fields(fields) => fields.lines(),
            Body::Text(text) => text.clone(),
        }
    }

    /// The variables of the file as lines.
    pub fn variables(&self) -> String {
        let document = Document::new(self.source.clone());
        let of = |top: &crate::talk::tree::Top| format!("{}\n", top.span.of(document.source()));
        document.file().tops.iter().filter(|top| matches!(top.kind, TopKind::Var(_))).map(of).collect()
    }

    /// The first error of lines of the file.
    fn error_in(&self, lines: &str) -> Option<ErrorKind> {
        let names = Document::new(self.source.clone())
            .file()
            .tops
            .iter()
            .filter_map(|top| match &top.kind {
                TopKind::Var(var) => Some(var.name.value.clone()),
                _ => None,
            })
            .collect();
        let parsed = read(lines, &Outside { names, has_used_files: true });
        parsed.errors.into_iter().map(|error| error.kind).find(|kind| *kind != ErrorKind::RuleNeedsFrame)
    }

    /// What is wrong with the pattern.
    pub fn pattern_error(&self) -> Option<ErrorKind> {
        let Body::Fields(fields) = &self.body else { return None };
        self.error_in(&format!("on {} {{ }}", fields.trigger()))
    }

    /// What is wrong with a send.
    pub fn send_error(&self, at: usize) -> Option<ErrorKind> {
        let Body::Fields(fields) = &self.body else { return None };
        let answer = fields.answers.get(at)?;
        let is_bad_head = self.pattern_error().is_some();
        let head = if is_bad_head { "open".to_owned() } else { fields.trigger() };
        self.error_in(&format!("on {head} {{ {} }}", fields.send_line(answer)))
    }

    /// What is wrong with the text.
    pub fn text_error(&self) -> Option<ErrorKind> {
        self.error_in(&self.lines())
    }

    /// It can be saved.
    pub fn is_right(&self) -> bool {
        let fields_are_right = match &self.body {
            Body::Fields(fields) => fields.wrong().is_empty(),
            Body::Text(text) => !text.trim().is_empty(),
        };
        fields_are_right && self.text_error().is_none()
    }

    /// The edits that save it.
    pub fn edits(&self, list: &[Listed]) -> Vec<Edit> {
        match self.entry {
            Some(_) if !self.is_changed() => Vec::new(),
            Some(entry) => vec![Edit::Replace { entry, lines: self.lines() }],
            None => vec![Edit::Insert { at: place_of_new(list, &self.lines()), lines: self.lines() }],
        }
    }
}

/// Where a new rule goes: behind the others, but before one that takes everything.
pub fn place_of_new(list: &[Listed], lines: &str) -> Place {
    let takes_all = |pattern: &str| matches!(pattern.trim(), "*" | "raw *");
    let is_all = lines.trim_start().strip_prefix("on ").and_then(|rest| rest.split('{').next()).is_some_and(takes_all);
    let first = list.iter().find(|rule| {
        let pattern: String = rule.pattern.iter().map(|(text, _)| text.as_str()).collect();
        rule.place.is_some() && !rule.is_off && takes_all(&pattern)
    });
    match first {
        Some(rule) if !is_all => Place::Before(rule.entry),
        _ => Place::End,
    }
}

/// The content of the frame that these bytes are, and whether the pattern has to be `raw` because they are none.
pub fn content_of(bytes: &[u8], framing: &FramingRule, encoding: Encoding) -> (Vec<u8>, bool) {
    let rule = framing.clone().in_encoding(encoding);
    if rule == FramingRule::as_received() {
        return (bytes.to_vec(), false);
    }
    let mut framer = Framer::new(&rule, 0);
    let mut whole = None;
    let mut take = |frame: &crate::codec::Frame, part: &[u8]| {
        let is_good = frame.kind == FrameKind::Frame && frame.verdict.is_none_or(Verdict::is_ok);
        if is_good && part.len() == bytes.len() {
            whole = Some(rule.bare_content(part, frame.payload_within()).into_owned());
        }
    };
    framer.feed(bytes, 0, &mut take);
    framer.finish(&mut take);
    whole.map_or_else(|| (bytes.to_vec(), true), |content| (content, false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::replies::list::rules;

    fn saved(source: &str, entry: Option<usize>, change: impl FnOnce(&mut RuleForm)) -> String {
        let mut document = Document::new(source.to_owned());
        let mut form = match entry {
            Some(entry) => RuleForm::of(&document, entry).unwrap(),
            None => RuleForm::new(RuleFields::default(), &document),
        };
        change(&mut form);
        assert!(form.is_right(), "{:?} {}", form.text_error(), form.lines());
        for edit in form.edits(&rules(&document)) {
            document.apply(&edit).unwrap_or_else(|error| panic!("{error:?}"));
        }
        document.source().to_owned()
    }

    fn fields(form: &mut RuleForm) -> &mut RuleFields {
        let Body::Fields(fields) = &mut form.body else { panic!("it is a text") };
        fields
    }

    #[test]
    fn an_edit_changes_only_the_lines_of_its_rule() {
        let file = "# 注释\r\nvar unit = 1\r\n\r\n# above\r\noff on 01 as a { > 02 }\r\n> 09 # this too\r\n";
        let new = saved(file, Some(1), |form| fields(form).answers[0].sends.typed = "{{unit:u8}}".into());
        assert_eq!(new, file.replace("> 02 }", "> {{unit:u8}} }"));
        assert_eq!(saved(file, Some(1), |_| {}), file);
    }

    #[test]
    fn a_rule_that_is_not_for_the_form_is_edited_as_text() {
        let file = "on 01 where 1 == 1 { > 02 }\n> 01\n";
        let new = saved(file, Some(0), |form| {
            let Body::Text(text) = &mut form.body else { panic!("it is for the form") };
            *text = text.replace("> 02", "> 03");
        });
        assert_eq!(new, file.replace("> 02", "> 03"));
    }

    #[test]
    fn a_new_rule_goes_before_the_one_that_takes_everything() {
        let add = |file: &str, pattern: &str| {
            saved(file, None, |form| {
                fields(form).pattern = pattern.into();
                fields(form).answers[0].sends.typed = "02".into();
            })
        };
        assert_eq!(add("on * { > 09 }\n", "01"), "on 01 { > 02 }\non * { > 09 }\n");
        assert_eq!(add("on 03 { > 09 }\n", "01"), "on 03 { > 09 }\non 01 { > 02 }\n");
        assert_eq!(add("on * { > 09 }\n", "*"), "on * { > 09 }\non * { > 02 }\n");
    }

    #[test]
    fn errors_are_at_their_fields() {
        let document = Document::new("var unit = 1\n".to_owned());
        let mut form = RuleForm::new(RuleFields::default(), &document);
        fields(&mut form).pattern = "0".into();
        fields(&mut form).answers[0].sends.typed = "01".into();
        assert!(form.pattern_error().is_some() && form.send_error(0).is_none() && !form.is_right());
        fields(&mut form).pattern = "01 {{?x:u8}}".into();
        fields(&mut form).answers[0].sends.typed = "{{x:u8}} {{unit:u8}} {{y:u8}}".into();
        assert!(form.pattern_error().is_none() && form.send_error(0).is_some());
        fields(&mut form).answers[0].sends.typed = "{{x:u8}} {{unit:u8}}".into();
        assert!(form.is_right(), "{:?}", form.text_error());
    }

    #[test]
    fn a_frame_of_the_log_gives_its_content() {
        let rtu: FramingRule = "modbus-rtu".parse().unwrap();
        let frame = rtu.build(&[1, 3, 0, 0, 0, 1]).unwrap().bytes;
        assert_eq!(content_of(&frame, &rtu, Encoding::UTF_8), (vec![1, 3, 0, 0, 0, 1], false));
        assert_eq!(content_of(&frame[..5], &rtu, Encoding::UTF_8), (frame[..5].to_vec(), true));
        assert_eq!(content_of(b"AT\r\n", &"line".parse().unwrap(), Encoding::UTF_8), (b"AT".to_vec(), false));
        assert_eq!(content_of(b"AT\r\n", &FramingRule::as_received(), Encoding::UTF_8), (b"AT\r\n".to_vec(), false));
    }
}
