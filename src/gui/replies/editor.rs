//! The form of a reply rule in the list.

use crate::codec::{ChecksumKind, Encoding, FramingRule, hex};
use crate::gui::action::{Action, ReplyAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::quick::editor::convert_items;
use crate::gui::quick::fields::Items;
use crate::gui::replies::fields::{Answer, Fits, Form, RuleFields, When, Wrong};
use crate::gui::replies::form::{Body, RuleForm};
use crate::gui::replies::preview::{Ground, Preview, preview};
use crate::gui::replies::state::rule_session;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Checkbox, Combo, Field, IconButton, Segmented, form_label, paint};
use crate::talk::tree::EndHow;
use crate::words::{self, Text};
use egui::accesskit::Role;
use egui::{Frame, Margin, Rect, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};

const PADDING: f32 = 16.0;
/// Left edge of the fields within the padding.
const INDENT: f32 = 60.0;
const GAP: f32 = 8.0;
/// Width of a choice before a field.
const CHOICE: f32 = 78.0;
/// Width of the choice of a line end.
const TAIL: f32 = 92.0;
/// Bytes of a send that the preview shows.
const PREVIEWED: usize = 64;
/// Sends of a rule that the form adds.
const MOST_SENDS: usize = 8;

/// Draws the form at the cursor of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, form: &mut RuleForm) {
    let t = theme::tokens(ui);
    let top = ui.cursor().top();
    let left = ui.max_rect().left();
    let response = Frame::new().inner_margin(Margin { left: 16, right: 12, top: 6, bottom: 10 }).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(GAP, GAP);
        let mut body = std::mem::replace(&mut form.body, Body::Text(String::new()));
        match &mut body {
            Body::Fields(fields) => {
                let (pattern, sends) = errors(form, fields);
                self::fields(ui, panels, session, form, fields, (pattern, &sends));
            }
            Body::Text(text) => as_text(ui, panels, form, text),
        }
        form.body = body;
    });
    let bar = Rect::from_min_max(pos2(left, top), pos2(left + 2.0, response.response.rect.bottom()));
    ui.painter().rect_filled(bar, 0.0, t.accent);
    paint::hairline_h(ui.painter(), left..=response.response.rect.right(), bar.bottom() - 1.0, t.soft);
    let has_focus = ui
        .memory(|memory| memory.focused())
        .is_some_and(|id| ui.ctx().read_response(id).is_some_and(|of| response.response.rect.intersects(of.rect)));
    let held_focus = std::mem::replace(&mut form.held_focus, has_focus);
    if has_focus || held_focus {
        let key = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        let is_text = matches!(form.body, Body::Text(_));
        if key(egui::Modifiers::NONE, egui::Key::Escape) {
            panels.actions.push(Action::Reply(ReplyAction::Close(session.id)));
        } else if has_focus && !is_text && key(egui::Modifiers::NONE, egui::Key::Enter) {
            panels.actions.push(Action::Reply(ReplyAction::Save(session.id)));
        }
    }
}

/// The sentences below pattern and sends.
fn errors(form: &mut RuleForm, fields: &RuleFields) -> (Option<words_of::Kind>, Vec<Option<words_of::Kind>>) {
    form.body = Body::Fields(fields.clone());
    let wrong = fields.wrong();
    let is_typed = |typed: &str| form.is_tried || !typed.trim().is_empty();
    let pattern = match wrong.contains(&Wrong::Pattern) {
        true => form.is_tried.then_some(words_of::Kind::Empty),
        false if fields.when == When::Bytes && is_typed(&fields.pattern) => {
            form.pattern_error().map(words_of::Kind::Error)
        }
        false => None,
    };
    let of = |(at, answer): (usize, &Answer)| match wrong.contains(&Wrong::Content(at)) {
        true => form.is_tried.then_some(words_of::Kind::Empty),
        false if is_typed(&answer.sends.typed) => form.send_error(at).map(words_of::Kind::Error),
        false => None,
    };
    let sends = fields.answers.iter().enumerate().map(of).collect();
    (pattern, sends)
}

/// Errors at fields.
mod words_of {
    use crate::talk::ErrorKind;
    use crate::words::{self, Lang};

    /// What is wrong with a field.
    pub enum Kind {
        /// Nothing is typed.
        Empty,
        /// What is typed has this error.
        Error(ErrorKind),
    }

    impl Kind {
        /// In words.
        pub fn words(&self, lang: Lang) -> String {
            match self {
                Self::Empty => lang.texts().reply("empty-field").to_owned(),
                Self::Error(error) => words::talk_sentence(error, lang),
            }
        }
    }
}

