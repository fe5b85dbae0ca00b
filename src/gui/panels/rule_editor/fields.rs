//! The kind of rule and the fields that it has.

use super::{error_below, row, text_row, words_below};
use crate::codec::Endian;
use crate::gui::panels::Panels;
use crate::gui::session::rule_editor::RuleEditor;
use crate::gui::session::rule_form::{At, Kind, Size};
use crate::gui::theme;
use crate::gui::widgets::{Checkbox, Combo, Field, Segmented};
use crate::words::Text;
use egui::Ui;

/// Draws them.
pub fn show(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor) {
    let t = theme::tokens(ui);
    row(ui, panels.text(Text::RuleKind), |ui, width| {
        let items = Kind::ALL.map(|kind| (kind, panels.text(kind_words(kind).0)));
        Combo::new(panels.text(Text::RuleKind)).width(width).show(ui, &mut editor.form.kind, &items);
    });
    words_below(ui, 0.0, panels.text(kind_words(editor.form.kind).1), t.muted);
    match editor.form.kind {
        Kind::Line => flag(ui, &mut editor.form.keep, panels.text(Text::KeepLineEnd)),
        Kind::Delimiter => {
            text_row(ui, panels, editor, At::Delimiter, Text::Delimiter, "0D 0A");
            as_text(ui, panels, editor);
            flag(ui, &mut editor.form.keep, panels.text(Text::KeepDelimiter));
        }
        Kind::Marks => marks(ui, panels, editor),
        Kind::Fixed => text_row(ui, panels, editor, At::Fixed, Text::FixedLength, "8"),
        Kind::Length => length(ui, panels, editor),
        Kind::Gap => text_row(ui, panels, editor, At::Gap, Text::GapMs, "20"),
        Kind::Record | Kind::Slip | Kind::Cobs | Kind::Json | Kind::Rtu => {}
    }
    if editor.form.has_max() {
        text_row(ui, panels, editor, At::Max, Text::LongestFrame, "16 MiB");
    }
}

/// What a kind is called, and what it does.
fn kind_words(kind: Kind) -> (Text, Text) {
    match kind {
        Kind::Record => (Text::AsReceived, Text::WhatRecord),
        Kind::Line => (Text::KindLine, Text::WhatLine),
        Kind::Delimiter => (Text::KindDelimiter, Text::WhatDelimiter),
        Kind::Marks => (Text::KindMarks, Text::WhatMarks),
        Kind::Fixed => (Text::KindFixed, Text::WhatFixed),
        Kind::Length => (Text::KindLength, Text::WhatLength),
        Kind::Gap => (Text::KindGap, Text::WhatGap),
        Kind::Slip => (Text::PresetSlip, Text::WhatSlip),
        Kind::Cobs => (Text::PresetCobs, Text::WhatCobs),
        Kind::Json => (Text::PresetJson, Text::WhatJson),
        Kind::Rtu => (Text::PresetModbusRtu, Text::WhatRtu),
    }
}

fn flag(ui: &mut Ui, on: &mut bool, label: &str) {
    ui.add(Checkbox::new(on, label));
}

/// How the bytes in the fields are written.
pub(super) fn as_text(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor) {
    let mut as_text = editor.form.as_text();
    if ui.add(Checkbox::new(&mut as_text, panels.text(Text::BytesAsWords))).changed() {
        editor.form.set_as_text(as_text);
    }
}

fn marks(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor) {
    text_row(ui, panels, editor, At::Starts, Text::StartMarkers, panels.text(Text::StartMarkersHint));
    text_row(ui, panels, editor, At::End, Text::EndMarker, "03");
    text_row(ui, panels, editor, At::Escape, Text::EscapeByte, panels.text(Text::NoneHint));
    text_row(ui, panels, editor, At::After, Text::BytesBehindEnd, "0");
    as_text(ui, panels, editor);
    flag(ui, &mut editor.form.restart, panels.text(Text::Restart));
}

fn length(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor) {
    text_row(ui, panels, editor, At::Offset, Text::LengthOffset, "0");
    size(ui, panels, editor);
    text_row(ui, panels, editor, At::Header, Text::HeaderLength, panels.text(Text::HeaderHint));
    flag(ui, &mut editor.form.counts_all, panels.text(Text::CountsHeader));
    text_row(ui, panels, editor, At::Adjust, Text::Adjustment, "0");
    let wrong = editor.wrong(At::Mark).or(editor.wrong(At::MarkPlace)).map(|wrong| wrong.words(panels.lang));
    let (wrong_mark, wrong_place) = (editor.wrong(At::Mark).is_some(), editor.wrong(At::MarkPlace).is_some());
    row(ui, panels.text(Text::MarkBytes), |ui, width| {
        let place = 72.0;
        let mark = Field::new(editor.form.text(At::Mark), panels.text(Text::MarkBytes)).mono();
        mark.hint(panels.text(Text::NoneHint)).width(width - place - 28.0).error(wrong_mark.then_some("")).show(ui);
        super::between(ui, 28.0, "@");
        let field = Field::new(editor.form.text(At::MarkPlace), panels.text(Text::MarkPlace)).mono();
        field.hint("0").width(place).error(wrong_place.then_some("")).show(ui);
    });
    error_below(ui, wrong.as_deref());
    as_text(ui, panels, editor);
}

fn size(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor) {
    let numbers: Vec<String> = (1..=8_u8).map(|n| panels.lang.texts().bytes(n.into())).collect();
    row(ui, panels.text(Text::LengthSize), |ui, width| {
        let mut items: Vec<(Size, &str)> = (1..).map(Size::Bytes).zip(numbers.iter().map(String::as_str)).collect();
        items.extend([(Size::Varint, panels.text(Text::SizeVarint)), (Size::Decimal, panels.text(Text::SizeDecimal))]);
        Combo::new(panels.text(Text::LengthSize)).width(width).show(ui, &mut editor.form.size, &items);
    });
    match editor.form.size {
        Size::Bytes(bytes) => {
            if bytes > 1 {
                row(ui, panels.text(Text::ByteOrder), |ui, width| {
                    let items = [
                        (Endian::Little, panels.text(Text::LittleEndian)),
                        (Endian::Big, panels.text(Text::BigEndian)),
                    ];
                    Segmented::new(panels.text(Text::ByteOrder), &items).width(width).show(ui, &mut editor.form.endian);
                });
            }
            flag(ui, &mut editor.form.signed, panels.text(Text::SignedLength));
        }
        Size::Varint => text_row(ui, panels, editor, At::Groups, Text::VarintBytes, "10"),
        Size::Decimal => {
            text_row(ui, panels, editor, At::Digits, Text::DecimalDigits, panels.text(Text::AnyHint));
            text_row(ui, panels, editor, At::DigitsEnd, Text::DigitsEnd, panels.text(Text::NoneHint));
        }
    }
}
