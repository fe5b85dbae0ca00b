//! Ready-made replies: a few lines for the talk file, and the framing rule that they need.

use crate::gui::replies::form::place_of_new;
use crate::gui::replies::list::Listed;
use crate::talk::edit::{Document, Edit, EntryKind, Place};
use crate::words::Lang;

/// A ready-made reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    Echo,
    Upper,
    Fixed,
    ModbusRtu,
    ModbusTcp,
    Http,
    Scpi,
}

/// The registers of a new table.
pub const REGISTERS: &str = "table,address,value,type\n\
    # Addresses begin at 0. Types: u16, i16, u32, i32, u64, i64, f32, f64; with le behind it the lowest word comes first.\n\
    coil,0,1\ncoil,1,0\ndiscrete,0,1\ndiscrete,1,0\ninput,0,235,i16\ninput,1,220.5,f32\n\
    holding,0,1000\nholding,1,1001\nholding,2,0\nholding,3,0\nholding,4,0\nholding,5,0\nholding,6,0\nholding,7,0\n";

impl Preset {
    /// In the order of the menu.
    pub const ALL: [Self; 7] =
        [Self::Echo, Self::Upper, Self::Fixed, Self::ModbusRtu, Self::ModbusTcp, Self::Http, Self::Scpi];

    /// The name of its text.
    pub fn id(self) -> &'static str {
        match self {
            Self::Echo => "preset-echo",
            Self::Upper => "preset-upper",
            Self::Fixed => "preset-fixed",
            Self::ModbusRtu => "modbus-rtu",
            Self::ModbusTcp => "modbus-tcp",
            Self::Http => "preset-http",
            Self::Scpi => "preset-scpi",
        }
    }

    /// The framing rule that it needs; `None`: it answers whatever is a message.
    pub fn framing(self) -> Option<&'static str> {
        match self {
            Self::Echo | Self::Upper | Self::Fixed => None,
            Self::ModbusRtu => Some("modbus-rtu"),
            Self::ModbusTcp => Some("modbus-tcp"),
            Self::Http => Some("delim:0D0A0D0A"),
            Self::Scpi => Some("line"),
        }
    }

    /// It answers from a table of registers, which is a file.
    pub fn has_table(self) -> bool {
        matches!(self, Self::ModbusRtu | Self::ModbusTcp)
    }

    /// Its lines. `table`: the name of its table of registers.
    pub fn lines(self, lang: Lang, table: &str) -> String {
        match self {
            Self::Echo => "on * { > {{frame}} }".to_owned(),
            Self::Upper => "on * { > {{upper(frame)}} }".to_owned(),
            Self::Fixed => format!("on * {{ > \"{}\" }}", lang.texts().reply("fixed-answer")),
            Self::ModbusRtu => format!("serve modbus-rtu \"{table}\""),
            Self::ModbusTcp => format!("serve modbus-tcp \"{table}\""),
            Self::Http => concat!(
                "on raw * \" HTTP/1.\" * {\n",
                "  > raw \"HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok\"\n",
                "  close\n}"
            )
            .to_owned(),
            Self::Scpi => "on \"*IDN?\" { > \"Wirebench,Simulated instrument,0,1.0\" }".to_owned(),
        }
    }

    /// The edit that adds it.
    pub fn edit(self, lang: Lang, table: &str, document: &Document, list: &[Listed]) -> Edit {
        let lines = self.lines(lang, table);
        // A statement behind a step would belong to the step.
        let is_step = |kind: &EntryKind| matches!(kind, EntryKind::Step { .. } | EntryKind::Command(_));
        let first = document.entries().iter().position(|entry| is_step(&entry.kind));
        let at = match (self.has_table(), first) {
            (true, Some(first)) => Place::Before(first),
            (true, None) => Place::End,
            (false, _) => place_of_new(list, &lines),
        };
        Edit::Insert { at, lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::replies::list::rules;
    use crate::gui::replies::preview::{Ground, Preview, preview};
    use crate::talk::modbus::Registers;

    #[test]
    fn each_preset_is_added_to_any_file_and_has_its_texts() {
        for lang in Lang::ALL {
            for preset in Preset::ALL {
                assert!(!lang.texts().reply(preset.id()).is_empty());
                if let Some(rule) = preset.framing() {
                    rule.parse::<crate::codec::FramingRule>().unwrap();
                }
                for file in ["", "> 01\nstep \"a\"\n> 02\n", "group \"g\"\nstep \"a\"\n> 02\non * { > 01 }\n"] {
                    let mut document = Document::new(file.to_owned());
                    let before = rules(&document);
                    let edit = preset.edit(lang, "registers.csv", &document, &before);
                    document.apply(&edit).unwrap();
                    assert_eq!(document.errors(), [], "{preset:?} {}", document.source());
                    assert_eq!(rules(&document).len(), before.len() + 1, "{preset:?} {}", document.source());
                }
            }
        }
    }

    #[test]
    fn presets_answer() {
        let answer = |preset: Preset, sample: &[u8]| {
            let lines = preset.lines(Lang::ALL[0], "");
            let fields = crate::gui::replies::fields::RuleFields::of(&Document::new(lines), 0).unwrap();
            let framing = preset.framing().map(|rule| rule.parse().unwrap());
            let ground = Ground {
                variables: "",
                framing: framing.as_ref(),
                encoding: crate::codec::Encoding::UTF_8,
                sample: Some(sample),
            };
            match preview(&fields, &ground) {
                Preview::Sends(sends) => String::from_utf8(sends.concat()).unwrap(),
                other => panic!("{preset:?}: {other:?}"),
            }
        };
        assert_eq!(answer(Preset::Echo, b"abc"), "abc");
        assert_eq!(answer(Preset::Upper, b"aBc"), "ABC");
        assert!(answer(Preset::Fixed, b"a").starts_with("ok, "));
        assert!(answer(Preset::Http, b"GET / HTTP/1.1\r\nHost: a").starts_with("HTTP/1.1 200 OK\r\n"));
        assert!(answer(Preset::Scpi, b"*IDN?").starts_with("Wirebench,"));
        assert!(Registers::parse(REGISTERS).is_ok());
    }
}