/// A row with a label. `control` receives the width that is left.
fn row(ui: &mut Ui, label: &str, control: impl FnOnce(&mut Ui, f32)) {
    let place = Rect::from_min_size(ui.cursor().min, vec2(INDENT, measure::CONTROL));
    form_label(ui, place, label, INDENT - 6.0);
    let width = (ui.max_rect().width().min(ui.clip_rect().width() - 2.0 * PADDING) - INDENT).floor();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(INDENT);
        control(ui, width);
    });
}

type Errors<'a> = (Option<words_of::Kind>, &'a [Option<words_of::Kind>]);

fn fields(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    session: &Session,
    form: &mut RuleForm,
    fields: &mut RuleFields,
    (pattern, sends): Errors<'_>,
) {
    let texts = panels.lang.texts();
    let wrong = fields.wrong();
    let is_tried = form.is_tried;
    let is = |wanted: Wrong| is_tried && wrong.contains(&wanted);
    row(ui, texts.quick("name"), |ui, width| {
        let error = wrong.contains(&Wrong::Name).then(|| texts.reply("bad-name"));
        let field = Field::new(&mut fields.name, texts.reply("rule-name")).hint(texts.quick("expects-hint"));
        field.width(width).error(error).show(ui);
    });
    trigger(ui, panels, form, fields, (pattern, is(Wrong::Time), session.setup.encoding));
    let rule = rule_session(&session.setup);
    if rule.framing.is_some() || fields.is_raw {
        row(ui, texts.quick("framed"), |ui, _| {
            let mut is_framed = !fields.is_raw;
            ui.add(Checkbox::new(&mut is_framed, texts.quick("framed-short")).name(texts.reply("framed-name")));
            fields.is_raw = !is_framed;
        });
    }
    let mut removed = None;
    for at in 0..fields.answers.len() {
        let error = sends.get(at).and_then(Option::as_ref).map(|error| error.words(panels.lang));
        let is_last_field = is(Wrong::Delay(at));
        if answer(ui, panels, form, fields, (at, error, is_last_field, session.setup.encoding)) {
            removed = Some(at);
        }
    }
    if let Some(at) = removed {
        fields.answers.remove(at);
    }
    row(ui, "", |ui, _| {
        let is_there = fields.answers.len() < MOST_SENDS;
        if ui.add_enabled(is_there, Button::link(texts.reply("add-send"))).clicked() {
            let is_text = fields.answers.last().is_some_and(|last| last.sends.is_text);
            fields.answers.push(Answer { sends: Items { is_text, typed: String::new() }, ..Answer::default() });
        }
    });
    after(ui, panels, fields, is(Wrong::Limit));
    shown(ui, panels, form, fields, rule.framing.as_ref(), session);
    row(ui, "", |ui, _| {
        if ui.add(Button::link(texts.reply("as-text"))).clicked() {
            panels.actions.push(Action::Reply(ReplyAction::AsText(session.id)));
        }
    });
}

/// Draws when it acts: the occasion with what belongs to it, where the bytes are, and from whom.
fn trigger(
    ui: &mut Ui,
    panels: &Panels<'_>,
    form: &mut RuleForm,
    fields: &mut RuleFields,
    (error, is_time_wrong, encoding): (Option<words_of::Kind>, bool, Encoding),
) {
    let texts = panels.lang.texts();
    let bytes = |form| (When::Bytes, form);
    let items = [
        (bytes(Form::Hex), "HEX"),
        (bytes(Form::Text), panels.text(Text::PlainFormat)),
        (bytes(Form::Regex), texts.reply("regex")),
        ((When::Open, Form::Hex), texts.reply("on-open")),
        ((When::Idle, Form::Hex), texts.reply("when-idle")),
        ((When::Every, Form::Hex), texts.reply("when-every")),
    ];
    let mut chosen = match fields.when {
        When::Bytes => bytes(fields.form),
        when => (when, Form::Hex),
    };
    let wants_focus = std::mem::take(&mut form.wants_focus);
    row(ui, texts.reply("when"), |ui, width| {
        let is_alone = fields.when == When::Open;
        let choice = Combo::new(texts.reply("occasion")).width(if is_alone { width } else { CHOICE });
        choice.show(ui, &mut chosen, &items);
        let room = width - CHOICE - GAP;
        if !is_alone {
            ui.add_space(GAP);
        }
        match fields.when {
            When::Bytes => {
                let words = error.map(|error| error.words(panels.lang));
                let hint = if fields.form == Form::Regex { "/^AT(.*)$/" } else { "" };
                let field = Field::new(&mut fields.pattern, texts.reply("pattern")).mono().width(room).hint(hint);
                let response = field.error(words.as_deref()).show(ui);
                if wants_focus {
                    response.request_focus();
                }
            }
            When::Open => {}
            When::Idle | When::Every => {
                let error = is_time_wrong.then(|| texts.quick("wrong-number"));
                let field = Field::new(&mut fields.time_ms, texts.reply("time")).hint("1000");
                field.width((room - 30.0).max(40.0)).error(error).show(ui);
                unit(ui, "ms");
            }
        }
    });
    let form_before = fields.form;
    (fields.when, fields.form) = if chosen.0 == When::Bytes { chosen } else { (chosen.0, fields.form) };
    if let (Form::Hex, Form::Text) | (Form::Text, Form::Hex) = (form_before, fields.form) {
        let typed = std::mem::take(&mut fields.pattern);
        let mut items = Items { is_text: form_before == Form::Text, typed };
        convert_items(&mut items, fields.form == Form::Text, encoding);
        fields.pattern = items.typed;
    }
    if fields.when == When::Bytes && fields.form != Form::Regex {
        row(ui, texts.reply("fits"), |ui, width| {
            let items = [(Fits::Start, "fits-start"), (Fits::Whole, "fits-whole"), (Fits::Inside, "fits-inside")];
            let items = items.map(|(fits, id)| (fits, texts.reply(id)));
            Segmented::new(texts.reply("fits-name"), &items).width(width).show(ui, &mut fields.fits);
        });
    }
    if fields.when == When::Bytes {
        row(ui, texts.reply("from"), |ui, width| {
            let field = Field::new(&mut fields.from, texts.reply("from-name")).hint(texts.reply("from-all"));
            field.width(width).show(ui);
        });
    }
}

