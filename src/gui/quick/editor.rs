//! The form of a quick command in the dock.

use crate::codec::{ChecksumKind, Encoding, FramingRule, hex};
use crate::engine::SendContent;
use crate::gui::action::{Action, QuickAction};
use crate::gui::context::{Panels, within};
use crate::gui::quick::fields::{Items, Wrong};
use crate::gui::quick::form::{CommandForm, Unfit};
use crate::gui::quick::plan::{NoPlan, Surroundings, plan, wire_of};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Checkbox, Combo, EditableCombo, Field, Segmented, form_label, paint};
use crate::talk::Counts;
use crate::talk::edit::Document;
use crate::talk::tree::TopKind;
use crate::words;
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

const PADDING: f32 = 16.0;
/// Left edge of the fields within the padding.
const INDENT: f32 = 70.0;
const GAP: f32 = 8.0;
/// Bytes that the preview shows.
const PREVIEWED: usize = 64;

/// Draws the form into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let Some(mut form) = session.quick.form.take() else { return };
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    let (head, rest) = rect.split_top_bottom_at_y(rect.top() + measure::TOOLBAR);
    let (body, foot) = rest.split_top_bottom_at_y((rest.bottom() - measure::DOCK_FOOT - 8.0).max(rest.top()));
    title(ui, panels, &form, head);
    let mut is_closed = false;
    within(ui, body, "form", Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical().auto_shrink(false).id_salt("quick form").show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(GAP, GAP);
            let inner = ui.max_rect().shrink2(vec2(PADDING, 0.0)).with_max_y(f32::INFINITY);
            let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(inner));
            fields(&mut ui, panels, session, &mut form);
            let used = ui.min_rect();
            ui.allocate_rect(used, Sense::empty());
        });
    });
    paint::hairline_h(ui.painter(), foot.left()..=foot.right(), foot.top(), t.soft);
    within(ui, foot.shrink2(vec2(PADDING, 0.0)), "foot", Layout::right_to_left(Align::Center), |ui| {
        let texts = panels.lang.texts();
        ui.spacing_mut().item_spacing.x = GAP;
        if ui.add(Button::primary(texts.quick("save"))).clicked() {
            panels.actions.push(Action::Quick(QuickAction::Save(session.id)));
        }
        is_closed |= ui.add(Button::plain(texts.quick("cancel"))).clicked();
    });
    let is_inside = ui.memory(|memory| memory.focused()).is_some_and(|id| {
        ui.ctx()
            .read_response(id)
            .is_some_and(|response| rect.contains_rect(response.rect.intersect(rect)) && rect.intersects(response.rect))
    });
    let held_focus = std::mem::replace(&mut form.held_focus, is_inside);
    let key = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    if is_inside || held_focus {
        is_closed |= key(egui::Modifiers::NONE, egui::Key::Escape);
    }
    if is_inside && key(egui::Modifiers::NONE, egui::Key::Enter) {
        panels.actions.push(Action::Quick(QuickAction::Save(session.id)));
    }
    session.quick.form = Some(form);
    if is_closed {
        panels.actions.push(Action::Quick(QuickAction::Close(session.id)));
    }
}

/// Draws the title.
fn title(ui: &Ui, panels: &Panels<'_>, form: &CommandForm, rect: Rect) {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    let words = texts.quick(if form.entry.is_some() { "title-edit" } else { "title-new" });
    let at = pos2(rect.left() + PADDING, rect.center().y);
    paint::text(ui.painter(), at, paint::At::Left, words, theme::medium(measure::TEXT_LABEL), t.text);
}

/// A row with a label. `control` receives the width that is left.
fn row(ui: &mut Ui, label: &str, control: impl FnOnce(&mut Ui, f32)) {
    let place = Rect::from_min_size(ui.cursor().min, vec2(INDENT, measure::CONTROL));
    form_label(ui, place, label, INDENT - 6.0);
    // The room of the form, also where a control before it was wider.
    let width = (ui.max_rect().width().min(ui.clip_rect().width() - 2.0 * PADDING) - INDENT).floor();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(INDENT);
        control(ui, width);
    });
}

