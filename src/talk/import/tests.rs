use super::*;
use crate::talk::edit::Document;
use proptest::prelude::*;

fn lines(text: &str) -> String {
    import(text.as_bytes()).unwrap().lines()
}

const PACKETS: &str = "[NAMES]\n1\\name=Zero Packet\n2\\name=\"A, %1\"\n3\\name=\\x4f60\\x597d\n4\\name=a/b\nsize=4\n\n\
[%U4F60%U597D]\nname=\\x4f60\\x597d\nfromIP=You\nhexString=\nport=1\n\n\
[A%2C%20%251]\nname=\"A, %1\"\nfromIP=\nhexString=7E 01 0d 0a \nport=55056\nrepeat=1.5\ntcpOrUdp=UDP\ntoIP=127.0.0.1\n\n\
[Zero%20Packet]\nname=Zero Packet\nhexString=00\nrepeat=0\ntcpOrUdp=TCP\n\n\
[a]\nb\\name=a/b\nb\\hexString=\"41\"\nb\\repeat=x\n\n[get]\nhexString=41\ntcpOrUdp=HTTP Get\n[bad]\nhexString=4G\n\
[time]\nhexString=7B 7B 54 49 4D 45 7D 7D\n[General]\nother=1\n";

#[test]
fn a_list_of_packet_sender_is_taken_over_in_its_order() {
    let imported = import(PACKETS.as_bytes()).unwrap();
    assert_eq!(
        imported.lines(),
        "step \"Zero Packet\"\n> raw 00\nstep \"A, %1\"\nrepeat every 1500ms {\n  > raw 7E 01 0D 0A\n}\nstep \"a/b\"\n> raw 41\n\
         step \"time\"\n> raw 7B 7B 54 49 4D 45 7D 7D\n"
    );
    let left_out: Vec<_> = imported.left_out.iter().map(|left| (left.name.as_str(), left.why)).collect();
    assert_eq!(
        left_out,
        [("你好", Why::Empty), ("a/b", Why::Number), ("bad", Why::NotHex), ("get", Why::Http), ("time", Why::Macro)]
    );
    assert!(imported.has_addresses);
}

#[test]
fn a_table_is_read_with_and_without_headings() {
    assert_eq!(
        lines(
            "Name;Group;Format;Content;Delay (ms)\r\nread;R;hex;0103;20\r\n\"say \"\"hi\"\"\";;text;\"a;b\r\nc\";x\r\n"
        ),
        "step \"say \\\"hi\\\"\"\n> raw \"a;b\\r\\nc\"\ngroup \"R\"\nstep \"read\"\n> raw 01 03\nwait 20ms\n"
    );
    assert_eq!(
        lines("01 03 00\nAT+CSQ\\r\\n\n\n12\n"),
        "step \"01 03 00\"\n> raw 01 03 00\nstep \"AT+CSQrn\"\n> raw \"AT+CSQ\\r\\n\"\nstep \"12\"\n> raw \"12\"\n"
    );
    assert_eq!(
        lines("a\t0x01\nb\tC:\\dir {{n}}\n"),
        "step \"a\"\n> raw 01\nstep \"b\"\n> raw \"C:\\\\dir \\{\\{n}}\"\n"
    );
    let chinese = Encoding::GBK.encode("名称,数据\n温度,01 04\n").unwrap();
    assert_eq!(import(&chinese).unwrap().lines(), "step \"温度\"\n> raw 01 04\n");
    let wrong = import(b"name,hex,every\na,0G,\nb,01,soon\n").unwrap();
    assert_eq!(wrong.left_out.iter().map(|left| left.why).collect::<Vec<_>>(), [Why::NotHex, Why::Number]);
    assert_eq!(wrong.commands.len(), 1);
    for nothing in ["", "\n\n", "name,hex\n", "a\0b"] {
        assert_eq!(import(nothing.as_bytes()), Err(ImportError::NoList), "{nothing:?}");
    }
}

#[test]
fn what_is_too_much_is_left_out_with_one_note() {
    let many: String = (0..MOST_COMMANDS + 5).map(|_| "01 02\n").collect();
    let imported = import(many.as_bytes()).unwrap();
    assert_eq!((imported.commands.len(), imported.left_out.len()), (MOST_COMMANDS, 1));
    let long = format!("x,{}\n", "a".repeat(MOST_BYTES + 1));
    assert_eq!(import(long.as_bytes()).unwrap().left_out[0].why, Why::TooLong);
}

proptest! {
    #[test]
    fn what_is_imported_is_a_talk_file_without_errors(
        text in "((name|hex|text|[a-z{}\"\\\\;,\n 0-9]{0,8}|你)[,;\n]){0,12}|\\[[A-Z%0-9]{0,4}\\]\n([a-z0-9\\\\%]{0,4}(hexString)?=[\\\\\"x0-9A-F ]{0,8}\n){0,8}",
    ) {
        if let Ok(imported) = import(text.as_bytes()) {
            let lines = imported.lines();
            let document = Document::new(lines.clone());
            prop_assert_eq!(document.errors(), &[], "{}", lines);
        }
    }
}
