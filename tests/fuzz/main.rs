//! Short run of the fuzz targets: every input of the corpus, then new ones derived from them. Takes some seconds and no extra
//! dependencies. `scripts/fuzz` runs the same targets for long, guided by coverage.
//!
//! A failing input is kept as a file below the build's `tmp` folder, and its name is printed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod mutation;
mod targets;

use mutation::Mutation;
use std::fs;
use std::path::{Path, PathBuf};
use targets::{ALL, Target};

macro_rules! short_runs {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                short_run(stringify!($name));
            }
        )*

        #[test]
        fn every_target_has_a_short_run_and_a_corpus() {
            let names: Vec<&str> = ALL.iter().map(|target| target.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
            let mut folders: Vec<String> = fs::read_dir(corpus()).expect("a corpus").map(|entry| {
                entry.expect("an entry").file_name().to_string_lossy().into_owned()
            }).collect();
            folders.sort();
            let mut sorted = names;
            sorted.sort_unstable();
            assert_eq!(folders, sorted, "there must be one folder for each target");
        }
    };
}

short_runs! { hex escapes endpoint rule filter pattern send framing decoding capture settings netassist talk commands tls websocket }

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

fn short_run(name: &str) {
    bound_memory();
    let target = ALL.iter().find(|target| target.name == name).expect("a target of this name");
    let mut files: Vec<PathBuf> =
        fs::read_dir(corpus().join(name)).expect("a corpus").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    assert!(!files.is_empty(), "the corpus of {name} is empty");
    let inputs: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).expect("read")).collect();
    for (file, input) in files.iter().zip(&inputs) {
        eprintln!("{}", file.display()); // shown if the target fails
        (target.run)(input);
    }
    let seed = std::env::var("WIREBENCH_FUZZ_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(any_seed);
    eprintln!("WIREBENCH_FUZZ_SEED={seed}");
    let mut mutation = Mutation::new(seed);
    for _ in 0..target.tries {
        let input = mutation.of(&inputs);
        let _kept = KeptOnPanic { target, input: &input };
        (target.run)(&input);
    }
}

fn any_seed() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::hash::RandomState::new().build_hasher().finish()
}

/// Limits the address space, so that an allocation by a claimed length (4 GiB for any 32-bit length) fails and aborts the process.
fn bound_memory() {
    #[cfg(target_os = "linux")]
    {
        let all = Some(4 << 30);
        let limit = rustix::process::Rlimit { current: all, maximum: all };
        rustix::process::setrlimit(rustix::process::Resource::As, limit).expect("a limit can be lowered");
    }
}

/// Writes the input to a file if the target panics.
struct KeptOnPanic<'a> {
    target: &'a Target,
    input: &'a [u8],
}

impl Drop for KeptOnPanic<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-finding", self.target.name));
        match fs::write(&file, self.input) {
            Ok(()) => eprintln!("the input was saved as {}", file.display()),
            Err(error) => eprintln!("the input could not be saved ({error}): {:?}", self.input),
        }
    }
}
