//! One libFuzzer program for all targets of `tests/fuzz/targets`; `WIREBENCH_FUZZ` selects the one to run. `scripts/fuzz` builds and
//! starts it.

#![no_main]

#[path = "../../tests/fuzz/targets/mod.rs"]
mod targets;

use std::sync::OnceLock;

fn chosen() -> fn(&[u8]) {
    static CHOSEN: OnceLock<fn(&[u8])> = OnceLock::new();
    *CHOSEN.get_or_init(|| {
        let name = std::env::var("WIREBENCH_FUZZ").unwrap_or_default();
        let target = targets::ALL.iter().find(|target| target.name == name);
        target.unwrap_or_else(|| panic!("WIREBENCH_FUZZ={name:?} names no target")).run
    })
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| chosen()(data));
