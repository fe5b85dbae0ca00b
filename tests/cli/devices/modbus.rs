//! Modbus TCP, and RTU over TCP, with `pymodbus` as master and as server.

use super::{changed, example, mock, passes};
use crate::packages::python_with_packages;
use crate::support::{Bench, peer, shown};
use std::path::{Path, PathBuf};

const CLIENT: &str = include_str!("modbus_client.py");
const SERVER: &str = include_str!("modbus_server.py");

/// What pymodbus calls the frames, and the name of the framing rule.
const FORMS: [(&str, &str); 2] = [("socket", "modbus-tcp"), ("rtu", "modbus-rtu")];

fn slave(bench: &Bench, rule: &str) -> PathBuf {
    bench.file("registers.csv", std::fs::read(example("registers.csv")).expect("an example"));
    changed(bench, "modbus-slave.talk", &[("modbus-tcp", rule)])
}

fn master(bench: &Bench, rule: &str) -> PathBuf {
    changed(bench, "modbus-master.talk", &[("frame modbus-tcp", &format!("frame {rule}"))])
}

fn answers(python: &Path, bench: &Bench, form: &str, port: &str) -> String {
    let script = bench.file("client.py", CLIENT);
    let client = peer(shown(python), &["-u", shown(&script), form, "127.0.0.1", port]).end().exits(0);
    String::from_utf8(client.stdout).expect("text").replace('\r', "")
}

#[test]
fn pymodbus_reads_and_writes_our_table() {
    let Some(python) = python_with_packages() else { return };
    let bench = Bench::new();
    for (form, rule) in FORMS {
        let (device, port) = mock(&bench, &slave(&bench, rule), &[]);
        let expected = "\
1 1011
2 011
3 [1000, 1001, 65535, 1, 34464]
4 220.5 7
5 False 1111
6 False [48879]
15 0 4 0101
16 0 3 [7, 8, 9]
address True 131 2
range True 129 2
write True 134 2
function True 150 1
";
        assert_eq!(answers(python, &bench, form, &port), expected, "{rule}");
        let ended = device.end().exits(0);
        assert!(ended.all("warning").is_empty(), "{ended:?}");
    }
}

/// A file of rules, without a table: the answers are composed from what was captured.
#[test]
fn pymodbus_is_answered_by_rules() {
    let Some(python) = python_with_packages() else { return };
    let bench = Bench::new();
    let rules = "\
on 01 {{?function:u8}} 0000 {{?n:u16}} where function <= 2 { > 01 {{function:u8}} 01 {{(1 << n) - 1 - 4:u8}} }
on 01 {{?function:u8}} 0000 {{?n:u16}} where function == 3 { > 01 03 {{n * 2:u8}} {{zeros(n * 2)}} }
on 01 {{?function:u8}} 0001 {{?n:u16}} where function == 3 { > 01 03 02 {{last:u16}} }
on 01 04 0000 0003 { wait 5ms; > 01 04 06 {{220.5:f32}} {{7:u16}} }
on 01 06 0001 {{?value:u16}} { set last = value; > 01 06 0001 {{value:u16}} }
on 01 05 0001 FF00 { > {{frame}} }
on 01 0F 0000 0004 01 ?? { > 01 0F 0000 0004 }
on 01 10 0000 {{?n:u16}} * { > 01 10 0000 {{n:u16}} }
on 01 {{?function:u8}} * where function == 22 { > 01 96 01 }
on 01 {{?function:u8}} * { > 01 {{function | 0x80:u8}} 02 }
";
    for (form, rule) in FORMS {
        let file = bench.file(
            "rules.talk",
            format!("talk 1\nsession listen tcp://127.0.0.1:5020 {{ frame {rule} }}\nvar last = 0\n{rules}"),
        );
        let (device, port) = mock(&bench, &file, &[]);
        let expected = "\
1 1101
2 110
3 [0, 0, 0, 0, 0]
4 220.5 7
5 False 1101
6 False [48879]
15 0 4 1101
16 0 3 [0, 0, 0]
address True 131 2
range True 129 2
write True 134 2
function True 150 1
";
        assert_eq!(answers(python, &bench, form, &port), expected, "{rule}");
        let ended = device.end().exits(0);
        assert!(ended.all("warning").is_empty(), "{ended:?}");
    }
}

#[test]
fn a_file_of_steps_tests_a_pymodbus_server() {
    let Some(python) = python_with_packages() else { return };
    let bench = Bench::new();
    let script = bench.file("server.py", SERVER);
    for (form, rule) in FORMS {
        let mut server = peer(shown(python), &["-u", shown(&script), form]);
        let port = server.first_line();
        // pymodbus names no function in its exception for an unknown one, and answers nothing to it over RTU.
        let file = changed(
            &bench,
            "modbus-master.talk",
            &[("frame modbus-tcp", &format!("frame {rule}")), ("step \"function\"", "off step \"function\"")],
        );
        passes(&bench, &file, port.trim());
        server.end().exits(0);
    }
}

#[test]
fn our_master_tests_our_slave() {
    let bench = Bench::new();
    for (_, rule) in FORMS {
        let (device, port) = mock(&bench, &slave(&bench, rule), &[]);
        passes(&bench, &master(&bench, rule), &port);
        device.end().exits(0);
    }
}