fn fields(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, form: &mut CommandForm) {
    let texts = panels.lang.texts();
    let (encoding, framing) = (session.setup.encoding, session.setup.rule().in_encoding(session.setup.encoding));
    let groups = session.quick.groups(&session.talk);
    let titles: Vec<String> =
        groups.iter().map(|group| group.title.clone()).filter(|title| !title.is_empty()).collect();
    let wrong = if form.is_tried { form.fields.wrong() } else { Vec::new() };
    let number = |of: Wrong| wrong.contains(&of).then(|| texts.quick("wrong-number"));
    row(ui, texts.quick("name"), |ui, width| {
        Field::new(&mut form.fields.name, texts.quick("command-name")).width(width).show(ui);
    });
    row(ui, texts.quick("group"), |ui, width| {
        let combo = EditableCombo::new(&mut form.group, texts.quick("command-group"), texts.quick("groups"), &titles);
        combo.hint(texts.quick("first-group")).width(width).show(ui);
    });
    row(ui, texts.quick("format"), |ui, width| {
        let items = [(true, panels.text(words::Text::PlainFormat)), (false, panels.text(words::Text::FormatOfHex))];
        let mut is_text = form.fields.sends.is_text;
        Segmented::new(texts.quick("command-format"), &items).width(width.min(120.0)).show(ui, &mut is_text);
        if is_text != form.fields.sends.is_text {
            convert(form, is_text, encoding);
        }
    });
    content(ui, panels, form, encoding);
    wrap(ui, panels, form, &framing);
    row(ui, texts.quick("expects"), |ui, width| {
        let field = Field::new(&mut form.fields.expects.typed, texts.quick("expects-name"));
        field.hint(texts.quick("expects-hint")).mono().width(width).show(ui);
    });
    if !form.fields.expects.typed.trim().is_empty() {
        ms_row(
            ui,
            texts.quick("within"),
            texts.quick("within-name"),
            &mut form.fields.within_ms,
            ("2000", number(Wrong::Within)),
        );
    }
    ms_row(ui, texts.quick("delay"), texts.quick("delay-name"), &mut form.fields.delay_ms, ("0", number(Wrong::Delay)));
    repeat(ui, panels, form, (number(Wrong::Times), number(Wrong::Every)));
    preview(ui, panels, session, form, encoding, &framing);
    ui.add_space(GAP);
}

fn ms_row(ui: &mut Ui, label: &str, name: &str, typed: &mut String, (hint, error): (&str, Option<&str>)) {
    row(ui, label, |ui, width| {
        Field::new(typed, name).hint(hint).width((width - 30.0).min(96.0)).error(error).show(ui);
        ui.add_space(8.0);
        unit(ui, "ms");
    });
}

fn unit(ui: &mut Ui, words: &str) {
    let t = theme::tokens(ui);
    let line = paint::line(ui.painter(), words, theme::ui_font(measure::TEXT_LABEL), t.muted);
    let (rect, _) = ui.allocate_exact_size(vec2(line.size().x, measure::CONTROL), Sense::hover());
    let at = pos2(rect.left(), rect.center().y);
    paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, line, t.muted);
}

/// Draws the field of what is sent, with its error.
fn content(ui: &mut Ui, panels: &Panels<'_>, form: &mut CommandForm, encoding: Encoding) {
    let texts = panels.lang.texts();
    let is_typed = !form.fields.sends.typed.trim().is_empty();
    let error = match form.unfit() {
        Some(Unfit::Lines(kind)) if is_typed || form.is_tried => Some(words::talk_sentence(&kind, panels.lang)),
        Some(Unfit::Empty) if form.is_tried => Some(texts.quick("empty-content").to_owned()),
        _ => None,
    };
    let wants_focus = std::mem::take(&mut form.wants_focus);
    row(ui, texts.quick("content"), |ui, width| {
        let before = form.fields.sends.typed.clone();
        let field = Field::new(&mut form.fields.sends.typed, texts.quick("command-content")).mono().width(width);
        let response = field.error(error.as_deref()).show(ui);
        if wants_focus {
            response.request_focus();
        }
        // A text with more than one line is pasted: its line ends are part of it.
        if response.changed() && form.fields.sends.is_text && before.is_empty() {
            let pasted = ui.input(|input| {
                input.events.iter().find_map(|event| match event {
                    egui::Event::Paste(text) if text.contains('\n') => Some(text.clone()),
                    _ => None,
                })
            });
            if let Some(pasted) = pasted {
                form.fields.sends.typed =
                    crate::codec::escape::escape(&encoding.encode(&pasted).unwrap_or_default(), encoding);
            }
        }
    });
}

/// Draws frame, check and line end.
fn wrap(ui: &mut Ui, panels: &Panels<'_>, form: &mut CommandForm, framing: &FramingRule) {
    let texts = panels.lang.texts();
    if *framing != FramingRule::default() || !form.before.is_raw {
        row(ui, texts.quick("framed"), |ui, _| {
            let mut is_framed = !form.fields.is_raw;
            ui.add(Checkbox::new(&mut is_framed, texts.quick("framed-short")).name(texts.quick("framed-name")));
            form.fields.is_raw = !is_framed;
        });
    }
    row(ui, texts.quick("check"), |ui, width| {
        let none = texts.quick("no-check");
        let mut items: Vec<(String, &str)> = vec![(String::new(), none)];
        items.extend(ChecksumKind::all().map(|kind| (kind.name().to_owned(), kind.name())));
        let own = form.fields.check.clone();
        if !items.iter().any(|(name, _)| *name == own) {
            items.push((own.clone(), &own));
        }
        let combo = Combo::new(texts.quick("command-check"))
            .width(width)
            .filter(&mut form.check_filter, texts.quick("find-check"));
        combo.show(ui, &mut form.fields.check, &items);
    });
    row(ui, texts.quick("tail"), |ui, width| {
        let none = texts.quick("no-tail");
        let items =
            [("", none), ("0D0A", "CR LF"), ("0D", "CR"), ("0A", "LF")].map(|(tail, label)| (tail.to_owned(), label));
        let mut items = items.to_vec();
        let own = form.fields.tail.clone();
        if !items.iter().any(|(tail, _)| *tail == own) {
            items.push((own.clone(), &own));
        }
        Combo::new(texts.quick("command-tail")).width(width.min(120.0)).show(ui, &mut form.fields.tail, &items);
    });
}