/// Draws a send with its check, line end and delay. Returns true if it is to be removed.
fn answer(
    ui: &mut Ui,
    panels: &Panels<'_>,
    form: &mut RuleForm,
    fields: &mut RuleFields,
    (at, error, is_delay_wrong, encoding): (usize, Option<String>, bool, Encoding),
) -> bool {
    let texts = panels.lang.texts();
    let numbered = |id: &str| match at {
        0 => texts.reply(id).to_owned(),
        _ => format!("{} {}", texts.reply(id), at + 1),
    };
    let Some(answer) = fields.answers.get_mut(at) else { return false };
    let mut is_removed = false;
    row(ui, texts.reply("sends"), |ui, width| {
        let items = [(false, "HEX"), (true, panels.text(Text::PlainFormat))];
        let mut to_text = answer.sends.is_text;
        Combo::new(&numbered("send-format")).width(CHOICE).show(ui, &mut to_text, &items);
        convert_items(&mut answer.sends, to_text, encoding);
        ui.add_space(GAP);
        let room = width - CHOICE - GAP - 30.0;
        let name = numbered("send-content");
        Field::new(&mut answer.sends.typed, &name).mono().width(room).error(error.as_deref()).show(ui);
        ui.add_space(4.0);
        is_removed = ui.add(IconButton::new(icons::X, &numbered("remove-send")).small(measure::ICON_SMALL)).clicked();
    });
    row(ui, texts.quick("check"), |ui, width| {
        let none = texts.quick("no-check");
        let mut items: Vec<(String, &str)> = vec![(String::new(), none)];
        items.extend(ChecksumKind::all().map(|kind| (kind.name().to_owned(), kind.name())));
        let own = answer.check.clone();
        if !items.iter().any(|(name, _)| *name == own) {
            items.push((own.clone(), &own));
        }
        let name = numbered("send-check");
        let combo =
            Combo::new(&name).width(width - TAIL - GAP).filter(&mut form.check_filter, texts.quick("find-check"));
        combo.show(ui, &mut answer.check, &items);
        ui.add_space(GAP);
        let items = [("", texts.reply("no-tail")), ("0D0A", "CR LF"), ("0D", "CR"), ("0A", "LF")]
            .map(|(tail, label)| (tail.to_owned(), label));
        let mut items = items.to_vec();
        let own = answer.tail.clone();
        if !items.iter().any(|(tail, _)| *tail == own) {
            items.push((own.clone(), &own));
        }
        Combo::new(&numbered("send-tail")).width(TAIL).show(ui, &mut answer.tail, &items);
    });
    row(ui, texts.reply("delay"), |ui, _| {
        let error = is_delay_wrong.then(|| texts.quick("wrong-number"));
        Field::new(&mut answer.delay_ms, &numbered("send-delay")).hint("0").width(CHOICE).error(error).show(ui);
        unit(ui, "ms");
    });
    is_removed
}

