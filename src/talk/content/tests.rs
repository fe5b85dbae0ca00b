use super::*;
use crate::codec::FramingRule;
use crate::talk::eval::tests::{Fixed, int, name, text};
use crate::talk::tree::{Capture, HexByte, Int, Spanned};

fn hex(bytes: &[u8]) -> ItemKind {
    ItemKind::Hex(bytes.iter().map(|value| HexByte { value: *value, mask: u8::MAX }).collect())
}

fn item(kind: ItemKind) -> Item {
    Item { kind, span: Span::default() }
}

fn insert(value: crate::talk::tree::Expr, form: Option<Type>) -> ItemKind {
    let form = form.map(|form| Spanned::new(form, Span::default()));
    ItemKind::Insert(Insert { value, form, span: Span::default() })
}

fn u16() -> Type {
    Type::Int(Int { bytes: 2, is_signed: false, is_little: false })
}

fn bytes(kinds: Vec<ItemKind>, world: &mut Fixed) -> Result<Vec<u8>, FaultKind> {
    let items: Vec<Item> = kinds.into_iter().map(item).collect();
    let content = Content::new(&items, Span::default(), world.encoding).map_err(|fault| fault.kind)?;
    content.bytes(world, &mut NoFiles).map_err(|fault| fault.kind)
}

#[test]
fn items_become_bytes_in_the_encoding_of_the_session() {
    let mut world = Fixed { encoding: Encoding::GBK, ..Fixed::default() };
    world.names.set("at", Value::Int(0x0102));
    let sent = bytes(
        vec![
            hex(&[1, 3]),
            insert(name("at"), Some(u16())),
            ItemKind::Text(text("你")),
            ItemKind::Check(text("CRC-16/MODBUS")),
        ],
        &mut world,
    );
    let mut expected = vec![1, 3, 1, 2, 0xC4, 0xE3];
    let crc = crate::codec::Checksum::Crc16Modbus.compute(&expected);
    expected.extend(crc);
    assert_eq!(sent, Ok(expected));
    world.encoding = Encoding::ASCII;
    assert!(matches!(bytes(vec![ItemKind::Text(text("你"))], &mut world), Err(FaultKind::Encode(_))));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let mut world = Fixed::default();
    assert!(matches!(bytes(vec![insert(int(65536), Some(u16()))], &mut world), Err(FaultKind::DoesNotFit { .. })));
    assert!(matches!(bytes(vec![insert(int(1), None)], &mut world), Err(FaultKind::NeedsType(_))));
    assert!(matches!(bytes(vec![ItemKind::Check(text("CRC-99"))], &mut world), Err(FaultKind::UnknownCheck(_))));
    assert_eq!(bytes(vec![ItemKind::Any], &mut world), Err(FaultKind::PatternOnly));
    let capture = Capture { name: Spanned::default(), form: None, span: Span::default() };
    assert_eq!(bytes(vec![ItemKind::Capture(capture)], &mut world), Err(FaultKind::PatternOnly));
    let any = ItemKind::Hex(vec![HexByte { value: 0x40, mask: 0xF0 }]);
    assert_eq!(bytes(vec![any], &mut world), Err(FaultKind::PatternOnly));
}

#[test]
fn a_frame_is_put_around_the_content_unless_it_is_raw() {
    let rule: FramingRule = "modbus-tcp".parse().expect("a rule");
    let mut builder = Builder::new(&rule);
    let items = vec![item(hex(&[1, 3, 2, 0, 9]))];
    let mut send = Send { session: None, raw: None, items, to: None };
    let mut world = Fixed::default();
    let answered = [0, 7, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1];
    let content = Content::of_send(&send, Span::default(), Encoding::UTF_8).expect("fixed");
    let wire = content.wire(Some(&mut builder), Some(&answered), &mut world, &mut NoFiles).expect("a frame");
    assert_eq!(wire, [0, 7, 0, 0, 0, 5, 1, 3, 2, 0, 9]);
    send.raw = Some(Span::default());
    let content = Content::of_send(&send, Span::default(), Encoding::UTF_8).expect("fixed");
    let wire = content.wire(Some(&mut builder), Some(&answered), &mut world, &mut NoFiles).expect("bytes");
    assert_eq!(wire, [1, 3, 2, 0, 9]);
    let rule: FramingRule = "line".parse().expect("a rule");
    let send = Send { session: None, raw: None, items: vec![item(hex(b"a\nb"))], to: None };
    let content = Content::of_send(&send, Span::default(), Encoding::UTF_8).expect("fixed");
    let fault = content.wire(Some(&mut Builder::new(&rule)), None, &mut world, &mut NoFiles).expect_err("two lines");
    assert!(matches!(fault.kind, FaultKind::Build(_)));
}

#[test]
fn files_stay_below_their_folder() {
    struct Named;
    impl Files for Named {
        fn read(&mut self, path: &str, _most: usize) -> Result<Vec<u8>, std::io::ErrorKind> {
            Ok(path.as_bytes().to_vec())
        }
    }
    let read = |path: &str| {
        let content = Content::new(&[item(ItemKind::File(text(path)))], Span::default(), Encoding::UTF_8)?;
        content.bytes(&mut Fixed::default(), &mut Named)
    };
    assert_eq!(read("firmware/v1.bin"), Ok(b"firmware/v1.bin".to_vec()));
    for path in ["", "/etc/passwd", "../x", "a/../../x", "a\\..\\x", "C:x", "C:\\x", "\\\\host\\share", "a//b", "x\0"] {
        assert_eq!(read(path).map_err(|fault| fault.kind), Err(FaultKind::PathOutside(path.to_owned())), "{path}");
    }
}
