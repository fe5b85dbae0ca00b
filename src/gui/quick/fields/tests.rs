use super::*;
use crate::codec::wrap::{LengthHead, LengthWidth};
use crate::codec::{ChecksumKind, Wrap};
use proptest::prelude::*;

fn fields(source: &str) -> Option<Fields> {
    Fields::of(&Document::new(source.to_owned()), 0)
}

fn edited(source: &str, entry: usize, change: impl FnOnce(&mut Fields)) -> String {
    let mut document = Document::new(source.to_owned());
    let before = Fields::of(&document, entry).expect("a simple command");
    let mut after = before.clone();
    change(&mut after);
    for edit in after.edits(&document.clone(), entry, &before) {
        document.apply(&edit).unwrap_or_else(|error| panic!("{error:?}"));
    }
    document.source().to_owned()
}

#[test]
fn the_fields_are_those_of_the_lines() {
    let read = fields(
        "step \"a\"\nrepeat 3 every 50ms {\n  > raw \"AT\" +CRC-16/MODBUS 0D0A\n  < \"OK\" within 500ms\n}\nwait 20ms\n",
    );
    let items = |is_text, typed: &str| Items { is_text, typed: typed.to_owned() };
    let expected = Fields {
        name: "a".into(),
        sends: items(true, "AT"),
        is_raw: true,
        check: "CRC-16/MODBUS".into(),
        tail: "0D0A".into(),
        expects: items(true, "OK"),
        within_ms: "500".into(),
        delay_ms: "20".into(),
        repeats: true,
        times: "3".into(),
        every_ms: "50".into(),
    };
    assert_eq!(read, Some(expected));
    let hex = fields("> 01 03 {{n:u16}} 0D0A\n< 01 * \n").unwrap();
    assert_eq!((hex.sends, hex.expects), (items(false, "01 03 {{n:u16}} 0D0A"), items(false, "01 *")));
    for source in ["> 01\n> 02 # two commands", "step 'a'\n> 01\n> 02\n", "check 1 == 1\n", "> a: 01\n", "group 'g'\n"]
    {
        let is_first = source.contains("two commands");
        assert_eq!(fields(source).is_some(), is_first, "{source}");
    }
}

#[test]
fn a_form_changes_only_its_own_lines() {
    let source = "# list\r\n> 01 # first\r\n\r\ngroup \"g\"\r\nstep 'a' required # c\r\n> \"AT\" # text\r\non 01 { > 02 }\r\n> 05\r\n";
    assert_eq!(edited(source, 2, |fields| fields.sends.typed = "ATI".into()), source.replace("\"AT\"", "\"ATI\""));
    assert_eq!(
        edited(source, 2, |fields| fields.expects = Items { is_text: true, typed: "OK".into() }),
        source.replace("# text\r\n", "# text\r\n< \"OK\"\r\n")
    );
    assert_eq!(edited(source, 0, |fields| fields.is_raw = true), source.replace("> 01 #", "> raw 01 #"));
    assert_eq!(
        edited(source, 0, |fields| (fields.check, fields.name) = ("CRC-8/SMBUS".into(), "first".into())),
        source.replace("> 01 #", "step \"first\"\r\n> 01 +CRC-8/SMBUS #")
    );
    let waits = "> 01\n< 02 within 1s\n> 03\n";
    assert_eq!(edited(waits, 0, |fields| fields.expects.typed.clear()), "> 01\n> 03\n");
    assert_eq!(edited(waits, 0, |fields| fields.within_ms = "500".into()), "> 01\n< 02 within 500ms\n> 03\n");
    assert_eq!(edited("> 01; < 02; > 03\n", 0, |fields| fields.expects.typed.clear()), "> 01\n> 03\n");
    assert_eq!(edited("> 01; > 03\n", 0, |fields| fields.expects.typed = "02".into()), "> 01; < 02\n> 03\n");
    assert_eq!(edited(source, 2, |_| ()), source);
}

#[test]
fn a_new_command_has_the_fields_that_were_typed() {
    let typed = Fields {
        name: "读 \"x\" {".into(),
        sends: Items { is_text: true, typed: "a\"b\\r{{n}}".into() },
        expects: Items { is_text: false, typed: "next 01 ?? *".into() },
        within_ms: "100".into(),
        delay_ms: "5".into(),
        repeats: true,
        every_ms: "1000".into(),
        tail: "0A".into(),
        ..Fields::default()
    };
    assert_eq!(
        typed.lines(),
        "step \"读 \\\"x\\\" \\{\"\nrepeat every 1000ms {\n  > \"a\\\"b\\r{{n}}\" 0A\n  < next 01 ?? * within 100ms\n}\nwait 5ms"
    );
    let read = fields(&typed.lines()).unwrap();
    let sends = Items { is_text: true, typed: "a\\\"b\\r{{n}}".into() };
    assert_eq!(read, Fields { sends, ..typed });
}

#[test]
fn numbers_that_cannot_be_used_are_found() {
    let wrong =
        Fields { delay_ms: "x".into(), within_ms: "-1".into(), times: "0".into(), repeats: true, ..Fields::default() };
    assert_eq!(wrong.wrong(), [Wrong::Within, Wrong::Delay, Wrong::Times]);
    assert_eq!(Fields { times: "0".into(), ..Fields::default() }.wrong(), []);
}