fn repeat(ui: &mut Ui, panels: &Panels<'_>, form: &mut CommandForm, (times, every): (Option<&str>, Option<&str>)) {
    let (texts, fields) = (panels.lang.texts(), &mut form.fields);
    row(ui, "", |ui, _| {
        ui.add(Checkbox::new(&mut fields.repeats, texts.quick("repeats")));
    });
    if !fields.repeats {
        return;
    }
    ms_row(ui, panels.text(words::Text::Period), texts.quick("every"), &mut fields.every_ms, ("0", every));
    row(ui, panels.text(words::Text::Times), |ui, width| {
        let field = Field::new(&mut fields.times, texts.quick("times")).hint("∞").width((width - 30.0).min(96.0));
        field.error(times).show(ui);
    });
}

/// Draws the bytes that go out.
fn preview(
    ui: &mut Ui,
    panels: &Panels<'_>,
    session: &Session,
    form: &CommandForm,
    encoding: Encoding,
    framing: &FramingRule,
) {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    if form.unfit().is_some() {
        return;
    }
    let (shown, is_wrong) = match bytes_of(session, form, encoding, framing) {
        Ok(bytes) => {
            let cut = if bytes.len() > PREVIEWED { " …" } else { "" };
            let digits = hex::spaced_upper(&bytes[..bytes.len().min(PREVIEWED)]);
            (format!("{digits}{cut}  {}", words::size(bytes.len() as u64)), false)
        }
        Err(NoPlan::Fault(fault)) => (words::talk_fault(&fault.kind, panels.lang), true),
        Err(NoPlan::Steps | NoPlan::Nothing) => return,
    };
    row(ui, texts.quick("will-send"), |ui, width| {
        let (font, colour) = if is_wrong {
            (theme::ui_font(measure::TEXT_SMALL), t.error)
        } else {
            (theme::mono(measure::TEXT_SMALL), t.text)
        };
        let galley = ui.painter().layout(shown.clone(), font, colour, width);
        let (rect, response) =
            ui.allocate_exact_size(vec2(width, galley.size().y.max(measure::CONTROL)), Sense::hover());
        ui.painter().galley(pos2(rect.left(), rect.top() + 6.0), galley, colour);
        response
            .widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{} {shown}", texts.quick("will-send"))));
    });
}

/// The bytes of the next send.
fn bytes_of(
    session: &Session,
    form: &CommandForm,
    encoding: Encoding,
    framing: &FramingRule,
) -> Result<Vec<u8>, NoPlan> {
    let document = session.talk.document();
    let is_var = |top: &&crate::talk::tree::Top| matches!(top.kind, TopKind::Var(_));
    let mut source: String =
        document.file().tops.iter().filter(is_var).map(|top| format!("{}\n", top.span.of(document.source()))).collect();
    let vars = document.file().tops.iter().filter(is_var).count();
    source.push_str(&form.fields.send_line());
    let surroundings = Surroundings { encoding, framing };
    let plan = plan(&Document::new(source), &[vars], false, &Counts::default(), &surroundings)?;
    match plan.items.first().map(|item| &item.content) {
        Some(SendContent::Bytes(bytes)) => Ok(bytes.to_vec()),
        _ => Err(NoPlan::Nothing),
    }
}

/// Changes between text and hex so that the bytes stay the same.
fn convert(form: &mut CommandForm, to_text: bool, encoding: Encoding) {
    for items in [&mut form.fields.sends, &mut form.fields.expects] {
        convert_items(items, to_text, encoding);
    }
}

/// Changes items between text and hex so that the bytes stay the same. What has variables or wildcards stays as typed.
pub fn convert_items(items: &mut Items, to_text: bool, encoding: Encoding) {
    if items.is_text == to_text {
        return;
    }
    let line = match items.is_text {
        true => format!("> raw \"{}\"", items.typed.replace('"', "\\\"")),
        false => format!("> raw {}", items.typed),
    };
    let has_variable = items.typed.contains("{{");
    if let Some(bytes) = wire_of(&line, encoding, &FramingRule::default()).filter(|_| !has_variable) {
        items.typed = match to_text {
            true => crate::codec::escape::escape(&bytes, encoding),
            false => hex::spaced_upper(&bytes),
        };
    }
    items.is_text = to_text;
}