/// Draws how often it acts, and what it does with the connection afterwards.
fn after(ui: &mut Ui, panels: &Panels<'_>, fields: &mut RuleFields, is_limit_wrong: bool) {
    let texts = panels.lang.texts();
    row(ui, texts.reply("limit"), |ui, _| {
        let error = is_limit_wrong.then(|| texts.quick("wrong-number"));
        let field = Field::new(&mut fields.limit, texts.reply("limit-name")).hint(texts.reply("no-limit"));
        field.width(CHOICE).error(error).show(ui);
        unit(ui, texts.reply("per-connection"));
    });
    row(ui, texts.reply("then"), |ui, width| {
        let mut items = vec![(None, texts.reply("keep-open"))];
        items.extend([EndHow::Close, EndHow::Reset, EndHow::Shutdown].map(|how| (Some(how), texts.rule_ends(how))));
        Combo::new(texts.reply("then-name")).width(width).show(ui, &mut fields.ends, &items);
    });
}

fn unit(ui: &mut Ui, words: &str) {
    let t = theme::tokens(ui);
    ui.add_space(8.0);
    let line = paint::line(ui.painter(), words, theme::ui_font(measure::TEXT_LABEL), t.muted);
    let (rect, _) = ui.allocate_exact_size(vec2(line.size().x, measure::CONTROL), Sense::hover());
    let at = pos2(rect.left(), rect.center().y);
    paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, line, t.muted);
}

/// Draws the bytes that go out.
fn shown(
    ui: &mut Ui,
    panels: &Panels<'_>,
    form: &mut RuleForm,
    fields: &RuleFields,
    framing: Option<&FramingRule>,
    session: &Session,
) {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    form.body = Body::Fields(fields.clone());
    if form.shown.as_ref().is_none_or(|(of, _)| of != fields) {
        let variables = form.variables();
        let sample = form.sample.as_deref();
        let ground = Ground { variables: &variables, framing, encoding: session.setup.encoding, sample };
        let result = if form.text_error().is_some() { Preview::Nothing } else { preview(fields, &ground) };
        form.shown = Some((fields.clone(), result));
    }
    let Some((_, result)) = &form.shown else { return };
    let (words, is_wrong) = match result {
        Preview::Nothing => return,
        Preview::Open => (texts.reply("depends").to_owned(), false),
        Preview::Fault(fault) => (words::talk_fault(fault, panels.lang), true),
        Preview::Sends(sends) => {
            let of = |bytes: &Vec<u8>| {
                let cut = if bytes.len() > PREVIEWED { " …" } else { "" };
                let digits = hex::spaced_upper(&bytes[..bytes.len().min(PREVIEWED)]);
                format!("{digits}{cut}  {}", words::size(bytes.len() as u64))
            };
            (sends.iter().map(of).collect::<Vec<_>>().join("\n"), false)
        }
    };
    row(ui, texts.quick("will-send"), |ui, width| {
        let (font, colour) = match is_wrong || matches!(result, Preview::Open) {
            true => (theme::ui_font(measure::TEXT_SMALL), if is_wrong { t.error } else { t.muted }),
            false => (theme::mono(measure::TEXT_SMALL + 1.0), t.text),
        };
        let galley = ui.painter().layout(words.clone(), font, colour, width);
        let (rect, response) =
            ui.allocate_exact_size(vec2(width, (galley.size().y + 8.0).max(measure::CONTROL)), Sense::hover());
        ui.painter().galley(pos2(rect.left(), rect.top() + 6.0), galley, colour);
        let spoken = format!("{} {words}", texts.quick("will-send"));
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    });
}

/// Draws a rule as text, with its first error.
fn as_text(ui: &mut Ui, panels: &Panels<'_>, form: &mut RuleForm, text: &mut String) {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    let note = |ui: &mut Ui, words: &str, colour| {
        let galley =
            ui.painter().layout(words.to_owned(), theme::ui_font(measure::TEXT_SMALL), colour, ui.available_width());
        let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
        ui.painter().galley(rect.min, galley, colour);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    };
    note(ui, texts.reply("edited-as-text"), t.muted);
    let wants_focus = std::mem::take(&mut form.wants_focus);
    let edit = Frame::new()
        .fill(t.canvas)
        .stroke(egui::Stroke::new(1.0, t.line))
        .corner_radius(measure::RADIUS)
        .inner_margin(Margin::symmetric(8, 6))
        .show(ui, |ui| {
            let edit = TextEdit::multiline(text)
                .font(theme::mono(measure::TEXT_SMALL + 1.0))
                .frame(Frame::NONE)
                .desired_rows(5)
                .desired_width(f32::INFINITY)
                .show(ui);
            edit.response.response.accessible_name(texts.reply("rule-text"))
        });
    if wants_focus {
        edit.inner.request_focus();
    }
    form.body = Body::Text(text.clone());
    if let Some(error) = form.text_error() {
        note(ui, &words::talk_sentence(&error, panels.lang), t.error);
    }
}