fn message(text: &str, hex: bool, wrap: Wrap) -> Message {
    Message { text: text.into(), hex, escapes: true, variables: false, wrap }
}

#[test]
fn the_box_becomes_a_command_with_its_wrap() {
    let line = |message: &Message, framing: &str| {
        let framing = if framing == "none" { FramingRule::default() } else { framing.parse().unwrap() };
        Fields::of_message(message, Encoding::UTF_8, &framing).unwrap().send_line()
    };
    let modbus = Appended::new(ChecksumKind::by_name("CRC-16/MODBUS").unwrap());
    assert_eq!(line(&message("AT", false, Wrap::ending(Tail::CrLf)), "none"), "> raw \"AT\" 0D0A");
    assert_eq!(line(&message("01 03", true, Wrap::checked(modbus)), "none"), "> raw 01 03 +CRC-16/MODBUS");
    let sum = Appended::new(ChecksumKind::by_name("SUM-8").unwrap());
    let both = Wrap { checks: vec![sum, modbus], ..Wrap::default() };
    assert_eq!(line(&message("01 03", true, both), "none"), "> raw 01 03 +SUM-8 +CRC-16/MODBUS");
    let head = Head::Length(LengthHead { width: LengthWidth::Two, ..LengthHead::default() });
    assert_eq!(
        line(&message("01 03", true, Wrap { head, ..Wrap::checked(modbus) }), "none"),
        "> raw 00 02 01 03 +CRC-16/MODBUS:from=2"
    );
    assert_eq!(line(&message("01 03 00 00 00 01", true, Wrap::same_as_framing()), "modbus-rtu"), "> 01 03 00 00 00 01");
    assert_eq!(line(&message("say \"{{\"", false, Wrap::default()), "none"), "> raw \"say \\\"\\{\\{\\\"\"");
}

#[test]
fn variables_of_the_box_stay_variables_in_a_command() {
    let line = |text: &str, hex: bool, wrap: Wrap| {
        let message = Message { variables: true, ..message(text, hex, wrap) };
        Fields::of_message(&message, Encoding::UTF_8, &FramingRule::default()).unwrap().send_line()
    };
    assert_eq!(line("say \"{{n:04}}\"", false, Wrap::ending(Tail::Lf)), "> raw \"say \\\"{{n:04}}\\\"\" 0A");
    let modbus = Appended::new(ChecksumKind::by_name("CRC-16/MODBUS").unwrap());
    assert_eq!(line("0103{{n:u16}}", true, Wrap::checked(modbus)), "> raw 01 03 {{n:u16}} +CRC-16/MODBUS");
    // Without the switch the braces are text.
    let typed = message("{{n}}", false, Wrap::default());
    let fields = Fields::of_message(&typed, Encoding::UTF_8, &FramingRule::default()).unwrap();
    assert_eq!(fields.send_line(), "> raw \"\\{\\{n}}\"");
}

proptest! {
    #[test]
    fn a_command_of_the_box_sends_the_same_bytes(
        text in "\\PC{1,20}|([a你\"{}\\\\']){1,12}|(\\\\r|\\\\n|\\\\x00|\\\\\"|a){1,8}",
        tail in prop::sample::select(vec![Tail::None, Tail::Cr, Tail::CrLf]),
        check in any::<bool>(),
    ) {
        let framing = FramingRule::default();
        let mut wrap = Wrap::ending(tail);
        wrap.checks = vec![Appended::new(ChecksumKind::all().next().unwrap()); usize::from(check)];
        let message = message(&text, false, wrap.clone());
        let format =
            Format { hex: false, escapes: true, variables: false, encoding: Encoding::UTF_8, wrap, framing: framing.clone() };
        let Ok(payload) = crate::gui::send::compose::compose(&text, &format) else { return Ok(()) };
        let fields = Fields::of_message(&message, Encoding::UTF_8, &framing).unwrap();
        let wire = wire_of(&fields.lines(), Encoding::UTF_8, &framing);
        prop_assert_eq!(wire.as_deref(), Some(&*payload.bytes), "{}", fields.lines());
        let again = fields_of(&fields.lines());
        prop_assert_eq!(again.map(|again| again.send_line()), Some(fields.send_line()));
    }
}

fn fields_of(lines: &str) -> Option<Fields> {
    fields(lines)
}

#[test]
fn bytes_of_the_log_become_a_text_only_where_nothing_is_hidden() {
    let line = |bytes: &[u8], as_text| Fields::of_bytes(bytes, as_text, Encoding::GBK).lines();
    assert_eq!(line(b"OK\r\n", true), "step \"OK\"\n> raw \"OK\\r\\n\"");
    assert_eq!(line(b"\xC4\xE3", true), "step \"你\"\n> raw \"你\"");
    assert_eq!(line(b"OK", false), "step \"4F 4B\"\n> raw 4F 4B");
    assert_eq!(line(b"a\0", true), "step \"61 00\"\n> raw 61 00");
    assert_eq!(line(b"\xFF\xFF", true), "step \"FF FF\"\n> raw FF FF");
    assert_eq!(line(b"\r\n", true), "step \">\"\n> raw \"\\r\\n\"");
}
