//! A power supply with SCPI and a modem with AT commands: in Python, and as talk files. Talk files test them.

use super::{example, mock, passes};
use crate::support::{Bench, python};

/// The device in Python, the talk file that is one, the talk file that tests one, how many steps it has.
const DEVICES: [(&str, &str, &str, usize); 2] = [
    (include_str!("scpi_device.py"), "scpi-device.talk", "scpi-test.talk", 6),
    (include_str!("at_modem.py"), "at-modem.talk", "at-test.talk", 7),
];

#[test]
fn files_of_steps_test_python_devices_however_their_answers_are_cut() {
    for (device, _, test, steps) in DEVICES {
        for piece in ["1", "2", "7", "1000"] {
            let bench = Bench::new();
            let mut device = python(device, &[piece]);
            let port = device.first_line();
            let ended = passes(&bench, &example(test), port.trim());
            assert_eq!(ended.all("step").len(), steps, "{test}");
            device.kill();
        }
    }
}

#[test]
fn files_of_rules_are_these_devices() {
    for (_, device, test, steps) in DEVICES {
        let bench = Bench::new();
        let (device, port) = mock(&bench, &example(device), &[]);
        let ended = passes(&bench, &example(test), &port);
        assert_eq!(ended.all("step").len(), steps, "{test}");
        let device = device.end().exits(0);
        assert!(device.all("warning").is_empty(), "{device:?}");
    }
}
